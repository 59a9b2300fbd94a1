"""All that a report is checked and routed by, in memory, and one statement that tells whether it is still so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select

from citycontent.api import AREA_VERSION
from samen_core.api import UnitOfWork
from samen_oog_oor.models import Signal
from samen_oog_oor.queries import categories, routing
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.routing import Desk, routing_desk
from samen_oog_oor.settings import city_organization_slug

_SIGNAL: Any = Signal.__table__
_EARLIER = select(_SIGNAL.c.id).where(_SIGNAL.c.idempotency_key == bindparam("once")).scalar_subquery()
COLUMNS: tuple[Any, ...] = (categories.STAMP, routing.STAMP, AREA_VERSION, _EARLIER)
"""What :func:`look` reads, for who has another statement to read it with; with the values of :func:`asked`."""
_LOOK: Any = select(*COLUMNS)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the database: what tells the ground from another, and the signal that came in with this idempotency key."""

    stamp: tuple[str, ...]
    earlier: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Ground:
    """The categories, rules, organisations and areas of one moment."""

    stamp: tuple[str, ...]
    desk: Desk
    areas: str
    """The version of the areas."""


_kept: WeakKeyDictionary[Any, Ground] = WeakKeyDictionary()


def asked(uow: UnitOfWork, once: str | None) -> dict[str, Any]:
    """The values that :data:`COLUMNS` are asked with."""
    return {"slug": city_organization_slug(uow), "once": once}


def seen(values: Mapping[str, Any], row: Any) -> Look:
    """What the columns gave, asked with these values."""
    *stamps, earlier = row
    return Look((values["slug"], *stamps), earlier)


def look(uow: UnitOfWork, once: str | None) -> Look:
    """Look at the database. One statement."""
    uow.session.flush()
    values = asked(uow, once)
    return seen(values, uow.session.connection().execute(_LOOK, values).one())


def ground_of(uow: UnitOfWork, found: Look) -> Ground:
    """What stands at this look; no statement when that was kept."""
    kept = _kept.get(uow.platform)
    if kept is not None and kept.stamp == found.stamp:
        return kept
    _slug, of_categories, of_desk, areas = found.stamp
    desk = routing_desk(uow, of_desk, category_tree(uow, of_categories))
    ground = Ground(found.stamp, desk, areas)
    if not _own_changes(uow):
        _kept[uow.platform] = ground
    return ground


def kept_ground(uow: UnitOfWork) -> Ground | None:
    """What stood when this process looked last: to be held against a new look. None when it never did, or this transaction changed it."""
    return None if _own_changes(uow) or uow.session.new or uow.session.dirty else _kept.get(uow.platform)


def _own_changes(uow: UnitOfWork) -> bool:
    return bool(uow.session.info.get(categories.CHANGED) or uow.session.info.get(routing.CHANGED))
