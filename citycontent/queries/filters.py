"""Conditions that the lists share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from citycontent.models import Counter
from citycontent.models.types import fold
from samen_core.api import UnitOfWork

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
MOST_WORDS = 8


def contains(text: str, folded: InstrumentedAttribute[str], *others: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Rows in which every word of ``text`` stands: in the ``folded`` column (without case and accents) or in one of the others."""
    conditions: list[ColumnElement[bool]] = []
    for word in text.split()[:MOST_WORDS]:
        found: list[ColumnElement[bool]] = [func.lower(column).contains(word.lower(), autoescape=True) for column in others]
        if plain := fold(word):
            found.append(folded.contains(plain, autoescape=True))
        conditions.append(or_(*found))
    return and_(*conditions) if conditions else false()


def counters(uow: UnitOfWork, name: str) -> dict[str, int]:
    """How many things there are per key of a counter. One statement."""
    rows: Any = uow.session.execute(select(Counter.key, Counter.value).where(Counter.name == name))
    return {row.key: row.value for row in rows}
