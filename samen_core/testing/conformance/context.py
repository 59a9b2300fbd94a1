"""Where the rules look: a block's source, and cities with only the block and what it requires, made when first asked for."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from samen_core import logs
from samen_core.actor import system
from samen_core.blocks.discovery import Installed
from samen_core.blocks.quality import Quality, quality_of
from samen_core.db import migrate
from samen_core.db.base import Base
from samen_core.errors import StartupError
from samen_core.manifest import Block
from samen_core.models import load_models
from samen_core.platform import Parts, Platform
from samen_core.seed import LOGINS_FILE, seed_demo
from samen_core.testing.conformance.source import Module, read_modules
from samen_core.testing.settings import make_config

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Table

    from samen_core.app import SamenFlask
    from samen_core.testing.postgres import PostgresServer

Found = TypeVar("Found")
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


class NotStarted(Exception):
    """A city with the block could not be made; the rule that asked for it fails with this reason."""


@dataclass
class City:
    """A platform with the block on a database of its own."""

    platform: Platform

    @cached_property
    def app(self) -> SamenFlask:
        """Its web application."""
        from samen_core.app import create_app

        return create_app(self.platform)

    def visitor(self, role: str = "") -> FlaskClient:
        """A visitor with a browser, perhaps logged in as the demonstration account with this role. Raises LookupError without one."""
        client = self.app.test_client()
        if role:
            lines = (self.platform.config.folder / LOGINS_FILE).read_text(encoding="utf-8").splitlines()
            wanted = f"{role.replace('_', '-')}@"
            email, password = next(found[-2:] for line in lines if (found := line.split())[-2].startswith(wanted))
            answer = client.post("/inloggen", data={"email": email, "password": password}, headers=SAME_SITE)
            if answer.status_code != 303:
                raise LookupError(f"the demonstration account {role} cannot log in")
        return client


class Context:
    """One block under check. Close it, or use it with ``with``: it has databases and perhaps a server."""

    def __init__(self, name: str, everything: dict[str, Installed]) -> None:
        self.name = name
        self.everything = everything
        self.installed = everything[name]
        self._stack = ExitStack()
        self._number = 0
        self._known: dict[Callable[[Context], Any], Any] = {}

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what was started and remove what was written."""
        self._stack.close()

    @property
    def package(self) -> str:
        """The import package of the block."""
        return self.installed.package

    @property
    def block(self) -> Block:
        """Its manifest. Raises NotStarted where it cannot be read."""
        if self.installed.block is None or self.installed.problem:
            raise NotStarted(f"block '{self.name}' {self.installed.problem}")
        return self.installed.block

    @cached_property
    def quality(self) -> Quality:
        """What the block says of itself."""
        return quality_of(self.installed)

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Its modules, unread."""
        return read_modules(self.installed.folder)

    def module(self, name: str) -> ModuleType | None:
        """One of its modules, imported; None when it has none of this name. Raises NotStarted for one that cannot be imported."""
        if not any(module.name in (name, f"{name}/__init__") for module in self.modules):
            return None
        try:
            return importlib.import_module(f"{self.package}.{name}")
        except Exception as error:
            raise NotStarted(f"{name} cannot be imported: {type(error).__name__}: {error}") from error

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of the blocks that it needs, directly or through another; those come first that others need."""
        found: dict[str, None] = {}

        def add(names: Iterable[str]) -> None:
            for name in names:
                other = self.everything.get(name)
                if other is None or other.block is None:
                    raise NotStarted(f"it requires '{name}', which is not installed")
                add(other.block.requires)
                found[name] = None

        add(self.block.requires)
        return tuple(found)

    @property
    def alone(self) -> dict[str, Installed]:
        """The block and what it requires, as if nothing else was installed."""
        return {name: self.everything[name] for name in (*self.required, self.name)}

    def answers(self, hook: str) -> list[Any]:
        """What the block itself answers to a hook without arguments. Raises NotStarted where that fails."""
        function = getattr(self.module("hooks"), hook, None)
        try:
            return list(function() or ()) if function else []
        except Exception as error:
            raise NotStarted(f"{hook} fails: {type(error).__name__}: {error}") from error

    def once(self, look: Callable[[Context], Found]) -> Found:
        """What this function finds in the context; it is called once, for all rules that ask."""
        if look not in self._known:
            self._known[look] = look(self)
        found: Found = self._known[look]
        return found

    def new_folder(self) -> Path:
        """An empty folder that is removed at the end."""
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="samen-check-")))

    def make_platform(self, url: str = "", *, installed: dict[str, Installed] | None = None, folder: Path | None = None) -> Platform:
        """A platform with these blocks (the block and what it requires) on a database, a new SQLite file without ``url``.

        Raises NotStarted.
        """
        folder = folder or self.new_folder()
        blocks = self.alone if installed is None else installed
        config = make_config(folder, url or f"sqlite:///{folder / 'samen.db'}", blocks=list(blocks))
        try:
            platform = Platform(config, Parts(installed=blocks))
        except StartupError as error:
            raise NotStarted(str(error)) from error
        logs.configure(config)
        self._stack.callback(platform.close)
        return platform

    def _migrated(self) -> Platform:
        platform = self.make_platform()
        try:
            migrate.upgrade(platform)
        except Exception as error:
            raise NotStarted(f"its migrations cannot run: {type(error).__name__}: {error}") from error
        return platform

    @cached_property
    def empty(self) -> City:
        """A city without content, on SQLite, that every rule may read and none may change."""
        return City(self._migrated())

    @cached_property
    def seeded(self) -> City:
        """A city with the demonstration content of the block and of what it requires, that every rule may read and none may change."""
        from samen_core.events.worker import Worker

        platform = self._migrated()
        try:
            seed_demo(platform)
            Worker(platform).drain()
            self._make_more(platform, 5)
        except Exception as error:
            raise NotStarted(f"its demonstration content cannot be made: {type(error).__name__}: {error}") from error
        return City(platform)

    @property
    def makes_many(self) -> bool:
        """Whether the block's ``testing.py`` has a ``make_many(uow, number)``."""
        return hasattr(self.module("testing"), "make_many")

    def _make_more(self, platform: Platform, number: int) -> None:
        if self.makes_many:
            with platform.unit_of_work(system("test")) as uow:
                self.module("testing").make_many(uow, number)  # type: ignore[union-attr]

    def filled(self, number: int) -> City:
        """A copy of the seeded city in which ``make_many`` of the block made ``number`` more of everything it lists."""
        city = self.copy_of_seeded()
        self._make_more(city.platform, number)
        return city

    def copy_of_seeded(self, *, without: bool = False) -> City:
        """A copy of the seeded city that the rule may change; ``without`` leaves the block itself out, as if it was uninstalled."""
        source = self.seeded.platform.config.folder
        self.seeded.platform.close()
        folder = self.new_folder()
        shutil.copytree(source, folder, dirs_exist_ok=True)
        rest = {name: found for name, found in self.alone.items() if not without or name != self.name}
        return City(self.make_platform(installed=rest, folder=folder))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the block's models, in order of dependence."""
        load_models(self.empty.platform)
        return tuple(table for table in Base.metadata.sorted_tables if table.name.startswith(f"{self.name}__"))

    @cached_property
    def postgres(self) -> PostgresServer | None:
        """A temporary PostgreSQL server from the installed programs, or None where there are none."""
        from samen_core.testing.postgres import PostgresFailed, PostgresMissing, temporary_postgres

        try:
            return self._stack.enter_context(temporary_postgres())
        except (PostgresMissing, PostgresFailed):
            return None

    @contextmanager
    def postgres_database(self) -> Iterator[str]:
        """The URL of an empty PostgreSQL database; only where there is a server. Raises NotStarted."""
        if self.postgres is None:
            raise NotStarted("there is no PostgreSQL here")
        self._number += 1
        name = f"check_{self._number}"
        yield self.postgres.create_database(name)
        self.postgres.drop_database(name)
