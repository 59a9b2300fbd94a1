"""What came out over REST: result texts of activities, closing rounds and opening them again, and what was done in the whole city."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_platform, current_uow, reply, reply_page
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Plan, Round
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.queries.done import IDEA, ROUND, DoneFilter, Numbers, done_page, numbers_of
from samen_doe_mee.rest.common import rest
from samen_doe_mee.schemas.results import (
    ClosingTexts,
    ClosingTextsSchema,
    PublishResult,
    PublishResultSchema,
    ReopenRound,
    ReopenRoundSchema,
)
from samen_doe_mee.services import closing
from samen_doe_mee.services.activities import visible_activity_by_id
from samen_doe_mee.services.lateness import activity_days_late, result_day, round_days_late
from samen_doe_mee.services.plans import EDITORS, may_work, require_work
from samen_doe_mee.services.results import publish_result
from samen_doe_mee.services.rounds import get_round


class ResultSchema(Schema):
    """The result text of an activity."""

    activity_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    result = fields.String(required=True, metadata={"description": "Empty until it is published."})
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True, allow_none=True)
    due_on = fields.Date(required=True, metadata={"description": "The last day for it."})
    days_late = fields.Integer(required=True)


class ClosingSchema(Schema):
    """What was heard in a round and what is done with it. Before the round is closed the texts are empty for the public."""

    round_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    heard = fields.String(required=True)
    done = fields.String(required=True)
    agreed = fields.String(required=True)
    disagreed = fields.String(required=True)
    minority = fields.String(required=True)
    closed_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True, allow_none=True)
    reopened_at = MomentField(required=True, allow_none=True)
    reopened_reason = fields.String(required=True)
    result_by = fields.Date(required=True)
    days_late = fields.Integer(required=True)


class TodoSchema(Schema):
    """What an activity still lacks before its round can be closed."""

    activity_id = fields.UUID(required=True)
    title = fields.String(required=True)
    result = fields.Boolean(required=True, metadata={"description": "Whether its result text lacks."})
    unanswered = fields.Integer(required=True)
    unsent = fields.Integer(required=True, metadata={"description": "Answers that were written and wait to be sent."})


class DoneArgumentsSchema(PageArgumentsSchema, FormSchema):
    """Which part of what was done."""

    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([ROUND, IDEA]))
    area_id = fields.UUID(load_default=None, allow_none=True)
    theme_id = fields.UUID(load_default=None, allow_none=True)


class DoneSchema(Schema):
    """A closed round or an idea with an answer."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([ROUND, IDEA]))
    title = fields.String(required=True)
    plan_title = fields.String(required=True)
    url = fields.String(required=True)
    heard = fields.String(required=True)
    done = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "The status of an idea."})
    area_id = fields.UUID(required=True, allow_none=True)
    at = MomentField(required=True)
    people = fields.Integer(required=True)
    outcomes = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


@rest.route("/activities/<uuid:id>/result", public=True)
@rest.response(200, ResultSchema)
def get_result(id: uuid.UUID) -> Response:
    """What came out of an activity."""
    return _result(visible_activity_by_id(current_uow(), id).activity)


@rest.route("/activities/<uuid:id>/result", methods=["PUT"], permission=ANSWER)
@rest.arguments(PublishResultSchema)
@rest.response(200, ResultSchema)
def replace_result(command: PublishResult, id: uuid.UUID) -> Response:
    """Publish what came out of an activity that is over, or correct it."""
    return _result(publish_result(current_uow(), id, command))


@rest.route("/rounds/<uuid:id>/closing", public=True)
@rest.response(200, ClosingSchema)
def get_closing(id: uuid.UUID) -> Response:
    """What was heard in a round and what is done with it."""
    _plan, found = get_round(current_uow(), id)
    return _closing(found)


@rest.route("/rounds/<uuid:id>/lacking", permission=MAY_PLAN)
@rest.response(200, TodoSchema(many=True))
def list_lacking(id: uuid.UUID) -> Response:
    """What the activities of a round still lack before it can be closed."""
    uow = current_uow()
    plan, found = get_round(uow, id)
    require_work(uow, plan)
    todos = closing.todo_of(uow, closing.activities_of(uow, found.id))
    return reply(
        [
            {
                "activity_id": todo.activity.id,
                "title": todo.activity.title,
                "result": todo.result,
                "unanswered": todo.unanswered,
                "unsent": todo.unsent,
            }
            for todo in todos
        ]
    )


@rest.route("/rounds/<uuid:id>/closing", methods=["PUT"], permission=MAY_PLAN)
@rest.arguments(ClosingTextsSchema)
@rest.response(200, ClosingSchema)
def replace_closing(command: ClosingTexts, id: uuid.UUID) -> Response:
    """Keep the texts of a round for later; of a closed round: correct them in public."""
    uow = current_uow()
    _plan, found = get_round(uow, id)
    write = closing.save_closing if found.closed_at is None else closing.correct_closing
    return _closing(write(uow, id, command), staff=True)


@rest.route("/rounds/<uuid:id>/close", methods=["POST"], permission=MAY_PLAN)
@rest.arguments(ClosingTextsSchema)
@rest.response(200, ClosingSchema)
def close_round(command: ClosingTexts, id: uuid.UUID) -> Response:
    """Close a round with what was heard and what is done with it. The answer to what lacks names all of it."""
    return _closing(closing.close_round(current_uow(), id, command))


@rest.route("/rounds/<uuid:id>/reopen", methods=["POST"], permission=MAY_PLAN)
@rest.arguments(ReopenRoundSchema)
@rest.response(200, ClosingSchema)
def reopen_round(command: ReopenRound, id: uuid.UUID) -> Response:
    """Open a closed round again; everybody reads why."""
    return _closing(closing.reopen_round(current_uow(), id, command), staff=True)


@rest.route("/done", public=True)
@rest.arguments(DoneArgumentsSchema, location="query")
@rest.listing(DoneSchema)
def list_done(arguments: dict[str, Any]) -> Response:
    """What was done with what people said, newest first."""
    uow = current_uow()
    areas, themes = arguments["area_id"], arguments["theme_id"]
    filter = DoneFilter((areas,) if areas else None, (themes,) if themes else None, arguments["kind"])
    page = done_page(uow, filter, arguments["page"], with_count=False)
    numbers = numbers_of(uow, [row.id for row in page.items if row.kind == ROUND])
    return reply_page(page, [_done(row, numbers.get(row.id) or Numbers()) for row in page.items], arguments["page"])


def _done(row: Any, numbers: Numbers) -> dict[str, Any]:
    base = current_platform().config.web.base_url.rstrip("/")
    path = paths.idea(row.slug) if row.kind == IDEA else f"{paths.plan(row.plan_slug)}#{row.slug}"
    names = ("id", "kind", "title", "plan_title", "heard", "done", "status", "area_id", "at")
    outcomes = {outcome or "waiting": number for outcome, number in numbers.outcomes.items()}
    return {**{name: getattr(row, name) for name in names}, "url": base + path, "people": numbers.people, "outcomes": outcomes}


def _result(activity: Activity) -> Response:
    uow = current_uow()
    body = {
        "activity_id": activity.id,
        "version": activity.version,
        "result": activity.result if activity.result_at is not None else "",
        "published_at": activity.result_at,
        "changed_at": activity.result_changed_at,
        "due_on": result_day(uow, activity),
        "days_late": activity_days_late(uow, activity),
    }
    return reply(body, version=activity.version)


def _closing(found: Round, *, staff: bool = False) -> Response:
    uow = current_uow()
    shown = staff or found.closed_at is not None or _works(found)
    texts = {name: getattr(found, name) if shown else "" for name in closing.TEXTS}
    names = ("version", "closed_at", "changed_at", "reopened_at", "reopened_reason", "result_by")
    body = {"round_id": found.id, **{name: getattr(found, name) for name in names}, **texts, "days_late": round_days_late(found, uow.now)}
    return reply(body, version=found.version)


def _works(found: Round) -> bool:
    """Whether the caller may read the texts of a round that is not closed."""
    uow = current_uow()
    return may_work(uow, uow.session.get_one(Plan, found.plan_id), *EDITORS)
