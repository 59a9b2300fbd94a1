"""What happened to activities and contributions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEvent(Event):
    """Something happened to an activity on the thing ``subject_id``."""

    activity_id: uuid.UUID
    subject_id: uuid.UUID


class ActivityOpened(ActivityEvent):
    """Somebody planned or opened an activity."""

    type: ClassVar[str] = "inbreng.activity.created"


class ActivityUpdated(ActivityEvent):
    """An activity was changed."""

    type: ClassVar[str] = "inbreng.activity.updated"


class ActivityClosed(ActivityEvent):
    """An activity was closed before its date."""

    type: ClassVar[str] = "inbreng.activity.closed"


class ResponseGiven(ActivityEvent):
    """Somebody filled in a questionnaire."""

    type: ClassVar[str] = "inbreng.response.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionEvent(Event):
    """Something happened to a contribution to an activity on the thing ``subject_id``."""

    contribution_id: uuid.UUID
    activity_id: uuid.UUID
    subject_id: uuid.UUID


class ContributionGiven(ContributionEvent):
    """Somebody contributed."""

    type: ClassVar[str] = "inbreng.contribution.given"


class ContributionEdited(ContributionEvent):
    """Its author changed a contribution."""

    type: ClassVar[str] = "inbreng.contribution.edited"


class ContributionWithdrawn(ContributionEvent):
    """Its author took a contribution back."""

    type: ClassVar[str] = "inbreng.contribution.withdrawn"


class ContributionHidden(ContributionEvent):
    """A moderator hid a contribution."""

    type: ClassVar[str] = "inbreng.contribution.hidden"


class ContributionForgotten(ContributionEvent):
    """Who gave a contribution was erased: it stays without name, and without what its text told of that person."""

    type: ClassVar[str] = "inbreng.contribution.forgotten"


class ContributionShown(ContributionEvent):
    """A moderator showed a hidden contribution again."""

    type: ClassVar[str] = "inbreng.contribution.shown"


class ContributionClaimed(ContributionEvent):
    """Somebody with an account claimed a contribution with its receipt code."""

    type: ClassVar[str] = "inbreng.contribution.claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvent(Event):
    """Something happened to an answer about the thing ``subject_id``."""

    answer_id: uuid.UUID
    subject_id: uuid.UUID


class AnswerWritten(AnswerEvent):
    """An answer was written; it is sent ten minutes later, unless it is withdrawn."""

    type: ClassVar[str] = "inbreng.answer.written"


class AnswerWithdrawn(AnswerEvent):
    """An answer was withdrawn before it was sent."""

    type: ClassVar[str] = "inbreng.answer.withdrawn"


class AnswerSent(AnswerEvent):
    """The ten minutes of an answer passed: whoever agreed to mail gets one."""

    type: ClassVar[str] = "inbreng.answer.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMailed(AnswerEvent):
    """A portion of the mails of an answer was queued; the next one starts ``after`` this contribution."""

    type: ClassVar[str] = "inbreng.answer.mailed"

    after: uuid.UUID


EVENTS = (
    ActivityOpened,
    ActivityUpdated,
    ActivityClosed,
    ResponseGiven,
    ContributionGiven,
    ContributionEdited,
    ContributionWithdrawn,
    ContributionForgotten,
    ContributionHidden,
    ContributionShown,
    ContributionClaimed,
    AnswerWritten,
    AnswerWithdrawn,
    AnswerSent,
    AnswerMailed,
)
