"""Letting go of an account that is erased: also of what its owner gave with their mail address and without account."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, select, update

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork
from samen_doe_mee.models import Registration, TookPart, Voice
from samen_doe_mee.services.half_filled import forget_halves_of
from samen_doe_mee.services.registrations import mail_registrant
from samen_doe_mee.services.taking_part import email_hash
from samen_doe_mee.services.voice_keys import mail_who

_NOTHING = {"name": "", "email": "", "needs": "", "wants_report": False, "code_hash": None}


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """An account is being erased: addresses and wishes go, of its own and of what was given with its address; all still counts.

    Rows stay without who it was, so that how many supported, took part and come does not change.
    """
    addresses = ACCOUNT_ADDRESSES.c
    address = uow.session.execute(select(addresses.email).where(addresses.id == account_id)).scalar_one_or_none() or ""
    uow.session.flush()
    voices: ColumnElement[bool] = Voice.account_id == account_id
    parts: ColumnElement[bool] = TookPart.account_id == account_id
    registrations: ColumnElement[bool] = Registration.account_id == account_id
    if address:
        voices = or_(voices, Voice.who == mail_who(uow, address))
        parts = or_(parts, TookPart.email_hash == email_hash(uow, address))
        registrations = or_(registrations, Registration.who.in_(_registered(uow, address)))
    _change(uow, update(Voice).where(voices).values(email="", wants_news=False, code_hash=None))
    _change(uow, update(TookPart).where(parts).values(email="", email_hash="", wants_result=False))
    forget_halves_of(uow, account_id)
    _change(uow, update(Registration).where(registrations).values(**_NOTHING, version=Registration.version + 1))


def _registered(uow: UnitOfWork, address: str) -> list[str]:
    """By what this address is known at the meetings that are still kept, where somebody registered without account."""
    open_ones = select(Registration.meeting_id).where(Registration.account_id.is_(None), Registration.email != "").distinct()
    return [mail_registrant(uow, meeting_id, address) for meeting_id in uow.session.execute(open_ones).scalars()]


def _change(uow: UnitOfWork, change: Update) -> None:
    options: dict[str, Any] = {"synchronize_session": False}
    uow.session.execute(change.execution_options(**options))
