"""One text that changes when rows do: it tells in one column whether what was kept of them in memory still holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select

# Written into the statement: a stamp of many parts is read with every request, and a bound value costs more each time than all of it.
_NOTHING: ColumnElement[str] = literal_column("''", String)
_BETWEEN: ColumnElement[str] = literal_column("'/'", String)


def stamp(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """These values (counts, sums of versions, last moments, other stamps) as one text."""
    first, *others = (func.coalesce(cast(column, String), _NOTHING) for column in columns)
    text: ColumnElement[str] = first
    for column in others:
        text = text + _BETWEEN + column
    return text


def looked_up(table: Any, *columns: ColumnElement[Any], where: ColumnElement[bool] | None = None) -> tuple[ColumnElement[Any], ...]:
    """Counts, sums and largest values of a table, each looked up by itself: where there is an index for one no row need be read."""
    found = (select(column).select_from(table).correlate(None) for column in columns)
    return tuple((one if where is None else one.where(where)).scalar_subquery() for one in found)
