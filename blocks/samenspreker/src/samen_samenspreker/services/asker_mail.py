"""The mails to who put a question: only when they asked for them, and only to an address that is theirs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, Platform, UnitOfWork, hit, managed_mail, page_address, queue_mail, who_hash
from samen_samenspreker import managed_texts
from samen_samenspreker.models import Question
from samen_samenspreker.paths import FOLLOW, MAIL, table
from samen_samenspreker.services.receipts import by_code, confirm_token

MAILS_TO_ADDRESS, HOUR = 5, 60 * 60
"""So many mails may questions of strangers have sent to one address in so many seconds."""


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
    values = {"code": code, "link": page_address(uow.platform, FOLLOW, question.language)}
    queue_mail(uow, managed_mail(uow, managed_texts.RECEIPT, address, question.language, values))
    uow.record("samenspreker.question.receipt_mailed", question.id)


def confirm(uow: UnitOfWork, question: Question) -> None:
    """To an address that somebody filled in: is it yours, and do you want this mail?"""
    values = {"title": question.title, "link": page_address(uow.platform, _link(uow, question, "ja"), question.language)}
    queue_mail(uow, managed_mail(uow, managed_texts.CONFIRM, question.email, question.language, values))


def accepted(uow: UnitOfWork, question: Question) -> None:
    """The question is on the agenda."""
    _send(uow, question, managed_texts.ACCEPTED, question.reason)


def refused(uow: UnitOfWork, question: Question) -> None:
    """The question is refused."""
    _send(uow, question, managed_texts.REFUSED, question.reason)


def merged(uow: UnitOfWork, question: Question, into: Question, reason: str) -> None:
    """The question goes on as part of another."""
    _send(uow, question, managed_texts.MERGED, reason, page=table(into.slug), other=into.title)


def joined(uow: UnitOfWork, into: Question, question: Question, reason: str) -> None:
    """Another question was added to this one."""
    _send(uow, into, managed_texts.JOINED, reason, other=question.title)


def unmerged(uow: UnitOfWork, question: Question, reason: str) -> None:
    """The question goes on by itself again."""
    _send(uow, question, managed_texts.UNMERGED, reason)


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


def _send(uow: UnitOfWork, question: Question, key: str, reason: str, page: str = "", **more: object) -> None:
    to = recipient(uow, question)
    if to is None:
        return
    # A submitted question may not be shown to who has no account: then the page to fill in the code is the one to open.
    path = page or (table(question.slug) if question.state != "submitted" or question.account_id else FOLLOW)
    stop = page_address(uow.platform, to.stop, to.language) if to.stop else ""
    values = {
        "title": question.title,
        "reason": reason,
        "link": page_address(uow.platform, path, to.language),
        "stop": (managed_texts.STOP_QUESTION, stop) if stop else "",
        **more,
    }
    queue_mail(uow, managed_mail(uow, key, to.address, to.language, values, unsubscribe_url=stop))


def _link(uow: UnitOfWork, question: Question, what: str) -> str:
    return mail_path(question.id, confirm_token(uow, question), what)


def mail_path(id: uuid.UUID, token: str, what: str) -> str:
    """The page behind a link in a mail: ``what`` is "ja" (confirm the address) or "stop"."""
    return f"{MAIL}/{what}/{id.hex}/{token}"
