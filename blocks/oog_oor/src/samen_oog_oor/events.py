"""What happened to signals and cases. No event holds text or anything of a reporter; nothing is told of what is confidential."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """Something happened to a case. ``number`` is what people call it; ``state`` what it is now."""

    case_id: uuid.UUID
    number: str
    state: str


class CaseOpened(CaseEvent):
    """A first signal made a case."""

    type: ClassVar[str] = "oog_oor.case.opened"


class SignalReceived(CaseEvent):
    """A signal came in, on a new case or on one that was there."""

    type: ClassVar[str] = "oog_oor.signal.received"


class CaseMoved(CaseEvent):
    """A case went to another state."""

    type: ClassVar[str] = "oog_oor.case.moved"


class CaseClosed(CaseEvent):
    """A case was closed, with an answer to every reporter."""

    type: ClassVar[str] = "oog_oor.case.closed"


class CaseReopened(CaseEvent):
    """A closed case is open again."""

    type: ClassVar[str] = "oog_oor.case.reopened"


class CaseRouted(CaseEvent):
    """A case went to another organisation."""

    type: ClassVar[str] = "oog_oor.case.routed"


class CaseMerged(CaseEvent):
    """A case became part of another, or of itself again."""

    type: ClassVar[str] = "oog_oor.case.merged"


class CaseUpdated(CaseEvent):
    """What everybody may read of a case changed."""

    type: ClassVar[str] = "oog_oor.case.updated"


class CaseAnswered(CaseEvent):
    """A reporter said whether they are content with how a case was closed."""

    type: ClassVar[str] = "oog_oor.case.judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternProposed(Event):
    """Cases that belong together are proposed as a question for the city; ``about`` names the pattern and its cases."""

    type: ClassVar[str] = "oog_oor.pattern.proposed"

    pattern_id: uuid.UUID
    title: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsWaiting(Event):
    """A portion of a mail to many reporters waits for the worker. It is about nothing, so nobody outside is told of it."""

    type: ClassVar[str] = "oog_oor.mails.waiting"

    mailing_id: uuid.UUID


EVENTS: tuple[type[Event], ...] = (
    CaseOpened,
    SignalReceived,
    CaseMoved,
    CaseClosed,
    CaseReopened,
    CaseRouted,
    CaseMerged,
    CaseUpdated,
    CaseAnswered,
    PatternProposed,
    MailsWaiting,
)
