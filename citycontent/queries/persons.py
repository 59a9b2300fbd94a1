"""Reading persons: the list, one page, and the roles they have. Private persons only for who may see them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from citycontent.models import Membership, Organization, Person, Post
from citycontent.models.types import valid_on
from citycontent.permissions import SEE_PRIVATE_PERSON
from citycontent.queries.filters import AnyRow, AnySelect, contains
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

BY_NAME = Order("person.name", SortKey(Person.sort_name), SortKey(Person.id))

_LIST: AnySelect = select(Person.id, Person.slug, Person.name, Person.sort_name, Person.summary, Person.visibility).where(
    Person.state == "active"
)
_ONE: AnySelect = select(*Person.__table__.columns).where(Person.slug == bindparam("slug"))
_ROLE_COLUMNS = (
    Membership.id.label("membership_id"),
    Membership.person_id,
    Membership.label,
    Membership.role,
    Membership.start_date,
    Membership.end_date,
    Post.label.label("post_label"),
    Organization.name.label("organization_name"),
    Organization.slug.label("organization_slug"),
    Organization.sector.label("organization_sector"),
)
_ROLES: AnySelect = (
    select(*_ROLE_COLUMNS)
    .select_from(Membership)
    .join(Organization, (Organization.id == Membership.organization_id) & (Organization.state == "active"))
    .outerjoin(Post, (Post.id == Membership.post_id) & (Post.state == "active"))
    .where(Membership.state == "active")
    .order_by(Membership.start_date.desc(), Membership.id.desc())
)
_DAY: BindParameter[str] = bindparam("day")
_ROLES_OF_MANY = _ROLES.where(
    Membership.person_id.in_(bindparam("ids", expanding=True)),
    valid_on(Membership.start_date.expression, Membership.end_date.expression, _DAY),
).limit(500)
_ROLES_OF_ONE = _ROLES.where(Membership.person_id == bindparam("id")).limit(bindparam("limit"))


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a list of persons is narrowed to; ``visibility`` is one of citycontent.models.person.VISIBILITIES."""

    text: str = ""
    visibility: str | None = None

    def apply(self, uow: UnitOfWork, statement: AnySelect) -> AnySelect:
        """The statement with the conditions of this filter, and only with whom the actor may see."""
        if self.text:
            statement = statement.where(contains(self.text, Person.sort_name, Person.name, Person.summary))
        if self.visibility:
            statement = statement.where(Person.visibility == self.visibility)
        return SEE_PRIVATE_PERSON.narrow(uow.actor, statement, Person.id.expression, public=Person.visibility != "private")


def list_persons(uow: UnitOfWork, chosen: PersonFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of persons by last name. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, chosen.apply(uow, _LIST), BY_NAME, request)


def count_persons(uow: UnitOfWork, chosen: PersonFilter) -> Count:
    """How many there are, exact to 1,000. One statement."""
    return count_up_to(uow.session, chosen.apply(uow, _LIST))


def person_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Everything of one person, also when he or she was taken away or may not be seen: the caller checks."""
    return uow.session.execute(_ONE, {"slug": slug}).one_or_none()


def current_roles(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    """The memberships of today of these persons, newest first. One statement; none without ids."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in uow.session.execute(_ROLES_OF_MANY, {"ids": list(ids), "day": uow.now.date().isoformat()}):
            found[row.person_id].append(row)
    return found


def roles_of_person(uow: UnitOfWork, id: uuid.UUID, limit: int = 100) -> Sequence[AnyRow]:
    """Every membership of a person, also those that ended, newest first. One statement."""
    return uow.session.execute(_ROLES_OF_ONE, {"id": id, "limit": limit}).all()
