"""Rows of several kinds of things in one statement, each with the columns that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, literal, null, select, union_all
from sqlalchemy.types import TypeEngine

from samen_core.api import Code, UnitOfWork

AnyRow = Row[*tuple[Any, ...]]


def part(what: str, types: Mapping[str, TypeEngine[Any]], **columns: Any) -> Select[Any]:
    """A select of ``what`` and the columns of ``types``, null where none is given. Columns of tables cost less than attributes."""
    named = ((columns[name] if name in columns else null().cast(type)).label(name) for name, type in types.items())
    return select(literal(what, Code).label("what"), *named)


def together(*parts: Select[Any]) -> CompoundSelect[Any]:
    """The rows of all parts, each with its own limit; in no order that can be relied on."""
    return union_all(*(select(one.subquery()) for one in parts))


def by_kind(uow: UnitOfWork, statement: CompoundSelect[Any], values: Mapping[str, Any]) -> dict[str, list[AnyRow]]:
    """The rows of such a statement by their ``what``. One statement."""
    found: dict[str, list[AnyRow]] = defaultdict(list)
    uow.session.flush()
    for row in uow.session.connection().execute(statement, values).all():
        found[row.what].append(row)
    return found
