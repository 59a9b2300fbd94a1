"""Pointing at the place of an idea on a picture of the city or a neighbourhood, also without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from citycontent.web.api import Atlas, atlas, small_map
from samen_core.api import NotFound, UnitOfWork, _
from samen_core.web.api import current_uow, page_url, render_part
from samen_doe_mee import paths
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.point_map import frame_of, names_in, shapes_in

POINT, CITY = "punt", "stad"


@pages.route(f"{paths.IDEAS}/kaart/<slug>.svg", public=True)
def idea_point_map(slug: str) -> Response:
    """The picture of an area, or of the whole city."""
    uow = current_uow()
    book = atlas(uow)
    area = book.tree.by_slug.get(slug)
    if slug != CITY and (area is None or not area.is_current):
        raise NotFound
    frame = frame_of(book, area.id if area else None)
    if frame is None:
        raise NotFound
    shapes = shapes_in(book, frame)
    picture = render_part(
        "doe_mee/point_map.svg",
        box=frame.box,
        width=frame.width,
        height=frame.height,
        shapes=shapes,
        named=names_in(frame, shapes),
        inside=set(),
        points=(),
        chosen=None,
        unit=1 / frame.scale,
    )
    return Response(picture, mimetype="image/svg+xml")


def was_pointed() -> bool:
    """Whether the picture was clicked."""
    return f"{POINT}.x" in request.form


def pointed(uow: UnitOfWork, area_slug: str) -> tuple[float, float] | None:
    """The point (lat, lon) that was clicked; None when it was pressed by keyboard, which sends its corner."""
    x, y = request.form.get(f"{POINT}.x", type=int), request.form.get(f"{POINT}.y", type=int)
    book = atlas(uow)
    area = book.tree.by_slug.get(area_slug)
    frame = frame_of(book, area.id if area else None)
    if x is None or y is None or (x, y) == (0, 0) or frame is None:
        return None
    return frame.place(book.map, x, y)


def map_parts(book: Atlas, area_id: Any, point: tuple[float, float] | None, *, opened: bool) -> dict[str, Any] | None:
    """What the step about the place shows of maps; None in a city without borders."""
    area = book.tree.get(area_id)
    frame = frame_of(book, area.id if area else None)
    if frame is None:
        return None
    slug = area.slug if area else CITY
    return {
        "opened": opened,
        "slug": slug,
        "url": page_url(f"{paths.IDEAS}/kaart/{slug}.svg"),
        "width": frame.width,
        "height": frame.height,
        "name": area.name if area else (book.city.name if book.city else ""),
        "has_point": point is not None,
        "chosen": small_map(book, [point], _("Het punt dat u koos")) if point else "",
    }
