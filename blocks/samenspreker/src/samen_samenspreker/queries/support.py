"""What seats and others think of options: counted per sector, a seat once and an account once.

A seat counts while it is accepted. What an account said for itself does not count while it sits at the table, also as an alternate: then it
speaks for its seat (DOMAIN.md).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, exists, func, literal, or_, select, union_all

from citycontent.api import Organization, Person
from samen_core.api import UnitOfWork
from samen_samenspreker.models import Option, OptionSupport, Seat

AnyRow = Row[*tuple[Any, ...]]
SPEAKING = ("initiator", "participant", "expert", "decision_maker")
"""The roles whose seats say what they think of an option; a facilitator is neutral and an observer listens."""

_S = OptionSupport.__table__.c
_SEAT = Seat.__table__.c
_O = Option.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
AT_TABLE = exists().where(
    _SEAT.question_id == _O.question_id,
    _SEAT.state == "accepted",
    or_(_SEAT.account_id == _S.voter_id, _SEAT.alternate_id == _S.voter_id),
)
"""Whether the account of a voice sits at the table of the question; the statement also joins the option."""

_IS_CURRENT = (_S.option_version == _O.current).label("is_current")
_SEATS_COUNTED = (
    select(_S.option_id, literal("seats").label("who"), _SEAT.sector, _S.position, _IS_CURRENT, func.count().label("number"))
    .join(Option, _O.id == _S.option_id)
    .join(Seat, and_(_SEAT.id == _S.seat_id, _SEAT.state == "accepted"))
    .where(_S.option_id.in_(_IDS))
    .group_by(_S.option_id, _SEAT.sector, _S.position, "is_current")
)
_OTHERS_COUNTED = (
    select(_S.option_id, literal("others").label("who"), _S.sector, _S.position, _IS_CURRENT, func.count().label("number"))
    .join(Option, _O.id == _S.option_id)
    .where(_S.option_id.in_(_IDS), _S.seat_id.is_(None), ~AT_TABLE)
    .group_by(_S.option_id, _S.sector, _S.position, "is_current")
)
_COUNTED: Any = union_all(_SEATS_COUNTED, _OTHERS_COUNTED)
_OF_SEATS = (
    select(
        _SEAT.id.label("seat_id"),
        _SEAT.sector,
        _SEAT.role,
        _SEAT.title,
        _SEAT.holder_name,
        Organization.name.label("organization"),
        Person.name.label("person"),
        _S.option_id,
        _S.position,
        _S.reason,
        _S.option_version,
    )
    .select_from(Seat)
    .outerjoin(OptionSupport, and_(_S.seat_id == _SEAT.id, _S.option_id.in_(_IDS)))
    .outerjoin(Organization, Organization.id == _SEAT.organization_id)
    .outerjoin(Person, and_(Person.id == _SEAT.person_id, Person.visibility != "private"))
    .where(
        _SEAT.question_id == bindparam("question_id", type_=_SEAT.question_id.type),
        _SEAT.state == "accepted",
        _SEAT.role.in_(SPEAKING),
    )
    .order_by(_SEAT.at, _SEAT.id)
)
_REASONS = (
    select(_S.id, _S.sector, _S.reason, _S.option_version)
    .join(Option, _O.id == _S.option_id)
    .where(
        _S.option_id == bindparam("option_id", type_=_S.option_id.type),
        _S.seat_id.is_(None),
        _S.position == "against",
        ~AT_TABLE,
    )
    .order_by(_S.at.desc(), _S.id.desc())
    .limit(bindparam("limit"))
)
_ACCOUNT: BindParameter[Any] = bindparam("account_id", type_=_S.voter_id.type)
_MINE = select(OptionSupport).where(
    OptionSupport.option_id.in_(_IDS),
    or_(OptionSupport.voter_id == _ACCOUNT, OptionSupport.seat_id.in_(bindparam("seat_ids", expanding=True))),
)
_PARTICIPANTS = (
    select(_SEAT.id, _SEAT.sector, _S.position, _S.option_version)
    .select_from(Seat)
    .outerjoin(OptionSupport, and_(_S.seat_id == _SEAT.id, _S.option_id == bindparam("option_id", type_=_S.option_id.type)))
    .where(
        _SEAT.question_id == bindparam("question_id", type_=_SEAT.question_id.type),
        _SEAT.state == "accepted",
        _SEAT.role == "participant",
    )
)


_SPOKE = select(exists().where(_S.seat_id == bindparam("id", type_=_S.seat_id.type)))


@dataclass(slots=True)
class Support:
    """The support of one option: numbers per (sector, position), of seats and of others, and how many of them are on an older version."""

    seats: dict[tuple[str, str], int] = field(default_factory=dict)
    others: dict[tuple[str, str], int] = field(default_factory=dict)
    older_seats: int = 0
    older_others: int = 0

    def total(self, who: str, position: str) -> int:
        """How many ``seats`` or ``others`` took this position, over all sectors."""
        numbers: dict[tuple[str, str], int] = getattr(self, who)
        return sum(number for (_sector, taken), number in numbers.items() if taken == position)


def support_of(uow: UnitOfWork, option_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Support]:
    """The counted support of each of these options. One statement."""
    ids = list(option_ids)
    found = {id: Support() for id in ids}
    if not ids:
        return found
    for row in uow.session.execute(_COUNTED, {"ids": ids}):
        one = found[row.option_id]
        numbers = one.seats if row.who == "seats" else one.others
        key = (row.sector, row.position)
        numbers[key] = numbers.get(key, 0) + row.number
        if not row.is_current and row.who == "seats":
            one.older_seats += row.number
        elif not row.is_current:
            one.older_others += row.number
    return found


def seats_on(uow: UnitOfWork, question_id: uuid.UUID, option_ids: Iterable[uuid.UUID]) -> Sequence[AnyRow]:
    """Every seat that may speak, with what it said of these options (a row each; ``position`` None when it said nothing). One statement."""
    return uow.session.execute(_OF_SEATS, {"question_id": question_id, "ids": list(option_ids)}).all()


def reasons_of_others(uow: UnitOfWork, option_id: uuid.UUID, limit: int = 50) -> Sequence[AnyRow]:
    """Why people without a seat are against, newest first; for who sits at the table. One statement."""
    return uow.session.execute(_REASONS, {"option_id": option_id, "limit": limit}).all()


def own_support(
    uow: UnitOfWork, option_ids: Iterable[uuid.UUID], seat_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID | None, OptionSupport]]:
    """What the actor said of these options: for oneself (None) and for each of these seats. One statement."""
    found: dict[uuid.UUID, dict[uuid.UUID | None, OptionSupport]] = defaultdict(dict)
    ids = list(option_ids)
    if ids and uow.actor.account_id:
        values = {"ids": ids, "seat_ids": list(seat_ids), "account_id": uow.actor.account_id}
        for one in uow.session.execute(_MINE, values).scalars():
            found[one.option_id][one.seat_id] = one
    return found


def has_spoken(uow: UnitOfWork, seat_id: uuid.UUID) -> bool:
    """Whether it was said for this seat what it thinks of any option. One statement."""
    return bool(uow.session.execute(_SPOKE, {"id": seat_id}).scalar_one())


def participants_on(uow: UnitOfWork, question_id: uuid.UUID, option_id: uuid.UUID) -> Sequence[AnyRow]:
    """The participants' seats of a table with what each said of an option (``position`` None when nothing). One statement."""
    return uow.session.execute(_PARTICIPANTS, {"question_id": question_id, "option_id": option_id}).all()
