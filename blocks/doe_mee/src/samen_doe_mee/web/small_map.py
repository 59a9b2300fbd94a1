"""A small drawing of where something is; nothing to click, so it stands beside the same in words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from citycontent.web.api import Atlas
from samen_core.api import Text
from samen_core.web.api import render_part

_AROUND = 160.0
"""The least width that is drawn, in the coordinates of the map: some streets around one point."""


def small_map(book: Atlas, points: Iterable[tuple[float, float]], title: Text) -> Markup:
    """The neighbourhoods around these points (lat, lon); empty without points, or in a city without borders."""
    placed = [book.map.project(lat, lon) for lat, lon in points]
    if not placed or not book.map.shapes:
        return Markup("")
    x, y = sum(place[0] for place in placed) / len(placed), sum(place[1] for place in placed) / len(placed)
    spread = max(max(abs(place[0] - x), abs(place[1] - y)) for place in placed)
    half = max(_AROUND / 2, spread * 1.4)
    box = f"{x - half:.1f} {y - half * 0.7:.1f} {half * 2:.1f} {half * 1.4:.1f}"
    shapes = [shape for shape in book.map.of("buurt") if book.map.in_view(shape, box)]
    return render_part("doe_mee/small_map.html", shapes=shapes, points=placed, box=box, title=title, size=round(half / 18, 1))
