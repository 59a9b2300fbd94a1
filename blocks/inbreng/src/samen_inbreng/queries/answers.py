"""Answers: what became of contributions, what waits to be sent, what was sent.

An answer counts from its ``send_at``, unless it was withdrawn; of several on one contribution the last one written counts. Keys are
UUIDv7, so the highest id is the last.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from samen_core.api import Order, Page, PageRequest, SortKey, Subject, UnitOfWork, fetch_page
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution, Tally

NOW = bindparam("now", type_=Answer.__table__.c.send_at.type)
NEEDS_ANSWER: ColumnElement[bool] = and_(Contribution.parent_id.is_(None), Contribution.state == "published")
"""A contribution that has a right to an answer; replies need none."""

SHOWN_DIMENSIONS = ("total", "sector", "channel", "area")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contribution: the outcome, its reason, since when, and by whom (None is the municipality)."""

    answer_id: uuid.UUID
    outcome: str
    reason: str
    at: datetime
    by_organization_id: uuid.UUID | None


def sent(answer: Any = Answer) -> ColumnElement[bool]:
    """Whether an answer counts at the parameter ``now``."""
    return and_(answer.withdrawn_at.is_(None), answer.send_at <= NOW)


def pending(answer: Any = Answer) -> ColumnElement[bool]:
    """Whether an answer waits to be sent at the parameter ``now``."""
    return and_(answer.withdrawn_at.is_(None), answer.send_at > NOW)


def answered_by(condition: ColumnElement[bool], contribution_id: Any = Contribution.id) -> ColumnElement[bool]:
    """Whether a contribution has an answer for which this holds."""
    return exists().where(AnswerTarget.contribution_id == contribution_id, Answer.id == AnswerTarget.answer_id, condition)


def is_current(answer: Any, target: Any) -> ColumnElement[bool]:
    """Whether no later answer counts for the contribution of this target at the parameter ``now``."""
    later, other = aliased(Answer), aliased(AnswerTarget)
    return ~exists().where(other.contribution_id == target.contribution_id, later.id == other.answer_id, later.id > answer.id, sent(later))


_FACTS = (AnswerTarget.contribution_id, Answer.id, Answer.outcome, Answer.reason, Answer.send_at, Answer.by_organization_id)
_ON = (
    select(*_FACTS)
    .join(Answer, Answer.id == AnswerTarget.answer_id)
    .where(AnswerTarget.contribution_id.in_(bindparam("ids", expanding=True)))
    .order_by(Answer.id)
)
_SENT, _PENDING = _ON.where(sent()), _ON.where(pending())
_WITHOUT = select(func.count()).select_from(Contribution).where(NEEDS_ANSWER, ~answered_by(sent()))
_ACTIVITIES = Contribution.activity_id.in_(bindparam("activity_ids", expanding=True))
_TALLIES = (
    select(Tally.dimension, Tally.value, func.sum(Tally.number).label("number"))
    .where(Tally.activity_id.in_(bindparam("activity_ids", expanding=True)), Tally.dimension.in_(SHOWN_DIMENSIONS))
    .group_by(Tally.dimension, Tally.value)
)
_OUTCOMES = (
    select(Answer.outcome, func.count().label("number"))
    .select_from(AnswerTarget)
    .join(Answer, Answer.id == AnswerTarget.answer_id)
    .join(Contribution, Contribution.id == AnswerTarget.contribution_id)
    .where(_ACTIVITIES, NEEDS_ANSWER, sent(), is_current(Answer, AnswerTarget))
    .group_by(Answer.outcome)
)
_TOTALS_EACH = select(Tally.activity_id, Tally.number).where(
    Tally.activity_id.in_(bindparam("activity_ids", expanding=True)), Tally.dimension == "total", Tally.value == ""
)
_OUTCOMES_EACH = _OUTCOMES.add_columns(Contribution.activity_id).group_by(Contribution.activity_id)
_ACTIVITIES_OF = select(Activity.id).where(Activity.subject_id == bindparam("subject_id")).order_by(Activity.opens_at, Activity.id)


def outcomes_of(uow: UnitOfWork, contribution_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    """What became of these contributions; one without answer is not in it. One statement."""
    return _outcomes(uow, _SENT, contribution_ids)


def pending_of(uow: UnitOfWork, contribution_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    """The answers to these contributions that wait to be sent, for staff; ``at`` is when they are. One statement."""
    return _outcomes(uow, _PENDING, contribution_ids)


def _outcomes(uow: UnitOfWork, statement: Select[*tuple[Any, ...]], ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    if not ids:
        return {}
    rows = uow.session.execute(statement, {"ids": list(ids), "now": uow.now})
    return {row.contribution_id: Outcome(row.id, row.outcome, row.reason, row.send_at, row.by_organization_id) for row in rows}


def unanswered(uow: UnitOfWork, subject_id: uuid.UUID, activity_ids: Sequence[uuid.UUID] | None = None) -> int:
    """How many published contributions on a subject (of these activities) have no answer that was sent. Replies need none."""
    statement, values = _WITHOUT.where(Contribution.subject_id == subject_id), {"now": uow.now}
    if activity_ids is not None:
        statement = statement.where(Contribution.activity_id.in_(list(activity_ids)))
    return int(uow.session.execute(statement, values).scalar_one())


def tallies(uow: UnitOfWork, activity_ids: Sequence[uuid.UUID]) -> dict[str, dict[str, int]]:
    """What :func:`counts` gives without the outcomes: only what is kept, however many contributions there are. One statement."""
    found: dict[str, dict[str, int]] = {name: {} for name in SHOWN_DIMENSIONS}
    if activity_ids:
        for row in uow.session.execute(_TALLIES, {"activity_ids": list(activity_ids)}):
            if row.number:
                found[row.dimension][row.value] = int(row.number)
    return found


def counts(uow: UnitOfWork, activity_ids: Sequence[uuid.UUID]) -> dict[str, dict[str, int]]:
    """How many contributions these activities have together: ``{dimension: {value: number}}``. Two statements.

    Dimensions: total (value ""), sector, channel, area (ids as text) as they are kept, and outcome (with "" for what waits for one).
    """
    found = {**tallies(uow, activity_ids), "outcome": {}}
    if not activity_ids:
        return found
    values = {"activity_ids": list(activity_ids), "now": uow.now}
    found["outcome"] = {row.outcome: row.number for row in uow.session.execute(_OUTCOMES, values)}
    if waiting := sum(found["total"].values()) - sum(found["outcome"].values()):
        found["outcome"][""] = waiting
    return found


def outcomes_by_activity(uow: UnitOfWork, activity_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """How many contributions of each of these activities got which outcome, with "" for what waits for one. Two statements."""
    if not activity_ids:
        return {}
    values = {"activity_ids": list(activity_ids)}
    totals = {row.activity_id: int(row.number) for row in uow.session.execute(_TOTALS_EACH, values)}
    found: dict[uuid.UUID, dict[str, int]] = {id: {} for id in activity_ids}
    for row in uow.session.execute(_OUTCOMES_EACH, {**values, "now": uow.now}):
        found[row.activity_id][row.outcome] = int(row.number)
    for id, of in found.items():
        if waiting := totals.get(id, 0) - sum(of.values()):
            of[""] = waiting
    return found


def activities_of(uow: UnitOfWork, subject_id: uuid.UUID) -> list[uuid.UUID]:
    """The activities on a subject, oldest first. One statement."""
    return list(uow.session.execute(_ACTIVITIES_OF, {"subject_id": subject_id}).scalars())


_NUMBER = select(func.count()).where(AnswerTarget.answer_id == Answer.id).scalar_subquery().label("number")
_ANSWER = select(
    Answer.id,
    Answer.subject_id,
    Answer.theme_id,
    Answer.outcome,
    Answer.reason,
    Answer.by_organization_id,
    Answer.at,
    Answer.send_at,
    Answer.withdrawn_at,
    _NUMBER,
)
SENT_ORDER = Order("sent", SortKey(Answer.send_at, descending=True), SortKey(Answer.id, descending=True))
QUEUE_ORDER = Order("queue", SortKey(Answer.send_at), SortKey(Answer.id))
_SUBJECT = (Subject.title.label("subject_title"), Subject.type.label("subject_type"))
_PUBLIC = (
    _ANSWER.add_columns(*_SUBJECT).join(Subject, Subject.id == Answer.subject_id).where(sent(), Subject.public, Subject.state == "active")
)
_OF_SUBJECT = _ANSWER.where(Answer.subject_id == bindparam("subject_id"))
_SENT_OF_SUBJECT, _QUEUE_OF_SUBJECT = _OF_SUBJECT.where(sent()), _OF_SUBJECT.where(pending())
_ONE = _ANSWER.where(Answer.id == bindparam("id"))
_TARGETS = select(AnswerTarget.contribution_id).where(AnswerTarget.answer_id == bindparam("id")).order_by(AnswerTarget.contribution_id)


def newest_answers(uow: UnitOfWork, request: PageRequest) -> Page[Row[Any]]:
    """Sent answers on everything that is public, newest first, with ``subject_title`` and ``number`` of contributions. One statement."""
    return fetch_page(uow.session, _PUBLIC, SENT_ORDER, request, {"now": uow.now}, keep=True)


def answers_on(uow: UnitOfWork, subject_id: uuid.UUID, request: PageRequest, *, waiting: bool = False) -> Page[Row[Any]]:
    """The answers on a subject: those that were sent, newest first, or those that wait, the first to be sent first. One statement."""
    statement, order = (_QUEUE_OF_SUBJECT, QUEUE_ORDER) if waiting else (_SENT_OF_SUBJECT, SENT_ORDER)
    return fetch_page(uow.session, statement, order, request, {"subject_id": subject_id, "now": uow.now}, keep=True)


def answer_by_id(uow: UnitOfWork, id: uuid.UUID) -> Row[Any] | None:
    """The facts of an answer, in any state. One statement."""
    return uow.session.execute(_ONE, {"id": id}).one_or_none()


def targets_of(uow: UnitOfWork, answer_id: uuid.UUID, limit: int = 1000) -> list[uuid.UUID]:
    """The contributions that an answer is for, the first ``limit``. One statement."""
    return list(uow.session.execute(_TARGETS.limit(limit), {"id": answer_id}).scalars())
