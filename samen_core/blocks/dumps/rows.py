"""Rows as JSON Lines that every database of ours reads back: a column has a kind here, whatever its type is called there."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CHAR,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    RowMapping,
    String,
    Table,
    TableClause,
    Time,
    TypeDecorator,
    Uuid,
    collate,
    column,
    inspect,
    select,
    table,
)
from sqlalchemy.types import JSON, TypeEngine

from samen_core.db.base import JSONType, UTCDateTime
from samen_core.errors import StartupError

Kind = Literal["uuid", "boolean", "datetime", "date", "time", "json", "bytes", "float", "decimal", "integer", "text"]
BATCH = 500
UUID_LENGTH = 32
"""How SQLite keeps a UUID: 32 hexadecimal digits in a CHAR; nothing else is a CHAR with us."""

_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Uuid, "uuid"),
    (Boolean, "boolean"),
    (DateTime, "datetime"),
    (Date, "date"),
    (Time, "time"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (Float, "float"),
    (Numeric, "decimal"),
    (Integer, "integer"),
    (String, "text"),
)
"""The first that fits counts: a Float is also a Numeric."""

_PORTABLE: dict[Kind, TypeEngine[Any]] = {"uuid": Uuid(), "datetime": UTCDateTime(), "json": JSONType}
"""The kinds that need our own types, whatever the database calls them."""

_ENCODE: dict[Kind, Callable[[Any], Any]] = {
    "uuid": str,
    "datetime": datetime.isoformat,
    "date": date.isoformat,
    "time": time.isoformat,
    "decimal": str,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
_DECODE: dict[Kind, Callable[[Any], Any]] = {
    "uuid": UUID,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "bytes": base64.b64decode,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as a dump sees it: its columns with their kinds, in order, and the names of its key."""

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    source: TableClause
    """For statements: without anything of the code that a block's table belongs to."""

    def encoded(self, row: RowMapping) -> bytes:
        """A row as a line. Equal rows give equal lines, on every database."""
        values = {
            name: encode(row[name]) if (encode := _ENCODE.get(kind)) and row[name] is not None else row[name]
            for name, kind in self.columns.items()
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"

    def decoded(self, line: bytes) -> dict[str, Any]:
        """The row in a line; columns that this table does not have are left out. Raises ValueError, KeyError for what is no such row."""
        values = json.loads(line)
        return {
            name: decode(values[name]) if (decode := _DECODE.get(kind)) and values[name] is not None else values[name]
            for name, kind in self.columns.items()
            if name in values
        }


def _kind(table_name: str, column_name: str, kind: TypeEngine[Any]) -> Kind:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, CHAR) and kind.length == UUID_LENGTH:
        return "uuid"
    for known, found in _KINDS:
        if isinstance(kind, known):
            return found
    raise StartupError(f"column {table_name}.{column_name} has the type {kind!r}, which no dump can hold")


def reflected(connection: Connection, name: str) -> Shape:
    """The shape of a table in the database, whether there is code for it or not. Raises StartupError for an impossible type."""
    inspector = inspect(connection)
    types = {item["name"]: item["type"] for item in inspector.get_columns(name) if "computed" not in item}
    kinds = {item: _kind(name, item, kind) for item, kind in types.items()}
    columns = (column(item, _PORTABLE.get(kinds[item], kind)) for item, kind in types.items())
    return Shape(name, kinds, tuple(inspector.get_pk_constraint(name)["constrained_columns"]), table(name, *columns))


def shape_of(model: Table) -> Shape:
    """The shape of a table of the platform itself."""
    kinds = {item.name: _kind(model.name, item.name, item.type) for item in model.columns}
    return Shape(model.name, kinds, tuple(item.name for item in model.primary_key), model)


def read_rows(connection: Connection, shape: Shape, where: ColumnElement[bool] | None = None) -> Iterator[bytes]:
    """The rows of a table as lines, in order of their key, a thousand in memory at a time."""
    of = shape.source
    order = [_ordered(connection, of.c[name], shape.columns[name]) for name in shape.key or shape.columns]
    statement = select(*of.columns).order_by(*order).execution_options(yield_per=1000)
    if where is not None:
        statement = statement.where(where)
    for row in connection.execute(statement).mappings():
        yield shape.encoded(row)


def _ordered(connection: Connection, of: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
    """The same order on every database: PostgreSQL sorts texts by the rules of a language unless told otherwise."""
    return collate(of, "C") if kind == "text" and connection.dialect.name == "postgresql" else of


def batches(lines: Iterable[bytes], shape: Shape) -> Iterator[list[dict[str, Any]]]:
    """The rows in these lines, :data:`BATCH` at a time."""
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(shape.decoded(line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
