"""The calendar of the agenda: what is to come as a list, one month on a page, what is over; and searching in all of it."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, atlas, chips, filters_part, in_words, list_page, one_of, unknown_filter
from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.entries import EntryFilter, first_entries, list_entries
from samen_beleidsagenda.queries.planning import bodies
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.moments import (
    CAN_SAY,
    entry_row,
    kind_field,
    kind_filter,
    kind_label,
    narrowed,
    narrowing_fields,
    say_field,
    say_filter,
    words_field,
)
from samen_core.api import Text, UnitOfWork, _, format_day, format_month, format_time
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

TITLE = _("Kalender")
FILTERS = ("q", "gebied", "thema", "orgaan", "soort", "meepraten")
VIEWS: dict[str, Text] = {"": _("Komend"), "maand": _("Per maand"), "geweest": _("Geweest")}
WEEKDAYS = (_("maandag"), _("dinsdag"), _("woensdag"), _("donderdag"), _("vrijdag"), _("zaterdag"), _("zondag"))
MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
FARTHEST = 36
"""How many months back and ahead the calendar goes; a calendar without end is a trap for search engines."""
MOST_IN_MONTH = 400
MOST_SPANS = 30
MOST_ON_DAY = 3
ON_DAYS = ("day", "week")
"""What stands on days of the calendar; what is less precise stands above it."""


@dataclass(frozen=True, slots=True)
class DayMoment:
    """A moment on a day of the calendar."""

    name: str
    url: str
    time: str
    off: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. ``more`` is the number of moments that are not shown; ``url`` lists them all."""

    number: int
    label: str
    inside: bool
    today: bool
    moments: tuple[DayMoment, ...]
    more: int
    url: str | None


@pages.route(paths.CALENDAR, public=True)
def calendar() -> ResponseReturnValue:
    """The moments as a list by month, as a month on a page, or backwards."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.CALENDAR, *FILTERS, "weergave", "maand", "dag")
    view = one_of(where.values.get("weergave", ""), VIEWS) or ""
    known = bodies(uow)
    chosen, kind = narrowed(book, where, known), kind_filter(where)
    values = {name: value for name, value in chosen.values.items() if name != "holder_id"}
    filter = EntryFilter(kind=kind, shown=True, has_say=say_filter(where), text=where.values.get("q", ""), **values)
    picked = (
        ("q", where.values.get("q")),
        *chosen.picked,
        ("soort", kind_label(kind) if kind else None),
        ("meepraten", CAN_SAY if filter.has_say else None),
        ("dag", format_day(on_day) if (on_day := _asked_day(where)) else None),
    )
    feed = ListPage(
        f"{paths.FEEDS}/agenda.ics", {name: where.values[name] for name in ("gebied", "thema", "orgaan") if name in where.values}
    )
    context: dict[str, Any] = {
        "title": TITLE,
        "tabs": tabs(uow.actor, paths.CALENDAR),
        "views": [(label, where.url(weergave=code or None, maand=None), code == view) for code, label in VIEWS.items()],
        "list_url": page_url(paths.CALENDAR),
        "filters": filters_part(
            where,
            lambda: [words_field(where), *narrowing_fields(book, where, known), kind_field(where), say_field(where)],
            len(shown := chips(where, picked)),
            ("weergave", "maand"),
            book=book,
            key=tuple((row.slug, row.name) for row in known),
        ),
        "chips": shown,
        "feed_url": feed.url(),
        "feeds_url": page_url(paths.FEEDS),
        "view": view,
        "breadcrumbs": crumbs((LABEL, paths.HOME), (TITLE, None)),
    }
    day = today(uow)
    if view == "maand":
        return render("beleidsagenda/month.html", **context, **_month(uow, where, filter, day))
    over = view == "geweest"
    if on_day is not None:
        asked = replace(filter, start=on_day, end=on_day)
    else:
        asked = replace(filter, ends_by=day - timedelta(days=1)) if over else replace(filter, start=day)
    found = list_entries(uow, asked, where.request(), order="latest" if over else "soonest")
    return render(
        "beleidsagenda/calendar.html",
        **context,
        count=in_words(found.count, _("moment"), _("momenten")),
        months=_by_month(found.items, on_day or (None if over else day)),
        **where.pager(found),
    )


def _asked_day(where: ListPage) -> date | None:
    asked = where.values.get("dag", "")
    try:
        if asked and not DAY.fullmatch(asked):
            raise unknown_filter()
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise unknown_filter() from None


def _by_month(rows: Sequence[Any], day: date | None) -> list[tuple[str, list[Row]]]:
    """The rows under their months; of what is to come, what began earlier stands under the month of now."""

    def month(row: Any) -> date:
        start: date = row.start_date if day is None else max(row.start_date, day)
        return start.replace(day=1)

    return [(format_month(first), [entry_row(row) for row in found]) for first, found in groupby(rows, month)]


def _month(uow: UnitOfWork, where: ListPage, filter: EntryFilter, day: date) -> dict[str, Any]:
    asked = where.values.get("maand", "")
    if asked and not MONTH.fullmatch(asked):
        raise unknown_filter()
    first = date(int(asked[:4]), int(asked[5:]), 1) if asked else day.replace(day=1)
    if abs(_months(first) - _months(day)) > FARTHEST:
        raise unknown_filter()
    following = (first + timedelta(days=32)).replace(day=1)
    rows = first_entries(uow, replace(filter, start=first, end=following - timedelta(days=1)), MOST_IN_MONTH, order="soonest")
    spans = [row for row in rows if row.precision not in ON_DAYS]
    return {
        "month": format_month(first),
        "weekdays": WEEKDAYS,
        "weeks": _weeks(where, first, day, (row for row in rows if row.precision in ON_DAYS)),
        "spans": [entry_row(row) for row in spans[:MOST_SPANS]],
        "spans_number": len(spans),
        "number": len(rows),
        "complete": len(rows) < MOST_IN_MONTH,
        "previous_month": _step(where, day, first - timedelta(days=1)),
        "next_month": _step(where, day, following),
        "this_month": where.url(maand=None) if first != day.replace(day=1) else None,
    }


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _step(where: ListPage, now: date, day: date) -> tuple[str, str] | None:
    if abs(_months(day) - _months(now)) > FARTHEST:
        return None
    return format_month(day.replace(day=1)), where.url(maand=day.strftime("%Y-%m"))


def _weeks(where: ListPage, first: date, now: date, rows: Iterable[Any]) -> list[list[Day]]:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    by_day: dict[date, list[DayMoment]] = {day: [] for week in weeks for day in week}
    for row in rows:
        url, off = page_url(row.path), row.status == "cancelled"
        day = max(row.start_date, weeks[0][0])
        while day <= row.end_date and day in by_day:
            clock = format_time(row.start_at) if row.start_at is not None and day == row.start_date else ""
            by_day[day].append(DayMoment(row.title, url, clock, off))
            day += timedelta(days=1)
    return [[_day(where, day, first, now, by_day[day]) for day in week] for week in weeks]


def _day(where: ListPage, day: date, first: date, now: date, found: Sequence[DayMoment]) -> Day:
    inside = day.month == first.month
    shown = found[:MOST_ON_DAY] if len(found) > MOST_ON_DAY + 1 else found
    more = len(found) - len(shown) if inside else 0
    url = where.url(weergave=None, maand=None, dag=day.isoformat()) if more else None
    return Day(day.day, format_day(day), inside, day == now, tuple(shown) if inside else (), more, url)
