"""Support for a contribution: once per account, not for one's own, and it can be taken back."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import Gone, Invalid, UnitOfWork, _
from samen_inbreng.models import Activity, Contribution, Support
from samen_inbreng.permissions import SUPPORT
from samen_inbreng.services.common import get_activity, get_contribution, require_published
from samen_inbreng.services.contributions import is_open

SUPPORTED, TAKEN_BACK = "inbreng.contribution.supported", "inbreng.contribution.support_taken_back"


def _statement(insert: Any) -> Any:
    return insert(Support).on_conflict_do_nothing().returning(Support.contribution_id)


_ADD: dict[str, Any] = {"postgresql": _statement(postgresql.insert), "sqlite": _statement(sqlite.insert)}


def support(uow: UnitOfWork, id: uuid.UUID) -> int:
    """Support a contribution; a second time changes nothing. The number of supporters.

    Raises NotFound, NotAllowed, Gone (taken away, or the term is over) and Invalid (one's own, or support is not asked).
    """
    contribution = _to_support(uow, id)
    if contribution.account_id == uow.actor.account_id:
        raise Invalid(_("U kunt uw eigen bijdrage niet steunen."))
    connection = uow.session.connection()
    row = {"contribution_id": id, "account_id": uow.actor.account_id, "at": uow.now}
    if connection.execute(_ADD[connection.dialect.name], row).first() is None:
        return contribution.supports
    return _count(uow, contribution, 1, SUPPORTED)


def take_back(uow: UnitOfWork, id: uuid.UUID) -> int:
    """Support a contribution no longer; the number of supporters. Raises as :func:`support`."""
    contribution = _to_support(uow, id)
    mine = delete(Support).where(Support.contribution_id == id, Support.account_id == uow.actor.account_id)
    if uow.session.execute(mine.returning(Support.contribution_id)).first() is None:
        return contribution.supports
    return _count(uow, contribution, -1, TAKEN_BACK)


def drop_own(uow: UnitOfWork, contribution: Contribution, account_id: uuid.UUID) -> None:
    """Take away the support of an account for a contribution that turns out to be its own."""
    mine = delete(Support).where(Support.contribution_id == contribution.id, Support.account_id == account_id)
    if uow.session.execute(mine.returning(Support.contribution_id)).first() is not None:
        _count(uow, contribution, -1, TAKEN_BACK)


def forget_support(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Take back everything that an account which is being erased supported."""
    mine = select(Support.contribution_id).where(Support.account_id == account_id)
    lower = update(Contribution).where(Contribution.id.in_(mine)).values(supports=Contribution.supports - 1)
    uow.session.execute(lower.execution_options(synchronize_session=False))
    uow.session.execute(delete(Support).where(Support.account_id == account_id))


def _to_support(uow: UnitOfWork, id: uuid.UUID) -> Contribution:
    SUPPORT.require(uow.actor)
    contribution = get_contribution(uow, id)
    require_published(contribution)
    activity: Activity = get_activity(uow, contribution.activity_id)
    if not activity.allows_support:
        raise Invalid(_("Deze bijdragen kunt u niet steunen."))
    if not is_open(activity, uow.now):
        raise Gone(_("De termijn is voorbij. U kunt geen bijdragen meer steunen."))
    return contribution


def _count(uow: UnitOfWork, contribution: Contribution, number: int, action: str) -> int:
    grown = update(Contribution).where(Contribution.id == contribution.id).values(supports=Contribution.supports + number)
    found = uow.session.execute(grown.returning(Contribution.supports).execution_options(synchronize_session=False)).scalar_one()
    # Nobody's business, but kept pages must notice.
    uow.record(action, contribution.id, after={"supports": found})
    uow.session.expire(contribution, ["supports"])
    return int(found)
