"""Reading organisations: the list with its filters, one page, and who is in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from citycontent.models import Address, Membership, Organization, Person, Post, ThemeLink
from citycontent.models.types import valid_on
from citycontent.queries.addresses import ADDRESS_COLUMNS
from citycontent.queries.filters import AnyRow, AnySelect, contains
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

BY_NAME = Order("organization.name", SortKey(Organization.sort_name), SortKey(Organization.id))
NEWEST = Order("organization.newest", SortKey(Organization.id, descending=True))

_LIST: AnySelect = select(
    Organization.id,
    Organization.slug,
    Organization.name,
    Organization.sort_name,
    Organization.sector,
    Organization.classification,
    Organization.abstract,
    Organization.area_id,
).where(Organization.state == "active")

_PARENT = aliased(Organization)
_ONE: AnySelect = (
    select(
        *Organization.__table__.columns,
        *(column.label(f"address_{column.key}") for column in ADDRESS_COLUMNS),
        _PARENT.name.label("parent_name"),
        _PARENT.slug.label("parent_slug"),
    )
    .outerjoin(Address, Address.id == Organization.address_id)
    .outerjoin(_PARENT, (_PARENT.id == Organization.parent_id) & (_PARENT.state == "active"))
    .where(Organization.slug == bindparam("slug"))
)
_CHILDREN = (
    select(Organization.name, Organization.slug, Organization.sector)
    .where(Organization.parent_id == bindparam("id"), Organization.state == "active")
    .order_by(Organization.sort_name, Organization.id)
    .limit(bindparam("limit"))
)

_DAY: BindParameter[str] = bindparam("day")
_IS_HELD = (
    select(Membership.id)
    .where(
        Membership.post_id == Post.id,
        Membership.state == "active",
        valid_on(Membership.start_date.expression, Membership.end_date.expression, _DAY),
    )
    .exists()
)
_MEMBERS = (
    select(
        Post.id.label("post_id"),
        Post.label.label("post_label"),
        Post.portfolio.label("portfolio"),
        Membership.label.label("label"),
        Membership.role.label("role"),
        Membership.start_date.label("start_date"),
        Person.name.label("person_name"),
        Person.slug.label("person_slug"),
        Person.sort_name.label("person_sort_name"),
    )
    .select_from(Membership)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Post, (Post.id == Membership.post_id) & (Post.state == "active"))
    .where(
        Membership.organization_id == bindparam("id"),
        Membership.state == "active",
        valid_on(Membership.start_date.expression, Membership.end_date.expression, _DAY),
        Person.state == "active",
        or_(Person.visibility != "private", literal(True) == bindparam("sees_private")),
    )
)
_VACANT = select(Post.id, Post.label, Post.portfolio, literal(""), literal(""), null(), null(), null(), literal("")).where(
    Post.organization_id == bindparam("id"),
    Post.state == "active",
    valid_on(Post.start_date.expression, Post.end_date.expression, _DAY),
    ~_IS_HELD,
)
_IN_POSTS: CompoundSelect[*tuple[Any, ...]] = (
    union_all(_MEMBERS, _VACANT).order_by("post_label", "person_sort_name").limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class OrganizationFilter:
    """What a list of organisations is narrowed to; an empty filter narrows nothing. ``area_ids`` are an area with all in it."""

    text: str = ""
    sector: str | None = None
    area_ids: tuple[uuid.UUID, ...] = ()
    theme_id: uuid.UUID | None = None

    def apply(self, statement: AnySelect) -> AnySelect:
        """The statement with the conditions of this filter."""
        if self.text:
            statement = statement.where(contains(self.text, Organization.sort_name, Organization.classification, Organization.abstract))
        if self.sector:
            statement = statement.where(Organization.sector == self.sector)
        if self.area_ids:
            statement = statement.where(Organization.area_id.in_(self.area_ids))
        if self.theme_id:
            about = select(ThemeLink.subject_id).where(ThemeLink.theme_id == self.theme_id)
            statement = statement.where(Organization.id.in_(about))
        return statement


def list_organizations(uow: UnitOfWork, chosen: OrganizationFilter, request: PageRequest, order: Order = BY_NAME) -> Page[AnyRow]:
    """A page of organisations. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, chosen.apply(_LIST), order, request)


def count_organizations(uow: UnitOfWork, chosen: OrganizationFilter) -> Count:
    """How many there are, exact to 1,000. One statement."""
    return count_up_to(uow.session, chosen.apply(_LIST))


def organization_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Everything of one organisation, with its address (``address_…``) and the name of what it is part of; also when it was taken away."""
    return uow.session.execute(_ONE, {"slug": slug}).one_or_none()


def parts_of_organization(uow: UnitOfWork, id: uuid.UUID, limit: int = 50) -> Sequence[AnyRow]:
    """The organisations right below one, by name."""
    return uow.session.execute(_CHILDREN, {"id": id, "limit": limit}).all()


def people_of_organization(uow: UnitOfWork, id: uuid.UUID, *, sees_private: bool = False, limit: int = 200) -> Sequence[AnyRow]:
    """Who is in the organisation today, by post, and the posts that nobody holds (without a person). One statement."""
    values = {"id": id, "day": uow.now.date().isoformat(), "sees_private": sees_private, "limit": limit}
    return uow.session.execute(_IN_POSTS, values).all()
