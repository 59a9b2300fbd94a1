"""One's own data: seeing it, taking it along, having it erased. All from the declarations on the columns (AVG art. 15, 17, 20)."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Table, delete, select, update
from sqlalchemy.sql.ddl import sort_tables

from samen_core.accounts import queries
from samen_core.accounts.services.accounts import require_other_manager
from samen_core.db.base import Base
from samen_core.db.changes import Change, plain
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events.signals import ACCOUNT_ERASED
from samen_core.permissions import LOGGED_IN, MANAGE
from samen_core.privacy import Personal, PersonalField, declaration, owner_column, stored_declaration

_DECLARED = select(PersonalField).order_by(PersonalField.table_name, PersonalField.column_name)
ERASED = "core.account.erased"
"""The action in the log: which accounts were erased, and when."""
MAX_LOG = 1000
"""The newest rows of the log that an export shows; the log keeps no personal data itself."""


@dataclass(frozen=True, slots=True)
class OwnField:
    """A declared column with what the database holds in it about one account."""

    name: str
    declared: Personal
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """What one table holds about an account."""

    name: str
    fields: tuple[OwnField, ...]


_Held = tuple[Table, ColumnElement[bool], list[tuple[Column[Any], Personal]]]
"""A table, the condition for the rows of an account, and its declared columns."""


def export_account(uow: UnitOfWork, account_id: uuid.UUID) -> list[OwnTable]:
    """Everything that is declared personal and may be exported, table by table; tables without rows about the account are left out."""
    _own_or_manager(uow, account_id)
    held: list[_Held] = [(table, owner == account_id, declared) for table, owner, declared in _owned_tables(uow)]
    for _block, (table, mine) in uow.platform.registry.ask("samen_own_rows", account_id=account_id):
        held.append((table, mine, [(column, what) for column in table.columns if (what := declaration(column))]))
    found = []
    for table, mine, declared in held:
        shown = [(column, what) for column, what in declared if what.export]
        if not shown:
            continue
        rows = uow.session.execute(select(*(column for column, _what in shown)).where(mine)).all()
        if rows:
            fields = tuple(OwnField(column.name, what, tuple(row[at] for row in rows)) for at, (column, what) in enumerate(shown))
            found.append(OwnTable(table.name, fields))
    return found


def export_json(uow: UnitOfWork, account_id: uuid.UUID) -> dict[str, Any]:
    """The export as JSON types, with what the account did according to the log."""
    tables = export_account(uow, account_id)
    data: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        # A table comes twice where rows are somebody's in two ways, such as a seat of one's own and one as alternate.
        data.setdefault(table.name, []).extend(
            {
                "field": field.name,
                "purpose": field.declared.purpose,
                "basis": field.declared.basis,
                "retention": field.declared.retention,
                "values": [plain(value) for value in field.values],
            }
            for field in table.fields
        )
    log = uow.session.execute(
        select(Change.at, Change.action, Change.result).where(Change.actor_id == account_id).order_by(Change.seq.desc()).limit(MAX_LOG)
    )
    return {
        "account": str(account_id),
        "made_at": uow.now.isoformat(),
        "data": data,
        "log": [{"at": row.at.isoformat(), "action": row.action, "result": row.result} for row in log],
    }


def erase_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Erase an account for good: each declared field as its declaration says. Its id stays, without anything that leads to a person.

    Raises NotFound, or Invalid for the only manager of the city.
    """
    _own_or_manager(uow, account_id)
    account = queries.get_account(uow, account_id)
    require_other_manager(uow, account_id)
    erase_again(uow, account_id)
    uow.session.expire(account)
    account.active, account.state, account.fs_uniquifier = False, "erased", secrets.token_hex(32)
    uow.record(ERASED, account_id)


def erase_again(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Do to every row of an account what its declarations say, also when the account itself was erased earlier.

    For rows that came back later: with a block that was restored from a dump of before the erasure.
    """
    uow.send(ACCOUNT_ERASED, account_id=account_id)
    uow.session.flush()
    for table, owner, declared in reversed(_owned_tables(uow)):
        if any(what.erase == "delete_row" for _column, what in declared):
            uow.session.execute(delete(table).where(owner == account_id))
        elif blank := {column.name: _empty(column) for column, what in declared if what.erase == "blank"}:
            uow.session.execute(update(table).where(owner == account_id).values(blank))


def _owned_tables(uow: UnitOfWork) -> list[tuple[Table, Column[Any], list[tuple[Column[Any], Personal]]]]:
    """Every table in the database with declared columns whose rows belong to an account: table, column that says whose, declarations.

    The stored declarations decide, so a block whose code is gone counts too. In order of dependence: what is referred to comes first.
    """
    connection = uow.session.connection()
    declared: dict[str, list[PersonalField]] = {}
    for row in uow.session.execute(_DECLARED).scalars():
        declared.setdefault(row.table_name, []).append(row)
    gone = MetaData()
    tables = []
    for name in declared:
        table = Base.metadata.tables.get(name)
        tables.append(table if table is not None else Table(name, gone, autoload_with=connection, resolve_fks=False))
    owned = []
    for table in sort_tables(tables):
        if (owner := owner_column(table)) is not None:
            stored = {row.column_name: stored_declaration(row) for row in declared[table.name]}
            columns = [(column, stored[column.name]) for column in table.columns if column.name in stored]
            owned.append((table, owner, columns))
    return owned


def _empty(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    return column.type.python_type()


def _own_or_manager(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    if uow.actor.account_id == account_id:
        LOGGED_IN.require(uow.actor)
    else:
        MANAGE.require(uow.actor)
