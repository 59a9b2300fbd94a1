"""What the services share: who lends for whom, which day it is, and tools under a lock."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import select

from samen_core.api import CITY_TIME_ZONE, NotAllowed, NotFound, UnitOfWork, capacities
from samen_gereedschap.models import Tool
from samen_gereedschap.permissions import LEND


def today(uow: UnitOfWork) -> date:
    """The day it is in the city."""
    return city_day(uow.now)


def city_day(moment: datetime) -> date:
    """The day of a moment in the city."""
    return moment.astimezone(CITY_TIME_ZONE).date()


def lends_for(uow: UnitOfWork) -> frozenset[uuid.UUID] | None:
    """The organisations whose tools the actor may lend out: those of a grant, and those that one may act for. None is every one."""
    actor = uow.actor
    if LEND.allows(actor):
        return None
    if actor.scopes is not None and LEND.name not in actor.scopes:
        return frozenset()
    granted = {grant.scope for grant in actor.grants if grant.role in LEND.roles and grant.scope is not None}
    return frozenset(granted | {capacity.subject_id for capacity in capacities(uow)})


def may_lend(uow: UnitOfWork, organization_id: uuid.UUID) -> bool:
    """Whether the actor may lend out the tools of this organisation."""
    lending = lends_for(uow)
    return lending is None or organization_id in lending


def require_lender(uow: UnitOfWork, organization_id: uuid.UUID) -> None:
    """Raise NotAllowed unless :func:`may_lend`."""
    if not may_lend(uow, organization_id):
        LEND.require(uow.actor, organization_id)
        raise NotAllowed


def get_tool(uow: UnitOfWork, id: uuid.UUID) -> Tool:
    """The tool, whatever its state. Raises NotFound."""
    found = uow.session.get(Tool, id)
    if found is None:
        raise NotFound
    return found


def locked_tool(uow: UnitOfWork, id: uuid.UUID) -> Tool:
    """The tool as it is and stays until this transaction ends. Raises NotFound."""
    statement = select(Tool).where(Tool.id == id).with_for_update(key_share=True).execution_options(populate_existing=True)
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
