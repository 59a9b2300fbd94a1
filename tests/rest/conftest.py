"""A platform with the block of notes, and callers of its API."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.actor import Actor
from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.db import migrate
from samen_core.platform import Parts, Platform
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.platforms import Clock, make_config
from tests.rest.notes.block import block

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

HERE = Path(__file__).parent


def notes_platform(folder: Path, clock: Clock, **values: Any) -> Platform:
    """A platform with only the block of notes enabled. On SQLite: the rules of HTTP do not depend on the database."""
    notes = Installed("notes", "tests.rest.notes", block, HERE / "notes", "samen-notes", "1.0", "Test", "EUPL-1.2")
    config = make_config(folder, f"sqlite:///{folder / 'samen.db'}", **{"blocks": ["notes"], **values})
    return Platform(config, Parts(clock=clock, installed={**installed_blocks(), "notes": notes}))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy."""
    folder = tmp_path_factory.mktemp("notes")
    made = notes_platform(folder, Clock())
    migrate.upgrade(made)
    made.close()
    return folder / "samen.db"


@pytest.fixture
def platform(migrated: Path, tmp_path: Path, clock: Clock, samen_config: dict[str, Any]) -> Iterator[Platform]:
    """A platform with the block of notes on an empty database."""
    shutil.copyfile(migrated, tmp_path / "samen.db")
    made = notes_platform(tmp_path, clock, **samen_config)
    yield made
    made.close()


@pytest.fixture
def token_of(platform: Platform) -> Callable[..., str]:
    """``token_of(actor, "notes.write")``: a real token of the actor's account with these scopes."""

    return partial(make_token, platform)


@pytest.fixture
def nobody(app: SamenFlask) -> Caller:
    """A caller without a token."""
    return Caller(app)


@pytest.fixture
def writer(app: SamenFlask, actor_as: Callable[..., Actor], token_of: Callable[..., str]) -> Caller:
    """A caller who may write notes."""
    return Caller(app, token_of(actor_as("manager"), "notes.write"))


@pytest.fixture
def reader(app: SamenFlask, actor_as: Callable[..., Actor], token_of: Callable[..., str]) -> Caller:
    """A caller with a token that gives no rights."""
    return Caller(app, token_of(actor_as("resident")))


@pytest.fixture
def titles(writer: Caller) -> list[str]:
    """Seven notes, as titles in the order of the list."""
    for number in range(7):
        assert writer("POST", "/notes/notes", json={"title": f"Notitie {number}", "stars": number % 3}).status_code == 201
    return [f"Notitie {number}" for number in (5, 2, 4, 1, 6, 3, 0)]
