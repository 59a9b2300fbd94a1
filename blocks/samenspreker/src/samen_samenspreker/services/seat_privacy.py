"""Letting go of people: of an account that is erased, and of addresses that never answered."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import cast

from sqlalchemy import Column, ColumnElement, MetaData, Table, and_, func, or_, select

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork, declaration, personal, system
from samen_samenspreker.models import OptionSupport, Question, Seat
from samen_samenspreker.seat_log import OFFER_WITHDRAWN
from samen_samenspreker.services.seats import clear, forget_alternate, forget_offer, locked_seat, move, record

UNANSWERED = timedelta(days=60)
"""How long the address of an invitation without answer is kept."""

ERASED = "Het account is verwijderd."

# What an alternate sees of a row is not what its holder sees: the same table, with only the columns that are the alternate's.
_declared = {name: declaration(Seat.__table__.c[name]) for name in ("alternate_name", "alternate_id")}
ALTERNATES = Table(
    Seat.__tablename__,
    MetaData(),
    *(
        Column(name, Seat.__table__.c[name].type, info=personal(what.purpose, what.basis, what.retention))
        for name, what in _declared.items()
        if what is not None
    ),
)


def alternate_rows(account_id: uuid.UUID) -> tuple[Table, ColumnElement[bool]]:
    """The rows that hold personal data of an alternate, for the export of one's own data."""
    return ALTERNATES, ALTERNATES.c.alternate_id == account_id


def spoken_rows(account_id: uuid.UUID) -> tuple[Table, ColumnElement[bool]]:
    """What an account said of options for a seat; what it said without one is found by its own column."""
    said = cast("Table", OptionSupport.__table__)
    return said, and_(said.c.given_by_id == account_id, said.c.seat_id.is_not(None))


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """End the seats of an account that is being erased, free its places as alternate, and forget invitations to its address."""
    accounts = ACCOUNT_ADDRESSES.c
    found = uow.session.execute(select(func.lower(accounts.email)).where(accounts.id == account_id)).scalar_one_or_none()
    address = found or None
    mine = or_(Seat.account_id == account_id, Seat.alternate_id == account_id, Seat.email == address, Seat.alternate_email == address)
    for id in uow.session.execute(select(Seat.id).where(mine).order_by(Seat.id)).scalars().all():
        with uow.acting(system()):
            question, seat = locked_seat(uow, id)
            if seat.account_id == account_id and seat.state == "accepted":
                move(seat, "end")
                clear(uow, question, seat, ERASED)
            if seat.alternate_id == account_id or (address and seat.alternate_email == address):
                forget_alternate(seat)
            if seat.state == "offered" and seat.email == address:
                _take_offer_back(uow, question, seat)
    uow.session.flush()


def forget_unanswered(uow: UnitOfWork) -> None:
    """Forget the addresses of invitations that nobody answered in 60 days; the seat can be offered again. A job."""
    before = uow.now - UNANSWERED
    late = or_(
        and_(Seat.state == "offered", Seat.offered_at < before),
        and_(Seat.alternate_token_hash.is_not(None), Seat.alternate_offered_at < before),
    )
    for id in uow.session.execute(select(Seat.id).where(late).order_by(Seat.id)).scalars().all():
        question, seat = locked_seat(uow, id)
        if seat.state == "offered" and seat.offered_at is not None and seat.offered_at < before:
            _take_offer_back(uow, question, seat)
        if seat.alternate_token_hash is not None and seat.alternate_offered_at is not None and seat.alternate_offered_at < before:
            forget_alternate(seat)
    uow.session.flush()


def _take_offer_back(uow: UnitOfWork, question: Question, seat: Seat) -> None:
    move(seat, "withdraw")
    forget_offer(seat)
    seat.holder_name = ""
    uow.session.flush()
    record(uow, OFFER_WITHDRAWN, question, seat)
