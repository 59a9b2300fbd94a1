"""What happened at a table. Every event names its question; ``thing_id`` is what changed (the seat, round, option, …)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEvent(Event):
    """Something happened to a question or at its table, in this step and cycle."""

    question_id: uuid.UUID
    thing_id: uuid.UUID
    step: str
    cycle: int


class QuestionAsked(TableEvent):
    """Somebody put a question."""

    type: ClassVar[str] = "samenspreker.question.asked"


class QuestionMade(TableEvent):
    """A question was made of something that another block proposed; ``about`` names that."""

    type: ClassVar[str] = "samenspreker.question.made"


class QuestionAccepted(TableEvent):
    """A question was accepted: its table starts."""

    type: ClassVar[str] = "samenspreker.question.accepted"


class QuestionRefused(TableEvent):
    """A question was refused, with reasons."""

    type: ClassVar[str] = "samenspreker.question.refused"


class QuestionMerged(TableEvent):
    """A question was merged into another."""

    type: ClassVar[str] = "samenspreker.question.merged"


class QuestionUnmerged(TableEvent):
    """The merge of a question was taken back."""

    type: ClassVar[str] = "samenspreker.question.unmerged"


class QuestionWithdrawn(TableEvent):
    """Who put a question took it back."""

    type: ClassVar[str] = "samenspreker.question.withdrawn"


class QuestionUpdated(TableEvent):
    """The text of a question was changed."""

    type: ClassVar[str] = "samenspreker.question.updated"


class QuestionSupported(TableEvent):
    """Somebody supports a question."""

    type: ClassVar[str] = "samenspreker.question.supported"


class ProposalPublished(TableEvent):
    """A process proposal was published."""

    type: ClassVar[str] = "samenspreker.proposal.published"


class CouncilInformed(TableEvent):
    """The council was informed by memo."""

    type: ClassVar[str] = "samenspreker.council.informed"


class SeatOffered(TableEvent):
    """A seat was offered."""

    type: ClassVar[str] = "samenspreker.seat.offered"


class SeatAccepted(TableEvent):
    """A seat was accepted."""

    type: ClassVar[str] = "samenspreker.seat.accepted"


class SeatDeclined(TableEvent):
    """A seat was declined."""

    type: ClassVar[str] = "samenspreker.seat.declined"


class SeatHandedOver(TableEvent):
    """A seat has an alternate."""

    type: ClassVar[str] = "samenspreker.seat.handed_over"


class SeatEnded(TableEvent):
    """A seat was given up or taken back."""

    type: ClassVar[str] = "samenspreker.seat.ended"


class CouncilDecided(TableEvent):
    """A body of the city decided about what the table worked on; ``thing_id`` is that decision."""

    type: ClassVar[str] = "samenspreker.council.decided"


class MeetingPlanned(TableEvent):
    """A meeting of the table was planned."""

    type: ClassVar[str] = "samenspreker.meeting.planned"


class MeetingReported(TableEvent):
    """The report of a meeting was published."""

    type: ClassVar[str] = "samenspreker.meeting.reported"


class RoundOpened(TableEvent):
    """A round was planned or opened."""

    type: ClassVar[str] = "samenspreker.round.opened"


class RoundClosed(TableEvent):
    """A round was closed with its conclusions."""

    type: ClassVar[str] = "samenspreker.round.closed"


class RoundCancelled(TableEvent):
    """A planned round was called off."""

    type: ClassVar[str] = "samenspreker.round.cancelled"


class OptionAdded(TableEvent):
    """An option was put on the table."""

    type: ClassVar[str] = "samenspreker.option.added"


class OptionRevised(TableEvent):
    """An option got a new version."""

    type: ClassVar[str] = "samenspreker.option.revised"


class OptionWithdrawn(TableEvent):
    """An option was withdrawn."""

    type: ClassVar[str] = "samenspreker.option.withdrawn"


class OptionSupported(TableEvent):
    """Somebody said what they think of an option."""

    type: ClassVar[str] = "samenspreker.option.supported"


class StepChanged(TableEvent):
    """A question went to another step."""

    type: ClassVar[str] = "samenspreker.step.changed"


class GateTicked(TableEvent):
    """A check of the city was done (``thing_id`` is the gate)."""

    type: ClassVar[str] = "samenspreker.gate.ticked"


class GateUnticked(TableEvent):
    """A tick at a check of the city was taken back (``thing_id`` is the gate)."""

    type: ClassVar[str] = "samenspreker.gate.unticked"


class DecisionPublished(TableEvent):
    """A decision was published."""

    type: ClassVar[str] = "samenspreker.decision.published"


class ActionAdded(TableEvent):
    """An action was added."""

    type: ClassVar[str] = "samenspreker.action.added"


class ActionUpdated(TableEvent):
    """There is news of an action."""

    type: ClassVar[str] = "samenspreker.action.updated"


class SurveyStarted(TableEvent):
    """A survey of the participants was opened; the thing is its questionnaire."""

    type: ClassVar[str] = "samenspreker.survey.started"


class EvaluationPublished(TableEvent):
    """An evaluation was published."""

    type: ClassVar[str] = "samenspreker.evaluation.published"


class ReportPublished(TableEvent):
    """A final report was published."""

    type: ClassVar[str] = "samenspreker.report.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsDue(TableEvent):
    """Mails to the participants of a table are to be queued: about ``kind``, from contribution ``after`` on (services/mails.py)."""

    type: ClassVar[str] = "samenspreker.mails.due"

    kind: str
    after: uuid.UUID | None = None


EVENTS: tuple[type[TableEvent], ...] = (
    QuestionAsked,
    QuestionMade,
    QuestionAccepted,
    QuestionRefused,
    QuestionMerged,
    QuestionUnmerged,
    QuestionWithdrawn,
    QuestionUpdated,
    QuestionSupported,
    ProposalPublished,
    CouncilInformed,
    SeatOffered,
    SeatAccepted,
    SeatDeclined,
    SeatHandedOver,
    SeatEnded,
    CouncilDecided,
    MeetingPlanned,
    MeetingReported,
    RoundOpened,
    RoundClosed,
    RoundCancelled,
    OptionAdded,
    OptionRevised,
    OptionWithdrawn,
    OptionSupported,
    StepChanged,
    GateTicked,
    GateUnticked,
    DecisionPublished,
    ActionAdded,
    ActionUpdated,
    SurveyStarted,
    EvaluationPublished,
    ReportPublished,
    MailsDue,
)
