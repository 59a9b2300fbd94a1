"""How much was reported, how long it took and what reporters thought of it, by day: for monitoring and as open data.

Days are those of the city. Nothing of a person is in it: no text, no place smaller than a neighbourhood, nothing that is confidential.
Of what everybody may only know the number of, the neighbourhood is left out: these are numbers by day.
A case that became part of another counts as that one.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, not_, select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, Signal, Verdict
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.figures import LEAST_JUDGED
from samen_oog_oor.queries.numbers import SIGNALS, Span, kept, within
from samen_oog_oor.queries.public import COUNTED, HIDDEN, day_start
from samen_oog_oor.working_days import city_day

MOST_DAYS = 366
"""The longest period that is asked for at once."""

_C: Any = Case.__table__.c
_S: Any = Signal.__table__.c
_V: Any = Verdict.__table__.c


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both counted in."""

    first: date
    last: date

    def moments(self) -> dict[str, datetime]:
        """The first moment in it, and the first after it."""
        return {"since": day_start(self.first), "before": day_start(self.last + timedelta(days=1))}


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """So many signals of one kind on a day in an area, and how many of them brought a new case."""

    day: date
    category_id: uuid.UUID
    area_id: uuid.UUID | None
    channel: str
    type: str
    signals: int
    cases: int


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """What was closed on a day: how many cases, after how many days altogether, and how many by the day that was promised.

    ``days`` sums the days from the report to the end, those in which it waited for somebody else too; ``longest`` is the most of one.
    """

    day: date
    category_id: uuid.UUID
    area_id: uuid.UUID | None
    organization_id: uuid.UUID | None
    state: str
    cases: int
    days: int
    longest: int
    in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What reporters said on a day of how cases were closed."""

    day: date
    category_id: uuid.UUID
    area_id: uuid.UUID | None
    organization_id: uuid.UUID | None
    content: int
    not_content: int
    asked_reopening: int


def _between(column: Any) -> tuple[Any, ...]:
    kind = column.type
    return column >= bindparam("since", type_=kind), column < bindparam("before", type_=kind)


def _area(column: Any) -> Any:
    """The neighbourhood; of what is only counted by neighbourhood not with a day too, or it could be told which case it is."""
    return case((not_(HIDDEN), column)).label("area_id")


_REPORTED: Any = (
    select(_S.at, _C.category_id, _area(_S.area_id), _S.channel, _S.type, _S.first_case_id, _S.id)
    .join(Case.__table__, _C.id == _S.case_id)
    .where(_S.confirmed_at.is_not(None), _S.withdrawn_at.is_(None), COUNTED)
    .order_by(_S.at, _S.id)
)
_OPENED: Any = select(_C.reported_at, _C.id).where(COUNTED).order_by(_C.reported_at, _C.id)
_CLOSED: Any = select(
    _C.closed_at, _C.reported_at, _C.promised_on, _C.category_id, _area(_C.area_id), _C.organization_id, _C.state, _C.id
).where(*_between(_C.closed_at), _C.state.in_(tuple(sorted(CLOSED))), COUNTED)
_JUDGED: Any = (
    select(_V.at, _V.content, _V.asks_reopening, _C.category_id, _area(_C.area_id), _C.organization_id)
    .join(Case.__table__, _C.id == _V.case_id)
    .where(*_between(_V.at), COUNTED)
)


def reported(uow: UnitOfWork, period: Period) -> list[ReportedRow]:
    """The signals of a period, by day, category, area, channel and type. At most four statements.

    A signal brought a new case when it is the first one of the case that it came in on.
    """
    counted = kept(uow, SIGNALS, period.first, period.last)
    spans = [(period.first, period.last)] if counted.spans is None else counted.spans
    days = [*counted.rows, *(count_signals(uow, spans).items() if spans else ())]
    rows = [ReportedRow(day, uuid.UUID(row[0]), uuid.UUID(row[1]) if row[1] else None, *row[2:]) for day, found in days for row in found]
    return sorted(rows, key=lambda row: tuple(str(part) for part in (row.day, row.category_id, row.area_id, row.channel, row.type)))


def count_signals(uow: UnitOfWork, spans: list[Span] | None) -> dict[date, list[list[Any]]]:
    """Per day: category, area, channel, type, how many signals, and how many of these brought a case. Two statements."""
    signals: Counter[tuple[Any, ...]] = Counter()
    opened: dict[tuple[date, uuid.UUID], tuple[Any, ...]] = {}
    connection = uow.session.connection()
    chosen = [] if spans is None else [within(_S.at, spans)]
    for row in connection.execute(_REPORTED.where(*chosen)):
        day = city_day(row.at)
        key: tuple[Any, ...] = (day, row.category_id.hex, row.area_id.hex if row.area_id else None, row.channel, row.type)
        signals[key] += 1
        opened.setdefault((day, row.first_case_id), key)
    chosen = [] if spans is None else [within(_C.reported_at, spans)]
    firsts = connection.execute(_OPENED.where(*chosen))
    cases = Counter(opened.get((city_day(row.reported_at), row.id)) for row in firsts)
    found: dict[date, list[list[Any]]] = {}
    for of, number in signals.items():
        found.setdefault(of[0], []).append([*of[1:], number, cases[of]])
    return found


def closed(uow: UnitOfWork, period: Period) -> list[ClosedRow]:
    """The cases that were closed in a period and are closed still, by day, category, area, organisation and state. One statement."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in uow.session.connection().execute(_CLOSED, period.moments()):
        day = city_day(row.closed_at)
        sums = found.setdefault((day, row.category_id, row.area_id, row.organization_id, row.state), [0, 0, 0, 0, 0])
        took = (day - city_day(row.reported_at)).days
        promised = row.promised_on is not None
        sums[0] += 1
        sums[1] += took
        sums[2] = max(sums[2], took)
        sums[3] += promised and day <= row.promised_on
        sums[4] += promised and day > row.promised_on
    return [ClosedRow(*key, *sums) for key, sums in sorted(found.items(), key=_order)]


def judged(uow: UnitOfWork, period: Period) -> list[VerdictRow]:
    """What reporters said in a period, by day, category, area and organisation. One statement.

    The area is told from LEAST_JUDGED answers in the period on: fewer would say what one neighbour thinks.
    """
    found: dict[tuple[Any, ...], list[int]] = {}
    rows = uow.session.connection().execute(_JUDGED, period.moments()).all()
    often = Counter((row.category_id, row.area_id) for row in rows)
    for row in rows:
        area_id = row.area_id if often[row.category_id, row.area_id] >= LEAST_JUDGED else None
        sums = found.setdefault((city_day(row.at), row.category_id, area_id, row.organization_id), [0, 0, 0])
        sums[0] += bool(row.content)
        sums[1] += not row.content
        sums[2] += bool(row.asks_reopening)
    return [VerdictRow(*key, *sums) for key, sums in sorted(found.items(), key=_order)]


def _order(item: tuple[tuple[Any, ...], Any]) -> tuple[str, ...]:
    return tuple(str(part) for part in item[0])
