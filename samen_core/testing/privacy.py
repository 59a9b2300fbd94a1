"""Checks of what a block does with personal data."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Uuid, insert, select

from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.privacy import erase_account, export_account
from samen_core.actor import system
from samen_core.db.base import Base, UTCDateTime, uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.privacy.holdings import Field, Holding, holdings
from samen_core.privacy.retention import run

DEEPEST = 8
"""How far rows that a row needs are made, before the chain of keys counts as a circle."""


def keep_to_terms(platform: Platform) -> dict[str, int]:
    """Let go of everything whose term is over, as the worker does every hour: the number by rule, of rules that let go of something.

    Raises AssertionError for a rule that fails.
    """
    with platform.unit_of_work(system("test")) as uow:
        ran = run(uow)
    failed = [found.rule for found in ran if found.number is None]
    assert not failed, f"these rules fail: {failed}"
    return {found.rule: found.number for found in ran if found.number}


def privacy_round_trip(platform: Platform, block: str) -> list[str]:
    """What is wrong with the declarations of personal data of a block, as sentences; nothing of it stays in the database.

    Rows about a new account are put in every table of the block (with the rows that those need), the account's data is exported, and the
    account is erased: what is to be exported must be in the export, and what is to be emptied or deleted must be gone.
    """
    with platform.unit_of_work(system("test")) as uow:
        try:
            return list(_round_trip(uow, block))
        finally:
            uow.rollback()


def _round_trip(uow: UnitOfWork, block: str) -> Iterator[str]:
    email = f"{secrets.token_hex(6)}@samen.example"
    account = create_account(uow, CreateAccount(email, f"Proef {secrets.token_hex(6)}"))
    uow.session.flush()
    found = [holding for holding in holdings(uow.session, block) if holding.table.name != "core__user"]
    made = {id(holding): _Rows(uow, account.id, email).about(holding) for holding in found}
    uow.session.flush()
    exported = {(things.table, field.column.name) for things in export_account(uow, account.id) for field in things.fields}
    for holding in found:
        for field in holding.fields:
            if field.declared.export and (holding.table.name, field.column.name) not in exported:
                yield f"{field.column} is to be exported and is not in the export of the account that it is about"
    erase_account(uow, account.id)
    uow.session.flush()
    for holding in found:
        yield from _left(uow, holding, made[id(holding)])


def _left(uow: UnitOfWork, holding: Holding, key: dict[str, Any]) -> Iterator[str]:
    """What erasure should have taken of this row."""
    mine = [holding.table.c[name] == value for name, value in key.items()]
    row = uow.session.execute(select(*holding.table.c).where(*mine)).mappings().one_or_none()
    if row is None:
        return
    if holding.deletes:
        yield f"{holding.table.name}: the row is to be deleted with the account, and is still there"
        return
    for field in holding.fields:
        if field.declared.erase == "blank" and _MARK in str(row[field.column.name]):
            yield f"{field.column} is to be emptied with the account, and is not"


_MARK = "proefgegeven"


class _Rows:
    """Makes rows about an account, with the rows that their keys refer to."""

    def __init__(self, uow: UnitOfWork, account_id: uuid.UUID, email: str) -> None:
        self.uow = uow
        self.account_id = account_id
        self.email = email

    def about(self, holding: Holding) -> dict[str, Any]:
        """A row in this table that is the account's; its key."""
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
        made = self._make(holding.table, given, 0)
        if beyond and linked is None:
            self._make(Base.metadata.tables[table], {"account_id": self.account_id, key: given[column]}, 0)
        return made

    def _linked(self, table: str, key: str) -> Any:
        """What the account is tied to already by a table in between."""
        between = Base.metadata.tables[table]
        return self.uow.session.execute(select(between.c[key]).where(between.c.account_id == self.account_id)).scalar_one_or_none()

    def _told(self, field: Field) -> Any:
        """A value that can be found again."""
        if field.declared.address:
            return self.email
        if isinstance(field.column.type, String):
            return f"{_MARK} {secrets.token_hex(8)}"[: field.column.type.length]
        if isinstance(field.column.type, JSON):
            return {"tekst": _MARK}
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
