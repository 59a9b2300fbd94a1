"""Planned work as an iCalendar feed (RFC 5545 and 7986): a day for each case of which everybody may know when the work is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from samen_core.api import without_bad

if TYPE_CHECKING:
    from icalendar import Event

CALENDAR = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
"""How often a calendar that subscribes is asked to look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """The work on one case: ``uid`` stays the same, so that a day that is moved moves in the calendar of who subscribed."""

    uid: str
    day: date
    title: str
    text: str
    place: str
    point: tuple[float, float] | None
    page: str
    changed_at: datetime
    version: int


def planned_calendar(name: str, source: str, page: str, works: Iterable[PlannedWork]) -> bytes:
    """The feed; ``source`` is its own address, ``page`` that of the page with the same content. Days are whole days of the city."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Samen//Oog en Oor//NL")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("source", source, parameters={"value": "URI"})
    calendar.add("url", page)
    for work in works:
        calendar.add_component(_event(work))
    written: bytes = calendar.to_ical()
    return written


def _event(work: PlannedWork) -> Event:
    from icalendar import Event as Component

    event = Component()
    event.add("uid", work.uid)
    event.add("dtstamp", work.changed_at.astimezone(UTC))
    event.add("last-modified", work.changed_at.astimezone(UTC))
    event.add("sequence", work.version)
    event.add("dtstart", work.day)
    event.add("dtend", work.day + timedelta(days=1))
    event.add("summary", _line(work.title))
    event.add("description", without_bad(work.text, " "))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", work.page)
    if work.place:
        event.add("location", _line(work.place))
    if work.point is not None:
        event.add("geo", work.point)
    return event


def _line(text: str) -> str:
    return " ".join(without_bad(text, " ").split())
