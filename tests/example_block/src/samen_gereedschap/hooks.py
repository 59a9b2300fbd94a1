"""What the block adds to the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from citycontent.api import OrganizationDeleted
from samen_core.api import (
    ACCOUNT_ERASED,
    Actor,
    Change,
    Event,
    EventHandler,
    Job,
    ManagedText,
    NavigationItem,
    Permission,
    SearchSource,
    Setting,
    SignalReceiver,
    SubjectType,
    Task,
    UnitOfWork,
    _,
    hookimpl,
    n_,
)
from samen_gereedschap import paths
from samen_gereedschap.events import EVENTS, ProjectOpened
from samen_gereedschap.managed_texts import TEXTS
from samen_gereedschap.permissions import LEND, PERMISSIONS
from samen_gereedschap.queries.loans import waiting_number
from samen_gereedschap.queries.tools import documents
from samen_gereedschap.services.common import lends_for
from samen_gereedschap.services.lapsing import lapse
from samen_gereedschap.services.leaving import cancel_all
from samen_gereedschap.services.mails import TO_BORROWER, TO_ORGANIZATION, mail_loan, remind
from samen_gereedschap.services.projects import DECIDED, OPENED, open_after_decision
from samen_gereedschap.services.tools import TYPE, linked_data, rendered_line, withdraw_all
from samen_gereedschap.settings import SETTINGS

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_gereedschap.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_gereedschap.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> tuple[SlotFill, ...]:
    """What can be borrowed, on the pages of organisations, projects and the account."""
    from samen_gereedschap.web.slots import SLOTS

    return SLOTS


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """What a city may set."""
    return SETTINGS


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The rules of lending, and the mails."""
    return TEXTS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """Tools are citable things."""
    api = "/api/v1/gereedschap/tools/{id}"
    return [
        SubjectType(TYPE, _("Gereedschap"), _("Gereedschap"), "construction", permission=LEND.name, api_path=api, linked_data=linked_data)
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """Mail about loans; take tools of a gone organisation out of the list; open the list of a project once something was decided on it."""
    return [
        EventHandler("gereedschap.mail_loan", mail_loan, (*TO_ORGANIZATION, *TO_BORROWER)),
        EventHandler("gereedschap.withdraw_all", withdraw_all, (OrganizationDeleted.type,)),
        EventHandler("gereedschap.open_project", open_after_decision, (DECIDED,)),
    ]


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Cancel what an erased account asked for."""
    return [SignalReceiver(ACCOUNT_ERASED, cancel_all)]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The words of tools."""
    return [SearchSource(TYPE, documents)]


@hookimpl
def samen_jobs() -> list[Job]:
    """Remind borrowers; close what nobody deals with."""
    return [Job("gereedschap.remind", timedelta(hours=1), remind), Job("gereedschap.lapse", timedelta(hours=1), lapse)]


@hookimpl
def samen_navigation(actor: Actor) -> list[NavigationItem]:
    """The list of tools, for everybody."""
    return [NavigationItem(_("Gereedschap"), paths.HOME, "construction", 900)]


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """Requests that wait for an answer, for who lends out."""
    lending = lends_for(uow)
    if lending is not None and not lending:
        return []
    number = waiting_number(uow, lending)
    title = n_("{n} aanvraag om gereedschap wacht op u", "{n} aanvragen om gereedschap wachten op u", number)
    return [Task(title, paths.DESK, number, "construction")]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """The sentence of a tool or a tool list in the reader's language."""
    if change.action == ProjectOpened.type:
        return str(OPENED)
    sentence = rendered_line(change.action, change.after or {})
    return str(sentence) if sentence else None


@hookimpl
def samen_cli() -> list[Command]:
    """The list of tools."""
    from samen_gereedschap.cli import list_tools

    return [list_tools]


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """Tools, loans and a tool list."""
    from samen_gereedschap.seed import seed

    seed(uow)
