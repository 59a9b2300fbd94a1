"""How the city does: how many cases, how fast answers come, how long it is silent, how content reporters are.

Everything counts what everybody may know the number of. Working days stand on the cases (``answer_days``, ``close_days``), so that a
median is made of counts by day and no list of cases is read. A worker counts them every so often, as pages may not count over all cases.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Numbers, Verdict
from samen_oog_oor.models.base import OPEN, WAITING
from samen_oog_oor.queries.public import COUNTED, C, day_start
from samen_oog_oor.working_days import today

PERIOD = timedelta(days=365)
"""Over which time cases are counted as reported and closed."""
LEAST_JUDGED = 5
"""With fewer answers no share of content reporters is shown: it would say what one person thinks."""
BY = ("organization_id", "category_id", "area_id")
"""What figures are split by."""
KIND = {by: f"figures.{by}" for by in BY}
"""As what they are kept."""
_RUNNING = tuple(sorted(OPEN - WAITING))
_OPEN = tuple(sorted(OPEN))
_V = Verdict.__table__.c
_N = Numbers.__table__.c


@dataclass(slots=True)
class Figures:
    """The numbers of an organisation, category or area. Days are working days; None where nothing is known yet.

    ``silent_since`` is the moment since which the reporters of the case that waits longest heard nothing.
    """

    reported: int = 0
    closed: int = 0
    resolved: int = 0
    open: int = 0
    late: int = 0
    silent_since: datetime | None = None
    judged: int = 0
    content: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    closings: dict[int, int] = field(default_factory=dict)

    @property
    def answer_days(self) -> int | None:
        """Half of the cases had a first answer within so many days."""
        return median(self.answers)

    @property
    def close_days(self) -> int | None:
        """Half of the cases were closed within so many days."""
        return median(self.closings)

    @property
    def content_share(self) -> int | None:
        """Of a hundred reporters who said so, how many are content; None with fewer than LEAST_JUDGED."""
        return round(100 * self.content / self.judged) if self.judged >= LEAST_JUDGED else None

    def silent_days(self, day: date) -> int | None:
        """For how many days the longest waiting reporters heard nothing."""
        return max(0, (day - self.silent_since.date()).days) if self.silent_since is not None else None


def median(counts: Mapping[int, int]) -> int | None:
    """The value that half of what was counted stays at or under."""
    total = sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen * 2 >= total:
            return value
    return None


def whole(parts: Iterable[Figures]) -> Figures:
    """The figures of all of these together."""
    found = Figures()
    for part in parts:
        for name in ("reported", "closed", "resolved", "open", "late", "judged", "content"):
            setattr(found, name, getattr(found, name) + getattr(part, name))
        if part.silent_since is not None and (found.silent_since is None or part.silent_since < found.silent_since):
            found.silent_since = part.silent_since
        for name in ("answers", "closings"):
            mine: dict[int, int] = getattr(found, name)
            for days, number in getattr(part, name).items():
                mine[days] = mine.get(days, 0) + number
    return found


Told = dict[uuid.UUID | None, Figures]


def figures_by(uow: UnitOfWork, *split: str) -> dict[str, tuple[Told, datetime | None]]:
    """The figures of the last year by each of these (of BY): of each organisation, category or area, and when a worker counted them.

    One statement; where nobody counted yet they are counted here, in four more each.
    """
    found: dict[str, tuple[Told, datetime | None]] = {}
    for row in uow.session.connection().execute(_TOLD, {"kinds": [KIND[by] for by in split]}):
        found[row.kind] = {uuid.UUID(key) if key else None: _read(values) for key, values in row.found["rows"]}, row.at
    return {by: found[KIND[by]] if KIND[by] in found else (count_figures(uow, by), None) for by in split}


_TOLD = select(_N.kind, _N.at, _N.found).where(_N.kind.in_(bindparam("kinds", expanding=True))).order_by(_N.day)


def written(figures: Told) -> list[list[Any]]:
    """Figures as they are kept."""
    return [[key.hex if key else None, {**asdict(of), "silent_since": _moment(of.silent_since)}] for key, of in figures.items()]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _read(values: dict[str, Any]) -> Figures:
    silent = values["silent_since"]
    days = {name: {int(day): n for day, n in values[name].items()} for name in ("answers", "closings")}
    return Figures(**{**values, **days, "silent_since": datetime.fromisoformat(silent) if silent else None})


def count_figures(uow: UnitOfWork, by: str) -> Told:
    """The figures counted over all cases of the last year: for a worker. Four statements."""
    key = C[by]
    start = day_start(today(uow) - PERIOD)
    found: Told = defaultdict(Figures)
    connection = uow.session.connection()
    reported = select(key.label("key"), func.count().label("n")).where(COUNTED, C.reported_at >= start).group_by(key)
    for row in connection.execute(reported):
        found[row.key].reported = row.n
    for row in connection.execute(_running(key, today(uow))):
        figures = found[row.key]
        figures.open, figures.late, figures.silent_since = row.n, row.late, row.silent_since
    for row in connection.execute(_closed(key, start)):
        _count_closed(found[row.key], row)
    for row in connection.execute(_judged(key, start)):
        found[row.key].judged, found[row.key].content = row.n, row.content
    return dict(found)


def last_verdict(uow: UnitOfWork) -> datetime | None:
    """When somebody said last how content they are. One statement."""
    found: datetime | None = uow.session.execute(select(func.max(_V.at))).scalar_one()
    return found


def _running(key: Any, day: date) -> Any:
    going = C.state.in_(_RUNNING)
    late = func.count().filter(and_(going, C.promised_on < day))
    silent = func.min(case((going, func.coalesce(C.told_at, C.reported_at))), type_=C.reported_at.type)
    numbers = (func.count().label("n"), late.label("late"), silent.label("silent_since"))
    return select(key.label("key"), *numbers).where(COUNTED, C.state.in_(_OPEN)).group_by(key)


def _closed(key: Any, start: datetime) -> Any:
    # What was closed since then changed since then: changed_at has the index.
    of = select(key.label("key"), C.state, C.answer_days, C.close_days, func.count().label("n"))
    since = (C.changed_at >= start, C.closed_at >= start)
    return of.where(COUNTED, *since).group_by(key, C.state, C.answer_days, C.close_days)


def _count_closed(figures: Figures, row: Any) -> None:
    if row.state == "withdrawn":
        return
    figures.closed += row.n
    if row.state == "resolved":
        figures.resolved += row.n
    for counts, days in ((figures.answers, row.answer_days), (figures.closings, row.close_days)):
        if days is not None:
            counts[days] = counts.get(days, 0) + row.n


def _judged(key: Any, start: datetime) -> Any:
    numbers = (func.count().label("n"), func.count().filter(_V.content.is_(True)).label("content"))
    return select(key.label("key"), *numbers).join(_V.id.table, _V.case_id == C.id).where(COUNTED, _V.at >= start).group_by(key)
