"""Actions and the news of them over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_uow, reply, reply_page
from samen_samenspreker.models import ACTION_STATES, Action
from samen_samenspreker.permissions import FACILITATE, UPDATE_ACTION
from samen_samenspreker.progress import tree
from samen_samenspreker.queries.actions import action_page, actions_of, update_page
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.actions import (
    AddAction,
    AddActionSchema,
    EditAction,
    EditActionSchema,
    UpdateAction,
    UpdateActionSchema,
)
from samen_samenspreker.services.actions import add_action, edit_action, find_action, update_action
from samen_samenspreker.services.common import get_question, today

API = "/api/v1/samenspreker"


class ActionItemSchema(Schema):
    """An action of a table, or a part of one."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    cycle = fields.Integer(required=True)
    decision_id = fields.UUID(required=True, allow_none=True)
    parent_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The action that it is part of."})
    title = fields.String(required=True)
    description = fields.String(required=True)
    organization_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True, allow_none=True)
    first_due_on = fields.Date(required=True, metadata={"description": "The date that was promised first."})
    due_on = fields.Date(required=True)
    budget = fields.Integer(required=True, allow_none=True, metadata={"description": "In whole euros."})
    state = fields.String(required=True, validate=validate.OneOf(ACTION_STATES))
    progress = fields.Integer(required=True, metadata={"description": "In percent, as it was told of the action itself."})
    weight = fields.Integer(required=True, metadata={"description": "How much it counts beside the others."})
    position = fields.Integer(required=True)
    finished_on = fields.Date(required=True, allow_none=True)


class ActionSchema(ActionItemSchema):
    """An action with what follows from its parts and its date."""

    total_progress = fields.Integer(required=True, metadata={"description": "In percent; with parts their mean, each by its weight."})
    days_late = fields.Integer(required=True, metadata={"description": "0 when it is finished or there is time."})


class ActionUpdateSchema(Schema):
    """News of an action."""

    id = fields.UUID(required=True)
    action_id = fields.UUID(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(ACTION_STATES))
    progress = fields.Integer(required=True)
    due_before = fields.Date(required=True, allow_none=True, metadata={"description": "When the date moved: the one before."})
    due_after = fields.Date(required=True, allow_none=True)
    at = MomentField(required=True)


_NAMES = (
    "id",
    "version",
    "cycle",
    "decision_id",
    "parent_id",
    "title",
    "description",
    "organization_id",
    "starts_on",
    "first_due_on",
    "due_on",
    "budget",
    "state",
    "progress",
    "weight",
    "position",
    "finished_on",
)
_ACTIONS = RowWriter(ActionItemSchema, *_NAMES)
_UPDATES = RowWriter(ActionUpdateSchema, "id", "action_id", "text", "state", "progress", "due_before", "due_after", "at")


def _whole(action: Action) -> dict[str, Any]:
    uow = current_uow()
    tops = tree(actions_of(uow, action.question_id))
    node = next(found for top in tops for found in (top, *top.parts) if found.row.id == action.id)
    facts = {name: getattr(action, name) for name in _NAMES}
    return {**facts, "total_progress": node.progress, "days_late": node.days_late(today(uow))}


@rest.route("/questions/<uuid:id>/actions", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ActionItemSchema)
def list_actions(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The actions of a table and their parts, in order."""
    uow = current_uow()
    page = action_page(uow, get_question(uow, id).id, arguments["page"])
    return reply_page(page, _ACTIONS.write(page.items), arguments["page"])


@rest.route("/questions/<uuid:id>/actions", methods=["POST"], permission=FACILITATE)
@rest.arguments(AddActionSchema)
@rest.response(201, ActionSchema)
def create_action(command: AddAction, id: uuid.UUID) -> Response:
    """Put an action on the list of a table, or a part of one."""
    made = add_action(current_uow(), id, command)
    return reply(_whole(made), 201, version=made.version, location=f"{API}/actions/{made.id}")


@rest.route("/actions/<uuid:id>", public=True)
@rest.response(200, ActionSchema)
def get_action(id: uuid.UUID) -> Response:
    """One action."""
    _question, action = find_action(current_uow(), id)
    return reply(_whole(action), version=action.version)


@rest.route("/actions/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(EditActionSchema)
@rest.response(200, ActionSchema)
def replace_action(command: EditAction, id: uuid.UUID) -> Response:
    """Change what an action is; how far it is goes by an update."""
    action = edit_action(current_uow(), id, command)
    return reply(_whole(action), version=action.version)


@rest.route("/actions/<uuid:id>/updates", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ActionUpdateSchema)
def list_action_updates(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The news of an action, newest first."""
    uow = current_uow()
    _question, action = find_action(uow, id)
    page = update_page(uow, action.id, arguments["page"])
    return reply_page(page, _UPDATES.write(page.items), arguments["page"])


@rest.route("/actions/<uuid:id>/updates", methods=["POST"], permission=UPDATE_ACTION)
@rest.arguments(UpdateActionSchema)
@rest.response(201, ActionSchema)
def create_action_update(command: UpdateAction, id: uuid.UUID) -> Response:
    """Tell how an action goes: who facilitates the table, or may act for the organisation that does it."""
    action = update_action(current_uow(), id, command)
    return reply(_whole(action), 201, version=action.version, location=f"{API}/actions/{id}/updates")
