"""Where a reaction on the map is: at a point, at an address or in a neighbourhood, and always within the area of the plan."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from citycontent.api import AreaTree, area_tree
from samen_core.api import Invalid, PlaceValue, UnitOfWork, _
from samen_doe_mee.models import Activity, Plan
from samen_doe_mee.services.idea_places import Located, locate
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import Contribution

MOST = 300
"""Points on the map: the newest. More would be one spot."""

_C = Contribution
_PLACES = select(_C.number, _C.text, _C.place, _C.area_id).where(_C.state == "published", _C.parent_id.is_(None))


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A reaction on the map. ``exact`` is False for one that is about a neighbourhood as a whole."""

    number: int
    lat: float
    lon: float
    exact: bool
    text: str


def located(uow: UnitOfWork, activity: Activity, place: PlaceValue | None, area_id: uuid.UUID | None) -> Located:
    """Where it is. Raises Invalid: nothing was chosen, the place is unknown, or it lies outside the area of the plan."""
    chosen = place is not None and (place.lat is not None or bool(place.postcode))
    if not chosen and area_id is None:
        raise Invalid({"place": [_("Kies een plek: tik op de kaart, vul een adres in of kies een buurt.")]})
    found = locate(uow, "place", place, area_id) if chosen else locate(uow, "area", None, area_id)
    plan = uow.session.get_one(Plan, activity.plan_id)
    if plan.area_id is None:
        return found
    tree = area_tree(uow)
    if found.area_id is None or found.area_id not in tree.within(plan.area_id):
        area = tree.get(plan.area_id)
        name = area.name if area is not None else ""
        where = "place" if chosen else "area_id"
        raise Invalid({where: [_("Deze plek ligt buiten {area}. Dit plan gaat alleen over {area}: kies een plek daar.", area=name)]})
    return found


def points_of(uow: UnitOfWork, talk: Talk | None) -> list[MapPoint]:
    """The newest reactions with a place, the newest last, so that it lies on top. One statement beside the areas."""
    if talk is None:
        return []
    tree = area_tree(uow)
    rows = uow.session.execute(_PLACES.where(_C.activity_id == talk.id).order_by(_C.at.desc(), _C.id.desc()).limit(MOST))
    return [point for row in reversed(rows.all()) if (point := _point(tree, row)) is not None]


def coordinates(place: Any) -> tuple[float | None, float | None]:
    """The point of a stored place, None for both without one."""
    if not place or place.get("lat") is None or place.get("lon") is None:
        return None, None
    return float(place["lat"]), float(place["lon"])


def _point(tree: AreaTree, row: Any) -> MapPoint | None:
    lat, lon = coordinates(row.place)
    if lat is not None and lon is not None:
        return MapPoint(row.number, lat, lon, True, row.text)
    area = tree.get(row.area_id) if row.area_id else None
    if area is None or area.lat is None or area.lon is None:
        return None
    return MapPoint(row.number, area.lat, area.lon, False, row.text)
