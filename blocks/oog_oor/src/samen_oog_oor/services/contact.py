"""How to reach a reporter: sealed when it comes in, opened for who may see it, and each time somebody does that is written down."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, NotFound, UnitOfWork, current_language, keyed_hash, seal, unseal, uuid7
from samen_oog_oor.models import Case, Reporter, Signal, Viewing
from samen_oog_oor.permissions import SEE_CONFIDENTIAL, SEE_CONTACT
from samen_oog_oor.schemas.receiving import Contact
from samen_oog_oor.services.common import scopes_of

PURPOSE = "oog_oor.contact"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """Where messages about a signal go, and in which language."""

    signal_id: uuid.UUID
    email: str
    language: str


def seal_contact(uow: UnitOfWork, signal_id: uuid.UUID, contact: Contact) -> Reporter | None:
    """Keep how to reach the reporter of a signal, sealed; None (and nothing kept) when there is no way to reach them.

    Mails go in the language in which it was reported. The signal must be in the session or the database already.
    """
    if not (contact.name or contact.email or contact.phone):
        return None
    reporter = Reporter(
        signal_id=signal_id,
        name=_seal(uow, contact.name),
        email=_seal(uow, contact.email),
        phone=_seal(uow, contact.phone),
        email_hash=email_hash(uow, contact.email) if contact.email else "",
        share=contact.share,
        wants_mail=contact.wants_mail,
        language=current_language(),
    )
    uow.session.add(reporter)
    return reporter


def open_contact(uow: UnitOfWork, case: Case, signal_id: uuid.UUID, reason: str) -> Contact | None:
    """How to reach the reporter of a signal of this case; None when they left nothing that can be opened. Who looked, when and why is kept.

    Raises NotAllowed, and NotFound for a signal of another case or a case that the actor may not know of.
    """
    scopes = scopes_of(case)
    if case.confidential and not SEE_CONFIDENTIAL.allows(uow.actor, case.id, scopes=scopes):
        raise NotFound
    SEE_CONTACT.require(uow.actor, case.id, scopes=scopes)
    of_case = select(Signal.id, Reporter).outerjoin(Reporter, Reporter.signal_id == Signal.id)
    row = uow.session.execute(of_case.where(Signal.id == signal_id, Signal.case_id == case.id)).one_or_none()
    if row is None:
        raise NotFound
    reporter: Reporter | None = row[1]
    if reporter is None:
        return None
    uow.session.add(Viewing(id=uuid7(), case_id=case.id, account_id=uow.actor.account_id, what="contact", reason=reason, at=uow.now))
    uow.session.flush()
    contact = _opened(uow, reporter)
    return contact if contact.name or contact.email or contact.phone else None


def mail_addresses(uow: UnitOfWork, signal_ids: Iterable[uuid.UUID]) -> list[MailAddress]:
    """Where messages of the platform itself about these signals go: what was left, else the address of the account.

    Only of reporters who want mail, whose signal counts and was not withdrawn. For sending, never for showing. Two statements at most.
    """
    wanted = list(signal_ids)
    if not wanted:
        return []
    left = select(Signal.id, Signal.account_id, Reporter).outerjoin(Reporter, Reporter.signal_id == Signal.id)
    rows = uow.session.execute(
        left.where(Signal.id.in_(wanted), Signal.confirmed_at.is_not(None), Signal.withdrawn_at.is_(None)).order_by(Signal.at, Signal.id)
    ).all()
    found: list[MailAddress] = []
    by_account: dict[uuid.UUID, uuid.UUID] = {}
    for signal_id, account_id, left_by in rows:
        reporter: Reporter | None = left_by
        if reporter is not None and not reporter.wants_mail:
            continue
        if reporter is not None and (email := unsealed(uow, reporter.email)):
            found.append(MailAddress(signal_id, email, reporter.language))
        elif account_id is not None:
            by_account[signal_id] = account_id
    return [*found, *_of_accounts(uow, by_account)]


def email_hash(uow: UnitOfWork, email: str) -> str:
    """The keyed hash by which the signals of one address are found."""
    return keyed_hash(uow.platform, "oog_oor.email", email.strip().lower())


def share_contact(uow: UnitOfWork, signal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Contact]:
    """How to reach the reporters of these signals who agreed that those who do the work may know. Only for passing it on to them."""
    rows = uow.session.execute(select(Reporter).where(Reporter.signal_id.in_(list(signal_ids)), Reporter.share.is_(True))).scalars()
    return {row.signal_id: _opened(uow, row) for row in rows}


def unsealed_contact(uow: UnitOfWork, signal_id: uuid.UUID) -> dict[str, str]:
    """What a reporter left, opened for themselves: the caller has the key in their link. Empty when there is nothing (any more)."""
    reporter = uow.session.get(Reporter, signal_id)
    if reporter is None:
        return {}
    return {name: text for name in ("name", "email", "phone") if (text := unsealed(uow, getattr(reporter, name)))}


def unsealed(uow: UnitOfWork, sealed: str) -> str:
    """What was sealed about how to reach somebody; empty when that cannot be opened: the secret of the installation was changed since.

    To who needs it, it is as if nothing was left. The log tells the administrator, without whose it was.
    """
    try:
        return unseal(uow.platform.config.secret_key, PURPOSE, sealed) if sealed else ""
    except ValueError:
        uow.platform.log.warning("contact_cannot_be_opened", block="oog_oor")
        return ""


def _of_accounts(uow: UnitOfWork, by_account: dict[uuid.UUID, uuid.UUID]) -> list[MailAddress]:
    if not by_account:
        return []
    columns = ACCOUNT_ADDRESSES.c
    rows = uow.session.execute(
        select(columns.id, columns.email, columns.language).where(columns.id.in_(sorted(set(by_account.values()))))
    ).all()
    known = {row.id: row for row in rows}
    return [
        MailAddress(signal_id, known[account_id].email, known[account_id].language)
        for signal_id, account_id in by_account.items()
        if account_id in known
    ]


def _opened(uow: UnitOfWork, reporter: Reporter) -> Contact:
    texts = {name: unsealed(uow, getattr(reporter, name)) for name in ("name", "email", "phone")}
    return Contact(**texts, share=reporter.share, wants_mail=reporter.wants_mail)


def _seal(uow: UnitOfWork, text: str) -> str:
    return seal(uow.platform.config.secret_key, PURPOSE, text, uow.now) if text else ""
