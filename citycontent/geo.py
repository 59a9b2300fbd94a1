"""Where a point lies, and the borders as SVG paths for the map that the server draws. Kept per platform until an area changes."""

from __future__ import annotations

import math
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select

from citycontent.models import Area
from citycontent.queries.areas import area_version

if TYPE_CHECKING:
    from shapely import STRtree

    from samen_core.api import UnitOfWork

MAP_WIDTH = 1000
"""Width of the map's coordinates; the height follows from the shape of the city."""

_SHAPES = (
    select(Area.id, Area.slug, Area.code, Area.name, Area.classification, Area.parent_id, Area.lat, Area.lon, Area.geometry)
    .where(Area.state == "active", Area.valid_until.is_(None), Area.geometry.is_not(None))
    .order_by(Area.sort_name, Area.code)
)

LEAST_SEEN = 1 / 500
"""The share of a map that an area beside its subject must fill: on a phone a square of 16 pixels."""

MOST_SHAPES = 2_000
"""So many shapes are kept as geometry, to know what of them is in sight."""

Point = tuple[float, float]
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Shape:
    """An area on the map: its SVG path and where its label goes, in the map's coordinates."""

    area_id: uuid.UUID
    slug: str
    code: str
    name: str
    classification: str
    parent_id: uuid.UUID | None
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The current areas as SVG. ``view_box`` fits the whole city; :meth:`project` puts a point on it."""

    view_box: str
    shapes: tuple[Shape, ...]
    west: float
    north: float
    scale: float
    shrink: float

    def of(self, classification: str) -> tuple[Shape, ...]:
        """The shapes of one kind of area."""
        return tuple(shape for shape in self.shapes if shape.classification == classification)

    def within(self, ids: Iterable[uuid.UUID]) -> tuple[Shape, ...]:
        """The shapes of these areas."""
        wanted = set(ids)
        return tuple(shape for shape in self.shapes if shape.area_id in wanted)

    def project(self, lat: float, lon: float) -> Point:
        """A point in degrees in the map's coordinates."""
        return round((lon - self.west) * self.shrink * self.scale, 1), round((self.north - lat) * self.scale, 1)

    def box(self, ids: Iterable[uuid.UUID], margin: float = 20) -> str:
        """The view box around these areas, for a map of one wijk; the whole city when none has a shape."""
        points = [point for shape in self.within(ids) for point in _points(shape.path)]
        if not points:
            return self.view_box
        left, top = min(x for x, _y in points) - margin, min(y for _x, y in points) - margin
        width, height = max(x for x, _y in points) + margin - left, max(y for _x, y in points) + margin - top
        return f"{left:g} {top:g} {width:g} {height:g}"

    def in_view(self, shape: Shape, box: str, *, least: float = LEAST_SEEN) -> bool:
        """Whether enough of a shape lies in a view box to be seen and pointed at: a link out of sight would still get the focus.

        ``least`` is the part of the box that it has to fill; 0 is any shape near it, for a drawing with nothing to point at.
        """
        left, top, width, height = map(float, box.split())
        right, bottom = left + width, top + height
        west, north, east, south = _bounds(shape.path)
        if east <= left or west >= right or south <= top or north >= bottom:
            return False
        return not least or _seen(shape.path, left, top, right, bottom) >= width * height * least


@lru_cache(maxsize=MOST_SHAPES)
def _geometry(path: str) -> Any:
    """The rings of a path as one geometry: reading them costs more than looking how much of them is in sight."""
    from shapely import Polygon, unary_union

    rings = (list(_points(part)) for part in path.split("Z") if part)
    return unary_union([Polygon(ring).buffer(0) for ring in rings if len(ring) > 2])


@lru_cache(maxsize=MOST_SHAPES)
def _bounds(path: str) -> tuple[float, float, float, float]:
    left, top, right, bottom = _geometry(path).bounds
    return left, top, right, bottom


def _seen(path: str, left: float, top: float, right: float, bottom: float) -> float:
    from shapely import box as rectangle

    return float(_geometry(path).intersection(rectangle(left, top, right, bottom)).area)


class _Memory:
    """What was worked out for one platform, for one version of the areas."""

    def __init__(self) -> None:
        self.version = ""
        self.values: dict[str, Any] = {}


# Derived from the database and dropped with the platform: no state of its own.
_memories: WeakKeyDictionary[Any, _Memory] = WeakKeyDictionary()
_lock = threading.Lock()


def _kept(uow: UnitOfWork, name: str, make: Callable[[UnitOfWork], Kept], version: str | None = None) -> Kept:
    version = area_version(uow) if version is None else version
    with _lock:
        memory = _memories.setdefault(uow.platform, _Memory())
        if memory.version != version:
            memory.version, memory.values = version, {}
        if name in memory.values:
            return memory.values[name]  # type: ignore[no-any-return]
    if uow.write and not (uow.session.new or uow.session.dirty):
        # What this transaction sees may be taken back; when the areas are as everybody sees them, a reader keeps them for all.
        with uow.platform.read(uow.actor) as reading:
            if area_version(reading) == version:
                return _kept(reading, name, make)
    made = make(uow)
    if uow.session.new or uow.session.dirty or uow.write:
        return made
    with _lock:
        if memory.version == version:
            memory.values[name] = made
    return made


def area_map(uow: UnitOfWork) -> AreaMap:
    """The current areas as SVG paths: one statement when nothing changed, two otherwise."""
    return _kept(uow, "map", _make_map)


def find_area(uow: UnitOfWork, lat: float, lon: float) -> uuid.UUID | None:
    """The buurt in which a point (degrees, WGS84) lies; on a border the first by code. None outside the city."""
    found = buurt_at(uow, lat, lon)
    return found[0] if found else None


def buurt_at(uow: UnitOfWork, lat: float, lon: float, version: str | None = None) -> tuple[uuid.UUID, str] | None:
    """The id and the name of the buurt of :func:`find_area`. ``version`` of the areas, where it is at hand, saves its statement."""
    from shapely import points

    tree, buurten = _kept(uow, "tree", _make_tree, version)
    found = tree.query(points(lon, lat), predicate="intersects")
    return buurten[min(found)] if len(found) else None


def _make_tree(uow: UnitOfWork) -> tuple[STRtree, list[tuple[uuid.UUID, str]]]:
    from shapely import STRtree
    from shapely.geometry import shape

    rows = sorted((row for row in uow.session.execute(_SHAPES) if row.classification == "buurt"), key=lambda row: str(row.code))
    return STRtree([shape(row.geometry) for row in rows]), [(row.id, row.name) for row in rows]


def _make_map(uow: UnitOfWork) -> AreaMap:
    """An equirectangular projection, true to shape at the city's middle latitude: good enough within some tens of kilometres."""
    rows = uow.session.execute(_SHAPES).all()
    points = [point for row in rows for ring in _rings(row.geometry) for point in ring]
    if not points:
        return AreaMap(f"0 0 {MAP_WIDTH} {MAP_WIDTH}", (), 0, 0, 1, 1)
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = MAP_WIDTH / ((east - west) * shrink)
    frame = AreaMap(f"0 0 {MAP_WIDTH} {math.ceil((north - south) * scale)}", (), west, north, scale, shrink)
    shapes = []
    for row in rows:
        path = "".join(_path(frame, ring) for ring in _rings(row.geometry))
        x, y = frame.project(row.lat, row.lon) if row.lat is not None else next(_points(path))
        shapes.append(Shape(row.id, row.slug, row.code, row.name, row.classification, row.parent_id, path, x, y))
    return AreaMap(frame.view_box, tuple(shapes), west, north, scale, shrink)


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(position[0], position[1]) for position in ring]


def _path(frame: AreaMap, ring: list[Point]) -> str:
    places = [frame.project(lat, lon) for lon, lat in ring[:-1]]
    kept = [place for index, place in enumerate(places) if index == 0 or place != places[index - 1]]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"


def _points(path: str) -> Iterator[Point]:
    for pair in path.replace("M", " ").replace("L", ";").replace("Z", ";").split(";"):
        if pair.strip():
            x, y = pair.split()
            yield float(x), float(y)
