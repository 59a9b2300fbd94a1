"""The history of a question: its moves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_samenspreker.models import Move

COLUMNS = (Move.id, Move.from_step, Move.to_step, Move.cycle, Move.reason, Move.at)
ORDER = Order("moves", SortKey(Move.id))
_MOVES: Any = select(*COLUMNS).where(Move.question_id == bindparam("id"))
_ALL = _MOVES.order_by(Move.id)


def moves_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every move of a question, oldest first. One statement; a question moves a handful of times."""
    rows: Sequence[Row[*tuple[Any, ...]]] = uow.session.execute(_ALL, {"id": question_id}).all()
    return rows


def move_page(uow: UnitOfWork, question_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """A page of the moves, oldest first."""
    return fetch_page(uow.session, _MOVES, ORDER, request, {"id": question_id})
