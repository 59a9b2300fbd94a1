"""What the demonstration refers to: the city by its names and codes, the day it is, and chance that always falls the same."""

from __future__ import annotations

import tomllib
import uuid
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from citycontent.api import Area, Organization, Project, Theme, buurt_at
from samen_core.api import CITY_TIME_ZONE, UnitOfWork, account_by_email

DATA = Path(__file__).parents[1] / "data" / "demo"
DOMAIN = "samen.example"
SPREAD = 0.003
"""How far from the middle of a neighbourhood a place may lie, in degrees: some 300 metres."""
ORGANIZATION = "Gemeente Zoetermeer"
SECTORS = ("citizens",) * 7 + ("business", "business", "civil_society")
CHANNELS = ("online",) * 7 + ("meeting", "phone", "letter")
Data = dict[str, Any]


class World:
    """The city by its names. Days count back from today: 3 is three days ago, -3 in three days."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.today: date = uow.now.astimezone(CITY_TIME_ZONE).date()
        self.chance = Random(7)  # noqa: S311 - a demonstration, no secret
        self.ideas: list[Data] = _read("ideas")["idea"]
        self.plans: list[Data] = _read("plans")["plan"]
        self.words: dict[str, list[str]] = _read("reactions")
        session = uow.session
        self.areas = {row.code: row for row in session.execute(select(Area.code, Area.id, Area.name, Area.lat, Area.lon))}
        self.neighbourhoods: list[uuid.UUID] = [row.id for code, row in sorted(self.areas.items()) if code.startswith("BU")][:20]
        self.themes: dict[str, uuid.UUID] = {row.name: row.id for row in session.execute(select(Theme.name, Theme.id))}
        self.projects: dict[str, uuid.UUID] = {row.name: row.id for row in session.execute(select(Project.name, Project.id))}
        named = session.execute(select(Organization.name, Organization.id))
        self.organizations: dict[str, uuid.UUID] = {row.name: row.id for row in named}

    def knows_the_city(self) -> bool:
        """Whether the demonstration of the city itself is there to refer to."""
        return bool(self.areas) and ORGANIZATION in self.organizations

    def moment(self, ago: float, hour: int | None = None) -> datetime:
        """A moment so many days ago, at an hour of the city's clock; never later than now for a day that is not to come."""
        day = self.today - timedelta(days=int(ago))
        told = self.chance.choice((8, 9, 10, 12, 13, 16, 17, 19, 20, 21)) if hour is None else hour
        minute = self.chance.randrange(60) if hour is None else 0
        at = datetime.combine(day, time(told, minute), CITY_TIME_ZONE).astimezone(UTC)
        return min(at, self.uow.platform.clock()) if ago >= 0 else at

    def account(self, role: str) -> uuid.UUID | None:
        """The demonstration account of a role."""
        return account_by_email(self.uow, f"{role}@{DOMAIN}")

    def area_id(self, code: str) -> uuid.UUID | None:
        """A neighbourhood by its code."""
        return self.areas[code].id if code else None

    def place(self, code: str) -> tuple[float, float]:
        """A point in a neighbourhood: near its middle, or the middle itself where chance found none inside."""
        area = self.areas[code]
        for _try in range(8):
            found = round(self.chance.gauss(area.lat, SPREAD / 2), 6), round(self.chance.gauss(area.lon, SPREAD / 1.2), 6)
            inside = buurt_at(self.uow, *found)
            if inside is not None and inside[0] == area.id:
                return found
        return area.lat, area.lon

    def said(self, about: str) -> str:
        """Something that somebody says: a beginning, what it is about, an end."""
        pick = self.chance.choice
        return f"{pick(self.words['begin'])}{pick(self.words[about])}{pick(self.words['end'])}"


def _read(name: str) -> Data:
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
