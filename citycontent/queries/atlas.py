"""What pages keep of the areas and themes until one of them changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from citycontent.models import Area, Theme
from samen_core.api import UnitOfWork

_STAMP = select(
    select(func.count()).select_from(Area).scalar_subquery(),
    select(func.max(Area.updated_at)).scalar_subquery(),
    select(func.count()).select_from(Theme).scalar_subquery(),
    select(func.max(Theme.updated_at)).scalar_subquery(),
)
_THEMES = (
    select(Theme.id, Theme.name, Theme.slug, Theme.parent_id, Theme.description)
    .where(Theme.state == "active")
    .order_by(Theme.sort_name, Theme.id)
)


def stamp(uow: UnitOfWork) -> tuple[Any, ...]:
    """A value that changes whenever an area or a theme does. One statement."""
    uow.session.flush()
    return tuple(uow.session.connection().execute(_STAMP).one())


def current_themes(uow: UnitOfWork) -> Sequence[Row[*tuple[Any, ...]]]:
    """The themes, by name."""
    return uow.session.execute(_THEMES).all()
