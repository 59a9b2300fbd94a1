"""Finding an account for a block that ties something to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Uuid, bindparam, func, or_, select

from samen_core.accounts.models import RoleGrant, User
from samen_core.actor import Actor, Grant, Origin, anonymous
from samen_core.permissions import MANAGE, STAFF

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

_BY_EMAIL = select(User.id).where(func.lower(User.email) == bindparam("email"), User.active, User.state == "active")

ACCOUNT_ADDRESSES = (
    select(User.id, User.email, User.language)
    .where(User.active, User.state == "active", User.confirmed_at.is_not(None))
    .subquery("account_address")
)
"""To join with an account id, for sending mail: ``id``, ``email`` and ``language`` of every account that can get mail."""

ACCOUNT_NAMES = select(User.id, User.display_name.label("name")).where(User.state == "active").subquery("account_name")
"""To join with an account id, for pages of staff: ``id`` and the ``name`` that an account chose."""

_COLLEAGUES = (
    select(User.id, User.display_name)
    .distinct()
    .join(RoleGrant, RoleGrant.user_id == User.id)
    .where(RoleGrant.role.in_(bindparam("roles", expanding=True)), User.active, User.state == "active")
    .order_by(User.display_name, User.id)
    .limit(bindparam("most"))
)

_ACCOUNT = (
    select(User.display_name, User.language, RoleGrant.role, RoleGrant.scope_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(User.id == bindparam("id"), User.active, User.state == "active")
)

# The type is told: that of the column comes from the table that it refers to, which need not be known yet.
_HOLDERS = (
    select(RoleGrant.scope_id, func.count().label("number"))
    .join(User, User.id == RoleGrant.user_id)
    .where(
        RoleGrant.role == bindparam("role"),
        or_(RoleGrant.scope_id.is_(None), RoleGrant.scope_id.in_(bindparam("scopes", type_=Uuid(), expanding=True))),
        User.active,
        User.state == "active",
    )
    .group_by(RoleGrant.scope_id)
)


def account_by_email(uow: UnitOfWork, email: str) -> uuid.UUID | None:
    """The account with this e-mail address, for the manager only: for others it would tell who has an account."""
    MANAGE.require(uow.actor)
    return uow.session.execute(_BY_EMAIL, {"email": email.strip().lower()}).scalar_one_or_none()


_TO_MAIL = (
    select(User.id, User.email, User.language, RoleGrant.role, RoleGrant.scope_id)
    .join(RoleGrant, RoleGrant.user_id == User.id)
    .where(
        RoleGrant.role.in_(bindparam("roles", expanding=True)),
        or_(RoleGrant.scope_id.is_(None), RoleGrant.scope_id.in_(bindparam("scopes", type_=Uuid(), expanding=True))),
        User.active,
        User.state == "active",
        User.confirmed_at.is_not(None),
    )
    .order_by(User.id)
)


@dataclass(frozen=True, slots=True)
class StaffMail:
    """Where mail to a colleague goes, and what they may do where: ``actor`` holds the grants that were asked for."""

    email: str
    language: str
    actor: Actor


def staff_to_mail(uow: UnitOfWork, roles: Iterable[str], scopes: Iterable[uuid.UUID]) -> dict[uuid.UUID, StaffMail]:
    """The accounts that hold one of these roles on the whole city or on one of these subjects, for a job that mails them. One statement.

    Only for the platform itself. Raises NotAllowed for anybody else: addresses are nobody's to read.
    """
    if not uow.actor.is_system:
        MANAGE.require(anonymous())
    found: dict[uuid.UUID, tuple[str, str, list[Grant]]] = {}
    for row in uow.session.execute(_TO_MAIL, {"roles": sorted(roles), "scopes": list(scopes)}):
        found.setdefault(row.id, (row.email, row.language, []))[2].append(Grant(row.role, row.scope_id))
    return {
        id: StaffMail(email, language, Actor("account", id, grants=tuple(grants), origin="worker", language=language))
        for id, (email, language, grants) in found.items()
    }


def role_holders(uow: UnitOfWork, role: str, scopes: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    """How many accounts hold a role on each of these subjects, and under None on the whole city. One statement."""
    rows = uow.session.execute(_HOLDERS, {"role": role, "scopes": list(scopes)})
    return {row.scope_id: row.number for row in rows}


def colleagues(uow: UnitOfWork, roles: Iterable[str], most: int = 500) -> dict[uuid.UUID, str]:
    """The names of the accounts that hold one of these roles, on the city or on something in it, for whoever works there too.

    Raises NotAllowed for who is no staff. One statement; no more than ``most``.
    """
    if not STAFF.somewhere(uow.actor):
        STAFF.require(uow.actor)
    rows = uow.session.execute(_COLLEAGUES, {"roles": sorted(roles), "most": most})
    return {row.id: row.display_name for row in rows}


def account_actor(uow: UnitOfWork, id: uuid.UUID, origin: Origin = "rest") -> Actor | None:
    """An account as the one who acts, for a block that knows by a key of its own whose program calls; None for one that is blocked or gone.

    One statement.
    """
    rows = uow.session.execute(_ACCOUNT, {"id": id}).all()
    if not rows:
        return None
    grants = tuple(Grant(row.role, row.scope_id) for row in rows if row.role is not None)
    return Actor("account", id, rows[0].display_name, grants, origin=origin, language=rows[0].language)
