"""The text of cases, signals and patterns for the search index.

Visitors find only what every one of them may see: the index knows no readers. What stands apart is for the desk, which checks who reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from citycontent.api import Area
from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_oog_oor.models import Case, Category, Pattern, Signal
from samen_oog_oor.queries.public import READABLE

MOST_WORDS = 200
"""So many letters of the synonyms of a category help to find its cases."""


def case_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Every case for the desk, by its title, place and public text; those with a page for everybody are found by more. One statement.

    Everybody finds these by number, category, neighbourhood and public place too.
    """
    return [_case_document(row) for row in uow.session.execute(_cases(), {"ids": list(ids)})]


def _case_document(row: Any) -> SearchDocument:
    apart = _words(row.number, row.title, row.address, row.public_text)
    if not row.readable:
        return SearchDocument(row.id, "", apart=apart)
    return SearchDocument(
        row.id,
        row.title,
        _words(row.number, row.category, row.main, row.area, row.public_place, row.words[:MOST_WORDS]),
        "\n".join(part for part in (row.public_text, markdown_text(row.answer)) if part),
        apart,
    )


def signal_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """What was reported, for the desk alone. One statement."""
    rows = uow.session.execute(_SIGNALS, {"ids": list(ids)})
    return [SearchDocument(row.id, "", apart=row.text) for row in rows]


def pattern_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Patterns that were proposed, also found by category and neighbourhood. One statement."""
    rows = uow.session.execute(_patterns(), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.category, row.area), row.question) for row in rows]


_SIGNALS = select(Signal.id, Signal.text).where(Signal.id.in_(bindparam("ids", expanding=True)), Signal.text != "")


@cache
def _cases() -> Any:
    main = aliased(Category)
    return (
        select(
            Case.id,
            Case.title,
            Case.number,
            Case.address,
            Case.public_place,
            Case.public_text,
            Case.answer,
            READABLE.label("readable"),
            Category.name.label("category"),
            Category.words.label("words"),
            main.name.label("main"),
            Area.name.label("area"),
        )
        .join(Category, Category.id == Case.category_id)
        .outerjoin(main, main.id == Category.parent_id)
        .outerjoin(Area, Area.id == Case.area_id)
        .where(Case.id.in_(bindparam("ids", expanding=True)))
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
