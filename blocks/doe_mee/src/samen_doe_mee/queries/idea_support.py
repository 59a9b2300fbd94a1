"""Support for ideas, counted for the desk."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.queries.overview import city_today


def waiting_after_reaching(uow: UnitOfWork) -> int:
    """How many ideas that the actor handles have enough support and no answer yet. One statement.

    Without those that their other tasks name already (``idea_tasks``): their own, and what is late.
    """
    found = select(func.count()).select_from(Idea).where(Idea.state == "published", Idea.status == "received", Idea.reached_at.is_not(None))
    day = city_today(uow)
    found = found.where(or_(Idea.owner_id.is_(None), Idea.owner_id != uow.actor.account_id))
    found = found.where(or_(Idea.answer_by.is_(None), Idea.answer_by >= day), or_(Idea.decide_by.is_(None), Idea.decide_by >= day))
    if not HANDLE_IDEAS.allows(uow.actor):
        scopes = [grant.scope for grant in uow.actor.grants if grant.scope is not None and grant.role in HANDLE_IDEAS.roles]
        found = found.where(or_(Idea.area_id.in_(scopes), Idea.owner_organization_id.in_(scopes), Idea.project_id.in_(scopes)))
    return int(uow.session.execute(found).scalar_one())
