"""Borders of areas as SVG paths, and which areas lie beside each other."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

WIDTH = 400.0
"""The width of a drawing in its own units."""
MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Shape:
    """An area in a drawing: the ``d`` of its path, and where its label stands."""

    id: uuid.UUID
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Areas drawn to one scale."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def rings(geometry: Mapping[str, Any]) -> list[Ring]:
    """The rings of a GeoJSON Polygon or MultiPolygon, as (longitude, latitude)."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(point[0]), float(point[1])) for point in ring] for polygon in polygons for ring in polygon]


def draw(
    borders: Mapping[uuid.UUID, list[Ring]], around: Iterable[uuid.UUID] | None = None, labels: Mapping[uuid.UUID, Point] | None = None
) -> Drawing:
    """Draw these borders, north up, so that the areas ``around`` (all when None) fill the width.

    ``labels`` are points inside, as (longitude, latitude); without one the middle of the area's bounding box is used. At the scale of
    a city a degree of longitude is a fixed part of a degree of latitude, so no map projection is needed.
    """
    fit = [point for key in (borders if around is None else around) for ring in borders[key] for point in ring]
    if not fit:
        return Drawing(int(WIDTH), int(WIDTH), ())
    west, east = min(lon for lon, _lat in fit), max(lon for lon, _lat in fit)
    south, north = min(lat for _lon, lat in fit), max(lat for _lon, lat in fit)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-9)

    def place(point: Point) -> Point:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    shapes = []
    for key, area in borders.items():
        inside = (labels or {}).get(key) or _middle(area)
        x, y = place(inside)
        shapes.append(Shape(key, "".join(_path([place(point) for point in ring]) for ring in area), round(x, 1), round(y, 1)))
    return Drawing(int(WIDTH), math.ceil((north - south) * scale + 2 * MARGIN), tuple(shapes))


def _path(ring: Ring) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z"


def _middle(area: list[Ring]) -> Point:
    lons = [lon for ring in area for lon, _lat in ring]
    lats = [lat for ring in area for _lon, lat in ring]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def neighbours(borders: Mapping[uuid.UUID, list[Ring]]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Per area the areas that share a stretch of border with it: at least two corners. Touching in one corner is no neighbour.

    The borders must be of one kind (only wijken, or only buurten) and drawn together, as CBS does: neighbours then share their corners.
    """
    owners: dict[Point, set[uuid.UUID]] = defaultdict(set)
    for key, area in borders.items():
        for ring in area:
            for point in ring:
                owners[point].add(key)
    shared: dict[tuple[uuid.UUID, uuid.UUID], int] = defaultdict(int)
    for found in owners.values():
        for one in found:
            for other in found - {one}:
                shared[one, other] += 1
    beside: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in borders}
    for (one, other), corners in shared.items():
        if corners >= 2:
            beside[one].add(other)
    return beside
