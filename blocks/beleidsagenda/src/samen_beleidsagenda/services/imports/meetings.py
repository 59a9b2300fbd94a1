"""Meetings and the points of their agendas, as an import makes and changes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from citycontent.api import AddressValue, Event
from samen_beleidsagenda.models import AgendaItem, Meeting
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.schemas.agendas import AddItem, ChangeItem, OrderItems
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.meetings import CancelMeeting, ChangeMeeting, PlanMeeting, PublishAgenda
from samen_beleidsagenda.services.agendas import add_item, change_item, item_values, items_of, order_items, remove_item
from samen_beleidsagenda.services.common import may_see
from samen_beleidsagenda.services.imports.work import Adapter, Now, Work
from samen_beleidsagenda.services.meetings import (
    cancel_meeting,
    change_meeting,
    find_meeting,
    meeting_values,
    plan_meeting,
    publish_agenda,
    version_of,
)
from samen_core.api import CITY_TIME_ZONE, Invalid, _

NO_NUMBER = "–"
"""The number of a point that has none there, so that it does not get one by its place among others that do."""
OFF = ("cancelled", "postponed")


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(CITY_TIME_ZONE).isoformat() if moment else None


def moment_of(text: Any) -> datetime | None:
    """A moment as it stands in a plan."""
    return datetime.fromisoformat(text) if text else None


# --- meetings --------------------------------------------------------------------------------------------------------------------


def meetings_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Meetings with their events. Two statements."""
    statement = select(Meeting, Event).join(Event, Event.id == Meeting.event_id).where(Meeting.event_id.in_(ids), Event.state == "active")
    rows = work.uow.session.execute(statement).all()
    order = _order(work, [meeting.event_id for meeting, _event in rows])
    found = {}
    for meeting, event in rows:
        values = {
            "name": event.name,
            "start": _iso(event.start_date),
            "end": _iso(event.end_date),
            "body": str(meeting.body_id),
            "type": meeting.type,
            "location": event.location,
            "closed": meeting.closed,
            "cancelled": event.status in OFF,
            "order": order.get(meeting.event_id, []),
        }
        found[meeting.event_id] = Now(meeting.event_id, values, meeting)
    return found


def _order(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The keys of the imported points of meetings in their order here, those under a point behind it."""
    wanted = list(ids)
    if not wanted:
        return {}
    statement = select(AgendaItem.meeting_id, AgendaItem.id, AgendaItem.parent_id, AgendaItem.position)
    rows = work.uow.session.execute(statement.where(AgendaItem.meeting_id.in_(wanted), AgendaItem.state != "deleted")).all()
    place = {row.id: row.position for row in rows}
    found: dict[uuid.UUID, list[tuple[Any, str]]] = {}
    for row in rows:
        if key := work.keys.get(row.id):
            rank = (place.get(row.parent_id, row.position) if row.parent_id else row.position, row.parent_id is not None, row.position)
            found.setdefault(row.meeting_id, []).append((rank, key))
    return {id: [key for _rank, key in sorted(items)] for id, items in found.items()}


def add_meeting(work: Work, thing: Planned) -> uuid.UUID:
    """Put a meeting on the calendar; one that is off there is called off here too, unless it is over."""
    values = thing.values
    start = moment_of(values["start"])
    if start is None:
        raise Invalid(_("Deze vergadering heeft geen datum."))
    command = PlanMeeting(
        body_id=uuid.UUID(values["body"]),
        type=values["type"],
        start_date=start,
        end_date=moment_of(values.get("end")),
        name=values["name"],
        location=values["location"],
        closed=values["closed"],
    )
    meeting = plan_meeting(work.uow, command)
    if values["cancelled"] and start >= work.uow.now:
        _cancel(work, meeting.event_id)
    if order := values.get("order"):
        work.reorder[thing.key] = order
    return meeting.event_id


def _cancel(work: Work, id: uuid.UUID) -> None:
    meeting, event = find_meeting(work.uow, id)
    cancel_meeting(work.uow, id, CancelMeeting(version=version_of(meeting, event), reason=work.reason))


def change_imported_meeting(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Move, call off or change a meeting."""
    if "body" in names:
        raise Invalid(_("Deze vergadering is daar van een ander orgaan. Dat verandert een import niet: plan de vergadering hier opnieuw."))
    if "cancelled" in names and not thing.values["cancelled"]:
        raise Invalid(_("Deze vergadering gaat daar weer door. Zet haar hier zelf weer op de agenda."))
    meeting, event = find_meeting(work.uow, now.id)
    shared = names & {"name", "type", "location", "closed", "start", "end"}
    if shared:
        values = own_values(work, meeting, event)
        values |= {name: thing.values[name] for name in shared & {"name", "type", "location", "closed"}}
        if "start" in shared:
            length = event.end_date - event.start_date if event.end_date else None
            start = moment_of(thing.values["start"]) or event.start_date
            values |= {"start_date": start, "end_date": start + length if length else None}
        if shared & {"start", "end"} and thing.values.get("end"):
            values["end_date"] = moment_of(thing.values["end"])
        change_meeting(work.uow, now.id, ChangeMeeting(**values))
    if "cancelled" in names:
        _cancel(work, now.id)
    if "order" in names:
        work.reorder[thing.key] = thing.values["order"]
    return now.id


def own_values(work: Work, meeting: Meeting, event: Event) -> dict[str, Any]:
    """The command that leaves a meeting as it is, to change some of it."""
    values = meeting_values(work.uow, meeting, event)
    return {**values, "address": AddressValue(**values["address"]) if values["address"] else None}


def cancel_gone_meeting(work: Work, now: Now) -> None:
    """A meeting that was taken away there does not go on here: who had it in a calendar learns it."""
    _cancel(work, now.id)


# --- points ----------------------------------------------------------------------------------------------------------------------


def points_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Points of agendas. One statement."""
    statement = select(AgendaItem).where(AgendaItem.id.in_(ids), AgendaItem.state != "deleted")
    found = {}
    for item in work.uow.session.execute(statement).scalars():
        values = {
            "title": item.title,
            "number": "" if item.number == NO_NUMBER else item.number,
            "text": item.text,
            "heading": item.heading,
            "hammer_item": item.hammer_item,
            "confidential": item.confidential,
            "planned_start": _iso(item.planned_start),
            "planned_end": _iso(item.planned_end),
            "item_parent": str(item.parent_id) if item.parent_id else "",
        }
        found[item.id] = Now(item.id, values, item)
    return found


def add_point(work: Work, thing: Planned) -> uuid.UUID:
    """Put a point on an agenda, public at once where the agenda is and the list says so."""
    values = thing.values
    meeting_id = work.id(values["meeting"])
    item = add_item(work.uow, meeting_id, AddItem(**_point(work, thing), publish=work.publish))
    return item.id


def _point(work: Work, thing: Planned) -> dict[str, Any]:
    values = thing.values
    return {
        "title": values["title"],
        "text": values["text"],
        "number": values["number"] or NO_NUMBER,
        "parent_id": work.id(values["item_parent"]) if values["item_parent"] else None,
        "heading": values["heading"],
        "hammer_item": values["hammer_item"],
        "confidential": values["confidential"],
        "planned_start": moment_of(values["planned_start"]),
        "planned_end": moment_of(values["planned_end"]),
    }


def change_point(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Change these fields of a point."""
    current = item_values(now.thing)
    known = {item.name for item in fields(ChangeItem)}
    told = _point(work, thing)
    wanted = {"parent_id" if name == "item_parent" else name for name in names}
    command = ChangeItem(**{name: value for name, value in current.items() if name in known} | {name: told[name] for name in wanted})
    change_item(work.uow, now.id, command)
    return now.id


def remove_point(work: Work, now: Now) -> None:
    """Take a point off the agenda."""
    remove_item(work.uow, now.id, Approve(version=now.thing.version, reason=work.gone_reason))


# --- at the end ------------------------------------------------------------------------------------------------------------------


def finish_meeting(work: Work, key: str, *, publish: bool) -> None:
    """Put the points of a meeting in the order of the file, and make what is new on its agenda public when the list says so."""
    meeting, event = find_meeting(work.uow, work.id(key))
    if wanted := work.reorder.get(key):
        items = [item for item in items_of(work.uow, meeting.event_id) if may_see(work.uow, item)]
        rank = {work.ids[name]: at for at, name in enumerate(wanted) if name in work.ids}
        order = _merged([item.id for item in items], rank)
        if order != [item.id for item in items]:
            order_items(work.uow, meeting.event_id, OrderItems(order=tuple(order), version=version_of(meeting, event)))
            work.uow.session.flush()
    if publish and any(item.state in ("draft", "submitted") for item in items_of(work.uow, meeting.event_id)):
        meeting, event = find_meeting(work.uow, meeting.event_id)
        publish_agenda(work.uow, meeting.event_id, PublishAgenda(version=version_of(meeting, event)))


def _merged(ids: list[uuid.UUID], rank: dict[uuid.UUID, int]) -> list[uuid.UUID]:
    """The ids with those of the file in its order; what was added here stays behind the one that it stood behind."""
    place: dict[uuid.UUID, tuple[int, int]] = {}
    before = -1
    for at, id in enumerate(ids):
        if id in rank:
            before = rank[id]
            place[id] = (before, -1)
        else:
            place[id] = (before, at)
    return sorted(ids, key=place.__getitem__)


_POINT_FIELDS = ("title", "number", "text", "heading", "hammer_item", "confidential", "planned_start", "planned_end", "item_parent")
ADAPTERS = (
    Adapter(
        kind="meeting",
        compared=("name", "start", "end", "body", "type", "location", "closed", "cancelled", "order"),
        now=meetings_now,
        add=add_meeting,
        change=change_imported_meeting,
        remove=cancel_gone_meeting,
        permission=RECORD,
        scope="body",
    ),
    Adapter(
        kind="agenda_item",
        compared=_POINT_FIELDS,
        now=points_now,
        add=add_point,
        change=change_point,
        remove=remove_point,
        refs=("item_parent",),
        permission=RECORD,
    ),
)
