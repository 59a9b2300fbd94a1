"""A block leaves, the city goes on and gets newer, and the block returns: everything is as it was."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from samen_core.actor import anonymous, system
from samen_core.app import create_app
from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.blocks.orphans import orphans
from samen_core.blocks.purge import purge_block
from samen_core.blocks.restore import restore_block
from samen_core.db import migrate
from samen_core.db.base import uuid7
from samen_core.events.worker import Worker
from samen_core.platform import Parts, Platform
from samen_core.seed import seed_demo
from samen_core.subjects import REMOVED_TITLE, Subject, SubjectData, SubjectRef, register
from samen_core.testing.platforms import make_config
from samen_core.testing.postgres import PostgresServer
from tests.removal.conftest import contents, everything, quiet, with_blocks
from tests.removal.leaving import Walk, upgrade_parents, walk

BLOCKS = tuple(name for name, found in installed_blocks().items() if found.block and not found.problem)

LOOKS = {"oog_oor__viewing"}
"""Tables that get a row when staff looks at something."""


def needing(name: str) -> tuple[str, ...]:
    """A block and the blocks that require it: they leave together."""
    blocks = {found.name: found.block for found in installed_blocks().values() if found.block}
    return tuple(other for other in BLOCKS if other == name or name in blocks[other].requires)


def test_the_rows_of_an_absent_block_outlive_a_newer_city(platform: Platform, memo: Installed, tmp_path: Path) -> None:
    """On SQLite a changed parent table is copied and dropped, which must not empty the tables of a block that is not there."""
    full = with_blocks(platform, memo)
    id = uuid7()
    with full.unit_of_work(system("test")) as uow:
        register(uow, SubjectRef("memo", id), SubjectData("Vroeger", f"/memo/{id}"))
        raw = id.hex if uow.session.connection().dialect.name == "sqlite" else id
        note = "INSERT INTO memo__note (id, body, at, done) VALUES (:id, 'tekst', CURRENT_TIMESTAMP, TRUE)"
        uow.session.execute(text(note), {"id": raw})
    before = everything(full)
    full.close()
    smaller = with_blocks(platform, without=("memo",))
    upgrade_parents(smaller, tmp_path / "newer")
    migrate.require_current(smaller)
    assert [left.block for left in orphans(smaller)] == ["memo"]
    assert everything(smaller) == before
    client = create_app(smaller).test_client()
    assert "Vroeger" in client.get(f"/id/memo/{id}", follow_redirects=True).text
    smaller.close()
    again = with_blocks(platform, memo)
    assert everything(again) == before
    purge_block(with_blocks(again, without=("memo",)), "memo", tmp_path / "dump", quiet)
    gone = create_app(again).test_client().get(f"/id/memo/{id}")
    assert gone.status_code == 410
    assert "Vroeger" in gone.text
    with again.read(anonymous()) as uow:
        assert uow.session.execute(text("SELECT state FROM core__subject WHERE title = 'Vroeger'")).scalar() == "gone"
    restore_block(again, tmp_path / "dump", quiet)
    assert everything(again) == before
    again.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demonstration of every installed block on SQLite."""
    folder = tmp_path_factory.mktemp("seeded")
    platform = Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=list(BLOCKS)))
    migrate.upgrade(platform)
    seed_demo(platform)
    Worker(platform).drain()
    platform.close()
    return folder


@pytest.fixture(scope="module")
def seeded_server(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Path]:
    """The same on PostgreSQL, as a database to copy."""
    folder = tmp_path_factory.mktemp("seeded_server")
    url = postgres_server.create_database("removal_seeded")
    platform = Platform(make_config(folder, url, blocks=list(BLOCKS)))
    migrate.upgrade(platform)
    seed_demo(platform)
    Worker(platform).drain()
    platform.close()
    yield folder
    postgres_server.drop_database("removal_seeded")


@pytest.fixture(params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """A demonstration city of this test with every block."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("seeded"), tmp_path / "city")
        url = f"sqlite:///{tmp_path / 'city' / 'samen.db'}"
    else:
        shutil.copytree(request.getfixturevalue("seeded_server"), tmp_path / "city")
        url = request.getfixturevalue("postgres_server").create_database("removal_city", "removal_seeded")
    platform = Platform(make_config(tmp_path / "city", url, blocks=list(BLOCKS)))
    yield platform
    platform.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server").drop_database(make_url(url).database or "")


@pytest.fixture(scope="module")
def first_walks() -> Callable[[Platform], dict[str, Walk]]:
    """What visitors see of the whole demonstration; walked once per kind of database, as each test has an equal one."""
    known: dict[str, dict[str, Walk]] = {}

    def walks(demo: Platform) -> dict[str, Walk]:
        kind = demo.engine.dialect.name
        if kind not in known:
            known[kind] = {role: walk(demo, role) for role in (("", "manager") if kind == "sqlite" else ("",))}
        return known[kind]

    return walks


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", [name for name in BLOCKS if name != "citycontent"])
def test_every_block_leaves_and_returns(
    demo: Platform, name: str, tmp_path: Path, first_walks: Callable[[Platform], dict[str, Walk]]
) -> None:
    gone = needing(name)
    files, walks = contents(demo), first_walks(demo)
    before = everything(demo)
    smaller = with_blocks(demo, without=gone)
    upgrade_parents(smaller, tmp_path / "newer")
    migrate.require_current(smaller)
    assert everything(smaller) == before
    for role in walks:
        _nothing_new_is_wrong(smaller, role, walks[role])
    walked = everything(smaller)
    assert {table for table in walked if walked[table] != before[table]} <= LOOKS
    _titles_stay(demo, smaller, gone)

    again = with_blocks(demo)
    assert (everything(again), contents(again)) == (walked, files)
    dumps = [tmp_path / block for block in _last_first(gone)]
    for folder in dumps:
        purge_block(smaller, folder.name, folder, quiet)
    assert not orphans(smaller)
    _nothing_new_is_wrong(smaller, "", walks[""])
    _titles_stay(demo, smaller, gone)

    installed = {block: found for block, found in demo.installed.items() if block not in gone}
    for folder in reversed(dumps):
        installed[folder.name] = demo.installed[folder.name]
        back = Platform(replace(demo.config, blocks=tuple(installed)), Parts(installed=installed))
        restore_block(back, folder, quiet)
        back.close()
    again = Platform(demo.config)
    assert (everything(again), contents(again)) == (walked, files)
    assert walk(again) == walks[""]
    again.close()
    smaller.close()


def _nothing_new_is_wrong(smaller: Platform, role: str, before: Walk) -> None:
    """Every page that is left is as whole as it was."""
    now = walk(smaller, role)
    assert not now.problems - before.problems
    assert role or 50 < len(now.paths) < len(before.paths)


def _last_first(names: tuple[str, ...]) -> list[str]:
    """In the order in which they may be purged: who builds on another goes first."""
    return sorted(names, key=lambda name: len(needing(name)))


def _titles_stay(full: Platform, smaller: Platform, gone: tuple[str, ...]) -> None:
    """The address of what the absent blocks have in the register still tells what it was."""
    client = create_app(smaller).test_client()
    public = select(Subject.id, Subject.type, Subject.title).where(Subject.owner.in_(gone), Subject.public, Subject.state != "merged")
    told = public.where(Subject.title.not_in(("", REMOVED_TITLE)))
    with full.engine.connect() as connection:
        newest = {row.type: row for row in connection.execute(told.order_by(Subject.id))}
    assert newest
    for row in newest.values():
        answer = client.get(f"/id/{row.type}/{row.id}", follow_redirects=True)
        assert answer.status_code in (200, 410)
        assert html.escape(row.title, quote=False) in answer.text.replace("&#39;", "'").replace("&#34;", '"'), row
