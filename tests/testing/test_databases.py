"""The choice of databases: what is left out is said. Those of PostgreSQL are lent to one test after another, each time as new."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from samen_core.testing import services
from samen_core.testing.databases import Lender
from samen_core.testing.postgres import PostgresMissing, PostgresServer

TEST = """
import pytest

@pytest.fixture
def samen_config():
    return {"blocks": ["citycontent"]}

def test_without_a_database():
    pass

@pytest.mark.parametrize("db_url", ["sqlite", "postgresql"])
def test_on(db_url):
    assert db_url == "sqlite"
"""


def test_sqlite_alone_leaves_the_other_out_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)]
    chosen = subprocess.run([*command, "--databases=sqlite"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 passed, 1 deselected" in chosen.stdout, chosen.stdout + chosen.stderr
    assert "samen: nothing was tested on postgresql: by --databases" in chosen.stdout
    wrong = subprocess.run([*command, "--databases=oracle"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert wrong.returncode == pytest.ExitCode.USAGE_ERROR
    assert "oracle is none of sqlite, postgresql" in wrong.stderr


def test_without_programs_postgresql_is_left_out_but_never_in_ci(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    def missing() -> Path:
        raise PostgresMissing("PostgreSQL is not installed")

    monkeypatch.setattr(services, "find_binaries", missing)
    monkeypatch.setattr(services, "_asked", lambda _config: ())
    monkeypatch.delenv("CI", raising=False)
    assert services._left_out(pytestconfig) == (("postgresql",), "PostgreSQL is not installed")
    monkeypatch.setenv("CI", "true")
    assert services._left_out(pytestconfig) == ((), "")


MADE = """
CREATE TABLE kind (id serial PRIMARY KEY, name text);
INSERT INTO kind (name) VALUES ('delivered'), (E'with\\ttab');
CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind_id integer NOT NULL REFERENCES kind (id));
CREATE TABLE kept (line text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what is written stays'; END $$;
CREATE TRIGGER no_delete BEFORE DELETE ON kept FOR EACH ROW EXECUTE FUNCTION refuse();
"""


WHICH = "SELECT oid FROM pg_database WHERE datname = current_database()"
"""Which database it is, by whatever name."""


@pytest.fixture
def lender(postgres_server: PostgresServer, worker_id: str) -> Iterator[Lender]:
    """A lender of databases with some tables."""
    template = f"lent_{worker_id}"
    postgres_server.drop_database(template)
    postgres_server.create_database(template)
    with postgres_server.connect(template) as connection:
        connection.execute(MADE)
    yield Lender(postgres_server, template)
    postgres_server.drop_database(template)


def connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def everything(url: str) -> list[object]:
    """What is in the tables, and the ids that come next."""
    with connected(url) as connection:
        asked = ("SELECT * FROM kind ORDER BY id", "SELECT * FROM thing", "SELECT * FROM kept")
        rows = [connection.execute(statement).fetchall() for statement in asked]
        given = "INSERT INTO kind (name) VALUES ('new') RETURNING id", "INSERT INTO thing (kind_id) VALUES (1) RETURNING id"
        return [*rows, *(connection.execute(statement).fetchone() for statement in given)]


def test_what_a_test_wrote_is_gone_and_what_it_left_open_is_ended(lender: Lender) -> None:
    new: list[object] = [[(1, "delivered"), (2, "with\ttab")], [], [], (3,), (1,)]
    with lender.lend() as first:
        assert everything(first) == new
        left = connected(first)
        one = left.execute(WHICH).fetchone()
        left.execute("UPDATE kind SET name = 'changed' WHERE id = 1")
        left.execute("DELETE FROM kind WHERE id = 2")
        left.execute("INSERT INTO kept VALUES ('a line')")
        left.execute("BEGIN")
        left.execute("INSERT INTO kept VALUES ('half')")
    with lender.lend() as second:
        assert second != first
        assert everything(second) == new
        with connected(second) as connection:
            assert connection.execute(WHICH).fetchone() == one, "it was not copied anew"
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE kind ALTER COLUMN name SET DEFAULT 'x'",
        "ALTER TABLE thing DROP CONSTRAINT thing_kind_id_fkey",
        "CREATE INDEX by_name ON kind (name)",
        "DROP TABLE kept; CREATE TABLE kept (line text)",
        "DROP TRIGGER no_delete ON kept",
        "CREATE SCHEMA other",
    ],
)
def test_one_of_which_the_tables_changed_is_thrown_away(lender: Lender, change: str) -> None:
    with lender.lend() as first, connected(first) as connection:
        one = connection.execute(WHICH).fetchone()
        connection.execute(change)
    with lender.lend() as second, connected(second) as connection:
        assert connection.execute(WHICH).fetchone() != one
