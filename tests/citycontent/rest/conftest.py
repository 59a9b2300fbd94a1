"""The demonstration city and callers of its API. On SQLite: the services and queries have their own tests on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from citycontent.permissions import PERMISSIONS
from citycontent.seed import seed
from samen_core.actor import Actor, system
from samen_core.db import migrate
from samen_core.platform import Parts, Platform
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.platforms import Clock, make_config

if TYPE_CHECKING:
    from samen_core.app import SamenFlask


def city_platform(folder: Path, clock: Clock) -> Platform:
    """A platform with the city database."""
    return Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=["citycontent"]), Parts(clock=clock))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demonstration city, to copy."""
    folder = tmp_path_factory.mktemp("city")
    made = city_platform(folder, Clock())
    migrate.upgrade(made)
    with made.unit_of_work(system("test")) as uow:
        seed(uow)
    made.close()
    return folder / "samen.db"


@pytest.fixture
def platform(seeded: Path, tmp_path: Path, clock: Clock) -> Iterator[Platform]:
    """A platform on a copy of the demonstration city."""
    shutil.copyfile(seeded, tmp_path / "samen.db")
    made = city_platform(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def token_of(platform: Platform) -> Callable[..., str]:
    """``token_of(actor, "citycontent.edit_theme")``: a real token of the actor's account with these scopes."""
    return partial(make_token, platform)


@pytest.fixture
def nobody(app: SamenFlask) -> Caller:
    """A caller without a token."""
    return Caller(app)


@pytest.fixture
def manager(app: SamenFlask, actor_as: Callable[..., Actor], token_of: Callable[..., str]) -> Caller:
    """A caller with every permission on the city's data."""
    return Caller(app, token_of(actor_as("manager"), *(permission.name for permission in PERMISSIONS)))


@pytest.fixture
def first(nobody: Caller) -> Callable[..., dict[str, Any]]:
    """``first("organizations", sector="business")``: the first of a list."""

    def get(collection: str, **filters: str) -> dict[str, Any]:
        answer = nobody("GET", f"/citycontent/{collection}", query_string={**filters, "limit": "1"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()[0]
        return found

    return get
