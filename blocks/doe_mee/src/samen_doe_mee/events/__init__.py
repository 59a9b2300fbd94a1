"""What happened to ideas and plans. No event holds text or anything of a person."""

from __future__ import annotations

from samen_core.api import Event
from samen_doe_mee.events.activities import ACTIVITY_EVENTS
from samen_doe_mee.events.ideas import IDEA_EVENTS
from samen_doe_mee.events.plans import PLAN_EVENTS

EVENTS: tuple[type[Event], ...] = (*IDEA_EVENTS, *PLAN_EVENTS, *ACTIVITY_EVENTS)
