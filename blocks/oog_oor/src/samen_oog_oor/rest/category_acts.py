"""Setting up what people can report, over REST."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response
from marshmallow import Schema, fields

from citycontent.api import Delete
from samen_core.api import Invalid
from samen_core.rest.api import current_uow, no_content, reply, required_version
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.rest.categories import CategorySchema, category_body
from samen_oog_oor.rest.common import API, rest
from samen_oog_oor.schemas.categories import SaveCategory, SwitchOffSchema
from samen_oog_oor.schemas.category_input import (
    CategoryInputSchema,
    OrderCategories,
    OrderCategoriesSchema,
    SwitchOn,
    SwitchOnSchema,
    UpdateCategoryInputSchema,
)
from samen_oog_oor.services import categories


class DeliveredSchema(Schema):
    """How many categories were added."""

    made = fields.Integer(required=True)


@contextmanager
def _questions() -> Iterator[None]:
    """What is wrong with the stored form is wrong with the questions that were sent."""
    try:
        yield
    except Invalid as error:
        named = {name.removeprefix("form.") if name != "form" else "questions": texts for name, texts in error.errors.items()}
        raise Invalid(named) from None


def _answer(id: uuid.UUID, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    row = category_tree(uow).by_id[id]
    return reply(category_body(row), status, version=row.version, location=f"{API}/categories/{id}" if status == 201 else "")


@rest.route("/categories", methods=["POST"], permission=DEFINE)
@rest.arguments(CategoryInputSchema)
@rest.response(201, CategorySchema)
def create_category(command: SaveCategory) -> Response:
    """Add a category, the last under its main one."""
    with _questions():
        return _answer(categories.create_category(current_uow(), command).id, 201)


@rest.route("/categories/<uuid:id>", methods=["PUT"], permission=DEFINE)
@rest.arguments(UpdateCategoryInputSchema)
@rest.response(200, CategorySchema)
def replace_category(command: SaveCategory, id: uuid.UUID) -> Response:
    """Replace a category; without ``questions`` those stay."""
    with _questions():
        return _answer(categories.update_category(current_uow(), id, command).id)


@rest.route("/categories/<uuid:id>", methods=["DELETE"], permission=DEFINE)
@rest.response(204)
def delete_category(id: uuid.UUID) -> Response:
    """Take away a category that was never used; any other can be switched off."""
    categories.remove_category(current_uow(), id, required_version())
    return no_content()


@rest.route("/categories/<uuid:id>/off", methods=["POST"], permission=DEFINE)
@rest.arguments(SwitchOffSchema)
@rest.response(200, CategorySchema)
def switch_category_off(command: Delete, id: uuid.UUID) -> Response:
    """Offer a category no longer; its cases stay."""
    return _answer(categories.switch_off(current_uow(), id, command.version, command.reason).id)


@rest.route("/categories/<uuid:id>/on", methods=["POST"], permission=DEFINE)
@rest.arguments(SwitchOnSchema)
@rest.response(200, CategorySchema)
def switch_category_on(command: SwitchOn, id: uuid.UUID) -> Response:
    """Offer a category again."""
    return _answer(categories.switch_on(current_uow(), id, command.version).id)


@rest.route("/categories/order", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(OrderCategoriesSchema)
@rest.response(200, CategorySchema(many=True))
def order_categories(command: OrderCategories) -> Response:
    """Put the categories under a main one, or the main ones, in this order."""
    uow = current_uow()
    categories.order_categories(uow, command.parent_id, command.ids)
    tree = category_tree(uow)
    return reply([category_body(tree.by_id[id]) for id in command.ids])


@rest.route("/categories/delivered", methods=["POST"], permission=DEFINE, versioned=False)
@rest.response(200, DeliveredSchema)
def add_delivered_categories() -> Response:
    """Add the categories that come with the block and are not there yet; what the city changed stays."""
    return reply({"made": categories.seed_categories(current_uow())})
