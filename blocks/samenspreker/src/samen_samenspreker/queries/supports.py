"""Who supports a question."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from samen_core.api import UnitOfWork
from samen_samenspreker.models import Question, QuestionSupport

_MINE = select(QuestionSupport.question_id).where(
    QuestionSupport.account_id == bindparam("account_id"), QuestionSupport.question_id.in_(bindparam("ids", expanding=True))
)
_MERGED = select(Question.id).where(Question.merged_into_id.in_(bindparam("ids", expanding=True)), Question.state == "merged")


def supported_by_me(uow: UnitOfWork, question_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these questions the actor supports. One statement; none for who is not logged in."""
    if uow.actor.account_id is None or not question_ids:
        return set()
    return set(uow.session.execute(_MINE, {"account_id": uow.actor.account_id, "ids": list(question_ids)}).scalars())


def with_merged(uow: UnitOfWork, question_id: uuid.UUID) -> list[uuid.UUID]:
    """The question and everything that was merged into it, also by way of another. A statement per level."""
    found, level = [question_id], [question_id]
    while level:
        level = [id for id in uow.session.execute(_MERGED, {"ids": level}).scalars() if id not in found]
        found += level
    return found
