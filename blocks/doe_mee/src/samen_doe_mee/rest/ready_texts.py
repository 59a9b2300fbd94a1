"""Texts that are ready for answers over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.rest.api import current_uow, no_content, reply, required_version
from samen_doe_mee.models import ReadyText
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import work_plans
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.answering import SaveReadyText, SaveReadyTextSchema
from samen_doe_mee.services import ready_texts as services


class ReadyTextSchema(Schema):
    """A text that is ready: of one plan, or of the city."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    plan_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    outcome = fields.String(required=True)


@rest.route("/ready-texts", permission=ANSWER)
@rest.response(200, ReadyTextSchema(many=True))
def list_ready_texts() -> Response:
    """The texts of the city and those of the plans that the caller answers on."""
    uow = current_uow()
    plans = [row.id for row in work_plans(uow)]
    if not plans and not ANSWER.somewhere(uow.actor):
        ANSWER.require(uow.actor)
    return reply([_values(text) for text in services.ready_texts(uow, plans)])


@rest.route("/ready-texts", methods=["POST"], permission=ANSWER)
@rest.arguments(SaveReadyTextSchema)
@rest.response(201, ReadyTextSchema)
def create_ready_text(command: SaveReadyText) -> Response:
    """Add a text."""
    return _text(services.save_ready_text(current_uow(), None, command), 201)


@rest.route("/ready-texts/<uuid:id>", permission=ANSWER)
@rest.response(200, ReadyTextSchema)
def get_ready_text(id: uuid.UUID) -> Response:
    """One text."""
    return _text(services.find_ready_text(current_uow(), id))


@rest.route("/ready-texts/<uuid:id>", methods=["PUT"], permission=ANSWER)
@rest.arguments(SaveReadyTextSchema)
@rest.response(200, ReadyTextSchema)
def replace_ready_text(command: SaveReadyText, id: uuid.UUID) -> Response:
    """Replace a text."""
    return _text(services.save_ready_text(current_uow(), id, command))


@rest.route("/ready-texts/<uuid:id>", methods=["DELETE"], permission=ANSWER)
@rest.response(204)
def delete_ready_text(id: uuid.UUID) -> Response:
    """Take a text away; answers that were written with it stay."""
    services.remove_ready_text(current_uow(), id, required_version())
    return no_content()


def _values(text: ReadyText) -> dict[str, Any]:
    return {name: getattr(text, name) for name in ReadyTextSchema._declared_fields}


def _text(text: ReadyText, status: int = 200) -> Response:
    current_uow().session.flush()
    location = f"{API}/ready-texts/{text.id}" if status == 201 else ""
    return reply(_values(text), status, version=text.version, location=location)
