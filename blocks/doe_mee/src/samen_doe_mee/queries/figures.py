"""Figures of one plan: how people came to it, how many took part, who they were; no persons, and no small numbers per area."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Activity, ExternalResult, Reach, TookPart
from samen_inbreng.api import counts

LEAST = 5
"""Of an area with fewer contributions than this no number is told: it could point at somebody."""


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """The figures of a plan.

    ``reach`` is how often somebody came, by channel; ``days`` the same by day. ``activities`` are (id, slug, title, type, taken part).
    ``people`` is how many took part online, an account that did several activities once; ``outside`` how many elsewhere, by channel, apart.
    ``sectors``, ``channels`` and ``outcomes`` count contributions; ``areas`` those of areas with enough of them, ``elsewhere`` the others.
    """

    reach: dict[str, int]
    days: tuple[tuple[date, int], ...]
    activities: tuple[Row[Any], ...]
    people: int
    outside: dict[str, int]
    contributions: int
    sectors: dict[str, int]
    channels: dict[str, int]
    outcomes: dict[str, int]
    areas: dict[uuid.UUID, int]
    elsewhere: int

    @property
    def visits(self) -> int:
        """How often somebody came."""
        return sum(self.reach.values())

    @property
    def outside_people(self) -> int:
        """How many took part elsewhere."""
        return sum(self.outside.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.visits or self.people or self.outside_people or self.contributions)


def plan_figures(uow: UnitOfWork, plan_id: uuid.UUID) -> PlanFigures:
    """The figures of a plan. Six statements."""
    channels, days = _reach(uow, plan_id)
    activities = _activities(uow, plan_id)
    numbers = counts(uow, [row.talk_id for row in activities if row.talk_id is not None])
    areas, elsewhere = _areas(numbers["area"])
    return PlanFigures(
        reach=channels,
        days=days,
        activities=tuple(activities),
        people=_people(uow, plan_id),
        outside=_outside(uow, plan_id),
        contributions=sum(numbers["total"].values()),
        sectors=numbers["sector"],
        channels=numbers["channel"],
        outcomes=numbers["outcome"],
        areas=areas,
        elsewhere=elsewhere,
    )


def _reach(uow: UnitOfWork, plan_id: uuid.UUID) -> tuple[dict[str, int], tuple[tuple[date, int], ...]]:
    channels: dict[str, int] = defaultdict(int)
    days: dict[date, int] = defaultdict(int)
    rows = uow.session.execute(select(Reach.on, Reach.channel, Reach.number).where(Reach.plan_id == plan_id).order_by(Reach.on))
    for on, channel, number in rows:
        channels[channel] += number
        days[on] += number
    return dict(channels), tuple(days.items())


def _activities(uow: UnitOfWork, plan_id: uuid.UUID) -> list[Any]:
    statement = (
        select(Activity.id, Activity.slug, Activity.title, Activity.type, Activity.taken_part, Activity.talk_id)
        .where(Activity.plan_id == plan_id, Activity.removed_at.is_(None))
        .order_by(Activity.opens_at, Activity.position, Activity.id)
    )
    return list(uow.session.execute(statement).all())


def _people(uow: UnitOfWork, plan_id: uuid.UUID) -> int:
    """An account counts once; who has none counts once for each activity, since nothing ties those together."""
    person: Any = func.count(TookPart.account_id.distinct()) + func.count() - func.count(TookPart.account_id)
    return int(uow.session.execute(select(person).select_from(TookPart).where(TookPart.plan_id == plan_id)).scalar_one())


def _outside(uow: UnitOfWork, plan_id: uuid.UUID) -> dict[str, int]:
    statement = (
        select(ExternalResult.channel, func.sum(ExternalResult.people).label("people"))
        .join(Activity, Activity.id == ExternalResult.activity_id)
        .where(Activity.plan_id == plan_id, Activity.removed_at.is_(None))
        .group_by(ExternalResult.channel)
    )
    return {row.channel: int(row.people) for row in uow.session.execute(statement)}


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
