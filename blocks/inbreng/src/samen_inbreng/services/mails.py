"""The mails to who contributed, and the links in them.

Links are signed for one purpose and one contribution. Opening one changes nothing, since programs open links too: a button acts.
"""

from __future__ import annotations

import hmac
import uuid
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select, update

from samen_core.api import ACCOUNT_ADDRESSES, Gone, UnitOfWork, _, keyed_hash, managed_mail, page_address, queue_mail
from samen_inbreng import managed_texts, paths
from samen_inbreng.models import Contribution

Purpose = Literal["confirm", "stop"]
PATHS: dict[Purpose, str] = {"confirm": paths.CONFIRM, "stop": paths.STOP}
CONFIRM_WITHIN = timedelta(days=7)
_LENGTH = 32


def link(uow: UnitOfWork, purpose: Purpose, contribution_id: uuid.UUID, language: str) -> str:
    """The whole address of a signed link, for a mail in this language."""
    return page_address(uow.platform, f"{PATHS[purpose]}/{contribution_id.hex}.{_signature(uow, purpose, contribution_id)}", language)


def unsubscribe_url(uow: UnitOfWork, contribution_id: uuid.UUID, language: str) -> str:
    """The address that ends all mail about the subject of this contribution to its sender."""
    return link(uow, "stop", contribution_id, language)


def read_link(uow: UnitOfWork, purpose: Purpose, token: str) -> Contribution:
    """The contribution of a link. Raises Gone for one that is made up or too old."""
    key, _dot, signature = token.partition(".")
    try:
        id = uuid.UUID(hex=key)
    except ValueError:
        raise Gone(_BROKEN) from None
    if not hmac.compare_digest(signature.encode(), _signature(uow, purpose, id).encode()):
        raise Gone(_BROKEN)
    found = uow.session.get(Contribution, id)
    if found is None or (purpose == "confirm" and uow.now > found.at + CONFIRM_WITHIN):
        raise Gone(_BROKEN)
    return found


def confirm_address(uow: UnitOfWork, token: str) -> Contribution:
    """The sender proved the e-mail address: mail may go there. Raises Gone."""
    contribution = read_link(uow, "confirm", token)
    if not contribution.email:
        raise Gone(_BROKEN)
    if contribution.email_confirmed_at is None:
        contribution.email_confirmed_at = uow.now
        contribution.wants_mail = True
        uow.record("inbreng.contribution.address_confirmed", contribution.id)
        uow.session.flush()
    return contribution


def stop_mail(uow: UnitOfWork, token: str) -> Contribution:
    """No more mail about this subject to the address of this contribution's sender, also of what came with or without account.

    Raises Gone.
    """
    contribution = read_link(uow, "stop", token)
    account = ACCOUNT_ADDRESSES.c
    mine = Contribution.id == contribution.id
    address = contribution.email.lower()
    if contribution.account_id is not None:
        mine |= Contribution.account_id == contribution.account_id
        address = address_of(uow, contribution)[0].lower()
    if address:
        mine |= func.lower(Contribution.email) == address
        mine |= Contribution.account_id.in_(select(account.id).where(func.lower(account.email) == address))
    stop = update(Contribution).where(Contribution.subject_id == contribution.subject_id, mine, Contribution.wants_mail)
    uow.session.execute(stop.values(wants_mail=False).execution_options(synchronize_session="fetch"))
    uow.record("inbreng.contribution.mail_stopped", contribution.id)
    return contribution


def ask_confirmation(uow: UnitOfWork, contribution: Contribution) -> None:
    """To a sender without account: confirm the address. Nothing else is mailed before that."""
    values = {"link": link(uow, "confirm", contribution.id, contribution.language)}
    queue_mail(uow, managed_mail(uow, managed_texts.CONFIRM, contribution.email, contribution.language, values))


def send_receipt(uow: UnitOfWork, contribution: Contribution, code: str, address: str) -> None:
    """The code of the receipt by mail, when its sender asks."""
    values = {"code": code, "link": page_address(uow.platform, paths.FOLLOW, contribution.language)}
    queue_mail(uow, managed_mail(uow, managed_texts.RECEIPT, address, contribution.language, values))


def tell_author(uow: UnitOfWork, contribution: Contribution, key: str, path: str, **values: object) -> None:
    """Tell the author what a moderator did with the contribution on the page ``path``; nothing without a way to mail. One statement."""
    address, language = address_of(uow, contribution)
    if address:
        queue_mail(uow, managed_mail(uow, key, address, language, {"link": page_address(uow.platform, path, language), **values}))


def address_of(uow: UnitOfWork, contribution: Contribution) -> tuple[str, str]:
    """Where mail to the author goes, and in which language; empty where it may not go."""
    if contribution.account_id is not None:
        found = uow.session.execute(
            select(ACCOUNT_ADDRESSES.c.email, ACCOUNT_ADDRESSES.c.language).where(ACCOUNT_ADDRESSES.c.id == contribution.account_id)
        ).one_or_none()
        return (found.email, found.language) if found else ("", "nl")
    return (contribution.email if contribution.email_confirmed_at else ""), contribution.language


def _signature(uow: UnitOfWork, purpose: Purpose, id: uuid.UUID) -> str:
    return keyed_hash(uow.platform, f"inbreng {purpose}", id.hex)[:_LENGTH]


_BROKEN = _("Deze link werkt niet (meer).")
