"""Answers to contributions over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import NotFound, UnitOfWork
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page
from samen_inbreng.models import OUTCOMES
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.answers import answer_by_id, answers_on, targets_of
from samen_inbreng.rest.common import rest
from samen_inbreng.rest.themes import seen
from samen_inbreng.schemas.answers import WriteAnswer, WriteAnswerSchema
from samen_inbreng.services import answers as services

NAMES = ("id", "subject_id", "theme_id", "outcome", "reason", "by_organization_id", "send_at")


class AnswerItemSchema(Schema):
    """An answer: what became of contributions, and why."""

    id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    theme_id = fields.UUID(allow_none=True, metadata={"description": "The theme that was answered as a whole."})
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reason = fields.String(required=True)
    by_organization_id = fields.UUID(allow_none=True, metadata={"description": "Who answers; nothing is the municipality."})
    send_at = MomentField(required=True, metadata={"description": "From when everybody can read it."})
    state = fields.String(required=True, validate=validate.OneOf(("pending", "sent", "withdrawn")))
    contributions = fields.Integer(required=True, metadata={"description": "How many contributions it is for."})


class AnswerSchema(AnswerItemSchema):
    """An answer with the contributions that it is for."""

    contribution_ids = fields.List(fields.UUID(), required=True, metadata={"description": "The first 1,000."})


class AnswerArgumentsSchema(PageArgumentsSchema):
    """Which answers."""

    state = fields.String(
        load_default="sent",
        validate=validate.OneOf(("sent", "pending")),
        metadata={"description": "`pending` is for who answers contributions."},
    )


@rest.route("/subjects/<uuid:id>/answers", public=True)
@rest.arguments(AnswerArgumentsSchema, location="query")
@rest.listing(AnswerItemSchema)
def list_answers(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The answers on a subject: those that were sent, newest first, or those that wait to be sent."""
    uow = current_uow()
    seen(uow, id)
    waiting = arguments["state"] == "pending"
    if waiting:
        ANSWER.require(uow.actor, id)
    page = answers_on(uow, id, arguments["page"], waiting=waiting)
    return reply_page(page, [_item(uow, row) for row in page.items], arguments["page"])


@rest.route("/subjects/<uuid:id>/answers", methods=["POST"], permission=ANSWER)
@rest.arguments(WriteAnswerSchema)
@rest.response(201, AnswerSchema)
def give_answer(command: WriteAnswer, id: uuid.UUID) -> Response:
    """Answer contributions, or all of a theme that need an answer. It is sent after the minutes of the setting (10)."""
    uow = current_uow()
    written = services.write_answer(uow, id, command)
    return reply(_one(uow, written.answer.id), 201, location=f"/api/v1/inbreng/answers/{written.answer.id}")


@rest.route("/answers/<uuid:id>", public=True)
@rest.response(200, AnswerSchema)
def get_answer(id: uuid.UUID) -> Response:
    """One answer; before it is sent, only for who answers contributions."""
    return reply(_one(current_uow(), id))


@rest.route("/answers/<uuid:id>/withdraw", methods=["POST"], permission=ANSWER)
@rest.response(200, AnswerSchema)
def take_answer_back(id: uuid.UUID) -> Response:
    """Take an answer back before it is sent; 409 when it is too late."""
    uow = current_uow()
    services.withdraw_answer(uow, id)
    return reply(_one(uow, id))


def _one(uow: UnitOfWork, id: uuid.UUID) -> dict[str, Any]:
    row = answer_by_id(uow, id)
    if row is None:
        raise NotFound
    item = _item(uow, row)
    if item["state"] == "sent":
        seen(uow, row.subject_id)
    elif not ANSWER.allows(uow.actor, row.subject_id):
        raise NotFound
    return {**item, "contribution_ids": targets_of(uow, id)}


def _item(uow: UnitOfWork, row: Any) -> dict[str, Any]:
    state = "withdrawn" if row.withdrawn_at else "sent" if row.send_at <= uow.now else "pending"
    return {**{name: getattr(row, name) for name in NAMES}, "state": state, "contributions": row.number}
