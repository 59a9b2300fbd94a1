"""Questionnaires over REST: filling in, results, and the filled-in ones for staff."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS
from samen_core.api import NotFound, UnitOfWork
from samen_core.rest.api import PageArgumentsSchema, current_uow, limit_visitor, reply, reply_page
from samen_inbreng.models import CHANNELS, Activity
from samen_inbreng.models import Response as Filled
from samen_inbreng.permissions import ANSWER, CONTRIBUTE, ENTER
from samen_inbreng.queries.questionnaires import responses
from samen_inbreng.rest.common import rest
from samen_inbreng.schemas.questionnaires import EnterResponseSchema, GiveResponse, GiveResponseSchema, HowItCame
from samen_inbreng.services.common import get_activity, require
from samen_inbreng.services.questionnaires import enter_response, give_response, require_enough, results

MOST, HOUR = 30, 60 * 60


class ReceivedSchema(Schema):
    """A filled-in questionnaire was received; it cannot be looked up again, since it is kept apart from who sent it."""

    activity_id = fields.UUID(required=True)
    received_on = fields.Date(required=True)


class ResponseSchema(Schema):
    """A filled-in questionnaire, for staff."""

    id = fields.UUID(required=True)
    received_on = fields.Date(required=True)
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    answers = fields.Dict(keys=fields.String(), required=True)


class BarSchema(Schema):
    """How often an answer was given."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    number = fields.Integer(required=True)
    share = fields.Integer(required=True, metadata={"description": "In percent of those who answered the question."})


class QuestionResultSchema(Schema):
    """What was answered to one question."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True)
    answered = fields.Integer(required=True)
    too_few = fields.Boolean(required=True)
    bars = fields.List(fields.Nested(BarSchema), required=True)
    average = fields.Float(allow_none=True)


class ResultsSchema(Schema):
    """The counted answers; ``questions`` is empty until the questionnaire is closed, and with fewer than five responses."""

    total = fields.Integer(required=True)
    why = fields.String(allow_none=True, metadata={"description": "Why there are no results to see."})
    questions = fields.List(fields.Nested(QuestionResultSchema), required=True)


@rest.route("/activities/<uuid:id>/responses", methods=["POST"], permission=CONTRIBUTE)
@rest.arguments(GiveResponseSchema)
@rest.response(201, ReceivedSchema)
def give_questionnaire_response(command: GiveResponse, id: uuid.UUID) -> Response:
    """Fill in a questionnaire; an account does so once."""
    limit_visitor("inbreng_response", MOST, HOUR)
    return _received(give_response(current_uow(), id, command))


@rest.route("/activities/<uuid:id>/responses/enter", methods=["POST"], permission=ENTER)
@rest.arguments(EnterResponseSchema)
@rest.response(201, ReceivedSchema)
def enter_questionnaire_response(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Enter a questionnaire that came on paper."""
    how = HowItCame(channel=arguments["channel"], sector=arguments["sector"], on=arguments["received_on"])
    return _received(enter_response(current_uow(), id, arguments["answers"], how))


@rest.route("/activities/<uuid:id>/responses", permission=ANSWER)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ResponseSchema)
def list_questionnaire_responses(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The filled-in questionnaires, in random order, for who answers contributions; 403 with fewer than five."""
    uow = current_uow()
    activity = _questionnaire(uow, id)
    require(uow, ANSWER, activity)
    require_enough(uow, activity)
    page = responses(uow, id, arguments["page"])
    items = [
        {"id": row.id, "received_on": row.on, "sector": row.sector, "channel": row.channel, "answers": row.answers} for row in page.items
    ]
    return reply_page(page, items, arguments["page"])


@rest.route("/activities/<uuid:id>/results", public=True)
@rest.response(200, ResultsSchema)
def get_questionnaire_results(id: uuid.UUID) -> Response:
    """The counted answers to a questionnaire."""
    uow = current_uow()
    found = results(uow, _questionnaire(uow, id))
    return reply({"total": found.total, "why": found.why, "questions": [asdict(question) for question in found.questions]})


def _questionnaire(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    activity = get_activity(uow, id)
    if activity.kind != "questionnaire":
        raise NotFound
    return activity


def _received(filled: Filled) -> Response:
    return reply({"activity_id": filled.activity_id, "received_on": filled.on}, 201)
