"""Partial dates, which several tables hold."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, TypeDecorator, and_, func, or_
from sqlalchemy.engine import Dialect

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class PartialDate(str):
    """A date that may be known only to its month or year: ``YYYY[-MM[-DD]]``, the pattern of Popolo.

    The length tells the precision, so nothing is stored beside it. Raises ValueError for anything else, such as 2026-02-30.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> PartialDate:
        """Check and make one."""
        found = _PATTERN.fullmatch(value)
        if not found:
            raise ValueError(f"{value!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else 1 for part in found.groups())
        date(year, month, day)
        return super().__new__(cls, value)

    @property
    def first_day(self) -> date:
        """The first day that it may be."""
        year, month, day = [*(int(part) for part in self.split("-")), 1, 1][:3]
        return date(year, month, day)

    @property
    def last_day(self) -> date:
        """The last day that it may be."""
        parts = [int(part) for part in self.split("-")]
        year, month = parts[0], parts[1] if len(parts) > 1 else 12
        return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


class PartialDateColumn(TypeDecorator[PartialDate]):
    """A column of partial dates, stored as their text. Earlier text sorts earlier; see :func:`valid_on` for comparing."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Check before storing."""
        return None if value is None else str(PartialDate(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> PartialDate | None:  # noqa: ARG002
        """Read back as a :class:`PartialDate`."""
        return None if value is None else PartialDate(value)


def valid_on(start: ColumnElement[Any], end: ColumnElement[Any], day: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a period of two partial dates covers ``day`` (``YYYY-MM-DD``): an end of ``2026`` lasts until 31 December 2026.

    An empty start or end is open (Popolo).
    """
    started = or_(start.is_(None), func.substr(day, 1, func.length(start)) >= start)
    ended = and_(end.is_not(None), func.substr(day, 1, func.length(end)) > end)
    return and_(started, ~ended)


def is_valid_on(start: PartialDate | None, end: PartialDate | None, day: date) -> bool:
    """The same as :func:`valid_on` for values that were read."""
    return (start is None or start.first_day <= day) and (end is None or end.last_day >= day)
