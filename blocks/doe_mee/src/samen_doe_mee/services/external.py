"""Results from other channels: entered by who works at the plan, shown with their source beside the online ones, counted apart."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from samen_core.api import CITY_TIME_ZONE, Conflict, Invalid, NotFound, UnitOfWork, _, uuid7
from samen_doe_mee.events.activities import ActivityChanged
from samen_doe_mee.models import Activity, ExternalResult
from samen_doe_mee.schemas.external import AddExternalResult, ChangeExternalResult
from samen_doe_mee.services.activities import Placed, locked_activity, tell_activity
from samen_doe_mee.services.plans import EDITORS, require_work

TYPES = ("external", "poll")
"""The types of activities beside which results from elsewhere stand."""
_FACTS = ("channel", "held_on", "people", "source", "url", "text")


def add_external_result(uow: UnitOfWork, activity_id: uuid.UUID, command: AddExternalResult) -> ExternalResult:
    """Enter a result. Raises NotFound, Gone, NotAllowed and Invalid."""
    placed = _to_work_at(uow, activity_id)
    _check(uow, command)
    row = ExternalResult(id=uuid7(), activity_id=activity_id, entered_at=uow.now)
    _fill(row, command)
    uow.session.add(row)
    uow.session.flush()
    uow.record("doe_mee.external_result.added", placed.plan.id, after={"activity": activity_id, "result": row.id, **_logged(row)})
    _tell(uow, placed)
    return row


def change_external_result(uow: UnitOfWork, id: uuid.UUID, command: ChangeExternalResult) -> ExternalResult:
    """Correct a result. Raises NotFound, Gone, NotAllowed, Conflict (with what it is now) and Invalid."""
    row, placed = _row(uow, id, command.version)
    _check(uow, command)
    before = _logged(row)
    _fill(row, command)
    uow.session.flush()
    if (after := _logged(row)) != before:
        uow.record("doe_mee.external_result.changed", placed.plan.id, before=before, after={"result": id, **after})
        _tell(uow, placed)
    return row


def remove_external_result(uow: UnitOfWork, id: uuid.UUID, version: int, reason: str = "") -> None:
    """Take a result away. Raises NotFound, Gone, NotAllowed and Conflict."""
    row, placed = _row(uow, id, version)
    before = {"activity": row.activity_id, **_logged(row)}
    uow.session.delete(row)
    uow.session.flush()
    uow.record("doe_mee.external_result.removed", placed.plan.id, before=before, reason=reason)
    _tell(uow, placed)


def external_results(uow: UnitOfWork, activity_id: uuid.UUID) -> list[ExternalResult]:
    """The results from elsewhere beside an activity, oldest first. One statement."""
    mine = select(ExternalResult).where(ExternalResult.activity_id == activity_id).order_by(ExternalResult.held_on, ExternalResult.id)
    return list(uow.session.execute(mine).scalars())


def external_result(uow: UnitOfWork, id: uuid.UUID) -> ExternalResult:
    """One result. Raises NotFound."""
    row = uow.session.get(ExternalResult, id)
    if row is None:
        raise NotFound
    return row


def people_elsewhere(uow: UnitOfWork, plan_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many people took part on other channels, by plan: apart from who did online, since nobody knows who did both. One statement."""
    counted = (
        select(Activity.plan_id, func.sum(ExternalResult.people))
        .join(ExternalResult, ExternalResult.activity_id == Activity.id)
        .where(Activity.plan_id.in_(list(plan_ids)), Activity.removed_at.is_(None))
        .group_by(Activity.plan_id)
    )
    return {plan_id: int(number) for plan_id, number in uow.session.execute(counted)}


def external_values(row: ExternalResult) -> dict[str, Any]:
    """What the form that corrects a result shows."""
    lines = "\n".join(f"{count['text']}: {count['number']}" for count in row.counts)
    return {**{name: getattr(row, name) for name in _FACTS}, "counts": lines, "version": row.version}


def _fill(row: ExternalResult, command: AddExternalResult) -> None:
    for name in _FACTS:
        setattr(row, name, getattr(command, name))
    counts = [{"text": text, "number": number} for text, number in command.counts]
    if row.counts != counts:
        row.counts = counts


def _logged(row: ExternalResult) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "held_on": row.held_on.isoformat(),
        "people": row.people,
        "source": row.source,
        "counts": list(row.counts),
    }


def _check(uow: UnitOfWork, command: AddExternalResult) -> None:
    if command.held_on > uow.now.astimezone(CITY_TIME_ZONE).date():
        raise Invalid({"held_on": [_("Deze dag moet nog komen. Vul de uitslag in als het geweest is.")]})


def _to_work_at(uow: UnitOfWork, activity_id: uuid.UUID) -> Placed:
    placed = locked_activity(uow, activity_id)
    require_work(uow, placed.plan, *EDITORS)
    if placed.activity.type not in TYPES:
        raise NotFound
    return placed


def _row(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[ExternalResult, Placed]:
    activity_id = uow.session.execute(select(ExternalResult.activity_id).where(ExternalResult.id == id)).scalar_one_or_none()
    if activity_id is None:
        raise NotFound
    placed = _to_work_at(uow, activity_id)
    row = uow.session.get(ExternalResult, id, populate_existing=True)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Conflict(current=external_values(row), version=row.version)
    return row, placed


def _tell(uow: UnitOfWork, placed: Placed) -> None:
    if placed.public:
        tell_activity(uow, ActivityChanged, placed.activity)
