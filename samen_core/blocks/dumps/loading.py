"""Reading a dump back: rows into their tables, what core kept into its own, contents into the file store."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, inspect, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from samen_core.accounts.models import User
from samen_core.blocks.dumps.core_rows import GONE, PARTS, Part, changed_since
from samen_core.blocks.dumps.manifest import CORE_ROWS, FILES, TABLES, Dump, DumpedTable, lines_of
from samen_core.blocks.dumps.rows import Shape, batches, reflected, shape_of
from samen_core.blocks.dumps.writing import content_keys
from samen_core.errors import StartupError
from samen_core.events.outbox import OutboxDelivery
from samen_core.files.models import File
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from samen_core.platform import Platform

Row = dict[str, Any]
REPORT_EVERY = 100_000
LINKS = ("area_ref", "successor_id")
"""What a card says of other cards: written when all of them are there."""


@dataclass(frozen=True, slots=True)
class _Accounts:
    """The columns of a table that refer to accounts: those that are emptied when the account is gone, and those that take the row along."""

    emptied: tuple[str, ...]
    taking: tuple[str, ...]

    def without_absent(self, connection: Connection, rows: list[Row]) -> list[Row]:
        """The rows as the database would have them, had it removed the accounts that are no longer there."""
        columns = (*self.emptied, *self.taking)
        named = {row[name] for row in rows for name in columns if row.get(name) is not None}
        if not named:
            return rows
        there = set(connection.execute(select(User.id).where(User.id.in_(named))).scalars())
        for row in rows:
            row.update({name: None for name in self.emptied if row.get(name) not in there})
        return [row for row in rows if all(row.get(name) in there or row.get(name) is None for name in self.taking)]


def _accounts_of(connection: Connection, table: str) -> _Accounts:
    emptied: list[str] = []
    taking: list[str] = []
    for key in inspect(connection).get_foreign_keys(table):
        if key["referred_table"] == User.__tablename__:
            rule = (key.get("options") or {}).get("ondelete")
            (emptied if rule == "SET NULL" else taking if rule == "CASCADE" else []).extend(key["constrained_columns"])
    return _Accounts(tuple(emptied), tuple(taking))


def load_tables(connection: Connection, folder: Path, dump: Dump, progress: Callable[[str], None]) -> None:
    """Put the block's own rows back; its tables are at the dump's revision and end up with these rows and no others.

    Raises StartupError when a table is not what it was, or when a row refers to something that this city does not have.
    """
    shapes = {found.name: reflected(connection, found.name) for found in dump.tables}
    for found in dump.tables:
        if set(shapes[found.name].columns) != set(found.columns):
            raise StartupError(f"table {found.name} has other columns here than in the dump: is this another edition of '{dump.block}'?")
    with _keys_later(connection, list(shapes)):
        for shape in shapes.values():
            # A migration may have put rows in: the dump has them as they became.
            connection.execute(shape.source.delete())
        for found in dump.tables:
            _load(connection, folder, found, shapes[found.name], progress)
    for shape in shapes.values():
        _count_on(connection, shape)


def _load(connection: Connection, folder: Path, found: DumpedTable, shape: Shape, progress: Callable[[str], None]) -> None:
    accounts, of, done = _accounts_of(connection, found.name), shape.source, 0
    with _lines(folder, TABLES, found) as lines:
        for batch in batches(lines, shape):
            if rows := accounts.without_absent(connection, batch):
                connection.execute(insert(of), rows)
            done += len(batch)
            if done % REPORT_EVERY == 0:
                progress(f"{found.name}: {done} rows")
    if done:
        progress(f"{found.name}: {done} rows")


@contextmanager
def _lines(folder: Path, kind: str, found: DumpedTable) -> Iterator[Iterable[bytes]]:
    with lines_of(folder, kind, found.name) as lines:
        try:
            yield lines
        except (ValueError, KeyError, TypeError) as error:
            raise StartupError(f"{folder / kind / found.name}.jsonl holds a row that cannot be read: {error}") from None


@contextmanager
def _keys_later(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Check foreign keys when all rows are there. On SQLite they are off in this transaction (``migration_connection``)."""
    if connection.dialect.name == "sqlite":
        yield
        for name in tables:
            if broken := connection.exec_driver_sql(f'PRAGMA foreign_key_check("{name}")').first():
                raise StartupError(_refers_to_nothing(name, broken[2]))
        return
    quote = connection.dialect.identifier_preparer.quote_identifier
    inspector = inspect(connection)
    keys = [
        (quote(name), quote(str(key["name"])))
        for name in tables
        for key in inspector.get_foreign_keys(name)
        if not (key.get("options") or {}).get("deferrable")
    ]
    for name, key in keys:
        connection.execute(text(f"ALTER TABLE {name} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"))
    try:
        yield
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as error:
        diagnosis: Any = getattr(error.orig, "diag", None)
        raise StartupError(_refers_to_nothing(getattr(diagnosis, "table_name", "?"), getattr(diagnosis, "constraint_name", "?"))) from None
    for name, key in keys:
        connection.execute(text(f"ALTER TABLE {name} ALTER CONSTRAINT {key} NOT DEFERRABLE"))


def _refers_to_nothing(table: str, target: str) -> str:
    return f"a row of {table} does not fit this database ({target}): restore first what it builds on, or is this the dump of another city?"


def _count_on(connection: Connection, shape: Shape) -> None:
    """Let PostgreSQL number new rows after the highest that came back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for name in shape.key:
        if shape.columns[name] == "integer":
            numbers = text("SELECT pg_get_serial_sequence(:table, :column)")
            if sequence := connection.execute(numbers, {"table": f'"{shape.name}"', "column": name}).scalar():
                highest = f'SELECT setval(:sequence, (SELECT max("{name}") FROM "{shape.name}"))'  # noqa: S608 - names of a checked dump
                connection.execute(text(highest), {"sequence": sequence})


def load_core(connection: Connection, folder: Path, dump: Dump) -> None:
    """Put back what core kept: cards and files unless they changed since the purge, the rest unless there is one of that name now."""
    dumped = {found.name: found for found in dump.core}
    for part in PARTS:
        found = dumped.get(part.table.name)
        if found is None or not part.restore:
            continue
        if found.rows and not set(found.columns) & set(part.table.columns.keys()):
            raise StartupError(f"core/{found.name}.jsonl has no column that this version of Samen knows")
        shape = shape_of(part.table)
        accounts = _accounts_of(connection, part.table.name)
        load = _LOADERS.get(part.table.name, _add_missing)
        with _lines(folder, CORE_ROWS, found) as lines:
            for batch in batches(lines, shape):
                try:
                    load(connection, part, accounts.without_absent(connection, _to_load(part, batch, dump.block)))
                except IntegrityError:
                    raise StartupError(_refers_to_nothing(found.name, "core")) from None
    if Subject.__tablename__ in dumped:
        _link_cards(connection, folder, dumped[Subject.__tablename__])


def _to_load(part: Part, rows: list[Row], block: str) -> list[Row]:
    """All rows but what others were still to be told: that stayed here with a purge, and they may have been told by now."""
    if part.model is not OutboxDelivery:
        return rows
    return [row for row in rows if row["state"] == "done" or row["handler"].startswith(f"{block}.")]


def _add_missing(connection: Connection, part: Part, rows: list[Row]) -> None:
    if rows:
        kind = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        connection.execute(kind(part.table).on_conflict_do_nothing(), rows)


def _load_cards(connection: Connection, part: Part, rows: list[Row]) -> None:
    """Cards as they were. A title that was blanked since (an erasure) stays so."""
    there = _there(connection, part.table, rows)
    _add_missing(connection, part, [row | dict.fromkeys(LINKS) for row in rows if row["id"] not in there])
    back = []
    for row in rows:
        now = there.get(row["id"])
        if now is not None and now["state"] == GONE:
            back.append(row | ({"title": now["title"], "summary": now["summary"]} if changed_since(now, row) else {}))
    _update(connection, part.table, back)


def _link_cards(connection: Connection, folder: Path, found: DumpedTable) -> None:
    """What cards say of each other, for those that were made anew."""
    table = cast(Table, Subject.__table__)
    with _lines(folder, CORE_ROWS, found) as lines:
        for batch in batches(lines, shape_of(table)):
            links = [{name: row.get(name) for name in ("id", *LINKS)} for row in batch]
            _update(connection, table, [row for row in links if any(row[name] for name in LINKS)])


def _update(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Give the rows with these ids these values: all rows name the same columns."""
    if rows:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        statement = update(table).where(table.c.id == bindparam("new_id")).values(values)
        connection.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


def _load_files(connection: Connection, part: Part, rows: list[Row]) -> None:
    there = _there(connection, part.table, rows)
    _add_missing(connection, part, [row for row in rows if row["id"] not in there])
    _update(connection, part.table, [row for row in rows if row["id"] in there and there[row["id"]]["state"] == GONE])


_LOADERS: dict[str, Callable[[Connection, Part, list[Row]], None]] = {
    Subject.__tablename__: _load_cards,
    File.__tablename__: _load_files,
}


def _there(connection: Connection, table: Table, rows: list[Row]) -> dict[uuid.UUID, Any]:
    found = connection.execute(select(table).where(table.c.id.in_([row["id"] for row in rows])))
    return {row["id"]: row for row in found.mappings()}


@contextmanager
def loaded_files(platform: Platform, folder: Path, dump: Dump) -> Iterator[None]:
    """Put the contents back; those that were not there before are removed again when the block of this ``with`` fails."""
    added: list[str] = []
    try:
        for key in _absent(platform, dump):
            added.append(key)
            _save(platform, folder, key)
        yield
    except BaseException:
        for key in added:
            with contextlib.suppress(OSError):
                platform.files.delete(key)
        raise
    # Until the commit a file was marked as gone, and the daily job of a running worker may have tidied it up.
    with platform.engine.connect() as connection:
        there = set(content_keys(connection, dump.block))
    for key in _absent(platform, dump):
        if key in there:
            _save(platform, folder, key)


def _absent(platform: Platform, dump: Dump) -> Iterator[str]:
    for found in dump.files:
        try:
            platform.files.open(found.key).close()
        except FileNotFoundError:
            yield found.key


def _save(platform: Platform, folder: Path, key: str) -> None:
    with (folder / FILES / key).open("rb") as stream:
        platform.files.save(key, stream)
