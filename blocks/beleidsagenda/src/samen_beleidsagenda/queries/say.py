"""The last moment at which residents can have their say on a dossier: computed from what is planned, never typed in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.models import COMING_STATUSES, ParticipationEvent, ParticipationLink, PlanningItem
from samen_beleidsagenda.paths import planning_item
from samen_core.api import CITY_TIME_ZONE, Subject, UnitOfWork

CLOSED = "activity.closed"
ACTIVITY = "activity."
"""What the types of events tell of something that people can take part in: ``<block>.activity.created``, ``… .updated``, ``… .closed``."""


@dataclass(frozen=True, slots=True)
class LastSay:
    """The last moment to have a say on a dossier.

    ``start`` to ``day`` (included) is its period, of this ``precision``; ``day`` None: it is open, and nobody said until when. ``path`` is
    the page of it on this site. ``say_how`` and ``say_url`` tell how one takes part; ``now``: one can today. ``subject_id`` is the planned
    moment, or what is open at a linked thing.
    """

    subject_id: uuid.UUID
    title: str
    start: date
    day: date | None
    precision: str
    path: str
    now: bool
    say_how: str = ""
    say_url: str = ""


_ITEMS = (
    select(
        PlanningItem.id,
        PlanningItem.dossier_id,
        PlanningItem.kind,
        PlanningItem.title,
        PlanningItem.start_date,
        PlanningItem.end_date,
        PlanningItem.precision,
        PlanningItem.has_say,
        PlanningItem.say_how,
        PlanningItem.say_url,
    )
    .where(
        PlanningItem.state == "published",
        PlanningItem.confidential.is_(False),
        PlanningItem.status.in_(COMING_STATUSES),
        PlanningItem.has_say | (PlanningItem.kind == "decision"),
    )
    .order_by(PlanningItem.start_date, PlanningItem.end_date, PlanningItem.id)
)
_OPENED = (
    select(
        ParticipationLink.dossier_id,
        ParticipationEvent.thing_id,
        ParticipationEvent.type,
        ParticipationEvent.open_from,
        ParticipationEvent.open_until,
        Subject.title,
        Subject.url,
    )
    .join(ParticipationEvent, ParticipationEvent.subject_id == ParticipationLink.subject_id)
    .join(Subject, Subject.id == ParticipationEvent.thing_id)
    .where(Subject.public, Subject.state == "active", ParticipationEvent.type.contains(f".{ACTIVITY}", autoescape=True))
    .order_by(ParticipationEvent.at.desc(), ParticipationEvent.told_id.desc())
)


def last_say(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, LastSay]:
    """By dossier the last moment to have a say; a dossier without one is not in it. Two statements, whatever the number.

    It is the last of the coming public moments with a say and of what is open at linked things, before or at the first coming decision.
    The caller shows it only of dossiers that the reader may see.
    """
    wanted = list(dict.fromkeys(dossier_ids))
    if not wanted:
        return {}
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    ends: dict[uuid.UUID, date] = {}
    found: dict[uuid.UUID, list[LastSay]] = defaultdict(list)
    for row in uow.session.execute(_ITEMS.where(PlanningItem.dossier_id.in_(wanted), PlanningItem.end_date >= today)):
        if row.kind == "decision":
            ends.setdefault(row.dossier_id, row.end_date)
        if row.has_say:
            found[row.dossier_id].append(_moment(row, today))
    for row in _open_now(uow, wanted):
        found[row.dossier_id].append(_activity(row, today))
    made = {id: _last(says, ends.get(id)) for id, says in found.items()}
    return {id: say for id, say in made.items() if say is not None}


def _open_now(uow: UnitOfWork, dossier_ids: list[uuid.UUID]) -> list[Any]:
    """The activities of linked things that are not over, as their newest event tells."""
    newest: dict[tuple[uuid.UUID, uuid.UUID], Any] = {}
    for row in uow.session.execute(_OPENED.where(ParticipationLink.dossier_id.in_(dossier_ids))):
        newest.setdefault((row.dossier_id, row.thing_id), row)
    return [row for row in newest.values() if not row.type.endswith(CLOSED) and (row.open_until is None or row.open_until > uow.now)]


def _moment(row: Any, today: date) -> LastSay:
    return LastSay(
        subject_id=row.id,
        title=row.title,
        start=row.start_date,
        day=row.end_date,
        precision=row.precision,
        path=planning_item(row.id),
        now=row.start_date <= today and row.precision in ("day", "week"),
        say_how=row.say_how,
        say_url=row.say_url,
    )


def _activity(row: Any, today: date) -> LastSay:
    start = _day(row.open_from) or today
    return LastSay(
        subject_id=row.thing_id,
        title=row.title,
        start=start,
        day=_day(row.open_until),
        precision="day",
        path=row.url,
        now=start <= today,
    )


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CITY_TIME_ZONE).date() if moment is not None else None


def _last(says: list[LastSay], decided: date | None) -> LastSay | None:
    """The last of these that begins before the period of the first decision (which ends on ``decided``) is over; it ends then too."""
    if decided is not None:
        says = [replace(say, day=min(say.day or decided, decided)) for say in says if say.start <= decided]
    return max(says, key=lambda say: (say.day or date.max, say.start), default=None)
