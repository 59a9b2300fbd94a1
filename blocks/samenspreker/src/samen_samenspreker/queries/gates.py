"""What the gates of the steps look at: facts of many tables at once, so that the page of a facilitator costs what one table costs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from samen_core.api import UnitOfWork, role_holders
from samen_inbreng.api import Answer, AnswerTarget, Contribution, Theme
from samen_samenspreker.models import (
    Action,
    Decision,
    Evaluation,
    FinalReport,
    Gate,
    GateTick,
    Option,
    OptionSupport,
    Proposal,
    Question,
    Round,
    Seat,
    Weighing,
)
from samen_samenspreker.queries.rounds import NOT_CANCELLED

AnyRow = Row[*tuple[Any, ...]]
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NOW: BindParameter[datetime] = bindparam("now", type_=Answer.send_at.type)


@dataclass(frozen=True, slots=True)
class CityGate:
    """A gate of the city as it stands for one table in its cycle; ``ticked_at`` is None while it is not ticked."""

    id: uuid.UUID
    step: str
    title: str
    help: str
    role: str
    needs_document: bool
    ticked_at: datetime | None
    note: str
    file_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round of this cycle that is not closed yet."""

    number: int
    title: str
    opens_on: date
    ends_on: date


@dataclass(slots=True)
class Facts:
    """What is known of one table for leaving the step that it is in; what other steps look at stays empty.

    ``level`` is that of the published proposal, None without one. ``seats`` are (role, sector, state) of seats that are offered or
    accepted. ``support`` is, per active option, the sectors whose participants said what they think of it. ``unanswered`` are
    contributions for which nobody wrote an answer, ``waiting`` those whose answer was not sent yet. ``unweighed`` are the options and
    themes that the published decision does not weigh. ``actions`` are (title, state, due) of this cycle.
    """

    level: str | None = None
    seats: list[tuple[str, str, str]] = field(default_factory=list)
    has_facilitator: bool = False
    closed_rounds: int = 0
    open_rounds: list[OpenRound] = field(default_factory=list)
    unanswered: int = 0
    waiting: int = 0
    support: dict[uuid.UUID, tuple[str, set[str]]] = field(default_factory=dict)
    decision: AnyRow | None = None
    unweighed: list[tuple[str, str]] = field(default_factory=list)
    actions: list[tuple[str, str, date]] = field(default_factory=list)
    evaluated: bool = False
    reported: bool = False
    gates: list[CityGate] = field(default_factory=list)

    def sectors_at_table(self) -> set[str]:
        """The sectors with a participant at the table."""
        return {sector for role, sector, state in self.seats if role == "participant" and state == "accepted"}


_PROPOSALS = (
    select(Proposal.question_id, Proposal.level)
    .where(Proposal.question_id.in_(_IDS), Proposal.published_at.is_not(None))
    .order_by(Proposal.question_id, Proposal.number)
)
_SEATS = (
    select(Seat.question_id, Seat.role, Seat.sector, Seat.state)
    .where(Seat.question_id.in_(_IDS), Seat.state.in_(("offered", "accepted")))
    .distinct()
)
_ROUNDS = (
    select(Round.question_id, Round.number, Round.title, Round.opens_on, Round.ends_on, Round.closed_at)
    .join(Question, and_(Question.id == Round.question_id, Question.cycle == Round.cycle))
    .where(Round.question_id.in_(_IDS), NOT_CANCELLED)
    .order_by(Round.number)
)
_TARGET, _WRITTEN = aliased(AnswerTarget), aliased(Answer)
_SENT = exists().where(
    AnswerTarget.contribution_id == Contribution.id,
    Answer.id == AnswerTarget.answer_id,
    Answer.withdrawn_at.is_(None),
    Answer.send_at <= _NOW,
)
_NEEDS_ANSWER = (Contribution.parent_id.is_(None), Contribution.state == "published")
_NOBODY_WROTE = (
    select(Contribution.subject_id, literal(False).label("written"), func.count().label("number"))
    .where(Contribution.subject_id.in_(_IDS), ~Contribution.answered, *_NEEDS_ANSWER)
    .group_by(Contribution.subject_id)
)
_NOT_SENT_YET = (
    select(Contribution.subject_id, literal(True).label("written"), func.count(Contribution.id.distinct()).label("number"))
    .join(_TARGET, _TARGET.contribution_id == Contribution.id)
    .join(_WRITTEN, _WRITTEN.id == _TARGET.answer_id)
    .where(
        _WRITTEN.subject_id.in_(_IDS),
        _WRITTEN.send_at > _NOW,
        _WRITTEN.withdrawn_at.is_(None),
        Contribution.answered,
        *_NEEDS_ANSWER,
        ~_SENT,
    )
    .group_by(Contribution.subject_id)
)
_UNANSWERED: Any = union_all(_NOBODY_WROTE, _NOT_SENT_YET)
"""What has no answer, and what has one that is still in its ten minutes; each half reads an index of only that."""

_SAID = (
    select(OptionSupport.option_id, OptionSupport.option_version, Seat.sector)
    .join(Seat, and_(Seat.id == OptionSupport.seat_id, Seat.state == "accepted", Seat.role == "participant"))
    .subquery()
)
_OPTIONS = (
    select(Option.question_id, Option.id, Option.title, _SAID.c.sector)
    .outerjoin(_SAID, and_(_SAID.c.option_id == Option.id, _SAID.c.option_version == Option.current))
    .where(Option.question_id.in_(_IDS), Option.state == "active")
    .distinct()
)
_DECISIONS = (
    select(Decision.question_id, Decision.id, Decision.option_id, Decision.deviates, Decision.deviation)
    .join(Question, and_(Question.id == Decision.question_id, Question.cycle == Decision.cycle))
    .where(Decision.question_id.in_(_IDS), Decision.state == "published")
    .order_by(Decision.published_at)
)
_OF_CYCLE = and_(
    Decision.question_id == Question.id, Decision.cycle == Question.cycle, Decision.state == "published", Question.id.in_(_IDS)
)
_UNWEIGHED_OPTIONS = (
    select(Question.id.label("question_id"), literal("option").label("kind"), Option.title.label("title"))
    .join(Decision, _OF_CYCLE)
    .join(Option, and_(Option.question_id == Question.id, Option.state == "active"))
    .outerjoin(Weighing, and_(Weighing.decision_id == Decision.id, Weighing.option_id == Option.id, Weighing.text != ""))
    .where(Weighing.id.is_(None))
)
_UNWEIGHED_THEMES = (
    select(Question.id.label("question_id"), literal("theme").label("kind"), Theme.title.label("title"))
    .join(Decision, _OF_CYCLE)
    .join(Theme, and_(Theme.subject_id == Question.id, Theme.contributions > 0))
    .outerjoin(Weighing, and_(Weighing.decision_id == Decision.id, Weighing.theme_id == Theme.id, Weighing.text != ""))
    .where(Weighing.id.is_(None))
)
_UNWEIGHED: Any = union_all(_UNWEIGHED_OPTIONS, _UNWEIGHED_THEMES)
_ACTIONS = (
    select(Action.question_id, Action.title, Action.state, Action.due_on)
    .join(Question, and_(Question.id == Action.question_id, Question.cycle == Action.cycle))
    .where(Action.question_id.in_(_IDS))
    .order_by(Action.due_on, Action.position)
)
_CLOSING: Any = union_all(
    select(Question.id.label("question_id"), literal("evaluation").label("kind"))
    .join(Evaluation, and_(Evaluation.question_id == Question.id, Evaluation.cycle == Question.cycle))
    .where(Question.id.in_(_IDS), Evaluation.published_at.is_not(None)),
    select(Question.id, literal("report"))
    .join(FinalReport, and_(FinalReport.question_id == Question.id, FinalReport.cycle == Question.cycle))
    .where(Question.id.in_(_IDS)),
)
_GATES = (
    select(
        Question.id.label("question_id"),
        Gate.id,
        Gate.step,
        Gate.title,
        Gate.help,
        Gate.role,
        Gate.needs_document,
        GateTick.at,
        GateTick.note,
        GateTick.file_id,
    )
    .join(Gate, and_(Gate.step == Question.step, Gate.active))
    .outerjoin(GateTick, and_(GateTick.gate_id == Gate.id, GateTick.question_id == Question.id, GateTick.cycle == Question.cycle))
    .where(Question.id.in_(_IDS))
    .order_by(Gate.position, Gate.id)
)

Found = dict[uuid.UUID, Facts]


def load_facts(uow: UnitOfWork, questions: Iterable[Question | AnyRow]) -> Found:
    """The facts of these tables (rows with ``id`` and ``step``), each for the step that it is in.

    The number of statements depends on which steps there are (at most twelve for all five), not on the number of tables.
    """
    steps: dict[str, list[uuid.UUID]] = defaultdict(list)
    for question in questions:
        steps[question.step].append(question.id)
    found: Found = {id: Facts() for ids in steps.values() for id in ids}
    loading: dict[Callable[[UnitOfWork, list[uuid.UUID], Found], None], list[uuid.UUID]] = defaultdict(list)
    for step, ids in steps.items():
        for load in _LOADERS.get(step, ()):
            loading[load] += ids
    for load, ids in loading.items():
        load(uow, ids, found)
    return found


def _rows(uow: UnitOfWork, statement: Any, ids: Sequence[uuid.UUID], **values: Any) -> Sequence[AnyRow]:
    found: Sequence[AnyRow] = uow.session.execute(statement, {"ids": list(ids), **values}).all()
    return found


def _load_proposals(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _PROPOSALS, ids):
        found[row.question_id].level = row.level


def _load_seats(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _SEATS, ids):
        found[row.question_id].seats.append((row.role, row.sector, row.state))


def _load_facilitators(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    held = role_holders(uow, "facilitator", ids)
    for id in ids:
        found[id].has_facilitator = bool(held.get(id) or held.get(None))


def _load_rounds(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _ROUNDS, ids):
        facts = found[row.question_id]
        if row.closed_at is not None:
            facts.closed_rounds += 1
        else:
            facts.open_rounds.append(OpenRound(row.number, row.title, row.opens_on, row.ends_on))


def _load_unanswered(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _UNANSWERED, ids, now=uow.now):
        facts = found[row.subject_id]
        if row.written:
            facts.waiting += row.number
        else:
            facts.unanswered += row.number


def _load_options(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _OPTIONS, ids):
        _title, sectors = found[row.question_id].support.setdefault(row.id, (row.title, set()))
        if row.sector is not None:
            sectors.add(row.sector)


def _load_decisions(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _DECISIONS, ids):
        found[row.question_id].decision = row


def _load_unweighed(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _UNWEIGHED, ids):
        found[row.question_id].unweighed.append((row.kind, row.title))


def _load_actions(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _ACTIONS, ids):
        found[row.question_id].actions.append((row.title, row.state, row.due_on))


def _load_closing(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _CLOSING, ids):
        if row.kind == "evaluation":
            found[row.question_id].evaluated = True
        else:
            found[row.question_id].reported = True


def _load_gates(uow: UnitOfWork, ids: list[uuid.UUID], found: Found) -> None:
    for row in _rows(uow, _GATES, ids):
        gate = CityGate(row.id, row.step, row.title, row.help, row.role, row.needs_document, row.at, row.note or "", row.file_id)
        found[row.question_id].gates.append(gate)


_LOADERS: dict[str, tuple[Callable[[UnitOfWork, list[uuid.UUID], Found], None], ...]] = {
    "agenda": (_load_proposals, _load_seats, _load_facilitators, _load_gates),
    "solve": (_load_seats, _load_rounds, _load_unanswered, _load_options, _load_gates),
    "decide": (_load_proposals, _load_decisions, _load_unweighed, _load_gates),
    "execute": (_load_actions, _load_gates),
    "evaluate": (_load_closing, _load_gates),
}
