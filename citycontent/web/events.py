"""Pages of one event: what, when and where; editing, moving and calling it off."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.models import Event
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_EVENT
from citycontent.queries import events, lookups
from citycontent.schemas import (
    CLASSIFICATION_LABELS,
    EVENT_STATUS_LABELS,
    CancelEvent,
    CancelEventSchema,
    CreateEvent,
    CreateEventSchema,
    MoveEvent,
    MoveEventSchema,
    UpdateEvent,
    UpdateEventSchema,
)
from citycontent.services.events import cancel_event, create_event, delete_event, event_values, move_event, update_event
from citycontent.web import parts
from citycontent.web.atlas import Atlas, atlas
from citycontent.web.calendar import LABEL, PATH, calendar_response
from citycontent.web.dates import when
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec, Named, Options
from citycontent.web.listing import area_choices, theme_choices
from citycontent.web.pages import data_links, lost, pages, to_edit
from samen_core.api import UnitOfWork, _, format_moment, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

NAMED = {"organization_id": Named("organization"), "project_id": Named("project"), "parent_id": Named("event")}
NEW, CHANGED = FormSpec(CreateEventSchema, NAMED), FormSpec(UpdateEventSchema, NAMED)
SECTIONS = (
    Section(_("Wat is het?"), ("name", "classification", "summary", "description", "picture")),
    Section(_("Wanneer?"), ("start_date", "end_date", "all_day", "status")),
    Section(_("Waar?"), ("location", "address", "area_id", "online_url", "accessibility")),
    Section(_("Wie organiseert het?"), ("organization_id", "project_id")),
    Section(_("Meer gegevens"), ("registration_url", "capacity", "parent_id", "theme_ids", "links", "sources"), folded=True),
)


@pages.route(f"{PATH}/<slug>", public=True)
def event_page(slug: str) -> ResponseReturnValue:
    """One event."""
    uow = current_uow()
    row = events.event_by_slug(uow, slug)
    if row is None:
        raise lost(uow, "event", slug)
    book = atlas(uow)
    links = lookups.links(uow, "event", row.id)
    lines, more_lines = latest_lines(uow, row.id)
    over = (row.end_date or row.start_date) < uow.now
    parent = events.event_by_id(uow, row.parent_id) if row.parent_id else None
    return render(
        "citycontent/event.html",
        event=row,
        when=when(row.start_date, row.end_date, all_day=row.all_day),
        before=format_moment(row.previous_start_date) if row.previous_start_date and row.status == "rescheduled" else "",
        over=over,
        off=row.status in ("cancelled", "postponed"),
        status=EVENT_STATUS_LABELS[row.status] if row.status != "confirmed" else "",
        status_kind=parts.EVENT_KINDS.get(row.status, "neutral"),
        classification=CLASSIFICATION_LABELS[row.classification],
        place=parts.place_lines(row),
        areas=parts.area_links(book, [row.area_id]),
        themes=parts.theme_links(book, links.theme_ids),
        organization=parts.thing_link("organization", row.organization_name, row.organization_slug),
        project=parts.thing_link("project", row.project_name, row.project_slug),
        parent=parts.thing_link("event", parent.name, parent.slug) if parent is not None and parent.state == "active" else None,
        programme=[parts.event_row(book, part) for part in events.parts_of(uow, row.id)],
        calendar_url=page_url(f"{page_path('event', slug)}.ics"),
        data_links=data_links("event", row.id),
        log=lines,
        more_log=more_lines,
        may_edit=EDIT_EVENT.allows(uow.actor, row.id, scopes=scopes(row)),
        path=page_path("event", slug),
        breadcrumbs=crumbs((LABEL, PATH), (row.name, None)),
    )


@pages.route(f"{PATH}/<slug>.ics", public=True)
def event_file(slug: str) -> ResponseReturnValue:
    """One event as a file for one's own calendar."""
    uow = current_uow()
    row = events.event_by_slug(uow, slug)
    if row is None:
        raise lost(uow, "event", slug)
    return calendar_response(uow, [row], row.name, f"{slug}.ics")


def scopes(event: Any) -> tuple[uuid.UUID, ...]:
    """What else a grant may be on to edit an event: its organiser and its project."""
    return tuple(scope for scope in (event.organization_id, event.project_id) if scope)


def _options(book: Atlas, status: str = "confirmed") -> Options:
    """The answers; moving and calling off have pages of their own, so their states are only offered to what has them already."""
    statuses = [(code, label) for code, label in EVENT_STATUS_LABELS.items() if code in ("tentative", "confirmed", status)]
    return {"area_id": area_choices(book), "theme_ids": theme_choices(book), "status": statuses}


@pages.route(f"{PATH}/nieuw", permission=EDIT_EVENT, methods=["GET", "POST"])
def event_new() -> ResponseReturnValue:
    """Put something on the agenda."""
    uow = current_uow()
    page = FormPage(
        title=_("Iets op de agenda zetten"),
        submit=_("Zet op de agenda"),
        done=_("De bijeenkomst staat op de agenda."),
        path=f"{PATH}/nieuw",
        back=PATH,
        trail=((LABEL, PATH), (_("Toevoegen"), None)),
    )

    def write(command: CreateEvent) -> str:
        return page_path("event", create_event(uow, command).slug)

    return form_page(uow, page, NEW, SECTIONS, write, values={"status": "confirmed"}, options=_options(atlas(uow)))


def _editable(uow: UnitOfWork, slug: str) -> Event:
    event = to_edit(uow, Event, "event", slug)
    EDIT_EVENT.require(uow.actor, event.id, scopes=scopes(event))
    return event


@pages.route(f"{PATH}/<slug>/bewerken", permission=EDIT_EVENT, methods=["GET", "POST"])
def event_edit(slug: str) -> ResponseReturnValue:
    """Change an event."""
    uow = current_uow()
    event = _editable(uow, slug)
    id, name, path = event.id, event.name, page_path("event", slug)
    page = FormPage(
        title=_("{name} bewerken", name=name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Bewerken"), None)),
    )

    def write(command: UpdateEvent) -> str:
        return page_path("event", update_event(uow, id, command).slug)

    values = event_values(uow, event)
    return form_page(uow, page, CHANGED, SECTIONS, write, values=values, options=_options(atlas(uow), event.status), owner=id)


@pages.route(f"{PATH}/<slug>/verzetten", permission=EDIT_EVENT, methods=["GET", "POST"])
def event_move(slug: str) -> ResponseReturnValue:
    """Give an event another moment."""
    uow = current_uow()
    event = _editable(uow, slug)
    id, name, path = event.id, event.name, page_path("event", slug)
    page = FormPage(
        title=_("{name} verzetten", name=name),
        lead=_(
            "Nu: {when}. Wie de agenda volgt, krijgt de nieuwe datum vanzelf.",
            when=when(event.start_date, event.end_date, all_day=event.all_day),
        ),
        submit=_("Verzet de bijeenkomst"),
        done=_("De bijeenkomst is verzet. De oude datum staat er nog bij."),
        path=f"{path}/verzetten",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verzetten"), None)),
    )

    def write(command: MoveEvent) -> str:
        return page_path("event", move_event(uow, id, command).slug)

    sections = (Section(_("Wanneer wordt het?"), ("start_date", "end_date", "reason")),)
    values = {"start_date": event.start_date, "end_date": event.end_date, "version": event.version}
    return form_page(uow, page, FormSpec(MoveEventSchema), sections, write, values=values)


@pages.route(f"{PATH}/<slug>/afgelasten", permission=EDIT_EVENT, methods=["GET", "POST"])
def event_cancel(slug: str) -> ResponseReturnValue:
    """Call an event off, or put it off."""
    uow = current_uow()
    event = _editable(uow, slug)
    id, name, path = event.id, event.name, page_path("event", slug)
    page = FormPage(
        title=_("{name} afgelasten", name=name),
        lead=_("De pagina blijft staan, met de melding dat het niet doorgaat. Wie de agenda volgt, ziet dat ook."),
        submit=_("Gelast de bijeenkomst af"),
        done=_("De bijeenkomst is afgelast. Bezoekers zien dat nu op de pagina."),
        path=f"{path}/afgelasten",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Afgelasten"), None)),
    )

    def write(command: CancelEvent) -> str:
        return page_path("event", cancel_event(uow, id, command).slug)

    sections = (Section(_("Laat weten waarom"), ("reason", "postpone")),)
    return form_page(uow, page, FormSpec(CancelEventSchema), sections, write, values={"version": event.version})


@pages.route(f"{PATH}/<slug>/verwijderen", permission=EDIT_EVENT, methods=["GET", "POST"])
def event_delete(slug: str) -> ResponseReturnValue:
    """Take an event away that was entered by mistake."""
    uow = current_uow()
    event = _editable(uow, slug)
    id, name, path = event.id, event.name, page_path("event", slug)
    page = FormPage(
        title=_("{name} verwijderen", name=name),
        lead=_("Doe dit alleen bij een vergissing. Gaat het niet door? Gelast het dan af, zodat bezoekers het te weten komen."),
        submit=_("Verwijder de bijeenkomst"),
        done=_("De bijeenkomst is van de agenda gehaald."),
        path=f"{path}/verwijderen",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verwijderen"), None)),
    )
    return delete_page(uow, page, event.version, lambda command: delete_event(uow, id, command), PATH)
