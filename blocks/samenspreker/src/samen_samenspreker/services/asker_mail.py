"""The mails to who put a question: only when they asked for them, and only to an address that is theirs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, Message, Platform, Text, UnitOfWork, _, hit, page_address, queue_mail, who_hash
from samen_samenspreker.models import Question
from samen_samenspreker.paths import FOLLOW, MAIL, table
from samen_samenspreker.services.receipts import by_code, confirm_token

MAILS_TO_ADDRESS, HOUR = 5, 60 * 60
"""So many mails may questions of strangers have sent to one address in so many seconds."""

_DECIDED = _("Iemand van de gemeente heeft uw vraag gelezen en een besluit genomen:")
_WHY = _("De reden:")
_READ = _("Lees meer op deze pagina:")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the mail goes, and the address that stops it ("" for an account, which has its own page)."""

    address: str
    language: str
    stop: str = ""


def count_mail(platform: Platform, email: str) -> None:
    """Count a mail that a question of somebody has sent to this address; nothing for an empty one. Raises TooMany.

    Call it before the unit of work of the request is used: it writes in a transaction of its own.
    """
    if email and platform.config.limits.enabled:
        hit(platform, "samenspreker.mail", who_hash(platform, email.strip().lower()), MAILS_TO_ADDRESS, HOUR)


def mail_receipt(uow: UnitOfWork, code: str, address: str) -> None:
    """Mail the code of a receipt to who just asked, at an address that is not kept. Raises Invalid (field ``code``)."""
    question = by_code(uow, code)
    body = (
        _("Bedankt voor uw vraag aan de stad. Met deze code volgt u wat ermee gebeurt:"),
        code,
        _("Vul de code in op deze pagina:"),
        page_address(uow.platform, FOLLOW, question.language),
    )
    queue_mail(uow, Message(address, _("De code van uw vraag aan de stad"), body, question.language))
    uow.record("samenspreker.question.receipt_mailed", question.id)


def confirm(uow: UnitOfWork, question: Question) -> None:
    """To an address that somebody filled in: is it yours, and do you want this mail?"""
    language = question.language
    body = (
        _("Iemand vulde dit e-mailadres in bij een vraag aan de stad: “{title}”.", title=question.title),
        _("Was u dat? Klik dan op de link. Pas daarna sturen wij u mail over deze vraag."),
        page_address(uow.platform, _link(uow, question, "ja"), language),
        _("Was u dit niet? Dan hoeft u niets te doen. U krijgt dan geen mail van ons over deze vraag."),
    )
    queue_mail(uow, Message(question.email, _("Wilt u mail over uw vraag aan de stad?"), body, language))


def accepted(uow: UnitOfWork, question: Question) -> None:
    """The question is on the agenda."""
    say = _("Uw vraag “{title}” is aangenomen. Hij staat nu op de agenda van de stad.", title=question.title)
    _send(uow, question, _("Uw vraag aan de stad is aangenomen"), (_DECIDED, say, _WHY, question.reason))


def refused(uow: UnitOfWork, question: Question) -> None:
    """The question is refused."""
    say = _("Uw vraag “{title}” is niet aangenomen.", title=question.title)
    _send(uow, question, _("Uw vraag aan de stad is niet aangenomen"), (_DECIDED, say, _WHY, question.reason))


def merged(uow: UnitOfWork, question: Question, into: Question, reason: str) -> None:
    """The question goes on as part of another."""
    say = _("Uw vraag “{title}” gaat verder samen met een andere vraag: “{other}”.", title=question.title, other=into.title)
    _send(uow, question, _("Uw vraag aan de stad gaat verder met een andere vraag"), (say, _WHY, reason), page=table(into.slug))


def joined(uow: UnitOfWork, into: Question, question: Question, reason: str) -> None:
    """Another question was added to this one."""
    say = _("Een andere vraag is bij uw vraag “{title}” gevoegd: “{other}”.", title=into.title, other=question.title)
    _send(uow, into, _("Een andere vraag is bij uw vraag gevoegd"), (say, _WHY, reason))


def unmerged(uow: UnitOfWork, question: Question, reason: str) -> None:
    """The question goes on by itself again."""
    say = _("Uw vraag “{title}” gaat toch weer apart verder.", title=question.title)
    _send(uow, question, _("Uw vraag aan de stad gaat weer apart verder"), (say, _WHY, reason))


def recipient(uow: UnitOfWork, question: Question) -> Recipient | None:
    """Who gets mail about this question; None when nobody asked for it, or the address was never confirmed."""
    if not question.wants_mail:
        return None
    if question.account_id is not None:
        accounts = ACCOUNT_ADDRESSES.c
        found = uow.session.execute(select(accounts.email, accounts.language).where(accounts.id == question.account_id)).one_or_none()
        return Recipient(found.email, found.language) if found else None
    if question.email and question.email_confirmed_at is not None:
        return Recipient(question.email, question.language, _link(uow, question, "stop"))
    return None


def _send(uow: UnitOfWork, question: Question, subject: Text, body: tuple[Text | str, ...], page: str = "") -> None:
    to = recipient(uow, question)
    if to is None:
        return
    # A submitted question may not be shown to who has no account: then the page to fill in the code is the one to open.
    path = page or (table(question.slug) if question.state != "submitted" or question.account_id else FOLLOW)
    parts = [*body, _READ, page_address(uow.platform, path, to.language)]
    stop = page_address(uow.platform, to.stop, to.language) if to.stop else ""
    if stop:
        parts += [_("Wilt u geen mail meer over deze vraag? Klik dan hier:"), stop]
    queue_mail(uow, Message(to.address, subject, tuple(part for part in parts if part), to.language, unsubscribe_url=stop))


def _link(uow: UnitOfWork, question: Question, what: str) -> str:
    return mail_path(question.id, confirm_token(uow, question), what)


def mail_path(id: uuid.UUID, token: str, what: str) -> str:
    """The page behind a link in a mail: ``what`` is "ja" (confirm the address) or "stop"."""
    return f"{MAIL}/{what}/{id.hex}/{token}"
