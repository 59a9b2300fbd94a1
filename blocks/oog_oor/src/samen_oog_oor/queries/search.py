"""The text of cases and patterns for the search index. Only what every visitor may see: the index knows no readers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from citycontent.api import Area
from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_oog_oor.models import Case, Category, Pattern
from samen_oog_oor.queries.public import READABLE

MOST_WORDS = 200
"""So many letters of the synonyms of a category help to find its cases."""


def case_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Cases with a page for everybody, also found by number, category, neighbourhood and place. One statement."""
    rows = uow.session.execute(_cases(), {"ids": list(ids)})
    return [
        SearchDocument(
            row.id,
            row.title,
            _words(row.number, row.category, row.main, row.area, row.public_place, row.words[:MOST_WORDS]),
            "\n".join(part for part in (row.public_text, markdown_text(row.answer)) if part),
        )
        for row in rows
    ]


def pattern_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Patterns that were proposed, also found by category and neighbourhood. One statement."""
    rows = uow.session.execute(_patterns(), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.category, row.area), row.question) for row in rows]


@cache
def _cases() -> Any:
    main = aliased(Category)
    return (
        select(
            Case.id,
            Case.title,
            Case.number,
            Case.public_place,
            Case.public_text,
            Case.answer,
            Category.name.label("category"),
            Category.words.label("words"),
            main.name.label("main"),
            Area.name.label("area"),
        )
        .join(Category, Category.id == Case.category_id)
        .outerjoin(main, main.id == Category.parent_id)
        .outerjoin(Area, Area.id == Case.area_id)
        .where(Case.id.in_(bindparam("ids", expanding=True)), READABLE)
    )


@cache
def _patterns() -> Any:
    return (
        select(Pattern.id, Pattern.title, Pattern.question, Category.name.label("category"), Area.name.label("area"))
        .join(Category, Category.id == Pattern.category_id)
        .outerjoin(Area, Area.id == Pattern.area_id)
        .where(Pattern.id.in_(bindparam("ids", expanding=True)), Pattern.state.in_(("proposed", "asked")))
    )


def _words(*names: str | None) -> str:
    return " ".join(name for name in names if name)
