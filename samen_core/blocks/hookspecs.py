"""Every hook of the platform, in one place. A hook is the platform asking and using the answer (ARCHITECTURE §4).

Implement one in your block's ``hooks.py`` with ``@hookimpl``; the function may take any of the named arguments. Answers come in the
order of the blocks (``requires`` and ``after``, then names), never in the order of installation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click import Command
    from flask import Blueprint
    from flask_smorest import Blueprint as RestBlueprint

    from samen_core.actor import Actor
    from samen_core.blocks.health import Health
    from samen_core.capacities import Capacity
    from samen_core.db.changes import Change
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.events.signals import SignalReceiver
    from samen_core.events.types import Event, EventHandler
    from samen_core.jobs import Job
    from samen_core.permissions import Permission
    from samen_core.privacy.retention import RetentionRule
    from samen_core.search import SearchSource
    from samen_core.settings import Setting
    from samen_core.subjects import SubjectType
    from samen_core.texts import ManagedText
    from samen_core.web.navigation import NavigationItem, Task
    from samen_core.web.slots import SlotFill

PROJECT = "samen"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# --- asked once, at start-up -----------------------------------------------------------------------------------------------------


@hookspec
def samen_blueprints() -> Iterable[Blueprint]:  # type: ignore[empty-body]
    """The web pages of the block: blueprints made with ``BlockBlueprint``."""


@hookspec
def samen_resources() -> Iterable[RestBlueprint]:  # type: ignore[empty-body]
    """The REST resources of the block: blueprints made with ``RestBlueprint``, mounted under ``/api/v1/<block>``."""


@hookspec
def samen_permissions() -> Iterable[Permission]:  # type: ignore[empty-body]
    """The permissions that the block checks; they become the scopes of API tokens and rows of the rights overview."""


@hookspec
def samen_settings() -> Iterable[Setting]:  # type: ignore[empty-body]
    """The settings that the manager may change on the settings page."""


@hookspec
def samen_texts() -> Iterable[ManagedText]:  # type: ignore[empty-body]
    """The texts of pages and mails that a city may make its own on the page of texts; every mail of the block is one."""


@hookspec
def samen_subject_types() -> Iterable[SubjectType]:  # type: ignore[empty-body]
    """The kinds of citable things that the block owns."""


@hookspec
def samen_event_types() -> Iterable[type[Event]]:  # type: ignore[empty-body]
    """The events that the block publishes."""


@hookspec
def samen_event_handlers() -> Iterable[EventHandler]:  # type: ignore[empty-body]
    """What the block does after an event, in the worker."""


@hookspec
def samen_signal_receivers() -> Iterable[SignalReceiver]:  # type: ignore[empty-body]
    """What the block does inside the transaction of a signal."""


@hookspec
def samen_slots() -> Iterable[SlotFill]:  # type: ignore[empty-body]
    """What the block adds to named places on pages of others."""


@hookspec
def samen_search_sources() -> Iterable[SearchSource]:  # type: ignore[empty-body]
    """The text that the search index holds for each kind of thing of the block."""


@hookspec
def samen_retention() -> Iterable[RetentionRule]:  # type: ignore[empty-body]
    """The terms of personal data that need more than ``Expiry`` on the column; asked of paused and disabled blocks too."""


@hookspec
def samen_jobs() -> Iterable[Job]:  # type: ignore[empty-body]
    """Work that the worker does at a set interval."""


# --- asked per request or operation, of active blocks ----------------------------------------------------------------------------


@hookspec
def samen_capacities(uow: UnitOfWork) -> Iterable[Capacity]:  # type: ignore[empty-body]
    """On whose behalf the actor of this unit of work may act, besides for oneself."""


@hookspec
def samen_navigation(actor: Actor) -> Iterable[NavigationItem]:  # type: ignore[empty-body]
    """The entries of the main menu that this actor sees."""


@hookspec
def samen_tasks(uow: UnitOfWork) -> Iterable[Task]:  # type: ignore[empty-body]
    """What waits for the actor of this unit of work; at most one SQL statement per block."""


@hookspec
def samen_health(uow: UnitOfWork) -> Iterable[Health]:  # type: ignore[empty-body]
    """What is not well with the block's data or surroundings, each with what mends it; at most two SQL statements."""


@hookspec(firstresult=True)
def samen_render_log(change: Change) -> str | None:
    """The public sentence of a log row in the reader's language, or None to leave it to the stored one."""


# --- life cycle ------------------------------------------------------------------------------------------------------------------


@hookspec(firstresult=True)
def samen_import_areas(uow: UnitOfWork, path: Path, year: int | None) -> int | None:
    """Import areas from a GeoJSON file with CBS codes for ``samen import``; the number of areas, or None when this block keeps none."""


@hookspec(firstresult=True)
def samen_import_addresses(uow: UnitOfWork, path: Path, progress: Callable[[int], None]) -> int | None:
    """Put the addresses of a CSV file in place of the address book for ``samen import``; how many, or None when this block keeps none.

    ``progress`` is called now and then with the number of lines read.
    """


@hookspec
def samen_cli() -> Iterable[Command]:  # type: ignore[empty-body]
    """The commands of the block, run as ``samen <block> <command>``; asked only when such a command is."""


@hookspec
def samen_seed(uow: UnitOfWork) -> None:
    """Add the block's demonstration content; called once on an empty database, in the order of the blocks."""
