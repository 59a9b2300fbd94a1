"""Letting go of people: of an account that is erased, and of addresses that never answered."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork, system
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.seat_log import OFFER_WITHDRAWN
from samen_samenspreker.services.seats import clear, forget_alternate, forget_offer, locked_seat, move, record

UNANSWERED = timedelta(days=60)
"""How long the address of an invitation without answer is kept."""

ERASED = "Het account is verwijderd."


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


def unanswered(uow: UnitOfWork) -> ColumnElement[bool]:
    """The seats with an invitation that nobody answered in 60 days."""
    before = uow.now - UNANSWERED
    return or_(
        and_(Seat.state == "offered", Seat.offered_at < before),
        and_(Seat.alternate_token_hash.is_not(None), Seat.alternate_offered_at < before),
    )


def forget_unanswered(uow: UnitOfWork, limit: int) -> int:
    """Forget the addresses of at most ``limit`` invitations that nobody answered; the seat can be offered again. How many."""
    before = uow.now - UNANSWERED
    late = uow.session.execute(select(Seat.id).where(unanswered(uow)).order_by(Seat.id).limit(limit)).scalars().all()
    for id in late:
        question, seat = locked_seat(uow, id)
        if seat.state == "offered" and seat.offered_at is not None and seat.offered_at < before:
            _take_offer_back(uow, question, seat)
        if seat.alternate_token_hash is not None and seat.alternate_offered_at is not None and seat.alternate_offered_at < before:
            forget_alternate(seat)
    uow.session.flush()
    return len(late)


def _take_offer_back(uow: UnitOfWork, question: Question, seat: Seat) -> None:
    move(seat, "withdraw")
    forget_offer(seat)
    seat.holder_name = ""
    uow.session.flush()
    record(uow, OFFER_WITHDRAWN, question, seat)
