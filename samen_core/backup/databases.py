"""One consistent moment of a database that is in use, and putting it back: SQLite with its own copying, PostgreSQL with its own tools."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from samen_core.db.engine import BUSY_TIMEOUT, make_engine
from samen_core.errors import StartupError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MEMBERS = {SQLITE: "database.sqlite.gz", POSTGRESQL: "database.pgdump"}
"""What the database is called in an archive."""

STOP_FIRST = "the database is in use: stop the server and the workers first"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a database: ``connection`` reads it, ``dump`` holds it."""

    kind: str
    server: str
    connection: Connection
    dump: Path


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return make_url(url).get_backend_name()


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


@contextmanager
def snapshot(url: str, folder: Path, taken: Callable[[], None]) -> Iterator[Snapshot]:
    """The database as it is now; ``folder`` takes temporary files. ``taken`` is called as soon as the moment is fixed, before copying.

    Raises StartupError when it cannot be read.
    """
    with (_sqlite if kind_of(url) == SQLITE else _postgresql)(url, folder, taken) as found:
        yield found


@contextmanager
def _sqlite(url: str, folder: Path, taken: Callable[[], None]) -> Iterator[Snapshot]:
    """A copy, made in one step in a transaction that reads one moment, while others go on writing (WAL)."""
    path, copy, dump = _path(url), folder / "copy.db", folder / MEMBERS[SQLITE]
    if not path.exists():
        raise StartupError(f"there is no database: {path}")
    reading = sqlite3.connect(path, timeout=BUSY_TIMEOUT / 1000, isolation_level=None)
    with closing(reading) as source, closing(sqlite3.connect(copy)) as target:
        try:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            taken()
            source.backup(target)
            source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode=DELETE")
            (found,) = target.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            raise StartupError(f"the database cannot be read: {error}") from None
    if found != "ok":
        raise StartupError(f"the database is damaged: {' '.join(str(found).split())}")
    with copy.open("rb") as plain, dump.open("wb") as raw, gzip.GzipFile("", "wb", 4, raw, mtime=0) as packed:
        shutil.copyfileobj(plain, packed)
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            yield Snapshot(SQLITE, sqlite3.sqlite_version, connection, dump)
    finally:
        engine.dispose()


@contextmanager
def _postgresql(url: str, folder: Path, taken: Callable[[], None]) -> Iterator[Snapshot]:
    """What one transaction sees: this connection reads it, and pg_dump gets the same through an exported snapshot."""
    dump = folder / MEMBERS[POSTGRESQL]
    program = _program("pg_dump")
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
            connection.execute(text("SET TRANSACTION READ ONLY"))
            name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            taken()
            server = str(connection.execute(text("SHOW server_version")).scalar_one()).split()[0]
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={dump}"]
            _run([program, *options, f"--dbname={_libpq(url)}"], url)
            yield Snapshot(POSTGRESQL, server, connection, dump)
    finally:
        engine.dispose()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise StartupError(
            f"'{name}' is not on this machine: install PostgreSQL's client programs, of the version of the server or newer "
            "(Debian: apt-get install postgresql-client)"
        )
    return found


def _libpq(url: str) -> str:
    """The address as PostgreSQL's own programs take it, without the password: others see the command line."""
    return make_url(url).set(drivername="postgresql", password=None).render_as_string()


def _environment(url: str) -> dict[str, str]:
    password = make_url(url).password
    quiet = {"LC_ALL": "C.UTF-8", "PGOPTIONS": "--client-min-messages=warning"}
    return {**os.environ, **quiet, **({"PGPASSWORD": str(password)} if password else {})}


def _run(command: list[str], url: str) -> None:
    done = subprocess.run(command, env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - PostgreSQL's own program
    if done.returncode:
        raise StartupError(f"{Path(command[0]).name} failed: {_short(done.stderr)}")


def _short(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return lines[0][:500] if lines else "without saying why"


def tables(connection: Connection) -> list[str]:
    """Every table, but the ones that the database keeps for itself."""
    return sorted(name for name in inspect(connection).get_table_names() if not name.startswith("sqlite_"))


def is_empty(url: str) -> bool:
    """Whether there is no table yet. Raises StartupError when the database does not answer."""
    if kind_of(url) == SQLITE and not _path(url).exists():
        return True
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return not tables(connection)
    except DBAPIError as error:
        raise StartupError(f"the database cannot be opened: {_short(str(error.orig))}") from None
    finally:
        engine.dispose()


def load(url: str, dump: IO[bytes], folder: Path) -> None:
    """Put a dump in place of whatever is in the database, all of it or nothing. Raises StartupError while others use the database."""
    if kind_of(url) == SQLITE:
        _load_sqlite(_path(url), dump)
    else:
        _load_postgresql(url, dump, folder)


def _load_sqlite(path: Path, dump: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.restoring-")
    try:
        with os.fdopen(descriptor, "wb") as target, gzip.GzipFile(fileobj=dump) as packed:
            shutil.copyfileobj(packed, target)
            target.flush()
            os.fsync(target.fileno())
        if path.exists():
            _require_unused(path)
            shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _require_unused(path: Path) -> None:
    """SQLite leaves WAL only when nobody else has the database open."""
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise StartupError(STOP_FIRST) from None


_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def _load_postgresql(url: str, dump: IO[bytes], folder: Path) -> None:
    """One transaction that takes away what is there and runs the dump, so that a failure leaves the database as it was."""
    restore, psql = _program("pg_restore"), _program("psql")
    stored = folder / MEMBERS[POSTGRESQL]
    with stored.open("wb") as target:
        shutil.copyfileobj(dump, target)
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            clear = bool(tables(connection))
            if clear and connection.execute(text(_OTHERS)).scalar_one():
                raise StartupError(STOP_FIRST)
    finally:
        engine.dispose()
    command = [
        psql,
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={_libpq(url)}",
        "--output=/dev/null",
    ]
    with tempfile.TemporaryFile() as said:
        loading = subprocess.Popen(command, env=_environment(url), stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603 - as above
        source = cast("IO[bytes]", loading.stdin)
        try:
            if clear:
                source.write(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;\n")
                source.flush()
            reading = [restore, "--no-owner", "--no-privileges", "--file=-", str(stored)]
            made = subprocess.run(reading, stdout=source, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - as above
            if made.returncode:
                source.write(b"\\warn the dump ends too early\nSELECT 1/0;\n")
            source.close()
        except BrokenPipeError:
            made = None
        status = loading.wait()
        said.seek(0)
        if status or made is None or made.returncode:
            raise StartupError(f"the database could not be put back, nothing changed: {_short(said.read().decode(errors='replace'))}")
