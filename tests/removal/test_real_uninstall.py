"""The real thing: wheels in a clean environment, pip that uninstalls, a newer platform, pip that installs again."""

from __future__ import annotations

import filecmp
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from samen_core.testing.postgres import PostgresServer
from tests.removal.leaving import PARENTS, later_migration
from tests.support.wheels import Environment, build_wheels, make_environment, pack_dependencies, sources

LOOK = Path(__file__).with_name("look.py")
SECRET = "removal-secret-" + "0" * 32
LEAVING = ("doe_mee", "oog_oor", "beleidsagenda", "samenspreker", "inbreng", "gereedschap")
"""In the order in which they may be purged."""
PACKAGES = tuple(f"samen-{name.replace('_', '-')}" for name in LEAVING)
"""What pip calls them."""
OWNERS = ("account_id", "author_name", "email")
"""The columns of these blocks that make a row somebody's own; of such a thing a purge leaves no title."""


@dataclass(frozen=True, slots=True)
class City:
    """An installation that uses the programs of another environment."""

    environment: Environment
    folder: Path
    database: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command in the folder of the city, with its settings and nothing of ours."""
        variables = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        variables |= {"SAMEN_SECRET_KEY": SECRET, "SAMEN_DATABASE_URL": self.database}
        return subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False)

    def samen(self, *arguments: str) -> str:
        """A command that must succeed; what it printed."""
        done = self.run(self.environment.samen, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """A command that must not; its one line."""
        done = self.run(self.environment.samen, *arguments)
        assert done.returncode != 0
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def look(self, permalinks: Sequence[str] = ()) -> dict[str, Any]:
        """The pages of the city, what is wrong with them, and the answers on lasting addresses."""
        done = self.run(self.environment.python, str(LOOK), *permalinks)
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def pip(self, *arguments: str) -> None:
        """Install or uninstall in the environment, without a network."""
        uv = str(Path(sys.executable).with_name("uv"))
        done = self.run(uv, "pip", *arguments, "--offline", "--no-config", "--quiet", "--python", self.environment.python)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheelhouse with everything."""
    folder, work = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("work")
    build_wheels(folder, work)
    pack_dependencies(folder, *(distribution("samen").requires or ()))
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, house: Path, tmp_path: Path) -> Iterator[City]:
    """The demonstration city in an environment of its own, with every block."""
    environment = make_environment(tmp_path / "environment", house, *PACKAGES, quick=True)
    folder = tmp_path / "city"
    folder.mkdir()
    url = f"sqlite:///{folder / 'samen.db'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create_database("really_removed")
    made = City(environment, folder, url)
    made.samen("demo", "--folder", ".", "--prepare-only")
    if "gereedschap" not in tomllib.loads((folder / "samen.toml").read_text())["blocks"]:
        made.samen("blocks", "enable", "gereedschap")
    yield made
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server").drop_database("really_removed")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_blocks_are_uninstalled_and_come_back(city: City, tmp_path: Path) -> None:
    before = city.look()
    for name in LEAVING:
        city.samen("blocks", "export", name, str(tmp_path / "before" / name))
    cards = [card for name in LEAVING for card in _cards(tmp_path / "before" / name)]
    assert len(cards) > 3

    city.pip("uninstall", *PACKAGES)
    said = city.refused("db", "status")
    assert "is enabled but not installed" in said
    for name in LEAVING:
        city.samen("blocks", "disable", name)
    _newer_platform(city)
    assert "core_9000" in city.samen("db", "upgrade")
    seen = city.look([path for path, _title in cards])
    assert not [name for name in seen["blocks"] if name.removeprefix("samen_") in LEAVING]
    assert 50 < len(seen["pages"]) < len(before["pages"])
    assert set(seen["problems"]) <= set(before["problems"])
    _titles(seen, cards, 200)
    listed = city.samen("blocks", "list")
    assert all(f"{name} " in listed and "orphan" in listed for name in LEAVING)

    for name in LEAVING:
        city.samen("blocks", "purge", name, "--export", str(tmp_path / "dump" / name), "--yes", name)
    seen = city.look([path for path, _title in cards])
    assert set(seen["problems"]) <= set(before["problems"])
    _titles(seen, cards, 410)
    assert "orphan" not in city.samen("blocks", "list")

    city.pip("install", "--no-index", "--find-links", str(city.environment.house), *PACKAGES)
    for name in reversed(LEAVING):
        city.samen("blocks", "restore", str(tmp_path / "dump" / name))
        city.samen("blocks", "enable", name)
    city.samen("db", "verify-log")
    after = city.look()
    assert (after["pages"], after["problems"]) == (before["pages"], before["problems"])
    for name in LEAVING:
        city.samen("blocks", "export", name, str(tmp_path / "after" / name))
        _equal(tmp_path / "before" / name, tmp_path / "after" / name)


def _newer_platform(city: City) -> None:
    """What pip would bring with a newer version of the platform: a migration of core and one of the city."""
    (site,) = city.environment.folder.glob("lib/python*/site-packages")
    for name, table, column, length in PARENTS:
        folder = site / "samen_core" / "migrations" / "versions" if name == "core" else site / "citycontent" / "migrations"
        before = f"{name}_{max(path.name[:4] for path in folder.glob('[0-9]*.py'))}"
        (folder / "9000_a_later_version.py").write_text(later_migration(name, before, table, column, length), encoding="utf-8")


def _cards(dump: Path) -> list[tuple[str, str]]:
    """The lasting address and title of the newest public thing of each kind in a dump, of those that are nobody's own."""
    rows = _rows(dump / "core" / "core__subject.jsonl")
    own = {row.get("id") for path in (dump / "tables").iterdir() for row in _rows(path) if any(row.get(name) for name in OWNERS)}
    shown = (row for row in rows if row["public"] and row["state"] == "active" and row["title"] and row["id"] not in own)
    newest = {row["type"]: row for row in shown}
    return [(f"/id/{row['type']}/{row['id']}", row["title"]) for row in newest.values()]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _titles(seen: dict[str, Any], cards: list[tuple[str, str]], status: int) -> None:
    for path, title in cards:
        answered, page = seen["permalinks"][path]
        assert answered == status, path
        assert title.replace("&", "&amp;") in page.replace("&#39;", "'").replace("&#34;", '"'), path


def _equal(before: Path, after: Path) -> None:
    """Two dumps are the same, but for the moments at which migrations ran and the lines that the platform itself added meanwhile."""
    for kind in ("tables", "files"):
        names = sorted(path.name for path in (before / kind).iterdir())
        assert names == sorted(path.name for path in (after / kind).iterdir())
        assert filecmp.cmpfiles(before / kind, after / kind, names, shallow=False)[1:] == ([], [])
    same = [path.name for path in (before / "core").iterdir() if path.name != "core__migration.jsonl"]
    assert filecmp.cmpfiles(before / "core", after / "core", same, shallow=False)[1:] == ([], [])


def test_every_block_leaves_in_the_soak() -> None:
    """A new block of this repository joins the list above."""
    names = []
    for folder in sources():
        config = ConfigParser()
        config.read(folder / "setup.cfg", encoding="utf-8")
        names.append(config["metadata"]["name"])
    assert set(PACKAGES) == set(names) - {"samen"}
