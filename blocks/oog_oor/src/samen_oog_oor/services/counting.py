"""Counting ahead for public pages, by the clock: numbers by day, and the figures. Everything is counted from the cases themselves.

The counting reads in a transaction of its own, before the job writes, so that no report waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Numbers
from samen_oog_oor.queries.figures import BY, KIND, count_figures, last_verdict, written
from samen_oog_oor.queries.numbers import (
    AGAIN,
    CASES,
    CLOSED_CASES,
    SIGNALS,
    VERDICTS,
    count_cases,
    last_change,
    stretches,
    uncertain,
)
from samen_oog_oor.queries.statistics import count_closed, count_signals, count_verdicts
from samen_oog_oor.working_days import city_day, today

MARGIN = timedelta(minutes=5)
"""A transaction that began before we counted may end after: what changed shortly before counts as changed since."""
CHECKED = 5
"""So many days, counted longest ago, are counted again each time, in case something changed without saying so."""
COUNTERS = {CASES: count_cases, SIGNALS: count_signals, CLOSED_CASES: count_closed, VERDICTS: count_verdicts}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found for a kind: the days that were counted, None for all, and the rows of those with any."""

    at: datetime
    days: list[date] | None
    found: dict[date, list[list[Any]]]


def keep_numbers(uow: UnitOfWork) -> None:
    """Count the days on which something changed since they were counted; all days the first time."""
    with uow.platform.read(uow.actor) as reader:
        counted = {kind: count_days(reader, kind) for kind in COUNTERS}
    for kind, found in counted.items():
        write_days(uow, kind, found)


def count_days(reader: UnitOfWork, kind: str) -> Counted:
    """What is to be kept anew of a kind. Four statements."""
    at = reader.now - MARGIN
    spans = uncertain(reader, kind)
    if spans is None:
        return Counted(at, None, COUNTERS[kind](reader, None))
    oldest = select(Numbers.day).where(Numbers.kind == kind).order_by(Numbers.at, Numbers.day).limit(CHECKED)
    days = {first + timedelta(days=nth) for first, last in spans for nth in range((last - first).days + 1)}
    days.update(reader.session.execute(oldest).scalars())
    return Counted(at, sorted(days), COUNTERS[kind](reader, stretches(days)))


def write_days(uow: UnitOfWork, kind: str, counted: Counted) -> None:
    """Keep what was counted. Three statements."""
    former, marked = (
        delete(Numbers).where(Numbers.kind == kind),
        delete(Numbers).where(Numbers.kind == AGAIN[kind], Numbers.at < counted.at),
    )
    for gone in (former, marked):
        uow.session.execute(gone if counted.days is None else gone.where(Numbers.day.in_(counted.days)))
    chosen = counted.found if counted.days is None else {day: counted.found.get(day, []) for day in counted.days}
    rows = [{"kind": kind, "day": day, "at": counted.at, "found": {"rows": found}} for day, found in chosen.items()]
    if rows:
        uow.session.execute(insert(Numbers), rows)


def _mark(insert: Any) -> Any:
    row = insert(Numbers).values(kind=bindparam("kind"), day=bindparam("day"), at=bindparam("at"), found={"rows": []})
    return row.on_conflict_do_update(index_elements=[Numbers.kind, Numbers.day], set_={"at": row.excluded.at})


_MARK = {name: _mark(insert) for name, insert in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))}


def count_again(uow: UnitOfWork, kind: str, moment: datetime) -> None:
    """Something leaves the day of this moment: until it was counted again the day is counted by who asks. One statement.

    What comes to a day says so itself, and so does what stays there when its case changes.
    """
    connection = uow.session.connection()
    connection.execute(_MARK[connection.dialect.name], {"kind": AGAIN[kind], "day": city_day(moment), "at": uow.now})


def forget_numbers(uow: UnitOfWork) -> None:
    """Let everything be counted again: after what does not say when it changed."""
    uow.session.execute(delete(Numbers))


def keep_figures(uow: UnitOfWork) -> None:
    """Work the figures out anew when something changed, or when a day began."""
    with uow.platform.read(uow.actor) as reader:
        if _is_told(reader):
            return
        found = {KIND[by]: written(count_figures(reader, by)) for by in BY}
        day, at = today(reader), reader.now
    uow.session.execute(delete(Numbers).where(Numbers.kind.in_(found)))
    rows = [{"kind": kind, "day": day, "at": at, "found": {"rows": rows}} for kind, rows in found.items()]
    uow.session.execute(insert(Numbers), rows)


def _is_told(uow: UnitOfWork) -> bool:
    told = select(Numbers.at).where(Numbers.kind == KIND[BY[0]], Numbers.day == today(uow))
    at = uow.session.execute(told).scalar_one_or_none()
    return at is not None and all(last is None or last < at - MARGIN for last in (last_change(uow), last_verdict(uow)))
