"""Finding an account for a block that ties something to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Uuid, bindparam, func, or_, select

from samen_core.accounts.models import RoleGrant, User
from samen_core.permissions import MANAGE

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

_BY_EMAIL = select(User.id).where(func.lower(User.email) == bindparam("email"), User.active, User.state == "active")

ACCOUNT_ADDRESSES = (
    select(User.id, User.email, User.language)
    .where(User.active, User.state == "active", User.confirmed_at.is_not(None))
    .subquery("account_address")
)
"""To join with an account id, for sending mail: ``id``, ``email`` and ``language`` of every account that can get mail."""

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


def role_holders(uow: UnitOfWork, role: str, scopes: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    """How many accounts hold a role on each of these subjects, and under None on the whole city. One statement."""
    rows = uow.session.execute(_HOLDERS, {"role": role, "scopes": list(scopes)})
    return {row.scope_id: row.number for row in rows}
