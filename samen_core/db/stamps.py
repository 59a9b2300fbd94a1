"""One text that changes when rows do: it tells in one column whether what was kept of them in memory still holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal


def stamp(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """These values (counts, sums of versions, last moments, other stamps) as one text."""
    first, *others = (func.coalesce(cast(column, String), "") for column in columns)
    text: ColumnElement[str] = first
    for column in others:
        text = text + literal("/") + column
    return text
