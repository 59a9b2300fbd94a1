"""The calendar of the agenda: what is to come as a list, one month on a page, what is over; and searching in all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    ListPage,
    Moment,
    asked_day,
    asked_month,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    month_view,
    next_month,
    one_of,
)
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
FARTHEST = 36
"""How many months back and ahead the calendar goes."""
MOST_IN_MONTH = 400
MOST_SPANS = 30
ON_DAYS = ("day", "week")
"""What stands on days of the calendar; what is less precise stands above it."""


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
        ("dag", format_day(on_day) if (on_day := asked_day(where)) else None),
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


def _by_month(rows: Sequence[Any], day: date | None) -> list[tuple[str, list[Row]]]:
    """The rows under their months; of what is to come, what began earlier stands under the month of now.

    What has no day yet begins a month, or ends it where time goes back: not between the things of its first day.
    """

    def month(row: Any) -> date:
        start: date = row.start_date if day is None else max(row.start_date, day)
        return start.replace(day=1)

    def place(row: Any) -> bool:
        return (row.precision in ON_DAYS) == (day is not None)

    return [(format_month(first), [entry_row(row) for row in sorted(found, key=place)]) for first, found in groupby(rows, month)]


def _month(uow: UnitOfWork, where: ListPage, filter: EntryFilter, day: date) -> dict[str, Any]:
    first = asked_month(where, day, FARTHEST)
    last = next_month(first) - timedelta(days=1)
    rows = first_entries(uow, replace(filter, start=first, end=last), MOST_IN_MONTH, order="soonest")
    spans = [row for row in rows if row.precision not in ON_DAYS]
    moments = (_moment(row) for row in rows if row.precision in ON_DAYS)
    complete = len(rows) < MOST_IN_MONTH
    return {
        "view_of_month": month_view(where, first, day, FARTHEST, moments, is_empty=not rows, is_complete=complete),
        "spans": [entry_row(row) for row in spans[:MOST_SPANS]],
        "spans_number": len(spans),
    }


def _moment(row: Any) -> Moment:
    clock = format_time(row.start_at) if row.start_at is not None else ""
    return Moment(row.title, row.path, row.start_date, row.end_date, clock, row.status == "cancelled")
