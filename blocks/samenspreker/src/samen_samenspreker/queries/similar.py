"""Questions that look like one that somebody is about to put."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, and_, bindparam, select

from samen_core.api import Subject, UnitOfWork, similar_query
from samen_samenspreker.models import Question

AnyRow = Row[*tuple[Any, ...]]
MOST = 5
CANDIDATES = 30
ENOUGH_WORDS = 2
ENOUGH = 0.3
"""The share of the telling words of the shorter title that must occur in the other question."""

_T = Question.__table__.c
_ROWS = select(_T.id, _T.slug, _T.title, _T.description, _T.area_id, _T.theme_id, _T.step, _T.supports).where(
    _T.id.in_(bindparam("ids", expanding=True)), _T.state == "accepted"
)


def similar_questions(
    uow: UnitOfWork,
    title: str,
    description: str = "",
    *,
    area_id: uuid.UUID | None = None,
    theme_id: uuid.UUID | None = None,
    leave_out: Collection[uuid.UUID] = (),
) -> list[AnyRow]:
    """At most five accepted questions about the same, the most alike first; the same area or theme weighs a little. Two statements.

    The index proposes, the words of both titles decide: one shared word is no likeness.
    """
    query = similar_query(f"{title} {description}")
    if query.is_empty:
        return []
    allowed = and_(Subject.type == "question", Subject.state == "active", Subject.public)
    ids = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, CANDIDATES)]
    ids = [id for id in ids if id not in leave_out]
    if not ids:
        return []
    asked_title, asked = set(similar_query(title).stems), set(query.stems)
    found: list[tuple[float, int, AnyRow]] = []
    for row in uow.session.execute(_ROWS, {"ids": ids}):
        likeness = _likeness(asked_title, asked, row)
        if likeness >= ENOUGH:
            near = 0.1 * (area_id is not None and row.area_id == area_id) + 0.1 * (theme_id is not None and row.theme_id == theme_id)
            found.append((likeness + near, -ids.index(row.id), row))
    return [row for _score, _place, row in sorted(found, key=lambda item: item[:2], reverse=True)[:MOST]]


def _likeness(asked_title: set[str], asked: set[str], row: AnyRow) -> float:
    """How much of either title occurs in the other question, from 0 to 1."""
    title, whole = set(similar_query(row.title).stems), set(similar_query(f"{row.title} {row.description}").stems)
    if len(asked & whole) < ENOUGH_WORDS:
        return 0.0
    shares = [len(words & other) / len(words) for words, other in ((asked_title, whole), (title, asked)) if words]
    return max(shares, default=0.0)
