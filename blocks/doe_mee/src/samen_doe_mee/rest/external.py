"""Results from other channels over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import MomentField, current_uow, no_content, reply, required_version
from samen_doe_mee.models import ExternalResult
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.external import (
    CHANNELS,
    AddExternalResult,
    AddExternalResultSchema,
    ChangeExternalResult,
    ChangeExternalResultSchema,
)
from samen_doe_mee.services import external
from samen_doe_mee.services.activities import visible_activity_by_id
from samen_doe_mee.services.poll_outcome import hidden_because


class ExternalCountSchema(Schema):
    """An option with its number."""

    text = fields.String(required=True)
    number = fields.Integer(required=True)


class ExternalResultSchema(Schema):
    """What came out on another channel."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    activity_id = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(tuple(CHANNELS)))
    held_on = fields.Date(required=True)
    people = fields.Integer(required=True)
    source = fields.String(required=True)
    url = fields.String(required=True)
    text = fields.String(required=True)
    counts = fields.List(fields.Nested(ExternalCountSchema), required=True)
    entered_at = MomentField(required=True)


_FACTS = tuple(ExternalResultSchema._declared_fields)


@rest.route("/activities/<uuid:id>/external-results", public=True)
@rest.response(200, ExternalResultSchema(many=True))
def list_external_results(id: uuid.UUID) -> Response:
    """What came out elsewhere, oldest first; beside a poll as soon as the caller may see its outcome."""
    uow = current_uow()
    activity = visible_activity_by_id(uow, id).activity
    hidden = activity.type == "poll" and hidden_because(uow, activity) is not None
    rows = [] if hidden else external.external_results(uow, id)
    return reply([_shown(row) for row in rows])


@rest.route("/activities/<uuid:id>/external-results", methods=["POST"], public=True)
@rest.arguments(AddExternalResultSchema)
@rest.response(201, ExternalResultSchema)
def enter_external_result(command: AddExternalResult, id: uuid.UUID) -> Response:
    """Enter a result. Who may not work at the plan gets 403."""
    row = external.add_external_result(current_uow(), id, command)
    return reply(_shown(row), 201, version=row.version, location=f"{API}/external-results/{row.id}")


@rest.route("/external-results/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(ChangeExternalResultSchema)
@rest.response(200, ExternalResultSchema)
def correct_external_result(command: ChangeExternalResult, id: uuid.UUID) -> Response:
    """Correct a result. Who may not work at the plan gets 403."""
    row = external.change_external_result(current_uow(), id, command)
    return reply(_shown(row), version=row.version)


@rest.route("/external-results/<uuid:id>", methods=["DELETE"], public=True)
@rest.response(204)
def take_external_result_away(id: uuid.UUID) -> Response:
    """Take a result away. Who may not work at the plan gets 403."""
    external.remove_external_result(current_uow(), id, required_version())
    return no_content()


def _shown(row: ExternalResult) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FACTS}
