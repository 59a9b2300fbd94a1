"""What people can report, over REST: the categories with their questions, in one answer with an ETag."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate
from werkzeug.http import quote_etag

from samen_core.api import FormSchema, NotFound
from samen_core.rest.api import MomentField, current_uow, reply, written
from samen_oog_oor.models import STOPS
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.permissions import DEFINE, SEE_CONFIDENTIAL
from samen_oog_oor.queries.categories import CategoryTree, CategoryView, category_tree, stamp_of_now
from samen_oog_oor.queries.suggest import LONGEST, suggest
from samen_oog_oor.rest.common import rest

FACTS = (
    *("id", "version", "parent_id", "code", "name", "name_en", "description", "promise", "icon", "term_days", "radius", "publication"),
    *("stop", "stop_text", "stop_text_en", "stop_url", "stop_phone", "organization_id", "active", "changed_at"),
    *("confirm_by_mail", "confidential"),
)


class CategoryOptionSchema(Schema):
    """An answer to choose from."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class CategoryQuestionSchema(Schema):
    """An extra question of a category."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    help = fields.String(required=True)
    required = fields.Boolean(required=True)
    options = fields.List(fields.Nested(CategoryOptionSchema), required=True)
    minimum = fields.Integer(required=True, allow_none=True)
    maximum = fields.Integer(required=True, allow_none=True)


class CategorySchema(Schema):
    """Something that people can report; those with a ``parent_id`` take signals, unless ``stop`` says where to go instead."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    code = fields.String(required=True, metadata={"description": "Also the service_code of Open311."})
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    description = fields.String(required=True)
    words = fields.List(fields.String(), required=True, metadata={"description": "Other words for it."})
    promise = fields.String(required=True)
    icon = fields.String(required=True)
    term_days = fields.Integer(required=True, metadata={"description": "Working days."})
    radius = fields.Integer(required=True, metadata={"description": "Metres within which a signal may join a case."})
    publication = fields.String(required=True, validate=validate.OneOf(PUBLICATION))
    stop = fields.String(required=True, validate=validate.OneOf(STOPS))
    stop_text = fields.String(required=True)
    stop_text_en = fields.String(required=True)
    stop_url = fields.String(required=True)
    stop_phone = fields.String(required=True)
    organization_id = fields.UUID(required=True, allow_none=True)
    confirm_by_mail = fields.Boolean(
        required=True, metadata={"description": "A signal from outside counts once its reporter confirmed it."}
    )
    confidential = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    questions = fields.List(fields.Nested(CategoryQuestionSchema), required=True)
    changed_at = MomentField(required=True)


class CategorySuggestionSchema(Schema):
    """A category that a text may be about."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    score = fields.Float(required=True, metadata={"description": "Only its order means something."})


class SuggestArgumentsSchema(FormSchema):
    """What somebody wrote."""

    text = fields.String(required=True, validate=validate.Length(1, LONGEST))


@rest.route("/categories", public=True)
@rest.response(200, CategorySchema(many=True))
def list_categories() -> Response:
    """Every category in its order, a main one before what is under it; a manager also sees those that are switched off.

    The ETag changes only when a category does.
    """
    uow = current_uow()
    tree = category_tree(uow, stamp_of_now(uow.platform))
    all, confidential = DEFINE.somewhere(uow.actor), SEE_CONFIDENTIAL.somewhere(uow.actor)
    etag = f"{tree.etag}{int(all)}{int(confidential)}"
    if request.if_none_match.contains_weak(etag):
        # Before anything is made: what is asked for most, and changes least.
        return Response(status=304, headers={"ETag": quote_etag(etag)})
    kept = tree.made.setdefault("rest", {})
    if (all, confidential) not in kept:
        kept[all, confidential] = written([category_body(row) for row in _shown(tree, all=all, confidential=confidential)])
    return reply(kept[all, confidential], etag=etag)


@rest.route("/categories/<uuid:id>", public=True)
@rest.response(200, CategorySchema)
def get_category(id: uuid.UUID) -> Response:
    """One category."""
    uow = current_uow()
    tree = category_tree(uow)
    shown = _shown(tree, all=DEFINE.somewhere(uow.actor), confidential=SEE_CONFIDENTIAL.somewhere(uow.actor))
    row = next((row for row in shown if row.id == id), None)
    if row is None:
        raise NotFound
    return reply(category_body(row), version=row.version)


@rest.route("/category-suggestions", public=True)
@rest.arguments(SuggestArgumentsSchema, location="query")
@rest.response(200, CategorySuggestionSchema(many=True))
def list_category_suggestions(arguments: dict[str, Any]) -> Response:
    """At most three categories that a text is most alike, best first; also those that stop a signal."""
    uow = current_uow()
    found = suggest(uow, arguments["text"], confidential=SEE_CONFIDENTIAL.somewhere(uow.actor))
    rows = [{"id": one.category.id, "code": one.category.code, "name": one.category.name, "score": one.score} for one in found]
    return reply(rows)


def category_body(row: CategoryView) -> dict[str, Any]:
    """A category as JSON."""
    # As they are stored: what is kept may not depend on who asked first, in which language.
    absent: dict[str, Any] = {"help": "", "options": [], "minimum": None, "maximum": None}
    names = CategoryQuestionSchema().fields
    questions = [{name: question.get(name, absent.get(name)) for name in names} for question in row.form.get("questions", ())]
    return {**{name: getattr(row, name) for name in FACTS}, "words": row.synonyms, "questions": questions}


def _shown(tree: CategoryTree, *, all: bool, confidential: bool) -> list[CategoryView]:
    """What the caller may know of, each main category before what is under it."""
    found: list[CategoryView] = []
    for main in tree.main:
        if all:
            subs = [row for row in tree.subs(main) if confidential or not (row.confidential or main.confidential)]
        else:
            subs = [row for row in tree.subs(main) if tree.is_offered(row, confidential=confidential)]
        if subs or all:
            found += [main, *subs]
    return found
