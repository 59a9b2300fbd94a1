"""The work list of answers over REST: what waits, who answers it and by when, answers for several at once."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema, UnitOfWork
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, no_content, reply, reply_page
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import NOBODY, WorkFilter, due_day, work_page
from samen_doe_mee.rest.common import rest
from samen_doe_mee.schemas.answering import AssignDuties, AssignDutiesSchema, GiveAnswers, GiveAnswersSchema
from samen_doe_mee.services import answering
from samen_inbreng.api import said

OWNERS = ("me", NOBODY)


class WorkArgumentsSchema(PageArgumentsSchema, FormSchema):
    """Which contributions of the work list."""

    plan_id = fields.UUID(load_default=None, allow_none=True)
    idea_id = fields.UUID(load_default=None, allow_none=True)
    activity_id = fields.UUID(load_default=None, allow_none=True)
    paragraph_id = fields.UUID(load_default=None, allow_none=True)
    theme_id = fields.UUID(load_default=None, allow_none=True)
    ideas = fields.Boolean(load_default=False, metadata={"description": "Those on ideas alone, also when nobody was asked to answer them."})
    owner = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(OWNERS))
    late = fields.Boolean(load_default=False)
    answered = fields.Boolean(load_default=False, metadata={"description": "Those that have an answer, instead of those that wait."})


class WorkSchema(Schema):
    """A contribution that somebody answers."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    plan_id = fields.UUID(required=True, allow_none=True)
    idea_id = fields.UUID(required=True, allow_none=True)
    activity_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    sector = fields.String(required=True)
    channel = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    at = MomentField(required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    answered = fields.Boolean(required=True)


class NumberSchema(Schema):
    """For how many contributions it was done, and the answers that it made."""

    number = fields.Integer(required=True)
    answer_ids = fields.List(fields.UUID(), required=True)


@rest.route("/work/answers", permission=ANSWER)
@rest.arguments(WorkArgumentsSchema, location="query")
@rest.listing(WorkSchema)
def list_work(arguments: dict[str, Any]) -> Response:
    """What the caller may answer, the oldest first."""
    uow = current_uow()
    owner: Any = {"me": uow.actor.account_id, NOBODY: NOBODY}.get(arguments["owner"] or "")
    names = ("plan_id", "idea_id", "activity_id", "paragraph_id", "theme_id", "late", "ideas")
    filter = WorkFilter(owner=owner, written=arguments["answered"], **{name: arguments[name] for name in names})
    page = work_page(uow, filter, arguments["page"])
    return reply_page(page, [_work(uow, row) for row in page.items], arguments["page"])


@rest.route("/work/answers", methods=["POST"], permission=ANSWER, versioned=False)
@rest.arguments(GiveAnswersSchema)
@rest.response(201, NumberSchema)
def create_answers(command: GiveAnswers) -> Response:
    """Answer several contributions at once: all of them or none. Their places are filled in."""
    given = answering.give_answers(current_uow(), command)
    return reply({"number": given.number, "answer_ids": list(given.answers)}, 201)


@rest.route("/work/answers/<uuid:id>", methods=["DELETE"], permission=ANSWER, versioned=False)
@rest.response(204)
def withdraw_answer(id: uuid.UUID) -> Response:
    """Take an answer back that was not sent yet."""
    answering.withdraw(current_uow(), id)
    return no_content()


@rest.route("/work/duties", methods=["POST"], permission=ANSWER, versioned=False)
@rest.arguments(AssignDutiesSchema)
@rest.response(200, NumberSchema)
def assign_duties(command: AssignDuties) -> Response:
    """Say who answers several contributions, and by when."""
    return reply({"number": answering.assign_duties(current_uow(), command), "answer_ids": []})


def _work(uow: UnitOfWork, row: Any) -> dict[str, Any]:
    names = ("id", "number", "plan_id", "idea_id", "activity_id", "title", "sector", "channel", "area_id", "at", "owner_id", "answered")
    return {
        **{name: getattr(row, name) for name in names},
        "text": said(row.form, row.text, row.answers),
        "due_on": due_day(uow, row),
    }
