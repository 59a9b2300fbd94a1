"""How much was reported, how long it took and what reporters thought of it, by day: for monitoring and as open data.

Days are those of the city. Nothing of a person is in it: no text, no place smaller than a neighbourhood, nothing that is confidential.
Of what everybody may only know the number of, the neighbourhood is left out: these are numbers by day.
A case that became part of another counts as that one.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import case, not_, select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, Signal, Verdict
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.figures import LEAST_JUDGED
from samen_oog_oor.queries.numbers import CLOSED_CASES, SIGNALS, VERDICTS, Span, kept, within
from samen_oog_oor.queries.public import COUNTED, HIDDEN
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
).where(_C.closed_at.is_not(None), _C.state.in_(tuple(sorted(CLOSED))), COUNTED)
_JUDGED: Any = (
    select(_V.at, _V.content, _V.asks_reopening, _C.category_id, _area(_C.area_id), _C.organization_id)
    .join(Case.__table__, _C.id == _V.case_id)
    .where(COUNTED)
)


Row = TypeVar("Row", ReportedRow, ClosedRow, VerdictRow)
Days = dict[date, list[list[Any]]]
"""What was counted, by day."""


def _of(uow: UnitOfWork, period: Period, kind: str, count: Callable[[UnitOfWork, list[Span] | None], Days]) -> list[tuple[date, Any]]:
    """The days of a period with what was counted of them, now where they are uncertain. One statement, and those of ``count``."""
    counted = kept(uow, kind, period.first, period.last)
    spans = [(period.first, period.last)] if counted.spans is None else counted.spans
    return [*counted.rows, *(count(uow, spans).items() if spans else ())]


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _hex(id: uuid.UUID | None) -> str | None:
    return id.hex if id else None


def reported(uow: UnitOfWork, period: Period) -> list[ReportedRow]:
    """The signals of a period, by day, category, area, channel and type. At most three statements.

    A signal brought a new case when it is the first one of the case that it came in on.
    """
    days = _of(uow, period, SIGNALS, count_signals)
    return _sorted(ReportedRow(day, uuid.UUID(row[0]), _id(row[1]), *row[2:]) for day, found in days for row in found)


def count_signals(uow: UnitOfWork, spans: list[Span] | None) -> Days:
    """Per day: category, area, channel, type, how many signals, and how many of these brought a case. Two statements."""
    signals: Counter[tuple[Any, ...]] = Counter()
    opened: dict[tuple[date, uuid.UUID], tuple[Any, ...]] = {}
    connection = uow.session.connection()
    chosen = [] if spans is None else [within(_S.at, spans)]
    for row in connection.execute(_REPORTED.where(*chosen)):
        day = city_day(row.at)
        key: tuple[Any, ...] = (day, row.category_id.hex, _hex(row.area_id), row.channel, row.type)
        signals[key] += 1
        opened.setdefault((day, row.first_case_id), key)
    chosen = [] if spans is None else [within(_C.reported_at, spans)]
    firsts = connection.execute(_OPENED.where(*chosen))
    cases = Counter(opened.get((city_day(row.reported_at), row.id)) for row in firsts)
    return _by_day({key: [number, cases[key]] for key, number in signals.items()})


def closed(uow: UnitOfWork, period: Period) -> list[ClosedRow]:
    """What was closed in a period and is closed still, by day, category, area, organisation and state. At most two statements."""
    days = _of(uow, period, CLOSED_CASES, count_closed)
    return _sorted(ClosedRow(day, uuid.UUID(row[0]), _id(row[1]), _id(row[2]), *row[3:]) for day, found in days for row in found)


def count_closed(uow: UnitOfWork, spans: list[Span] | None) -> Days:
    """Per day: category, area, organisation, state, how many cases, days altogether, longest, in time, and late. One statement."""
    found: dict[tuple[Any, ...], list[int]] = {}
    chosen = [] if spans is None else [within(_C.closed_at, spans)]
    for row in uow.session.connection().execute(_CLOSED.where(*chosen)):
        day = city_day(row.closed_at)
        key = (day, row.category_id.hex, _hex(row.area_id), _hex(row.organization_id), row.state)
        sums = found.setdefault(key, [0, 0, 0, 0, 0])
        took = (day - city_day(row.reported_at)).days
        promised = row.promised_on is not None
        sums[0] += 1
        sums[1] += took
        sums[2] = max(sums[2], took)
        sums[3] += promised and day <= row.promised_on
        sums[4] += promised and day > row.promised_on
    return _by_day(found)


def judged(uow: UnitOfWork, period: Period) -> list[VerdictRow]:
    """What reporters said in a period, by day, category, area and organisation. At most two statements.

    The area is told from LEAST_JUDGED answers in the period on: fewer would say what one neighbour thinks.
    """
    days = _of(uow, period, VERDICTS, count_verdicts)
    often: Counter[tuple[Any, Any]] = Counter()
    for _day, rows in days:
        for category, area, _organization, content, not_content, _asked in rows:
            often[category, area] += content + not_content
    found: dict[tuple[Any, ...], list[int]] = {}
    for day, rows in days:
        for category, area, organization, *numbers in rows:
            told = area if often[category, area] >= LEAST_JUDGED else None
            sums = found.setdefault((day, uuid.UUID(category), _id(told), _id(organization)), [0, 0, 0])
            for at, number in enumerate(numbers):
                sums[at] += number
    return _sorted(VerdictRow(*key, *sums) for key, sums in found.items())


def count_verdicts(uow: UnitOfWork, spans: list[Span] | None) -> Days:
    """Per day: category, area, organisation, how many were content, were not, and asked to open it again. One statement."""
    found: dict[tuple[Any, ...], list[int]] = {}
    chosen = [] if spans is None else [within(_V.at, spans)]
    for row in uow.session.connection().execute(_JUDGED.where(*chosen)):
        key = (city_day(row.at), row.category_id.hex, _hex(row.area_id), _hex(row.organization_id))
        sums = found.setdefault(key, [0, 0, 0])
        sums[0] += bool(row.content)
        sums[1] += not row.content
        sums[2] += bool(row.asks_reopening)
    return _by_day(found)


def _by_day(found: dict[tuple[Any, ...], list[int]]) -> Days:
    days: Days = {}
    for key, numbers in found.items():
        days.setdefault(key[0], []).append([*key[1:], *numbers])
    return days


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """In an order that does not depend on what was counted when."""
    return sorted(rows, key=lambda row: tuple(str(getattr(row, name)) for name in type(row).__slots__))
