"""Meetings and their agendas over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import MEETING_STATUSES, MEETING_TYPES, ROLES, STATES, AgendaItem, Treatment
from samen_beleidsagenda.permissions import APPROVE, RECORD
from samen_beleidsagenda.queries import meetings as queries
from samen_beleidsagenda.queries.meetings import MeetingFilter
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.agendas import (
    AddItem,
    AddItemSchema,
    ChangeItem,
    ChangeItemSchema,
    OrderItems,
    OrderItemsSchema,
    RecordResult,
    RecordResultSchema,
)
from samen_beleidsagenda.schemas.approval import Approve, ApproveWithReasonSchema
from samen_beleidsagenda.schemas.documents import ChangeTreatment, ChangeTreatmentSchema, TreatDocument, TreatDocumentSchema
from samen_beleidsagenda.schemas.meetings import (
    CancelMeeting,
    CancelMeetingSchema,
    ChangeMeeting,
    ChangeMeetingSchema,
    PlanMeeting,
    PlanMeetingSchema,
    PublishAgenda,
    PublishAgendaSchema,
)
from samen_beleidsagenda.services import agendas, meetings, treatments
from samen_core.api import Gone, NotFound, UnitOfWork, cards
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, no_content, reply, reply_page

FACTS = (
    "id",
    "version",
    "body_id",
    "type",
    "name",
    "start_date",
    "end_date",
    "location",
    "online_url",
    "accessibility",
    "closed",
    "livestream_url",
    "recording_url",
    "agenda_published_at",
    "changed_at",
)
ITEM_FACTS = (
    "id",
    "version",
    "meeting_id",
    "parent_id",
    "position",
    "number",
    "title",
    "text",
    "heading",
    "hammer_item",
    "planned_start",
    "planned_end",
    "started_at",
    "ended_at",
    "result",
    "resolution",
    "state",
    "confidential",
    "changed_at",
)


class MeetingArgumentsSchema(PageArgumentsSchema):
    """Which meetings."""

    period = fields.String(load_default=None, validate=validate.OneOf(["coming", "past"]))
    body_id = fields.UUID(data_key="bodyId", load_default=None)
    type = fields.String(load_default=None, validate=validate.OneOf(MEETING_TYPES))
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the name."})
    order = fields.String(load_default="soonest", validate=validate.OneOf(tuple(queries.ORDERS)))


class TreatmentSchema(Schema):
    """A document at a point of an agenda."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    agenda_item_id = fields.UUID(required=True)
    document_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    authoritative = fields.Boolean(required=True, metadata={"description": "Here it is decided about, elsewhere only looked at."})
    outcome = fields.String(required=True)


class AgendaItemSchema(Schema):
    """A point of an agenda."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    meeting_id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    dossier_id = fields.UUID(required=True, allow_none=True)
    position = fields.Integer(required=True)
    number = fields.String(required=True, metadata={"description": "As it is printed."})
    title = fields.String(required=True)
    text = fields.String(required=True, metadata={"description": "Markdown."})
    heading = fields.Boolean(required=True)
    hammer_item = fields.Boolean(required=True)
    planned_start = MomentField(required=True, allow_none=True)
    planned_end = MomentField(required=True, allow_none=True)
    started_at = MomentField(required=True, allow_none=True)
    ended_at = MomentField(required=True, allow_none=True)
    result = fields.String(required=True, metadata={"description": "A code of the results of decisions, or words from elsewhere."})
    resolution = fields.String(required=True, metadata={"description": "Markdown."})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    changed_at = MomentField(required=True)
    treatments = fields.List(fields.Nested(TreatmentSchema), required=True)


class MeetingSchema(Schema):
    """A meeting: an event of the calendar with what the agenda adds."""

    id = fields.UUID(required=True, metadata={"description": "Also the id of the event."})
    version = fields.Integer(required=True, metadata={"description": "Rises with every change, in the calendar too."})
    uri = fields.String(required=True)
    url = fields.String(required=True)
    body_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(MEETING_TYPES))
    status = fields.String(required=True, validate=validate.OneOf(MEETING_STATUSES))
    name = fields.String(required=True)
    start_date = MomentField(required=True)
    end_date = MomentField(required=True, allow_none=True)
    location = fields.String(required=True)
    online_url = fields.String(required=True)
    accessibility = fields.String(required=True)
    closed = fields.Boolean(required=True, metadata={"description": "The public is not let in."})
    livestream_url = fields.String(required=True)
    recording_url = fields.String(required=True)
    minutes_id = fields.UUID(required=True, allow_none=True)
    agenda_published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


class OneMeetingSchema(MeetingSchema):
    """A meeting with its agenda, points under a point behind it."""

    items = fields.List(fields.Nested(AgendaItemSchema), required=True)


def _represent(uow: UnitOfWork, row: Any, known: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in FACTS},
        "uri": f"{base_url()}/id/event/{row.id}",
        "url": base_url() + paths.meeting(row.id),
        "status": meetings.status_of(row.status, row.start_date, row.end_date, uow.now),
        "minutes_id": row.minutes_id if row.minutes_id in known else None,
    }


def _items(uow: UnitOfWork, items: list[AgendaItem]) -> list[dict[str, Any]]:
    found = queries.points(uow, items)
    known = cards(uow, [id for item in items for id in (item.dossier_id, item.parent_id) if id is not None])
    return [
        {
            **{name: getattr(item, name) for name in ITEM_FACTS},
            "uri": f"{base_url()}/id/agenda_item/{item.id}",
            "url": base_url() + paths.agenda_item(item.id),
            **{name: id if (id := getattr(item, name)) in known else None for name in ("dossier_id", "parent_id")},
            "treatments": [_treatment(paper.treatment) for paper in found[item.id].papers],
        }
        for item in items
    ]


def _treatment(treatment: Treatment) -> dict[str, Any]:
    return {name: getattr(treatment, name) for name in TreatmentSchema().fields}


def _one(id: uuid.UUID, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    row = queries.meeting_by_id(uow, id)
    if row is None:
        raise NotFound
    if row.state != "active":
        raise Gone
    items = agendas.in_order(queries.shown_items(uow, id, row.body_id))
    if row.agenda_published_at is None and not meetings.may_record(uow, row):
        items = []
    known = cards(uow, [row.minutes_id] if row.minutes_id else [])
    body = {**_represent(uow, row, known), "items": _items(uow, items)}
    return reply(body, status, version=row.version, location=f"{API}/meetings/{id}" if status == 201 else "")


def _item(item: AgendaItem, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    location = f"{API}/agenda-items/{item.id}" if status == 201 else ""
    return reply(_items(uow, [item])[0], status, version=item.version, location=location)


@rest.route("/meetings", public=True)
@rest.arguments(MeetingArgumentsSchema, location="query")
@rest.listing(MeetingSchema)
def list_meetings(arguments: dict[str, Any]) -> Response:
    """Meetings in order of time, also those that are called off."""
    uow = current_uow()
    chosen = MeetingFilter(period=arguments["period"], body_id=arguments["body_id"], type=arguments["type"], text=arguments["q"])
    page = queries.list_meetings(uow, chosen, arguments["page"], order=arguments["order"], with_count=False)
    known = cards(uow, [row.minutes_id for row in page.items if row.minutes_id])
    return reply_page(page, [_represent(uow, row, known) for row in page.items], arguments["page"])


@rest.route("/meetings/<uuid:id>", public=True)
@rest.response(200, OneMeetingSchema)
def one_meeting(id: uuid.UUID) -> Response:
    """One meeting with its agenda."""
    return _one(id)


@rest.route("/meetings", methods=["POST"], permission=RECORD)
@rest.arguments(PlanMeetingSchema)
@rest.response(201, OneMeetingSchema)
def create_meeting(command: PlanMeeting) -> Response:
    """Plan a meeting: it also stands on the city's calendar, so a token needs the right to edit that too."""
    return _one(meetings.plan_meeting(current_uow(), command).event_id, 201)


@rest.route("/meetings/<uuid:id>", methods=["PUT"], permission=RECORD)
@rest.arguments(ChangeMeetingSchema)
@rest.response(200, OneMeetingSchema)
def replace_meeting(command: ChangeMeeting, id: uuid.UUID) -> Response:
    """Replace what is known of a meeting; another moment moves the event too."""
    return _one(meetings.change_meeting(current_uow(), id, command).event_id)


@rest.route("/meetings/<uuid:id>/cancellation", methods=["POST"], permission=RECORD)
@rest.arguments(CancelMeetingSchema)
@rest.response(200, OneMeetingSchema)
def cancel_meeting(command: CancelMeeting, id: uuid.UUID) -> Response:
    """Call a meeting off, or put it off."""
    return _one(meetings.cancel_meeting(current_uow(), id, command).event_id)


@rest.route("/meetings/<uuid:id>/agenda/publication", methods=["POST"], permission=APPROVE)
@rest.arguments(PublishAgendaSchema)
@rest.response(200, OneMeetingSchema)
def publish_agenda(command: PublishAgenda, id: uuid.UUID) -> Response:
    """Make the agenda public, or the points that were added since."""
    return _one(meetings.publish_agenda(current_uow(), id, command).event_id)


@rest.route("/meetings/<uuid:id>/agenda/order", methods=["PUT"], permission=RECORD)
@rest.arguments(OrderItemsSchema)
@rest.response(200, OneMeetingSchema)
def order_agenda(command: OrderItems, id: uuid.UUID) -> Response:
    """Put the points in another order; `version` is that of the meeting."""
    agendas.order_items(current_uow(), id, command)
    return _one(id)


@rest.route("/meetings/<uuid:id>/items", methods=["POST"], permission=RECORD)
@rest.arguments(AddItemSchema)
@rest.response(201, AgendaItemSchema)
def create_item(command: AddItem, id: uuid.UUID) -> Response:
    """Put a point on the agenda, as its last one."""
    return _item(agendas.add_item(current_uow(), id, command), 201)


@rest.route("/agenda-items/<uuid:id>", public=True)
@rest.response(200, AgendaItemSchema)
def one_item(id: uuid.UUID) -> Response:
    """One point of an agenda with its documents."""
    return _item(meetings.live_item(current_uow(), id))


@rest.route("/agenda-items/<uuid:id>", methods=["PUT"], permission=RECORD)
@rest.arguments(ChangeItemSchema)
@rest.response(200, AgendaItemSchema)
def replace_item(command: ChangeItem, id: uuid.UUID) -> Response:
    """Replace what is known of a point."""
    return _item(agendas.change_item(current_uow(), id, command))


@rest.route("/agenda-items/<uuid:id>/result", methods=["PUT"], permission=RECORD)
@rest.arguments(RecordResultSchema)
@rest.response(200, AgendaItemSchema)
def replace_result(command: RecordResult, id: uuid.UUID) -> Response:
    """Write down what came of a point."""
    return _item(agendas.record_result(current_uow(), id, command))


@rest.route("/agenda-items/<uuid:id>/removal", methods=["POST"], permission=RECORD)
@rest.arguments(ApproveWithReasonSchema)
@rest.response(204)
def remove_item(command: Approve, id: uuid.UUID) -> Response:
    """Take a point off the agenda, with the reason when it was public."""
    agendas.remove_item(current_uow(), id, command)
    return no_content()


@rest.route("/agenda-items/<uuid:id>/treatments", methods=["POST"], permission=RECORD)
@rest.arguments(TreatDocumentSchema)
@rest.response(201, TreatmentSchema)
def create_treatment(command: TreatDocument, id: uuid.UUID) -> Response:
    """Put a document at a point; the first place is where it is decided about, until another one is."""
    return reply(_treatment(treatments.treat_document(current_uow(), id, command)), 201, location=f"{API}/agenda-items/{id}")


@rest.route("/agenda-items/<uuid:id>/treatments/<uuid:treatment_id>", methods=["PUT"], permission=RECORD)
@rest.arguments(ChangeTreatmentSchema)
@rest.response(200, TreatmentSchema)
def replace_treatment(command: ChangeTreatment, id: uuid.UUID, treatment_id: uuid.UUID) -> Response:
    """Say why a document lies at a point and what came of it."""
    uow = current_uow()
    found = treatments.treatment_at(uow, id, treatment_id)
    changed = treatments.change_treatment(uow, found.id, command)
    uow.session.flush()
    return reply(_treatment(changed), version=changed.version)


@rest.route("/agenda-items/<uuid:id>/treatments/<uuid:treatment_id>", methods=["DELETE"], permission=RECORD, versioned=False)
@rest.response(204)
def delete_treatment(id: uuid.UUID, treatment_id: uuid.UUID) -> Response:
    """Take a document away from a point."""
    uow = current_uow()
    treatments.untreat_document(uow, treatments.treatment_at(uow, id, treatment_id).id)
    return no_content()
