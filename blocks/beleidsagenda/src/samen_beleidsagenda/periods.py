"""Periods of planned moments: a day, a week, a month, a quarter or a year, always the whole of it.

A period has a code ("2027-03-12", "2027-W14", "2027-03", "2027-Q3", "2027"; ISO 8601, with the quarter as EDTF writes it by hand) and
words in the reader's language. People type it as they say it: "12-3-2027", "week 14 2027", "maart 2027", "3e kwartaal 2027", and months in
English too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from samen_core.api import _, format_date, format_day, format_month

FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")
ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH_NUMBER = {form: at for names in (MONTHS, ENGLISH) for at, name in enumerate(names, 1) for form in (name, name[:3])} | {"mrt": 3}
_NAME = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_WEEKDAY = re.compile(
    r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|ma|di|wo|do|vr|za|zo)[.,]?\s+",
    re.ASCII,
)
_FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
        rf"(?:(?P<day>\d{{1,2}})\s+)?(?P<name>{_NAME})\.?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})-?\s*w(?P<week>\d{1,2})",
        r"(?:week|wk|w)\.?\s*(?P<week>\d{1,2})(?:\s+van)?[\s,/-]+(?P<year>\d{4})",
        r"(?P<year>\d{4})-?\s*q(?P<quarter>[1-4])",
        r"q(?P<quarter>[1-4])[\s,/-]+(?P<year>\d{4})",
        r"(?P<quarter>[1-4])(?:e|ste|de)?\s*kwartaal(?:\s+van)?\s+(?P<year>\d{4})",
        r"kwartaal\s*(?P<quarter>[1-4])(?:\s+van)?[\s,/-]+(?P<year>\d{4})",
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both included: the whole of its ``precision``."""

    start: date
    end: date
    precision: str

    @property
    def code(self) -> str:
        """How machines write it."""
        if self.precision == "day":
            return self.start.isoformat()
        if self.precision == "week":
            year, week, _day = self.start.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.precision == "month":
            return f"{self.start.year:04}-{self.start.month:02}"
        if self.precision == "quarter":
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.year:04}"

    @property
    def typed(self) -> str:
        """How people type it, so that a form shows what can be typed back."""
        if self.precision == "day":
            return f"{self.start.day}-{self.start.month}-{self.start.year}"
        if self.precision == "week":
            year, week, _day = self.start.isocalendar()
            return f"week {week} {year}"
        if self.precision == "month":
            return f"{self.start.month}-{self.start.year}"
        return self.code

    def holds(self, other: Period) -> bool:
        """Whether another period lies inside this one."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        """In words, in the reader's language: "vrijdag 12 maart 2027", "week 14 van 2027 (vanaf 5 april)", "maart 2027"."""
        if self.precision == "day":
            return format_day(self.start)
        if self.precision == "week":
            year, week, _day = self.start.isocalendar()
            return str(_("week {week} van {year}, vanaf {day}", week=week, year=year, day=format_date(self.start)))
        if self.precision == "month":
            return format_month(self.start)
        if self.precision == "quarter":
            return str(_("{number}e kwartaal van {year}", number=(self.start.month + 2) // 3, year=self.start.year))
        return str(self.start.year)


def whole(day: date, precision: str) -> Period:
    """The whole day, week, month, quarter or year in which a day lies."""
    if precision == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6), precision)
    if precision == "month":
        return Period(day.replace(day=1), _end_of_month(day), precision)
    if precision == "quarter":
        first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        return Period(first, _end_of_month(first.replace(month=first.month + 2)), precision)
    if precision == "year":
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), precision)
    return Period(day, day, "day")


def period_of(start: date, end: date) -> Period:
    """The period from one day to another: what is not the whole of anything is its first day."""
    for precision in ("day", "week", "month", "quarter", "year"):
        if (found := whole(start, precision)).start == start and found.end == end:
            return found
    return whole(start, "day")


def parse_period(text: str) -> Period:
    """A period as people or machines write it. Raises ValueError for anything else, and for years before 1900 or after 2199."""
    plain = " ".join(text.casefold().split())
    weekday = _WEEKDAY.match(plain)
    for form in _FORMS:
        if found := form.fullmatch(plain, weekday.end() if weekday else 0):
            period = _period(found.groupdict())
            if weekday and period.precision != "day":
                break
            return period
    raise ValueError("not a period")


def _period(parts: dict[str, str | None]) -> Period:
    year = int(parts["year"] or 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("another age")
    if week := parts.get("week"):
        return whole(date.fromisocalendar(year, int(week), 1), "week")
    if quarter := parts.get("quarter"):
        return whole(date(year, 3 * int(quarter), 1), "quarter")
    name, number = parts.get("name"), parts.get("month")
    if not name and not number:
        return whole(date(year, 1, 1), "year")
    month = _MONTH_NUMBER[name] if name else int(number or 0)
    day = parts.get("day")
    return whole(date(year, month, int(day)), "day") if day else whole(date(year, month, 1), "month")


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class PeriodField(fields.Field[Period]):
    """A period, typed as people say it or as its code."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "string",
        "maxLength": 40,
        "example": "2027-03",
        "description": "A day `2027-03-12`, a week `2027-W14`, a month `2027-03`, a quarter `2027-Q3` or a year `2027`.",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Period:  # noqa: ARG002 marshmallow's signature
        try:
            return parse_period(value)
        except (ValueError, AttributeError):
            raise ValidationError(
                [_("Vul een dag, week, maand, kwartaal of jaar in, bijvoorbeeld 12-3-2027, week 14 2027, maart 2027 of 3e kwartaal 2027.")]
            ) from None

    def _serialize(self, value: Period | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002 marshmallow's signature
        return None if value is None else value.code
