"""Letting go of who put a question: at once when an account is erased, and for everybody when the term is over."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from samen_core.api import UnitOfWork
from samen_samenspreker.models import FinalReport, Question, QuestionSupport
from samen_samenspreker.services.question_support import forget_account as forget_supports

TERM = timedelta(days=730)
"""Two years after the end of a question (its final report, its refusal or merge), as the columns declare."""

_NOBODY = {"account_id": None, "author_name": "", "email": "", "wants_mail": False, "email_confirmed_at": None, "receipt_hash": None}


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let go of an account that is being erased: its questions stay without name, its support goes."""
    uow.session.execute(update(Question).where(Question.account_id == account_id).values(**_NOBODY))
    uow.session.execute(update(Question).where(Question.decided_by_id == account_id).values(decided_by_id=None))
    forget_supports(uow, account_id)


def forget_in_time(uow: UnitOfWork) -> None:
    """A job: blank names and addresses of questions whose term is over, and who supported them; the number of supports stays."""
    before = uow.now - TERM
    reported = select(FinalReport.question_id).where(FinalReport.published_at < before)
    done = or_(
        Question.state.in_(("refused", "merged")) & (Question.decided_at < before),
        (Question.state == "withdrawn") & (Question.at < before),
        (Question.step == "closed") & Question.id.in_(reported),
    )
    known = or_(Question.account_id.is_not(None), Question.author_name != "", Question.email != "", Question.receipt_hash.is_not(None))
    blanked = uow.session.execute(update(Question).where(done, known).values(**_NOBODY).returning(Question.id)).scalars().all()
    gone = delete(QuestionSupport).where(QuestionSupport.question_id.in_(select(Question.id).where(done)))
    forgotten = uow.session.execute(gone.returning(QuestionSupport.question_id)).first() is not None
    if blanked or forgotten:
        uow.record("samenspreker.question.forgotten", after={"questions": len(blanked)})
