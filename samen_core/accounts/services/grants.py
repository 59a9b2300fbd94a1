"""Roles: who got which, on what, from whom and why."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from samen_core.accounts import queries
from samen_core.accounts.models import RoleGrant
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import renew_sessions, require_other_manager
from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid, NotFound
from samen_core.i18n import _
from samen_core.permissions import MANAGE, ROLES
from samen_core.subjects import Subject


def grant_role(uow: UnitOfWork, command: GrantRole) -> RoleGrant:
    """Give a role. Raises Invalid for a role or scope that does not exist, or that the account has already."""
    MANAGE.require(uow.actor)
    account = queries.get_account(uow, command.account_id)
    if command.role not in ROLES:
        raise Invalid({"role": [_("Deze rol bestaat niet.")]})
    if command.scope is not None and uow.session.get(Subject, command.scope) is None:
        raise Invalid({"scope": [_("Dit onderdeel bestaat niet.")]})
    if any((row.role, row.scope_id) == (command.role, command.scope) for row in queries.grant_rows(uow, account.id)):
        raise Invalid({"role": [_("Dit account heeft deze rol al.")]})
    grant = RoleGrant(
        id=uuid7(), user_id=account.id, role=command.role, scope_id=command.scope, granted_by_id=uow.actor.account_id, granted_at=uow.now
    )
    uow.session.add(grant)
    uow.session.flush()
    renew_sessions(uow, account.id)
    uow.record("core.grant.given", account.id, after={"role": command.role, "scope": command.scope}, reason=command.reason)
    return grant


def revoke_grant(uow: UnitOfWork, grant_id: uuid.UUID, reason: str) -> None:
    """Take a role back. Raises NotFound, or Invalid for the last manager of the city."""
    MANAGE.require(uow.actor)
    grant = uow.session.get(RoleGrant, grant_id)
    if grant is None:
        raise NotFound(_("Deze rol is al ingetrokken."))
    if grant.role in MANAGE.roles and grant.scope_id is None:
        require_other_manager(uow, grant.user_id)
    uow.session.delete(grant)
    renew_sessions(uow, grant.user_id)
    uow.record("core.grant.revoked", grant.user_id, before={"role": grant.role, "scope": grant.scope_id}, reason=reason)


def get_grant(uow: UnitOfWork, account_id: uuid.UUID, grant_id: uuid.UUID) -> RoleGrant:
    """A grant of this account. Raises NotFound."""
    MANAGE.require(uow.actor)
    grant = uow.session.get(RoleGrant, grant_id)
    if grant is None or grant.user_id != account_id:
        raise NotFound(_("Deze rol is al ingetrokken."))
    return grant


def grants_of_account(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The grants of one account; one's own may always be seen."""
    if uow.actor.account_id != account_id:
        MANAGE.require(uow.actor)
    return queries.grant_rows(uow, account_id)


def find_scope(uow: UnitOfWork, text: str) -> uuid.UUID | None:
    """The subject that a page address or an id names; None for an empty text. Raises Invalid (field ``scope``)."""
    text = text.strip()
    if not text:
        return None
    found = queries.subject_named(uow, text)
    if found is None:
        raise Invalid({"scope": [_("Wij vinden niets op dit adres. Open de pagina waar het om gaat en kopieer het adres.")]})
    return found
