"""Support for a question: once for each account, to be taken back, never a condition for anything."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table, delete, exists, func, literal, select, update

from samen_core.api import Gone, NotAllowed, UnitOfWork, _
from samen_samenspreker.events import QuestionSupported
from samen_samenspreker.models import Question, QuestionSupport
from samen_samenspreker.permissions import SUPPORT_QUESTION
from samen_samenspreker.queries.supports import supported_by_me, with_merged
from samen_samenspreker.services.common import locked_question, tell

_QUESTION = cast("Table", Question.__table__)


def support(uow: UnitOfWork, id: uuid.UUID) -> Question:
    """Support a question; doing it twice changes nothing. Raises NotFound, NotAllowed and Gone (no longer on a table)."""
    question = _open_question(uow, id)
    if not supported_by_me(uow, [question.id]):
        uow.session.add(QuestionSupport(question_id=question.id, account_id=_account(uow), at=uow.now))
        uow.session.flush()
        count_supports(uow, question)
        uow.record("samenspreker.question.supported", question.id)
        tell(uow, QuestionSupported, question)
    return question


def take_back(uow: UnitOfWork, id: uuid.UUID) -> Question:
    """Take one's support back, also where it was given to a question that was merged into this one. Raises like :func:`support`."""
    question = _open_question(uow, id)
    everywhere = with_merged(uow, question.id)
    mine = (QuestionSupport.account_id == _account(uow), QuestionSupport.question_id.in_(everywhere))
    if uow.session.execute(delete(QuestionSupport).where(*mine).returning(QuestionSupport.question_id)).first():
        for merged in everywhere:
            _recount(uow, merged)
        uow.session.refresh(question, ["supports"])
        uow.record("samenspreker.question.support_withdrawn", question.id)
    return question


def copy_supports(uow: UnitOfWork, question: Question, into: Question) -> None:
    """Let everybody who supports a question support another: nobody twice."""
    rows, there = QuestionSupport.__table__.c, cast("Table", QuestionSupport.__table__).alias()
    already = exists().where(there.c.question_id == into.id, there.c.account_id == rows.account_id)
    moved = select(literal(into.id, type_=rows.question_id.type), rows.account_id, rows.question_id, rows.at).where(
        rows.question_id == question.id, ~already
    )
    columns = ["question_id", "account_id", "came_from_id", "at"]
    uow.session.execute(cast("Table", QuestionSupport.__table__).insert().from_select(columns, moved))
    count_supports(uow, into)


def return_supports(uow: UnitOfWork, question: Question, into: Question) -> None:
    """Undo :func:`copy_supports`."""
    came = (QuestionSupport.question_id == into.id, QuestionSupport.came_from_id == question.id)
    uow.session.execute(delete(QuestionSupport).where(*came))
    count_supports(uow, into)


def count_supports(uow: UnitOfWork, question: Question) -> None:
    """Bring the number of a locked question up to date. It is no change of its text, so its version stays."""
    _recount(uow, question.id)
    uow.session.refresh(question, ["supports"])


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Take away every support of an account that is being erased."""
    mine = delete(QuestionSupport).where(QuestionSupport.account_id == account_id)
    for question_id in uow.session.execute(mine.returning(QuestionSupport.question_id)).scalars().all():
        _recount(uow, question_id)


def _recount(uow: UnitOfWork, question_id: uuid.UUID) -> None:
    number = select(func.count()).select_from(QuestionSupport).where(QuestionSupport.question_id == question_id).scalar_subquery()
    uow.session.execute(update(_QUESTION).where(_QUESTION.c.id == question_id).values(supports=number))


def _account(uow: UnitOfWork) -> uuid.UUID:
    if uow.actor.account_id is None:
        raise NotAllowed(_("Log in om uw steun te geven: zo telt iedereen één keer mee."), log_in=True)
    return uow.actor.account_id


def _open_question(uow: UnitOfWork, id: uuid.UUID) -> Question:
    SUPPORT_QUESTION.require(uow.actor)
    _account(uow)
    question = locked_question(uow, id)
    if question.state != "accepted" or question.step == "closed":
        raise Gone(_("Deze vraag ligt niet (meer) op tafel. Steunen kan niet meer."))
    return question
