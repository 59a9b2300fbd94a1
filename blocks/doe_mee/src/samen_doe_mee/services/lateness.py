"""When what was done with a round or an activity should be told, and how late it is. Computed from the dates when read, never kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from samen_core.api import CITY_TIME_ZONE, Text, UnitOfWork, n_
from samen_doe_mee.settings import RESULT_DAYS, number


def city_day(moment: datetime) -> date:
    """The day of a moment in the city."""
    return moment.astimezone(CITY_TIME_ZONE).date()


def result_day(uow: UnitOfWork, activity: Any) -> date:
    """The last day for the result text of an activity: so many days after it closed as the city set."""
    return city_day(activity.closes_at) + timedelta(days=number(uow, RESULT_DAYS))


def days_late(last: date, now: datetime) -> int:
    """How many days ago the last day was; 0 while it is not over."""
    return max(0, (city_day(now) - last).days)


def round_days_late(found: Any, now: datetime) -> int:
    """How many days late it is that nobody told yet what is done with a round."""
    return 0 if found.closed_at is not None else days_late(found.result_by, now)


def activity_days_late(uow: UnitOfWork, activity: Any) -> int:
    """How many days late the result text of an activity is."""
    return 0 if activity.result_at is not None else days_late(result_day(uow, activity), uow.now)


def late_words(days: int) -> Text:
    """How late it is, for everybody: ``3 dagen te laat``."""
    return n_("{n} dag te laat", "{n} dagen te laat", days)
