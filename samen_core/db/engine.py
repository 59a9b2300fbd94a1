"""Engines for SQLite (embedded) and PostgreSQL (production), with the traps of SQLite closed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT = 10_000
"""How long SQLite waits for another writer, in milliseconds."""

WRITE_OPTION = "samen_write"

_CLASHES = frozenset(
    {
        *("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY"),
        *("23505", "23503", "40P01"),
    }
)
"""Unique and foreign keys: SQLite's names, PostgreSQL's codes (its manual, appendix A, class 23)."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for the database at ``url`` (SQLAlchemy URL; ``sqlite:///file`` or ``postgresql+psycopg://…``).

    On SQLite the driver is put in manual mode and every transaction starts with an explicit BEGIN, so that DDL is transactional and a
    rollback takes everything back. Use :func:`writing` for transactions that write. The text of an error never shows the values of a
    statement: they are people's data.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        engine = create_engine(
            url,
            connect_args={"isolation_level": None, "check_same_thread": False},
            pool_size=pool_size,
            max_overflow=20,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, hide_parameters=True)


def writing(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions take SQLite's write lock at once (a later upgrade could deadlock)."""
    return engine.execution_options(**{WRITE_OPTION: True})


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT}", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE_OPTION) else "BEGIN")


def is_clash(error: DBAPIError) -> bool:
    """Whether two transactions clashed: what was free, or still there, when it was checked is so no longer, or each waits for the other.

    Other errors are mistakes; so is one of the change log, whose rows are written one after the other: its end was tampered with.
    """
    if "core__change" in str(error.orig):
        return False
    return {getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)} & _CLASHES != set()
