"""'I see this too' without writing anything: counted once per account or device, and nobody gets a message about it."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from samen_core.api import Gone, NotFound, UnitOfWork, _, keyed_hash, uuid7
from samen_oog_oor.models import Case, Signal, Support
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.services.common import may_see

_CASE = cast("Table", Case.__table__)


def support(uow: UnitOfWork, case_id: uuid.UUID, device: str = "") -> bool:
    """Say that one sees the same; whether that is new. ``device`` is a random text that the browser keeps.

    Nothing happens the second time, nor for who reported it with their account. Raises NotFound, Gone once it is closed.
    """
    case = _locked(uow, case_id)
    if case.state in CLOSED:
        raise Gone(_("Deze zaak is afgesloten. Ziet u het weer? Doe dan een nieuwe melding."))
    who = _who(uow, device)
    if not who or sees_too(uow, case_id, device) or _reported(uow, case_id):
        return False
    try:
        with uow.session.begin_nested():
            uow.session.add(Support(id=uuid7(), case_id=case_id, who=who[0], account_id=uow.actor.account_id, at=uow.now))
    except IntegrityError:
        return False
    _recount(uow, case_id)
    return True


def take_back(uow: UnitOfWork, case_id: uuid.UUID, device: str = "") -> bool:
    """Take that back; whether there was something to take back. Raises NotFound."""
    _locked(uow, case_id)
    mine = delete(Support).where(Support.case_id == case_id, Support.who.in_(_who(uow, device)))
    if uow.session.execute(mine.returning(Support.id)).first() is None:
        return False
    _recount(uow, case_id)
    return True


def sees_too(uow: UnitOfWork, case_id: uuid.UUID, device: str = "") -> bool:
    """Whether the actor, or this device before they logged in, said so. One statement; none for who can be neither."""
    who = _who(uow, device)
    if not who:
        return False
    return uow.session.execute(select(Support.id).where(Support.case_id == case_id, Support.who.in_(who)).limit(1)).first() is not None


def _who(uow: UnitOfWork, device: str) -> list[str]:
    """The hashes by which the actor is known here, first the one that is stored: the account, else the device."""
    found = [f"account {uow.actor.account_id}"] if uow.actor.account_id is not None else []
    if device:
        found.append(f"device {device}")
    return [keyed_hash(uow.platform, "oog_oor.support", who) for who in found]


def _reported(uow: UnitOfWork, case_id: uuid.UUID) -> bool:
    if uow.actor.account_id is None:
        return False
    mine = select(Signal.id).where(Signal.case_id == case_id, Signal.account_id == uow.actor.account_id)
    return uow.session.execute(mine.limit(1)).first() is not None


def _locked(uow: UnitOfWork, case_id: uuid.UUID) -> Case:
    case = uow.session.get(Case, case_id, with_for_update=True)
    if case is None or not may_see(uow, case):
        raise NotFound
    return case


def _recount(uow: UnitOfWork, case_id: uuid.UUID) -> None:
    # Its version stays: no officer who is writing an answer has to look again because of a number.
    number = select(func.count()).select_from(Support).where(Support.case_id == case_id).scalar_subquery()
    uow.session.execute(update(_CASE).where(_CASE.c.id == case_id).values(supports=number))
