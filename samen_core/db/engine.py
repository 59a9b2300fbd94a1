"""Engines for SQLite (embedded) and PostgreSQL (production), with the traps of SQLite closed."""

from __future__ import annotations

import sqlite3
import threading
import time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT = 10_000
"""How long SQLite waits for another writer, in milliseconds."""

TURN_TIMEOUT = 5.0
"""How long one waits for another writer of the same process before asking SQLite, in seconds."""

ASK_AGAIN = 0.0005
"""How long one that wants to write waits before asking SQLite once more, in seconds."""

WRITE_OPTION = "samen_write"
_TURN = "samen_turn"
"""Stands in the ``info`` of a connection that has the turn to write."""

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
        turn = threading.Lock()
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turn))
        event.listen(engine, "checkin", partial(_end_turn, turn))
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


def _begin_sqlite(turn: threading.Lock, connection: Connection) -> None:
    """Start a transaction; one that writes takes its turn among those of this process, and then asks for the lock of the file.

    SQLite lets who finds another writing sleep and try again, ever longer: with some that write, most of the time nobody does.
    """
    options: Any = connection.get_execution_options()
    if not options.get(WRITE_OPTION):
        connection.exec_driver_sql("BEGIN")
        return
    if not connection.info.get(_TURN):
        connection.info[_TURN] = turn.acquire(timeout=TURN_TIMEOUT)
    _lock_file(connection)


def _lock_file(connection: Connection) -> None:
    """Begin to write once no other process does. Only one of each process asks, so asking often costs next to nothing."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        until = time.monotonic() + BUSY_TIMEOUT / 1000
        while (refused := _begin_now(driver)) is not None:
            if refused & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                # Once more in the way that tells the error as SQLAlchemy does.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            time.sleep(ASK_AGAIN)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def _begin_now(driver: sqlite3.Connection) -> int | None:
    """Begin to write if that can be done at once; otherwise the code of SQLite that says why not."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode
    return None


def _end_turn(turn: threading.Lock, _connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """The connection goes back to the pool, its transaction ended."""
    if record.info.pop(_TURN, False):
        turn.release()


def is_clash(error: DBAPIError) -> bool:
    """Whether two transactions clashed: what was free, or still there, when it was checked is so no longer, or each waits for the other.

    Other errors are mistakes; so is one of the change log, whose rows are written one after the other: its end was tampered with.
    """
    if "core__change" in str(error.orig):
        return False
    return {getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)} & _CLASHES != set()
