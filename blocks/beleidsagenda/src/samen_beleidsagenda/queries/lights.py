"""Traffic lights: how a dossier or a promise stands, always computed from its dates and never stored (beleidsagenda.md §3.3).

Only what everybody may know of counts, so that the light of a dossier is the same for all and tells nothing of what is confidential.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, case, exists, func, or_, select

from samen_beleidsagenda.models import COMING_STATUSES, Dossier, PlanningItem
from samen_beleidsagenda.models.base import OPEN_STATES
from samen_core.api import CITY_TIME_ZONE, UnitOfWork

LIGHTS = ("late", "attention", "on_schedule", "done")
"""The worst first."""
SOON = timedelta(days=14)
"""How long before it begins a moment must stand on an agenda, and before it is due a promise asks for attention."""
DONE_PHASES = ("completed", "withdrawn")


_TODAY, _SOON = bindparam("light_today", type_=Date()), bindparam("light_soon", type_=Date())
_D, _I = Dossier.__table__.c, PlanningItem.__table__.c


def _light() -> ColumnElement[str]:
    open_moment = and_(_I.dossier_id == _D.id, _I.state == "published", _I.confidential.is_(False), _I.status.in_(COMING_STATUSES))
    end = _D.expected_end
    over = func.substr(bindparam("light_day", type_=String()), 1, func.length(end)) > end
    unsettled = and_(_I.status != "scheduled", _I.body_id.is_not(None), _I.start_date <= _SOON)
    late = or_(and_(end.is_not(None), over), exists().where(open_moment, _I.end_date < _TODAY))
    attention = or_(_D.phase == "on_hold", exists().where(open_moment, or_(_I.slips > 0, unsettled)))
    return case((_D.phase.in_(DONE_PHASES), "done"), (late, "late"), (attention, "attention"), else_="on_schedule").label("light")


LIGHT = _light()
"""The light of a dossier as a column of a statement on dossiers, with the parameters of :func:`light_days`.

Done: completed or withdrawn. Late: a planned moment whose period is over and that was not treated, postponed or dropped, or an expected
end that is over. Attention: on hold, or a coming moment that was put off before, or that begins within 14 days and is on no agenda of its
body; what no body does, such as an evening for residents, needs none.
"""
_LIGHTS = select(_D.id, LIGHT).where(_D.id.in_(bindparam("ids", expanding=True)))


def light_days(uow: UnitOfWork) -> dict[str, Any]:
    """The values of the parameters of ``LIGHT``."""
    today = city_day(uow)
    return {"light_today": today, "light_soon": today + SOON, "light_day": today.isoformat()}


def lights_of_dossiers(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The light of each of these dossiers. One statement."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    uow.session.flush()
    return {row.id: row.light for row in uow.session.connection().execute(_LIGHTS, {"ids": wanted, **light_days(uow)})}


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
