"""Following a question without account: by the code of its receipt, and by mail to a confirmed address."""

from __future__ import annotations

import hmac
import uuid

from sqlalchemy import select

from samen_core.api import Gone, Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, clean_code, keyed_hash
from samen_inbreng.api import UseReceipt, contribution_by_code
from samen_samenspreker.models import Question
from samen_samenspreker.paths import FOLLOW

RECEIPT = "samenspreker.receipt"
CONFIRM = "samenspreker.confirm"
UNKNOWN: Text = _("Wij kennen deze code niet. Controleer de letters en cijfers.")


def by_code(uow: UnitOfWork, code: str) -> Question:
    """The question of a receipt code, however it is typed. Raises Invalid (field ``code``) for a code that belongs to none."""
    question = uow.session.execute(select(Question).where(Question.receipt_hash == _hash(uow, code))).scalar_one_or_none()
    if question is None:
        raise Invalid({"code": [UNKNOWN]})
    return question


def know_code(uow: UnitOfWork, code: str, pages: list[str]) -> None:
    """Say where a code that was typed elsewhere is followed, when it is that of a question (the signal ``CODE_UNKNOWN``)."""
    if uow.session.execute(select(Question.id).where(Question.receipt_hash == _hash(uow, code))).first() is not None:
        pages.append(FOLLOW)


def knows_contribution(uow: UnitOfWork, code: str) -> bool:
    """Whether a code that belongs to no question is that of a contribution."""
    try:
        contribution_by_code(uow, UseReceipt(code=clean_code(code) or ""))
    except Invalid:
        return False
    return True


def locked_by_code(uow: UnitOfWork, code: str, id: uuid.UUID) -> Question:
    """The question with this id, locked, for who has its code. Raises NotFound."""
    statement = select(Question).where(Question.id == id, Question.receipt_hash == _hash(uow, code)).with_for_update()
    question = uow.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if question is None:
        raise NotFound
    return question


def claim(uow: UnitOfWork, code: str) -> Question:
    """Tie the question of a receipt code to the account of the actor; the code then stops working. Raises Invalid and NotAllowed."""
    if uow.actor.account_id is None:
        raise NotAllowed(log_in=True)
    question = locked_by_code(uow, code, by_code(uow, code).id)
    question.account_id, question.receipt_hash = uow.actor.account_id, None
    # From now on mail goes to the address of the account.
    question.email = ""
    uow.session.flush()
    uow.record("samenspreker.question.claimed", question.id)
    return question


def confirm_token(uow: UnitOfWork, question: Question) -> str:
    """What the link in the mail carries: it proves that its reader gets the mail of this address."""
    return keyed_hash(uow.platform, CONFIRM, f"{question.id.hex}\n{question.email}")


def to_confirm(uow: UnitOfWork, id: uuid.UUID, token: str) -> Question:
    """The question whose address a link confirms. Raises Gone for a link that does not hold (any more)."""
    question = uow.session.get(Question, id)
    if question is None or not question.email or not hmac.compare_digest(token.encode(), confirm_token(uow, question).encode()):
        raise Gone(_("Deze link werkt niet (meer)."))
    return question


def confirm_address(uow: UnitOfWork, id: uuid.UUID, token: str) -> Question:
    """Note that the address belongs to who asked, so that mail may be sent to it. Raises Gone."""
    question = to_confirm(uow, id, token)
    if question.email_confirmed_at is None:
        question.email_confirmed_at = uow.now
        uow.session.flush()
        uow.record("samenspreker.question.address_confirmed", question.id)
    return question


def stop_mail(uow: UnitOfWork, id: uuid.UUID, token: str) -> Question:
    """Send no more mail about this question, and forget the address. Raises Gone."""
    question = to_confirm(uow, id, token)
    question.email, question.wants_mail, question.email_confirmed_at = "", False, None
    uow.session.flush()
    uow.record("samenspreker.question.mail_stopped", question.id)
    return question


def _hash(uow: UnitOfWork, code: str) -> str:
    """The hash of a code; of one that cannot exist that of nothing."""
    return keyed_hash(uow.platform, RECEIPT, clean_code(code) or "")
