"""The one object that an installation is: configuration, engine, blocks and what they declared. Free of Flask, built once."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from samen_core import __version__
from samen_core.actor import Actor
from samen_core.blocks.discovery import Installed, installed_blocks, usable_blocks
from samen_core.blocks.dormant import dormant_blocks
from samen_core.blocks.order import sort_blocks
from samen_core.blocks.registry import BlockRegistry
from samen_core.blocks.state import BlockStates
from samen_core.config import Config
from samen_core.core_block import CORE_HANDLERS, CORE_JOBS, CORE_SUBJECT_TYPES, core_settings, core_texts
from samen_core.db.base import uuid7
from samen_core.db.engine import make_engine, writing
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import block_error
from samen_core.events.signals import SignalReceiver, Signals
from samen_core.events.types import EventHandler
from samen_core.i18n import Translations
from samen_core.jobs import Job
from samen_core.permissions import CORE_PERMISSIONS, Permission
from samen_core.privacy.retention import RetentionRule
from samen_core.search.documents import SearchSource
from samen_core.settings import Setting, Settings
from samen_core.subjects import SubjectType
from samen_core.texts.declared import ManagedText
from samen_core.texts.memory import ManagedTexts
from samen_core.webhooks.subscriptions import Webhooks

if TYPE_CHECKING:
    from samen_core.documents.rendering import DocumentRenderer
    from samen_core.events.types import Event
    from samen_core.files import FileStore
    from samen_core.mail import Mailer
    from samen_core.metrics import Metrics
    from samen_core.search import SearchIndex


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


CORE_FOLDER = Path(__file__).parent


class SubjectTypes:
    """The kinds of citable things, each with the block that owns it."""

    def __init__(self, types: Iterable[tuple[str, SubjectType]], permissions: dict[str, Permission]) -> None:
        self._types: dict[str, SubjectType] = {}
        self._owners: dict[str, str] = {}
        self._permissions = permissions
        for owner, kind in types:
            if kind.name in self._owners:
                raise block_error(owner, f": the subject type '{kind.name}' is already one of '{self._owners[kind.name]}'")
            if kind.permission and kind.permission not in permissions:
                raise block_error(owner, f": subject type '{kind.name}' names the unknown permission '{kind.permission}'")
            self._types[kind.name] = kind
            self._owners[kind.name] = owner

    def __iter__(self) -> Iterator[SubjectType]:
        return iter(self._types.values())

    def get(self, name: str) -> SubjectType | None:
        """The type, or None when its block is not there."""
        return self._types.get(name)

    def owner_of(self, name: str) -> str:
        """The block that owns a type. Raises KeyError for a type that nobody declared."""
        return self._owners[name]

    def may_see(self, actor: Actor, name: str, id: UUID) -> bool:
        """Whether the owner's permission shows a non-public thing of this type to the actor."""
        kind = self._types.get(name)
        return bool(kind and kind.permission and self._permissions[kind.permission].allows(actor, id))

    def shows(self, uow: UnitOfWork, name: str, id: UUID) -> bool:
        """The same, also by what the owner itself says of this one thing (``SubjectType.sees``); never to who is not logged in by that."""
        kind = self._types.get(name)
        own = kind is not None and kind.sees is not None and not uow.actor.is_anonymous and kind.sees(uow, id)
        return own or self.may_see(uow.actor, name, id)


@dataclass(frozen=True, slots=True)
class Parts:
    """What differs between a real platform and one under test."""

    clock: Callable[[], datetime] = utc_now
    installed: dict[str, Installed] | None = None


class Platform:
    """One installation of one city. Raises StartupError when a block is absent, broken or incompatible."""

    def __init__(self, config: Config, parts: Parts | None = None) -> None:
        parts = parts or Parts()
        self.config = config
        self.clock = parts.clock
        self.monotonic = time.monotonic
        self.log = structlog.get_logger("samen")
        self.installed = parts.installed if parts.installed is not None else installed_blocks()
        usable = usable_blocks(self.installed, config.blocks)
        order = sort_blocks({name: found.block for name, found in usable.items() if found.block})
        self.blocks: tuple[Installed, ...] = tuple(usable[block.name] for block in order)
        self.build = self._build()
        self.block_states = BlockStates(self)
        self.registry = BlockRegistry(self.blocks, self.block_states.paused_names, trace=config.trace_hooks)
        self.engine = make_engine(config.database_url)
        self.write_engine = writing(self.engine)
        self.translations = Translations(
            [CORE_FOLDER / "translations", *(block.translations for block in self.blocks)], config.city.languages
        )
        self.signals = Signals()
        self.webhooks = Webhooks()
        self._worker_wake = threading.Event()
        self._collect()

    def _build(self) -> str:
        """What tells pages of this software and configuration from those of another; in development also this start from the last."""
        facts = [__version__, *(f"{block.name} {block.version}" for block in self.blocks), repr(self.config)]
        if self.config.environment != "production":
            facts.append(str(uuid7()))
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    def _collect(self) -> None:
        collect, declared = self.registry.collect, self.registry.declared
        self.permissions: dict[str, Permission] = {item.name: item for item in CORE_PERMISSIONS} | declared("samen_permissions", Permission)
        self.subject_types = SubjectTypes(
            [*(("core", kind) for kind in CORE_SUBJECT_TYPES), *collect("samen_subject_types", SubjectType)], self.permissions
        )
        self.event_types: dict[str, type[Event]] = declared("samen_event_types", type, "type")
        self.event_handlers: tuple[EventHandler, ...] = (*CORE_HANDLERS, *declared("samen_event_handlers", EventHandler).values())
        self._wanting: tuple[tuple[EventHandler, ...], dict[str, tuple[str, ...]]] = ((), {})
        """The handlers that :meth:`handlers_of` knows, and by type of event which of them want it."""
        self.settings = Settings([*core_settings(), *declared("samen_settings", Setting, "key").values()])
        self.texts = ManagedTexts([*core_texts(), *declared("samen_texts", ManagedText, "key").values()])
        self.search_sources = self._search_sources()
        self.retention_rules = declared("samen_retention", RetentionRule)
        self.jobs: tuple[Job, ...] = (*CORE_JOBS, *declared("samen_jobs", Job).values())
        for _, receiver in collect("samen_signal_receivers", SignalReceiver):
            self.signals.connect(receiver)

    def _search_sources(self) -> dict[str, SearchSource]:
        found: dict[str, SearchSource] = {}
        for owner, source in self.registry.collect("samen_search_sources", SearchSource):
            if self.subject_types.get(source.subject_type) is None or self.subject_types.owner_of(source.subject_type) != owner:
                raise block_error(owner, f": a search source names '{source.subject_type}', which is no subject type of this block")
            found[source.subject_type] = source
        return found

    def unit_of_work(self, actor: Actor) -> UnitOfWork:
        """A transaction that writes: ``with platform.unit_of_work(actor) as uow:``."""
        return UnitOfWork(self, actor)

    def read(self, actor: Actor) -> UnitOfWork:
        """A transaction that only reads."""
        return UnitOfWork(self, actor, write=False)

    def handlers_of(self, event: Event) -> tuple[str, ...]:
        """The names of the handlers and webhooks that are to be told of an event."""
        handlers, names = self._wanting
        if handlers is not self.event_handlers:
            handlers, names = self._wanting = (self.event_handlers, {})
        if event.type not in names:
            names[event.type] = tuple(handler.name for handler in handlers if handler.wants(event.type))
        return (*names[event.type], *self.webhooks.names(self, event))

    def setting(self, key: str) -> object:
        """The value of a block's setting now."""
        return self.settings.get(self, key)

    @cached_property
    def privacy_registry(self) -> BlockRegistry:
        """Every block with data here, to be asked for personal data: also paused ones, and installed ones that are not enabled."""
        return BlockRegistry([*self.blocks, *dormant_blocks(self)])

    @cached_property
    def mailer(self) -> Mailer:
        """How mail leaves this installation."""
        from samen_core.mail import make_mailer

        return make_mailer(self.config)

    @cached_property
    def files(self) -> FileStore:
        """Where uploaded files are kept."""
        from samen_core.files import LocalFolder

        return LocalFolder(self.config.path(self.config.files))

    @cached_property
    def documents(self) -> DocumentRenderer:
        """The templates of documents, rendered outside a request."""
        from samen_core.documents.rendering import DocumentRenderer

        return DocumentRenderer(self)

    @cached_property
    def static_folders(self) -> dict[str, Path]:
        """Where the static files of core, each block and the city (its theme) are, by the owner in their address."""
        folders = {"core": CORE_FOLDER / "web" / "static" / "core", "city": self.config.folder / "theme"}
        return folders | {block.name: block.static / block.name for block in self.blocks}

    @cached_property
    def search(self) -> SearchIndex:
        """The search index of this database."""
        from samen_core.search import make_index

        return make_index(self.engine.dialect.name)

    @cached_property
    def metrics(self) -> Metrics:
        """The counters of this process for Prometheus."""
        from samen_core.metrics import Metrics

        return Metrics(self)

    def wake_worker(self) -> None:
        """Tell a worker thread in this process that there is something to do."""
        self._worker_wake.set()

    def wait_for_work(self, seconds: float) -> bool:
        """Wait until woken, at most ``seconds``; whether woken."""
        woken = self._worker_wake.wait(seconds)
        self._worker_wake.clear()
        return woken

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
