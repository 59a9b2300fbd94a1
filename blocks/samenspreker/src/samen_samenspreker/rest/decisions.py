"""Decisions and their weighings over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import UnitOfWork, fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_uow, reply, reply_page
from samen_samenspreker.models import Decision
from samen_samenspreker.permissions import DECIDE, WRITE_DECISION
from samen_samenspreker.queries import decisions as queries
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.decisions import PublishDecision, PublishDecisionSchema, WriteDecision, WriteDecisionSchema
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.decisions import (
    decision_missing,
    get_decision,
    may_write,
    publish_decision,
    rewrite_decision,
    write_decision,
)

API = "/api/v1/samenspreker"


class DecisionItemSchema(Schema):
    """A decision of a table."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    question_id = fields.UUID(required=True)
    cycle = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["draft", "published", "superseded"]))
    organization_id = fields.UUID(required=True, allow_none=True)
    decided_by = fields.String(required=True, metadata={"description": "The body that decides, in words."})
    decided_on = fields.Date(required=True, allow_none=True)
    option_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The chosen option; empty: something else."})
    text = fields.String(required=True)
    reasons = fields.String(required=True)
    deviates = fields.Boolean(required=True)
    deviation = fields.String(required=True, metadata={"description": "Why it deviates from the advice of the table."})
    reaction = fields.String(required=True)
    supersedes_id = fields.UUID(required=True, allow_none=True)
    published_at = MomentField(required=True, allow_none=True)
    updated_at = MomentField(required=True)


class WeighingSchema(Schema):
    """How a decision weighs an option or a theme of reactions."""

    option_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    text = fields.String(required=True)


class LackSchema(Schema):
    """Something that a draft lacks."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    path = fields.String(required=True, metadata={"description": "The page where it is mended."})


class DecisionSchema(DecisionItemSchema):
    """A decision with everything that it weighs; of a draft also what it lacks."""

    weighings = fields.List(fields.Nested(WeighingSchema), required=True)
    missing = fields.List(fields.Nested(LackSchema), required=True)


_NAMES = tuple(column.key for column in Decision.__table__.columns)
_DECISIONS = RowWriter(DecisionItemSchema, *_NAMES)
_PUBLIC = queries.OF_TABLE.where(Decision.state != "draft")


def _whole(uow: UnitOfWork, decision: Decision) -> dict[str, Any]:
    missing = decision_missing(uow, get_question(uow, decision.question_id), decision) if decision.state == "draft" else []
    return {
        **{name: getattr(decision, name) for name in _NAMES},
        "weighings": [
            {"option_id": row.option_id, "theme_id": row.theme_id, "text": row.text}
            for row in queries.weighings_of(uow, [decision.id])[decision.id]
        ],
        "missing": [{"code": item.code, "text": item.text, "path": item.path} for item in missing],
    }


@rest.route("/questions/<uuid:id>/decisions", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(DecisionItemSchema)
def list_decisions(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The decisions of a table, newest first; the draft only for who writes it."""
    uow = current_uow()
    question = get_question(uow, id)
    statement = queries.OF_TABLE if may_write(uow, question) else _PUBLIC
    page = fetch_page(uow.session, statement, queries.ORDER, arguments["page"], {"question_id": question.id}, keep=True)
    return reply_page(page, _DECISIONS.write(page.items), arguments["page"])


@rest.route("/questions/<uuid:id>/decisions", methods=["POST"], permission=WRITE_DECISION)
@rest.arguments(WriteDecisionSchema)
@rest.response(201, DecisionSchema)
def create_decision(command: WriteDecision, id: uuid.UUID) -> Response:
    """Write the draft of a decision; it may be unfinished. There is one draft at a time."""
    uow = current_uow()
    made = write_decision(uow, id, command)
    return reply(_whole(uow, made), 201, version=made.version, location=f"{API}/decisions/{made.id}")


@rest.route("/decisions/<uuid:id>", public=True)
@rest.response(200, DecisionSchema)
def one_decision(id: uuid.UUID) -> Response:
    """One decision with its weighings."""
    uow = current_uow()
    _question, decision = get_decision(uow, id)
    return reply(_whole(uow, decision), version=decision.version)


@rest.route("/decisions/<uuid:id>", methods=["PUT"], permission=WRITE_DECISION)
@rest.arguments(WriteDecisionSchema)
@rest.response(200, DecisionSchema)
def replace_decision(command: WriteDecision, id: uuid.UUID) -> Response:
    """Write the draft anew; a weighing that is not named stays. A published decision is never changed (410)."""
    uow = current_uow()
    decision = rewrite_decision(uow, id, command)
    return reply(_whole(uow, decision), version=decision.version)


@rest.route("/decisions/<uuid:id>/publish", methods=["POST"], permission=DECIDE)
@rest.arguments(PublishDecisionSchema)
@rest.response(200, DecisionSchema)
def issue_decision(command: PublishDecision, id: uuid.UUID) -> Response:
    """Publish a draft, once; 400 names everything that is missing."""
    uow = current_uow()
    decision = publish_decision(uow, id, command)
    return reply(_whole(uow, decision), version=decision.version)
