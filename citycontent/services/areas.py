"""Storing the division of the city in areas, per year."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from citycontent.events import AreasImported
from citycontent.models import Area, Identifier, PartialDate, Slug
from citycontent.models.area import CLASSIFICATIONS
from citycontent.paths import page
from citycontent.permissions import EDIT_AREA
from citycontent.services.references import set_identifiers
from citycontent.services.slugs import take_slug
from samen_core.api import Invalid, SubjectData, SubjectRef, UnitOfWork, _, fold, register, update_card, uuid7

TYPE = "area"
SCHEMES = {"gemeente": "cbs-gm", "wijk": "cbs-wk", "buurt": "cbs-bu"}


@dataclass(frozen=True, slots=True)
class AreaValue:
    """An area as it is imported. ``geometry`` is GeoJSON in WGS84 (Polygon or MultiPolygon); ``lat``, ``lon`` are a point inside."""

    code: str
    name: str
    classification: str
    parent_code: str | None
    geometry: dict[str, Any]
    lat: float
    lon: float
    hectares: float | None = None


def store_areas(uow: UnitOfWork, year: int, values: Sequence[AreaValue]) -> int:
    """Enter these areas as the division of ``year``, or bring that division up to date; the number of areas.

    The newest year is the current division: it takes over the page addresses of the areas with the same codes, and older years get an end.
    Raises NotAllowed, and Invalid when an area lies in one that is neither given nor known.
    """
    EDIT_AREA.require(uow.actor)
    known = {area.code: area for area in uow.session.execute(select(Area).where(Area.year == year, Area.state == "active")).scalars()}
    newest = uow.session.execute(select(func.max(Area.year)).where(Area.state == "active")).scalar_one_or_none()
    is_current = newest is None or year >= newest
    predecessors = _close_earlier(uow, year) if newest is not None and year > newest else {}
    by_code = dict(known)
    for value in sorted(values, key=lambda value: (CLASSIFICATIONS.index(value.classification), value.code)):
        parent = by_code.get(value.parent_code) if value.parent_code else None
        if value.parent_code and parent is None:
            raise Invalid(_("{code} ligt in {parent}, maar dat gebied is er niet bij.", code=value.code, parent=value.parent_code))
        if (area := by_code.get(value.code)) is None:
            by_code[value.code] = _add(uow, year, value, parent, predecessors.get(value.code), is_current=is_current)
        else:
            _bring_up_to_date(uow, area, value, parent)
    uow.session.flush()
    uow.record("citycontent.area.imported", after={"year": year, "count": len(values)})
    uow.publish(AreasImported(year=year, count=len(values)))
    return len(values)


def _add(uow: UnitOfWork, year: int, value: AreaValue, parent: Area | None, predecessor: Area | None, *, is_current: bool) -> Area:
    area_id = uuid7()
    slug = (
        _take_over(uow, predecessor, area_id)
        if predecessor
        else take_slug(uow, TYPE, _slug_name(value, year, is_current=is_current), area_id)
    )
    area = Area(
        id=area_id,
        slug=slug,
        code=value.code,
        year=year,
        parent_id=parent.id if parent else None,
        valid_from=PartialDate(str(year)),
        valid_until=None if is_current else PartialDate(str(year)),
        created_at=uow.now,
        updated_at=uow.now,
    )
    _fill(area, value)
    register(uow, SubjectRef(TYPE, area_id), _card(area))
    uow.session.add(area)
    uow.session.flush()
    if predecessor:
        uow.session.execute(update(Identifier).where(Identifier.subject_id == predecessor.id).values(subject_id=area_id))
    elif is_current:
        set_identifiers(uow, TYPE, area_id, (), [(SCHEMES[value.classification], value.code)])
    return area


def _bring_up_to_date(uow: UnitOfWork, area: Area, value: AreaValue, parent: Area | None) -> None:
    card = _card(area)
    before = (area.name, area.geometry, area.lat, area.lon, area.hectares, area.parent_id)
    _fill(area, value)
    area.parent_id = parent.id if parent else None
    if before == (area.name, area.geometry, area.lat, area.lon, area.hectares, area.parent_id):
        return
    area.updated_at = uow.now
    if _card(area) != card:
        update_card(uow, SubjectRef(TYPE, area.id), _card(area))


def _fill(area: Area, value: AreaValue) -> None:
    area.name, area.sort_name, area.classification = value.name, fold(value.name), value.classification
    area.geometry, area.lat, area.lon, area.hectares = value.geometry, value.lat, value.lon, value.hectares


def _close_earlier(uow: UnitOfWork, year: int) -> dict[str, Area]:
    """End the division that was current; its areas by code."""
    current = uow.session.execute(select(Area).where(Area.valid_until.is_(None), Area.state == "active")).scalars().all()
    for area in current:
        area.valid_until = PartialDate(str(year - 1))
        area.updated_at = uow.now
    uow.session.flush()
    return {area.code: area for area in current}


def _take_over(uow: UnitOfWork, earlier: Area, new_id: uuid.UUID) -> str:
    """The page address of the same code in the new division; the earlier area goes on under its name with its year."""
    slug = earlier.slug
    earlier.slug = take_slug(uow, TYPE, f"{earlier.name} {earlier.year}", earlier.id)
    uow.session.flush()
    update_card(uow, SubjectRef(TYPE, earlier.id), _card(earlier))
    uow.session.execute(update(Slug).where(Slug.type == TYPE, Slug.slug == slug).values(entity_id=new_id))
    return slug


def _slug_name(value: AreaValue, year: int, *, is_current: bool) -> str:
    """A wijk and a buurt often share a name, so a wijk is called one; an area of the past carries its year."""
    name = f"wijk {value.name}" if value.classification == "wijk" and not fold(value.name).startswith("wijk") else value.name
    return name if is_current else f"{name} {year}"


def _card(area: Area) -> SubjectData:
    return SubjectData(title=area.name, url=page(TYPE, area.slug), summary="", area_ref=area.parent_id)
