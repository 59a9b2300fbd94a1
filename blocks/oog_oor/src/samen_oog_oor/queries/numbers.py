"""Numbers by day that were counted before, with what changed since counted anew: exact, at the cost of days and not of cases.

A worker counts per day (``services.counting``). A case that changed since makes its days uncertain: they are left out of what was counted
and counted again, so whatever was hidden, lowered, merged or made confidential is out of the numbers at once. Where nothing was counted
yet, everything is counted here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, union_all

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Numbers, Signal
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.queries.public import CONDITIONS, COUNTED, HIDDEN, LEAST_HIDDEN, C, PublicFilter, day_start
from samen_oog_oor.working_days import city_day, today

CASES, SIGNALS = "cases", "signals"
MOST_SPANS = 40
"""With more stretches of uncertain days, all between the first and the last is counted anew."""
Span = tuple[date, date]
_DAY = timedelta(days=1)
_N = Numbers.__table__.c
_S = Signal.__table__.c
_OPEN = tuple(sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted in a period, by day, and the stretches of days that have to be counted anew, None for all of it."""

    rows: list[tuple[date, Any]]
    spans: list[Span] | None


def kept(uow: UnitOfWork, kind: str, first: date | None, last: date | None) -> Kept:
    """What was counted from ``first`` to ``last``, both counted in. At most two statements."""
    # The changes first: what is counted between the two statements is then left out, and not missed.
    spans = _clipped(uncertain(uow, kind), first, last)
    if spans is None:
        return Kept([], None)
    days = [_N.kind == kind]
    if first is not None:
        days.append(_N.day >= first)
    if last is not None:
        days.append(_N.day <= last)
    rows = uow.session.connection().execute(select(_N.day, _N.found).where(*days))
    return Kept([(row.day, row.found["rows"]) for row in rows if not any(a <= row.day <= b for a, b in spans)], spans)


def uncertain(uow: UnitOfWork, kind: str) -> list[Span] | None:
    """The days of which something may have changed since they were counted; None where nothing was counted. One statement."""
    rows = uow.session.connection().execute(_CHANGED[kind]).all()
    if not any(row.tag == 0 and row.at is not None for row in rows):
        return None
    return stretches({city_day(row.at) for row in rows if row.tag})


def _changed(kind: str) -> Any:
    counted = select(func.max(_N.at)).where(_N.kind == kind)
    since = C.changed_at >= counted.scalar_subquery()
    parts = [
        select(literal(0).label("tag"), func.max(_N.at).label("at")).where(_N.kind == kind),
        select(literal(1), C.reported_at).where(since),
    ]
    if kind == SIGNALS:
        parts.append(select(literal(1), _S.at).join(C.id.table, C.id == _S.case_id).where(since))
    return union_all(*parts)


_CHANGED = {kind: _changed(kind) for kind in (CASES, SIGNALS)}


def stretches(days: Iterable[date]) -> list[Span]:
    """Days as stretches of days that follow each other, at most MOST_SPANS."""
    found: list[Span] = []
    for day in sorted(days):
        if found and found[-1][1] + _DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found if len(found) <= MOST_SPANS else [(found[0][0], found[-1][1])]


def _clipped(spans: list[Span] | None, first: date | None, last: date | None) -> list[Span] | None:
    if spans is None:
        return None
    parts = ((max(a, first or a), min(b, last or b)) for a, b in spans)
    return [(a, b) for a, b in parts if a <= b]


def within(column: Any, spans: Sequence[Span]) -> ColumnElement[bool]:
    """The condition that a moment is in one of these stretches of days."""
    return or_(false(), *(and_(column >= day_start(a), column < day_start(b + _DAY)) for a, b in spans))


def numbers_by_area(uow: UnitOfWork, filter: PublicFilter) -> dict[uuid.UUID | None, tuple[int, int]]:
    """How many cases there are in each area, and how many of these are open; of every level. At most three statements.

    A number of what is only counted under LEAST_HIDDEN is left out where the filter is narrow: it would tell of one case.
    """
    counted = kept(uow, CASES, filter.since, filter.until) if filter.organization_id is None else Kept([], None)
    found: dict[uuid.UUID | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for area_id, *numbers in (*_before(counted.rows, filter), *_now(uow, filter, counted.spans)):
        sums = found[area_id]
        for at, number in enumerate(numbers):
            sums[at] += number
    narrow = filter.is_narrow(today(uow))
    told = {id: (n - hid, run - hid_run) if narrow and hid < LEAST_HIDDEN else (n, run) for id, (n, run, hid, hid_run) in found.items()}
    return dict(told)


def _before(rows: Iterable[tuple[date, Any]], filter: PublicFilter) -> Iterator[tuple[Any, ...]]:
    """Area, number, running, hidden and hidden running of what was counted and is in the filter."""
    categories = {id.hex for id in filter.category_ids} if filter.category_ids else None
    areas = {id.hex for id in filter.area_ids} if filter.area_ids else None
    states = set(filter.states) if filter.states else None
    for _day, found in rows:
        for category, area, state, hidden, n in found:
            if (categories and category not in categories) or (areas and area not in areas) or (states and state not in states):
                continue
            running = n if state in OPEN else 0
            yield uuid.UUID(area) if area else None, n, running, n if hidden else 0, running if hidden else 0


def _now(uow: UnitOfWork, filter: PublicFilter, spans: list[Span] | None) -> Iterable[Any]:
    """The same of what is counted now."""
    if spans == []:
        return ()
    values = filter.values()
    conditions = [CONDITIONS[name] for name in values]
    if spans is not None:
        conditions.append(within(C.reported_at, spans))
    is_open = C.state.in_(_OPEN)
    numbers = (func.count(), func.count().filter(is_open), func.count().filter(HIDDEN), func.count().filter(is_open, HIDDEN))
    return uow.session.connection().execute(select(C.area_id, *numbers).where(COUNTED, *conditions).group_by(C.area_id), values).all()


def count_cases(uow: UnitOfWork, spans: list[Span] | None) -> dict[date, list[list[Any]]]:
    """Per day on which cases were reported: category, area, state, whether it is HIDDEN, and how many. One statement."""
    columns = (C.reported_at, C.category_id, C.area_id, C.state, HIDDEN.label("hidden"))
    chosen = select(*columns).where(COUNTED, *(() if spans is None else (within(C.reported_at, spans),)))
    found: dict[date, dict[tuple[Any, ...], int]] = defaultdict(dict)
    for row in uow.session.connection().execute(chosen):
        cells = found[city_day(row.reported_at)]
        key = (row.category_id.hex, row.area_id.hex if row.area_id else None, row.state, int(row.hidden))
        cells[key] = cells.get(key, 0) + 1
    return {day: [[*key, n] for key, n in cells.items()] for day, cells in found.items()}


def last_change(uow: UnitOfWork) -> datetime | None:
    """When a case changed last. One seek."""
    found: datetime | None = uow.session.execute(select(func.max(C.changed_at))).scalar_one()
    return found
