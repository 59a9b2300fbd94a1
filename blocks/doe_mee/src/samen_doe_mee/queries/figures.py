"""Figures of one plan: how people came to it, how many took part, who they were; no persons, and no small numbers per area."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Activity, ExternalResult, Plan, Reach, TookPart
from samen_inbreng.api import counts, tallies

LEAST = 5
"""Of an area with fewer contributions than this no number is told: it could point at somebody."""


@dataclass(frozen=True, slots=True)
class PlanTotals:
    """The figures of a plan that everybody sees on its page.

    ``visits`` is how often somebody came; ``people`` how many took part online, an account that did several activities once;
    ``outside_people`` how many elsewhere, apart. ``sectors`` and ``channels`` count contributions; ``areas`` those of areas with enough
    of them, ``elsewhere`` the others.
    """

    visits: int
    people: int
    outside_people: int
    contributions: int
    sectors: dict[str, int]
    channels: dict[str, int]
    areas: dict[uuid.UUID, int]
    elsewhere: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.visits or self.people or self.outside_people or self.contributions)


@dataclass(frozen=True, slots=True)
class PlanFigures(PlanTotals):
    """All figures of a plan, for who works at it and as open data.

    ``reach`` is how often somebody came, by channel; ``days`` the same by day. ``activities`` are (id, title, type, taken part, talk).
    ``outside`` is how many took part elsewhere, by channel; ``outcomes`` counts contributions.
    """

    reach: dict[str, int]
    days: tuple[tuple[date, int], ...]
    activities: tuple[Row[Any], ...]
    outside: dict[str, int]
    outcomes: dict[str, int]


_MINE = (Activity.plan_id == bindparam("plan_id"), Activity.removed_at.is_(None))
_ACTIVITIES = (
    select(Activity.id, Activity.title, Activity.type, Activity.taken_part, Activity.talk_id)
    .where(*_MINE)
    .order_by(Activity.opens_at, Activity.position, Activity.id)
)
_REACH = select(Reach.on, Reach.channel, Reach.number).where(Reach.plan_id == bindparam("plan_id")).order_by(Reach.on)
_ELSEWHERE = select(ExternalResult.people).join(Activity, Activity.id == ExternalResult.activity_id).where(*_MINE)
_OUTSIDE = _ELSEWHERE.with_only_columns(ExternalResult.channel, func.sum(ExternalResult.people).label("people")).group_by(
    ExternalResult.channel
)
# An account counts once; who has none counts once for each activity, since nothing ties those together.
_PERSONS: Any = func.count(TookPart.account_id.distinct()) + func.count() - func.count(TookPart.account_id)
_PEOPLE = select(_PERSONS).select_from(TookPart).where(TookPart.plan_id == bindparam("plan_id"))
_TOTALS = (
    select(
        select(func.coalesce(func.sum(Reach.number), 0)).where(Reach.plan_id == bindparam("plan_id")).scalar_subquery(),
        _PEOPLE.scalar_subquery(),
        _ELSEWHERE.with_only_columns(func.coalesce(func.sum(ExternalResult.people), 0)).correlate(None).scalar_subquery(),
        Activity.talk_id,
    )
    .select_from(Plan)
    .outerjoin(Activity, and_(Activity.plan_id == Plan.id, Activity.removed_at.is_(None)))
    .where(Plan.id == bindparam("plan_id"))
)
"""The numbers, once for each activity of the plan."""


def plan_totals(uow: UnitOfWork, plan_id: uuid.UUID) -> PlanTotals:
    """The figures of a plan for everybody. Two statements, neither of which reads contributions."""
    found = uow.session.execute(_TOTALS, {"plan_id": plan_id}).all()
    visits, people, outside, _talk_id = found[0]
    talks = [row.talk_id for row in found if row.talk_id is not None]
    return PlanTotals(visits=int(visits), people=int(people), outside_people=int(outside), **_of_contributions(tallies(uow, talks)))


def plan_figures(uow: UnitOfWork, plan_id: uuid.UUID) -> PlanFigures:
    """All figures of a plan. Six statements."""
    mine = {"plan_id": plan_id}
    reach, days = _reach(uow, plan_id)
    activities: list[Any] = [*uow.session.execute(_ACTIVITIES, mine)]
    numbers = counts(uow, [row.talk_id for row in activities if row.talk_id is not None])
    outside = {row.channel: int(row.people) for row in uow.session.execute(_OUTSIDE, mine)}
    return PlanFigures(
        visits=sum(reach.values()),
        people=int(uow.session.execute(_PEOPLE, mine).scalar_one()),
        outside_people=sum(outside.values()),
        reach=reach,
        days=days,
        activities=tuple(activities),
        outside=outside,
        outcomes=numbers["outcome"],
        **_of_contributions(numbers),
    )


def _of_contributions(numbers: dict[str, dict[str, int]]) -> dict[str, Any]:
    areas, elsewhere = _areas(numbers["area"])
    total = sum(numbers["total"].values())
    return {"contributions": total, "sectors": numbers["sector"], "channels": numbers["channel"], "areas": areas, "elsewhere": elsewhere}


def _reach(uow: UnitOfWork, plan_id: uuid.UUID) -> tuple[dict[str, int], tuple[tuple[date, int], ...]]:
    channels: dict[str, int] = defaultdict(int)
    days: dict[date, int] = defaultdict(int)
    for on, channel, number in uow.session.execute(_REACH, {"plan_id": plan_id}):
        channels[channel] += number
        days[on] += number
    return dict(channels), tuple(days.items())


def _areas(found: dict[str, int]) -> tuple[dict[uuid.UUID, int], int]:
    areas: dict[uuid.UUID, int] = {}
    elsewhere = 0
    for text, number in found.items():
        if text and number >= LEAST:
            areas[uuid.UUID(text)] = number
        else:
            elsewhere += number
    # One area left out could be found by taking the others from the total: then the smallest of the others goes with it.
    hidden = [number for text, number in found.items() if text and number < LEAST]
    if len(hidden) == 1 and elsewhere < LEAST and areas:
        smallest = min(areas, key=lambda area: (areas[area], area))
        elsewhere += areas.pop(smallest)
    return areas, elsewhere
