"""One month of a calendar on a page: its weeks with what is on their days, and the months beside it."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from citycontent.web.listing import ListPage, unknown_filter
from samen_core.api import Text, _, format_day, format_month
from samen_core.web.api import page_url

WEEKDAYS = (_("maandag"), _("dinsdag"), _("woensdag"), _("donderdag"), _("vrijdag"), _("zaterdag"), _("zondag"))
MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
MOST_ON_DAY = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on one or more days: from ``begin`` to ``until``, both included; ``clock`` is when it begins, in words or empty."""

    name: str
    path: str
    begin: date
    until: date
    clock: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class DayMoment:
    """A moment on one of its days."""

    name: str
    url: str
    clock: str
    off: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. ``more`` is the number of moments that are not shown; ``url`` lists them all."""

    number: int
    label: str
    inside: bool
    today: bool
    moments: tuple[DayMoment, ...]
    more: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month for the macro of ``citycontent/macros/month.html``; ``previous`` and ``next`` are (label, address), ``this`` an address."""

    label: str
    weeks: list[list[Day]]
    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    this: str | None
    is_empty: bool
    is_complete: bool
    weekdays: tuple[Text, ...] = WEEKDAYS


def asked_day(where: ListPage) -> date | None:
    """The day (``dag``) that a list is narrowed to. Raises Invalid for what is no day."""
    asked = where.values.get("dag", "")
    try:
        if asked and not DAY.fullmatch(asked):
            raise unknown_filter()
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise unknown_filter() from None


def asked_month(where: ListPage, today: date, farthest: int) -> date:
    """The first day of the month (``maand``) to show, else of this one.

    Raises Invalid for what is no month, or lies more than ``farthest`` months away: a calendar without end is a trap for search engines.
    """
    asked = where.values.get("maand", "")
    if asked and not MONTH.fullmatch(asked):
        raise unknown_filter()
    first = date(int(asked[:4]), int(asked[5:]), 1) if asked else today.replace(day=1)
    if abs(_months(first) - _months(today)) > farthest:
        raise unknown_filter()
    return first


def next_month(day: date) -> date:
    """The first day of the month after that of this day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_view(
    where: ListPage, first: date, today: date, farthest: int, moments: Iterable[Moment], *, is_empty: bool, is_complete: bool
) -> Month:
    """The month that begins on ``first``. ``is_empty``: there is nothing in it at all; ``is_complete``: everything of it is here."""
    return Month(
        format_month(first),
        _weeks(where, first, today, moments),
        _step(where, today, first - timedelta(days=1), farthest),
        _step(where, today, next_month(first), farthest),
        where.url(maand=None) if first != today.replace(day=1) else None,
        is_empty,
        is_complete,
    )


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _step(where: ListPage, today: date, day: date, farthest: int) -> tuple[str, str] | None:
    if abs(_months(day) - _months(today)) > farthest:
        return None
    return format_month(day.replace(day=1)), where.url(maand=day.strftime("%Y-%m"))


def _weeks(where: ListPage, first: date, today: date, moments: Iterable[Moment]) -> list[list[Day]]:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    by_day: dict[date, list[DayMoment]] = {day: [] for week in weeks for day in week}
    for moment in moments:
        url, day = page_url(moment.path), max(moment.begin, weeks[0][0])
        while day <= max(moment.begin, moment.until) and day in by_day:
            by_day[day].append(DayMoment(moment.name, url, moment.clock if day == moment.begin else "", moment.off))
            day += timedelta(days=1)
    return [[_day(where, day, first, today, by_day[day]) for day in week] for week in weeks]


def _day(where: ListPage, day: date, first: date, today: date, found: Sequence[DayMoment]) -> Day:
    inside = day.month == first.month
    shown = found[:MOST_ON_DAY] if len(found) > MOST_ON_DAY + 1 else found
    more = len(found) - len(shown) if inside else 0
    url = where.url(weergave=None, maand=None, dag=day.isoformat()) if more else None
    return Day(day.day, format_day(day), inside, day == today, tuple(shown) if inside else (), more, url)
