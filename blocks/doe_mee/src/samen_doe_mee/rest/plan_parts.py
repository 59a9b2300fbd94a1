"""News, documents, colleagues and blueprints of plans over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import StoredFile, UnitOfWork
from samen_core.rest.api import MomentField, current_uow, no_content, reply, required_version
from samen_doe_mee.models import PLAN_ROLES, Plan, PlanNews
from samen_doe_mee.permissions import DEFINE, PLAN
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.blueprints import SaveBlueprint, SaveBlueprintSchema
from samen_doe_mee.schemas.plan_parts import (
    AddColleague,
    AddColleagueSchema,
    AddDocument,
    AddDocumentSchema,
    UpdateDocument,
    UpdateDocumentSchema,
    UpdateNews,
    UpdateNewsSchema,
    WriteNews,
    WriteNewsSchema,
)
from samen_doe_mee.services.blueprints import BlueprintView, all_blueprints, get_blueprint, save_blueprint
from samen_doe_mee.services.colleagues import add_colleague, colleagues_of, remove_colleague
from samen_doe_mee.services.plan_documents import DocumentView, add_document, documents_of, remove_document, update_document
from samen_doe_mee.services.plan_news import news_of, update_news, withdraw_news, write_news
from samen_doe_mee.services.plans import is_public, may_work, require_work, visible_plan_by_id


class PlanNewsSchema(Schema):
    """News about a plan."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    plan_id = fields.UUID(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("published", "withdrawn")))
    at = MomentField(required=True)


class PlanFileSchema(Schema):
    """A file; it is at ``/files/{id}``."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)


class PlanDocumentSchema(Schema):
    """A document of a plan: a file with those that it replaced, or a link."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    plan_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True)
    file = fields.Nested(PlanFileSchema, required=True, allow_none=True)
    earlier = fields.List(fields.Nested(PlanFileSchema), required=True)
    at = MomentField(required=True)


class PlanColleagueSchema(Schema):
    """Who works at a plan, for who works there too."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(PLAN_ROLES))


class PlanRoleSchema(Schema):
    """A role that somebody has at a plan."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    role = fields.String(required=True, validate=validate.OneOf(PLAN_ROLES))


class BlueprintSchema(Schema):
    """An example that a plan can begin with. ``version`` is 0 for one that is as it came with the block."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    summary = fields.String(required=True)
    active = fields.Boolean(required=True)
    shipped = fields.Boolean(required=True)
    content = fields.Dict(required=True, metadata={"description": "Texts, and rounds with their activities."})


_NEWS = tuple(PlanNewsSchema().dump_fields)


def _news(news: PlanNews) -> dict[str, Any]:
    return {name: getattr(news, name) for name in _NEWS}


def _file(file: StoredFile) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size}


def _document(view: DocumentView) -> dict[str, Any]:
    found = {name: getattr(view.document, name) for name in ("id", "version", "plan_id", "position", "title", "url", "at")}
    return {**found, "file": _file(view.file) if view.file else None, "earlier": [_file(file) for file in view.earlier]}


def _blueprint(one: BlueprintView) -> dict[str, Any]:
    content = {name: one.content[name] for name in ("texts", "rounds") if name in one.content}
    return {**{name: getattr(one, name) for name in ("key", "version", "name", "summary", "active", "shipped")}, "content": content}


def _readable(uow: UnitOfWork, id: uuid.UUID) -> Plan:
    """A plan of which the caller may read everything."""
    plan = visible_plan_by_id(uow, id)
    if not is_public(plan):
        require_work(uow, plan)
    return plan


@rest.route("/plans/<uuid:id>/news", public=True)
@rest.response(200, PlanNewsSchema(many=True))
def list_news(id: uuid.UUID) -> Response:
    """The news about a plan, newest first; who works at it also sees what was taken back."""
    uow = current_uow()
    plan = _readable(uow, id)
    return reply([_news(news) for news in news_of(uow, plan, all=may_work(uow, plan))])


@rest.route("/plans/<uuid:id>/news", methods=["POST"], public=True)
@rest.arguments(WriteNewsSchema)
@rest.response(201, PlanNewsSchema)
def add_news(command: WriteNews, id: uuid.UUID) -> Response:
    """Tell something about a plan, for who works at it."""
    news = write_news(current_uow(), id, command)
    return reply(_news(news), 201, version=news.version, location=f"{API}/plan-news/{news.id}")


@rest.route("/plan-news/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdateNewsSchema)
@rest.response(200, PlanNewsSchema)
def replace_news(command: UpdateNews, id: uuid.UUID) -> Response:
    """Change news, for who works at the plan."""
    news = update_news(current_uow(), id, command)
    return reply(_news(news), version=news.version)


@rest.route("/plan-news/<uuid:id>", methods=["DELETE"], public=True)
@rest.response(204)
def take_news_back(id: uuid.UUID) -> Response:
    """Take news back, for who works at the plan."""
    withdraw_news(current_uow(), id, required_version())
    return no_content()


@rest.route("/plans/<uuid:id>/documents", public=True)
@rest.response(200, PlanDocumentSchema(many=True))
def list_documents(id: uuid.UUID) -> Response:
    """The documents of a plan in order."""
    uow = current_uow()
    return reply([_document(view) for view in documents_of(uow, _readable(uow, id))])


@rest.route("/plans/<uuid:id>/documents", methods=["POST"], public=True)
@rest.arguments(AddDocumentSchema)
@rest.response(201, PlanDocumentSchema)
def create_document(command: AddDocument, id: uuid.UUID) -> Response:
    """Add a link, or a file that was sent before, for who works at the plan."""
    uow = current_uow()
    made = add_document(uow, id, command)
    return reply(_one_document(uow, made.plan_id, made.id), 201, version=made.version, location=f"{API}/plan-documents/{made.id}")


@rest.route("/plan-documents/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdateDocumentSchema)
@rest.response(200, PlanDocumentSchema)
def replace_document(command: UpdateDocument, id: uuid.UUID) -> Response:
    """Change a document, or replace its file, for who works at the plan."""
    uow = current_uow()
    found = update_document(uow, id, command)
    return reply(_one_document(uow, found.plan_id, id), version=found.version)


@rest.route("/plan-documents/<uuid:id>", methods=["DELETE"], public=True)
@rest.response(204)
def delete_document(id: uuid.UUID) -> Response:
    """Take a document away, for who works at the plan."""
    remove_document(current_uow(), id, required_version())
    return no_content()


def _one_document(uow: UnitOfWork, plan_id: uuid.UUID, id: uuid.UUID) -> dict[str, Any]:
    uow.session.flush()
    views = documents_of(uow, visible_plan_by_id(uow, plan_id))
    return next(_document(view) for view in views if view.document.id == id)


@rest.route("/plans/<uuid:id>/colleagues", public=True)
@rest.response(200, PlanColleagueSchema(many=True))
def list_colleagues(id: uuid.UUID) -> Response:
    """Who works at a plan, for who works there too."""
    uow = current_uow()
    rows = colleagues_of(uow, visible_plan_by_id(uow, id))
    return reply([{"id": row.id, "account_id": row.account_id, "name": row.name, "role": row.role} for row in rows])


@rest.route("/plans/<uuid:id>/colleagues", methods=["POST"], public=True, versioned=False)
@rest.arguments(AddColleagueSchema)
@rest.response(201, PlanRoleSchema)
def give_role(command: AddColleague, id: uuid.UUID) -> Response:
    """Give somebody a role at a plan, or another one; for who leads it."""
    made = add_colleague(current_uow(), id, command)
    return reply({"id": made.id, "account_id": made.account_id, "role": made.role}, 201)


@rest.route("/plan-colleagues/<uuid:id>", methods=["DELETE"], public=True, versioned=False)
@rest.response(204)
def take_role(id: uuid.UUID) -> Response:
    """Take somebody off a plan; one lead stays."""
    remove_colleague(current_uow(), id)
    return no_content()


@rest.route("/blueprints", permission=PLAN)
@rest.response(200, BlueprintSchema(many=True))
def list_blueprints() -> Response:
    """The examples that a plan can begin with; a manager also sees those that are switched off."""
    uow = current_uow()
    defines = DEFINE.allows(uow.actor)
    return reply([_blueprint(one) for one in all_blueprints(uow) if one.active or defines])


@rest.route("/blueprints", methods=["POST"], permission=DEFINE)
@rest.arguments(SaveBlueprintSchema)
@rest.response(201, BlueprintSchema)
def make_blueprint(command: SaveBlueprint) -> Response:
    """Make one. ``rounds`` is a text: title, days and days since the round before, one round a line with `|` between."""
    one = save_blueprint(current_uow(), None, command)
    return reply(_blueprint(one), 201, version=one.version, location=f"{API}/blueprints/{one.key}")


@rest.route("/blueprints/<key>", permission=PLAN)
@rest.response(200, BlueprintSchema)
def one_blueprint(key: str) -> Response:
    """One blueprint."""
    one = get_blueprint(current_uow(), key)
    return reply(_blueprint(one), version=one.version)


@rest.route("/blueprints/<key>", methods=["PUT"], permission=DEFINE)
@rest.arguments(SaveBlueprintSchema)
@rest.response(200, BlueprintSchema)
def replace_blueprint(command: SaveBlueprint, key: str) -> Response:
    """Change one, or switch it off."""
    one = save_blueprint(current_uow(), key, command)
    return reply(_blueprint(one), version=one.version)
