"""The gates of the city over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import current_uow, reply
from samen_samenspreker.models import STEPS
from samen_samenspreker.permissions import DEFINE_PROCESS
from samen_samenspreker.queries.definitions import city_gates
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.definitions import (
    GATE_ROLES,
    CreateGate,
    CreateGateSchema,
    PlaceGate,
    PlaceGateSchema,
    UpdateGate,
    UpdateGateSchema,
)
from samen_samenspreker.services.definitions import FIELDS, create_gate, get_gate, place_gate, update_gate

API = "/api/v1/samenspreker/gates"
_FACTS = ("id", "version", "position", *FIELDS)


class GateSchema(Schema):
    """A check of the city's own before a step may be left."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    step = fields.String(required=True, validate=validate.OneOf(STEPS[:5]))
    position = fields.Integer(required=True, metadata={"description": "Its place in the step; numbers rise, with gaps."})
    title = fields.String(required=True)
    help = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(tuple(GATE_ROLES)), metadata={"description": "Who ticks it."})
    needs_document = fields.Boolean(required=True)
    active = fields.Boolean(required=True)


def _represent(gate: Any) -> dict[str, Any]:
    return {name: getattr(gate, name) for name in _FACTS}


@rest.route("/gates", public=True)
@rest.response(200, GateSchema(many=True))
def list_gates() -> Response:
    """Every gate, in the order of the steps; those that are switched off too."""
    return reply([_represent(row) for rows in city_gates(current_uow()).values() for row in rows])


@rest.route("/gates", methods=["POST"], permission=DEFINE_PROCESS)
@rest.arguments(CreateGateSchema)
@rest.response(201, GateSchema)
def create_city_gate(command: CreateGate) -> Response:
    """Add a gate after the others of its step."""
    made = create_gate(current_uow(), command)
    return reply(_represent(made), 201, version=made.version, location=f"{API}/{made.id}")


@rest.route("/gates/<uuid:id>", public=True)
@rest.response(200, GateSchema)
def one_gate(id: uuid.UUID) -> Response:
    """One gate."""
    gate = get_gate(current_uow(), id)
    return reply(_represent(gate), version=gate.version)


@rest.route("/gates/<uuid:id>", methods=["PUT"], permission=DEFINE_PROCESS)
@rest.arguments(UpdateGateSchema)
@rest.response(200, GateSchema)
def replace_gate(command: UpdateGate, id: uuid.UUID) -> Response:
    """Change a gate, or switch it on or off."""
    gate = update_gate(current_uow(), id, command)
    return reply(_represent(gate), version=gate.version)


@rest.route("/gates/<uuid:id>/place", methods=["POST"], permission=DEFINE_PROCESS)
@rest.arguments(PlaceGateSchema)
@rest.response(200, GateSchema)
def place_city_gate(command: PlaceGate, id: uuid.UUID) -> Response:
    """Put a gate one place earlier or later in its step."""
    gate = place_gate(current_uow(), id, command)
    return reply(_represent(gate), version=gate.version)
