"""Activities over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import area_tree
from samen_core.api import NotFound, UnitOfWork
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_platform, current_uow, reply, reply_page
from samen_inbreng.models import Activity
from samen_inbreng.permissions import MANAGE_ACTIVITY
from samen_inbreng.queries.activities import STATES, ActivityFilter, activity_by_id, list_activities, tallies
from samen_inbreng.rest.common import API, rest
from samen_inbreng.schemas.activity import (
    CloseActivity,
    CloseActivitySchema,
    CreateActivity,
    CreateActivitySchema,
    UpdateActivity,
    UpdateActivitySchema,
)
from samen_inbreng.services.activities import activity_state, close_activity, create_activity, update_activity
from samen_inbreng.services.common import page_to_join

COLUMNS = (
    "id",
    "version",
    "subject_id",
    "slug",
    "kind",
    "title",
    "intro",
    "opens_at",
    "closes_at",
    "closed_at",
    "access",
    "asks_text",
    "allows_replies",
    "allows_support",
    "area_id",
    "created_at",
)


class ActivityItemSchema(Schema):
    """An activity in a list."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    subject_id = fields.UUID(required=True, metadata={"description": "The thing that it is about."})
    slug = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    intro = fields.String(required=True, metadata={"description": "Markdown."})
    opens_at = MomentField(required=True)
    closes_at = MomentField(required=True, allow_none=True)
    closed_at = MomentField(required=True, allow_none=True, metadata={"description": "When it was closed before its date."})
    access = fields.String(required=True)
    asks_text = fields.Boolean(required=True)
    allows_replies = fields.Boolean(required=True)
    allows_support = fields.Boolean(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    created_at = MomentField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    url = fields.URL(required=True)


class ActivitySchema(ActivityItemSchema):
    """An activity with its questions and how many contributions it has."""

    form = fields.Dict(required=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(),
        metadata={"description": "Published contributions per dimension (total, sector, channel, area, replies) and value."},
    )


class ActivityArgumentsSchema(PageArgumentsSchema):
    """Which activities."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    subject_id = fields.UUID(data_key="subjectId", load_default=None)
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in the title."})


WRITER = RowWriter(ActivityItemSchema, *COLUMNS)


@rest.route("/activities", public=True)
@rest.arguments(ActivityArgumentsSchema, location="query")
@rest.listing(ActivityItemSchema)
def list_activities_(arguments: dict[str, Any]) -> Response:
    """Activities, newest first."""
    uow = current_uow()
    area_id = arguments["area_id"]
    within = area_tree(uow).within(area_id) if area_id else None
    chosen = ActivityFilter(arguments["state"], arguments["subject_id"], within, arguments["q"])
    page = list_activities(uow, chosen, arguments["page"], with_count=False)
    items = [{**item, **_more(uow, row)} for item, row in zip(WRITER.write(page.items), page.items, strict=True)]
    return reply_page(page, items, arguments["page"])


@rest.route("/activities/<uuid:id>", public=True)
@rest.response(200, ActivitySchema)
def get_activity_(id: uuid.UUID) -> Response:
    """One activity."""
    uow = current_uow()
    row = activity_by_id(uow, id)
    if row is None:
        raise NotFound
    counts = {name: values for name, values in tallies(uow, id).items() if name != "number"}
    return reply({**_represent(uow, row), "counts": counts}, version=row.version)


@rest.route("/activities", methods=["POST"], permission=MANAGE_ACTIVITY)
@rest.arguments(CreateActivitySchema)
@rest.response(201, ActivitySchema)
def create_activity_(command: CreateActivity) -> Response:
    """Let people say something about a thing."""
    uow = current_uow()
    made = create_activity(uow, command)
    return reply({**_represent(uow, made), "counts": {}}, 201, version=made.version, location=f"{API}/activities/{made.id}")


@rest.route("/activities/<uuid:id>", methods=["PUT"], permission=MANAGE_ACTIVITY)
@rest.arguments(UpdateActivitySchema)
@rest.response(200, ActivitySchema)
def update_activity_(command: UpdateActivity, id: uuid.UUID) -> Response:
    """Replace what is known of an activity: what is left out gets its first value."""
    uow = current_uow()
    changed = update_activity(uow, id, command)
    return reply(_represent(uow, changed), version=changed.version)


@rest.route("/activities/<uuid:id>/close", methods=["POST"], permission=MANAGE_ACTIVITY)
@rest.arguments(CloseActivitySchema)
@rest.response(200, ActivitySchema)
def close_activity_(command: CloseActivity, id: uuid.UUID) -> Response:
    """Close an activity now."""
    uow = current_uow()
    closed = close_activity(uow, id, command)
    return reply(_represent(uow, closed), version=closed.version)


def _represent(uow: UnitOfWork, source: Any) -> dict[str, Any]:
    return {**{name: getattr(source, name) for name in COLUMNS}, "form": source.form, **_more(uow, source)}


def _more(uow: UnitOfWork, source: Activity | Any) -> dict[str, Any]:
    base = current_platform().config.web.base_url.rstrip("/")
    return {"state": activity_state(source, uow.now), "url": base + page_to_join(uow, source)}
