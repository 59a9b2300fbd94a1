"""The agenda: what is to come, one month, what is over, and the feed to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from citycontent.models.event import CLASSIFICATIONS
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_EVENT
from citycontent.queries import events, projects
from citycontent.queries.events import EventFilter
from citycontent.schemas import CLASSIFICATION_LABELS
from citycontent.web import parts
from citycontent.web.atlas import Atlas, atlas
from citycontent.web.listing import (
    ListPage,
    area_field,
    area_filter,
    chips,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    theme_field,
    theme_filter,
    unknown_filter,
)
from citycontent.web.month import Moment, asked_day, asked_month, month_view, next_month
from citycontent.web.pages import pages
from citycontent.web.projects import organization_filter
from samen_core.api import CITY_TIME_ZONE, PageRequest, Text, UnitOfWork, _, format_day, format_month, format_time
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

PATH = "/agenda"
LABEL = _("Agenda")
FILTERS = ("q", "gebied", "thema", "organisatie", "project", "soort")
VIEWS: dict[str, Text] = {"": _("Komend"), "maand": _("Per maand"), "geweest": _("Geweest")}
FARTHEST = 24
"""How many months back and ahead the calendar goes; what is older is in the list."""

MOST_IN_MONTH = 400
LONGEST = timedelta(days=31)
"""Something that began longer before a month is not looked for in it."""
FEED_PAST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the agenda is narrowed to."""

    filter: EventFilter
    picked: tuple[tuple[str, Text | str | None], ...]


def _chosen(uow: UnitOfWork, book: Atlas, where: ListPage) -> Chosen:
    values = where.values
    area, theme = area_filter(book, where), theme_filter(book, where)
    kind = one_of(values.get("soort", ""), CLASSIFICATIONS)
    organization = organization_filter(uow, values.get("organisatie", ""))
    project = None
    if slug := values.get("project"):
        project = projects.project_by_slug(uow, slug)
        if project is None:
            raise unknown_filter()
    return Chosen(
        EventFilter(
            classification=kind,
            area_ids=book.tree.within(area.id) if area else None,
            theme_id=theme.id if theme else None,
            organization_id=organization[0] if organization else None,
            project_id=project.id if project else None,
            text=values.get("q", ""),
        ),
        (
            ("q", values.get("q")),
            ("soort", CLASSIFICATION_LABELS.get(kind or "")),
            ("gebied", area.name if area else None),
            ("thema", theme.name if theme else None),
            ("organisatie", organization[1] if organization else None),
            ("project", project.name if project else None),
        ),
    )


@pages.route(PATH, public=True)
def agenda() -> ResponseReturnValue:
    """The agenda as a list by month, as a month on a page, or backwards."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(PATH, *FILTERS, "weergave", "maand", "dag")
    view = one_of(where.values.get("weergave", ""), VIEWS) or ""
    chosen = _chosen(uow, book, where)
    context: dict[str, Any] = {
        "title": LABEL,
        "tabs": [(label, where.url(weergave=code or None, maand=None, dag=None), code == view) for code, label in VIEWS.items()],
        "list_url": page_url(PATH),
        "reset_url": page_url(PATH) + (f"?weergave={view}" if view else ""),
        "new": (page_url(f"{PATH}/nieuw"), _("Zet iets op de agenda")) if EDIT_EVENT.somewhere(uow.actor) else None,
        "fields": _fields(book, where),
        "hidden": where.hidden("weergave", "maand", "organisatie", "project"),
        "chips": chips(where, (*chosen.picked, ("dag", format_day(day) if (day := asked_day(where)) else None))),
        "feed_url": _feed_url(where),
        "view": view,
        "breadcrumbs": crumbs((LABEL, None)),
    }
    if view == "maand":
        return render("citycontent/month.html", **context, **_month(uow, where, chosen.filter))
    period = _period(where, view)
    found = events.list_events(uow, replace(chosen.filter, **period), where.request(), order="latest" if view == "geweest" else "soonest")
    return render(
        "citycontent/agenda.html",
        **context,
        count=in_words(found.count, _("bijeenkomst"), _("bijeenkomsten")),
        months=_by_month(book, found.items),
        **where.pager(found),
    )


def _period(where: ListPage, view: str) -> dict[str, Any]:
    if day := asked_day(where):
        return {"start": _midnight(day), "end": _midnight(day + timedelta(days=1))}
    return {"period": "past" if view == "geweest" else "upcoming"}


def _fields(book: Atlas, where: ListPage) -> list[Any]:
    kinds = [(code, CLASSIFICATION_LABELS[code]) for code in CLASSIFICATIONS]
    return [
        search_field(where, _("Zoek in de agenda")),
        select_field(where, "soort", _("Soort bijeenkomst"), kinds, _("Alle soorten")),
        area_field(book, where),
        theme_field(book, where),
    ]


def _feed_url(where: ListPage) -> str:
    feed = ListPage(f"{PATH}.ics", {name: value for name, value in where.values.items() if name in FILTERS and name != "q"})
    return feed.url()


def _by_month(book: Atlas, rows: Sequence[Any]) -> list[tuple[str, list[Row]]]:
    def month(row: Any) -> date:
        local: date = row.start_date.astimezone(CITY_TIME_ZONE).date()
        return local.replace(day=1)

    return [(format_month(first), [parts.event_row(book, row) for row in found]) for first, found in groupby(rows, month)]


def _month(uow: UnitOfWork, where: ListPage, filter: EventFilter) -> dict[str, Any]:
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    first = asked_month(where, today, FARTHEST)
    start, end = _midnight(first), _midnight(next_month(first))
    wide = replace(filter, start=start - LONGEST, end=end)
    rows = events.list_events(uow, wide, PageRequest(limit=MOST_IN_MONTH), with_count=False).items
    rows = [row for row in rows if (row.end_date or row.start_date) >= start]
    moments = (_moment(row) for row in rows)
    complete = len(rows) < MOST_IN_MONTH
    return {"view_of_month": month_view(where, first, today, FARTHEST, moments, is_empty=not rows, is_complete=complete)}


def _moment(row: Any) -> Moment:
    begin = row.start_date.astimezone(CITY_TIME_ZONE).date()
    # An event that ends at midnight is not there the day after.
    until = (row.end_date - timedelta(seconds=1)).astimezone(CITY_TIME_ZONE).date() if row.end_date else begin
    clock = "" if row.all_day else format_time(row.start_date)
    return Moment(row.name, page_path("event", row.slug), begin, until, clock, row.status in ("cancelled", "postponed"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_TIME_ZONE)


@pages.route(f"{PATH}.ics", public=True)
def agenda_feed() -> ResponseReturnValue:
    """The agenda to subscribe to, with the same filters as the page: from a month ago on."""
    uow = current_uow()
    where = list_page(f"{PATH}.ics", *FILTERS)
    chosen = _chosen(uow, atlas(uow), where)
    rows = events.events_for_feed(uow, replace(chosen.filter, start=uow.now - FEED_PAST))
    city = uow.platform.config.city
    named = ", ".join(str(label) for _name, label in chosen.picked if label)
    return calendar_response(uow, rows, f"{city.short_name or city.name}: {named or LABEL}", "agenda.ics")


def calendar_response(uow: UnitOfWork, rows: Iterable[Any], name: str, filename: str) -> Response:
    """An iCalendar file of these events."""
    from citycontent.exchange.ical import MEDIA_TYPE, calendar_feed

    base = uow.platform.config.web.base_url.rstrip("/")
    body = calendar_feed(rows, name=name, page_url=lambda slug: base + page_url(page_path("event", slug)))
    headers = {"Content-Disposition": f'inline; filename="{filename}"'}
    return Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)
