"""Letting go of who reported what: the terms, and what happens at once when an account proves its address or is erased.

A term runs from the day on which a case was closed; a case that is open again keeps everything, and its term begins anew.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Due,
    File,
    RetentionRule,
    UnitOfWork,
    _,
    count_due,
    erase_file,
    index_now,
    let_go,
    stored_files,
)
from samen_oog_oor.models import Case, Inquiry, Note, Reporter, Signal, Support, Verdict, Viewing
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.services.common import lock_case
from samen_oog_oor.services.contact import email_hash
from samen_oog_oor.services.kinds import CASE, SIGNAL
from samen_oog_oor.services.private_words import without_private
from samen_oog_oor.services.withdrawing import end_if_all_withdrawn
from samen_oog_oor.settings import CASE_DAYS, CONTACT_DAYS, number

UNCONFIRMED = timedelta(days=14)
"""So long a signal waits for its reporter to confirm it: the address may be that of somebody who knows nothing of it."""
VIEWINGS = timedelta(days=730)
"""How long it is known who looked at what is confidential."""
_C: Any = Case.__table__
_S: Any = Signal.__table__
_R: Any = Reporter.__table__
_I: Any = Inquiry.__table__
_N: Any = Note.__table__
_V: Any = Verdict.__table__
_P: Any = Support.__table__
_W: Any = Viewing.__table__


def _over(uow: UnitOfWork, days: str) -> Any:
    """The ids of cases that were closed so long ago."""
    before = uow.now - timedelta(days=number(uow, days))
    return select(Case.id).where(Case.state.in_(CLOSED), Case.closed_at < before)


def _reporters(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _R.c.signal_id.in_(select(Signal.id).where(Signal.case_id.in_(_over(uow, CONTACT_DAYS))))
    return found


def _asked(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_I.c.case_id.in_(_over(uow, CONTACT_DAYS)), _I.c.email != "")


def _raw_notes(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_N.c.case_id.in_(_over(uow, CONTACT_DAYS)), _N.c.cleaned.is_(False))


def _due_contact(uow: UnitOfWork) -> Due:
    signals = count_due(uow, Signal.at, Signal.id.in_(select(_R.c.signal_id).where(_reporters(uow))))
    asked = count_due(uow, _I.c.asked_at, _asked(uow))
    return _together(signals, asked, count_due(uow, _N.c.at, _raw_notes(uow)))


def _forget_contact(uow: UnitOfWork, limit: int) -> int:
    """What was sealed, and what staff wrote down of it in notes: names, numbers and addresses go out of those."""
    gone = let_go(uow, delete(_R), _reporters(uow), limit)
    gone += let_go(uow, update(_I).values(email="", version=_I.c.version + 1), _asked(uow), limit)
    notes = uow.session.execute(select(Note).where(_raw_notes(uow)).order_by(Note.id).limit(limit)).scalars().all()
    for note in notes:
        note.text, note.cleaned = without_private(note.text), True
    uow.session.flush()
    return gone + len(notes)


def _unconfirmed(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_S.c.confirmed_at.is_(None), _S.c.at < uow.now - UNCONFIRMED, _S.c.text != "")


def _forget_unconfirmed(uow: UnitOfWork, limit: int) -> int:
    """All of a signal that never counted; its case ends when there is nothing else on it."""
    found = uow.session.execute(select(Signal).where(_unconfirmed(uow)).order_by(Signal.id).limit(limit)).scalars().all()
    for signal in found:
        uow.session.execute(delete(_R).where(_R.c.signal_id == signal.id))
        signal.text, signal.answers, signal.withdrawn_at = "", {}, uow.now
        for file in stored_files(uow, [signal.id])[signal.id]:
            erase_file(uow, file.id)
        uow.session.flush()
        end_if_all_withdrawn(uow, lock_case(uow, signal.case_id), "not_found")
    index_now(uow, SIGNAL, [signal.id for signal in found])
    return len(found)


def _signals(uow: UnitOfWork) -> ColumnElement[bool]:
    told = or_(_S.c.text != "", _S.c.answers != {}, _S.c.account_id.is_not(None), _S.c.address != "", _S.c.lat.is_not(None))
    return and_(_S.c.case_id.in_(_over(uow, CASE_DAYS)), told)


def _addresses(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_C.c.id.in_(_over(uow, CASE_DAYS)), or_(_C.c.address != "", _C.c.address_id != ""))


def _answers(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_I.c.case_id.in_(_over(uow, CASE_DAYS)), _I.c.answers.is_not(None))


def _notes(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _N.c.case_id.in_(_over(uow, CASE_DAYS))
    return found


def _reasons(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_V.c.case_id.in_(_over(uow, CASE_DAYS)), _V.c.reason != "")


def _pictures(uow: UnitOfWork) -> Any:
    """Files of signals that nobody but staff may see: originals, and what was never made public."""
    signals = select(Signal.id).where(Signal.case_id.in_(_over(uow, CASE_DAYS)))
    return select(File).where(File.owner_id.in_(signals), File.public.is_(False), File.state == "active").order_by(File.id)


def _due_signals(uow: UnitOfWork) -> Due:
    return _together(
        count_due(uow, _S.c.at, _signals(uow)),
        count_due(uow, _C.c.reported_at, _addresses(uow)),
        count_due(uow, _I.c.asked_at, _answers(uow)),
        count_due(uow, _N.c.at, _notes(uow)),
        count_due(uow, _V.c.at, _reasons(uow)),
    )


def _forget_signals(uow: UnitOfWork, limit: int) -> int:
    """Texts, answers, addresses, notes, reasons, and pictures that are not public; what was cleared for everybody stays with the case."""
    for file in uow.session.execute(_pictures(uow).limit(limit)).scalars().all():
        erase_file(uow, file.id)
    nothing = {"text": "", "answers": {}, "account_id": None, "address": "", "lat": None, "lon": None, "version": _S.c.version + 1}
    gone = _let_go_of(uow, SIGNAL, update(_S).values(nothing), _signals(uow), limit)
    streets = {"address": "", "address_id": "", "lat": _C.c.public_lat, "lon": _C.c.public_lon, "version": _C.c.version + 1}
    gone += _let_go_of(uow, CASE, update(_C).values(streets), _addresses(uow), limit)
    gone += let_go(uow, update(_I).values(answers=None, version=_I.c.version + 1), _answers(uow), limit)
    gone += let_go(uow, delete(_N), _notes(uow), limit)
    return gone + let_go(uow, update(_V).values(reason=""), _reasons(uow), limit)


def _let_go_of(uow: UnitOfWork, kind: str, change: Any, which: ColumnElement[bool], limit: int) -> int:
    """As ``let_go``, for what stands in the search index too: the words leave it in the same transaction."""
    id = change.table.c.id
    ids = uow.session.execute(select(id).where(which).order_by(id).limit(limit)).scalars().all()
    gone = let_go(uow, change, and_(id.in_(ids), which), limit)
    index_now(uow, kind, ids)
    return gone


def _supports(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _P.c.case_id.in_(_over(uow, CASE_DAYS))
    return found


def _viewings(uow: UnitOfWork) -> ColumnElement[bool]:
    before: ColumnElement[bool] = _W.c.at < uow.now - VIEWINGS
    return before


def _together(*due: Due) -> Due:
    moments: list[datetime] = [found.oldest for found in due if found.oldest is not None]
    return Due(sum(found.number for found in due), min(moments, default=None))


def claim_signals(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """An account proved its address: what was sent with it before is its own."""
    address = _address(uow, account_id)
    if address:
        mine = select(Reporter.signal_id).where(Reporter.email_hash == email_hash(uow, address))
        change = update(Signal).where(Signal.id.in_(mine), Signal.account_id.is_(None))
        uow.session.execute(change.values(account_id=account_id, version=Signal.version + 1).execution_options(synchronize_session=False))


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """An account is being erased: how to reach it goes as a whole, and what it reported is public only as far as staff cleared it."""
    mine: ColumnElement[bool] = Reporter.signal_id.in_(select(Signal.id).where(Signal.account_id == account_id))
    address = _address(uow, account_id)
    if address:
        mine = or_(mine, Reporter.email_hash == email_hash(uow, address))
    uow.session.execute(delete(Reporter).where(mine).execution_options(synchronize_session=False))


def _address(uow: UnitOfWork, account_id: uuid.UUID) -> str | None:
    accounts = ACCOUNT_ADDRESSES.c
    return uow.session.execute(select(accounts.email).where(accounts.id == account_id)).scalar_one_or_none()


_AFTER = _("twee jaar (of wat de gemeente instelde) na het afsluiten van de zaak")

RULES = (
    RetentionRule(
        "oog_oor.contact",
        _("Hoe melders te bereiken zijn"),
        _("90 dagen (of wat de gemeente instelde) na het afsluiten van de zaak"),
        due=_due_contact,
        apply=_forget_contact,
        terms=(timedelta(days=90),),
    ),
    RetentionRule(
        "oog_oor.unconfirmed",
        _("Meldingen die niemand bevestigde"),
        _("14 dagen nadat wij om een bevestiging vroegen"),
        due=lambda uow: count_due(uow, _S.c.at, _unconfirmed(uow)),
        apply=_forget_unconfirmed,
        terms=(UNCONFIRMED,),
    ),
    RetentionRule(
        "oog_oor.signals",
        _("Wat er gemeld en geantwoord is, het adres, en notities"),
        _AFTER,
        due=_due_signals,
        apply=_forget_signals,
        terms=(timedelta(days=730),),
    ),
    RetentionRule(
        "oog_oor.supports",
        _("Wie iets ook ziet"),
        _AFTER,
        due=lambda uow: count_due(uow, _P.c.at, _supports(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_P), _supports(uow), limit),
        terms=(timedelta(days=730),),
    ),
    RetentionRule(
        "oog_oor.viewings",
        _("Wie van de medewerkers vertrouwelijke gegevens bekeek"),
        _("twee jaar nadat iemand keek"),
        due=lambda uow: count_due(uow, _W.c.at, _viewings(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_W), _viewings(uow), limit),
        terms=(VIEWINGS,),
    ),
)
"""The rules. The numbers of signals and of who sees the same stay with the case."""
