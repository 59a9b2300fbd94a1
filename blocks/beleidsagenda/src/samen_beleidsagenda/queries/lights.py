"""Traffic lights: how a dossier or a promise stands, always computed from its dates and never stored (beleidsagenda.md §3.3).

Only what everybody may know of counts, so that the light of a dossier is the same for all and tells nothing of what is confidential.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select

from samen_beleidsagenda.models import COMING_STATUSES, Dossier, PlanningItem
from samen_beleidsagenda.models.base import OPEN_STATES
from samen_core.api import CITY_TIME_ZONE, UnitOfWork

LIGHTS = ("late", "attention", "on_schedule", "done")
"""The worst first."""
SOON = timedelta(days=14)
"""How long before it begins a moment must stand on an agenda, and before it is due a promise asks for attention."""
DONE_PHASES = ("completed", "withdrawn")


def lights_of_dossiers(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The light of each of these dossiers. One statement."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = uow.session.execute(select(Dossier.id, light_column(city_day(uow))).where(Dossier.id.in_(wanted)))
    return {row.id: row.light for row in rows}


def light_column(today: date) -> ColumnElement[str]:
    """The light of a dossier as a column of a statement on dossiers.

    Done: completed or withdrawn. Late: a planned moment whose period is over and that was not treated, postponed or dropped, or an expected
    end that is over. Attention: on hold, or a coming moment that was put off before, or that begins within 14 days and is on no agenda.
    """
    open_moment = and_(
        PlanningItem.dossier_id == Dossier.id,
        PlanningItem.state == "published",
        PlanningItem.confidential.is_(False),
        PlanningItem.status.in_(COMING_STATUSES),
    )
    over = func.substr(literal(today.isoformat()), 1, func.length(Dossier.expected_end)) > Dossier.expected_end
    unsettled = and_(PlanningItem.status != "scheduled", PlanningItem.start_date <= today + SOON)
    late = or_(and_(Dossier.expected_end.is_not(None), over), exists().where(open_moment, PlanningItem.end_date < today))
    attention = or_(Dossier.phase == "on_hold", exists().where(open_moment, or_(PlanningItem.slips > 0, unsettled)))
    return case((Dossier.phase.in_(DONE_PHASES), "done"), (late, "late"), (attention, "attention"), else_="on_schedule").label("light")


def light_of_promise(follow_up: str | None, due_date: date | None, today: date) -> str:
    """The light of a commitment, or of a motion that is to be carried out. ``follow_up`` None: there is nothing to be done."""
    if follow_up not in OPEN_STATES:
        return "done"
    if due_date is None:
        return "on_schedule"
    if due_date < today:
        return "late"
    return "attention" if due_date <= today + SOON else "on_schedule"


def city_day(uow: UnitOfWork) -> date:
    """The day it is in the city."""
    return uow.now.astimezone(CITY_TIME_ZONE).date()
