"""Keyset pages for REST and web lists: one order per list, opaque cursors, no offsets, so that page 500 costs what page 1 costs.

A cursor names the list's order, a direction and the values of the order's columns at the edge of a page. It is only a place in a
list: a reader may make one up, so every value is checked by the type of its column and only ever used as a bound parameter.
"""

from __future__ import annotations

import binascii
import json
import math
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Row, Select, TypeDecorator, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from samen_core.errors import Invalid
from samen_core.i18n import _, format_number

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_CURSOR = 2000
COUNT_CAP = 1000

Direction = Literal["next", "previous"]
Item = TypeVar("Item")
Other = TypeVar("Other")
Column = ColumnElement[Any] | InstrumentedAttribute[Any]

_WRONG_CURSOR = _("Deze plaats in de lijst bestaat niet. Begin opnieuw bij de eerste pagina.")


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column of an order. It may not be null and must be selected, because the cursor is made from the row."""

    column: Column
    descending: bool = False


class Order:
    """How a list is ordered. The last key must be unique, or rows would be skipped; ``name`` goes into the cursor."""

    def __init__(self, name: str, *keys: SortKey) -> None:
        self.name = name
        self.keys = keys
        self.forward = tuple(_sorted(key, key.descending) for key in keys)
        self.backward = tuple(_sorted(key, not key.descending) for key in keys)

    def values(self, row: Row[Any]) -> tuple[Any, ...]:
        """The values of the order's columns in a selected row."""
        return tuple(_value(row, key.column) for key in self.keys)

    def beyond(self, values: Sequence[Any], direction: Direction) -> ColumnElement[bool]:
        """The condition for rows after (or before) the row with these values."""
        descending = [key.descending != (direction == "previous") for key in self.keys]
        columns = [key.column for key in self.keys]
        bound = [literal(value, column.type) for column, value in zip(columns, values, strict=True)]
        if len(set(descending)) == 1:
            left, right = tuple_(*columns), tuple_(*bound)
            return left < right if descending[0] else left > right
        alternatives = []
        for index, down in enumerate(descending):
            equal = [columns[before] == bound[before] for before in range(index)]
            alternatives.append(and_(*equal, columns[index] < bound[index] if down else columns[index] > bound[index]))
        return or_(*alternatives)


def _value(row: Row[Any], column: Column) -> Any:
    # A select of a table's columns knows a mapped attribute by its name only.
    return row._mapping[column] if column in row._mapping else row._mapping[str(column.key)]


def _sorted(key: SortKey, descending: bool) -> ColumnElement[Any]:
    return key.column.desc() if descending else key.column.asc()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list: ``limit`` items (1 to 100) from ``cursor``; an empty cursor is the first page."""

    limit: int = DEFAULT_LIMIT
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of items that is exact up to a cap; ``more`` says that there are more than ``number``."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return str(_("meer dan {number}", number=format_number(self.number))) if self.more else format_number(self.number)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list. ``next`` and ``previous`` are cursors, None where there is no such page; ``count`` only if asked."""

    items: Sequence[Item]
    next: str | None = None
    previous: str | None = None
    count: Count | None = None

    def map(self, function: Callable[[Item], Other]) -> Page[Other]:
        """The same page with every item replaced."""
        return Page([function(item) for item in self.items], self.next, self.previous, self.count)


def fetch_page(session: Session, statement: Select[Any], order: Order, request: PageRequest) -> Page[Row[Any]]:
    """The asked page of ``statement``, which comes without order and limit and selects the columns of ``order``.

    One SQL statement. Raises Invalid (field ``cursor``) for a cursor that does not belong to this order.
    """
    direction: Direction = "next"
    if request.cursor:
        direction, values = decode_cursor(order, request.cursor)
        statement = statement.where(order.beyond(values, direction))
    back = direction == "previous"
    rows = session.execute(statement.order_by(*(order.backward if back else order.forward)).limit(request.limit + 1)).all()
    more = len(rows) > request.limit
    items = rows[: request.limit]
    if back:
        items = items[::-1]
    if not items:
        return Page(items)
    has_next, has_previous = (True, more) if back else (more, bool(request.cursor))
    return Page(
        items,
        next=encode_cursor(order, "next", order.values(items[-1])) if has_next else None,
        previous=encode_cursor(order, "previous", order.values(items[0])) if has_previous else None,
    )


def count_up_to(session: Session, statement: Select[Any], cap: int = COUNT_CAP) -> Count:
    """How many rows ``statement`` gives, counting no further than the cap."""
    bounded = statement.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(cap + 1).subquery()
    found = session.execute(select(func.count()).select_from(bounded)).scalar_one()
    return Count(min(found, cap), found > cap)


def encode_cursor(order: Order, direction: Direction, values: Sequence[Any]) -> str:
    """The opaque text for a place in a list: base64url of JSON."""
    content = [order.name, direction[0], [_plain(value) for value in values]]
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()).rstrip(b"=").decode()


def decode_cursor(order: Order, cursor: str) -> tuple[Direction, list[Any]]:
    """The direction and the column values of a cursor. Raises Invalid (field ``cursor``) for one that does not fit ``order``."""
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        name, code, values = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if name != order.name or code not in ("n", "p") or not isinstance(values, list) or len(values) != len(order.keys):
            raise ValueError("another list")
        typed = [_typed(value, _kind(key.column)) for value, key in zip(values, order.keys, strict=True)]
    except (ValueError, TypeError, RecursionError, OverflowError, binascii.Error):
        raise Invalid({"cursor": [_WRONG_CURSOR]}) from None
    return ("previous" if code == "p" else "next"), typed


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    return value


def _kind(column: Column) -> type[Any]:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _typed(value: Any, kind: type[Any]) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if kind is uuid.UUID:
        return uuid.UUID(hex=_text(value))
    if kind is str:
        return _text(value)
    if kind is float and isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    if kind in (int, bool) and type(value) is kind and -(2**63) <= value < 2**63:
        return value
    raise ValueError("another type")


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text that a database stores")
    value.encode("utf-8")
    return value
