"""What was reported before close to a place: to join it, or to read that it was solved a while ago."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row, and_, bindparam, or_, select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import CLOSED, OPEN
from samen_oog_oor.queries.public import POINT

METRES = 111_320
"""Metres in a degree of latitude."""
MOST = 5
LATELY = timedelta(days=28)
"""So long after it was closed a case is still shown."""
_READ = 60
AROUND = 65
"""Metres that a point which only says which street can be from where it is."""
C = Case.__table__.c
_FOUND = (
    select(
        (C.public_lat != C.lat).label("around"),
        C.id,
        C.number,
        C.title,
        C.public_text,
        C.publication,
        C.state,
        C.answer,
        *POINT,
        C.signals,
        C.supports,
    )
    .add_columns(C.reported_at, C.closed_at, C.promised_on)
    .where(
        C.category_id == bindparam("category_id"),
        C.public_lat.between(bindparam("south"), bindparam("north")),
        C.public_lon.between(bindparam("west"), bindparam("east")),
        C.publication.in_(("point", "full")),
        C.confidential.is_(False),
        C.merged_into_id.is_(None),
        or_(C.state.in_(sorted(OPEN)), and_(C.state.in_(sorted(CLOSED)), C.closed_at >= bindparam("since", type_=C.closed_at.type))),
    )
    .order_by(C.reported_at.desc(), C.id.desc())
    .limit(_READ)
)


class HasRadius(Protocol):
    """A category: within how many metres of each other two signals may be about the same."""

    @property
    def id(self) -> uuid.UUID:
        """Its id."""

    @property
    def radius(self) -> int:
        """Metres."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A case close by, ``metres`` away. Text, answer and number only where the case has a page of its own (``readable``)."""

    id: uuid.UUID
    number: str
    title: str
    text: str
    answer: str
    state: str
    readable: bool
    signals: int
    supports: int
    reported_at: datetime
    closed_at: datetime | None
    promised_on: date | None
    metres: int

    @property
    def open(self) -> bool:
        """Whether it can be joined."""
        return self.state in OPEN


def cases_nearby(uow: UnitOfWork, category: HasRadius, lat: float, lon: float) -> list[Nearby]:
    """The cases of this category within its radius that everybody may know of: the open ones, nearest first, then the lately closed ones.

    At most five. One statement.
    """
    if category.radius <= 0:
        return []
    high = (category.radius + AROUND) / METRES
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    span = {"south": lat - high, "north": lat + high, "west": lon - wide, "east": lon + wide}
    rows = uow.session.connection().execute(_FOUND, {**span, "category_id": category.id, "since": uow.now - LATELY}).all()
    found = [(metres(lat, lon, row.lat, row.lon), row) for row in rows]
    near = [_nearby(row, round(away)) for away, row in found if away <= category.radius + (AROUND if row.around else 0)]
    return sorted(near, key=lambda one: (not one.open, one.metres))[:MOST]


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """How far two points are apart, true enough within a city."""
    north = (other_lat - lat) * METRES
    east = (other_lon - lon) * METRES * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(north, east)


def _nearby(row: Row[Any], away: int) -> Nearby:
    readable = row.publication == "full"
    values: dict[str, Any] = {
        name: getattr(row, name) for name in ("id", "state", "signals", "supports", "reported_at", "closed_at", "promised_on")
    }
    shown = {"number": "number", "title": "title", "text": "public_text", "answer": "answer"}
    texts: dict[str, Any] = {name: getattr(row, column) if readable else "" for name, column in shown.items()}
    return Nearby(**values, **texts, readable=readable, metres=away)
