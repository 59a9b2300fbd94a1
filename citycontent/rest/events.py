"""The calendar over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import fields, validate

from citycontent.models import Event
from citycontent.models.event import CLASSIFICATIONS, EVENT_STATUSES
from citycontent.permissions import EDIT_EVENT
from citycontent.queries import events as queries
from citycontent.queries import lookups
from citycontent.queries.addresses import address_values
from citycontent.queries.lookups import Links
from citycontent.rest.answers import EventItemSchema, EventSchema
from citycontent.rest.common import (
    Json,
    ListWriter,
    Writes,
    add_writes,
    address_of,
    addresses,
    area_ids,
    existing,
    links_given,
    pick,
)
from citycontent.rest.pictures import add_picture, entity_picture, row_picture
from citycontent.schemas import (
    CancelEvent,
    CancelEventSchema,
    CreateEvent,
    CreateEventSchema,
    MoveEvent,
    MoveEventSchema,
    UpdateEventSchema,
)
from citycontent.services.events import FIELDS, cancel_event, create_event, delete_event, move_event, set_event_picture, update_event
from samen_core.api import Moment, UnitOfWork
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply

TYPE = "event"
resource = RestBlueprint("events", __name__, "The calendar of the city.")
_LIST = ListWriter(
    TYPE,
    (
        Event.id,
        Event.version,
        Event.name,
        Event.summary,
        Event.classification,
        Event.status,
        Event.start_date,
        Event.end_date,
        Event.all_day,
        Event.timezone,
        Event.location,
        Event.area_id,
        Event.organization_id,
        Event.project_id,
        Event.online_url,
        Event.updated_at,
    ),
    Event.slug,
)
_FACTS = ("id", "version", *FIELDS, "area_id", "previous_start_date", "sequence", "ical_uid", "created_at", "updated_at")


class EventArgumentsSchema(PageArgumentsSchema):
    """Which events."""

    period = fields.String(load_default=None, validate=validate.OneOf(["upcoming", "past"]))
    start_from = Moment(data_key="startFrom", load_default=None, metadata={"description": "Begins at this moment or later."})
    start_before = Moment(data_key="startBefore", load_default=None, metadata={"description": "Begins before this moment."})
    status = fields.String(load_default=None, validate=validate.OneOf(EVENT_STATUSES))
    classification = fields.String(load_default=None, validate=validate.OneOf(CLASSIFICATIONS))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    organization_id = fields.UUID(data_key="organizationId", load_default=None)
    project_id = fields.UUID(data_key="projectId", load_default=None)
    order = fields.String(load_default="soonest", validate=validate.OneOf(["soonest", "latest"]))
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in the name or text."})


@resource.route("/events", public=True)
@resource.arguments(EventArgumentsSchema, location="query")
@resource.listing(EventItemSchema)
def list_events(arguments: dict[str, Any]) -> Response:
    """Events in order of time, also those that are called off."""
    uow = current_uow()
    chosen = queries.EventFilter(
        period=arguments["period"],
        start=arguments["start_from"],
        end=arguments["start_before"],
        status=arguments["status"],
        classification=arguments["classification"],
        area_ids=area_ids(uow, arguments["area_id"]),
        theme_id=arguments["theme_id"],
        organization_id=arguments["organization_id"],
        project_id=arguments["project_id"],
        text=arguments["q"],
    )
    page = queries.list_events(uow, chosen, arguments["page"], order=arguments["order"], with_count=False, columns=_LIST.columns)
    return _LIST.reply(page, arguments["page"])


@resource.route("/events/<uuid:id>", public=True)
@resource.response(200, EventSchema)
def get_event(id: uuid.UUID) -> Response:
    """One event."""
    return _one(current_uow(), id)


@resource.route("/events/<uuid:id>/moves", methods=["POST"], permission=EDIT_EVENT)
@resource.arguments(MoveEventSchema)
@resource.response(200, EventSchema)
def move(command: MoveEvent, id: uuid.UUID) -> Response:
    """Give an event another moment; its visitors learn it."""
    uow = current_uow()
    move_event(uow, id, command)
    return _one(uow, id)


@resource.route("/events/<uuid:id>/cancellations", methods=["POST"], permission=EDIT_EVENT)
@resource.arguments(CancelEventSchema)
@resource.response(200, EventSchema)
def cancel(command: CancelEvent, id: uuid.UUID) -> Response:
    """Call an event off, or put it off until a new moment is known."""
    uow = current_uow()
    cancel_event(uow, id, command)
    return _one(uow, id)


def _one(uow: UnitOfWork, id: uuid.UUID) -> Response:
    row = existing(queries.event_by_id(uow, id))
    return reply(_represent(row, lookups.links(uow, TYPE, id), address_of(row), row_picture(row)), version=row.version)


def _represent(source: Any, links: Links, address: Json | None, picture: Json | None) -> Json:
    return {**pick(source, _FACTS), **addresses(TYPE, source), "address": address, "picture": picture, "theme_ids": links.theme_ids}


def _written(event: Event, command: CreateEvent) -> Json:
    uow = current_uow()
    return _represent(event, links_given(command), address_values(uow, event.address_id), entity_picture(uow, event))


add_writes(
    resource,
    Writes(
        noun="an event",
        path="/events",
        permission=EDIT_EVENT,
        answer=EventSchema,
        create=(CreateEventSchema, create_event),
        update=(UpdateEventSchema, update_event),
        delete=delete_event,
        represent=_written,
    ),
)
add_picture(resource, "an event", "/events", EDIT_EVENT, set_event_picture)
