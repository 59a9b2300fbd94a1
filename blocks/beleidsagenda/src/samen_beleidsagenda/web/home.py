"""The front of the agenda: what is decided now, next month and later, by whom, and where one can still have a say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, atlas, chips, filters_part, list_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.queries.entries import EntryFilter, Window, windows
from samen_beleidsagenda.queries.planning import bodies
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.embed import EMBED, embedded
from samen_beleidsagenda.web.moments import entry_row, narrowed, narrowing_fields, new_moment_path, say_card
from samen_core.api import Text, _, format_month
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

FILTERS = ("gebied", "thema", "orgaan")
MOST = 6
MOST_CARDS = 4
SHORT_YEAR = 3
"""With fewer months than these left after the next one, "later" runs to the end of the next year."""
LEAD = _("Waar de gemeente aan werkt, wie wanneer besluit, en hoe u kunt meepraten.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the page: its heading, the rows, and where there is more, with what that is called."""

    id: str
    title: Text | str
    rows: list[Row]
    more_url: str | None
    more: Text


@dataclass(frozen=True, slots=True)
class Seasons:
    """The days at which this month, the next month and later end."""

    now: date
    next: date
    later: date


def seasons(day: date) -> Seasons:
    """The parts of the time to come, seen from this day."""
    end_of_now = _month_after(day) - timedelta(days=1)
    end_of_next = _month_after(end_of_now + timedelta(days=1)) - timedelta(days=1)
    year = day.year + 1 if day.month > 12 - SHORT_YEAR else day.year
    return Seasons(end_of_now, end_of_next, date(year, 12, 31))


@pages.route(paths.HOME, public=True)
def home() -> ResponseReturnValue:
    """What is decided now, next month and later; inside pages of others without the frame of the site."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.HOME, *FILTERS, EMBED)
    known = bodies(uow)
    chosen = narrowed(book, where, known)
    day = today(uow)
    parts = seasons(day)
    filter = EntryFilter(going_on=True, planned=True, **chosen.values)
    found = windows(
        uow,
        filter,
        (
            Window("say", day, parts.later, MOST_CARDS, has_say=True),
            Window("now", day, parts.now, MOST + 1),
            Window("next", parts.now + timedelta(days=1), parts.next, MOST + 1),
            Window("later", parts.next + timedelta(days=1), parts.later, MOST + 1),
        ),
    )
    stretches = _stretches(where, day, parts, found)
    if where.values.get(EMBED):
        return make_response(embedded(where, chosen.picked, stretches))
    picked = chips(where, chosen.picked)
    return render(
        "beleidsagenda/home.html",
        lead=LEAD,
        tabs=tabs(uow.actor, paths.HOME),
        list_url=page_url(paths.HOME),
        filters=filters_part(
            where, lambda: narrowing_fields(book, where, known), len(picked), book=book, key=tuple((row.slug, row.name) for row in known)
        ),
        chips=picked,
        cards=[say_card(row) for row in found["say"]],
        say_url=ListPage(paths.PLANNING, dict(where.values)).url(meepraten="true"),
        stretches=stretches,
        is_empty=not any(stretch.rows for stretch in stretches),
        embed_url=page_url(f"{paths.HOME}/insluiten"),
        feeds_url=ListPage(paths.FEEDS, dict(where.values)).url(),
        new_url=page_url(new_moment_path()) if WRITE.somewhere(uow.actor) else None,
        area_url=page_url(paths.AREAS),
        following_url=None if uow.actor.is_anonymous else page_url(paths.FOLLOWING),
        path=request.path,
        breadcrumbs=crumbs((LABEL, None)),
    )


def _stretches(where: ListPage, day: date, parts: Seasons, found: dict[str, Any]) -> list[Stretch]:
    narrowed_to = {name: value for name, value in where.values.items() if name in FILTERS}
    month, plans = ListPage(paths.CALENDAR, narrowed_to), ListPage(paths.PLANNING, narrowed_to)
    later = _("Later in {year}", year=day.year) if parts.later.year == day.year else _("Later, tot en met {year}", year=parts.later.year)
    now, following = format_month(day), format_month(parts.next)
    heads: tuple[tuple[str, Text | str, str, Text], ...] = (
        ("now", _("Nu: {month}", month=now), month.url(weergave="maand"), _("Alles in {month}", month=now)),
        (
            "next",
            _("Volgende maand: {month}", month=following),
            month.url(weergave="maand", maand=f"{parts.next:%Y-%m}"),
            _("Alles in {month}", month=following),
        ),
        ("later", later, plans.url(), _("Heel de termijnagenda")),
    )
    return [
        Stretch(code, title, [entry_row(row) for row in found[code][:MOST]], url if len(found[code]) > MOST else None, more)
        for code, title, url, more in heads
    ]


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
