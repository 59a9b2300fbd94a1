"""For who lost the code and the link of a signal: both are mailed again, to the address that was left with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Platform,
    Text,
    UnitOfWork,
    _,
    current_language,
    format_date,
    hit,
    managed_mail,
    page_address,
    queue_mail,
    who_hash,
)
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.managed_texts import receiving
from samen_oog_oor.models import Case, Reporter, Signal
from samen_oog_oor.schemas.own_signals import LostCode
from samen_oog_oor.services.contact import email_hash
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.updates import what_of

PERIOD = timedelta(days=365)
"""Signals of so long ago are still found."""
MOST = 50
TIMES, HOUR = 3, 3600
"""So often links go to one address, in so many seconds."""


def limit_asking(platform: Platform, command: LostCode) -> None:
    """Count one more time that links go to an address, so that nobody fills the mailbox of another. Raises TooMany.

    Call it before the unit of work has read or written anything, as all that counts.
    """
    if platform.config.limits.enabled:
        hit(platform, "oog_oor.lost_to", who_hash(platform, command.email.strip().lower()), TIMES, HOUR)


def mail_links(uow: UnitOfWork, command: LostCode) -> int:
    """Mail the links to the signals that were sent with this address, or with the account that has it, the newest first; how many.

    Nobody but who reads that mailbox learns whether there are any: the caller says the same either way, and limits how often it is asked.
    """
    address = command.email.strip()
    found = uow.session.execute(_sent_with(uow, address)).all()
    if not found:
        return 0
    lines = tuple(str(line) for signal, case in found for line in _lines(uow, signal, case))
    queue_mail(uow, managed_mail(uow, receiving.LINKS, address, current_language(), {"signals": lines}))
    uow.record("oog_oor.signal.links_mailed", after={"signals": len(found)})
    return len(found)


def _sent_with(uow: UnitOfWork, address: str) -> Any:
    accounts = ACCOUNT_ADDRESSES.c
    owned = select(accounts.id).where(func.lower(accounts.email) == address.lower())
    both = select(Signal, Case).join(Case, Case.id == Signal.case_id).outerjoin(Reporter, Reporter.signal_id == Signal.id)
    mine = or_(Reporter.email_hash == email_hash(uow, address), Signal.account_id.in_(owned))
    lately = (Signal.confirmed_at.is_not(None), Signal.at >= uow.now - PERIOD)
    return both.where(mine, *lately).order_by(Signal.at.desc(), Signal.id.desc()).limit(MOST)


def _lines(uow: UnitOfWork, signal: Signal, case: Case) -> Iterator[Text | str]:
    language = current_language()
    day, what = format_date(city_day(signal.at)), what_of(uow, case, language)
    state = _("Ingetrokken") if signal.withdrawn_at is not None else STATE_LABELS[case.state]
    if what:
        yield _("{number}, {what}, gemeld op {day}: {state}. De code is {code}.", **_shown(case, signal, day, state), what=what)
    else:
        yield _("{number}, gemeld op {day}: {state}. De code is {code}.", **_shown(case, signal, day, state))
    yield page_address(uow.platform, paths.receipt(receipt_key(uow.platform, signal.id)), language)


def _shown(case: Case, signal: Signal, day: str, state: Text) -> dict[str, Any]:
    return {"number": case.number, "day": day, "state": state, "code": signal.code}
