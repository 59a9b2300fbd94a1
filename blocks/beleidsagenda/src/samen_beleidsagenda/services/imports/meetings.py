"""Meetings, points, papers and where these lie, as an import makes and changes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from citycontent.api import Event
from samen_beleidsagenda.models import AgendaItem, Document, Meeting, Treatment
from samen_beleidsagenda.permissions import RECORD, WRITE
from samen_beleidsagenda.schemas.agendas import AddItem, ChangeItem, OrderItems
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.documents import AddVersion, ChangeDocument, EnterDocument, TreatDocument
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.meetings import CancelMeeting, ChangeMeeting, PlanMeeting, PublishAgenda
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.agendas import add_item, change_item, item_values, items_of, order_items, remove_item
from samen_beleidsagenda.services.common import may_see, today
from samen_beleidsagenda.services.documents import (
    add_version,
    change_document,
    document_values,
    enter_document,
    publish_document,
    versions_of,
)
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
from samen_beleidsagenda.services.treatments import treat_document, untreat_document
from samen_beleidsagenda.woo import COUNCIL_PAPERS, WOO_CATEGORIES
from samen_core.api import CITY_TIME_ZONE, Invalid, UnitOfWork, _

NO_NUMBER = "–"
"""The number of a point that has none there, so that it does not get one by its place among others that do."""
OFF = ("cancelled", "postponed")


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(CITY_TIME_ZONE).isoformat() if moment else None


def _moment(text: Any) -> datetime | None:
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
    start = _moment(values["start"])
    if start is None:
        raise Invalid(_("Deze vergadering heeft geen datum."))
    command = PlanMeeting(
        body_id=uuid.UUID(values["body"]),
        type=values["type"],
        start_date=start,
        end_date=_moment(values.get("end")),
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
        values = meeting_values(work.uow, meeting, event)
        values |= {name: thing.values[name] for name in shared & {"name", "type", "location", "closed"}}
        if "start" in shared:
            length = event.end_date - event.start_date if event.end_date else None
            start = _moment(thing.values["start"]) or event.start_date
            values |= {"start_date": start, "end_date": start + length if length else None}
        if shared & {"start", "end"} and thing.values.get("end"):
            values["end_date"] = _moment(thing.values["end"])
        values["address"] = event_address(values["address"])
        change_meeting(work.uow, now.id, ChangeMeeting(**values))
    if "cancelled" in names:
        _cancel(work, now.id)
    if "order" in names:
        work.reorder[thing.key] = thing.values["order"]
    return now.id


def event_address(value: Any) -> Any:
    """The address of an event as its command takes it."""
    from citycontent.api import AddressValue

    return AddressValue(**value) if value else None


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
        "planned_start": _moment(values["planned_start"]),
        "planned_end": _moment(values["planned_end"]),
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


# --- papers ----------------------------------------------------------------------------------------------------------------------


def papers_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Papers with the address of their newest version. Two statements."""
    statement = select(Document).where(Document.id.in_(ids), Document.state != "deleted")
    documents = work.uow.session.execute(statement).scalars().all()
    versions = versions_of(work.uow, [document.id for document in documents])
    found = {}
    for document in documents:
        newest = next(iter(versions.get(document.id, ())), None)
        names = ("title", "type", "reference", "summary", "language", "page_url", "woo_category", "confidential")
        values = {name: getattr(document, name) for name in names}
        values |= {"date": document.date.isoformat(), "url": newest.url if newest else ""}
        found[document.id] = Now(document.id, values, document)
    return found


def add_paper(work: Work, thing: Planned) -> uuid.UUID:
    """Enter a paper with the address where it is, public at once where the list says so."""
    values = thing.values
    command = EnterDocument(**_paper(work.uow, thing), url=values.get("url") or "", confidential=values["confidential"])
    document = enter_document(work.uow, command)
    if work.publish and not document.confidential:
        work.uow.session.flush()
        publish_document(work.uow, document.id, Approve(version=document.version))
    return document.id


def _paper(uow: UnitOfWork, thing: Planned) -> dict[str, Any]:
    values = thing.values
    category = values.get("woo_category") or ""
    return {
        "type": values["type"],
        "title": values["title"],
        "date": date.fromisoformat(values["date"]) if values.get("date") else today(uow),
        "reference": values.get("reference") or "",
        "summary": values.get("summary") or "",
        "woo_category": category if category in WOO_CATEGORIES else COUNCIL_PAPERS,
        "language": values.get("language") or "nl",
        "page_url": values.get("page_url") or "",
    }


def change_paper(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Change these fields of a paper; another address, or a newer edition at the same one, is a version."""
    versioned = names & {"url", "edition"}
    if facts := names - versioned:
        told = {**_paper(work.uow, thing), "confidential": thing.values["confidential"]}
        current = document_values(work.uow, now.thing)
        known = {item.name for item in fields(ChangeDocument)}
        command = ChangeDocument(**{name: value for name, value in current.items() if name in known} | {name: told[name] for name in facts})
        change_document(work.uow, now.id, command)
        work.uow.session.flush()
    if versioned and thing.values.get("url"):
        version = now.thing.version
        add_version(work.uow, now.id, AddVersion(version=version, url=thing.values["url"], note=work.reason))
    return now.id


def remove_paper(work: Work, now: Now) -> None:
    """Take a paper away."""
    approval.remove(work.uow, Document, now.id, Approve(version=now.thing.version, reason=work.gone_reason))


# --- papers at points, minutes of meetings ---------------------------------------------------------------------------------------


def ties_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Papers that lie at a point, by the id of the treatment. One statement."""
    statement = select(Treatment).where(Treatment.id.in_(ids))
    return {tie.id: Now(tie.id, {}, tie) for tie in work.uow.session.execute(statement).scalars()}


def find_ties(work: Work, things: Sequence[Planned]) -> dict[str, uuid.UUID]:
    """The papers of a file that lie at their point already, by key. One statement."""
    wanted = {}
    for thing in things:
        point, paper = work.ids.get(thing.values["agenda_item"]), work.ids.get(thing.values["document"])
        if point and paper:
            wanted[point, paper] = thing.key
    if not wanted:
        return {}
    statement = select(Treatment.id, Treatment.agenda_item_id, Treatment.document_id)
    rows = work.uow.session.execute(statement.where(Treatment.agenda_item_id.in_([point for point, _paper in wanted]))).all()
    return {wanted[row.agenda_item_id, row.document_id]: row.id for row in rows if (row.agenda_item_id, row.document_id) in wanted}


def add_tie(work: Work, thing: Planned) -> uuid.UUID:
    """Put a paper at a point."""
    command = TreatDocument(document_id=work.id(thing.values["document"]))
    return treat_document(work.uow, work.id(thing.values["agenda_item"]), command).id


def remove_tie(work: Work, now: Now) -> None:
    """Take a paper away from a point."""
    untreat_document(work.uow, now.id)


def minutes_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """The minutes of meetings. One statement."""
    statement = select(Meeting).where(Meeting.event_id.in_(ids))
    rows = work.uow.session.execute(statement).scalars()
    return {row.event_id: Now(row.event_id, {"document": str(row.minutes_id) if row.minutes_id else ""}, row) for row in rows}


def set_minutes(work: Work, thing: Planned) -> uuid.UUID:
    """Say which paper holds the minutes of a meeting."""
    id = work.id(thing.values["meeting"])
    meeting, event = find_meeting(work.uow, id)
    values = meeting_values(work.uow, meeting, event)
    values |= {"address": event_address(values["address"]), "minutes_id": work.id(thing.values["document"])}
    change_meeting(work.uow, id, ChangeMeeting(**values))
    return id


def change_minutes(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:  # noqa: ARG001 as every adapter
    """Say that it is another paper."""
    return set_minutes(work, thing)


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
_PAPER_FIELDS = ("title", "type", "date", "reference", "summary", "url", "page_url", "woo_category", "language", "edition", "confidential")
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
    Adapter(
        kind="document", compared=_PAPER_FIELDS, now=papers_now, add=add_paper, change=change_paper, remove=remove_paper, permission=WRITE
    ),
    Adapter(
        kind="treatment", compared=(), now=ties_now, add=add_tie, remove=remove_tie, find=find_ties, permission=RECORD, subject="document"
    ),
    Adapter(
        kind="minutes",
        compared=("document",),
        now=minutes_now,
        add=set_minutes,
        change=change_minutes,
        refs=("document",),
        permission=RECORD,
    ),
)
