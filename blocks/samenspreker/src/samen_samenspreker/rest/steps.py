"""Steps, what they ask, and the checks of the city over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_platform, current_uow, no_content, reply, reply_page
from samen_samenspreker.models import STEPS, Question
from samen_samenspreker.permissions import FACILITATE, MOVE
from samen_samenspreker.queries.gates import load_facts
from samen_samenspreker.queries.moves import move_page
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.steps import (
    FollowUp,
    FollowUpSchema,
    MoveQuestion,
    MoveQuestionSchema,
    TickGate,
    TickGateSchema,
    UntickGate,
    UntickGateSchema,
)
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.gates import FORWARD, lacking, missing, needs
from samen_samenspreker.services.steps import follow_up, move
from samen_samenspreker.services.ticks import tick, untick

API = "/api/v1/samenspreker"


class MoveSchema(Schema):
    """A question went from one step to another."""

    id = fields.UUID(required=True)
    from_step = fields.String(required=True, validate=validate.OneOf(STEPS))
    to_step = fields.String(required=True, validate=validate.OneOf(STEPS))
    cycle = fields.Integer(required=True, metadata={"description": "The cycle that the move leads into, from 1."})
    reason = fields.String(required=True)
    at = MomentField(required=True)


class StepSchema(Schema):
    """Where a question stands."""

    question_id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"description": "Of the question; the next move names it."})
    step = fields.String(required=True, validate=validate.OneOf(STEPS))
    cycle = fields.Integer(required=True)
    step_since = MomentField(required=True)


class MissingSchema(Schema):
    """Something that is not there yet, and the page where it is entered."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    url = fields.String(required=True)


class StepArgumentsSchema(FormSchema):
    """Which step."""

    to_step = fields.String(
        data_key="toStep", load_default="", validate=validate.OneOf(("", *STEPS)), metadata={"description": "Empty: the next step."}
    )


class TickSchema(Schema):
    """A check of the city for one table."""

    gate_id = fields.UUID(required=True)
    step = fields.String(required=True, validate=validate.OneOf(STEPS))
    title = fields.String(required=True)
    help = fields.String(required=True)
    role = fields.String(required=True, metadata={"description": "Who may tick it."})
    needs_document = fields.Boolean(required=True)
    ticked_at = MomentField(required=True, allow_none=True)
    note = fields.String(required=True)
    file_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The document: /files/{id}."})


class FollowingSchema(Schema):
    """A question that follows from another."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    follows_id = fields.UUID(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)


_MOVES = RowWriter(MoveSchema, "id", "from_step", "to_step", "cycle", "reason", "at")


@rest.route("/questions/<uuid:id>/moves", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(MoveSchema)
def list_moves(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """How a question went through the steps, oldest first."""
    uow = current_uow()
    page = move_page(uow, get_question(uow, id).id, arguments["page"])
    return reply_page(page, _MOVES.write(page.items), arguments["page"])


@rest.route("/questions/<uuid:id>/moves", methods=["POST"], permission=MOVE)
@rest.arguments(MoveQuestionSchema)
@rest.response(201, StepSchema)
def create_move(command: MoveQuestion, id: uuid.UUID) -> Response:
    """Bring a question to another step. 400 names everything that is missing."""
    question = move(current_uow(), id, command)
    return reply(_step(question), 201, version=question.version, location=f"{API}/questions/{id}/moves")


def _step(question: Question) -> dict[str, Any]:
    return {
        "question_id": question.id,
        "version": question.version,
        "step": question.step,
        "cycle": question.cycle,
        "step_since": question.step_since,
    }


@rest.route("/questions/<uuid:id>/missing", public=True)
@rest.arguments(StepArgumentsSchema, location="query")
@rest.response(200, MissingSchema(many=True))
def list_missing(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """What keeps a question from going forward; empty when nothing does."""
    uow = current_uow()
    question = get_question(uow, id)
    to_step = arguments["to_step"]
    found = missing(uow, question, to_step) if to_step else lacking(needs(uow, question))
    base = current_platform().config.web.base_url.rstrip("/")
    return reply([{"code": item.code, "text": str(item.text), "url": base + item.path} for item in found])


@rest.route("/questions/<uuid:id>/ticks", public=True)
@rest.response(200, TickSchema(many=True))
def list_ticks(id: uuid.UUID) -> Response:
    """The checks of the city for the step that a question is in, in this cycle."""
    uow = current_uow()
    question = get_question(uow, id)
    gates = load_facts(uow, [question])[question.id].gates if question.step in FORWARD else []
    names = ("step", "title", "help", "role", "needs_document", "ticked_at", "note", "file_id")
    return reply([{"gate_id": gate.id, **{name: getattr(gate, name) for name in names}} for gate in gates])


@rest.route("/questions/<uuid:id>/ticks/<uuid:gate_id>", methods=["POST"], permission=MOVE)
@rest.arguments(TickGateSchema)
@rest.response(204)
def create_tick(command: TickGate, id: uuid.UUID, gate_id: uuid.UUID) -> Response:
    """Say that a check was done."""
    tick(current_uow(), id, gate_id, command)
    return no_content()


@rest.route("/questions/<uuid:id>/ticks/<uuid:gate_id>/withdrawal", methods=["POST"], permission=MOVE)
@rest.arguments(UntickGateSchema)
@rest.response(204)
def withdraw_tick(command: UntickGate, id: uuid.UUID, gate_id: uuid.UUID) -> Response:
    """Take a tick back, for a public reason."""
    untick(current_uow(), id, gate_id, command)
    return no_content()


@rest.route("/questions/<uuid:id>/following", methods=["POST"], permission=FACILITATE)
@rest.arguments(FollowUpSchema)
@rest.response(201, FollowingSchema)
def create_following(command: FollowUp, id: uuid.UUID) -> Response:
    """Put a question that follows from this one; area, theme, project and sectors come along."""
    made = follow_up(current_uow(), id, command).question
    body = {name: getattr(made, name) for name in ("id", "version", "follows_id", "title", "state")}
    return reply(body, 201, version=made.version, location=f"{API}/questions/{made.id}")
