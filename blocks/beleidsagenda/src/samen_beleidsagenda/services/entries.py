"""The read model of calendars, lists and feeds: one row per planned moment and per meeting, with its iCalendar text.

Whoever changes what a moment, meeting or dossier says, when it is or who may see it calls one of these; approval does so by itself.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from citycontent.api import Address, Event, Organization, Theme
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import COMING_STATUSES, Dossier, DossierTheme, Entry, Meeting, PlanningItem
from samen_beleidsagenda.queries.say import LastSay, last_say
from samen_beleidsagenda.services.common import dossier_of, is_public, today
from samen_beleidsagenda.services.vevent import MomentDetails, stored_vevent
from samen_core.api import CITY_TIME_ZONE, UnitOfWork

ICAL_STATUS = {
    "intended": "tentative",
    "planned": "tentative",
    "scheduled": "confirmed",
    "treated": "confirmed",
    "postponed": "cancelled",
    "lapsed": "cancelled",
}
"""What calendars call the states of a planned moment (§3.5)."""
SCHEDULE = ("start_date", "end_date", "start_at", "end_at", "location", "status")
"""A change in one of these raises ``sequence`` (RFC 5545 §3.8.7.4)."""
TOLD = (*SCHEDULE, "kind", "dossier_id", "body_id", "title", "path", "precision", "has_say", "last_say", "visible")
LONGEST = 200
BATCH = 500


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the entries of one dossier share."""

    dossier: Dossier
    themes: tuple[str, ...]
    bodies: Mapping[uuid.UUID, str]
    successors: Mapping[uuid.UUID, uuid.UUID]
    last_say: date | None = None


def keep_entries(uow: UnitOfWork, thing: Any) -> None:
    """Bring the entries of a thing up to date: of a planned moment its own, of a dossier all of its moments; others have none."""
    if isinstance(thing, PlanningItem):
        keep_entry_of_item(uow, thing)
    elif isinstance(thing, Dossier):
        keep_entries_of_dossier(uow, thing)


def keep_entry_of_item(uow: UnitOfWork, item: PlanningItem) -> None:
    """Bring the entry of a planned moment up to date; one that nobody may know of yet has none. At most ten statements.

    Other moments of the dossier are written again when with this one the last moment to have a say became another.
    """
    dossier = dossier_of(uow, item)
    if dossier is not None:
        before = uow.session.get(Entry, item.id)
        counted = item.has_say or item.kind == "decision" or (before is not None and (before.has_say or before.kind == "decision"))
        _keep(uow, dossier, [item])
        if dossier.is_public and counted:
            keep_last_says(uow, [dossier.id])


def keep_entries_of_dossier(uow: UnitOfWork, dossier: Dossier) -> None:
    """Bring the entries of all moments of a dossier up to date: after a change of its title, themes or who may see it."""
    uow.session.flush()
    items = uow.session.execute(select(PlanningItem).where(PlanningItem.dossier_id == dossier.id)).scalars().all()
    _keep(uow, dossier, items)


def keep_last_says(uow: UnitOfWork, dossier_ids: Sequence[uuid.UUID]) -> int:
    """Write the entries of coming moments of these dossiers again that tell another last day to have a say; gives how many."""
    says = last_say(uow, dossier_ids)
    statement = select(Entry.subject_id, Entry.dossier_id, Entry.last_say).where(
        Entry.dossier_id.in_(dossier_ids), Entry.visible, Entry.status != "cancelled", Entry.end_date >= today(uow)
    )
    stale: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in uow.session.execute(statement):
        if row.last_say != _day(says.get(row.dossier_id)):
            stale[row.dossier_id].append(row.subject_id)
    number = 0
    for dossier_id, ids in stale.items():
        items = uow.session.execute(select(PlanningItem).where(PlanningItem.id.in_(ids))).scalars().all()
        _keep(uow, uow.session.get_one(Dossier, dossier_id), items)
        number += len(items)
    return number


def refresh_last_says(uow: UnitOfWork) -> None:
    """Let calendars tell what became the last day to have a say because time passed or something closed; a job."""
    statement = select(Entry.dossier_id).where(Entry.visible, Entry.dossier_id.is_not(None), Entry.end_date >= today(uow)).distinct()
    ids = [id for id in uow.session.execute(statement).scalars() if id is not None]
    for start in range(0, len(ids), BATCH):
        keep_last_says(uow, ids[start : start + BATCH])


def _day(say: LastSay | None) -> date | None:
    return say.day if say is not None else None


def keep_entry_of_meeting(uow: UnitOfWork, meeting: Meeting) -> None:
    """Bring the entry of a meeting up to date with its event. That a meeting is held is public, also of a closed one."""
    uow.session.flush()
    event = uow.session.get(Event, meeting.event_id, populate_existing=True)
    if event is None:
        return
    entry = uow.session.get(Entry, event.id)
    start, end = event.start_date.astimezone(CITY_TIME_ZONE), (event.end_date or event.start_date).astimezone(CITY_TIME_ZONE)
    values = {
        "kind": "meeting",
        "dossier_id": None,
        "body_id": meeting.body_id,
        "title": event.name[:LONGEST],
        "path": paths.meeting(event.id),
        "start_date": start.date(),
        "end_date": max(start.date(), end.date()),
        "precision": "day",
        "start_at": None if event.all_day else event.start_date,
        "end_at": None if event.all_day else event.end_date,
        "location": event.location[:LONGEST],
        "status": _event_status(event),
        "has_say": False,
        "last_say": None,
        "visible": event.state == "active",
    }
    body = uow.session.execute(select(Organization.name).where(Organization.id == meeting.body_id)).scalar_one_or_none() or ""
    details = MomentDetails(text=event.summary, body=body, meeting_type=meeting.type, point=_point(uow, event), created_at=event.created_at)
    _store(uow, entry, (event.id, event.ical_uid), values, details)


def _event_status(event: Event) -> str:
    if event.state != "active" or event.status in ("cancelled", "postponed"):
        return "cancelled"
    return "tentative" if event.status == "tentative" else "confirmed"


def _point(uow: UnitOfWork, event: Event) -> tuple[float, float] | None:
    if event.address_id is None:
        return None
    row = uow.session.execute(select(Address.lat, Address.lon).where(Address.id == event.address_id)).one_or_none()
    return (row.lat, row.lon) if row is not None and row.lat is not None and row.lon is not None else None


def _keep(uow: UnitOfWork, dossier: Dossier, items: Iterable[PlanningItem]) -> None:
    uow.session.flush()
    by_id = {item.id: item for item in items}
    if not by_id:
        return
    stored = uow.session.execute(select(Entry).where(Entry.subject_id.in_(by_id))).scalars()
    entries = {entry.subject_id: entry for entry in stored}
    public = {item.id for item in by_id.values() if is_public(uow, item)}
    shown = [by_id[id] for id in by_id if id in public]
    facts = _facts(uow, dossier, shown) if shown else _Facts(dossier, (), {}, {})
    for item in by_id.values():
        entry = entries.get(item.id)
        if item.id in public:
            _store(uow, entry, (item.id, _uid(uow, item.id)), _values(item, facts), _details(item, facts))
        elif entry is not None and entry.visible:
            entry.visible, entry.changed_at = False, uow.now


def _facts(uow: UnitOfWork, dossier: Dossier, items: Iterable[PlanningItem]) -> _Facts:
    themes = select(Theme.name).join(DossierTheme, DossierTheme.theme_id == Theme.id).where(DossierTheme.dossier_id == dossier.id)
    bodies = select(Organization.id, Organization.name).where(Organization.id.in_({item.body_id for item in items if item.body_id}))
    put_off = [item.id for item in items if item.status == "postponed"]
    later = select(PlanningItem.previous_id, PlanningItem.id).where(
        PlanningItem.previous_id.in_(put_off), PlanningItem.state == "published", PlanningItem.confidential.is_(False)
    )
    return _Facts(
        dossier,
        tuple(uow.session.execute(themes.order_by(Theme.sort_name)).scalars()),
        {row.id: row.name for row in uow.session.execute(bodies)},
        {row.previous_id: row.id for row in uow.session.execute(later)} if put_off else {},
        _day(last_say(uow, [dossier.id]).get(dossier.id)),
    )


def _values(item: PlanningItem, facts: _Facts) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "dossier_id": item.dossier_id,
        "body_id": item.body_id,
        "title": item.title,
        "path": paths.planning_item(item.id),
        "start_date": item.start_date,
        "end_date": item.end_date,
        "precision": item.precision,
        "start_at": None,
        "end_at": None,
        "location": "",
        "status": ICAL_STATUS[item.status],
        "has_say": item.has_say,
        "last_say": facts.last_say if item.status in COMING_STATUSES else None,
        "visible": True,
    }


def _details(item: PlanningItem, facts: _Facts) -> MomentDetails:
    successor = facts.successors.get(item.id)
    return MomentDetails(
        text=item.text,
        dossier=facts.dossier.title,
        body=facts.bodies.get(item.body_id, "") if item.body_id else "",
        themes=facts.themes,
        reason=item.slip_reason,
        moved_to=paths.planning_item(successor) if successor else "",
        say_how=item.say_how,
        say_url=item.say_url,
        last_say=facts.last_say if item.status in COMING_STATUSES else None,
        created_at=item.created_at,
    )


def _uid(uow: UnitOfWork, id: uuid.UUID) -> str:
    return f"{id}@{urlsplit(uow.platform.config.web.base_url).hostname or 'samen'}"


def _store(uow: UnitOfWork, entry: Entry | None, key: tuple[uuid.UUID, str], values: dict[str, Any], details: MomentDetails) -> None:
    """Write an entry when something changed that calendars tell; its id for calendars stays what it was at first."""
    if entry is None:
        entry = Entry(subject_id=key[0], uid=key[1], sequence=0, changed_at=uow.now, vevent="", **values)
        entry.vevent = stored_vevent(uow, entry, details)
        uow.session.add(entry)
        return
    moved = any(getattr(entry, name) != values[name] for name in SCHEDULE)
    before = (entry.sequence, entry.changed_at)
    for name in TOLD:
        if getattr(entry, name) != values[name]:
            setattr(entry, name, values[name])
            entry.changed_at = uow.now
    if moved:
        entry.sequence += 1
    text = stored_vevent(uow, entry, details)
    if (entry.sequence, entry.changed_at) == before and text != entry.vevent:
        # Only what its row does not hold was changed, such as the explanation: made again with the moment of now.
        entry.changed_at = uow.now
        text = stored_vevent(uow, entry, details)
    if text != entry.vevent:
        entry.vevent = text
