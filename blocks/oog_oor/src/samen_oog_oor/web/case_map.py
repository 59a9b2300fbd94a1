"""The map of what is reported: how much in each neighbourhood, and points where that may be shown; with the same in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import Atlas, ListPage, area_field, area_filter, atlas, chips, filters_part, list_page
from samen_core.api import Text, _, format_date, n_
from samen_core.web.api import BoundField, crumbs, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import CategoryTree
from samen_oog_oor.queries.numbers import numbers_by_area
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.common import LABEL, pages, tabs
from samen_oog_oor.working_days import city_day, today

TITLE = _("Kaart")
MOST = 300
"""Points on the map: the newest. More would be one spot, and as many rows for who reads the table."""
LAST = timedelta(days=90)
"""How far back the map looks without a choice."""
SHADES = 4
_LINK = Markup('<a class="nl-link" href="%s">%s</a>')
FILTERS = ("categorie", "gebied", "staat", "van", "tot")


@dataclass(frozen=True, slots=True)
class MapArea:
    """A neighbourhood on the map: its path, how dark it is, and what stands in its title."""

    name: str
    url: str
    path: str
    shade: int
    words: Text | str


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A case on the map."""

    x: float
    y: float
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A neighbourhood in the table."""

    name: str
    url: str
    number: int
    running: int


@pages.route(paths.MAP, public=True)
def case_map() -> ResponseReturnValue:
    """Everything that was reported lately, on the map and in a table."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.MAP, *FILTERS)
    chosen = case_parts.narrowed(uow, book, where)
    area = area_filter(book, where)
    since = chosen.filter.since or today(uow) - LAST
    filter = public.PublicFilter(**{**{name: getattr(chosen.filter, name) for name in chosen.filter.__slots__}, "since": since})
    numbers = numbers_by_area(uow, filter)
    found = public.places(uow, filter, MOST)
    inside = book.tree.within(area.id) if area else None
    box = book.map.box(inside, margin=30) if inside else book.map.view_box
    scale = float(box.split()[2])
    picked = chips(where, chosen.picked)

    def fields() -> list[BoundField]:
        return [
            case_parts.category_field(chosen.tree, where),
            area_field(book, where),
            case_parts.state_field(where),
            case_parts.date_field(where, "van", _("Gemeld vanaf")),
            case_parts.date_field(where, "tot", _("Gemeld tot en met")),
        ]

    lines, words = _lines(book, where, numbers), _Words(chosen.tree)
    return render(
        "oog_oor/map.html",
        tabs=tabs(uow.actor, paths.MAP),
        list_url=page_url(paths.MAP),
        filters=filters_part(where, fields, len(picked), book=book, key=("oog_oor.map", chosen.tree.stamp)),
        chips=picked,
        areas=_areas(book, where, numbers, set(inside) if inside else None),
        points=[_point(book, words, row) for row in found[:MOST]],
        box=box,
        size=round(scale / 160, 1),
        since=format_date(since),
        is_standard=chosen.filter.since is None,
        lines=lines,
        elsewhere=numbers.get(None, (0, 0))[0],
        total=sum(number for number, _running in numbers.values()),
        rows=_rows(book, words, found[:MOST]),
        more=len(found) > MOST,
        most=MOST,
        cases_url=ListPage(paths.CASES, {name: value for name, value in where.values.items() if name != "cursor"}).url(),
        report_url=page_url(paths.REPORT),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


def shade_of(number: int, most: int) -> int:
    """How dark a neighbourhood with this number is: 0 for none, up to SHADES."""
    return 0 if not number else max(1, min(SHADES, -(-number * SHADES // max(1, most))))


def _areas(book: Atlas, where: ListPage, numbers: dict[Any, tuple[int, int]], inside: set[Any] | None) -> list[MapArea]:
    shapes = [shape for shape in book.map.of("buurt") if inside is None or shape.area_id in inside]
    most = max((numbers.get(shape.area_id, (0, 0))[0] for shape in shapes), default=0)
    return [
        MapArea(
            shape.name,
            where.url(gebied=shape.slug),
            shape.path,
            shade_of(number := numbers.get(shape.area_id, (0, 0))[0], most),
            n_("{name}: {n} zaak", "{name}: {n} zaken", number, name=shape.name),
        )
        for shape in shapes
    ]


def _lines(book: Atlas, where: ListPage, numbers: dict[Any, tuple[int, int]]) -> list[AreaLine]:
    found = []
    for id, (number, running) in numbers.items():
        area = book.tree.get(id)
        if area is not None:
            found.append(AreaLine(area.name, where.url(gebied=area.slug), number, running))
    return sorted(found, key=lambda line: (-line.number, line.name))


class _Words:
    """What stands at a case on this page, in the words of who reads it; each made once."""

    def __init__(self, tree: CategoryTree) -> None:
        self.tree = tree
        self._names: dict[Any, str] = {}
        self._days: dict[date, str] = {}
        self._states: dict[str, str] = {}

    def name(self, row: Any) -> str:
        """What it is about."""
        if (known := self._names.get(row.category_id)) is None:
            category = self.tree.by_id.get(row.category_id)
            known = self._names[row.category_id] = case_parts.called(category) if category else ""
        return known

    def day(self, row: Any) -> str:
        """The day on which it was reported."""
        day = city_day(row.reported_at)
        return self._days.get(day) or self._days.setdefault(day, format_date(day))

    def state(self, row: Any) -> str:
        """How it stands."""
        return self._states.get(row.state) or self._states.setdefault(row.state, str(STATE_LABELS[row.state]))


def _point(book: Atlas, words: _Words, row: Any) -> MapPoint:
    x, y = book.map.project(row.lat, row.lon)
    return MapPoint(x, y, f"{words.name(row)}, {words.state(row)}, {words.day(row)}", "open" if row.state in OPEN else "closed")


def _rows(book: Atlas, words: _Words, found: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The points as rows of a table: what it is about (a link for one with a page), where, when, and how it stands."""
    base = page_url(paths.case(""))
    rows = []
    for row in found:
        area, name = book.tree.get(row.area_id), words.name(row)
        if row.publication == "full":
            name = _LINK % (base + row.number, row.title or name)
        rows.append((name, area.name if area else "", words.day(row), words.state(row)))
    return rows
