"""Letting go of acting for an organisation, once an account is in it no longer."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, and_, literal, select

from citycontent.models import AccountPerson, Membership, valid_on
from samen_core.api import UnitOfWork, stop_acting_for


def membership_changed(uow: UnitOfWork, person_id: uuid.UUID, organization_id: uuid.UUID) -> None:
    """End acting for an organisation that no membership of the person allows any longer."""
    _end(uow, Membership.person_id == person_id, Membership.organization_id == organization_id)


def account_left(uow: UnitOfWork, account_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """End acting of an account for every organisation of the person that it no longer is."""
    mine = select(Membership.organization_id).where(Membership.person_id == person_id).distinct()
    stop_acting_for(uow, uow.session.execute(mine).scalars().all(), account_id)


def end_acting(uow: UnitOfWork) -> None:
    """End acting for organisations by everybody whose membership ran out; a job."""
    _end(uow)


def _end(uow: UnitOfWork, *which: ColumnElement[bool]) -> None:
    holds = valid_on(Membership.start_date.expression, Membership.end_date.expression, literal(uow.now.date().isoformat()))
    allowed = and_(Membership.state == "active", Membership.can_represent, holds)
    linked = (
        select(AccountPerson.account_id, Membership.organization_id, allowed.label("allowed"))
        .join(Membership, Membership.person_id == AccountPerson.person_id)
        .where(*which)
    )
    rows = uow.session.execute(linked).all()
    kept = {(row.account_id, row.organization_id) for row in rows if row.allowed}
    ended: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in rows:
        if (row.account_id, row.organization_id) not in kept:
            ended.setdefault(row.account_id, set()).add(row.organization_id)
    for account_id, organization_ids in ended.items():
        stop_acting_for(uow, organization_ids, account_id)
