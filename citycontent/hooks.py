"""What the city database gives to the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from citycontent import events
from citycontent.logbook import sentence
from citycontent.managed_texts import TEXTS
from citycontent.permissions import EDIT_ORGANIZATION, PERMISSIONS, SEE_PRIVATE_PERSON
from citycontent.settings import SETTINGS
from samen_core.api import (
    ACCOUNT_ERASED,
    Capacity,
    Change,
    Delivered,
    Event,
    EventHandler,
    Health,
    Job,
    ManagedText,
    NavigationItem,
    Permission,
    RetentionRule,
    SearchSource,
    Setting,
    SignalReceiver,
    SubjectType,
    Task,
    Text,
    UnitOfWork,
    _,
    hookimpl,
    n_,
)

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill


@hookimpl
def samen_blueprints() -> Iterable[Blueprint]:
    """The pages of the city."""
    from citycontent.web import make_blueprint

    return (make_blueprint(),)


@hookimpl
def samen_slots() -> Iterable[SlotFill]:
    """What the home page and the account page show of the city."""
    from citycontent.web.slots import SLOTS

    return SLOTS


@hookimpl
def samen_navigation() -> Iterable[NavigationItem]:
    """The calendar, projects, areas and organisations; persons and themes stand beside them."""
    return (
        NavigationItem(_("Agenda"), "/agenda", "calendar-days", 40),
        NavigationItem(_("Projecten"), "/projecten", "construction", 50),
        NavigationItem(_("Wijken"), "/wijken", "map", 60),
        NavigationItem(_("Organisaties"), "/organisaties", "building-2", 70),
    )


@hookimpl
def samen_resources() -> Iterable[RestBlueprint]:
    """The city's data over REST."""
    from citycontent.rest import resources

    return resources()


LINKED = ("organization", "person", "project", "event", "area", "theme")
"""The subject types with a JSON-LD document."""


@hookimpl
def samen_permissions() -> Iterable[Permission]:
    """Editing per kind of thing, and seeing private persons."""
    return PERMISSIONS


@hookimpl
def samen_texts() -> Iterable[ManagedText]:
    """The introductions of its pages."""
    return TEXTS


@hookimpl
def samen_settings() -> Iterable[Setting]:
    """Who sees contact details, and how far ahead the home page looks."""
    return SETTINGS


@hookimpl
def samen_subject_types() -> Iterable[SubjectType]:
    """Everything in the city that can be cited."""
    private = SEE_PRIVATE_PERSON.name

    def kind(name: str, label: Text, plural: Text, icon: str, *, permission: str = "", api: str = "") -> SubjectType:
        path = f"/api/v1/citycontent/{api}/{{id}}" if api else ""
        return SubjectType(name, label, plural, icon=icon, permission=permission, api_path=path, linked_data=_linked_data(name))

    return (
        kind("organization", _("Organisatie"), _("Organisaties"), "building-2", api="organizations"),
        kind("person", _("Persoon"), _("Personen"), "user", permission=private, api="persons"),
        kind("membership", _("Lidmaatschap"), _("Lidmaatschappen"), "users", permission=private, api="memberships"),
        kind("post", _("Functie"), _("Functies"), "badge-check", api="posts"),
        kind("project", _("Project"), _("Projecten"), "construction", api="projects"),
        kind("event", _("Bijeenkomst"), _("Agenda"), "calendar-days", api="events"),
        kind("area", _("Gebied"), _("Gebieden"), "map", api="areas"),
        kind("address", _("Adres"), _("Adressen"), "map-pin"),
        kind("theme", _("Thema"), _("Thema's"), "tag", api="themes"),
    )


def _linked_data(name: str) -> Callable[[UnitOfWork, UUID], dict[str, Any]] | None:
    if name not in LINKED:
        return None

    def document(uow: UnitOfWork, id: UUID) -> dict[str, Any]:
        from citycontent.exchange.documents import DOCUMENTS

        return DOCUMENTS[name](uow, id)

    return document


@hookimpl
def samen_event_types() -> Iterable[type[Event]]:
    """What happens to the city's data."""
    return events.EVENT_TYPES


@hookimpl
def samen_event_handlers() -> Iterable[EventHandler]:
    """Closing what was open in an organisation that is gone."""
    return (EventHandler("citycontent.close_organization", _close_organization, (events.OrganizationDeleted.type,)),)


@hookimpl
def samen_signal_receivers() -> Iterable[SignalReceiver]:
    """Erasing the person of an account that is erased."""
    return (SignalReceiver(ACCOUNT_ERASED, _forget_account),)


@hookimpl
def samen_search_sources() -> Iterable[SearchSource]:
    """What can be found of the city."""
    from citycontent.queries import documents

    return (
        SearchSource("organization", documents.organization_documents),
        SearchSource("person", documents.person_documents),
        SearchSource("project", documents.project_documents),
        SearchSource("event", documents.event_documents),
        SearchSource("area", documents.area_documents),
        SearchSource("theme", documents.theme_documents),
    )


@hookimpl
def samen_jobs() -> Iterable[Job]:
    """Counting anew once a day, so that a number beside a filter cannot stay wrong; ending acting for who left an organisation."""
    return (Job("citycontent.recount", timedelta(days=1), _recount), Job("citycontent.end_acting", timedelta(hours=1), _end_acting))


@hookimpl
def samen_retention() -> Iterable[RetentionRule]:
    """When contact details of who left go."""
    from citycontent.services.retention import RULES

    return RULES


@hookimpl
def samen_capacities(uow: UnitOfWork) -> Iterable[Capacity]:
    """The organisations that the person of this account is in today."""
    from citycontent.queries.memberships import capacities_of

    return capacities_of(uow, uow.actor.account_id) if uow.actor.account_id else ()


@hookimpl
def samen_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Organisations of which visitors cannot see what they do or how to reach them, for who may mend that."""
    from citycontent.queries.organizations import count_incomplete

    if not EDIT_ORGANIZATION.somewhere(uow.actor):
        return ()
    count = count_incomplete(uow)
    title = n_("{n} organisatie zonder beschrijving of contactgegevens", "{n} organisaties zonder beschrijving of contactgegevens", count)
    return (Task(title, "/organisaties?onvolledig=ja", count, icon="building-2"),)


@hookimpl
def samen_health(uow: UnitOfWork) -> Iterable[Health]:
    """A city without areas or addresses: people cannot say where something is, and nobody is asked by neighbourhood."""
    from citycontent.queries.addresses import book_size
    from citycontent.queries.areas import has_areas

    if not has_areas(uow):
        yield Health(_("Er zijn nog geen wijken en buurten"), "samen import areas FILES", is_problem=True)
    if not book_size(uow):
        yield Health(_("Het adresboek is leeg: mensen kunnen hun adres niet kiezen"), "samen import addresses FILE")


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """A log row of the city's data as a sentence."""
    found = sentence(change.action, change.after)
    return None if found is None else str(found)


@hookimpl
def samen_import_areas(uow: UnitOfWork, path: Path, year: int | None) -> int | None:
    """Areas from a GeoJSON file, for a new city."""
    from citycontent.exchange.areas import import_areas

    return import_areas(uow, path, year=year, municipality=uow.platform.config.city.code)


@hookimpl
def samen_import_addresses(uow: UnitOfWork, path: Path, progress: Callable[[int], None]) -> int | None:
    """The address book from a CSV file; of a national one the city's own part."""
    from citycontent.exchange.addresses import import_address_book

    return import_address_book(uow, path, municipality=uow.platform.config.city.code, progress=progress)


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """Zoetermeer's areas with an invented city in them."""
    from citycontent.seed import seed

    seed(uow)


def _close_organization(uow: UnitOfWork, event: Delivered) -> None:
    from citycontent.services.memberships import close_for_organization

    close_for_organization(uow, UUID(event.payload["id"]))


def _forget_account(uow: UnitOfWork, account_id: UUID) -> None:
    from citycontent.services.persons import forget_account

    forget_account(uow, account_id)


def _end_acting(uow: UnitOfWork) -> None:
    from citycontent.services.acting import end_acting

    end_acting(uow)


def _recount(uow: UnitOfWork) -> None:
    from citycontent.services.counters import recount

    off = recount(uow)
    if off:
        uow.platform.log.warning("counters_were_off", counters={f"{name}/{key}": value for (name, key), value in off.items()})
