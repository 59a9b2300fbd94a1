"""One mail to many reporters: each address once, few at once, and many in portions that the worker sends.

What is told stands fixed from the moment that it is decided. Each portion is a row that goes in the transaction in which its mails are put
in the queue: a worker that dies meanwhile leaves all of it to the next, so nobody hears twice or never.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, Delivered, Invalid, UnitOfWork, format_date, managed_mail, page_address, queue_mail, uuid7
from samen_oog_oor import paths
from samen_oog_oor.events import MailsWaiting
from samen_oog_oor.models import Case, Mailing, Reporter, Signal
from samen_oog_oor.services.contact import MailAddress, email_hash, mail_addresses
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.receipt_keys import receipt_key

AT_ONCE = 50
"""To no more reporters than this a mail is queued with what it tells of; to more in portions."""
PORTION = 100
Filled = Callable[[str], Mapping[str, str]]
"""What is filled in, in a language; ``number``, ``code``, ``reported`` and ``link`` follow from the signal where they are not given."""


def mail_signals(uow: UnitOfWork, mail: str, signal_ids: Sequence[uuid.UUID], filled: Filled) -> None:
    """Mail the reporters of these signals, in this order: an address of several of them gets it about the first."""
    if len(signal_ids) <= AT_ONCE:
        _queue(uow, mail, signal_ids, cache(filled))
        return
    by_language = {language: dict(filled(language)) for language in uow.platform.config.city.languages}
    chosen = list(_one_each(uow, signal_ids))
    for start in range(0, len(chosen), PORTION):
        ids = [str(id) for id in chosen[start : start + PORTION]]
        mailing = Mailing(id=uuid7(), mail=mail, filled=by_language, signal_ids=ids, at=uow.now)
        uow.session.add(mailing)
        uow.publish(MailsWaiting(mailing_id=mailing.id))
    uow.session.flush()


def send_portion(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: queue the mails of one portion, which is then gone."""
    mailing = uow.session.get(Mailing, uuid.UUID(event.payload["mailing_id"]))
    if mailing is None:
        return
    filled = mailing.filled
    _queue(uow, mailing.mail, [uuid.UUID(id) for id in mailing.signal_ids], lambda language: filled.get(language, filled["nl"]))
    uow.session.delete(mailing)


def _queue(uow: UnitOfWork, mail: str, signal_ids: Collection[uuid.UUID], filled: Filled) -> None:
    of = select(Signal.id, Signal.code, Signal.at, Case.number).join(Case, Case.id == Signal.case_id)
    known = {row.id: row for row in uow.session.execute(of.where(Signal.id.in_(list(signal_ids))))}
    order = {id: place for place, id in enumerate(signal_ids)}
    names = [item.name for item in uow.platform.texts.declared[mail].placeholders]
    sent: set[str] = set()
    for address in sorted(mail_addresses(uow, known), key=lambda address: order[address.signal_id]):
        if address.email.lower() in sent:
            continue
        sent.add(address.email.lower())
        signal = known[address.signal_id]
        said = {**_of_signal(uow, signal, address), **filled(address.language)}
        try:
            queue_mail(uow, managed_mail(uow, mail, address.email, address.language, {name: said.get(name, "") for name in names}))
        except Invalid:
            # An address that cannot exist must not keep the others from hearing it, nor the case from going on.
            uow.platform.log.warning("oog_oor_mail_not_queued", signal=str(address.signal_id), mail=mail)


def _of_signal(uow: UnitOfWork, signal: Any, address: MailAddress) -> dict[str, str]:
    """What only this reporter gets."""
    link = page_address(uow.platform, paths.receipt(receipt_key(uow.platform, address.signal_id)), address.language)
    with uow.platform.translations.use(address.language):
        reported = format_date(city_day(signal.at))
    return {"number": signal.number, "code": signal.code, "reported": reported, "link": link}


def _one_each(uow: UnitOfWork, signal_ids: Sequence[uuid.UUID]) -> Iterator[uuid.UUID]:
    """The first signal of every address, without opening what is sealed; of who wants no mail none. A statement per thousand."""
    seen: set[Any] = set()
    accounts = ACCOUNT_ADDRESSES.c
    for start in range(0, len(signal_ids), 1_000):
        ids = signal_ids[start : start + 1_000]
        found = (
            select(Signal.id, Signal.account_id, Reporter.email_hash, Reporter.wants_mail, accounts.email)
            .outerjoin(Reporter, Reporter.signal_id == Signal.id)
            .outerjoin(ACCOUNT_ADDRESSES, accounts.id == Signal.account_id)
            .where(Signal.id.in_(ids), Signal.confirmed_at.is_not(None), Signal.withdrawn_at.is_(None))
        )
        rows = {row.id: row for row in uow.session.execute(found)}
        for id in ids:
            row = rows.get(id)
            if row is None or row.wants_mail is False:
                continue
            known = row.email_hash or (email_hash(uow, row.email) if row.email else "")
            if known and known not in seen:
                seen.add(known)
                yield id
