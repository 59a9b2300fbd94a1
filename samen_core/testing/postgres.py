"""A temporary PostgreSQL server for a test run, started from the installed binaries and never as root."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

START_SECONDS = 30
STOP_SECONDS = 15
SUPERUSER = "samen"

# The data is thrown away, so nothing has to survive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "listen_addresses": "127.0.0.1",
}


class PostgresMissing(RuntimeError):
    """PostgreSQL's server programs are not on this machine."""


class PostgresFailed(RuntimeError):
    """The temporary server did not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running temporary server. Plain values only, so that it can be handed to the workers of a parallel run."""

    folder: str
    port: int
    password: str

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database over the server's private Unix socket."""
        return f"postgresql+psycopg://{SUPERUSER}@/{quote(database)}?host={quote(self.folder, safe='')}&port={self.port}"

    def tcp_url(self, database: str) -> str:
        """The SQLAlchemy URL of a database over loopback, with a password."""
        return f"postgresql+psycopg://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or as a copy of ``template`` (to which nobody may be connected); its URL.

        Raises psycopg.errors.DuplicateDatabase when there is one of this name.
        """
        # Copying the files costs a third of writing the copy through the log.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, and the connections to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, new: str) -> None:
        """Give a database, to which nobody may be connected, another name."""
        self._execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))

    def connect(self, database: str) -> psycopg.Connection:
        """A connection of the superuser to a database, in which each statement is a transaction."""
        return psycopg.connect(host=self.folder, port=self.port, user=SUPERUSER, dbname=database, autocommit=True)

    def _execute(self, statement: sql.Composed) -> None:
        with self.connect("postgres") as connection:
            connection.execute(statement)


@contextmanager
def temporary_postgres() -> Iterator[PostgresServer]:
    """Start a server in a temporary folder, on a Unix socket and a free loopback port; stop and remove it at the end.

    Raises PostgresMissing where it is not installed, PostgresFailed where it does not start.
    """
    binaries = find_binaries()
    owner = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="samen-pg-"))
    try:
        password = secrets.token_urlsafe(24)
        _initialise(binaries, folder, password, owner)
        with _running(binaries, folder, password, owner) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``: the one ``pg_config`` names, else Debian's newest, else the search path's."""
    candidates: list[Path] = []
    if pg_config := shutil.which("pg_config"):
        candidates.append(Path(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()))
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).parent)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    raise PostgresMissing("PostgreSQL is not installed: no initdb found. On Debian: apt-get install postgresql-15")


def _server_user() -> pwd.struct_passwd | None:
    """The user to run the server as when we are root, which PostgreSQL refuses; None for ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_user(owner: pwd.struct_passwd | None) -> list[str]:
    """The start of a command line that runs the rest as ``owner`` and ends it when we die without cleaning up."""
    setpriv = shutil.which("setpriv")
    if owner is None:
        return [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if setpriv is None:
        raise PostgresFailed("PostgreSQL refuses to run as root, and setpriv (util-linux) is missing to start it as another user")
    return [setpriv, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", "--pdeathsig", "INT"]


def _initialise(binaries: Path, folder: Path, password: str, owner: pwd.struct_passwd | None) -> None:
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    password_file.chmod(0o600)
    if owner is not None:
        for path in (folder, password_file):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [
        *_as_user(owner),
        str(binaries / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth-local=trust",  # the socket lies in a folder that only the owner may enter
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresFailed(f"initdb failed: {done.stderr.strip()}")


@contextmanager
def _running(binaries: Path, folder: Path, password: str, owner: pwd.struct_passwd | None) -> Iterator[PostgresServer]:
    process, server = _start(binaries, folder, password, owner)
    try:
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: open connections are ended
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(binaries: Path, folder: Path, password: str, owner: pwd.struct_passwd | None) -> tuple[subprocess.Popen[bytes], PostgresServer]:
    """Start the server; a few tries, since another program may take the free port before the server does."""
    log = folder / "log"
    for _attempt in range(3):
        server = PostgresServer(folder=str(folder), port=_free_port(), password=password)
        settings = SETTINGS | {"port": str(server.port), "unix_socket_directories": str(folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*_as_user(owner), str(binaries / "postgres"), "-D", str(folder / "data"), *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us first, so that the tests end before their database
            )
        if _answers(process, server):
            return process, server
    raise PostgresFailed(f"the temporary PostgreSQL did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _answers(process: subprocess.Popen[bytes], server: PostgresServer) -> bool:
    """Wait until the server takes connections; False when it ended or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect("postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    if process.poll() is None:
        process.kill()
        process.wait()
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
