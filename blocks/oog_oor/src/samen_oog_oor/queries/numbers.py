"""Numbers by day that were counted before, with what changed since counted anew: exact, at the cost of days and not of cases.

A worker counts per day (``services.counting``). A case that changed since makes its days uncertain: they are left out of what was counted
and counted again, so whatever was hidden, lowered, merged or made confidential is out of the numbers at once. A day that a thing left, as
when a case is opened again, is marked (``services.counting.count_again``). Where nothing was counted yet, everything is counted here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, literal_column, null, or_, select, union_all

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Numbers, Signal, Verdict
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.queries.public import CONDITIONS, COUNTED, HIDDEN, LEAST_HIDDEN, C, PublicFilter, day_start
from samen_oog_oor.working_days import city_day, today

CASES, SIGNALS, CLOSED_CASES, VERDICTS = KINDS = ("cases", "signals", "closed", "verdicts")
"""What is counted by day."""
AGAIN = {kind: f"{kind}.again" for kind in KINDS}
"""As what the days are kept that have to be counted again."""
MOST_SPANS = 40
"""With more stretches of uncertain days, all between the first and the last is counted anew."""
Span = tuple[date, date]
_DAY = timedelta(days=1)
_N = Numbers.__table__.c
_S = Signal.__table__.c
_V = Verdict.__table__.c
_OPEN = tuple(sorted(OPEN))
_LAST, _MOMENT, _MARKED, _COUNTED = range(4)
"""What a row tells: when was counted last, a moment on whose day something changed since, a marked day, what was counted of a day."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted in a period, by day, and the stretches of days that have to be counted anew, None for all of it."""

    rows: list[tuple[date, Any]]
    spans: list[Span] | None


def kept(uow: UnitOfWork, kind: str, first: date | None, last: date | None) -> Kept:
    """What was counted from ``first`` to ``last``, both counted in. One statement, so that nothing is counted meanwhile."""
    values = {name: day for name, day in (("first", first), ("last", last)) if day is not None}
    rows = uow.session.connection().execute(_kept(kind, tuple(values)), values).all()
    spans = _clipped(_spans(rows), first, last)
    if spans is None:
        return Kept([], None)
    days = ((row.day, row.found["rows"]) for row in rows if row.tag == _COUNTED)
    return Kept([(day, found) for day, found in days if not any(a <= day <= b for a, b in spans)], spans)


def uncertain(uow: UnitOfWork, kind: str) -> list[Span] | None:
    """The days of which something may have changed since they were counted; None where nothing was counted. One statement."""
    return _spans(uow.session.connection().execute(_CHANGED[kind]).all())


def _spans(rows: Sequence[Any]) -> list[Span] | None:
    if not any(row.tag == _LAST and row.at is not None for row in rows):
        return None
    marked = {row.day for row in rows if row.tag == _MARKED}
    return stretches(marked | {city_day(row.at) for row in rows if row.tag == _MOMENT})


def _row(tag: int, at: Any = None, day: Any = None, found: Any = None) -> Any:
    named = (("at", at), ("day", day), ("found", found))
    columns = ((null() if column is None else column).label(name) for name, column in named)
    return select(literal_column(str(tag)).label("tag"), *columns)


_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a stretch that has none. Without one PostgreSQL expects a third of all cases after a moment that it does not know yet, and
reads them all; of a stretch with two ends it expects few, and takes the index."""


def _changes(kind: str) -> list[Any]:
    last = select(func.max(_N.at)).where(_N.kind == kind).scalar_subquery()
    since = C.changed_at.between(last, _NEVER)
    # What is marked comes first, as it has a value of each type.
    parts = [_row(_MARKED, _N.at, _N.day).where(_N.kind == AGAIN[kind]), _row(_LAST, func.max(_N.at)).where(_N.kind == kind)]
    if kind == CLOSED_CASES:
        return [*parts, _row(_MOMENT, C.closed_at).where(since, C.closed_at.is_not(None))]
    if kind == VERDICTS:
        of_changed = _row(_MOMENT, _V.at).join_from(C.id.table, _V.id.table, C.id == _V.case_id).where(since)
        return [*parts, of_changed, _row(_MOMENT, _V.at).where(_V.at.between(last, _NEVER))]
    parts.append(_row(_MOMENT, C.reported_at).where(since))
    if kind == SIGNALS:
        parts.append(_row(_MOMENT, _S.at).join_from(C.id.table, _S.id.table, C.id == _S.case_id).where(since))
    return parts


_CHANGED = {kind: union_all(*_changes(kind)) for kind in KINDS}


@lru_cache(maxsize=16)
def _kept(kind: str, bounds: tuple[str, ...]) -> Any:
    chosen = {"first": _N.day >= bindparam("first", type_=_N.day.type), "last": _N.day <= bindparam("last", type_=_N.day.type)}
    days = _row(_COUNTED, _N.at, _N.day, _N.found).where(_N.kind == kind, *(chosen[name] for name in bounds))
    return union_all(days, *_changes(kind))


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
    """How many cases there are in each area, and how many of these are open; of every level. At most two statements.

    A number of what is only counted under LEAST_HIDDEN is left out where the filter is narrow: it would tell of one case.
    """
    counted = kept(uow, CASES, filter.since, filter.until) if filter.organization_id is None else Kept([], None)
    found = _before(counted.rows, filter)
    for area_id, *numbers in _now(uow, filter, counted.spans):
        sums = found[area_id.hex if area_id else None]
        for at, number in enumerate(numbers):
            sums[at] += number
    narrow = filter.is_narrow(today(uow))
    return {
        uuid.UUID(key) if key else None: (n - hid, run - hid_run) if narrow and hid < LEAST_HIDDEN else (n, run)
        for key, (n, run, hid, hid_run) in found.items()
    }


def _before(rows: Iterable[tuple[date, Any]], filter: PublicFilter) -> dict[str | None, list[int]]:
    """By area: number, running, hidden and hidden running of what was counted and is in the filter."""
    categories = {id.hex for id in filter.category_ids} if filter.category_ids else None
    areas = {id.hex for id in filter.area_ids} if filter.area_ids else None
    states = set(filter.states) if filter.states else None
    sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for _day, found in rows:
        for category, area, state, hidden, n in found:
            if (categories and category not in categories) or (areas and area not in areas) or (states and state not in states):
                continue
            of = sums[area]
            of[0] += n
            if hidden:
                of[2] += n
            if state in OPEN:
                of[1] += n
                if hidden:
                    of[3] += n
    return sums


def _now(uow: UnitOfWork, filter: PublicFilter, spans: list[Span] | None) -> Iterable[Any]:
    """The same of what is counted now."""
    if spans == []:
        return ()
    values = filter.values()
    if spans is not None:
        # They lie in the period: its own bounds would only lead the planner to all of it.
        values = {name: value for name, value in values.items() if name not in ("since", "until")}
    statement = _counting(tuple(sorted(values)), None if spans is None else len(spans))
    for nth, (a, b) in enumerate(spans or ()):
        values |= {f"from_{nth}": day_start(a), f"before_{nth}": day_start(b + _DAY)}
    return uow.session.connection().execute(statement, values).all()


@lru_cache(maxsize=256)
def _counting(names: tuple[str, ...], spans: int | None) -> Any:
    conditions = [CONDITIONS[name] for name in names]
    if spans is not None:
        column, kind = C.reported_at, C.reported_at.type
        each = range(spans)
        parts = [and_(column >= bindparam(f"from_{nth}", type_=kind), column < bindparam(f"before_{nth}", type_=kind)) for nth in each]
        conditions.append(or_(*parts))
    is_open = C.state.in_(_OPEN)
    numbers = (func.count(), func.count().filter(is_open), func.count().filter(HIDDEN), func.count().filter(is_open, HIDDEN))
    return select(C.area_id, *numbers).where(COUNTED, *conditions).group_by(C.area_id)


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
