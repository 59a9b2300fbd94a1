"""Activities of a plan over REST: reading one, the list of a plan, making and changing one, how it stands.

Taking part with a contribution goes through the activity of inbreng (``talk_id``); a poll has its own resource.
"""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.api import NotFound, UnitOfWork, anonymous
from samen_core.rest.api import MomentField, current_platform, current_uow, reply
from samen_doe_mee import paths
from samen_doe_mee.models import Activity
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.activities import (
    ActOnActivity,
    ActOnActivitySchema,
    CreateActivity,
    CreateActivitySchema,
    MoveActivity,
    MoveActivitySchema,
    UpdateActivity,
    UpdateActivitySchema,
)
from samen_doe_mee.services import activities
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.plans import visible_plan_by_id

MOST_ROWS = 1_000
COLUMNS = (
    *("id", "version", "plan_id", "round_id", "position", "type", "slug", "title", "intro", "minutes", "opens_at", "closes_at"),
    *("anonymous", "options", "talk_id", "taken_part", "result", "result_at"),
)


class PlanActivitySchema(Schema):
    """Something to take part in."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    plan_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    type = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    intro = fields.String(required=True, metadata={"description": "Markdown."})
    minutes = fields.Integer(required=True)
    opens_at = MomentField(required=True)
    closes_at = MomentField(required=True)
    anonymous = fields.Boolean(required=True, metadata={"description": "Whether one can take part without account."})
    options = fields.Dict(required=True, metadata={"description": "The settings of its type."})
    talk_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The activity of inbreng where one contributes."})
    taken_part = fields.Integer(required=True, metadata={"description": "How many people took part."})
    result = fields.String(required=True, metadata={"description": "What is done with it; empty until it is there."})
    result_at = MomentField(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"description": "coming, open or closed."})
    url = fields.URL(required=True)


class OutcomePartSchema(Schema):
    """An answer, option or paragraph with its number."""

    label = fields.String(required=True)
    number = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)


class OutcomeSchema(Schema):
    """How an activity stands."""

    people = fields.Integer(required=True)
    hidden = fields.String(required=True, allow_none=True, metadata={"description": "Why the parts are not shown now."})
    parts = fields.List(fields.Nested(OutcomePartSchema), required=True)


class RemovedSchema(Schema):
    """What became of an activity that was to be removed."""

    removed = fields.Boolean(required=True, metadata={"description": "False when people took part: then it was closed."})


class OpenDataSchema(Schema):
    """Open data of an activity: never a name, an address or who."""

    columns = fields.List(fields.String(), required=True)
    rows = fields.List(fields.Dict(), required=True)


@rest.route("/activities/<uuid:id>", public=True)
@rest.response(200, PlanActivitySchema)
def get_plan_activity(id: uuid.UUID) -> Response:
    """One activity."""
    uow = current_uow()
    activity = activities.visible_activity_by_id(uow, id).activity
    return reply(_represent(uow, activity), version=activity.version)


@rest.route("/activities/<uuid:id>/outcome", public=True)
@rest.response(200, OutcomeSchema)
def get_outcome(id: uuid.UUID) -> Response:
    """How it stands, as far as the caller may see it now."""
    uow = current_uow()
    activity = activities.visible_activity_by_id(uow, id).activity
    found = type_of(activity.type).outcome(uow, activity)
    parts = [{"label": str(part.label), "number": part.number, "share": part.share} for part in found.parts]
    return reply({"people": found.people, "hidden": str(found.hidden) if found.hidden else None, "parts": parts})


@rest.route("/rounds/<uuid:id>/activities", methods=["POST"], public=True)
@rest.arguments(CreateActivitySchema)
@rest.response(201, PlanActivitySchema)
def add_activity(command: CreateActivity, id: uuid.UUID) -> Response:
    """Add an activity to a round."""
    uow = current_uow()
    made = activities.create_activity(uow, id, command)
    return reply(_represent(uow, made), 201, version=made.version, location=f"{API}/activities/{made.id}")


@rest.route("/activities/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdateActivitySchema)
@rest.response(200, PlanActivitySchema)
def change_activity(command: UpdateActivity, id: uuid.UUID) -> Response:
    """Replace what is known of an activity: what is left out gets its first value."""
    uow = current_uow()
    changed = activities.update_activity(uow, id, command)
    return reply(_represent(uow, changed), version=changed.version)


@rest.route("/activities/<uuid:id>/close", methods=["POST"], public=True)
@rest.arguments(ActOnActivitySchema)
@rest.response(200, PlanActivitySchema)
def close_plan_activity(command: ActOnActivity, id: uuid.UUID) -> Response:
    """Close an activity now."""
    uow = current_uow()
    closed = activities.close_now(uow, id, command)
    return reply(_represent(uow, closed), version=closed.version)


@rest.route("/activities/<uuid:id>/open", methods=["POST"], public=True)
@rest.arguments(ActOnActivitySchema)
@rest.response(200, PlanActivitySchema)
def open_plan_activity(command: ActOnActivity, id: uuid.UUID) -> Response:
    """Open an activity now."""
    uow = current_uow()
    opened = activities.open_now(uow, id, command)
    return reply(_represent(uow, opened), version=opened.version)


@rest.route("/plans/<uuid:id>/activities", public=True)
@rest.response(200, PlanActivitySchema(many=True))
def list_plan_activities(id: uuid.UUID) -> Response:
    """The activities of a plan in the order of its rounds."""
    uow = current_uow()
    plan = visible_plan_by_id(uow, id)
    return reply([_represent(uow, activity) for activity in activities.activities_of_rounds(uow, plan.id)])


@rest.route("/activities/<uuid:id>/removal", methods=["POST"], public=True)
@rest.arguments(ActOnActivitySchema)
@rest.response(200, RemovedSchema)
def remove_plan_activity(command: ActOnActivity, id: uuid.UUID) -> Response:
    """Remove an activity; one in which people took part is closed instead, so that nothing they said is lost."""
    return reply({"removed": activities.remove_activity(current_uow(), id, command)})


@rest.route("/activities/<uuid:id>/move", methods=["POST"], public=True, versioned=False)
@rest.arguments(MoveActivitySchema)
@rest.response(200, PlanActivitySchema)
def move_plan_activity(command: MoveActivity, id: uuid.UUID) -> Response:
    """Move an activity one place up or down in its round; at the edge nothing happens."""
    uow = current_uow()
    activities.move_activity(uow, id, command)
    activity = activities.visible_activity_by_id(uow, id).activity
    return reply(_represent(uow, activity), version=activity.version)


@rest.route("/activities/<uuid:id>/open-data", public=True)
@rest.response(200, OpenDataSchema)
def open_data_of_activity(id: uuid.UUID) -> Response:
    """What was said or chosen, without who it was: the first 1,000 rows; the whole is a file on the page of the activity."""
    uow = current_uow()
    placed = activities.visible_activity_by_id(uow, id)
    if not placed.public:
        raise NotFound
    kind = type_of(placed.activity.type)
    # What everybody may see, whoever asks: the same as the file.
    with uow.acting(anonymous()):
        found = list(islice(kind.open_data(uow, placed.activity), MOST_ROWS))
    rows = [{name: _plain(row.get(name)) for name in kind.columns} for row in found]
    return reply({"columns": list(kind.columns), "rows": rows})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _represent(uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    base = current_platform().config.web.base_url.rstrip("/")
    shown = {name: getattr(activity, name) for name in COLUMNS}
    return {**shown, "state": activities.activity_state(activity, uow.now), "url": base + paths.activity(activity.slug)}
