"""Who is in which organisation, and its posts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, literal, null, or_, select, union_all

from citycontent.models import AccountPerson, Membership, Organization, Person, Post, valid_on
from citycontent.queries.lists import AnyRow
from citycontent.queries.persons import visible
from samen_core.api import Capacity, UnitOfWork

MOST = 300
_COLUMNS = (
    Membership.id,
    Membership.version,
    Membership.label,
    Membership.role,
    Membership.start_date,
    Membership.end_date,
    Membership.can_represent,
    Membership.post_id,
    Membership.person_id,
    Membership.organization_id,
    Post.label.label("post_label"),
)
_OF_ORGANIZATION = (
    select(*_COLUMNS, Person.name, Person.slug, Person.sort_name, Person.visibility, Person.summary)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Post, Post.id == Membership.post_id)
    .where(Membership.organization_id == bindparam("id"), Membership.state == "active", Person.state == "active")
    .order_by(Person.sort_name, Membership.id)
    .limit(MOST)
)
_OF_PERSON = (
    select(
        *_COLUMNS,
        Organization.name,
        Organization.slug,
        Organization.sort_name,
        Organization.sector,
        Organization.state.label("organization_state"),
    )
    .join(Organization, Organization.id == Membership.organization_id)
    .outerjoin(Post, Post.id == Membership.post_id)
    .where(Membership.person_id == bindparam("id"), Membership.state == "active", Organization.state != "merged")
    .order_by(Organization.sort_name, Membership.id)
    .limit(MOST)
)
_ROLES = (
    select(Membership.person_id, Membership.label, Membership.role, Post.label.label("post_label"), Organization.name)
    .join(Organization, Organization.id == Membership.organization_id)
    .outerjoin(Post, Post.id == Membership.post_id)
    .where(
        Membership.person_id.in_(bindparam("ids", expanding=True)),
        Membership.state == "active",
        Organization.state == "active",
        valid_on(Membership.start_date.expression, Membership.end_date.expression, bindparam("today", type_=literal("").type)),
    )
    .order_by(Organization.sort_name, Membership.id)
    .limit(MOST)
)
_TODAY = bindparam("today", type_=literal("").type)
_NOW = (
    select(
        Post.id.label("post_id"),
        Post.label.label("post_label"),
        Post.portfolio,
        Membership.label,
        Membership.role,
        Person.name,
        Person.slug,
        Person.sort_name.label("sort_name"),
    )
    .select_from(Membership)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Post, (Post.id == Membership.post_id) & (Post.state == "active"))
    .where(
        Membership.organization_id == bindparam("id"),
        Membership.state == "active",
        Person.state == "active",
        valid_on(Membership.start_date.expression, Membership.end_date.expression, _TODAY),
    )
)
_HELD = select(Membership.id).where(
    Membership.post_id == Post.id,
    Membership.state == "active",
    valid_on(Membership.start_date.expression, Membership.end_date.expression, _TODAY),
)
_VACANT = select(Post.id, Post.label, Post.portfolio, literal(""), literal(""), null(), null(), literal("")).where(
    Post.organization_id == bindparam("id"),
    Post.state == "active",
    valid_on(Post.start_date.expression, Post.end_date.expression, _TODAY),
    ~_HELD.exists(),
)
_POSTS = (
    select(*(column for column in Post.__table__.columns))
    .where(Post.organization_id == bindparam("id"), Post.state == "active")
    .order_by(Post.label, Post.id)
    .limit(MOST)
)
_POST = select(*(column for column in Post.__table__.columns)).where(Post.id == bindparam("id"))
_MEMBERSHIP = (
    select(*(column for column in Membership.__table__.columns))
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.id == bindparam("id"), or_(Person.state == "active", Membership.state != "active"))
)
_CAPACITIES = (
    select(Organization.id, Organization.name, Organization.sector, Membership.label, Membership.role)
    .join(Membership, Membership.organization_id == Organization.id)
    .join(AccountPerson, AccountPerson.person_id == Membership.person_id)
    .where(
        AccountPerson.account_id == bindparam("account_id"),
        Organization.state == "active",
        Membership.state == "active",
        Membership.can_represent,
        valid_on(Membership.start_date.expression, Membership.end_date.expression, bindparam("today", type_=literal("").type)),
    )
    .order_by(Organization.sort_name, Organization.id, Membership.id)
)


def members_of(uow: UnitOfWork, organization_id: uuid.UUID) -> Sequence[AnyRow]:
    """The memberships of an organisation with the person's ``name``, ``slug``, ``visibility``; private persons only for who may see them.

    Past ones too: :func:`citycontent.models.is_valid_on` tells which hold today.
    """
    return uow.session.execute(visible(_OF_ORGANIZATION, uow), {"id": organization_id}).all()


def people_of(uow: UnitOfWork, organization_id: uuid.UUID) -> Sequence[AnyRow]:
    """Who is in an organisation today, by post, and the posts that nobody holds (``name`` is None). One statement.

    Rows with ``post_id``, ``post_label``, ``portfolio``, ``label``, ``role`` and the person's ``name`` and ``slug``.
    """
    statement: CompoundSelect[*tuple[Any, ...]] = union_all(visible(_NOW, uow), _VACANT)
    values = {"id": organization_id, "today": uow.now.date().isoformat()}
    return uow.session.execute(statement.order_by("post_label", "sort_name").limit(MOST), values).all()


def memberships_of(uow: UnitOfWork, person_id: uuid.UUID) -> Sequence[AnyRow]:
    """The memberships of a person with the organisation's ``name``, ``slug``, ``sector``. The caller checked that it may be seen."""
    return uow.session.execute(_OF_PERSON, {"id": person_id}).all()


def current_roles(uow: UnitOfWork, person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """What each of these persons is today: rows with ``label``, ``role``, ``post_label`` and the organisation's ``name``. One statement."""
    found: dict[uuid.UUID, list[AnyRow]] = {person_id: [] for person_id in person_ids}
    if person_ids:
        for row in uow.session.execute(_ROLES, {"ids": list(person_ids), "today": uow.now.date().isoformat()}):
            found[row.person_id].append(row)
    return found


def posts_of(uow: UnitOfWork, organization_id: uuid.UUID) -> Sequence[AnyRow]:
    """The posts of an organisation, every column, by label."""
    return uow.session.execute(_POSTS, {"id": organization_id}).all()


def post_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """Every column of a post, in any state."""
    return uow.session.execute(_POST, {"id": id}).one_or_none()


def membership_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """Every column of a membership, in any state; None when its person may not be seen or is gone."""
    return uow.session.execute(visible(_MEMBERSHIP, uow), {"id": id}).one_or_none()


def capacities_of(uow: UnitOfWork, account_id: uuid.UUID) -> list[Capacity]:
    """The organisations that an account may speak for today, through the person it is. One statement."""
    values = {"account_id": account_id, "today": uow.now.date().isoformat()}
    found: dict[uuid.UUID, Capacity] = {}
    for row in uow.session.execute(_CAPACITIES, values):
        found.setdefault(row.id, Capacity(row.id, row.name, row.sector, row.label or row.role))
    return list(found.values())
