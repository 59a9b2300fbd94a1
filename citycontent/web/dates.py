"""Dates in words: partial dates, periods, and when an event is."""

from __future__ import annotations

from datetime import datetime

from citycontent.models import PartialDate
from samen_core.api import CITY_TIME_ZONE, Text, _, format_date, format_day, format_moment, format_month, format_time


def partial(value: PartialDate | None) -> str:
    """``31 december 2026``, ``december 2026`` or ``2026``; empty for None."""
    if value is None:
        return ""
    if len(value) == 4:
        return str(value)
    return format_month(value.first_day) if len(value) == 7 else format_date(value.first_day)


def period(start: PartialDate | None, end: PartialDate | None) -> Text | str:
    """``van maart 2026 tot en met 2028``; shorter when one of both is open, empty when both are."""
    if start and end:
        if start == end:
            return partial(start)
        return _("van {start} tot en met {end}", start=partial(start), end=partial(end))
    if start:
        return _("vanaf {start}", start=partial(start))
    if end:
        return _("tot en met {end}", end=partial(end))
    return ""


def when(start: datetime, end: datetime | None, *, all_day: bool = False) -> Text | str:
    """When an event is, in the city's time: ``donderdag 3 december 2026, 19.30 tot 21.30 uur``; whole days without clock times."""
    first, last = start.astimezone(CITY_TIME_ZONE), end.astimezone(CITY_TIME_ZONE) if end else None
    if all_day:
        closing = last.date() if last else first.date()
        if closing <= first.date():
            return format_day(first.date())
        return _("{start} tot en met {end}", start=format_day(first.date()), end=format_day(closing))
    if last is None or end is None:
        return format_moment(start)
    if last.date() == first.date():
        # "uur" comes once, behind the end.
        return _("{start} tot {end}", start=format_moment(start).removesuffix(" uur"), end=format_time(end))
    return _("{start} tot {end}", start=format_moment(start), end=format_moment(end))
