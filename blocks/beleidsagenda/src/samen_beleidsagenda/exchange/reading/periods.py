"""What people write in the column "wanneer": a day, a week, a month, a quarter, a year, or that it is not known yet.

A form asks for a whole period (:func:`samen_beleidsagenda.periods.parse_period`); a list of years ago is as it is, so here a year may be
of two digits, stand before or after, or only in the name of the list.
"""

from __future__ import annotations

import re
from datetime import date

from samen_beleidsagenda.periods import MONTHS, Period, whole
from samen_core.api import fold

_OTHER_NAMES = {
    "mrt": 3,
    "mar": 3,
    "febr": 2,
    "sept": 9,
    "oct": 10,
    "may": 5,
    "january": 1,
    "february": 2,
    "march": 3,
    "june": 6,
    "july": 7,
}
_NUMBERS = {
    **{name[:3]: number for number, name in enumerate(MONTHS, 1)},
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **_OTHER_NAMES,
    "august": 8,
    "october": 10,
}
_NOT_KNOWN = frozenset(
    (
        "",
        "x",
        "ntb",
        "n t b",
        "nog te bepalen",
        "nog niet bekend",
        "nader te bepalen",
        "onbekend",
        "pm",
        "p m",
        "nnb",
        "n n b",
        "nvt",
        "n v t",
    )
)
_YEAR = r"(?P<year>(?:19|20|21)\d\d|\d\d)"
_FULL_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_OF_YEAR = r"(?: (?:van )?" + _YEAR + ")?"
_MONTH = r"(?P<month>" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_WEEKDAY = r"(?:(?:ma|di|wo|do|vr|za|zo)(?:andag|nsdag|ensdag|nderdag|ijdag|terdag|ndag)? )?"
_WEEK = r"(?:week|wk|w) ?(?P<week>\d{1,2})"
_QUARTER = r"(?:q|k|kw|kwartaal) ?(?P<quarter>[1-4])"
_ORDINAL = r"(?P<quarter>[1-4]) ?(?:e|ste|de)? ?(?:kwartaal|kwart|kw|q|k)"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        # Days first: "6 2027" is a month, "6 6 2027" a day.
        r"(?P<year>\d{4}) (?P<month>\d\d) (?P<day>\d\d)(?: ?t?\d\d \d\d.*)?",
        _WEEKDAY + r"(?P<day>\d{1,2}) (?P<month>\d{1,2}) " + _YEAR,
        _WEEKDAY + r"(?P<day>\d{1,2}) ?" + _MONTH + r"(?: ?" + _YEAR + ")?",
        _WEEK + _OF_YEAR,
        _FULL_YEAR + " ?" + _WEEK,
        _QUARTER + _OF_YEAR,
        _FULL_YEAR + " ?" + _QUARTER,
        _ORDINAL + _OF_YEAR,
        _FULL_YEAR + " ?" + _ORDINAL,
        _MONTH + r"(?: ?(?:van )?" + _YEAR + ")?",
        _FULL_YEAR + " ?" + _MONTH,
        r"(?P<month>0?[1-9]|1[0-2]) " + _FULL_YEAR,
        _FULL_YEAR + r" (?P<month>0?[1-9]|1[0-2])",
        _FULL_YEAR,
    )
)


class UnclearPeriod(ValueError):
    """A text that could be any period. ``year_missing``: all but the year is there."""

    def __init__(self, text: str, *, year_missing: bool = False) -> None:
        super().__init__(text)
        self.year_missing = year_missing


def read_period(text: str, year: int | None = None) -> Period | None:
    """The period that somebody wrote in a list; None when it says that it is not known yet.

    ``year`` is the one of a list that leaves it out ("week 14"). Raises UnclearPeriod.
    """
    plain = fold(text)
    if plain in _NOT_KNOWN:
        return None
    for form in _FORMS:
        if found := form.fullmatch(plain):
            parts = found.groupdict()
            its_year = int(parts["year"]) if parts["year"] else year
            if its_year is None:
                raise UnclearPeriod(text, year_missing=True)
            try:
                return _period(parts, its_year if its_year >= 100 else 2000 + its_year)
            except ValueError:
                break
    raise UnclearPeriod(text)


def _period(parts: dict[str, str | None], year: int) -> Period:
    if week := parts.get("week"):
        return whole(date.fromisocalendar(year, int(week), 1), "week")
    if quarter := parts.get("quarter"):
        return whole(date(year, 3 * int(quarter), 1), "quarter")
    month = parts.get("month")
    if not month:
        return whole(date(year, 1, 1), "year")
    number = int(month) if month.isdecimal() else _NUMBERS[month]
    day = parts.get("day")
    return whole(date(year, number, int(day)), "day") if day else whole(date(year, number, 1), "month")
