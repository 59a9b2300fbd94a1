"""Planned moments over REST: the long-term agenda, one moment with everything it was before, and every act as a sub-resource."""

from __future__ import annotations

import uuid
from collections.abc import Container, Sequence
from operator import attrgetter
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import area_tree
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import CONFIDENCES, ITEM_KINDS, ITEM_STATUSES, PRECISIONS, STATES, PlanningItem
from samen_beleidsagenda.periods import PeriodField, period_of
from samen_beleidsagenda.permissions import APPROVE, WRITE
from samen_beleidsagenda.queries.lights import LIGHTS
from samen_beleidsagenda.queries.planning import ORDERS, STATUSES, MomentFilter, chain_of, list_moments, moment_row
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.approval import Approve, ApproveSchema, ApproveWithReasonSchema
from samen_beleidsagenda.schemas.planning import (
    ChangeMoment,
    ChangeMomentSchema,
    Drop,
    DropSchema,
    PlanMoment,
    PlanMomentSchema,
    Postpone,
    PostponeSchema,
    Schedule,
    ScheduleSchema,
    Treat,
    TreatSchema,
)
from samen_beleidsagenda.services import approval, planning
from samen_beleidsagenda.services.common import get_thing
from samen_core.api import Moment, UnitOfWork, cards
from samen_core.rest.api import (
    MomentField,
    PageArgumentsSchema,
    current_uow,
    no_content,
    reply,
    reply_page,
    required_version,
)

FACTS = (
    "id",
    "version",
    "dossier_id",
    "body_id",
    "kind",
    "title",
    "text",
    "start_date",
    "end_date",
    "precision",
    "original_start",
    "original_end",
    "confidence",
    "status",
    "slip_reason",
    "slips",
    "has_say",
    "say_how",
    "say_url",
    "state",
    "confidential",
    "published_at",
    "changed_at",
)
_facts = attrgetter(*FACTS)


LINKS = ("previous_id", "agenda_item_id")


class MomentArgumentsSchema(PageArgumentsSchema):
    """Which moments."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title or the dossier."})
    period = PeriodField(load_default=None, metadata={"description": "Moments whose period touches this one."})
    start_from = fields.Date(data_key="startFrom", load_default=None, metadata={"description": "Not over before this day."})
    start_until = fields.Date(data_key="startUntil", load_default=None, metadata={"description": "Begins on this day at the latest."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf((*STATUSES, *ITEM_STATUSES)),
        metadata={"description": "A status, or `coming` for all that is still to be treated."},
    )
    light = fields.String(load_default=None, validate=validate.OneOf(LIGHTS), metadata={"description": "Derived from dates."})
    kind = fields.String(load_default=None, validate=validate.OneOf(ITEM_KINDS))
    dossier_id = fields.UUID(data_key="dossierId", load_default=None)
    body_id = fields.UUID(data_key="bodyId", load_default=None)
    holder_id = fields.UUID(data_key="holderId", load_default=None, metadata={"description": "The post that holds the dossier."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area, with all that lies in it."})
    has_say = fields.Boolean(data_key="hasSay", load_default=None)
    changed_since = Moment(data_key="changedSince", load_default=None)
    order = fields.String(load_default="period", validate=validate.OneOf(tuple(ORDERS)))


class MomentSchema(Schema):
    """A planned moment."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    dossier_id = fields.UUID(required=True)
    body_id = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(ITEM_KINDS))
    title = fields.String(required=True)
    text = fields.String(required=True)
    period = fields.String(required=True, metadata={"description": "`2027-03-12`, `2027-W14`, `2027-03`, `2027-Q3` or `2027`."})
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True, metadata={"description": "Included."})
    precision = fields.String(required=True, validate=validate.OneOf(PRECISIONS))
    original_start = fields.Date(required=True, metadata={"description": "Of the period that was told first."})
    original_end = fields.Date(required=True)
    confidence = fields.String(required=True, validate=validate.OneOf(CONFIDENCES))
    status = fields.String(required=True, validate=validate.OneOf(ITEM_STATUSES))
    slip_reason = fields.String(required=True, metadata={"description": "Why it was put off or lapsed."})
    slips = fields.Integer(required=True, metadata={"description": "How often it was put off to later."})
    previous_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The moment whose place it took."})
    agenda_item_id = fields.UUID(required=True, allow_none=True)
    has_say = fields.Boolean(required=True)
    say_how = fields.String(required=True)
    say_url = fields.String(required=True)
    light = fields.String(required=True, validate=validate.OneOf(LIGHTS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


class StepSchema(Schema):
    """What a moment was, or became: its period, and why that was left."""

    id = fields.UUID(required=True)
    period = fields.String(required=True)
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    narrowed_from = fields.List(fields.String(), required=True, metadata={"description": "Wider periods before it became more precise."})
    status = fields.String(required=True, validate=validate.OneOf(ITEM_STATUSES))
    slip_reason = fields.String(required=True)


class OneMomentSchema(MomentSchema):
    """A planned moment with its history, oldest first, itself included."""

    history = fields.List(fields.Nested(StepSchema), required=True)


def _represent(uow: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """These moments; of what they took the place of and the point that they stand at only what the actor may know. One statement."""
    known = cards(uow, [id for row in rows for name in LINKS if (id := getattr(row, name)) is not None])
    base = base_url()
    return [_fields(row, base, known) for row in rows]


def _fields(row: Any, base: str, known: Container[uuid.UUID]) -> dict[str, Any]:
    return {
        **dict(zip(FACTS, _facts(row), strict=True)),
        **{name: id if (id := getattr(row, name)) in known else None for name in LINKS},
        "uri": f"{base}/id/planning_item/{row.id}",
        "url": base + paths.planning_item(row.id),
        "period": period_of(row.start_date, row.end_date).code,
        "light": LIGHTS[row.light],
    }


def _one(uow: UnitOfWork, item: PlanningItem) -> dict[str, Any]:
    uow.session.flush()
    row = moment_row(uow, item.id)
    history = [
        {
            **{name: getattr(step, name) for name in ("id", "start_date", "end_date", "narrowed_from", "status", "slip_reason")},
            "period": period_of(step.start_date, step.end_date).code,
        }
        for step in chain_of(uow, item)
    ]
    return {**_represent(uow, [row])[0], "history": history}


def _answer(item: PlanningItem, status: int = 200) -> Response:
    body = _one(current_uow(), item)
    location = f"{API}/moments/{item.id}" if status == 201 else ""
    return reply(body, status, version=item.version, location=location)


@rest.route("/moments", public=True)
@rest.arguments(MomentArgumentsSchema, location="query")
@rest.listing(MomentSchema)
def list_public_moments(arguments: dict[str, Any]) -> Response:
    """Public moments, by period unless asked otherwise; what was put off is in the history of the moment that took its place."""
    uow = current_uow()
    period, status = arguments["period"], arguments["status"]
    filter = MomentFilter(
        statuses=STATUSES.get(status, (status,)) if status else tuple(code for code in ITEM_STATUSES if code != "postponed"),
        start=period.start if period else arguments["start_from"],
        end=period.end if period else arguments["start_until"],
        area_ids=area_tree(uow).within(arguments["area_id"]) if arguments["area_id"] else None,
        text=arguments["q"],
        **{
            name: arguments[name]
            for name in ("light", "kind", "dossier_id", "body_id", "holder_id", "theme_id", "has_say", "changed_since")
        },
    )
    page = list_moments(uow, filter, arguments["page"], order=arguments["order"], with_count=False)
    return reply_page(page, _represent(uow, page.items), arguments["page"])


@rest.route("/moments", methods=["POST"], permission=WRITE)
@rest.arguments(PlanMomentSchema)
@rest.response(201, OneMomentSchema)
def create_moment(command: PlanMoment) -> Response:
    """Plan a moment: a draft, or public at once with `publish`."""
    return _answer(planning.plan_moment(current_uow(), command), 201)


@rest.route("/moments/<uuid:id>", public=True)
@rest.response(200, OneMomentSchema)
def one_moment(id: uuid.UUID) -> Response:
    """One moment with its history."""
    return _answer(get_thing(current_uow(), PlanningItem, id))


@rest.route("/moments/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(ChangeMomentSchema)
@rest.response(200, OneMomentSchema)
def replace_moment(command: ChangeMoment, id: uuid.UUID) -> Response:
    """Replace what is known of a moment; the period of a public one can only become more precise."""
    return _answer(planning.change_moment(current_uow(), id, command))


@rest.route("/moments/<uuid:id>", methods=["DELETE"], permission=WRITE)
@rest.response(204)
def delete_moment(id: uuid.UUID) -> Response:
    """Take a moment away that was never public."""
    planning.remove_moment(current_uow(), id, Approve(version=required_version()))
    return no_content()


@rest.route("/moments/<uuid:id>/postponement", methods=["POST"], permission=WRITE)
@rest.arguments(PostponeSchema)
@rest.response(201, OneMomentSchema)
def postpone_moment(command: Postpone, id: uuid.UUID) -> Response:
    """Give a moment another period, with the reason; the answer is the moment that takes its place."""
    return _answer(planning.postpone(current_uow(), id, command), 201)


@rest.route("/moments/<uuid:id>/schedule", methods=["POST"], permission=WRITE)
@rest.arguments(ScheduleSchema)
@rest.response(200, OneMomentSchema)
def schedule_moment(command: Schedule, id: uuid.UUID) -> Response:
    """Put a moment on an agenda; the answer is the moment that stands on it, another one when the meeting is outside its period."""
    return _answer(planning.schedule(current_uow(), id, command))


@rest.route("/moments/<uuid:id>/treatment", methods=["POST"], permission=WRITE)
@rest.arguments(TreatSchema)
@rest.response(200, OneMomentSchema)
def treat_moment(command: Treat, id: uuid.UUID) -> Response:
    """Say that a moment was there."""
    return _answer(planning.treat(current_uow(), id, command))


@rest.route("/moments/<uuid:id>/drop", methods=["POST"], permission=WRITE)
@rest.arguments(DropSchema)
@rest.response(200, OneMomentSchema)
def drop_moment(command: Drop, id: uuid.UUID) -> Response:
    """Let a moment lapse, with the reason."""
    return _answer(planning.drop(current_uow(), id, command))


@rest.route("/moments/<uuid:id>/submission", methods=["POST"], permission=WRITE)
@rest.arguments(ApproveSchema)
@rest.response(200, OneMomentSchema)
def submit_moment(command: Approve, id: uuid.UUID) -> Response:
    """Hand a draft in for approval."""
    return _answer(approval.submit(current_uow(), PlanningItem, id, command))


@rest.route("/moments/<uuid:id>/publication", methods=["POST"], permission=APPROVE)
@rest.arguments(ApproveSchema)
@rest.response(200, OneMomentSchema)
def publish_moment(command: Approve, id: uuid.UUID) -> Response:
    """Make a moment public."""
    return _answer(planning.publish_moment(current_uow(), id, command))


@rest.route("/moments/<uuid:id>/return", methods=["POST"], permission=APPROVE)
@rest.arguments(ApproveWithReasonSchema)
@rest.response(200, OneMomentSchema)
def hand_back_moment(command: Approve, id: uuid.UUID) -> Response:
    """Give a moment that waits for approval back, with the reason."""
    return _answer(approval.hand_back(current_uow(), PlanningItem, id, command))
