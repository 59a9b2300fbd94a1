"""Cases over REST: what everybody may read, the list of who works at them, and every act as a sub-resource."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import area_tree
from samen_core.api import FormSchema, Invalid, UnitOfWork, _
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import PRIORITIES, STATES, TYPES
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.nearby import cases_nearby
from samen_oog_oor.queries.public import PublicFilter, list_public
from samen_oog_oor.queries.work import CaseFilter, list_cases
from samen_oog_oor.rest.common import in_time, rest, visible_case
from samen_oog_oor.rest.shapes import CaseSchema, OneCaseSchema, WorkCaseSchema, one_case, public_case, work_case
from samen_oog_oor.schemas.merging import MergeCase, MergeCaseSchema, UnmergeCase, UnmergeCaseSchema
from samen_oog_oor.schemas.moving import DecideReopening, DecideReopeningSchema, MoveCase, MoveCaseSchema
from samen_oog_oor.schemas.routing import HandOver, HandOverSchema, SendBack, SendBackSchema
from samen_oog_oor.schemas.work import AssignCase, AssignCaseSchema, SetPriority, SetPrioritySchema
from samen_oog_oor.services import desk, merging, moving, reopening, routing
from samen_oog_oor.services.viewings import note_viewings

ORDERS = {"newest": "nieuwste", "oldest": "oudste", "promised": "beloofd", "changed": "gewijzigd"}


class CaseArgumentsSchema(PageArgumentsSchema):
    """Which public cases."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title, text or place."})
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    category_id = fields.UUID(data_key="categoryId", load_default=None, metadata={"description": "With all that is under it."})
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area, with all that lies in it."})
    organization_id = fields.UUID(data_key="organizationId", load_default=None)
    since = fields.Date(load_default=None, validate=in_time, metadata={"description": "Reported on this day or later."})
    until = fields.Date(load_default=None, validate=in_time, metadata={"description": "Reported on this day or before."})
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "changed")))


class WorkArgumentsSchema(CaseArgumentsSchema):
    """Which cases, for who works at them."""

    priority = fields.String(load_default=None, validate=validate.OneOf(PRIORITIES))
    type = fields.String(load_default=None, validate=validate.OneOf(TYPES))
    assignee_id = fields.UUID(data_key="assigneeId", load_default=None)
    late = fields.Boolean(load_default=False, metadata={"description": "Only what should have been ready before today."})
    very_late = fields.Boolean(load_default=False, metadata={"description": "Only what is three times late."})
    content = fields.Boolean(
        load_default=None, allow_none=True, metadata={"description": "Only cases of which a reporter said to be content, or not."}
    )
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(ORDERS)))


class NearSchema(FormSchema):
    """A place, and what it is about."""

    category_id = fields.UUID(data_key="categoryId", required=True)
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))


class NearbySchema(Schema):
    """A case close by that somebody can join. Number, text and answer are empty where it has no page for everybody."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    metres = fields.Integer(required=True)
    signals = fields.Integer(required=True)
    reported_at = MomentField(required=True)


def areas_of(uow: UnitOfWork, id: uuid.UUID | None) -> tuple[uuid.UUID, ...] | None:
    """An area with all that lies in it."""
    return area_tree(uow).within(id) if id else None


def categories_of(uow: UnitOfWork, id: uuid.UUID | None) -> tuple[uuid.UUID, ...] | None:
    """A category with all that is under it. Raises Invalid for one that is not there."""
    if id is None:
        return None
    tree = category_tree(uow)
    if id not in tree.by_id:
        raise _no_category()
    return (id, *(sub.id for sub in tree.subs(id)))


def _no_category() -> Invalid:
    return Invalid({"categoryId": [_("Deze categorie bestaat niet.")]})


def answer(case: Case) -> Response:
    """A case after an act."""
    current_uow().session.flush()
    return reply(one_case(case, works=True), version=case.version)


@rest.route("/cases", public=True)
@rest.arguments(CaseArgumentsSchema, location="query")
@rest.listing(CaseSchema)
def list_public_cases(arguments: dict[str, Any]) -> Response:
    """Cases that have a page for everybody, the newest first."""
    uow = current_uow()
    chosen = PublicFilter(
        text=arguments["q"],
        category_ids=categories_of(uow, arguments["category_id"]),
        area_ids=areas_of(uow, arguments["area_id"]),
        states=(arguments["state"],) if arguments["state"] else None,
        **{name: arguments[name] for name in ("organization_id", "since", "until")},
    )
    order = "gewijzigd" if arguments["order"] == "changed" else ""
    page = list_public(uow, chosen, arguments["page"], order, with_count=False)
    return reply_page(page, [public_case(row) for row in page.items], arguments["page"])


@rest.route("/cases/<uuid:id>", public=True)
@rest.response(200, OneCaseSchema)
def get_case(id: uuid.UUID) -> Response:
    """One case. For who works at it with all that is known, but for what stands on its signals."""
    case, works = visible_case(current_uow(), id)
    return reply(one_case(case, works=works), version=case.version)


@rest.route("/near", public=True)
@rest.arguments(NearSchema, location="query")
@rest.response(200, NearbySchema(many=True))
def list_nearby_cases(arguments: dict[str, Any]) -> Response:
    """Cases of a category close to a place, the nearest first: to join one instead of making another."""
    uow = current_uow()
    category = category_tree(uow).by_id.get(arguments["category_id"])
    if category is None:
        raise _no_category()
    found = cases_nearby(uow, category, arguments["lat"], arguments["lon"])
    names = ("id", "number", "title", "text", "state", "signals", "reported_at")
    return reply([{**{name: getattr(item, name) for name in names}, "metres": round(item.metres)} for item in found])


NARROWED = ("organization_id", "assignee_id", "priority", "type", "late", "very_late", "content", "since", "until")
"""What the list of cases to work at is narrowed by, as it is."""


@rest.route("/work/cases", permission=HANDLE)
@rest.arguments(WorkArgumentsSchema, location="query")
@rest.listing(WorkCaseSchema)
def list_work_cases(arguments: dict[str, Any]) -> Response:
    """The cases that the caller may work at; confidential ones for who may see those, which is written down."""
    uow = current_uow()
    chosen = CaseFilter(
        text=arguments["q"],
        states=frozenset({arguments["state"]}) if arguments["state"] else None,
        category_ids=categories_of(uow, arguments["category_id"]),
        area_ids=areas_of(uow, arguments["area_id"]),
        **{name: arguments[name] for name in NARROWED},
    )
    page = list_cases(uow, chosen, arguments["page"], ORDERS[arguments["order"]], with_count=False)
    note_viewings(uow, [row.id for row in page.items if row.confidential], "confidential")
    return reply_page(page, [work_case(row) for row in page.items], arguments["page"])


@rest.route("/cases/<uuid:id>/state", methods=["POST"], permission=HANDLE)
@rest.arguments(MoveCaseSchema)
@rest.response(200, OneCaseSchema)
def move_case(command: MoveCase, id: uuid.UUID) -> Response:
    """Bring a case to another state. To close it takes a resolution and a text, which reaches every reporter."""
    return answer(moving.move_case(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/reopening", methods=["POST"], permission=HANDLE)
@rest.arguments(DecideReopeningSchema)
@rest.response(200, OneCaseSchema)
def decide_reopening(command: DecideReopening, id: uuid.UUID) -> Response:
    """Decide about a request to look at a case again, with a motivation."""
    return answer(reopening.decide_reopening(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/assignee", methods=["POST"], permission=HANDLE)
@rest.arguments(AssignCaseSchema)
@rest.response(200, OneCaseSchema)
def assign_case(command: AssignCase, id: uuid.UUID) -> Response:
    """Give a case to a colleague, or to nobody."""
    return answer(desk.assign_case(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/priority", methods=["POST"], permission=HANDLE)
@rest.arguments(SetPrioritySchema)
@rest.response(200, OneCaseSchema)
def set_priority(command: SetPriority, id: uuid.UUID) -> Response:
    """Say how urgent a case is."""
    return answer(desk.set_priority(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/organization", methods=["POST"], permission=TRIAGE)
@rest.arguments(HandOverSchema)
@rest.response(200, OneCaseSchema)
def hand_over_case(command: HandOver, id: uuid.UUID) -> Response:
    """Give a case to an organisation by hand."""
    routing.hand_over(current_uow(), id, command)
    return answer(current_uow().session.get_one(Case, id))


@rest.route("/cases/<uuid:id>/wrong-desk", methods=["POST"], permission=HANDLE)
@rest.arguments(SendBackSchema)
@rest.response(200, OneCaseSchema)
def send_case_back(command: SendBack, id: uuid.UUID) -> Response:
    """Say that a case is at the wrong desk."""
    routing.send_back(current_uow(), id, command)
    return answer(current_uow().session.get_one(Case, id))


@rest.route("/cases/<uuid:id>/merge", methods=["POST"], permission=TRIAGE)
@rest.arguments(MergeCaseSchema)
@rest.response(200, OneCaseSchema)
def merge_case(command: MergeCase, id: uuid.UUID) -> Response:
    """Make a case part of another, by its number; its reporters hear it."""
    merging.merge_case(current_uow(), id, command)
    return answer(current_uow().session.get_one(Case, id))


@rest.route("/cases/<uuid:id>/unmerge", methods=["POST"], permission=TRIAGE)
@rest.arguments(UnmergeCaseSchema)
@rest.response(200, OneCaseSchema)
def unmerge_case(command: UnmergeCase, id: uuid.UUID) -> Response:
    """Make a case that was merged its own again."""
    return answer(merging.unmerge_case(current_uow(), id, command))
