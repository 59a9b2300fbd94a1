"""The last moment at which residents can have their say on a dossier: computed from what is planned, never typed in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Boolean, Date, Text, bindparam, func

from samen_beleidsagenda.models import COMING_STATUSES, ParticipationEvent, ParticipationLink, PlanningItem
from samen_beleidsagenda.paths import planning_item
from samen_beleidsagenda.queries.kinds_together import by_kind, part, together
from samen_core.api import CITY_TIME_ZONE, Subject, UnitOfWork, UTCDateTime

CLOSED = "activity.closed"
_MOMENT = timedelta(microseconds=1)
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


_I, _LINK, _EVENT, _S = PlanningItem.__table__.c, ParticipationLink.__table__.c, ParticipationEvent.__table__.c, Subject.__table__.c
_TYPES = {
    "dossier_id": _I.dossier_id.type,
    "id": _I.id.type,
    "title": Text(),
    "kind": Text(),
    "start_date": Date(),
    "end_date": Date(),
    "precision": Text(),
    "has_say": Boolean(),
    "say_how": Text(),
    "say_url": Text(),
    "at": UTCDateTime(),
    "open_from": UTCDateTime(),
    "open_until": UTCDateTime(),
    "told_id": _I.id.type,
}
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Hidden from the planner, which without statistics would walk all that is published instead of that of these dossiers.
_PUBLISHED = func.coalesce(_I.state, "") == "published"
_ITEMS = part("moment", _TYPES, **{name: _I[name] for name in _TYPES if name in _I}).where(
    _I.dossier_id.in_(_IDS),
    _I.end_date >= bindparam("today", type_=Date()),
    _PUBLISHED,
    _I.confidential.is_(False),
    _I.status.in_(COMING_STATUSES),
    _I.has_say | (_I.kind == "decision"),
)
_OPENED = (
    part(
        "activity",
        _TYPES,
        **{name: _EVENT[name] for name in ("at", "open_from", "open_until", "told_id")},
        dossier_id=_LINK.dossier_id,
        id=_EVENT.thing_id,
        kind=_EVENT.type,
        title=_S.title,
        say_url=_S.url,
    )
    .select_from(_LINK.id.table)
    .join(_EVENT.subject_id.table, _EVENT.subject_id == _LINK.subject_id)
    .join(_S.id.table, _S.id == _EVENT.thing_id)
    .where(_LINK.dossier_id.in_(_IDS), _S.public, _S.state == "active", _EVENT.type.contains(f".{ACTIVITY}", autoescape=True))
)
_SAYS = together(_ITEMS, _OPENED)


def last_say(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, LastSay]:
    """By dossier the last moment to have a say; a dossier without one is not in it. One statement, whatever the number.

    It is the last of the coming public moments with a say and of what is open at linked things, before or at the first coming decision.
    The caller shows it only of dossiers that the reader may see.
    """
    wanted = list(dict.fromkeys(dossier_ids))
    if not wanted:
        return {}
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    rows = by_kind(uow, _SAYS, {"ids": wanted, "today": today})
    ends: dict[uuid.UUID, date] = {}
    found: dict[uuid.UUID, list[LastSay]] = defaultdict(list)
    for row in sorted(rows["moment"], key=lambda row: (row.start_date, row.end_date, row.id)):
        if row.kind == "decision":
            ends.setdefault(row.dossier_id, row.end_date)
        if row.has_say:
            found[row.dossier_id].append(_moment(row, today))
    for row in _open_now(rows["activity"], uow.now):
        found[row.dossier_id].append(_activity(row, today))
    made = {id: _last(says, ends.get(id)) for id, says in found.items()}
    return {id: say for id, say in made.items() if say is not None}


def _open_now(rows: Iterable[Any], now: datetime) -> list[Any]:
    """The activities of linked things that are not over, as their newest event tells."""
    newest: dict[tuple[uuid.UUID, uuid.UUID], Any] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.told_id), reverse=True):
        newest.setdefault((row.dossier_id, row.id), row)
    return [row for row in newest.values() if not row.kind.endswith(CLOSED) and (row.open_until is None or row.open_until > now)]


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
        subject_id=row.id,
        title=row.title,
        start=start,
        # What closes at midnight closes with the day before it.
        day=_day(row.open_until - _MOMENT) if row.open_until is not None else None,
        precision="day",
        path=row.say_url,
        now=start <= today,
    )


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CITY_TIME_ZONE).date() if moment is not None else None


def _last(says: list[LastSay], decided: date | None) -> LastSay | None:
    """The last of these that begins before the period of the first decision (which ends on ``decided``) is over; it ends then too."""
    if decided is not None:
        says = [replace(say, day=min(say.day or decided, decided)) for say in says if say.start <= decided]
    return max(says, key=lambda say: (say.day or date.max, say.start), default=None)
