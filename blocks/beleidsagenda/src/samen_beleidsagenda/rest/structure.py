"""Bodies, themes on the agenda with their portfolio holders, and goals over REST."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import PartialDate
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import BODY_KINDS, PROGRESS, STATES, Goal
from samen_beleidsagenda.permissions import DEFINE, WRITE
from samen_beleidsagenda.queries import structure
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.structure import (
    CreateGoal,
    CreateGoalSchema,
    DefineBody,
    DefineBodySchema,
    EndHolder,
    EndHolderSchema,
    NameHolder,
    NameHolderSchema,
    SetThemeProfile,
    SetThemeProfileSchema,
    UpdateBody,
    UpdateBodySchema,
    UpdateGoal,
    UpdateGoalSchema,
)
from samen_beleidsagenda.services import bodies, goals, themes
from samen_beleidsagenda.services.common import get_thing
from samen_core.api import NotFound, UnitOfWork, cards
from samen_core.rest.api import (
    MomentField,
    PageArgumentsSchema,
    current_uow,
    no_content,
    reply,
    reply_page,
    required_version,
)

GOAL_FACTS = (
    "id",
    "version",
    "theme_id",
    "title",
    "text",
    "target",
    "target_date",
    "progress",
    "document_id",
    "indicator_id",
    "position",
    "state",
    "confidential",
    "published_at",
    "changed_at",
)


class BodySchema(Schema):
    """An organisation of the city that decides or advises."""

    organization_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(BODY_KINDS))
    position = fields.Integer(required=True)
    source_url = fields.String(required=True)


class HolderSchema(Schema):
    """A post that holds a theme for a period; an empty date is open."""

    id = fields.UUID(required=True)
    theme_id = fields.UUID(required=True)
    post_id = fields.UUID(required=True)
    post = fields.String(required=True)
    start_date = fields.String(required=True, allow_none=True)
    end_date = fields.String(required=True, allow_none=True)
    now = fields.Boolean(required=True)


class AgendaThemeSchema(Schema):
    """What the agenda knows of a theme; version 0: nothing yet."""

    theme_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    position = fields.Integer(required=True)
    task_field = fields.String(required=True, metadata={"description": "A code of Iv3, the link to the budget."})
    running = fields.Integer(required=True, metadata={"description": "How many dossiers run on it."})
    holders = fields.List(fields.Nested(HolderSchema), required=True)


class GoalArgumentsSchema(PageArgumentsSchema):
    """Which goals."""

    theme_id = fields.UUID(data_key="themeId", load_default=None)


class GoalSchema(Schema):
    """What the city wants to reach on a theme."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    theme_id = fields.UUID(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    target = fields.String(required=True)
    target_date = fields.Date(required=True, allow_none=True)
    progress = fields.String(required=True, validate=validate.OneOf(PROGRESS))
    document_id = fields.UUID(required=True, allow_none=True)
    indicator_id = fields.UUID(required=True, allow_none=True)
    position = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


def _body(row: Any) -> dict[str, Any]:
    names = ("organization_id", "version", "name", "kind", "position", "source_url")
    return {**{name: getattr(row, name) for name in names}, "url": f"{base_url()}{paths.BODIES}/{row.slug}"}


def _body_answer(id: uuid.UUID, status: int = 200) -> Response:
    row = structure.body_by_id(current_uow(), id)
    if row is None:
        raise NotFound
    return reply(_body(row), status, version=row.version, location=f"{API}/bodies/{id}" if status == 201 else "")


@rest.route("/bodies", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(BodySchema)
def list_public_bodies(arguments: dict[str, Any]) -> Response:
    """Bodies in their order."""
    page = structure.list_bodies(current_uow(), arguments["page"])
    return reply_page(page, [_body(row) for row in page.items], arguments["page"])


@rest.route("/bodies", methods=["POST"], permission=DEFINE)
@rest.arguments(DefineBodySchema)
@rest.response(201, BodySchema)
def create_body(command: DefineBody) -> Response:
    """Say that an organisation is a body."""
    return _body_answer(bodies.define_body(current_uow(), command).organization_id, 201)


@rest.route("/bodies/<uuid:id>", public=True)
@rest.response(200, BodySchema)
def one_body(id: uuid.UUID) -> Response:
    """One body, by the id of its organisation."""
    return _body_answer(id)


@rest.route("/bodies/<uuid:id>", methods=["PUT"], permission=DEFINE)
@rest.arguments(UpdateBodySchema)
@rest.response(200, BodySchema)
def replace_body(command: UpdateBody, id: uuid.UUID) -> Response:
    """Replace what is known of a body."""
    bodies.update_body(current_uow(), id, command)
    return _body_answer(id)


@rest.route("/bodies/<uuid:id>", methods=["DELETE"], permission=DEFINE)
@rest.response(204)
def delete_body(id: uuid.UUID) -> Response:
    """Say that an organisation is no body after all; only while it planned and decided nothing."""
    bodies.remove_body(current_uow(), id, required_version())
    return no_content()


def _holder(held: structure.Holding) -> dict[str, Any]:
    names = ("id", "theme_id", "post_id", "post", "now")
    return {**{name: getattr(held, name) for name in names}, "start_date": _plain(held.start_date), "end_date": _plain(held.end_date)}


def _plain(value: PartialDate | None) -> str | None:
    return str(value) if value is not None else None


def _theme(row: structure.ThemeRow, held: list[structure.Holding]) -> dict[str, Any]:
    names = ("version", "name", "position", "task_field", "running")
    url = f"{base_url()}{paths.THEMES}/{row.slug}"
    return {"theme_id": row.id, **{name: getattr(row, name) for name in names}, "url": url, "holders": [_holder(one) for one in held]}


def _theme_answer(id: uuid.UUID) -> Response:
    uow = current_uow()
    row = structure.theme_by_id(uow, id)
    if row is None:
        raise NotFound
    return reply(_theme(row, structure.holdings(uow, theme_id=id)), version=row.version)


@rest.route("/themes", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(AgendaThemeSchema)
def list_agenda_themes(arguments: dict[str, Any]) -> Response:
    """The themes of the city by name, each with its place on the agenda, who holds it and who did."""
    uow = current_uow()
    page = structure.list_themes(uow, arguments["page"])
    held: dict[uuid.UUID, list[structure.Holding]] = {}
    for one in structure.holdings(uow, theme_ids=[row.id for row in page.items]):
        held.setdefault(one.theme_id, []).append(one)
    return reply_page(page, [_theme(row, held.get(row.id, [])) for row in page.items], arguments["page"])


@rest.route("/themes/<uuid:id>", public=True)
@rest.response(200, AgendaThemeSchema)
def one_agenda_theme(id: uuid.UUID) -> Response:
    """One theme on the agenda."""
    return _theme_answer(id)


@rest.route("/themes/<uuid:id>", methods=["PUT"], permission=DEFINE)
@rest.arguments(SetThemeProfileSchema)
@rest.response(200, AgendaThemeSchema)
def replace_agenda_theme(command: SetThemeProfile, id: uuid.UUID) -> Response:
    """Set the place and the task field of a theme; version 0 the first time."""
    themes.set_profile(current_uow(), id, command)
    return _theme_answer(id)


@rest.route("/themes/<uuid:id>/holders", methods=["POST"], permission=DEFINE)
@rest.arguments(NameHolderSchema)
@rest.response(200, AgendaThemeSchema)
def name_theme_holder(command: NameHolder, id: uuid.UUID) -> Response:
    """Give a theme to a post for a period."""
    themes.name_holder(current_uow(), id, command)
    return _theme_answer(id)


@rest.route("/holders/<uuid:id>/end", methods=["POST"], permission=DEFINE)
@rest.arguments(EndHolderSchema)
@rest.response(200, AgendaThemeSchema)
def end_theme_holder(command: EndHolder, id: uuid.UUID) -> Response:
    """Say until when a post holds a theme."""
    return _theme_answer(themes.end_holder(current_uow(), id, command).theme_id)


def _goals(uow: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """These goals; the paper that one stands in only where the actor may know of it. One statement."""
    known = cards(uow, [row.document_id for row in rows if row.document_id is not None])
    return [
        {
            **{name: getattr(row, name) for name in GOAL_FACTS},
            "document_id": row.document_id if row.document_id in known else None,
            "uri": f"{base_url()}/id/goal/{row.id}",
            "url": base_url() + paths.goal(row.id),
        }
        for row in rows
    ]


def _goal_answer(goal: Goal, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    return reply(_goals(uow, [goal])[0], status, version=goal.version, location=f"{API}/goals/{goal.id}" if status == 201 else "")


@rest.route("/goals", public=True)
@rest.arguments(GoalArgumentsSchema, location="query")
@rest.listing(GoalSchema)
def list_public_goals(arguments: dict[str, Any]) -> Response:
    """Goals in their order."""
    uow = current_uow()
    page = structure.list_goals(uow, arguments["theme_id"], arguments["page"])
    return reply_page(page, _goals(uow, page.items), arguments["page"])


@rest.route("/goals", methods=["POST"], permission=WRITE)
@rest.arguments(CreateGoalSchema)
@rest.response(201, GoalSchema)
def create_goal(command: CreateGoal) -> Response:
    """Add a goal to a theme, as a draft."""
    return _goal_answer(goals.create_goal(current_uow(), command), 201)


@rest.route("/goals/<uuid:id>", public=True)
@rest.response(200, GoalSchema)
def one_goal(id: uuid.UUID) -> Response:
    """One goal."""
    return _goal_answer(get_thing(current_uow(), Goal, id))


@rest.route("/goals/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(UpdateGoalSchema)
@rest.response(200, GoalSchema)
def replace_goal(command: UpdateGoal, id: uuid.UUID) -> Response:
    """Replace what is known of a goal, also how it stands."""
    return _goal_answer(goals.update_goal(current_uow(), id, command))


add_approvals(Approvals(noun="a goal", path="/goals", model=Goal, answer=GoalSchema, represent=_goal_answer, publish=goals.publish_goal))
