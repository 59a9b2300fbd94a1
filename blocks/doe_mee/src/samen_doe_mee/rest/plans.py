"""Plans over REST. Who works at a plan may act on it, by the right to make plans or as a colleague of that plan."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import area_tree
from samen_core.api import UnitOfWork
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_uow, reply, reply_page
from samen_doe_mee.models import LEVELS, PLAN_FORMS, PLAN_STATES, Plan
from samen_doe_mee.permissions import PLAN
from samen_doe_mee.plan_steps import CONTACT_FIELDS, PLAN_FIELDS, PROPOSAL_FIELDS
from samen_doe_mee.queries.plans import CARD, STANDING, PlanFilter, list_desk_plans, list_plans
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.plan_parts import (
    CreatePlanSchema,
    DuplicatePlan,
    DuplicatePlanSchema,
    PlanVersionSchema,
    TiePlan,
    TiePlanSchema,
    WithdrawPlanSchema,
)
from samen_doe_mee.schemas.plan_steps import UpdatePlanSchema
from samen_doe_mee.schemas.plans import CreatePlan, PlanVersion, UpdatePlan, WithdrawPlan
from samen_doe_mee.services.plan_copies import duplicate_plan
from samen_doe_mee.services.plan_publishing import finish_plan, lacking, publish_plan, withdraw_plan
from samen_doe_mee.services.plan_texts import update_plan
from samen_doe_mee.services.plan_ties import tie_plan
from samen_doe_mee.services.plans import create_plan, is_public, may_work, plan_values, require_work, visible_plan_by_id


class PlanItemSchema(Schema):
    """A plan in a list."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PLAN_STATES))
    form = fields.String(required=True, validate=validate.OneOf(PLAN_FORMS))
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    title = fields.String(required=True)
    summary = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    opens_at = MomentField(required=True, allow_none=True, metadata={"description": "The begin of its first round."})
    closes_at = MomentField(required=True, allow_none=True, metadata={"description": "The end of its last round."})
    published_at = MomentField(required=True, allow_none=True)
    created_at = MomentField(required=True)


class PlanContactSchema(Schema):
    """Whom people can ask."""

    name = fields.String()
    email = fields.String()
    phone = fields.String()
    hours = fields.String()


class PlanSchema(PlanItemSchema):
    """A plan. Of one that was withdrawn everybody reads no more than that, and why."""

    version = fields.Integer(required=True)
    project_id = fields.UUID(required=True)
    organization_id = fields.UUID(required=True, allow_none=True)
    about = fields.String(required=True)
    fixed = fields.String(required=True, metadata={"description": "What stands."})
    open = fields.String(required=True, metadata={"description": "What can still change."})
    proposal = fields.Dict(required=True, metadata={"description": "The other parts A to F of the process proposal."})
    objection_text = fields.String(required=True)
    objection_url = fields.String(required=True)
    decided_by = fields.String(required=True)
    contact = fields.Nested(PlanContactSchema, required=True)
    question_id = fields.UUID(required=True, allow_none=True)
    came_from_id = fields.UUID(required=True, allow_none=True)
    finished_at = MomentField(required=True, allow_none=True)
    withdrawn_at = MomentField(required=True, allow_none=True)
    withdrawn_reason = fields.String(required=True)


class PlanLackSchema(Schema):
    """Something that publication asks and that is not there."""

    field = fields.String(required=True)
    step = fields.String(required=True)
    text = fields.String(required=True)


class PlanArgumentsSchema(PageArgumentsSchema):
    """Which plans."""

    standing = fields.String(load_default="running", validate=validate.OneOf(tuple(STANDING)))
    area_id = fields.UUID(metadata={"description": "Also the areas inside it."})
    theme_id = fields.UUID()
    level = fields.String(validate=validate.OneOf(LEVELS))
    form = fields.String(validate=validate.OneOf(PLAN_FORMS))
    project_id = fields.UUID()


class DeskPlanArgumentsSchema(PageArgumentsSchema):
    """Which plans of one's own desk."""

    state = fields.String(validate=validate.OneOf(PLAN_STATES))


_ROWS = RowWriter(PlanItemSchema, *(column.name for column in CARD))
_OWN = tuple(name for name in PlanSchema().dump_fields if name != "contact")
_TOLD = ("id", "slug", "state", "title", "version", "project_id", "withdrawn_at", "withdrawn_reason", "published_at", "created_at")


def plan_body(uow: UnitOfWork, plan: Plan) -> dict[str, Any]:
    """A plan as JSON, for this actor."""
    body: dict[str, Any] = {name: getattr(plan, name) for name in _OWN}
    body["contact"] = dict(plan.contact)
    if not is_public(plan) and not may_work(uow, plan):
        blank: dict[str, Any] = {"form": plan.form, "level": plan.level, "contact": {}, "proposal": {}}
        texts = ("summary", "about", "fixed", "open", "objection_text", "objection_url", "decided_by")
        return {**dict.fromkeys(_OWN), **blank, **dict.fromkeys(texts, ""), **{name: body[name] for name in _TOLD}}
    return body


@rest.route("/plans", public=True)
@rest.arguments(PlanArgumentsSchema, location="query")
@rest.listing(PlanItemSchema)
def list_public_plans(arguments: dict[str, Any]) -> Response:
    """The plans that run, come, or are over."""
    uow = current_uow()
    area_id, theme_id = arguments.get("area_id"), arguments.get("theme_id")
    which = PlanFilter(
        standing=arguments["standing"],
        area_ids=tuple(area_tree(uow).within(area_id)) if area_id else None,
        theme_ids=(theme_id,) if theme_id else None,
        level=arguments.get("level"),
        form=arguments.get("form"),
        project_id=arguments.get("project_id"),
    )
    page = list_plans(uow, which, arguments["page"], with_count=False)
    return reply_page(page, _ROWS.write(page.items), arguments["page"])


@rest.route("/desk/plans", permission=PLAN)
@rest.arguments(DeskPlanArgumentsSchema, location="query")
@rest.listing(PlanItemSchema)
def list_own_plans(arguments: dict[str, Any]) -> Response:
    """The plans that the caller may work at, drafts among them."""
    uow = current_uow()
    state = arguments.get("state")
    page = list_desk_plans(uow, PlanFilter(states=(state,) if state else None), arguments["page"])
    return reply_page(page, _ROWS.write(page.items), arguments["page"])


@rest.route("/plans", methods=["POST"], permission=PLAN)
@rest.arguments(CreatePlanSchema)
@rest.response(201, PlanSchema)
def begin_plan(command: CreatePlan) -> Response:
    """Begin a plan, as a draft. Without ``project_id`` a project of the city is made for it."""
    uow = current_uow()
    return _made(uow, create_plan(uow, command))


@rest.route("/plans/<uuid:id>", public=True)
@rest.response(200, PlanSchema)
def get_plan(id: uuid.UUID) -> Response:
    """One plan; a draft for who works at it."""
    uow = current_uow()
    return _whole(uow, visible_plan_by_id(uow, id))


@rest.route("/plans/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdatePlanSchema)
@rest.response(200, PlanSchema)
def replace_plan(command: UpdatePlan, id: uuid.UUID) -> Response:
    """Replace all that a plan says. Who may not work at it gets 403."""
    uow = current_uow()
    return _whole(uow, update_plan(uow, id, command))


@rest.route("/plans/<uuid:id>/texts", public=True)
def get_plan_texts(id: uuid.UUID) -> Response:
    """What a plan says, by the names that PUT takes."""
    uow = current_uow()
    plan = visible_plan_by_id(uow, id)
    if not is_public(plan):
        require_work(uow, plan)
    values = plan_values(plan)
    names = (*PLAN_FIELDS, *PROPOSAL_FIELDS, *CONTACT_FIELDS)
    return reply({name: values[name] for name in names if name in values}, version=plan.version)


@rest.route("/plans/<uuid:id>/lacking", public=True)
@rest.response(200, PlanLackSchema(many=True))
def list_lacking(id: uuid.UUID) -> Response:
    """What a plan still needs before publication, for who works at it."""
    uow = current_uow()
    plan = visible_plan_by_id(uow, id)
    require_work(uow, plan)
    return reply([{"field": lack.field, "step": lack.step, "text": lack.text} for lack in lacking(uow, plan)])


@rest.route("/plans/<uuid:id>/publish", methods=["POST"], public=True)
@rest.arguments(PlanVersionSchema)
@rest.response(200, PlanSchema)
def publish(command: PlanVersion, id: uuid.UUID) -> Response:
    """Let everybody see it; what lacks is told at once."""
    uow = current_uow()
    return _whole(uow, publish_plan(uow, id, command))


@rest.route("/plans/<uuid:id>/finish", methods=["POST"], public=True)
@rest.arguments(PlanVersionSchema)
@rest.response(200, PlanSchema)
def finish(command: PlanVersion, id: uuid.UUID) -> Response:
    """End a plan whose rounds are all closed with a result."""
    uow = current_uow()
    return _whole(uow, finish_plan(uow, id, command))


@rest.route("/plans/<uuid:id>/withdraw", methods=["POST"], public=True)
@rest.arguments(WithdrawPlanSchema)
@rest.response(200, PlanSchema)
def withdraw(command: WithdrawPlan, id: uuid.UUID) -> Response:
    """Take it back, for a public reason."""
    uow = current_uow()
    return _whole(uow, withdraw_plan(uow, id, command))


@rest.route("/plans/<uuid:id>/copies", methods=["POST"], permission=PLAN)
@rest.arguments(DuplicatePlanSchema)
@rest.response(201, PlanSchema)
def copy_plan(command: DuplicatePlan, id: uuid.UUID) -> Response:
    """Begin a plan with the texts, rounds and activities of this one; nothing of people goes along."""
    uow = current_uow()
    return _made(uow, duplicate_plan(uow, id, command))


@rest.route("/plans/<uuid:id>/ties", methods=["PUT"], public=True)
@rest.arguments(TiePlanSchema)
@rest.response(200, PlanSchema)
def tie(command: TiePlan, id: uuid.UUID) -> Response:
    """Tie it to a project of the city, to the idea it came from, to a question."""
    uow = current_uow()
    return _whole(uow, tie_plan(uow, id, command))


def _whole(uow: UnitOfWork, plan: Plan) -> Response:
    uow.session.flush()
    return reply(plan_body(uow, plan), version=plan.version)


def _made(uow: UnitOfWork, plan: Plan) -> Response:
    uow.session.flush()
    return reply(plan_body(uow, plan), 201, version=plan.version, location=f"{API}/plans/{plan.id}")
