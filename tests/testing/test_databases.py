"""The choice of databases: what is left out is said, and nothing is left out silently."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from samen_core.testing import services
from samen_core.testing.postgres import PostgresMissing

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
