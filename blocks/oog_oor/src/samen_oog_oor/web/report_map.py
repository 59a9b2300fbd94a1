"""Choosing a point on a map that the city draws itself: a picture of a buurt that can be clicked, also without JavaScript.

A click on a picture that is a button sends where it was clicked, in pixels of the picture as it is shown; so it is shown in one size.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import bindparam, select

from citycontent.api import AddressBookEntry, AreaMap, AreaRow, area_map
from citycontent.web.api import Atlas, atlas
from samen_core.api import NotFound, UnitOfWork
from samen_core.web.api import current_uow, page_url, render_part
from samen_oog_oor import paths
from samen_oog_oor.web.common import pages

WIDTH = 288
"""Pixels: fits on the smallest phone."""
TALLEST = 420
MOST_DOTS = 4_000
POINT = "punt"
_DOTS = (
    select(AddressBookEntry.lat, AddressBookEntry.lon)
    .where(AddressBookEntry.area_id == bindparam("area_id"), AddressBookEntry.lat.is_not(None))
    .distinct()
    .limit(MOST_DOTS)
)


@dataclass(frozen=True, slots=True)
class PointMap:
    """A map to choose a point on: the picture, its size in pixels, and the point that was chosen, in pixels."""

    url: str
    width: int
    height: int
    name: str
    area_slug: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """How a picture of an area lies on the map of the city."""

    left: float
    top: float
    scale: float
    width: int
    height: int


def point_map(uow: UnitOfWork, area: AreaRow) -> PointMap:
    """The map of an area, for a form."""
    frame = _frame(area_map(uow), area)
    return PointMap(page_url(f"{paths.REPORT}/kaart/{area.slug}.svg"), frame.width, frame.height, area.name, area.slug)


def clicked(uow: UnitOfWork, area: AreaRow) -> tuple[float, float] | None:
    """The point (lat, lon) that was clicked on the map of an area; None when it was pressed by keyboard, which sends its corner."""
    x, y = request.form.get(f"{POINT}.x", type=int), request.form.get(f"{POINT}.y", type=int)
    if x is None or y is None or (x, y) == (0, 0):
        return None
    city = area_map(uow)
    frame = _frame(city, area)
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return None
    on_x, on_y = frame.left + x / frame.scale, frame.top + y / frame.scale
    return city.north - on_y / city.scale, city.west + on_x / (city.shrink * city.scale)


def chosen_point(uow: UnitOfWork, lat: float, lon: float) -> Markup | None:
    """A drawing of the surroundings of a point that was chosen; None for one outside the city."""
    book = atlas(uow)
    x, y = book.map.project(lat, lon)
    around = 60.0
    box = f"{x - around:g} {y - around:g} {2 * around:g} {2 * around:g}"
    shapes = [shape for shape in book.map.of("buurt") if book.map.in_view(shape, box)]
    if not shapes:
        return None
    return render_part("oog_oor/small_map.html", shapes=shapes, points=[(x, y)], box=box, size=4, title="")


def _frame(city: AreaMap, area: AreaRow) -> _Frame:
    left, top, width, height = (float(part) for part in city.box([area.id]).split())
    scale = min(WIDTH / width, TALLEST / height)
    return _Frame(left, top, scale, round(width * scale), round(height * scale))


@pages.route(f"{paths.REPORT}/kaart/<slug>.svg", public=True)
def report_map(slug: str) -> Response:
    """The picture of an area: its borders, those around it with their names, and a dot for each address."""
    uow = current_uow()
    book = atlas(uow)
    area = book.tree.by_slug.get(slug)
    if area is None or not area.is_current:
        raise NotFound
    svg = _drawn(uow, book, area)
    return Response(svg, mimetype="image/svg+xml")


def _drawn(uow: UnitOfWork, book: Atlas, area: AreaRow) -> str:
    city = book.map
    frame = _frame(city, area)
    box = city.box([area.id])
    dots = [city.project(row.lat, row.lon) for row in uow.session.execute(_DOTS, {"area_id": area.id})]
    return render_part(
        "oog_oor/report_map.svg",
        box=box,
        width=frame.width,
        height=frame.height,
        shapes=[shape for shape in city.of("buurt") if city.in_view(shape, box)],
        area=area,
        dots=dots,
        unit=1 / frame.scale,
    )
