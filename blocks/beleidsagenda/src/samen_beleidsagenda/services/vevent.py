"""A moment of the agenda as iCalendar tells it (RFC 5545, beleidsagenda.md §3.5), made once when the moment changes.

Feeds join these texts, so that one of 5,000 moments costs a query and nothing more (:mod:`samen_beleidsagenda.exchange.ical`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from samen_beleidsagenda.labels import ITEM_KIND_LABELS, MEETING_TYPE_LABELS
from samen_beleidsagenda.periods import Period
from samen_core.api import Text, UnitOfWork, _, format_date

if TYPE_CHECKING:
    from icalendar import Event as Component

    from samen_beleidsagenda.models import Entry

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What iCalendar and XML have no place for, and what programs take for the end of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentDetails:
    """What calendars tell of a moment besides its row in the agenda; everything is plain text and known to everybody.

    ``reason``: why it was put off or lapsed. ``moved_to``: the path of the moment that took its place. ``say_how`` and ``say_url``: how
    residents take part at this moment; ``last_say``: the last day to have a say on its dossier. ``point``: latitude and longitude.
    ``meeting_type`` only for a meeting.
    """

    text: str = ""
    dossier: str = ""
    body: str = ""
    meeting_type: str = ""
    themes: tuple[str, ...] = ()
    reason: str = ""
    moved_to: str = ""
    say_how: str = ""
    say_url: str = ""
    last_say: date | None = None
    point: tuple[float, float] | None = None
    created_at: datetime | None = None


def stored_vevent(uow: UnitOfWork, entry: Entry, details: MomentDetails) -> str:
    """The VEVENT to keep with an entry: in Dutch, whoever makes it, with addresses of this platform."""
    base = uow.platform.config.web.base_url.rstrip("/")
    with uow.platform.translations.use("nl"):
        return vevent(entry, details, base_url=base)


def vevent(entry: Entry, details: MomentDetails, *, base_url: str) -> str:
    """The VEVENT of an entry in the language of now: lines end in CRLF, are folded at 75 octets, never within a character.

    ``base_url`` is the public address of the platform without a slash at its end.
    """
    from icalendar import Event as Component

    event = Component()
    event.add("uid", entry.uid)
    event.add("dtstamp", _utc(entry.changed_at))
    event.add("last-modified", _utc(entry.changed_at))
    event.add("sequence", entry.sequence)
    if details.created_at is not None:
        event.add("created", _utc(details.created_at))
    _add_time(event, entry)
    event.add("summary", plain(summary(entry)).replace("\n", " "))
    event.add("description", plain("\n\n".join(_paragraphs(entry, details, base_url))))
    event.add("status", entry.status.upper())
    event.add("transp", "TRANSPARENT")
    event.add("url", base_url + entry.path)
    if entry.location:
        event.add("location", plain(entry.location))
    if details.point is not None:
        event.add("geo", details.point)
    if words := _categories(entry, details):
        event.add("categories", words)
    text: str = event.to_ical().decode()
    return text


def summary(entry: Entry) -> str:
    """What a calendar shows in its grid: the title, and whether the day is still open or it does not go on."""
    if entry.status == "cancelled":
        return str(_("Gaat niet door: {title}", title=entry.title))
    if not _is_day(entry):
        return str(_("{title} (datum nog niet vastgesteld)", title=entry.title))
    return entry.title


def _is_day(entry: Entry) -> bool:
    return entry.start_at is not None or entry.precision == "day"


def _add_time(event: Component, entry: Entry) -> None:
    if entry.start_at is None:
        event.add("dtstart", entry.start_date)
        # The end of a whole-day event is the day after it (RFC 5545 §3.6.1).
        event.add("dtend", entry.end_date + timedelta(days=1))
        return
    event.add("dtstart", _utc(entry.start_at))
    if entry.end_at is not None and entry.end_at > entry.start_at:
        event.add("dtend", _utc(entry.end_at))


def _paragraphs(entry: Entry, details: MomentDetails, base_url: str) -> Iterator[str]:
    if entry.status == "cancelled":
        yield str(
            _("Dit gaat niet door op dit moment. Reden: {reason}", reason=details.reason) if details.reason else _("Dit gaat niet door.")
        )
        if details.moved_to:
            yield str(_("Het nieuwe moment: {url}", url=base_url + details.moved_to))
    elif not _is_day(entry):
        yield str(
            _("De datum is nog niet vastgesteld. Verwacht: {period}.", period=Period(entry.start_date, entry.end_date, entry.precision))
        )
    elif entry.start_at is None:
        yield str(_("De tijd is nog niet vastgesteld."))
    if details.text:
        yield details.text
    if details.body:
        yield str(_("Wie: {body}", body=details.body))
    if details.dossier and details.dossier != entry.title:
        yield str(_("Dossier: {dossier}", dossier=details.dossier))
    if entry.status != "cancelled":
        yield from _say(entry, details)
    yield str(_("Meer informatie: {url}", url=base_url + entry.path))


def _say(entry: Entry, details: MomentDetails) -> Iterator[str]:
    if entry.has_say:
        yield str(_("U kunt meepraten: {how}", how=details.say_how) if details.say_how else _("U kunt hier meepraten."))
        if details.say_url:
            yield str(_("Meedoen: {url}", url=details.say_url))
    if details.last_say is not None:
        yield str(_("Meepraten over dit onderwerp kan tot en met {date}.", date=format_date(details.last_say)))


def _categories(entry: Entry, details: MomentDetails) -> list[str]:
    kind: Text | None = ITEM_KIND_LABELS.get(entry.kind) or MEETING_TYPE_LABELS.get(details.meeting_type)
    words = (str(kind) if kind else "", details.body, *details.themes)
    return [plain(word).replace("\n", " ") for word in dict.fromkeys(words) if word]


def plain(text: str) -> str:
    """The text with one kind of line end and nothing that a feed cannot hold."""
    return NOT_TEXT.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
