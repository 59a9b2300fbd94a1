"""Meetings, and the last days of what one can take part in, as an iCalendar feed (RFC 5545 and 7986)."""

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
class Entry:
    """A moment in a calendar. ``uid`` stays the same, so that what moves here moves there. Days are whole days of the city."""

    uid: str
    start: datetime | date
    end: datetime | date | None
    title: str
    text: str
    place: str
    page: str
    changed_at: datetime
    version: int
    cancelled: bool = False


def calendar(name: str, source: str, page: str, entries: Iterable[Entry]) -> bytes:
    """The feed; ``source`` is its own address, ``page`` that of the page with the same content."""
    from icalendar import Calendar

    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Samen//Doe Mee//NL")
    made.add("calscale", "GREGORIAN")
    made.add("name", _line(name))
    made.add("x-wr-calname", _line(name))
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    made.add("source", source, parameters={"value": "URI"})
    made.add("url", page)
    for entry in entries:
        made.add_component(_event(entry))
    written: bytes = made.to_ical()
    return written


def _event(entry: Entry) -> Event:
    from icalendar import Event as Component

    event = Component()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.version)
    event.add("dtstart", _moment(entry.start))
    if entry.end is not None:
        event.add("dtend", _moment(entry.end))
    event.add("summary", _line(entry.title))
    event.add("description", without_bad(entry.text, " "))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("url", entry.page)
    if not isinstance(entry.start, datetime):
        event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", _line(entry.place))
    return event


def _moment(at: datetime | date) -> datetime | date:
    return at.astimezone(UTC) if isinstance(at, datetime) else at


def _line(text: str) -> str:
    return " ".join(without_bad(text, " ").split())
