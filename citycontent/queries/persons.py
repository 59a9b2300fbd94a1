"""Persons: lists and the facts of one. Private persons only show to who may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row, bindparam, select

from citycontent.models import AccountPerson, Membership, Person
from citycontent.permissions import SEE_PRIVATE_PERSON
from citycontent.queries.lists import list_page, matching
from citycontent.settings import sees_contact
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork

ORDERS = {
    "name": Order("name", SortKey(Person.sort_name), SortKey(Person.id)),
    "newest": Order("newest", SortKey(Person.id, descending=True)),
}
CARD = (Person.id, Person.slug, Person.name, Person.sort_name, Person.summary, Person.visibility, Person.updated_at)
"""The columns of a list on a page."""

FULL = tuple(column for column in Person.__table__.columns)
"""Every column; the contact columns only for who :func:`citycontent.settings.sees_contact`."""

CONTACT = ("email", "phone", "homepage", "links")
_PUBLIC = Person.visibility != "private"
_BY_SLUG = select(*FULL).where(Person.slug == bindparam("slug"), Person.state == "active")
_BY_ID = select(*FULL).where(Person.id == bindparam("id"))
_ACCOUNT = select(AccountPerson.person_id).where(AccountPerson.person_id == bindparam("id"))
_LINKED = (
    select(Person.name, Person.slug, Person.visibility)
    .join(AccountPerson, AccountPerson.person_id == Person.id)
    .where(AccountPerson.account_id == bindparam("account_id"))
)


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which persons."""

    visibility: str | None = None
    organization_id: uuid.UUID | None = None
    text: str = ""


def visible(statement: Any, uow: UnitOfWork) -> Any:
    """Narrowed to persons that the actor may see."""
    return SEE_PRIVATE_PERSON.narrow(uow.actor, statement, Person.__table__.c.id, public=_PUBLIC)


def list_persons(
    uow: UnitOfWork,
    filter: PersonFilter,
    request: PageRequest,
    *,
    order: str = "name",
    with_count: bool = True,
    columns: Sequence[Any] = CARD,
) -> Page[Row[Any]]:
    """A page of active persons; rows with ``columns``. At most three statements."""
    statement = visible(select(*columns).where(Person.state == "active"), uow)
    if filter.visibility is not None:
        statement = statement.where(Person.visibility == filter.visibility)
    if filter.organization_id is not None:
        inside = select(Membership.person_id).where(Membership.organization_id == filter.organization_id, Membership.state == "active")
        statement = statement.where(Person.id.in_(inside))
    if filter.text:
        statement = statement.where(matching(uow, Person, "person", filter.text))
    return list_page(uow, statement, ORDERS[order], request, with_count=with_count)


def person_by_slug(uow: UnitOfWork, slug: str) -> dict[str, Any] | None:
    """The fields of an active person that the actor may see, contact fields emptied for who may not see those; None when there is none."""
    return _shown(uow, uow.session.execute(visible(_BY_SLUG, uow), {"slug": slug}).one_or_none())


def person_by_id(uow: UnitOfWork, id: uuid.UUID) -> dict[str, Any] | None:
    """Like :func:`person_by_slug`, in any state."""
    return _shown(uow, uow.session.execute(visible(_BY_ID, uow), {"id": id}).one_or_none())


def shown_person(uow: UnitOfWork, row: Row[Any]) -> dict[str, Any]:
    """A row with the columns of :data:`FULL` as the actor may see it."""
    values = dict(row._mapping)
    may_see = sees_contact(uow, values["visibility"]) or SEE_PRIVATE_PERSON.allows(uow.actor, values["id"])
    return values if may_see else {**values, "email": "", "phone": "", "homepage": "", "links": []}


def has_account(uow: UnitOfWork, id: uuid.UUID) -> bool:
    """Whether an account is tied to a person."""
    return uow.session.execute(_ACCOUNT, {"id": id}).first() is not None


def linked_person(uow: UnitOfWork) -> Row[Any] | None:
    """Name, slug and visibility of the person that the account that acts is; None when it is nobody."""
    return cast("Row[Any] | None", uow.session.execute(_LINKED, {"account_id": uow.actor.account_id}).one_or_none())


def _shown(uow: UnitOfWork, row: Row[Any] | None) -> dict[str, Any] | None:
    return None if row is None else shown_person(uow, row)
