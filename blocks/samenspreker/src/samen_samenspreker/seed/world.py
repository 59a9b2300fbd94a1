"""What the questions of the demonstration refer to: the city, the accounts, the day it is."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from citycontent.api import Area, Organization, Person, Project, Theme
from samen_core.api import CITY_TIME_ZONE, UnitOfWork, account_by_email, demo_crowd, fold
from samen_samenspreker.services.common import today

DOMAIN = "samen.example"
CROWD = 80


class World:
    """The city by its names. Days count back from today: 3 is three days ago, -3 in three days."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.today = today(uow)
        session = uow.session
        self.areas = {row.code: row.id for row in session.execute(select(Area.code, Area.id))}
        self.themes = {row.name: row.id for row in session.execute(select(Theme.name, Theme.id))}
        self.projects = {row.name: row.id for row in session.execute(select(Project.name, Project.id))}
        self.persons = {row.name: row.id for row in session.execute(select(Person.name, Person.id))}
        rows = session.execute(select(Organization.name, Organization.id, Organization.sector)).all()
        self.organizations = {row.name: row.id for row in rows}
        self.by_folded_name = {fold(row.name): row.id for row in rows}
        self.sectors = {row.id: row.sector for row in rows}
        self._crowd: list[uuid.UUID] = []

    def knows_the_city(self) -> bool:
        """Whether the demonstration of the city itself is there to refer to."""
        return bool(self.areas) and "Gemeente Zoetermeer" in self.organizations

    def day(self, ago: int) -> date:
        """The day so many days ago."""
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment on that day, on the city's clock; never later than now for a day that is not to come."""
        found = datetime.combine(self.day(ago), time(hour, minute), CITY_TIME_ZONE).astimezone(UTC)
        return min(found, self.uow.platform.clock()) if ago >= 0 else found

    def account(self, role: str) -> uuid.UUID | None:
        """The demonstration account of a role."""
        return account_by_email(self.uow, f"{role}@{DOMAIN}") if role else None

    def crowd(self, number: int) -> list[uuid.UUID]:
        """So many invented residents."""
        if not self._crowd:
            self._crowd = demo_crowd(self.uow, CROWD)
        return self._crowd[:number]

    def write(self, model: Any, rows: list[dict[str, Any]]) -> None:
        """Store rows that no service makes, because nobody of the demonstration is there to ask."""
        if rows:
            self.uow.session.execute(insert(model), rows)
