"""The temporary PostgreSQL: reachable both ways, not root, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from samen_core.testing.postgres import PostgresServer, temporary_postgres


@pytest.fixture
def database(postgres_server: PostgresServer, worker_id: str) -> Iterator[str]:
    name = f"infrastructure_{worker_id}"
    postgres_server.drop_database(name)
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


def test_url_works_over_socket(database: str) -> None:
    engine = create_engine(database)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting('server_encoding')")) == "UTF8"
        assert connection.scalar(text("SELECT inet_server_addr()")) is None
    engine.dispose()


def test_tcp_url_needs_the_password(postgres_server: PostgresServer, database: str, worker_id: str) -> None:
    url = postgres_server.tcp_url(f"infrastructure_{worker_id}").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT host(inet_server_addr())").fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(postgres_server.password, "wrong"))


def test_template_is_copied(postgres_server: PostgresServer, database: str, worker_id: str) -> None:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE seen AS SELECT 7 AS number")
    copy = f"infrastructure_copy_{worker_id}"
    url = postgres_server.create_database(copy, template=f"infrastructure_{worker_id}")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT number FROM seen").fetchone() == (7,)
    postgres_server.drop_database(copy)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))


def test_drop_ends_open_connections_and_may_be_repeated(postgres_server: PostgresServer, worker_id: str) -> None:
    name = f"infrastructure_drop_{worker_id}"
    connection = psycopg.connect(postgres_server.create_database(name).replace("+psycopg", ""))
    postgres_server.drop_database(name)
    postgres_server.drop_database(name)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


def test_server_is_private_not_root_and_leaves_nothing() -> None:
    with temporary_postgres() as server:
        folder = Path(server.folder)
        owner = folder.stat()
        assert owner.st_mode & 0o077 == 0
        assert owner.st_uid != 0
        process = Path("/proc", (folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        assert process.stat().st_uid == owner.st_uid
        if os.geteuid():
            assert owner.st_uid == os.geteuid()
    assert not folder.exists()
    assert not process.exists()


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is missing: nothing ties the server's life to ours")
def test_server_ends_when_the_run_is_killed() -> None:
    script = (
        "import time; from samen_core.testing.postgres import temporary_postgres\n"
        "with temporary_postgres() as server: print(server.folder, flush=True); time.sleep(60)"
    )
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    folder = Path(run.stdout.readline().strip())
    server = Path("/proc", (folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 20
    while server.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not server.exists()
    shutil.rmtree(folder)
