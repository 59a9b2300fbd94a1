"""Areas and themes as every page needs them: few rows, read whole, kept by the caller until the stamp changes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from citycontent.models import Area, Theme
from samen_core.api import UnitOfWork

_STAMP = select(
    select(func.count()).select_from(Area).scalar_subquery(),
    select(func.max(Area.updated_at)).scalar_subquery(),
    select(func.count()).select_from(Theme).scalar_subquery(),
    select(func.max(Theme.updated_at)).scalar_subquery(),
)
_AREAS: Select[Any] = (
    select(Area.id, Area.code, Area.year, Area.name, Area.slug, Area.classification, Area.parent_id, Area.lat, Area.lon, Area.hectares)
    .where(Area.state == "active", Area.valid_until.is_(None))
    .order_by(Area.sort_name, Area.id)
)
_GEOMETRIES = select(Area.id, Area.geometry).where(Area.state == "active", Area.valid_until.is_(None), Area.geometry.is_not(None))
_THEMES: Select[Any] = (
    select(Theme.id, Theme.name, Theme.slug, Theme.parent_id, Theme.description)
    .where(Theme.state == "active")
    .order_by(Theme.sort_name, Theme.id)
)


def stamp(uow: UnitOfWork) -> tuple[Any, ...]:
    """A value that changes whenever an area or a theme does. One statement."""
    return tuple(uow.session.execute(_STAMP).one())


def current_areas(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """The areas of the current division, by name."""
    return uow.session.execute(_AREAS).all()


def geometries(uow: UnitOfWork) -> dict[uuid.UUID, dict[str, Any]]:
    """The borders of the areas of the current division, as GeoJSON."""
    return {row.id: row.geometry for row in uow.session.execute(_GEOMETRIES)}


def current_themes(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """The themes, by name."""
    return uow.session.execute(_THEMES).all()
