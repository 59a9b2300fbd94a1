"""Support for ideas, counted for the desk."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import HANDLE_IDEAS


def waiting_after_reaching(uow: UnitOfWork) -> int:
    """How many ideas that the actor handles have enough support and no answer yet. One statement."""
    found = select(func.count()).select_from(Idea).where(Idea.state == "published", Idea.status == "received", Idea.reached_at.is_not(None))
    if not HANDLE_IDEAS.allows(uow.actor):
        scopes = [grant.scope for grant in uow.actor.grants if grant.scope is not None and grant.role in HANDLE_IDEAS.roles]
        found = found.where(or_(Idea.area_id.in_(scopes), Idea.owner_organization_id.in_(scopes), Idea.project_id.in_(scopes)))
    return int(uow.session.execute(found).scalar_one())
