"""What of a list the actor may know of, as conditions for its statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_core.api import Actor, Permission, UnitOfWork


def granted(actor: Actor, permission: Permission, *columns: Any) -> ColumnElement[bool]:
    """Rows of which one of these columns holds what the actor has the permission on; all rows for who has it for the whole city."""
    if permission.allows(actor):
        return true()
    if actor.scopes is not None and permission.name not in actor.scopes:
        return false()
    places = [grant.scope for grant in actor.grants if grant.role in permission.roles and grant.scope is not None]
    return or_(*(column.in_(places) for column in columns)) if places else false()


def shown_dossiers(uow: UnitOfWork, *states: str) -> ColumnElement[bool]:
    """Dossiers in one of these states that the actor may see: not public yet only who writes them, confidential only who may see that."""
    if uow.actor.is_anonymous:
        return and_(Dossier.state == "published", Dossier.confidential.is_(False)) if "published" in states else false()
    scopes = (Dossier.id, Dossier.organization_id)
    allowed = or_(Dossier.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *scopes))
    written = granted(uow.actor, WRITE, *scopes)
    if states == ("published",):
        return and_(Dossier.state == "published", allowed)
    return and_(Dossier.state.in_(states), allowed, or_(Dossier.state == "published", written))


def shown(uow: UnitOfWork, model: Any, write: Permission, *scopes: Any, drafts: bool = False) -> ColumnElement[bool]:
    """Rows of a citable kind that the actor may see, by grants on themselves or on one of these columns.

    With ``drafts`` also what is not public yet, for who may write it; what was taken away never.
    """
    public = and_(model.state == "published", model.confidential.is_(False))
    if uow.actor.is_anonymous:
        return public
    columns = (model.id, *scopes)
    allowed = or_(model.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *columns))
    if not drafts:
        return and_(model.state == "published", allowed)
    written = and_(model.state.in_(("draft", "submitted")), granted(uow.actor, write, *columns))
    return and_(or_(model.state == "published", written), allowed)
