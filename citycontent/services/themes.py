"""Themes: adding, changing and taking away."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from citycontent.events import ThemeCreated, ThemeDeleted, ThemeUpdated
from citycontent.models import Theme
from citycontent.paths import page
from citycontent.permissions import EDIT_THEME
from citycontent.schemas import CreateTheme, Delete, UpdateTheme
from citycontent.services.entities import add, assign, change, check_version, locked, refs
from citycontent.services.references import check_parent, check_references
from citycontent.services.slugs import take_slug
from samen_core.api import Invalid, SubjectData, UnitOfWork, _, fold, uuid7

TYPE = "theme"
FIELDS = ("name", "alternative_names", "description", "parent_id", "exact_match")


def create_theme(uow: UnitOfWork, command: CreateTheme) -> Theme:
    """Add a theme. Raises NotAllowed, and Invalid for a parent that does not exist."""
    EDIT_THEME.require(uow.actor)
    check_references(uow, [("parent_id", TYPE, command.parent_id)])
    new_id = uuid7()
    theme = Theme(
        id=new_id, slug=take_slug(uow, TYPE, command.name, new_id), sort_name=fold(command.name), created_at=uow.now, updated_at=uow.now
    )
    assign(theme, command, FIELDS)
    add(uow, theme, TYPE, _card(theme), ThemeCreated, about=refs(("theme", theme.parent_id)))
    return theme


def update_theme(uow: UnitOfWork, id: uuid.UUID, command: UpdateTheme) -> Theme:
    """Replace what is known of a theme. Raises NotFound, Gone, NotAllowed, Invalid, and Conflict with the values of now."""
    EDIT_THEME.require(uow.actor, id)
    theme = locked(uow, Theme, id)
    check_version(theme, command.version, lambda: theme_values(theme))
    if command.parent_id != theme.parent_id:
        check_references(uow, [("parent_id", TYPE, command.parent_id)])
        check_parent(uow, Theme, id, command.parent_id)
    slug = theme.slug if fold(command.name) == theme.sort_name else take_slug(uow, TYPE, command.name, id)
    card = _card(theme)
    assign(theme, command, FIELDS)
    theme.slug, theme.sort_name = slug, fold(command.name)
    change(uow, theme, TYPE, (card, _card(theme)), ThemeUpdated, about=refs(("theme", theme.parent_id)))
    return theme


def delete_theme(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take a theme away; what was about it keeps the link, unseen. Raises Invalid while there are themes below it."""
    EDIT_THEME.require(uow.actor, id)
    theme = locked(uow, Theme, id)
    check_version(theme, command.version, lambda: theme_values(theme))
    if uow.session.execute(select(Theme.id).where(Theme.parent_id == id, Theme.state == "active").limit(1)).first() is not None:
        raise Invalid(_("Onder dit thema vallen andere thema's. Verplaats of verwijder die eerst."))
    card = _card(theme)
    theme.state = "deleted"
    change(uow, theme, TYPE, (card, _card(theme)), ThemeDeleted, reason=command.reason)


def theme_values(theme: Theme) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdateTheme` with lists as lines."""
    return {**{name: getattr(theme, name) for name in (*FIELDS, "version")}, "alternative_names": "\n".join(theme.alternative_names)}


def _card(theme: Theme) -> SubjectData:
    state: Any = "deleted" if theme.state == "deleted" else "active"
    return SubjectData(title=theme.name, url=page(TYPE, theme.slug), summary=theme.description, state=state)
