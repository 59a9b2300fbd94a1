"""The texts that a city may change: the mails."""

from __future__ import annotations

from samen_core.api import ManagedText
from samen_doe_mee.managed_texts.following import FOLLOWING_TEXTS
from samen_doe_mee.managed_texts.ideas import IDEA_TEXTS
from samen_doe_mee.managed_texts.meetings import MEETING_TEXTS
from samen_doe_mee.managed_texts.results import RESULT_TEXTS

TEXTS: tuple[ManagedText, ...] = (
    *FOLLOWING_TEXTS,
    *IDEA_TEXTS,
    *MEETING_TEXTS,
    *RESULT_TEXTS,
)
