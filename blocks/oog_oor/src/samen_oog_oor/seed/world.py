"""What the demonstration refers to: the city by its names, the day it is, and chance that always falls the same."""

from __future__ import annotations

import tomllib
import uuid
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from citycontent.api import Area, Organization, buurt_at
from samen_core.api import CITY_TIME_ZONE, UnitOfWork
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.working_days import today

DATA = Path(__file__).parents[1] / "data" / "demo"
SPREAD = 0.003
"""How far from the middle of a neighbourhood a place may lie, in degrees: some 300 metres."""
Data = dict[str, Any]


class World:
    """The city by its codes and names. ``chance`` gives the same year each time."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.today = today(uow)
        self.chance = Random(6)  # noqa: S311 - a demonstration, no secret
        self.stories: list[Data] = tomllib.loads((DATA / "stories.toml").read_text("utf-8"))["story"]
        self.desk: Data = tomllib.loads((DATA / "desk.toml").read_text("utf-8"))
        self.tree = category_tree(uow)
        buurten = select(Area.code, Area.id, Area.name, Area.lat, Area.lon).where(
            Area.classification == "buurt", Area.valid_until.is_(None), Area.lat.is_not(None)
        )
        self.areas = {row.code: row for row in uow.session.execute(buurten.order_by(Area.code))}
        self.area_ids: dict[str, uuid.UUID] = {row.code: row.id for row in uow.session.execute(select(Area.code, Area.id))}
        self.organizations: dict[str, uuid.UUID] = {
            row.name: row.id for row in uow.session.execute(select(Organization.name, Organization.id))
        }

    def category(self, code: str) -> CategoryView:
        """A category by its code."""
        return self.tree.by_code[code]

    def moment(self, ago: float, hour: int | None = None) -> datetime:
        """A moment so many days ago, at an hour of the city's clock at which people report; never later than now."""
        day = self.today - timedelta(days=int(ago))
        told = self.chance.choice((7, 8, 9, 10, 12, 13, 16, 17, 19, 20, 21)) if hour is None else hour
        at = datetime.combine(day, time(told, self.chance.randrange(60)), CITY_TIME_ZONE).astimezone(UTC)
        return min(at, self.uow.now)

    def place(self, code: str, spread: float = SPREAD) -> tuple[float, float]:
        """A point in a neighbourhood: near its middle, or the middle itself where chance found none inside."""
        area = self.areas[code]
        return self.near(area.lat, area.lon, area.id, spread)

    def near(self, lat: float, lon: float, area_id: uuid.UUID, spread: float) -> tuple[float, float]:
        """A point near another in the same neighbourhood."""
        for _try in range(8):
            found = round(self.chance.gauss(lat, spread / 2), 6), round(self.chance.gauss(lon, spread / 1.2), 6)
            inside = buurt_at(self.uow, *found)
            if inside is not None and inside[0] == area_id:
                return found
        return lat, lon
