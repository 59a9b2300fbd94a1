"""The calendar: adding, changing, moving, calling off and taking away."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from citycontent.events import CityEvent, EventCancelled, EventCreated, EventDeleted, EventMoved, EventUpdated
from citycontent.models import Event, Project
from citycontent.paths import page
from citycontent.permissions import EDIT_EVENT
from citycontent.queries import lookups
from citycontent.queries.addresses import address_values
from citycontent.schemas import AddressValue, CancelEvent, CreateEvent, Delete, MoveEvent, SetPicture, UpdateEvent
from citycontent.services.addresses import find_or_create_address
from citycontent.services.counters import count, shift
from citycontent.services.entities import add, assign, change, check_version, locked, locked_with_address, refs
from citycontent.services.pictures import attach_new_picture, change_picture, check_new_picture, pick, picture_value
from citycontent.services.references import THEMES, Reference, check_parent, check_references, links_before, many, set_links
from citycontent.services.slugs import take_slug
from citycontent.services.texts import link_lines
from samen_core.api import FileValue, Invalid, SubjectData, UnitOfWork, _, fold, uuid7

Ids = tuple[uuid.UUID, ...]

TYPE = "event"
STATUS = "event.status"
FIELDS = (
    "name",
    "summary",
    "description",
    "classification",
    "status",
    "start_date",
    "end_date",
    "all_day",
    "timezone",
    "organization_id",
    "project_id",
    "parent_id",
    "location",
    "online_url",
    "registration_url",
    "capacity",
    "accessibility",
    "links",
    "sources",
)
SCHEDULE = ("start_date", "end_date", "all_day", "status", "location", "address_id")
"""What a calendar must take over: a change in one of these raises ``sequence`` (RFC 5546 §2.1.4; the place is ours)."""


def create_event(uow: UnitOfWork, command: CreateEvent, *, scopes: Ids = ()) -> Event:
    """Put something on the calendar. A manager of the organiser and the project may too. Raises NotAllowed and Invalid.

    ``scopes`` is for blocks that plan something of their own (a meeting of a table): the subjects that it belongs to. A grant on one of
    them is enough, as it also is on the project; naming an organiser still asks the right on that organisation.
    """
    if not _scopes(command):
        EDIT_EVENT.require(uow.actor, scopes=scopes)
    _require_named(uow, command, scopes=scopes)
    check_references(uow, _references(command))
    picture_id = check_new_picture(uow, command.picture)
    address = find_or_create_address(uow, command.address)
    new_id = uuid7()
    event = Event(id=new_id, slug=take_slug(uow, TYPE, command.name, new_id), created_at=uow.now, updated_at=uow.now)
    assign(event, command, FIELDS)
    event.sort_name, event.address_id, event.area_id = fold(command.name), address.id, command.area_id or address.area_id
    event.ical_uid = f"{new_id}@{urlsplit(uow.platform.config.web.base_url).hostname or 'samen'}"
    event.sequence, event.picture_id = 0, picture_id
    add(uow, event, TYPE, _card(event), EventCreated, about=_about(event, command.theme_ids), links={"theme_ids": command.theme_ids})
    attach_new_picture(uow, event, command.picture)
    set_links(uow, THEMES, {"subject_id": new_id}, (), command.theme_ids)
    count(uow, {(STATUS, event.status): 1})
    return event


def update_event(uow: UnitOfWork, id: uuid.UUID, command: UpdateEvent, *, scopes: Ids = ()) -> Event:
    """Replace what is known of an event; another moment makes it moved. Raises NotFound, Gone, NotAllowed, Invalid and Conflict.

    ``scopes`` as in :func:`create_event`; the block has checked that the event is its own.
    """
    event: Event
    event, current_address = locked_with_address(uow, Event, id)
    EDIT_EVENT.require(uow.actor, id, scopes=(*_scopes(event), *scopes))
    _require_named(uow, command, event.organization_id, event.project_id, scopes=scopes)
    check_version(event, command.version, lambda: event_values(uow, event))
    before = links_before(uow, TYPE, id)
    known: list[Reference] = [(name, kind, getattr(event, name)) for name, kind, _id in _references(command) if name != "theme_ids"]
    check_references(uow, _references(command), [*known, *many("theme_ids", "theme", before.theme_ids)])
    if command.parent_id != event.parent_id:
        check_parent(uow, Event, id, command.parent_id)
    picked = pick(uow, event, command.picture)
    address = find_or_create_address(uow, command.address, current_address)
    slug = event.slug if fold(command.name) == event.sort_name else take_slug(uow, TYPE, command.name, id)
    card, schedule = _card(event), _schedule(event)
    assign(event, command, FIELDS)
    event.slug, event.sort_name, event.picture_id = slug, fold(command.name), picked.id
    event.address_id, event.area_id = address.id, command.area_id or address.area_id
    links = ({"theme_ids": before.theme_ids, **picked.links[0]}, {"theme_ids": command.theme_ids, **picked.links[1]})
    if _store(uow, event, card, schedule, command.theme_ids, links=links):
        set_links(uow, THEMES, {"subject_id": id}, before.theme_ids, command.theme_ids)
    return event


def move_event(uow: UnitOfWork, id: uuid.UUID, command: MoveEvent) -> Event:
    """Give an event another moment; one that was called off is on again. Without an end it lasts as long as before."""
    event = locked(uow, Event, id)
    EDIT_EVENT.require(uow.actor, id, scopes=_scopes(event))
    check_version(event, command.version, lambda: event_values(uow, event))
    card, schedule = _card(event), _schedule(event)
    length = event.end_date - event.start_date if event.end_date else None
    event.end_date = command.end_date or (command.start_date + length if length else None)
    if event.start_date == command.start_date and event.status in ("cancelled", "postponed"):
        event.status = "confirmed"
    event.start_date = command.start_date
    _store(uow, event, card, schedule, reason=command.reason)
    return event


def cancel_event(uow: UnitOfWork, id: uuid.UUID, command: CancelEvent, *, scopes: Ids = ()) -> Event:
    """Call an event off, or put it off until a new moment is known; ``scopes`` as above. Raises Invalid when it is over already."""
    event = locked(uow, Event, id)
    EDIT_EVENT.require(uow.actor, id, scopes=(*_scopes(event), *scopes))
    check_version(event, command.version, lambda: event_values(uow, event))
    if (event.end_date or event.start_date) < uow.now:
        raise Invalid(_("Dit is al geweest, dus het kan niet meer worden afgelast."))
    card, schedule = _card(event), _schedule(event)
    event.status = "postponed" if command.postpone else "cancelled"
    _store(uow, event, card, schedule, reason=command.reason)
    return event


def set_event_picture(uow: UnitOfWork, id: uuid.UUID, command: SetPicture) -> Event:
    """Give an event another picture, or none. Raises as :func:`update_event`."""
    event = locked(uow, Event, id)
    EDIT_EVENT.require(uow.actor, id, scopes=_scopes(event))
    check_version(event, command.version, lambda: event_values(uow, event))
    change_picture(uow, event, _card(event), EventUpdated, command.picture)
    return event


def delete_event(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take away an event that was entered by mistake; one that does not go on is called off instead, so that visitors learn it."""
    event = locked(uow, Event, id)
    EDIT_EVENT.require(uow.actor, id, scopes=_scopes(event))
    check_version(event, command.version, lambda: event_values(uow, event))
    card = _card(event)
    event.state = "deleted"
    event.sequence += 1
    change(uow, event, TYPE, (card, _card(event)), EventDeleted, about=_about(event), reason=command.reason)
    count(uow, {(STATUS, event.status): -1})


def event_values(uow: UnitOfWork, event: Event) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdateEvent` with lists as lines."""
    return {
        **{name: getattr(event, name) for name in (*FIELDS, "area_id", "version")},
        "picture": picture_value(uow, event),
        "address": address_values(uow, event.address_id),
        "theme_ids": lookups.links(uow, TYPE, event.id).theme_ids,
        "links": link_lines(event.links),
        "sources": link_lines(event.sources),
    }


def event_command(uow: UnitOfWork, event: Event) -> UpdateEvent:
    """The command that leaves an event as it is, for a block that changes some of its own: ``dataclasses.replace`` those."""
    picture, address = picture_value(uow, event), address_values(uow, event.address_id)
    return UpdateEvent(
        **{name: getattr(event, name) for name in (*FIELDS, "area_id", "version") if name not in ("links", "sources")},
        links=tuple(event.links),
        sources=tuple(event.sources),
        picture=FileValue(picture["id"], picture["alt"]) if picture else None,
        address=AddressValue(**address) if address else None,
        theme_ids=lookups.links(uow, TYPE, event.id).theme_ids,
    )


def _schedule(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in SCHEDULE}


def _store(
    uow: UnitOfWork,
    event: Event,
    card: SubjectData,
    schedule: dict[str, Any],
    theme_ids: tuple[uuid.UUID, ...] = (),
    *,
    links: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
    reason: str = "",
) -> bool:
    """Work out what the new schedule means, then log and tell it."""
    kind: type[CityEvent] = EventUpdated
    if event.start_date != schedule["start_date"]:
        kind = EventMoved
        event.previous_start_date = schedule["start_date"]
        if event.status == schedule["status"] and event.status != "tentative":
            event.status = "rescheduled"
    if event.status != schedule["status"]:
        kind = {"cancelled": EventCancelled, "postponed": EventMoved}.get(event.status, kind)
    if _schedule(event) != schedule:
        event.sequence += 1
    changed = change(uow, event, TYPE, (card, _card(event)), kind, about=_about(event, theme_ids), links=links, reason=reason)
    if changed:
        count(uow, shift(STATUS, schedule["status"], event.status))
    return changed


def _scopes(event: Event | CreateEvent) -> Ids:
    return tuple(scope for scope in (event.organization_id, event.project_id) if scope)


def _require_named(
    uow: UnitOfWork,
    command: CreateEvent,
    organization_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
    *,
    scopes: Ids,
) -> None:
    """Require the right on the organiser and on the project, each where it is not the one of before: nobody speaks in another's name."""
    if command.organization_id and command.organization_id != organization_id:
        EDIT_EVENT.require(uow.actor, command.organization_id)
    project = command.project_id
    if project and project != project_id and not EDIT_EVENT.allows(uow.actor, project, scopes=scopes):
        lead = uow.session.execute(select(Project.lead_organization_id).where(Project.id == project)).scalar_one_or_none()
        EDIT_EVENT.require(uow.actor, project, scopes=(lead,) if lead else ())


def _about(event: Event, theme_ids: tuple[uuid.UUID, ...] = ()) -> Any:
    return refs(("area", event.area_id), ("organization", event.organization_id), ("project", event.project_id), ("theme", theme_ids))


def _card(event: Event) -> SubjectData:
    return SubjectData(
        title=event.name,
        url=page(TYPE, event.slug),
        summary=event.summary,
        area_ref=event.area_id,
        state="deleted" if event.state == "deleted" else "active",
    )


def _references(command: CreateEvent) -> list[Reference]:
    return [
        ("organization_id", "organization", command.organization_id),
        ("project_id", "project", command.project_id),
        ("parent_id", TYPE, command.parent_id),
        ("area_id", "area", command.area_id),
        *many("theme_ids", "theme", command.theme_ids),
    ]
