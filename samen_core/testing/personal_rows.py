"""Rows about an account in every table of a block, for the check of what becomes of them."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Uuid, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from samen_core.db.base import Base, UTCDateTime, uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.privacy.holdings import Field, Holding

DEEPEST = 8
"""How far rows that a row needs are made, before the chain of keys counts as a circle."""


class Rows:
    """Makes rows about an account, with the rows that their keys refer to."""

    def __init__(self, uow: UnitOfWork, account_id: uuid.UUID, email: str) -> None:
        self.uow = uow
        self.account_id = account_id
        self.email = email

    def give(self, holding: Holding) -> bool:
        """Give the account a row in this table: a new one, or one that is there where a made one does not fit. Whether it has one now."""
        try:
            with self.uow.session.begin_nested():
                self._about(holding)
        except SQLAlchemyError:
            return self._adopt(holding)
        return True

    def _about(self, holding: Holding) -> None:
        given: dict[str, Any] = {}
        column, _, beyond = holding.of.partition("=")
        table, _, key = beyond.partition(".")
        linked = self._linked(table, key) if beyond else None
        if beyond:
            given[column] = linked or self._referred(holding.table.c[column], 0)
        elif column:
            given[column] = self.account_id
        for field in holding.fields:
            if field.column.name not in given:
                given[field.column.name] = self._told(field)
        self._make(holding.table, given, 0)
        if beyond and linked is None:
            between = Base.metadata.tables[table]
            self._make(between, {"account_id": self.account_id, key: given[column]}, 0)
            # The row in between may be what the key refers to itself, made a moment ago for nobody.
            self.uow.session.execute(update(between).where(between.c[key] == given[column]).values(account_id=self.account_id))

    def _adopt(self, holding: Holding) -> bool:
        """Make a row that is there the account's."""
        column, _, beyond = holding.of.partition("=")
        if not column:
            return False
        table, key, owner = holding.table, holding.key, holding.table.c[column]
        wanted = select(*key)
        if beyond:
            name, _, other = beyond.partition(".")
            table = Base.metadata.tables[name]
            key, wanted, owner = (
                tuple(table.primary_key),
                select(*table.primary_key).where(table.c[other].in_(select(owner))),
                table.c.account_id,
            )
        found = self.uow.session.execute(wanted.limit(1)).first()
        if found is None:
            return False
        mine = [part == value for part, value in zip(key, found, strict=True)]
        self.uow.session.execute(update(table).where(*mine).values({owner: self.account_id}))
        return True

    def _linked(self, table: str, key: str) -> Any:
        """What the account is tied to already by a table in between."""
        between = Base.metadata.tables[table]
        return self.uow.session.execute(select(between.c[key]).where(between.c.account_id == self.account_id)).scalar_one_or_none()

    def _told(self, field: Field) -> Any:
        """A value that can be found again."""
        if field.declared.address:
            return self.email
        if isinstance(field.column.type, String):
            return f"proefgegeven {secrets.token_hex(8)}"[: field.column.type.length]
        if isinstance(field.column.type, JSON):
            return {"tekst": "proefgegeven"}
        return self._value(field.column, 0)

    def _make(self, table: Table, given: dict[str, Any], depth: int) -> dict[str, Any]:
        """A row with these values; one that is there with this key already is kept. Its key."""
        assert depth < DEEPEST, f"the keys of {table.name} go round"
        row = {**given}
        for column in table.columns:
            if column.name in row or (column.nullable and not column.primary_key) or column.server_default is not None:
                continue
            row[column.name] = self._value(column, depth)
        key = {column.name: row[column.name] for column in table.primary_key}
        there = select(*table.primary_key).where(*(table.c[name] == value for name, value in key.items()))
        if self.uow.session.execute(there).first() is None:
            self.uow.session.execute(insert(table).values(row))
        return key

    def _value(self, column: Column[Any], depth: int) -> Any:
        if column.foreign_keys:
            return self._referred(column, depth)
        default: Any = column.default
        if default is not None and not default.is_sequence:
            return default.arg(None) if default.is_callable else default.arg
        if isinstance(column.type, Uuid):
            return uuid7()
        if isinstance(column.type, UTCDateTime):
            return self.uow.now
        if isinstance(column.type, JSON):
            return {}
        kind = column.type.python_type
        if kind is object:
            return None
        if kind is date:
            return self.uow.now.date()
        if kind is str:
            return secrets.token_hex(8)[: getattr(column.type, "length", None) or 16]
        return kind(1)

    def _referred(self, column: Column[Any], depth: int) -> Any:
        """The key of a row that this column may refer to."""
        key = next(iter(column.foreign_keys)).column
        if key.table.name == "core__user":
            return self.account_id
        given = {}
        if key.table.name == "core__subject" and column.primary_key:
            owner, _, kind = column.table.name.partition("__")
            given = {"type": kind, "owner": owner}
        return self._make(key.table, given, depth + 1)[key.name]
