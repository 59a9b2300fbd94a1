"""Places where much lies close together: DBSCAN over points on a grid, in a time that grows with their number. Pure, without a database.

M. Ester, H.-P. Kriegel, J. Sander, X. Xu, "A density-based algorithm for discovering clusters" (KDD 1996): a point with at least ``least``
points within ``reach`` (itself counted) is a core; cores within reach of each other belong together, with whatever lies in their reach.
"""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

METRES_PER_DEGREE = 111_320
"""Of latitude; of longitude at the equator."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at a place in degrees (WGS 84)."""

    id: uuid.UUID
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spots that belong together: their middle in degrees, and the metres from there to the farthest."""

    ids: tuple[uuid.UUID, ...]
    lat: float
    lon: float
    radius: int


def clusters(spots: Iterable[Spot], reach: float, least: int) -> list[Cluster]:
    """The clusters of these spots, the largest first. ``reach`` is in metres. The order of the spots does not matter."""
    known = sorted(spots, key=lambda spot: spot.id)
    if len(known) < least:
        return []
    flat = _flattened(known)
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (x, y) in enumerate(flat):
        cells[int(x // reach), int(y // reach)].append(index)
    near = [_near(flat, cells, index, reach) for index in range(len(known))]
    found = [_made(known, members) for members in _grown(near, least)]
    return sorted(found, key=lambda cluster: (-len(cluster.ids), cluster.ids[0]))


def metres_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance between two places in one city: a plane is near enough within some tens of kilometres."""
    shrink = math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot((lon - other_lon) * shrink, lat - other_lat) * METRES_PER_DEGREE


def _flattened(spots: Sequence[Spot]) -> list[tuple[float, float]]:
    shrink = math.cos(math.radians(sum(spot.lat for spot in spots) / len(spots)))
    return [(spot.lon * shrink * METRES_PER_DEGREE, spot.lat * METRES_PER_DEGREE) for spot in spots]


def _near(flat: list[tuple[float, float]], cells: dict[tuple[int, int], list[int]], index: int, reach: float) -> list[int]:
    """The spots within reach of one, itself among them: they lie in its cell or in the eight around it."""
    x, y = flat[index]
    column, row = int(x // reach), int(y // reach)
    beside = (cells.get((column + right, row + up), ()) for right in (-1, 0, 1) for up in (-1, 0, 1))
    return [other for cell in beside for other in cell if math.hypot(flat[other][0] - x, flat[other][1] - y) <= reach]


def _grown(near: list[list[int]], least: int) -> list[list[int]]:
    taken: set[int] = set()
    found = []
    for start, around in enumerate(near):
        if start in taken or len(around) < least:
            continue
        members, waiting = [start], [start]
        taken.add(start)
        while waiting:
            for other in near[waiting.pop()]:
                if other not in taken:
                    taken.add(other)
                    members.append(other)
                    if len(near[other]) >= least:
                        waiting.append(other)
        found.append(sorted(members))
    return found


def _made(spots: Sequence[Spot], members: list[int]) -> Cluster:
    of = [spots[index] for index in members]
    lat, lon = sum(spot.lat for spot in of) / len(of), sum(spot.lon for spot in of) / len(of)
    farthest = max(metres_between(lat, lon, spot.lat, spot.lon) for spot in of)
    return Cluster(tuple(spot.id for spot in of), lat, lon, max(10, math.ceil(farthest)))
