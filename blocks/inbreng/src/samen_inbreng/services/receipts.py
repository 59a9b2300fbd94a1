"""Following and claiming a contribution with the code of its receipt."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import Invalid, NotAllowed, UnitOfWork, _
from samen_inbreng.events import ContributionClaimed
from samen_inbreng.models import Contribution
from samen_inbreng.permissions import CLAIM
from samen_inbreng.schemas.contribution import UseReceipt
from samen_inbreng.services import mails
from samen_inbreng.services.common import tell_contribution
from samen_inbreng.services.receipt_codes import code_hash
from samen_inbreng.services.support import drop_own

TRIES, WINDOW = 10, 600
"""So often may somebody try a code, in so many seconds."""

CODE_UNKNOWN = "inbreng.code_unknown"
"""The signal that somebody typed the code of no contribution, sent with ``code`` and the list ``pages``: a block that knows the code adds
the path of its page that takes the code in a form field ``code``."""


def page_of_code(uow: UnitOfWork, code: str) -> str | None:
    """The page of another block where this code is followed; None when nobody knows it."""
    pages: list[str] = []
    uow.send(CODE_UNKNOWN, code=code, pages=pages)
    return pages[0] if pages else None


def follow(uow: UnitOfWork, command: UseReceipt) -> Contribution:
    """The contribution with this code, in any state. Raises Invalid (key ``code``); the caller limits how often somebody may try."""
    statement = select(Contribution).where(Contribution.receipt_hash == code_hash(uow, command.code))
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None or found.account_id is not None:
        raise Invalid({"code": [_("Wij kennen geen bijdrage met deze code. Controleer de tekens.")]})
    return found


def claim(uow: UnitOfWork, command: UseReceipt) -> Contribution:
    """Tie a contribution to the actor's account: from then on that account follows it, and the code is used up.

    Raises NotAllowed, Invalid.
    """
    CLAIM.require(uow.actor)
    account_id = uow.actor.account_id
    if account_id is None:
        raise NotAllowed
    contribution = follow(uow, command)
    drop_own(uow, contribution, account_id)
    contribution.account_id, contribution.receipt_hash = account_id, None
    contribution.email, contribution.email_confirmed_at = "", None
    uow.session.flush()
    uow.record(ContributionClaimed.type, contribution.id)
    tell_contribution(uow, ContributionClaimed, contribution)
    return contribution


def mail_receipt(uow: UnitOfWork, command: UseReceipt, address: str) -> uuid.UUID:
    """Mail the code to its sender, who asks for it just after sending; the contribution's id. Raises Invalid."""
    contribution = follow(uow, command)
    mails.send_receipt(uow, contribution, command.code, address)
    uow.record("inbreng.contribution.receipt_mailed", contribution.id)
    return contribution.id
