"""What happened to activities and meetings of plans."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEvent(Event):
    """Something happened to an activity of a plan. ``kind`` is the code of its type."""

    plan_id: uuid.UUID
    activity_id: uuid.UUID
    kind: str


class ActivityAdded(ActivityEvent):
    """A published plan got an activity, or became public with it."""

    type: ClassVar[str] = "doe_mee.activity.added"


class ActivityChanged(ActivityEvent):
    """What everybody may read of it changed."""

    type: ClassVar[str] = "doe_mee.activity.changed"


class ActivityRemoved(ActivityEvent):
    """It was taken away."""

    type: ClassVar[str] = "doe_mee.activity.removed"


class TakenPart(ActivityEvent):
    """Somebody took part in it."""

    type: ClassVar[str] = "doe_mee.activity.taken_part"


class ResultPublished(ActivityEvent):
    """Its result text was published."""

    type: ClassVar[str] = "doe_mee.activity.result_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEvent(Event):
    """Something happened to a meeting of a plan, an event of the city with the same id."""

    plan_id: uuid.UUID
    meeting_id: uuid.UUID


class MeetingPlanned(MeetingEvent):
    """A meeting was added to a plan."""

    type: ClassVar[str] = "doe_mee.meeting.planned"


class MeetingReported(MeetingEvent):
    """Its report was published."""

    type: ClassVar[str] = "doe_mee.meeting.reported"


ACTIVITY_EVENTS: tuple[type[Event], ...] = (
    ActivityAdded,
    ActivityChanged,
    ActivityRemoved,
    TakenPart,
    ResultPublished,
    MeetingPlanned,
    MeetingReported,
)
