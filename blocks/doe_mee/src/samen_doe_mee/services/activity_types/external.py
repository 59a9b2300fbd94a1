"""External: a poll on another channel or an evening in a hall, entered by staff with its source."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from samen_core.api import Text, UnitOfWork, _
from samen_doe_mee.models import Activity, ExternalResult
from samen_doe_mee.schemas.external import ExternalSettingsSchema
from samen_doe_mee.services.activity_types.shape import ActivityType, Outcome, Part
from samen_doe_mee.services.poll_outcome import COLUMNS, external_rows


def nothing_to_keep(_uow: UnitOfWork, _activity: Activity, _made: bool) -> None:
    """All that it has of its own are its settings."""


def no_end(_uow: UnitOfWork, _activity: Activity) -> None:
    """Results may be entered after it is over: nothing ends."""


def no_lack(_uow: UnitOfWork, _activity: Activity) -> list[Text]:
    """Results come later."""
    return []


def outcome(uow: UnitOfWork, activity: Activity) -> Outcome:
    """All results together, with the options in the order of its settings. One statement."""
    rows = uow.session.execute(select(ExternalResult.people, ExternalResult.counts).where(ExternalResult.activity_id == activity.id)).all()
    people = sum(row.people for row in rows)
    numbers: Counter[str] = Counter(dict.fromkeys(activity.options.get("choices", ()), 0))
    for row in rows:
        for count in row.counts:
            numbers[count["text"]] += count["number"]
    parts = tuple(Part(text, number, number / people if people else None) for text, number in numbers.items())
    return Outcome(people, parts, _("mensen"))


def values(_uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    """What its form shows."""
    return {**activity.options, "choices": "\n".join(activity.options.get("choices", ()))}


TYPE = ActivityType(
    code="external",
    label=_("Op een andere plek"),
    help=_("Een peiling op sociale media, een avond in een zaal, een gesprek op straat. U vult in wat eruit kwam, met de bron erbij."),
    icon="megaphone",
    verb=_("Bekijk"),
    minutes=1,
    options=ExternalSettingsSchema,
    prepare=nothing_to_keep,
    closing=no_end,
    outcome=outcome,
    lacking=no_lack,
    open_data=external_rows,
    columns=COLUMNS,
    values=values,
    takes_part_online=False,
)
