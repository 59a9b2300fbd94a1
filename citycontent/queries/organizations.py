"""Organisations: lists and the facts of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from citycontent.models import Address, Organization, Relation, ThemeLink
from citycontent.models.relation import PARTNER
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries.addresses import ADDRESS_COLUMNS
from citycontent.queries.lists import AnyRow, KeptList, chosen, list_page, matching
from citycontent.queries.pictures import PICTURE_COLUMNS
from samen_core.api import File, Order, Page, PageRequest, SortKey, UnitOfWork

ORDERS = {
    "name": Order("name", SortKey(Organization.sort_name), SortKey(Organization.id)),
    "newest": Order("newest", SortKey(Organization.id, descending=True)),
}
CARD = (
    Organization.id,
    Organization.slug,
    Organization.name,
    Organization.sort_name,
    Organization.sector,
    Organization.classification,
    Organization.abstract,
    Organization.area_id,
    Organization.homepage,
    Organization.updated_at,
)
"""The columns of a list on a page."""

FULL = tuple(column for column in Organization.__table__.columns)
"""Every column, as REST lists them."""

_T = Organization.__table__.c
_THEMES = ThemeLink.__table__.c
_LISTS = KeptList(
    lambda columns: select(*columns).where(_T.state == "active"),
    {
        "sector": _T.sector == bindparam("sector"),
        "area_ids": _T.area_id.in_(bindparam("area_ids", expanding=True)),
        "theme_id": _T.id.in_(select(_THEMES.subject_id).where(_THEMES.theme_id == bindparam("theme_id"))),
        "parent_id": _T.parent_id == bindparam("parent_id"),
    },
)
_PARENT = aliased(Organization)
_DETAIL = (
    select(
        *FULL,
        _PARENT.name.label("parent_name"),
        _PARENT.slug.label("parent_slug"),
        *(column.label(f"address_{column.key}") for column in ADDRESS_COLUMNS),
        *PICTURE_COLUMNS,
    )
    .outerjoin(_PARENT, (_PARENT.id == Organization.parent_id) & (_PARENT.state == "active"))
    .outerjoin(Address, Address.id == Organization.address_id)
    .outerjoin(File, File.id == Organization.picture_id)
)
_BY_SLUG = _DETAIL.where(Organization.slug == bindparam("slug"), Organization.state == "active")
_BY_ID = _DETAIL.where(Organization.id == bindparam("id"))
_CHILDREN = (
    select(*CARD)
    .where(Organization.parent_id == bindparam("id"), Organization.state == "active")
    .order_by(Organization.sort_name, Organization.id)
    .limit(bindparam("limit"))
)
_PARTNERS = (
    select(Organization.id, Organization.slug, Organization.name, Organization.sector)
    .join(Relation, (Relation.object_id == Organization.id) & (Relation.predicate == PARTNER))
    .where(Relation.subject_id == bindparam("id"), Organization.state == "active")
    .order_by(Organization.sort_name, Organization.id)
)


@dataclass(frozen=True, slots=True)
class OrganizationFilter:
    """Which organisations. ``area_ids`` come from :meth:`AreaTree.within`; ``incomplete`` are those without description or contact."""

    sector: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    text: str = ""
    incomplete: bool = False


def list_organizations(
    uow: UnitOfWork,
    filter: OrganizationFilter,
    request: PageRequest,
    *,
    order: str = "name",
    with_count: bool = True,
    columns: Sequence[Any] = CARD,
) -> Page[Row[Any]]:
    """A page of active organisations; rows with ``columns``. At most three statements."""
    values = chosen(filter, "sector", "area_ids", "theme_id", "parent_id")
    statement = _LISTS.statement(columns, values)
    if filter.text:
        statement = statement.where(matching(uow, Organization, "organization", filter.text))
    if filter.incomplete:
        statement = incomplete(statement, uow)
    keep = not (filter.text or filter.incomplete)
    return list_page(uow, statement, ORDERS[order], request, with_count=with_count, values=values, keep=keep)


def incomplete(statement: Select[Any], uow: UnitOfWork) -> Select[Any]:
    """Narrowed to organisations that the actor may edit and of which visitors cannot see what they do or how to reach them."""
    unreachable = (Organization.email == "") & (Organization.phone == "") & (Organization.homepage == "")
    unclear = (Organization.abstract == "") & (Organization.description == "")
    column = Organization.__table__.c.id
    return EDIT_ORGANIZATION.narrow(uow.actor, statement, column).where(unreachable | unclear)


def count_incomplete(uow: UnitOfWork) -> int:
    """How many of the organisations that the actor may edit are incomplete. One statement."""
    statement = select(func.count()).select_from(Organization).where(Organization.state == "active")
    return int(uow.session.execute(incomplete(statement, uow)).scalar_one())


def organization_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Every column of an active organisation, with ``parent_name``, ``parent_slug`` and ``address_…``; None when no such slug is in use."""
    return uow.session.execute(_BY_SLUG, {"slug": slug}).one_or_none()


def organization_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """Like :func:`organization_by_slug`, in any state."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def suborganizations(uow: UnitOfWork, id: uuid.UUID, limit: int = 100) -> Sequence[AnyRow]:
    """The organisations that are part of one, by name; rows with the columns of :data:`CARD`."""
    return uow.session.execute(_CHILDREN, {"id": id, "limit": limit}).all()


def partners_of(uow: UnitOfWork, project_id: uuid.UUID) -> Sequence[AnyRow]:
    """The organisations that take part in a project: (id, slug, name, sector), by name."""
    return uow.session.execute(_PARTNERS, {"id": project_id}).all()
