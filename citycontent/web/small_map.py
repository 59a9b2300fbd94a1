"""A small drawing of where something is; nothing to click, so it stands beside the same in words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from citycontent.web.atlas import Atlas
from samen_core.api import Text
from samen_core.web.api import render_part

AROUND = 160.0
"""The least width that is drawn, in the coordinates of the map: some streets around one point."""


def small_map(book: Atlas, points: Iterable[tuple[float, float]], title: Text | str, css: str = "", *, around: float = AROUND) -> Markup:
    """The neighbourhoods around these points (lat, lon), at least ``around`` wide; ``css`` is a class of its own.

    Empty without points, far outside the city, or in a city without borders.
    """
    placed = [book.map.project(lat, lon) for lat, lon in points]
    if not placed:
        return Markup("")
    x, y = sum(place[0] for place in placed) / len(placed), sum(place[1] for place in placed) / len(placed)
    wide, high = max(abs(place[0] - x) for place in placed), max(abs(place[1] - y) for place in placed)
    half = max(around / 2, wide * 1.4, high * 2)
    box = f"{x - half:.1f} {y - half * 0.7:.1f} {half * 2:.1f} {half * 1.4:.1f}"
    finest = book.map.of("buurt") or book.map.of("wijk") or book.map.of("gemeente")
    shapes = [shape for shape in finest if book.map.in_view(shape, box, least=0)]
    if not shapes:
        return Markup("")
    size = round(half / 18, 1)
    return render_part("citycontent/small_map.html", shapes=shapes, points=placed, box=box, title=title, size=size, css=css)
