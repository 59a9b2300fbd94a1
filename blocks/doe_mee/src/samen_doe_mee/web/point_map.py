"""Choosing a point on a map that the city draws itself: a picture that can be clicked, also without JavaScript.

A click on a picture that is a button sends where it was clicked, in pixels of the picture as it is shown; so it is shown in one size.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from citycontent.api import AreaMap, Shape
from citycontent.web.api import Atlas

WIDTH = 280
"""Pixels: fits on the smallest phone."""
TALLEST = 420
LETTER = 7
"""Pixels that a letter takes at most, to leave out the names that would be cut off at the border."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How the picture of an area, or of the whole city, lies on the map."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    @property
    def box(self) -> str:
        """The part of the map that it shows."""
        return f"{self.left:g} {self.top:g} {self.width / self.scale:g} {self.height / self.scale:g}"

    def place(self, city: AreaMap, x: int, y: int) -> tuple[float, float] | None:
        """The point (lat, lon) at a pixel; None beside the picture."""
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            return None
        on_x, on_y = self.left + x / self.scale, self.top + y / self.scale
        return round(city.north - on_y / city.scale, 6), round(city.west + on_x / (city.shrink * city.scale), 6)


def frame_of(book: Atlas, area_id: uuid.UUID | None) -> Frame | None:
    """The picture of an area with all in it, or of the whole city; None for a city without borders."""
    city = book.map
    if not city.shapes:
        return None
    box = city.box(book.tree.within(area_id)) if area_id is not None else city.view_box
    left, top, width, height = (float(part) for part in box.split())
    scale = min(WIDTH / width, TALLEST / height)
    return Frame(left, top, scale, round(width * scale), round(height * scale))


def shapes_in(book: Atlas, frame: Frame) -> list[Shape]:
    """The neighbourhoods that are seen in a picture."""
    found: list[Shape] = book.keep(
        ("doe_mee.shapes", frame.box), lambda: [shape for shape in book.map.of("buurt") if book.map.in_view(shape, frame.box)]
    )
    return found


def names_in(frame: Frame, shapes: Sequence[Shape]) -> list[Shape]:
    """Those whose name fits in the picture."""
    right, low, high = frame.left + frame.width / frame.scale, frame.top + frame.height / frame.scale, LETTER / frame.scale

    def fits(shape: Shape) -> bool:
        half = len(shape.name) * LETTER / 2 / frame.scale
        return frame.left <= shape.x - half and shape.x + half <= right and frame.top + 2 * high <= shape.y <= low - high

    return [shape for shape in shapes if fits(shape)] if len(shapes) <= 12 else []
