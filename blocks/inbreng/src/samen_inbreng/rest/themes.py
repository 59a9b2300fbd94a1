"""Themes of reactions over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema, NotFound, UnitOfWork, cards
from samen_core.rest.api import RowWriter, current_uow, no_content, reply, required_version
from samen_inbreng.models import Theme
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.themes import themes_of, themes_of_contributions
from samen_inbreng.rest.common import rest
from samen_inbreng.schemas.themes import (
    AddTheme,
    AddThemeSchema,
    ChooseContributions,
    ChooseContributionsSchema,
    DeleteTheme,
    MergeTheme,
    MergeThemeSchema,
    OrderThemes,
    OrderThemesSchema,
    UpdateTheme,
    UpdateThemeSchema,
)
from samen_inbreng.services import themes as services

NAMES = ("id", "version", "title", "summary", "position", "contributions")


class ThemeSchema(Schema):
    """A theme of reactions on a subject."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    position = fields.Integer(required=True, metadata={"description": "Place in the list, from 1."})
    contributions = fields.Integer(required=True, metadata={"description": "How many published contributions are in it."})


class ChangedSchema(Schema):
    """How many contributions changed."""

    number = fields.Integer(required=True)


class SetThemesSchema(FormSchema):
    """The themes of a contribution."""

    theme_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=50))


class ThemeOfContributionSchema(Schema):
    """A theme that a contribution is in."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)


WRITER = RowWriter(ThemeSchema, *NAMES)


def seen(uow: UnitOfWork, subject_id: uuid.UUID) -> None:
    """Raise NotFound unless the caller may see this subject."""
    if subject_id not in cards(uow, [subject_id]):
        raise NotFound


@rest.route("/subjects/<uuid:id>/themes", public=True)
@rest.listing(ThemeSchema)
def list_reaction_themes(id: uuid.UUID) -> Response:
    """The themes of a subject, in order."""
    uow = current_uow()
    seen(uow, id)
    return reply(WRITER.write(themes_of(uow, id)))


@rest.route("/subjects/<uuid:id>/themes", methods=["POST"], permission=ANSWER)
@rest.arguments(AddThemeSchema)
@rest.response(201, ThemeSchema)
def add_reaction_theme(command: AddTheme, id: uuid.UUID) -> Response:
    """Add a theme at the end."""
    theme = services.add_theme(current_uow(), id, command)
    return reply(_json(theme), 201, version=theme.version, location=f"/api/v1/inbreng/themes/{theme.id}")


@rest.route("/subjects/<uuid:id>/themes/order", methods=["PUT"], permission=ANSWER)
@rest.arguments(OrderThemesSchema)
@rest.listing(ThemeSchema)
def order_reaction_themes(command: OrderThemes, id: uuid.UUID) -> Response:
    """Put the themes in another order; name all of them."""
    uow = current_uow()
    services.order_themes(uow, id, command)
    return reply(WRITER.write(themes_of(uow, id)))


@rest.route("/themes/<uuid:id>", public=True)
@rest.response(200, ThemeSchema)
def get_reaction_theme(id: uuid.UUID) -> Response:
    """One theme."""
    uow = current_uow()
    theme = uow.session.get(Theme, id)
    if theme is None:
        raise NotFound
    seen(uow, theme.subject_id)
    return reply(_json(theme), version=theme.version)


@rest.route("/themes/<uuid:id>", methods=["PUT"], permission=ANSWER)
@rest.arguments(UpdateThemeSchema)
@rest.response(200, ThemeSchema)
def replace_reaction_theme(command: UpdateTheme, id: uuid.UUID) -> Response:
    """Change the name or the summary of a theme."""
    theme = services.update_theme(current_uow(), id, command)
    return reply(_json(theme), version=theme.version)


@rest.route("/themes/<uuid:id>", methods=["DELETE"], permission=ANSWER)
@rest.response(204)
def delete_reaction_theme(id: uuid.UUID) -> Response:
    """Take an empty theme away."""
    services.delete_theme(current_uow(), id, DeleteTheme(version=required_version()))
    return no_content()


@rest.route("/themes/<uuid:id>/merge", methods=["POST"], permission=ANSWER)
@rest.arguments(MergeThemeSchema)
@rest.response(200, ThemeSchema)
def merge_reaction_theme(command: MergeTheme, id: uuid.UUID) -> Response:
    """Move the contributions and answers of a theme to another one, and take it away; the answer is the other one."""
    into = services.merge_theme(current_uow(), id, command)
    return reply(_json(into), version=into.version)


@rest.route("/themes/<uuid:id>/contributions", methods=["POST"], permission=ANSWER)
@rest.arguments(ChooseContributionsSchema)
@rest.response(200, ChangedSchema)
def put_contributions_in_theme(command: ChooseContributions, id: uuid.UUID) -> Response:
    """Put contributions in a theme, at most 1,000 at once."""
    return reply({"number": services.put_in_theme(current_uow(), id, command)})


@rest.route("/themes/<uuid:id>/contributions/remove", methods=["POST"], permission=ANSWER)
@rest.arguments(ChooseContributionsSchema)
@rest.response(200, ChangedSchema)
def take_contributions_from_theme(command: ChooseContributions, id: uuid.UUID) -> Response:
    """Take contributions out of a theme, at most 1,000 at once."""
    return reply({"number": services.take_from_theme(current_uow(), id, command)})


@rest.route("/contributions/<uuid:id>/themes", methods=["PUT"], permission=ANSWER)
@rest.arguments(SetThemesSchema)
@rest.response(200, ThemeOfContributionSchema(many=True))
def set_themes_of_contribution(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Make these the themes of a contribution."""
    uow = current_uow()
    services.set_themes(uow, id, arguments["theme_ids"])
    return reply([{"id": theme_id, "title": title} for theme_id, title in themes_of_contributions(uow, [id])[id]])


def _json(theme: Theme) -> dict[str, Any]:
    return {name: getattr(theme, name) for name in NAMES}
