"""What every model stands on: the declarative base, keys, portable column types."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Index, MetaData, String, Text, TypeDecorator, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _sqlite_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment with time zone, stored and returned in UTC. Refuses a value without time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no time zones, so there the zone is left off."""
        if value is None:
            return None
        value = _in_utc(value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """For SQLite at once what SQLAlchemy makes of it there by a pattern and nine values: every row holds a moment or more."""
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Back with the zone UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key(text: str | None) -> uuid.UUID | None:
    if text is None:
        return None
    return uuid.UUID(int=int(text, 16)) if len(text) == 32 else uuid.UUID(text)


class Key(Uuid[uuid.UUID]):
    """A UUID. Where the database keeps it as 32 hexadecimal digits it is read as one number: a page reads seventy."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(as_uuid=True)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """For SQLite without the four ways of writing a UUID that Python would take besides."""
        if dialect.name == "sqlite":
            return _key
        processor: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return processor


JSONType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON column that is binary on PostgreSQL."""


class Base(DeclarativeBase):
    """The declarative base that core, citycontent and every block share, so that foreign keys between them resolve."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: Key(),
        datetime: UTCDateTime(),
        str: Text(),
        dict[str, Any]: JSONType,
        list[str]: JSONType,
        list[dict[str, Any]]: JSONType,
    }


Code = String(60)
"""A short stored code: a status, a type, a scheme."""


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that meet a condition alone, on both databases: a row that does not is written nowhere in it."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class _Keys:
    """Makes UUIDs of version 7 that rise within one process, also within a millisecond (RFC 9562 §6.2, method 2)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._random = 0

    def __call__(self) -> uuid.UUID:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._milliseconds:
                # The highest of the 74 random bits stays 0, so that what is added within a millisecond cannot run over.
                self._milliseconds, self._random = now, int.from_bytes(os.urandom(10), "big") >> 7
            else:
                # A large random step, so that processes forked within a millisecond do not make the same keys.
                self._random += int.from_bytes(os.urandom(7), "big") + 1
            milliseconds, random = self._milliseconds, self._random
        return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0x2 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF)


uuid7 = _Keys()
"""A new UUID version 7 (RFC 9562): 48 bits of milliseconds, then random; keys sort by time of creation."""
