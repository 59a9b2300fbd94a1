"""On which of the coming days a tool is free, as weeks for a table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from samen_core.api import Text, _, format_date

WEEKS = 5
WEEKDAYS = (_("ma"), _("di"), _("wo"), _("do"), _("vr"), _("za"), _("zo"))


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the table. ``state`` is past, free or taken."""

    number: int
    name: str
    state: str
    is_today: bool

    @property
    def words(self) -> Text:
        """The state, for who does not see the colour."""
        return {"past": _("voorbij"), "free": _("vrij"), "taken": _("bezet")}[self.state]


def window(today: date) -> tuple[date, date]:
    """The first and last day of the table: whole weeks, from the monday of this week."""
    first = today - timedelta(days=today.weekday())
    return first, first + timedelta(days=7 * WEEKS - 1)


def weeks(today: date, taken: Collection[date]) -> list[list[Day]]:
    """The coming weeks, from monday to sunday."""
    first, _last = window(today)
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    made = [Day(day.day, format_date(day), _state(day, today, taken), day == today) for day in days]
    return [made[start : start + 7] for start in range(0, len(made), 7)]


def _state(day: date, today: date, taken: Collection[date]) -> str:
    if day < today:
        return "past"
    return "taken" if day in taken else "free"
