"""Rounds with their activities, and what was contributed in them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, case, exists, func, or_, select

from samen_core.api import Order, SortKey, UnitOfWork
from samen_inbreng.api import Activity, Answer, AnswerTarget, Contribution, Tally
from samen_samenspreker.models import Round, RoundActivity

AnyRow = Row[*tuple[Any, ...]]
Counts = Mapping[str, Mapping[str, int]]
"""Numbers of contributions, per dimension and value: ``{"sector": {"citizens": 3}}``."""

_R = Round.__table__.c
_LINK = RoundActivity.__table__.c
_ACTIVITY = Activity.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

NOT_CANCELLED = or_(_R.closed_at.is_(None), _R.agreed != "")
"""Only who closes a round has to write conclusions: over without them is called off."""

ORDER = Order("samenspreker.rounds", SortKey(Round.number))
OF_TABLE = select(*Round.__table__.columns).where(_R.question_id == bindparam("question_id"))
_ALL = OF_TABLE.order_by(_R.number)
_BY_NUMBER = select(Round).where(Round.question_id == bindparam("question_id"), Round.number == bindparam("number"))
_LAST_NUMBER = select(func.max(_R.number)).where(_R.question_id == bindparam("question_id"))
_LAST_POSITION = select(func.max(_LINK.position)).where(_LINK.round_id == bindparam("round_id"))
_LINKED = (
    select(
        *RoundActivity.__table__.columns,
        _ACTIVITY.slug,
        _ACTIVITY.kind,
        _ACTIVITY.opens_at,
        _ACTIVITY.closes_at,
        _ACTIVITY.closed_at,
        _ACTIVITY.version.label("activity_version"),
    )
    .outerjoin(Activity, _ACTIVITY.id == _LINK.activity_id)
    .where(_LINK.round_id.in_(_IDS))
    .order_by(_LINK.round_id, _LINK.position)
)
_TALLIES = select(Tally.activity_id, Tally.dimension, Tally.value, Tally.number).where(Tally.activity_id.in_(_IDS), Tally.number > 0)
_SENT = exists().where(
    AnswerTarget.contribution_id == Contribution.id,
    Answer.id == AnswerTarget.answer_id,
    Answer.withdrawn_at.is_(None),
    Answer.send_at <= bindparam("now", type_=Answer.send_at.type),
)
_UNANSWERED = (
    select(Contribution.activity_id, func.sum(case((Contribution.answered, 1), else_=0)).label("written"), func.count().label("number"))
    .join(Activity, Activity.id == Contribution.activity_id)
    .where(
        Contribution.activity_id.in_(_IDS),
        Contribution.parent_id.is_(None),
        Contribution.state == "published",
        Activity.kind == "reactions",
        ~_SENT,
    )
    .group_by(Contribution.activity_id)
)
_OF_TABLE = (
    select(
        _ACTIVITY.id,
        _ACTIVITY.slug,
        _ACTIVITY.title,
        _ACTIVITY.kind,
        _ACTIVITY.form,
        _ACTIVITY.opens_at,
        _ACTIVITY.closes_at,
        _ACTIVITY.closed_at,
        _R.number.label("round_number"),
        _R.title.label("round_title"),
        _LINK.mode,
    )
    .outerjoin(RoundActivity, _LINK.activity_id == _ACTIVITY.id)
    .outerjoin(Round, _R.id == _LINK.round_id)
    .where(or_(_ACTIVITY.subject_id == bindparam("question_id"), _R.question_id == bindparam("question_id")))
    .order_by(_ACTIVITY.opens_at.desc(), _ACTIVITY.id.desc())
)


def rounds_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The rounds of a table, every column, in order. One statement."""
    return uow.session.execute(_ALL, {"question_id": question_id}).all()


def round_by_number(uow: UnitOfWork, question_id: uuid.UUID, number: int) -> Round | None:
    """A round of a table by its number."""
    return uow.session.execute(_BY_NUMBER, {"question_id": question_id, "number": number}).scalar_one_or_none()


def next_number(uow: UnitOfWork, question_id: uuid.UUID) -> int:
    """The number of the next round; the caller locked the table."""
    return (uow.session.execute(_LAST_NUMBER, {"question_id": question_id}).scalar_one() or 0) + 1


def next_position(uow: UnitOfWork, round_id: uuid.UUID) -> int:
    """The position of the next activity of a round; the caller locked the table."""
    return (uow.session.execute(_LAST_POSITION, {"round_id": round_id}).scalar_one() or 0) + 1


def activities_of(uow: UnitOfWork, round_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """The activities of each of these rounds, with ``slug``, ``kind`` and dates of the activity of inbreng. One statement."""
    found: dict[uuid.UUID, list[AnyRow]] = defaultdict(list)
    if ids := list(round_ids):
        for row in uow.session.execute(_LINKED, {"ids": ids}):
            found[row.round_id].append(row)
    return found


def activities_of_table(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """Every activity of a table, newest first, with ``round_number`` and ``mode`` (None outside a round). One statement."""
    return uow.session.execute(_OF_TABLE, {"question_id": question_id}).all()


def tallies(uow: UnitOfWork, activity_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Counts]:
    """How many contributions each of these activities has, per dimension and value. One statement."""
    found: dict[uuid.UUID, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    if ids := [id for id in activity_ids if id is not None]:
        for row in uow.session.execute(_TALLIES, {"ids": ids}):
            found[row.activity_id][row.dimension][row.value] = row.number
    return dict(found)


def unanswered_of(uow: UnitOfWork, activity_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """How many contributions of each of these activities have no sent outcome; replies need none (DOMAIN.md). One statement.

    As (with an answer that is written and will be sent, without any).
    """
    ids = list(activity_ids)
    if not ids:
        return {}
    rows = uow.session.execute(_UNANSWERED, {"ids": ids, "now": uow.now})
    return {row.activity_id: (int(row.written), row.number - int(row.written)) for row in rows}


def together(counts: Iterable[Counts]) -> dict[str, dict[str, int]]:
    """These numbers added up."""
    found: dict[str, dict[str, int]] = {}
    for each in counts:
        for dimension, values in each.items():
            for value, number in values.items():
                totals = found.setdefault(dimension, {})
                totals[value] = totals.get(value, 0) + number
    return found
