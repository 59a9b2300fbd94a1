"""Lists that only REST shows: posts, memberships and areas of any year."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from citycontent.models import Area, Membership, Person, Post
from citycontent.queries.persons import visible
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page

BY_POST = Order("post", SortKey(Post.id))
BY_MEMBERSHIP = Order("membership", SortKey(Membership.id))
BY_AREA = Order("area", SortKey(Area.sort_name), SortKey(Area.id))

AREA = (
    Area.id,
    Area.version,
    Area.name,
    Area.code.label("identifier"),
    Area.year,
    Area.classification,
    Area.parent_id,
    Area.lat,
    Area.lon,
    Area.hectares,
    Area.valid_from,
    Area.valid_until,
    Area.updated_at,
)
"""The facts of an area, without its border."""

_AREA_KEYS = (Area.slug, Area.sort_name, Area.state)
_AREA: Select[*tuple[Any, ...]] = select(*AREA, *_AREA_KEYS, Area.geometry).where(Area.id == bindparam("id"))
_POSTS = select(*Post.__table__.columns).where(Post.state == "active")
_MEMBERSHIPS = (
    select(*Membership.__table__.columns)
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.state == "active", Person.state == "active")
)


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Which areas. Without ``year`` those of the division that holds now."""

    classification: str | None = None
    parent_id: uuid.UUID | None = None
    code: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MembershipFilter:
    """Which memberships."""

    person_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    post_id: uuid.UUID | None = None


def list_posts(uow: UnitOfWork, organization_id: uuid.UUID | None, request: PageRequest) -> Page[Row[Any]]:
    """A page of posts, every column, in order of making. One statement."""
    statement = _POSTS if organization_id is None else _POSTS.where(Post.organization_id == organization_id)
    return fetch_page(uow.session, statement, BY_POST, request)


def list_memberships(uow: UnitOfWork, filter: MembershipFilter, request: PageRequest) -> Page[Row[Any]]:
    """A page of memberships of persons that the actor may see, every column, past ones too. One statement."""
    statement = visible(_MEMBERSHIPS, uow)
    for name in ("person_id", "organization_id", "post_id"):
        if (value := getattr(filter, name)) is not None:
            statement = statement.where(getattr(Membership, name) == value)
    return fetch_page(uow.session, statement, BY_MEMBERSHIP, request)


def list_areas(uow: UnitOfWork, filter: AreaFilter, request: PageRequest, *, with_geometry: bool) -> Page[Row[Any]]:
    """A page of areas by name: the columns of :data:`AREA`, ``slug``, and ``geometry`` when asked. One statement."""
    columns = (*AREA, *_AREA_KEYS, Area.geometry) if with_geometry else (*AREA, *_AREA_KEYS)
    statement = select(*columns).where(Area.state == "active")
    statement = statement.where(Area.valid_until.is_(None) if filter.year is None else Area.year == filter.year)
    for name in ("classification", "parent_id", "code"):
        if (value := getattr(filter, name)) is not None:
            statement = statement.where(getattr(Area, name) == value)
    return fetch_page(uow.session, statement, BY_AREA, request)


def area_by_id(uow: UnitOfWork, id: uuid.UUID) -> Row[Any] | None:
    """An area in any state: the columns of :data:`AREA`, ``slug``, ``state`` and ``geometry``."""
    return uow.session.execute(_AREA, {"id": id}).one_or_none()
