"""Databases of PostgreSQL for tests: one that a test leaves is brought back to what the migrations made, and lent to the next.

To copy a database costs more than most tests, to bring one back some milliseconds. Each test gets it under a name of its own, so what
another left running reaches nothing. One of which the tables changed, or that cannot be brought back, is thrown away.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from samen_core.testing.postgres import PostgresServer

USES = 200
MOST_ROWS = 20_000
"""After so many tests, or a test with so many rows, a new copy is faster than what is left of the old one."""

_CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type", "pg_namespace")
_CATALOGUE = " UNION ALL ".join(f"SELECT count(*), max(xmin::text::bigint) FROM {name}" for name in _CATALOGUES)  # noqa: S608 - names from above
_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
_SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A database as the migrations left it: its tables, what stands in some of them, its sequences, and a print of its catalogue."""

    tables: tuple[str, ...]
    rows: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]
    catalogue: list[tuple[int, int]]


class Lender:
    """Lends databases that are copies of a template, one at a time."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self.server = server
        self.template = template
        self._name = ""
        self._uses = 0
        self._fresh: _Fresh | None = None

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of a database as the migrations left it."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        if self._name:
            self.server.rename_database(self._name, name)
        else:
            self.server.create_database(name, self.template)
            self._uses = 0
        if self._uses == 0:
            self._fresh = self._look(name)
        self._name, self._uses = "", self._uses + 1
        try:
            yield self.server.url(name)
        finally:
            if self._uses < USES and self._bring_back(name):
                self._name = name
            else:
                self.server.drop_database(name)

    def _look(self, name: str) -> _Fresh:
        with self.server.connect(name) as connection:
            tables = tuple(sorted(row[0] for row in connection.execute(_TABLES)))
            return _Fresh(
                tables,
                {table: _content(connection, table) for table in _filled(connection, tables)},
                {sequence: (value, used) for sequence, value, used in connection.execute(_SEQUENCES)},
                connection.execute(_CATALOGUE).fetchall(),
            )

    def _bring_back(self, name: str) -> bool:
        """Whether the database is again as it was; it is of no use when not."""
        fresh = self._fresh
        try:
            with self.server.connect(name) as connection:
                if fresh is None or not _alone(connection) or connection.execute(_CATALOGUE).fetchall() != fresh.catalogue:
                    return False
                with connection.transaction():
                    # No foreign key or trigger stands in the way: in the end everything is as it was.
                    connection.execute("SET LOCAL session_replication_role = replica")
                    gone = sum(connection.execute(_delete(table)).rowcount for table in _filled(connection, fresh.tables))
                    for table, content in fresh.rows.items():
                        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                            copy.write(content)
                    for sequence, value, used in connection.execute(_SEQUENCES).fetchall():
                        if (value, used) != fresh.sequences[sequence]:
                            connection.execute("SELECT setval(%s::regclass, %s, %s)", (sequence, *fresh.sequences[sequence]))
        except psycopg.Error:
            return False
        return gone < MOST_ROWS


def _alone(connection: psycopg.Connection) -> bool:
    """End the other connections to this database; whether they went."""
    connection.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
    deadline = time.monotonic() + _END_SECONDS
    while connection.execute(f"SELECT {_OTHERS}").fetchone() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def _filled(connection: psycopg.Connection, tables: tuple[str, ...]) -> list[str]:
    """The tables that are not empty."""
    looks = [f"SELECT {sql.quote(table)} WHERE EXISTS (SELECT FROM {table})" for table in tables]  # noqa: S608 - names that it gave us
    return [row[0] for row in connection.execute(" UNION ALL ".join(looks))] if looks else []


def _delete(table: str) -> str:
    return f"DELETE FROM {table}"  # noqa: S608 - a name that it gave us


def _content(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)
