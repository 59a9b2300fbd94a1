"""What happened to plans and their rounds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEvent(Event):
    """Something happened to a plan."""

    plan_id: uuid.UUID


class PlanPublished(PlanEvent):
    """A plan is there for everybody."""

    type: ClassVar[str] = "doe_mee.plan.published"


class PlanUpdated(PlanEvent):
    """What everybody may read of it changed, or there is news or a document."""

    type: ClassVar[str] = "doe_mee.plan.updated"


class PlanFinished(PlanEvent):
    """All its rounds are closed and it ended."""

    type: ClassVar[str] = "doe_mee.plan.finished"


class PlanWithdrawn(PlanEvent):
    """It was taken back."""

    type: ClassVar[str] = "doe_mee.plan.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEvent(PlanEvent):
    """Something happened to a round of a plan."""

    round_id: uuid.UUID


class RoundClosed(RoundEvent):
    """What was heard and what is done with it was published."""

    type: ClassVar[str] = "doe_mee.round.closed"


class RoundReopened(RoundEvent):
    """What was closed is open for work again; everybody reads why."""

    type: ClassVar[str] = "doe_mee.round.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMailsWaiting(Event):
    """A portion of the mails with what was done with a round waits to be sent."""

    type: ClassVar[str] = "doe_mee.result_mails.waiting"

    mailing_id: uuid.UUID


PLAN_EVENTS: tuple[type[Event], ...] = (
    PlanPublished,
    PlanUpdated,
    PlanFinished,
    PlanWithdrawn,
    RoundClosed,
    RoundReopened,
    ResultMailsWaiting,
)
