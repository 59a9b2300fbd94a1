"""Rounds of plans over REST. Closing one is with the results."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import UnitOfWork
from samen_core.rest.api import MomentField, current_uow, no_content, reply, required_version
from samen_doe_mee.models import Round
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.rounds import CreateRound, CreateRoundSchema, MoveRound, MoveRoundSchema, UpdateRound, UpdateRoundSchema
from samen_doe_mee.services.plans import is_public, require_work, visible_plan_by_id
from samen_doe_mee.services.rounds import create_round, get_round, is_late, move_round, remove_round, round_state, rounds_of, update_round


class PlanRoundSchema(Schema):
    """A round of a plan. What was heard and what is done with it is empty until it is closed."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    plan_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    opens_at = MomentField(required=True)
    closes_at = MomentField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("planned", "open", "waiting", "closed")))
    result_by = fields.Date(required=True, metadata={"description": "The last day for what is done with it."})
    late = fields.Boolean(required=True)
    heard = fields.String(required=True)
    done = fields.String(required=True)
    agreed = fields.String(required=True)
    disagreed = fields.String(required=True)
    minority = fields.String(required=True)
    closed_at = MomentField(required=True, allow_none=True)


_COMPUTED = ("state", "late")
_RESULT = ("heard", "done", "agreed", "disagreed", "minority")
_OWN = tuple(name for name in PlanRoundSchema().dump_fields if name not in _COMPUTED)


def round_body(uow: UnitOfWork, found: Round) -> dict[str, Any]:
    """A round as JSON. Texts that are only kept for later are nobody's to read."""
    body: dict[str, Any] = {name: getattr(found, name) for name in _OWN}
    if found.closed_at is None:
        body |= dict.fromkeys(_RESULT, "")
    return {**body, "state": round_state(found, uow.now), "late": is_late(found, uow.now)}


@rest.route("/plans/<uuid:id>/rounds", public=True)
@rest.response(200, PlanRoundSchema(many=True))
def list_rounds(id: uuid.UUID) -> Response:
    """The rounds of a plan in order."""
    uow = current_uow()
    plan = visible_plan_by_id(uow, id)
    if not is_public(plan):
        require_work(uow, plan)
    return reply([round_body(uow, found) for found in rounds_of(uow, plan.id)])


@rest.route("/plans/<uuid:id>/rounds", methods=["POST"], public=True)
@rest.arguments(CreateRoundSchema)
@rest.response(201, PlanRoundSchema)
def add_round(command: CreateRound, id: uuid.UUID) -> Response:
    """Plan a round, for who works at the plan."""
    uow = current_uow()
    made = create_round(uow, id, command)
    return reply(round_body(uow, made), 201, version=made.version, location=f"{API}/rounds/{made.id}")


@rest.route("/rounds/<uuid:id>", public=True)
@rest.response(200, PlanRoundSchema)
def one_round(id: uuid.UUID) -> Response:
    """One round."""
    uow = current_uow()
    plan, found = get_round(uow, id)
    if not is_public(plan):
        require_work(uow, plan)
    return reply(round_body(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdateRoundSchema)
@rest.response(200, PlanRoundSchema)
def replace_round(command: UpdateRound, id: uuid.UUID) -> Response:
    """Change a round, for who works at the plan; its activities stay within it."""
    uow = current_uow()
    found = update_round(uow, id, command)
    return reply(round_body(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>/move", methods=["POST"], public=True)
@rest.arguments(MoveRoundSchema)
@rest.response(200, PlanRoundSchema)
def shift_round(command: MoveRound, id: uuid.UUID) -> Response:
    """Let it change places with the round before or after it."""
    uow = current_uow()
    found = move_round(uow, id, earlier=command.to == "earlier", version=command.version)
    uow.session.flush()
    return reply(round_body(uow, found), version=found.version)


@rest.route("/rounds/<uuid:id>", methods=["DELETE"], public=True)
@rest.response(204)
def delete_round(id: uuid.UUID) -> Response:
    """Take a round without activities out of its plan."""
    remove_round(current_uow(), id, required_version())
    return no_content()
