"""Keyset pages for REST and web lists: one order per list, opaque cursors, no offsets, so that page 500 costs what page 1 costs.

A cursor names the list's order, a direction and the values of the order's columns at the edge of a page. It is only a place in a
list: a reader may make one up, so every value is checked by the type of its column and only ever used as a bound parameter. One with
values that say who somebody is (``SortKey.personal``) is sealed, because cursors go in addresses and addresses in logs.
"""

from __future__ import annotations

import binascii
import json
import math
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar, cast

from sqlalchemy import ColumnElement, Integer, Row, Select, TypeDecorator, and_, bindparam, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from samen_core.errors import Invalid
from samen_core.i18n import _, format_number
from samen_core.sealing import seal, unseal

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_CURSOR = 2000
SEALING_KEY = "sealing_key"
"""Under this name a session knows the secret of the installation, with which personal cursors are sealed (``session.info``)."""

COUNT_CAP = 1000

_LIMIT = "page_limit"
_KEY = "page_key_"

Direction = Literal["next", "previous"]
Item = TypeVar("Item")
Other = TypeVar("Other")
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
Each = tuple[ColumnElement[Any], tuple[Any, ...]]
"""A column and the values of it that are wanted."""

_WRONG_CURSOR = _("Deze plaats in de lijst bestaat niet. Begin opnieuw bij de eerste pagina.")


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column of an order. It may not be null and must be selected under its own name, because the cursor is made from the row.

    Say ``personal`` of a name or an address that is not on a public page: nobody can read it in the cursor then.
    """

    column: Column
    descending: bool = False
    personal: bool = False


class Order:
    """How a list is ordered. The last key must be unique, or rows would be skipped; ``name`` goes into the cursor."""

    def __init__(self, name: str, *keys: SortKey) -> None:
        self.name = name
        self.keys = tuple(replace(key, column=table_column(key.column)) for key in keys)
        self.personal = any(key.personal for key in keys)
        self.names = tuple(str(key.column.key) for key in keys)
        self.forward = tuple(_sorted(key, key.descending) for key in self.keys)
        self.backward = tuple(_sorted(key, not key.descending) for key in self.keys)

    def values(self, row: Row[Any]) -> tuple[Any, ...]:
        """The values of the order's columns in a selected row."""
        return tuple([getattr(row, name) for name in self.names])

    def beyond(self, direction: Direction) -> ColumnElement[bool]:
        """The condition for rows after (or before) the row whose values are in the parameters ``page_key_0``, ``page_key_1``…"""
        descending = [key.descending != (direction == "previous") for key in self.keys]
        columns = [key.column for key in self.keys]
        bound = [bindparam(f"{_KEY}{index}", type_=column.type) for index, column in enumerate(columns)]
        if len(set(descending)) == 1:
            left, right = tuple_(*columns), tuple_(*bound)
            return left < right if descending[0] else left > right
        alternatives = []
        for index, down in enumerate(descending):
            equal = [columns[before] == bound[before] for before in range(index)]
            alternatives.append(and_(*equal, columns[index] < bound[index] if down else columns[index] > bound[index]))
        return or_(*alternatives)


def table_column(column: Column) -> ColumnElement[Any]:
    """The column of the table behind a mapped attribute, anything else as it is.

    A statement of table columns alone costs a third less than one of mapped attributes, which the ORM compiles.
    """
    if isinstance(column, InstrumentedAttribute) and not column.parent.is_aliased_class:
        found: ColumnElement[Any] = column.property.columns[0]
        return found
    return cast("ColumnElement[Any]", column)


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


def fetch_page(
    session: Session,
    statement: Select[Any],
    order: Order,
    request: PageRequest,
    values: Mapping[str, Any] | None = None,
    *,
    keep: bool = False,
    each: Each | None = None,
) -> Page[Row[Any]]:
    """The asked page of ``statement``, which comes without order and limit and selects the columns of ``order``.

    One SQL statement. ``values`` are those of its parameters. Say ``keep`` for a statement that is built once and lives on: then what is
    made of it for a page is built once too. ``each`` asks for rows that have one of these values in a column, with an index that begins
    with that column and goes on as the order does: the first of each value are looked up, instead of all of them sorted.
    Raises Invalid (field ``cursor``) for a cursor that does not belong to this order.
    """
    direction: Direction | None = None
    parameters: dict[str, Any] = {**(values or {}), _LIMIT: request.limit + 1}
    if request.cursor:
        direction, edge = decode_cursor(order, _opened(session, order, request.cursor))
        parameters.update((f"{_KEY}{index}", value) for index, value in enumerate(edge))
    session.flush()
    # On the connection: rows need none of the work that a session does for entities.
    rows = session.connection().execute((_kept_page if keep else _page)(statement, order, direction, each), parameters).all()
    more = len(rows) > request.limit
    items = rows[: request.limit]
    back = direction == "previous"
    if back:
        items = items[::-1]
    if not items:
        return Page(items)
    has_next, has_previous = (True, more) if back else (more, bool(request.cursor))
    return Page(
        items,
        next=_closed(session, order, encode_cursor(order, "next", order.values(items[-1]))) if has_next else None,
        previous=_closed(session, order, encode_cursor(order, "previous", order.values(items[0]))) if has_previous else None,
    )


def _closed(session: Session, order: Order, cursor: str) -> str:
    return seal(session.info[SEALING_KEY], f"cursor:{order.name}", cursor, datetime.now(UTC)) if order.personal else cursor


def _opened(session: Session, order: Order, cursor: str) -> str:
    if not order.personal:
        return cursor
    try:
        return unseal(session.info[SEALING_KEY], f"cursor:{order.name}", cursor[: MAX_CURSOR + 1])
    except ValueError:
        raise Invalid({"cursor": [_WRONG_CURSOR]}) from None


def _page(statement: Select[Any], order: Order, direction: Direction | None, each: Each | None = None) -> Select[Any]:
    if direction is not None:
        statement = statement.where(order.beyond(direction))
    sorting = order.backward if direction == "previous" else order.forward
    limit = bindparam(_LIMIT, type_=Integer())
    if each is not None:
        column, values = each
        key = order.keys[-1].column
        ids = statement.with_only_columns(key)
        parts = [ids.where(column == value).order_by(*sorting).limit(limit).subquery() for value in values]
        statement = statement.where(key.in_(union_all(*(select(*part.c) for part in parts))))
    return statement.order_by(*sorting).limit(limit)


_kept_page = lru_cache(maxsize=512)(_page)


def count_up_to(
    session: Session, statement: Select[Any], cap: int = COUNT_CAP, values: Mapping[str, Any] | None = None, *, keep: bool = False
) -> Count:
    """How many rows ``statement`` gives with these values of its parameters, counting no further than the cap.

    Say ``keep`` for a statement that is built once and lives on.
    """
    session.flush()
    found = session.connection().execute((_kept_count if keep else _count)(statement, cap), values or {}).scalar_one()
    return Count(min(found, cap), found > cap)


def _count(statement: Select[Any], cap: int) -> Select[int]:
    bounded = statement.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(cap + 1).subquery()
    return select(func.count()).select_from(bounded)


_kept_count = lru_cache(maxsize=512)(_count)


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
