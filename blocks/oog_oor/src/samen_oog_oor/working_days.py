"""Working days: Monday to Friday without the public holidays of the Netherlands and the extra free days of the city.

The holidays are those that the library ``holidays`` calls public: it knows King's Day on a Saturday when 27 April is a Sunday, and
Liberation Day once in five years.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from samen_core.api import CITY_TIME_ZONE, UnitOfWork

_DAY = timedelta(days=1)
_WRITTEN = re.compile(r"(?:(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})|(\d{4})-(\d{2})-(\d{2}))", re.ASCII)


def city_day(moment: datetime) -> date:
    """The day in the city at a moment."""
    return moment.astimezone(CITY_TIME_ZONE).date()


def today(uow: UnitOfWork) -> date:
    """The day in the city now."""
    return city_day(uow.now)


@cache
def holidays_in(year: int) -> frozenset[date]:
    """The public holidays of a year that fall on Monday to Friday; made once for each year."""
    from holidays import country_holidays

    return frozenset(day for day in country_holidays("NL", years=year) if day.weekday() < 5)


def is_working_day(day: date, free: Collection[date] = ()) -> bool:
    """Whether people work on this day; ``free`` are the extra days on which the city does not."""
    return day.weekday() < 5 and day not in holidays_in(day.year) and day not in free


def promised_day(start: date, working_days: int, free: Collection[date] = ()) -> date:
    """The day on which so many working days after ``start`` are over.

    The day itself does not count, as nobody knows what is left of it. No days is ``start``, or the first working day after it.
    """
    day = start
    while not is_working_day(day, free) and working_days == 0:
        day += _DAY
    for _nth in range(working_days):
        day += _DAY
        while not is_working_day(day, free):
            day += _DAY
    return day


def day_before(day: date, working_days: int, free: Collection[date] = ()) -> date:
    """The working day from which so many working days lead to ``day``; no days is ``day`` itself."""
    for _nth in range(working_days):
        day -= _DAY
        while not is_working_day(day, free):
            day -= _DAY
    return day


def working_days_between(start: date, end: date, free: Collection[date] = ()) -> int:
    """How many working days there are after ``start`` until and with ``end``; 0 when that is not later."""
    if end <= start:
        return 0
    weekdays = _weekdays_until(end) - _weekdays_until(start)
    off = {day for year in range(start.year, end.year + 1) for day in holidays_in(year)}
    off.update(day for day in free if day.weekday() < 5)
    return weekdays - sum(1 for day in off if start < day <= end)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the year 1 until and with this day: 1 January of that year was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


@lru_cache(maxsize=8)
def read_days(text: str) -> frozenset[date]:
    """The days of a text with one on each line, as ``24-12-2026`` or ``2026-12-24``. Raises ValueError with the first line that is none."""
    return frozenset(_read(text))


def _read(text: str) -> Iterator[date]:
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _WRITTEN.fullmatch(line)
        if found is None:
            raise ValueError(line)
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(line) from None
