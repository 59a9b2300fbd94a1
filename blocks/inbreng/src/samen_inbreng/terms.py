"""Until when something is open, in words: a term that ends at midnight ends with the day before."""

from __future__ import annotations

from datetime import datetime, timedelta

from samen_core.api import CITY_TIME_ZONE, Text, _, format_day, format_moment

_MOMENT = timedelta(microseconds=1)


def last_moment(end: datetime) -> datetime:
    """The last moment before the end of a term."""
    return end - _MOMENT


def until(end: datetime) -> Text:
    """ "tot en met dinsdag 1 december 2026" for a term that ends at midnight, else "tot dinsdag 1 december 2026, 19.30 uur"."""
    local = end.astimezone(CITY_TIME_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return _("tot en met {day}", day=format_day(last_moment(end)))
    return _("tot {when}", when=format_moment(end))
