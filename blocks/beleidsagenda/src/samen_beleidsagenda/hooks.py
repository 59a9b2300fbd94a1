"""What the block adds to the platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from citycontent.api import EventCancelled, EventDeleted, EventMoved, EventUpdated
from samen_beleidsagenda.events import EVENTS
from samen_beleidsagenda.managed_texts import TEXTS
from samen_beleidsagenda.paths import HOME
from samen_beleidsagenda.permissions import PERMISSIONS, SEE_CONFIDENTIAL
from samen_beleidsagenda.services.kinds import KINDS
from samen_core.api import (
    Change,
    Delivered,
    Event,
    EventHandler,
    Job,
    ManagedText,
    NavigationItem,
    Permission,
    SearchSource,
    SubjectType,
    Task,
    UnitOfWork,
    _,
    hookimpl,
)

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill

LABEL = _("Beleidsagenda")

RESOURCES = {
    "dossier": "dossiers",
    "planning_item": "moments",
    "goal": "goals",
    "agenda_item": "agenda-items",
    "document": "documents",
    "body_decision": "decisions",
    "motion": "motions",
    "commitment": "commitments",
    "council_question": "council-questions",
}
"""The resource of each kind of thing in the API."""

CALENDAR_EVENTS = (EventMoved.type, EventUpdated.type, EventCancelled.type, EventDeleted.type)
"""What meetings follow."""


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_beleidsagenda.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_beleidsagenda.rest import ori, rest

    return [rest, ori]


@hookimpl
def samen_slots() -> list[SlotFill]:
    """What stands on pages of others."""
    from samen_beleidsagenda.web.following import FOLLOWING_SLOTS
    from samen_beleidsagenda.web.meeting_slots import MEETING_SLOTS
    from samen_beleidsagenda.web.moment_slots import MOMENT_SLOTS
    from samen_beleidsagenda.web.participation_parts import PARTICIPATION_SLOTS
    from samen_beleidsagenda.web.structure_slots import STRUCTURE_SLOTS

    return [*STRUCTURE_SLOTS, *MOMENT_SLOTS, *MEETING_SLOTS, *PARTICIPATION_SLOTS, *FOLLOWING_SLOTS]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    see = SEE_CONFIDENTIAL.name
    return [
        SubjectType(
            kind.name,
            kind.label,
            kind.plural,
            kind.icon,
            permission=see,
            sees=_sees(kind.name),
            api_path=f"/api/v1/beleidsagenda/{RESOURCES[kind.name]}/{{id}}",
            linked_data=_linked_data(kind.name),
        )
        for kind in KINDS
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """What the worker does."""
    return [
        EventHandler("beleidsagenda.participation", _tell_participation, without=("core.", "beleidsagenda.")),
        EventHandler("beleidsagenda.follow_event", _follow_event, CALENDAR_EVENTS),
    ]


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The mails."""
    return TEXTS


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for who keeps the promises."""
    from samen_beleidsagenda.services.promise_tasks import promise_tasks

    return promise_tasks(uow)


@hookimpl
def samen_jobs() -> list[Job]:
    """Calendars tell the last day to have a say, which changes with time; long imports go on in portions."""
    return [
        Job("beleidsagenda.last_says", timedelta(hours=1), _refresh_last_says),
        Job("beleidsagenda.imports", timedelta(minutes=1), _continue_imports),
    ]


@hookimpl
def samen_cli() -> list[Command]:
    """Taking a list over, every night."""
    from samen_beleidsagenda.cli import import_

    return [import_]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """A line of the logbook in the reader's language."""
    from samen_beleidsagenda.log_sentences import rendered

    return rendered(change.action, change.sentence)


@hookimpl
def samen_navigation() -> list[NavigationItem]:
    """The agenda."""
    return [NavigationItem(LABEL, HOME, "calendar-clock", 40)]


def _tell_participation(uow: UnitOfWork, event: Delivered) -> None:
    from samen_beleidsagenda.services.participation_events import tell_event

    tell_event(uow, event)


def _refresh_last_says(uow: UnitOfWork) -> None:
    from samen_beleidsagenda.services.entries import refresh_last_says

    refresh_last_says(uow)


def _follow_event(uow: UnitOfWork, event: Delivered) -> None:
    from samen_beleidsagenda.services.meetings import follow_event

    follow_event(uow, event)


def _sees(name: str) -> Callable[[UnitOfWork, UUID], bool]:
    def sees(uow: UnitOfWork, id: UUID) -> bool:
        from samen_beleidsagenda.services.common import may_see
        from samen_beleidsagenda.services.kinds import BY_NAME

        thing = uow.session.get(BY_NAME[name].model, id)
        return thing is not None and may_see(uow, thing)

    return sees


def _linked_data(name: str) -> Callable[[UnitOfWork, UUID], dict[str, Any]]:
    def document(uow: UnitOfWork, id: UUID) -> dict[str, Any]:
        from samen_beleidsagenda.exchange.documents import DOCUMENTS

        return DOCUMENTS[name](uow, id)

    return document


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """What the demonstration city works on."""
    from samen_beleidsagenda.seed import seed

    seed(uow)


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """What can be found of the agenda."""
    from samen_beleidsagenda.queries.search import SOURCES

    return [SearchSource(kind, load) for kind, load in SOURCES.items()]


def _continue_imports(uow: UnitOfWork) -> None:
    from samen_beleidsagenda.services.imports.apply import continue_runs
    from samen_beleidsagenda.services.imports.undo import continue_undoing

    continue_runs(uow)
    continue_undoing(uow)
