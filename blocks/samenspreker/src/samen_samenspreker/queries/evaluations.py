"""Evaluations to read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from samen_core.api import UnitOfWork
from samen_samenspreker.models import Evaluation

_OF_TABLE = select(Evaluation).where(Evaluation.question_id == bindparam("question_id")).order_by(Evaluation.cycle.desc())


def evaluations_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[Evaluation]:
    """The evaluations of a table, drafts too, the newest cycle first. One statement."""
    return uow.session.execute(_OF_TABLE, {"question_id": question_id}).scalars().all()


def evaluation_of_cycle(uow: UnitOfWork, question_id: uuid.UUID, cycle: int) -> Evaluation | None:
    """The evaluation of one cycle, draft or published. One statement."""
    return next((found for found in evaluations_of(uow, question_id) if found.cycle == cycle), None)
