"""Themes, and what is about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from citycontent.models import Identifier, Theme, ThemeLink
from citycontent.queries.lists import list_page, matching
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork

ORDER = Order("name", SortKey(Theme.sort_name), SortKey(Theme.id))
FULL = tuple(column for column in Theme.__table__.columns)
_BY_SLUG = select(*FULL).where(Theme.slug == bindparam("slug"), Theme.state == "active")
_BY_ID = select(*FULL).where(Theme.id == bindparam("id"))
_OF = (
    select(ThemeLink.subject_id, Theme.id, Theme.slug, Theme.name)
    .join(Theme, Theme.id == ThemeLink.theme_id)
    .where(ThemeLink.subject_id.in_(bindparam("ids", expanding=True)), Theme.state == "active")
    .order_by(Theme.sort_name, Theme.id)
)
_IDENTIFIERS = (
    select(Identifier.subject_id, Identifier.scheme, Identifier.identifier)
    .where(Identifier.subject_id.in_(bindparam("ids", expanding=True)))
    .order_by(Identifier.scheme, Identifier.identifier)
)


def list_themes(uow: UnitOfWork, text: str, request: PageRequest, *, with_count: bool = True) -> Page[Row[Any]]:
    """A page of active themes; rows with every column."""
    statement = select(*FULL).where(Theme.state == "active")
    if text:
        statement = statement.where(matching(uow, Theme, "theme", text))
    return list_page(uow, statement, ORDER, request, with_count=with_count)


def theme_by_slug(uow: UnitOfWork, slug: str) -> Row[Any] | None:
    """Every column of an active theme; None when no such slug is in use."""
    return uow.session.execute(_BY_SLUG, {"slug": slug}).one_or_none()


def theme_by_id(uow: UnitOfWork, id: uuid.UUID) -> Row[Any] | None:
    """Like :func:`theme_by_slug`, in any state."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def themes_of(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Row[Any]]]:
    """The themes (id, slug, name) of each of these things, of any type. One statement."""
    return _grouped(uow, _OF, ids)


def identifiers_of(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Row[Any]]]:
    """The identifiers (scheme, identifier) of each of these things. One statement."""
    return _grouped(uow, _IDENTIFIERS, ids)


def _grouped(uow: UnitOfWork, statement: Any, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Row[Any]]]:
    found: dict[uuid.UUID, list[Row[Any]]] = {subject_id: [] for subject_id in ids}
    for row in uow.session.execute(statement, {"ids": list(ids)}):
        found[row.subject_id].append(row)
    return found
