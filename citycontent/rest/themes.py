"""Themes over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from citycontent.permissions import EDIT_THEME
from citycontent.queries import themes as queries
from citycontent.rest.answers import ThemeItemSchema, ThemeSchema
from citycontent.rest.common import Json, Writes, add_writes, addresses, existing, pick
from citycontent.schemas import CreateTheme, CreateThemeSchema, UpdateThemeSchema
from citycontent.services.themes import FIELDS, create_theme, delete_theme, update_theme
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply, reply_page

TYPE = "theme"
resource = RestBlueprint("themes", __name__, "Subject matters (skos:Concept).")
_ITEM = ("id", "version", *FIELDS, "updated_at")


@resource.route("/themes", public=True)
@resource.arguments(PageArgumentsSchema, location="query")
@resource.listing(ThemeItemSchema)
def list_themes(arguments: dict[str, Any]) -> Response:
    """Themes by name."""
    page = queries.list_themes(current_uow(), "", arguments["page"], with_count=False)
    return reply_page(page, [{**pick(row, _ITEM), **addresses(TYPE, row)} for row in page.items], arguments["page"])


@resource.route("/themes/<uuid:id>", public=True)
@resource.response(200, ThemeSchema)
def get_theme(id: uuid.UUID) -> Response:
    """One theme."""
    row = existing(queries.theme_by_id(current_uow(), id))
    return reply(_represent(row), version=row.version)


def _represent(source: Any, _command: CreateTheme | None = None) -> Json:
    return {**pick(source, (*_ITEM, "created_at")), **addresses(TYPE, source)}


add_writes(
    resource,
    Writes(
        noun="a theme",
        path="/themes",
        permission=EDIT_THEME,
        answer=ThemeSchema,
        create=(CreateThemeSchema, create_theme),
        update=(UpdateThemeSchema, update_theme),
        delete=delete_theme,
        represent=_represent,
    ),
)
