"""The tables."""

from samen_samenspreker.models.action import ACTION_STATES, Action, ActionUpdate
from samen_samenspreker.models.decision import Decision, Weighing
from samen_samenspreker.models.evaluation import Evaluation, FinalReport, ReportDraft, ReportRow
from samen_samenspreker.models.option import POSITIONS, Criterion, Judgement, Option, OptionSupport, OptionVersion
from samen_samenspreker.models.process import Gate, GateTick
from samen_samenspreker.models.proposal import GOALS, LEVELS, SCALES, Proposal
from samen_samenspreker.models.question import KINDS, STATES, STEPS, Move, Question, QuestionSupport
from samen_samenspreker.models.round import ROUND_KINDS, Round, RoundActivity
from samen_samenspreker.models.seat import PRESENCE, ROLES, SEAT_STATES, Attendance, Meeting, Seat

__all__ = [
    "ACTION_STATES",
    "GOALS",
    "KINDS",
    "LEVELS",
    "POSITIONS",
    "PRESENCE",
    "ROLES",
    "ROUND_KINDS",
    "SCALES",
    "SEAT_STATES",
    "STATES",
    "STEPS",
    "Action",
    "ActionUpdate",
    "Attendance",
    "Criterion",
    "Decision",
    "Evaluation",
    "FinalReport",
    "Gate",
    "GateTick",
    "Judgement",
    "Meeting",
    "Move",
    "Option",
    "OptionSupport",
    "OptionVersion",
    "Proposal",
    "Question",
    "QuestionSupport",
    "ReportDraft",
    "ReportRow",
    "Round",
    "RoundActivity",
    "Seat",
    "Weighing",
]
