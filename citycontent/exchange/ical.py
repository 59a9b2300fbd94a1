"""The calendar as iCalendar (RFC 5545), to subscribe to or to add one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from citycontent.queries.addresses import Prefixed, postcode_line, street_line
from samen_core.api import CITY_TIME_ZONE

if TYPE_CHECKING:
    from icalendar import Calendar
    from icalendar import Event as CalendarEvent

MEDIA_TYPE = "text/calendar"
STATUSES = {
    "tentative": "TENTATIVE",
    "confirmed": "CONFIRMED",
    "rescheduled": "CONFIRMED",
    "postponed": "CANCELLED",
    "cancelled": "CANCELLED",
}
"""RFC 5545 §3.8.1.11 for each of our statuses (citycontent.md §4.3)."""

REFRESH = timedelta(hours=6)
"""How often a calendar that subscribes is asked to look again."""


def calendar_feed(rows: Iterable[Any], *, name: str, page_url: Callable[[str], str]) -> bytes:
    """An iCalendar file of rows as :func:`citycontent.queries.events.events_for_feed` or ``event_by_slug`` gives them.

    ``page_url`` makes the full address of an event's page from its slug. UIDs never change, ``SEQUENCE`` rises with each move.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Samen//Citycontent//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    events = list(rows)
    _add_zones(calendar, {row.timezone for row in events if not row.all_day})
    for row in events:
        calendar.add_component(_event(row, page_url(row.slug)))
    return bytes(calendar.to_ical())


def _event(row: Any, url: str) -> CalendarEvent:
    from icalendar import Event

    event = Event()
    event.add("uid", row.ical_uid)
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.updated_at)
    event.add("created", row.created_at)
    event.add("last-modified", row.updated_at)
    event.add("summary", row.name)
    event.add("status", STATUSES[row.status])
    event.add("url", url)
    for property, moment in _times(row):
        event.add(property, moment)
    if text := "\n\n".join(part for part in (row.summary, row.description, row.online_url) if part):
        event.add("description", text)
    if place := _place(row):
        event.add("location", place)
    if row.address_lat is not None and row.address_lon is not None:
        event.add("geo", (row.address_lat, row.address_lon))
    return event


def _times(row: Any) -> list[tuple[str, date | datetime]]:
    zone = ZoneInfo(row.timezone)
    start = row.start_date.astimezone(zone)
    if row.all_day:
        last = (row.end_date or row.start_date).astimezone(zone).date()
        # The end of a whole-day event is the day after it (RFC 5545 §3.6.1).
        return [("dtstart", start.date()), ("dtend", last + timedelta(days=1))]
    times: list[tuple[str, date | datetime]] = [("dtstart", start)]
    if row.end_date:
        times.append(("dtend", row.end_date.astimezone(zone)))
    return times


def _place(row: Any) -> str:
    address = Prefixed(row, "address_")
    street = street_line(address)
    # People write the street behind the name of the hall; it need not be there twice.
    lines = (row.location, "" if street and street in row.location else street, postcode_line(address))
    return ", ".join(line for line in lines if line)


def _add_zones(calendar: Calendar, names: set[str]) -> None:
    """The definition of every zone used, which RFC 5545 §3.6.5 demands; our years only, or the file would be mostly zones."""
    from icalendar import Timezone

    today = datetime.now(UTC).astimezone(CITY_TIME_ZONE).date()
    for name in sorted(names):
        first, last = today.replace(month=1, day=1, year=today.year - 2), today.replace(month=1, day=1, year=today.year + 4)
        calendar.add_component(Timezone.from_tzid(name, first_date=first, last_date=last))
