"""Rounds and their activities over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import NotFound, UnitOfWork, fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_uow, reply, reply_page
from samen_samenspreker.models import ROUND_KINDS, Round, RoundActivity
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries import rounds as queries
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.rounds import (
    AddOfflineActivity,
    AddOfflineActivitySchema,
    AddOnlineActivity,
    AddOnlineActivitySchema,
    CancelRound,
    CancelRoundSchema,
    CloseRound,
    CloseRoundSchema,
    PlanRound,
    PlanRoundSchema,
    UpdateOfflineActivity,
    UpdateOfflineActivitySchema,
    UpdateRound,
    UpdateRoundSchema,
)
from samen_samenspreker.services.common import get_question, today
from samen_samenspreker.services.round_activities import add_offline_activity, add_online_activity, update_offline_activity
from samen_samenspreker.services.rounds import cancel_round, close_round, get_round, open_round, round_state, update_round

API = "/api/v1/samenspreker"


class RoundItemSchema(Schema):
    """A round of a table."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    question_id = fields.UUID(required=True)
    cycle = fields.Integer(required=True)
    number = fields.Integer(required=True, metadata={"description": "Counts through all cycles, from 1."})
    kind = fields.String(required=True, validate=validate.OneOf(ROUND_KINDS))
    title = fields.String(required=True)
    purpose = fields.String(required=True)
    opens_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "As planned; the round stays open until it is closed."})
    agreed = fields.String(required=True, metadata={"description": "What the table agrees on; empty while the round is open."})
    disagreed = fields.String(required=True)
    minority = fields.String(required=True)
    closed_at = MomentField(required=True, allow_none=True)


class RoundActivitySchema(Schema):
    """An activity of a round; ``activity_id`` is the activity of inbreng that holds its contributions."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    round_id = fields.UUID(required=True)
    mode = fields.String(required=True, validate=validate.OneOf(["online", "offline"]))
    activity_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    held_on = fields.Date(required=True, allow_none=True)
    place = fields.String(required=True)
    people = fields.Integer(required=True, allow_none=True)
    report = fields.String(required=True)
    position = fields.Integer(required=True)


class RoundSchema(RoundItemSchema):
    """A round with its activities and how many contributed."""

    state = fields.String(required=True, validate=validate.OneOf(["planned", "open", "closed", "cancelled"]))
    activities = fields.List(fields.Nested(RoundActivitySchema), required=True)
    contributions = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": "Numbers per dimension (sector, channel, area) and value."},
    )


_NAMES = tuple(column.key for column in Round.__table__.columns)
_FIELDS = tuple(name for name in _NAMES if name in RoundItemSchema().dump_fields)
_ACTIVITY = tuple(RoundActivitySchema().dump_fields)
_ROUNDS = RowWriter(RoundItemSchema, *_NAMES)
SHOWN = ("sector", "channel", "area")


def _whole(uow: UnitOfWork, found: Round) -> dict[str, Any]:
    rows = queries.activities_of(uow, [found.id])[found.id]
    counts = queries.together(queries.tallies(uow, [row.activity_id for row in rows]).values())
    return {
        **{name: getattr(found, name) for name in _FIELDS},
        "state": round_state(found, today(uow)),
        "activities": [{name: getattr(row, name) for name in _ACTIVITY} for row in rows],
        "contributions": {name: counts.get(name, {}) for name in SHOWN},
    }


def _activity(row: RoundActivity) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _ACTIVITY}


@rest.route("/questions/<uuid:id>/rounds", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(RoundItemSchema)
def list_rounds(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The rounds of a table, in order."""
    uow = current_uow()
    values = {"question_id": get_question(uow, id).id}
    page = fetch_page(uow.session, queries.OF_TABLE, queries.ORDER, arguments["page"], values, keep=True)
    return reply_page(page, _ROUNDS.write(page.items), arguments["page"])


@rest.route("/questions/<uuid:id>/rounds", methods=["POST"], permission=FACILITATE)
@rest.arguments(PlanRoundSchema)
@rest.response(201, RoundSchema)
def create_round(command: PlanRound, id: uuid.UUID) -> Response:
    """Plan a round of step 2."""
    uow = current_uow()
    made = open_round(uow, id, command)
    return reply(_whole(uow, made), 201, version=made.version, location=f"{API}/rounds/{made.id}")


@rest.route("/rounds/<uuid:id>", public=True)
@rest.response(200, RoundSchema)
def one_round(id: uuid.UUID) -> Response:
    """One round with its activities."""
    uow = current_uow()
    _question, found = get_round(uow, id)
    return reply(_whole(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(UpdateRoundSchema)
@rest.response(200, RoundSchema)
def replace_round(command: UpdateRound, id: uuid.UUID) -> Response:
    """Change what is planned of a round."""
    uow = current_uow()
    found = update_round(uow, id, command)
    return reply(_whole(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>/close", methods=["POST"], permission=FACILITATE)
@rest.arguments(CloseRoundSchema)
@rest.response(200, RoundSchema)
def finish_round(command: CloseRound, id: uuid.UUID) -> Response:
    """Close a round with its conclusions, once every contribution in it has an outcome that was sent."""
    uow = current_uow()
    found = close_round(uow, id, command)
    return reply(_whole(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>/cancel", methods=["POST"], permission=FACILITATE)
@rest.arguments(CancelRoundSchema)
@rest.response(200, RoundSchema)
def call_off_round(command: CancelRound, id: uuid.UUID) -> Response:
    """Call off a round that has not begun, for a public reason."""
    uow = current_uow()
    found = cancel_round(uow, id, command)
    return reply(_whole(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>/online-activities", methods=["POST"], permission=FACILITATE)
@rest.arguments(AddOnlineActivitySchema)
@rest.response(201, RoundActivitySchema)
def create_online_activity(command: AddOnlineActivity, id: uuid.UUID) -> Response:
    """Let people contribute on the website. ``questions`` is a text: one question a line, possible answers behind it after `|`."""
    made = add_online_activity(current_uow(), id, command)
    return reply(_activity(made), 201, version=made.version, location=f"{API}/round-activities/{made.id}")


@rest.route("/rounds/<uuid:id>/offline-activities", methods=["POST"], permission=FACILITATE)
@rest.arguments(AddOfflineActivitySchema)
@rest.response(201, RoundActivitySchema)
def create_offline_activity(command: AddOfflineActivity, id: uuid.UUID) -> Response:
    """Tell of an activity elsewhere; its contributions are entered in the activity of inbreng that comes with it."""
    made = add_offline_activity(current_uow(), id, command)
    return reply(_activity(made), 201, version=made.version, location=f"{API}/round-activities/{made.id}")


@rest.route("/round-activities/<uuid:id>", public=True)
@rest.response(200, RoundActivitySchema)
def one_round_activity(id: uuid.UUID) -> Response:
    """One activity of a round."""
    uow = current_uow()
    found = uow.session.get(RoundActivity, id)
    if found is None:
        raise NotFound
    get_round(uow, found.round_id)
    return reply(_activity(found), version=found.version)


@rest.route("/round-activities/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(UpdateOfflineActivitySchema)
@rest.response(200, RoundActivitySchema)
def replace_offline_activity(command: UpdateOfflineActivity, id: uuid.UUID) -> Response:
    """Replace what is told of an activity elsewhere; online ones are changed in inbreng."""
    found = update_offline_activity(current_uow(), id, command)
    return reply(_activity(found), version=found.version)
