"""Which rows of which tables hold something about an account: from the stored declarations, so also of blocks whose code is gone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CHAR,
    JSON,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    false,
    func,
    inspect,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.ddl import sort_tables

from samen_core.db.base import Base, UTCDateTime
from samen_core.privacy.declarations import ACCOUNTS, Personal
from samen_core.privacy.models import PersonalField, stored_declaration

UUID_DIGITS = 32
"""How SQLite stores a UUID: 32 hexadecimal digits in a CHAR column. Nothing else of ours is of that type."""

_DECLARED = select(PersonalField).order_by(PersonalField.table_name, PersonalField.column_name)


@dataclass(frozen=True, slots=True)
class Field:
    """A declared column."""

    column: Column[Any]
    declared: Personal


@dataclass(frozen=True, slots=True)
class Holding:
    """Fields of a table that are about the same account. ``of`` says how its rows are found (``Personal.of``)."""

    table: Table
    owner: str
    thing: str
    of: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[Column[Any], ...]:
        """The primary key."""
        return tuple(self.table.primary_key)

    @property
    def deletes(self) -> bool:
        """Whether erasure deletes the row."""
        return any(field.declared.erase == "delete_row" for field in self.fields)

    @property
    def of_things(self) -> bool:
        """Whether a row may be a thing of the register: its key is one id."""
        return len(self.key) == 1 and isinstance(self.key[0].type, Uuid)

    def mine(self, account_id: uuid.UUID, email: str | None) -> ColumnElement[bool]:
        """The condition for the rows of an account; ``email`` is its confirmed address."""
        return or_(self._by_account(account_id), self._by_address(email))

    def kept(self) -> ColumnElement[bool]:
        """The condition for rows that erasure leaves as they are."""
        found = [
            # A comparison with nothing must be no, not unknown: erasure would pass such a row over.
            self.table.c[column].is_not_distinct_from(value)
            for field in self.fields
            if field.declared.keep_when
            for column, value in [field.declared.keep_when]
        ]
        return or_(false(), *found)

    def somebodys(self) -> ColumnElement[bool]:
        """The condition for rows that are somebody's own: tied to an account, or with an address or a name; not what erasure keeps whole.

        What people did for the city counts as the city's.
        """
        if all(field.declared.people == "staff" for field in self.fields):
            return false()
        found = [self._tied(), *(field.column != "" for field in self.fields if _names(field))]
        return and_(or_(false(), *found), not_(self.kept()))

    def _tied(self) -> ColumnElement[bool]:
        if not self.of:
            return false()
        column, _, beyond = self.of.partition("=")
        if not beyond:
            return self.table.c[column].is_not(None)
        table_name, _, key = beyond.partition(".")
        return self.table.c[column].in_(select(_between(table_name, key).c[key]))

    def _by_account(self, account_id: uuid.UUID) -> ColumnElement[bool]:
        if not self.of:
            return false()
        column, _, beyond = self.of.partition("=")
        if not beyond:
            return self.table.c[column] == account_id
        table_name, _, key = beyond.partition(".")
        between = _between(table_name, key)
        return self.table.c[column].in_(select(between.c[key]).where(between.c.account_id == account_id))

    def _by_address(self, email: str | None) -> ColumnElement[bool]:
        addresses = [field.column for field in self.fields if field.declared.address]
        if not email or not addresses or self.table.name == ACCOUNTS:
            return false()
        found = or_(*(func.lower(column) == email.lower() for column in addresses))
        column = self.of.partition("=")[0]
        return and_(found, self.table.c[column].is_(None)) if column else found


def _names(field: Field) -> bool:
    """Whether a field says in words who somebody is."""
    return isinstance(field.column.type, String) and (field.declared.address or field.declared.identifies)


def _between(name: str, key: str) -> Table:
    """The table by which one goes from an account to a row: of the models, or only the columns that are needed."""
    known = Base.metadata.tables.get(name)
    return known if known is not None else Table(name, MetaData(), Column(key, Uuid()), Column("account_id", Uuid()))


def holdings(session: Session, owner: str | None = None) -> list[Holding]:
    """What may hold something about an account, of every owner or of one. In order of dependence: what is referred to comes first.

    Tables that are gone, or that the code of an installed block no longer has, are left out.
    """
    connection = session.connection()
    rows: dict[str, list[PersonalField]] = {}
    for row in session.execute(_DECLARED).scalars():
        if owner in (None, row.owner):
            rows.setdefault(row.table_name, []).append(row)
    found: list[Holding] = []
    for table in sort_tables(tables(connection, rows), skip_fn=_leads_away):
        found += _of_table(table, rows[table.name])
    return found


def _leads_away(key: Any) -> bool:
    """Whether a key of a table whose code is gone refers to one that was not read with it: it says nothing of their order."""
    known = key.parent.table.metadata
    return known is not Base.metadata and key.target_fullname.rpartition(".")[0] not in known.tables


def tables(connection: Connection, names: Sequence[str] | dict[str, Any]) -> list[Table]:
    """These tables: as the models know them, else as they are in the database; one that is not there is left out."""
    unknown = [name for name in names if name not in Base.metadata.tables]
    there = set(inspect(connection).get_table_names()) if unknown else set()
    gone = MetaData()
    found = []
    for name in names:
        if name in Base.metadata.tables:
            found.append(Base.metadata.tables[name])
        elif name in there:
            found.append(_typed(Table(name, gone, autoload_with=connection, resolve_fks=False)))
    return found


def _typed(table: Table) -> Table:
    """A table as it was read from the database, with our own types where a database has none of its own."""
    for column in table.columns:
        if isinstance(column.type, CHAR) and column.type.length == UUID_DIGITS:
            column.type = Uuid()
        elif isinstance(column.type, DateTime):
            column.type = UTCDateTime()
    return table


def _of_table(table: Table, rows: Sequence[PersonalField]) -> Iterator[Holding]:
    groups: dict[str, list[Field]] = {}
    order = list(table.c.keys())
    there = [row for row in rows if row.column_name in order]
    for row in sorted(there, key=lambda row: order.index(row.column_name)):
        groups.setdefault(row.of, []).append(Field(table.c[row.column_name], stored_declaration(row)))
    for of, fields in groups.items():
        if of or any(field.declared.address for field in fields):
            yield Holding(table, rows[0].owner, rows[0].thing, of, tuple(fields))


def emptied(column: Column[Any]) -> Any:
    """What stands in a field that was emptied; in one whose values must differ something that says nothing."""
    if column.nullable:
        return None
    if is_unique(column):
        return uuid.uuid4().hex
    if isinstance(column.type, JSON):
        default: Any = column.default
        return default.arg(None) if default is not None and default.is_callable else {}
    return column.type.python_type()


def is_unique(column: Column[Any]) -> bool:
    """Whether no two rows may hold the same in this column."""
    table = column.table
    indexes = [list(index.columns) for index in table.indexes if index.unique]
    constraints = [list(item.columns) for item in table.constraints if isinstance(item, UniqueConstraint)]
    return bool(column.unique) or [column] in [*indexes, *constraints]
