"""Fixtures of a whole platform: on SQLite and on PostgreSQL, its database built by the migrations, for every test anew."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Dialect, select
from sqlalchemy.util import LRUCache

from samen_core import logs
from samen_core.actor import Actor, Grant, system
from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.db import migrate
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Parts, Platform, utc_now
from samen_core.testing.databases import Lender
from samen_core.testing.settings import make_config

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask
    from samen_core.mail.mailbox import MailboxMessage

KEPT_STATEMENTS = 4_000
_COMPILED: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
PASSWORD = "een lange zin die niemand raadt"  # noqa: S105 - of accounts that live as long as a test


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        """The moment on this clock."""
        return utc_now() + self.shift

    def forward(self, **parts: float) -> None:
        """Move on, with the arguments of ``timedelta``."""
        self.shift += timedelta(**parts)


@dataclass
class _Templates:
    """What is made once in this process: the databases that the migrations built, by the blocks that they are for."""

    folder: Path
    worker: str
    lenders: dict[str, Lender] = field(default_factory=dict)


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> _Templates:
    return _Templates(tmp_path_factory.mktemp("database"), worker_id)


@pytest.fixture(scope="session")
def worker_id() -> str:
    """The name of this process in a parallel run; pytest-xdist replaces it."""
    return "main"


def _migrate(folder: Path, url: str, values: dict[str, Any]) -> None:
    platform = Platform(make_config(folder, url, **values))
    migrate.upgrade(platform)
    platform.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest, tmp_path: Path, _templates: _Templates, samen_config: dict[str, Any]) -> Iterator[str]:
    """An empty database of this test, migrated for the blocks in ``samen_config``; the test runs once on each kind."""
    blocks = {"blocks": samen_config["blocks"]} if "blocks" in samen_config else {}
    kind = "_".join(blocks.get("blocks", ["default"]))
    if request.param == "sqlite":
        template = _templates.folder / f"template_{kind}.db"
        if not template.exists():
            _migrate(template.parent, f"sqlite:///{template}", blocks)
        shutil.copyfile(template, tmp_path / "samen.db")
        yield f"sqlite:///{tmp_path / 'samen.db'}"
        return
    if kind not in _templates.lenders:
        server = request.getfixturevalue("postgres_server")
        name = f"template_{_templates.worker}_{kind}"
        server.drop_database(name)
        _migrate(_templates.folder, server.create_database(name), blocks)
        _templates.lenders[kind] = Lender(server, name)
    with _templates.lenders[kind].lend() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """The hash of a password is slow on purpose; nobody guesses those of a test."""
    from argon2 import PasswordHasher

    from samen_core.accounts import passwords

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))
        yield


@cache
def _installed() -> dict[str, Installed]:
    """What is installed: it stays the same during a run, and reading it costs more than most tests."""
    return installed_blocks()


def _share_compiled(platform: Platform) -> None:
    """Let the platforms of one run share the statements that SQLAlchemy made into SQL: every test has an engine of its own."""
    dialect, compiled = _COMPILED.setdefault(platform.engine.dialect.name, (platform.engine.dialect, LRUCache(KEPT_STATEMENTS)))
    for engine in (platform.engine, platform.write_engine):
        engine.dialect = dialect
        engine.update_execution_options(compiled_cache=compiled)


@pytest.fixture
def clock() -> Clock:
    """The clock of the platform under test."""
    return Clock()


@pytest.fixture
def platform(db_url: str, tmp_path: Path, clock: Clock, samen_config: dict[str, Any]) -> Iterator[Platform]:
    """A platform on an empty, migrated database."""
    made = Platform(make_config(tmp_path, db_url, **samen_config), Parts(clock=clock, installed=_installed()))
    _share_compiled(made)
    logs.configure(made.config)
    yield made
    made.close()


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Values of samen.toml for ``platform``; override it to change them."""
    return {}


@pytest.fixture
def app(platform: Platform) -> SamenFlask:
    """The web application of ``platform``."""
    from samen_core.app import create_app

    return create_app(platform)


@pytest.fixture
def client(app: SamenFlask) -> FlaskClient:
    """A visitor with a browser that keeps cookies."""
    return app.test_client()


@pytest.fixture
def uow(platform: Platform) -> Iterator[UnitOfWork]:
    """A unit of work of the system that writes; committed by the test itself with ``uow.commit()``."""
    with platform.unit_of_work(system("test")) as unit:
        yield unit


@pytest.fixture
def actor_as(platform: Platform) -> Callable[..., Actor]:
    """``actor_as("manager", scope=None)``: an actor with a real account and this role (``resident``: an account without grants)."""
    from samen_core.accounts.schemas import GrantRole
    from samen_core.accounts.services.accounts import CreateAccount, create_account
    from samen_core.accounts.services.grants import grant_role

    def make(role: str, scope: uuid.UUID | None = None) -> Actor:
        with platform.unit_of_work(system("test")) as unit:
            user = create_account(
                unit,
                CreateAccount(
                    email=f"{role}-{uuid.uuid4().hex[:8]}@samen.example",
                    display_name=f"Test {role}",
                    password=PASSWORD,
                ),
            )
            if role != "resident":
                grant_role(unit, GrantRole(account_id=user.id, role=role, scope=scope, reason="test"))
        grants = () if role == "resident" else (Grant(role, scope),)
        return Actor(kind="account", account_id=user.id, label=f"Test {role}", grants=grants, origin="test")

    return make


class Outbox:
    """The outbox of the platform under test."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def drain(self) -> int:
        """Do all deliveries that are due, as a worker would; their number."""
        from samen_core.events.worker import Worker

        return Worker(self.platform).drain()

    def mails(self) -> list[MailboxMessage]:
        """Do all deliveries that are due; every mail that was sent so far, oldest first."""
        from samen_core.mail.mailbox import read_mailbox

        self.drain()
        config = self.platform.config
        return read_mailbox(config.path(config.mail.folder), limit=1000)[::-1]

    def events(self, type: str | None = None) -> list[dict[str, Any]]:
        """The payloads of the stored events in order, of one type or all."""
        from samen_core.events.outbox import OutboxEvent

        statement = select(OutboxEvent.payload).order_by(OutboxEvent.id)
        if type:
            statement = statement.where(OutboxEvent.type == type)
        with self.platform.engine.connect() as connection:
            return list(connection.execute(statement).scalars())


@pytest.fixture
def outbox(platform: Platform) -> Outbox:
    """Look at events and deliver them."""
    return Outbox(platform)
