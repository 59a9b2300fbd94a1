"""Everything in one list: near me, by theme, by kind, what runs, comes and is over; and the same on the map.

A postcode and house number only lead to the neighbourhood: they stand in no address, log or cookie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import FindNeighbourhoodSchema, find_neighbourhood
from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    atlas,
    chips,
    filters_part,
    list_page,
    select_field,
    theme_field,
    theme_filter,
    unknown_filter,
)
from samen_core.api import Invalid, Page, Text, UnitOfWork, _, n_, parse
from samen_core.web.api import BoundField, BoundForm, crumbs, current_uow, go, limit_visitor, page_url, render, render_status
from samen_doe_mee import paths
from samen_doe_mee.queries.together import TogetherFilter, list_together, places_together
from samen_doe_mee.web import overview_parts as parts
from samen_doe_mee.web.common import LABEL, pages, tabs

TITLE = _("Bij mij in de buurt")
MAP_TITLE = _("Kaart")
FILTERS = ("soort", "gebied", "thema", "staat")
KINDS = {"idee": "idea", "plan": "plan", "activiteit": "activity", "bijeenkomst": "meeting"}
"""By their names in an address."""
STANDINGS = {"": "running", "straks": "coming", "afgerond": "finished"}
STANDING_LABELS: tuple[tuple[str, Text], ...] = (("", _("Loopt nu")), ("straks", _("Komt nog")), ("afgerond", _("Afgerond")))
MOST_POINTS = 300
MINUTE, TRIES = 60, 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address narrows the list to, with what was chosen in words."""

    filter: TogetherFilter
    picked: list[tuple[str, Text | str | None]]
    area: Any


@dataclass(frozen=True, slots=True)
class Point:
    """A thing on the map."""

    x: float
    y: float
    url: str
    words: str
    kind: str


@pages.route(paths.NEAR_ME, public=True)
def near_me() -> ResponseReturnValue:
    """The list."""
    return _list_page(200, BoundForm(FindNeighbourhoodSchema))


@pages.route(paths.NEAR_ME, public=True, methods=["POST"])
def find_near_me() -> ResponseReturnValue:
    """To the list of the neighbourhood of an address; with mistakes or an unknown address the form again, as it was typed."""
    limit_visitor("doe_mee.near", TRIES, MINUTE)
    uow = current_uow()
    try:
        found = find_neighbourhood(uow, parse(FindNeighbourhoodSchema, request.form), atlas(uow).tree)
    except Invalid as error:
        return _list_page(400, BoundForm(FindNeighbourhoodSchema, data=request.form, errors=error.errors))
    if found.exact or len(found.choices) == 1:
        return go(f"{paths.NEAR_ME}?gebied={found.area.slug}")
    choices = [(area.name, page_url(f"{paths.NEAR_ME}?gebied={area.slug}")) for area in found.choices]
    return _list_page(200, BoundForm(FindNeighbourhoodSchema, data=request.form), choices)


@pages.route(paths.MAP, public=True)
def overview_map() -> ResponseReturnValue:
    """The same list, with its places on the map of the neighbourhoods."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.MAP, *FILTERS)
    chosen = narrowed(book, where)
    found = places_together(uow, chosen.filter, MOST_POINTS)
    inside = book.tree.within(chosen.area.id) if chosen.area else None
    box = book.map.box(inside, margin=30) if inside else book.map.view_box
    shapes = [shape for shape in book.map.of("buurt") if inside is None or shape.area_id in inside]
    return render(
        "doe_mee/map.html",
        areas=[(shape.name, where.url(gebied=shape.slug), shape.path) for shape in shapes],
        points=[_point(book, row) for row in found[:MOST_POINTS]],
        box=box,
        size=round(float(box.split()[2]) / 130, 1),
        more=len(found) > MOST_POINTS,
        most=MOST_POINTS,
        list_link=ListPage(paths.NEAR_ME, where.values).url(),
        breadcrumbs=crumbs((LABEL, paths.HOME), (MAP_TITLE, None)),
        **_list(uow, book, where, chosen, paths.MAP),
    )


def narrowed(book: Atlas, where: ListPage) -> Chosen:
    """What the address asks for. Raises Invalid for what does not exist."""
    area, theme = area_filter(book, where), theme_filter(book, where)
    kind, standing = where.values.get("soort", ""), where.values.get("staat", "")
    if (kind and kind not in KINDS) or standing not in STANDINGS:
        raise unknown_filter()
    themes = (theme.id, *(sub.id for sub in book.subthemes(theme))) if theme else None
    filter = TogetherFilter(
        kinds=(KINDS[kind],) if kind else (),
        standing=STANDINGS[standing],
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        theme_ids=themes,
    )
    picked: list[tuple[str, Text | str | None]] = [
        ("soort", parts.KIND_LABELS[KINDS[kind]] if kind else None),
        ("gebied", area.name if area else None),
        ("thema", theme.name if theme else None),
    ]
    return Chosen(filter, picked, area)


def _list_page(status: int, form: BoundForm, choices: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.NEAR_ME, *FILTERS)
    chosen = narrowed(book, where)
    return render_status(
        status,
        "doe_mee/near.html",
        form=form,
        choices=choices or [],
        action=page_url(paths.NEAR_ME),
        area=chosen.area,
        map_link=ListPage(paths.MAP, where.values).url(),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **_list(uow, book, where, chosen, paths.NEAR_ME),
    )


def _list(uow: UnitOfWork, book: Atlas, where: ListPage, chosen: Chosen, path: str) -> dict[str, Any]:
    """What the two pages share: filters, the count, rows, and the way on."""
    page = list_together(uow, chosen.filter, where.request())
    picked = chips(where, chosen.picked)

    def fields() -> list[BoundField]:
        kinds = [(name, parts.KIND_LABELS[code]) for name, code in KINDS.items()]
        return [select_field(where, "soort", _("Soort"), kinds, _("Alles")), area_field(book, where), theme_field(book, where)]

    return {
        "tabs": tabs(uow.actor, path),
        "list_url": page_url(path),
        "filters": filters_part(where, fields, len(picked), ("staat",), book=book, key="doe_mee.near"),
        "chips": picked,
        "sorts": where.sorts("staat", STANDING_LABELS),
        "standing": chosen.filter.standing,
        "count": _in_words(page),
        "rows": parts.together_rows(uow, book, page.items),
        "pager": where.pager(page),
        "idea_url": page_url(paths.NEW_IDEA),
        "feeds_url": ListPage(paths.FEEDS, {name: value for name, value in where.values.items() if name in ("gebied", "thema")}).url(),
    }


def _in_words(page: Page[Any]) -> Text | str:
    if page.count is None or not page.items:
        return ""
    if page.count.more:
        return _("{number} gevonden", number=str(page.count))
    return n_("{n} gevonden", "{n} gevonden", page.count.number)


def _point(book: Atlas, row: Any) -> Point:
    x, y = book.map.project(row.lat, row.lon)
    return Point(x, y, page_url(parts.together_path(row)), f"{parts.KIND_LABELS[row.kind]}: {row.title}", row.kind)
