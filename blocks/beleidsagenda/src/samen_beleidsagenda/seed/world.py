"""What the demonstration refers to: the city by its names, the day it is, and periods told from that day."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from citycontent.api import Area, Organization, PartialDate, Person, Post, Project, Theme
from samen_beleidsagenda.models import Body, Dossier
from samen_beleidsagenda.periods import Period, whole
from samen_beleidsagenda.services.common import today
from samen_core.api import CITY_TIME_ZONE, Subject, UnitOfWork

DATA = Path(__file__).parents[1] / "data" / "demo"
PRECISIONS = {"m": "month", "q": "quarter", "y": "year"}
MONTHS = {"m": 1, "q": 3, "y": 12}
Data = dict[str, Any]


def read(path: str) -> Data:
    """One file of the demonstration."""
    return tomllib.loads((DATA / path).read_text(encoding="utf-8"))


class World:
    """The city by its names. Days count back from today: 3 is three days ago, -3 in three days."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.today = today(uow)
        self.areas = self._ids(select(Area.code, Area.id))
        self.themes = self._ids(select(Theme.name, Theme.id))
        self.projects = self._ids(select(Project.name, Project.id))
        self.organizations = self._ids(select(Organization.name, Organization.id))
        self.persons = self._ids(select(Person.name, Person.id))
        self.posts = self._ids(select(Post.label, Post.id))
        self.bodies: dict[str, Body] = {}
        self.groups: dict[str, tuple[uuid.UUID, int]] = {}
        """The groups of the council by name, with their seats."""
        self.dossiers: dict[str, Dossier] = {}

    def knows_the_city(self) -> bool:
        """Whether the demonstration of the city itself is there to refer to."""
        return bool(self.areas) and "Gemeenteraad Zoetermeer" in self.organizations

    def has_page(self, path: str) -> bool:
        """Whether something public in the register has its page there."""
        statement = select(Subject.id).where(Subject.url == path, Subject.state == "active", Subject.public)
        return self.uow.session.execute(statement.limit(1)).first() is not None

    def _ids(self, statement: Any) -> dict[str, uuid.UUID]:
        return {row[0]: row[1] for row in self.uow.session.execute(statement)}

    def day(self, ago: int) -> date:
        """The day so many days ago."""
        return self.today - timedelta(days=ago)

    def ago(self, day: date) -> int:
        """How many days ago this was."""
        return (self.today - day).days

    @contextmanager
    def on(self, day: date, hour: int = 10) -> Iterator[None]:
        """Let what happens inside happen on that day, on the city's clock; never later than now."""
        moment = datetime.combine(day, time(hour), CITY_TIME_ZONE).astimezone(UTC)
        with self.uow.at(min(moment, self.uow.platform.clock())):
            yield

    def period(self, told: str) -> Period:
        """A period told from today: ``m+2``, ``q-1``, ``y+1``."""
        return whole(self._month(int(told[1:]) * MONTHS[told[0]]), PRECISIONS[told[0]])

    def partial(self, told: str) -> PartialDate:
        """The month in which such a period ends, as a date of which the day is not known."""
        return PartialDate(f"{self.period(told).end:%Y-%m}")

    def _month(self, ahead: int) -> date:
        months = self.today.year * 12 + self.today.month - 1 + ahead
        return date(months // 12, months % 12 + 1, 1)
