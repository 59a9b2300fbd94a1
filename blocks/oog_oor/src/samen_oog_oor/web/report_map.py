"""Choosing a point on a map that the city draws itself: a picture of a buurt that can be clicked, also without JavaScript.

A click on a picture that is a button sends where it was clicked, in pixels of the picture as it is shown; so it is shown in one size.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import bindparam, select

from citycontent.api import AddressBookEntry, AreaMap, AreaRow, Shape, area_map
from citycontent.web.api import Atlas, atlas, small_map
from samen_core.api import NotFound, UnitOfWork
from samen_core.web.api import current_uow, page_url, render_part
from samen_oog_oor import paths
from samen_oog_oor.web.common import SMALL_MAP, pages

WIDTH = 280
"""Pixels: fits on the smallest phone."""
TALLEST = 420
DOT = 3
"""Pixels: addresses closer together are one dot, so that a buurt full of flats is as light to send as one of farms."""
LETTER = 7
"""Pixels that a letter takes at most, to leave out the names that would be cut off at the border."""
POINT = "punt"
_ADDRESSES = select(AddressBookEntry.lat, AddressBookEntry.lon).where(
    AddressBookEntry.area_id.in_(bindparam("area_ids", expanding=True)), AddressBookEntry.lat.is_not(None)
)


@dataclass(frozen=True, slots=True)
class PointMap:
    """A map to choose a point on: the picture, its size in pixels, and the point that was chosen, in pixels."""

    url: str
    width: int
    height: int
    name: str
    has_dots: bool


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
    book = atlas(uow)
    frame = _frame(book.map, area)
    has_dots = 'class="dots"' in _kept(uow, book, area)
    return PointMap(page_url(f"{paths.REPORT}/kaart/{area.slug}.svg"), frame.width, frame.height, area.name, has_dots)


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
    """A drawing of the surroundings of a point that was chosen; None for one far outside the city."""
    return small_map(atlas(uow), [(lat, lon)], "", SMALL_MAP, around=120.0) or None


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
    return Response(_kept(uow, book, area), mimetype="image/svg+xml")


def _kept(uow: UnitOfWork, book: Atlas, area: AreaRow) -> str:
    """The picture, drawn once a day: new addresses may wait until tomorrow."""
    kept: str = book.keep(("oog_oor.report_map", area.id, uow.now.date()), lambda: _drawn(uow, book, area))
    return kept


def _drawn(uow: UnitOfWork, book: Atlas, area: AreaRow) -> str:
    city = book.map
    frame = _frame(city, area)
    box = city.box([area.id])
    inside = set(book.tree.within(area.id))
    shapes = [shape for shape in city.of("buurt") if city.in_view(shape, box)]
    return render_part(
        "oog_oor/report_map.svg",
        box=box,
        width=frame.width,
        height=frame.height,
        shapes=shapes,
        named=[shape for shape in shapes if shape.area_id == area.id or _fits(frame, shape)],
        inside=inside,
        dots=_dots(uow, city, frame, inside),
        unit=1 / frame.scale,
    )


def _dots(uow: UnitOfWork, city: AreaMap, frame: _Frame, inside: set[uuid.UUID]) -> list[tuple[float, float]]:
    """The places on the map with an address, on a grid."""
    cell = DOT / frame.scale
    addresses = uow.session.execute(_ADDRESSES, {"area_ids": sorted(inside)})
    placed = (city.project(row.lat, row.lon) for row in addresses)
    return sorted({(round(round(x / cell) * cell, 2), round(round(y / cell) * cell, 2)) for x, y in placed})


def _fits(frame: _Frame, shape: Shape) -> bool:
    half = len(shape.name) * LETTER / 2 / frame.scale
    right, low = frame.left + frame.width / frame.scale, frame.top + frame.height / frame.scale
    high = LETTER / frame.scale
    return frame.left <= shape.x - half and shape.x + half <= right and frame.top + 2 * high <= shape.y <= low - high
