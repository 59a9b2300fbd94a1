"""The agenda as an iCalendar feed (RFC 5545 and 7986, beleidsagenda.md §3.5): a head, and the texts that were made when moments changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from samen_beleidsagenda.services.vevent import plain

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
"""How often a calendar that subscribes is asked to look again."""
COLOR = "steelblue"
"""A name of CSS3, as RFC 7986 wants it."""
AT_ONCE = 200
"""Moments that leave together: not a piece of the answer each, and not a second copy of all."""
_END = "END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarHead:
    """What a feed says of itself: ``source`` is its own address, ``page`` that of the page with the same content."""

    name: str
    description: str
    source: str
    page: str
    changed_at: datetime | None


def calendar_feed(head: CalendarHead, vevents: Sequence[str]) -> Iterator[str]:
    """The feed in pieces: its head, the stored texts, its end."""
    yield _head(head)
    for start in range(0, len(vevents), AT_ONCE):
        yield "".join(vevents[start : start + AT_ONCE])
    yield _END


def _head(head: CalendarHead) -> str:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Samen//Beleidsagenda//NL")
    calendar.add("calscale", "GREGORIAN")
    for name, text in (("name", head.name), ("x-wr-calname", head.name), ("description", head.description)):
        calendar.add(name, plain(text).replace("\n", " "))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add("source", head.source, parameters={"value": "URI"})
    calendar.add("url", head.page)
    calendar.add("color", COLOR)
    if head.changed_at is not None:
        calendar.add("last-modified", head.changed_at)
    written: str = calendar.to_ical().decode()
    return written.removesuffix(_END)
