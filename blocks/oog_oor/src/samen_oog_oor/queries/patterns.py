"""Patterns and trends: what was found, its cases as far as everybody may know of them, and each neighbourhood against its own past."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_oog_oor.models import Pattern, PatternCase
from samen_oog_oor.queries.public import COUNTED, HIDDEN, LEAST_HIDDEN, PLACED, POINT, C, day_start
from samen_oog_oor.working_days import today

AnyRow = Any
"""A row of a table, by the names of its columns."""
_P, _PC = Pattern.__table__.c, PatternCase.__table__.c
ORDER = Order("oog_oor.patterns", SortKey(_P.weight, descending=True), SortKey(_P.id, descending=True))
STATES = {"": ("found", "proposed", "asked"), "vraag": ("proposed", "asked"), "voorbij": ("over",)}
"""What the list shows, by the names in its address."""
SPAN = timedelta(days=30)
PAST_SPANS = 12
"""A neighbourhood is compared with the twelve periods of thirty days before this one."""
LEAST_CASES = 5
"""With fewer cases than this in a period nothing is called more than usual."""
_COLUMNS = tuple(
    _P[name]
    for name in ("id", "category_id", "area_id", "title", "state", "lat", "lon", "radius", "weight", "first_on", "last_on", "proposed_at")
)


@dataclass(frozen=True, slots=True)
class Trend:
    """How much was reported in a neighbourhood in the last thirty days, and usually in thirty days of the year before those."""

    area_id: uuid.UUID
    now: int
    usual: float

    @property
    def is_more(self) -> bool:
        """Whether it is clearly more: half as much again, and more than chance would give (two standard deviations of a count)."""
        return self.now >= LEAST_CASES and self.now >= 1.5 * self.usual and self.now - self.usual > 2 * max(1.0, self.usual) ** 0.5

    @property
    def is_less(self) -> bool:
        """Whether it is clearly less, by the same measure."""
        return self.usual >= LEAST_CASES and self.now <= self.usual / 1.5 and self.usual - self.now > 2 * self.usual**0.5


def list_patterns(
    uow: UnitOfWork,
    request: PageRequest,
    states: Sequence[str],
    category_ids: Sequence[uuid.UUID] | None = None,
    area_ids: Sequence[uuid.UUID] | None = None,
) -> Page[AnyRow]:
    """A page of patterns, the heaviest first. One statement. Raises Invalid for a wrong cursor."""
    found = select(*_COLUMNS).where(_P.state.in_(list(states)))
    if category_ids is not None:
        found = found.where(_P.category_id.in_(list(category_ids)))
    if area_ids is not None:
        found = found.where(_P.area_id.in_(list(area_ids)))
    return fetch_page(uow.session, found, ORDER, request)


def cases_of(uow: UnitOfWork, pattern_id: uuid.UUID, most: int) -> Sequence[AnyRow]:
    """The cases of a pattern of which everybody may know the place, newest first. One statement."""
    columns = (C.id, C.number, C.title, C.category_id, C.area_id, C.state, C.reported_at, *POINT, C.publication)
    found = select(*columns).join(_PC.case_id.table, _PC.case_id == C.id).where(_PC.pattern_id == pattern_id, PLACED)
    return uow.session.connection().execute(found.order_by(C.reported_at.desc(), C.id.desc()).limit(most)).all()


def a_year_earlier(uow: UnitOfWork, pattern: Pattern) -> int:
    """How many cases of its kind there were at its place in the same weeks a year earlier. One statement."""
    year = timedelta(days=365)
    up, aside = (pattern.radius + 50) / 111_320, (pattern.radius + 50) / 68_000
    here = and_(C.public_lat.between(pattern.lat - up, pattern.lat + up), C.public_lon.between(pattern.lon - aside, pattern.lon + aside))
    start, end = day_start(pattern.first_on - year), day_start(pattern.last_on - year + timedelta(days=1))
    then = (C.category_id == pattern.category_id, C.reported_at >= start, C.reported_at < end)
    return uow.session.connection().execute(select(func.count()).where(PLACED, here, *then)).scalar_one()


def trends(uow: UnitOfWork, category_ids: Sequence[uuid.UUID] | None = None) -> list[Trend]:
    """Every neighbourhood with cases against its own past, most above it first; none while the past is shorter than thirty days.

    Two statements.
    """
    day = today(uow)
    now_from, past_from = day_start(day - SPAN), day_start(day - SPAN * (PAST_SPANS + 1))
    now = func.count().filter(C.reported_at >= now_from).label("now")
    hidden = (func.count().filter(HIDDEN).label("hidden"), func.count().filter(HIDDEN, C.reported_at >= now_from).label("hidden_now"))
    found = select(C.area_id, now, func.count().label("n"), *hidden)
    found = found.where(COUNTED, C.reported_at >= past_from, C.area_id.is_not(None)).group_by(C.area_id)
    if category_ids is not None:
        found = found.where(C.category_id.in_(list(category_ids)))
    first = uow.session.connection().execute(select(func.min(C.reported_at, type_=C.reported_at.type)).where(COUNTED)).scalar_one()
    spans = _spans(first.date() if first else day, day)
    if spans < 1:
        return []
    rows = uow.session.connection().execute(found)
    made = []
    for row in rows:
        # What is only counted: of one kind, a few in a neighbourhood would tell of single cases.
        few = category_ids is not None and row.hidden_now < LEAST_HIDDEN
        n, current = (row.n - row.hidden, row.now - row.hidden_now) if few else (row.n, row.now)
        if n:
            made.append(Trend(row.area_id, current, round((n - current) / spans, 1)))
    return sorted(made, key=lambda trend: (trend.usual - trend.now, str(trend.area_id)))


def _spans(first: date, day: date) -> float:
    """How many periods there were before this one since the first case: a young city has less of a past."""
    return max(0.0, min(float(PAST_SPANS), ((day - SPAN) - first).days / SPAN.days))
