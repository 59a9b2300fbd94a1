"""Meetings of bodies: events of the city's calendar with an agenda. Where and when they are, the calendar knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from citycontent.api import (
    CancelEvent,
    CreateEvent,
    Delete,
    Event,
    EventDeleted,
    MoveEvent,
    Organization,
    cancel_event,
    create_event,
    delete_event,
    event_command,
    move_event,
    update_event,
)
from samen_beleidsagenda.events import AgendaPublished
from samen_beleidsagenda.labels import MEETING_TYPE_LABELS
from samen_beleidsagenda.models import AgendaItem, Body, Document, Dossier, Meeting
from samen_beleidsagenda.permissions import APPROVE, RECORD
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.meetings import CancelMeeting, ChangeMeeting, PlanMeeting, PublishAgenda
from samen_beleidsagenda.services.common import get_thing, keep_card, require_reason
from samen_beleidsagenda.services.entries import keep_entry_of_meeting
from samen_beleidsagenda.services.kinds import DOSSIER
from samen_beleidsagenda.services.planning import follow_meeting
from samen_core.api import Conflict, Delivered, Gone, Grant, Invalid, NotFound, SubjectRef, Text, UnitOfWork, _

SHARED = ("name", "start_date", "end_date", "location", "address", "online_url", "accessibility")
"""What the calendar keeps of a meeting."""
OWN = ("type", "closed", "livestream_url", "recording_url")
OFF = ("cancelled", "postponed")
EDITS_CALENDAR = "facilitator"
"""The role by which the calendar lets somebody plan for an organisation."""

PLANNED = _("De vergadering is gepland.")
CHANGED = _("De gegevens van de vergadering zijn veranderd.")
CANCELLED = _("De vergadering gaat niet door.")
POSTPONED = _("De vergadering is uitgesteld.")
REINSTATED = _("De vergadering gaat toch door.")
AGENDA_PUBLISHED = _("De agenda van de vergadering is openbaar.")
AGENDA_EXTENDED = _("De agenda van de vergadering is aangevuld.")


def plan_meeting(uow: UnitOfWork, command: PlanMeeting) -> Meeting:
    """Put a meeting on the city's calendar, with its body as organiser. Raises NotAllowed, and Invalid for a body that there is not."""
    body = uow.session.get(Body, command.body_id)
    if body is None:
        raise Invalid({"body_id": [_("Dit orgaan staat niet op de beleidsagenda.")]})
    RECORD.require(uow.actor, scopes=(body.organization_id,))
    values = {name: getattr(command, name) for name in SHARED}
    values["name"] = command.name or _usual_name(uow, body, command.type)
    with _as_organizer(uow, body.organization_id):
        event = create_event(uow, CreateEvent(**values, classification="meeting", organization_id=body.organization_id))
    own = {name: getattr(command, name) for name in OWN}
    meeting = Meeting(event_id=event.id, body_id=body.organization_id, changed_at=uow.now, **own)
    uow.session.add(meeting)
    uow.session.flush()
    keep_entry_of_meeting(uow, meeting)
    log_meeting(uow, "planned", meeting, PLANNED)
    return meeting


def change_meeting(uow: UnitOfWork, id: uuid.UUID, command: ChangeMeeting) -> Meeting:
    """Replace what is known of a meeting and its event; another moment moves both.

    Raises NotFound, Gone, NotAllowed, Invalid, and Conflict with the values of now.
    """
    meeting, event = to_change_meeting(uow, id, command.version)
    if command.minutes_id is not None and command.minutes_id != meeting.minutes_id:
        _check_minutes(uow, command.minutes_id)
    before = event_command(uow, event)
    values = {name: getattr(command, name) for name in SHARED}
    values["name"] = command.name or event.name
    after = replace(before, **values)
    for name in (*OWN, "minutes_id"):
        setattr(meeting, name, getattr(command, name))
    if uow.session.is_modified(meeting):
        uow.record_change("beleidsagenda.meeting.changed", meeting, id, public=True, sentence=CHANGED)
    touch_meeting(uow, meeting)
    if after != before:
        with _as_organizer(uow, meeting.body_id):
            update_event(uow, id, after)
    keep_entry_of_meeting(uow, meeting)
    follow_meeting(uow, meeting)
    return meeting


def cancel_meeting(uow: UnitOfWork, id: uuid.UUID, command: CancelMeeting) -> Meeting:
    """Call a meeting off, or put it off. Raises as :func:`change_meeting`, Invalid also without a reason or when it is over."""
    meeting, event = to_change_meeting(uow, id, command.version)
    if event.status in ("cancelled", "postponed" if command.postpone else "cancelled"):
        raise Invalid(_("Deze vergadering ging al niet door."))
    reason = require_reason(command.reason)
    with _as_organizer(uow, meeting.body_id):
        cancel_event(uow, id, CancelEvent(version=event.version, reason=reason, postpone=command.postpone))
    touch_meeting(uow, meeting)
    keep_entry_of_meeting(uow, meeting)
    follow_meeting(uow, meeting)
    log_meeting(uow, "cancelled", meeting, POSTPONED if command.postpone else CANCELLED, reason=reason)
    return meeting


def reinstate_meeting(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Meeting:
    """Let a meeting that was called off by mistake go on after all, at the moment that it had. Raises as :func:`cancel_meeting`."""
    meeting, event = to_change_meeting(uow, id, command.version)
    if event.status not in OFF:
        raise Invalid(_("Deze vergadering gaat al door."))
    reason = require_reason(command.reason)
    with _as_organizer(uow, meeting.body_id):
        move_event(uow, id, MoveEvent(version=event.version, start_date=event.start_date, end_date=event.end_date, reason=reason))
    touch_meeting(uow, meeting)
    keep_entry_of_meeting(uow, meeting)
    log_meeting(uow, "reinstated", meeting, REINSTATED, reason=reason)
    return meeting


def remove_meeting(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> None:
    """Take a meeting away that was entered by mistake; one that does not go on is called off instead. Raises as :func:`cancel_meeting`."""
    meeting, event = to_change_meeting(uow, id, command.version)
    with _as_organizer(uow, meeting.body_id):
        delete_event(uow, id, Delete(version=event.version, reason=require_reason(command.reason)))
    touch_meeting(uow, meeting)
    keep_entry_of_meeting(uow, meeting)
    follow_meeting(uow, meeting)
    _take_away_agenda(uow, meeting)


def publish_agenda(uow: UnitOfWork, id: uuid.UUID, command: PublishAgenda) -> Meeting:
    """Make the agenda public with every point that was not yet; closed points stay for who may see them.

    Raises as :func:`change_meeting`, Invalid also when there is nothing to publish.
    """
    meeting, _event = to_change_meeting(uow, id, command.version)
    APPROVE.require(uow.actor, id, scopes=(meeting.body_id,))
    waiting = select(AgendaItem).where(AgendaItem.meeting_id == id, AgendaItem.state.in_(("draft", "submitted")))
    items = uow.session.execute(waiting.order_by(AgendaItem.position)).scalars().all()
    if not items:
        raise Invalid(_("Er zijn geen punten die nog openbaar moeten worden."))
    for item in items:
        publish_item(uow, item)
    first = meeting.agenda_published_at is None
    if first:
        meeting.agenda_published_at = uow.now
    touch_meeting(uow, meeting)
    # That only closed points came on it is nothing for everybody to know.
    if first or any(item.is_public for item in items):
        log_meeting(uow, "agenda_published", meeting, AGENDA_PUBLISHED if first else AGENDA_EXTENDED)
        tell_agenda(uow, meeting)
    return meeting


def publish_item(uow: UnitOfWork, item: AgendaItem) -> None:
    """Make a point public; who may do so was checked."""
    item.state, item.published_at = "published", uow.now
    keep_card(uow, item)


def tell_agenda(uow: UnitOfWork, meeting: Meeting) -> None:
    """Tell that the public agenda of a meeting is there or changed; about the event, its body and the public dossiers on it."""
    if meeting.agenda_published_at is None:
        return
    on_it = (
        select(AgendaItem.dossier_id)
        .join(Dossier, Dossier.id == AgendaItem.dossier_id)
        .where(AgendaItem.meeting_id == meeting.event_id, AgendaItem.state == "published", AgendaItem.confidential.is_(False))
        .where(Dossier.state == "published", Dossier.confidential.is_(False))
        .distinct()
    )
    dossiers = [DOSSIER.ref(dossier_id) for dossier_id in uow.session.execute(on_it).scalars() if dossier_id is not None]
    about = (SubjectRef("event", meeting.event_id), SubjectRef("organization", meeting.body_id), *dossiers)
    uow.publish(AgendaPublished(thing_id=meeting.event_id, about=about))


def follow_event(uow: UnitOfWork, event: Delivered) -> None:
    """Let a meeting follow its event in the calendar, wherever that was changed; the handler of the calendar's events."""
    meeting = uow.session.get(Meeting, uuid.UUID(event.payload["id"]))
    if meeting is None:
        return
    changed = uow.session.execute(select(Event.updated_at).where(Event.id == meeting.event_id)).scalar_one()
    if changed > meeting.changed_at:
        # Without a new version: who has its form open loses nothing by this.
        statement = update(Meeting).where(Meeting.event_id == meeting.event_id).values(changed_at=uow.now)
        uow.session.execute(statement.execution_options(synchronize_session=False))
        uow.session.refresh(meeting)
    keep_entry_of_meeting(uow, meeting)
    follow_meeting(uow, meeting)
    if event.type == EventDeleted.type:
        _take_away_agenda(uow, meeting)


def _take_away_agenda(uow: UnitOfWork, meeting: Meeting) -> None:
    items = select(AgendaItem).where(AgendaItem.meeting_id == meeting.event_id, AgendaItem.state != "deleted")
    for item in uow.session.execute(items).scalars():
        item.state = "deleted"
        keep_card(uow, item)


def find_meeting(uow: UnitOfWork, id: uuid.UUID, *, lock: bool = False) -> tuple[Meeting, Event]:
    """A meeting with its event. Raises NotFound, and Gone when the calendar took it away."""
    statement = select(Meeting, Event).join(Event, Event.id == Meeting.event_id).where(Meeting.event_id == id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = uow.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    meeting, event = found
    if event.state != "active":
        raise Gone
    return meeting, event


def to_change_meeting(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[Meeting, Event]:
    """A meeting to change with its event, locked, as it was at ``version``. Raises NotFound, Gone, NotAllowed and Conflict."""
    meeting, event = find_meeting(uow, id, lock=True)
    require_record(uow, meeting)
    current = version_of(meeting, event)
    if current != version:
        raise Conflict(current=meeting_values(uow, meeting, event), version=current)
    return meeting, event


def require_record(uow: UnitOfWork, meeting: Meeting) -> None:
    """Raise NotAllowed unless the actor keeps the agendas of this body."""
    RECORD.require(uow.actor, meeting.event_id, scopes=(meeting.body_id,))


def may_record(uow: UnitOfWork, meeting: Any) -> bool:
    """Whether the actor keeps the agenda of a meeting (or of a row with ``event_id`` and ``body_id``)."""
    return RECORD.allows(uow.actor, meeting.event_id, scopes=(meeting.body_id,))


def version_of(meeting: Any, event: Any) -> int:
    """The version of a meeting with its event: both only rise, so their sum changes whenever one of them does, also in the calendar."""
    return int(meeting.version + event.version)


def touch_meeting(uow: UnitOfWork, meeting: Meeting) -> None:
    """Let who mirrors the agenda know that a meeting changed; raises its version."""
    meeting.changed_at = uow.now
    uow.session.flush()


def status_of(status: str, start: datetime, end: datetime | None, now: datetime) -> str:
    """What ORI calls the status of a meeting, from the status of its event and the clock; one that was put off is not held then."""
    if status in OFF:
        return "cancelled"
    return "held" if (end or start) < now else "planned"


def meeting_values(uow: UnitOfWork, meeting: Meeting, event: Event) -> dict[str, Any]:
    """What the edit form shows."""
    command = event_command(uow, event)
    values = {name: getattr(command, name) for name in SHARED}
    values["address"] = asdict(command.address) if command.address else None
    own = {name: getattr(meeting, name) for name in (*OWN, "minutes_id")}
    return {**values, **own, "version": version_of(meeting, event)}


def log_meeting(uow: UnitOfWork, what: str, meeting: Meeting, sentence: Text, *, reason: str = "") -> None:
    """Write a line in the public logbook of a meeting, which is that of its event."""
    uow.record(f"beleidsagenda.meeting.{what}", meeting.event_id, reason=reason, public=True, sentence=sentence)


def live_item(uow: UnitOfWork, id: uuid.UUID) -> AgendaItem:
    """A point of an agenda that the actor may see, of a meeting that there is. Raises NotFound and Gone."""
    item = uow.session.get(AgendaItem, id)
    if item is not None and item.state == "deleted" and not item.confidential and item.published_at is not None:
        raise Gone
    item = get_thing(uow, AgendaItem, id)
    find_meeting(uow, item.meeting_id)
    return item


def _check_minutes(uow: UnitOfWork, id: uuid.UUID) -> None:
    try:
        get_thing(uow, Document, id)
    except NotFound:
        raise Invalid({"minutes_id": [_("Dit stuk is er niet meer.")]}) from None


def _usual_name(uow: UnitOfWork, body: Body, type: str) -> str:
    name = uow.session.execute(select(Organization.name).where(Organization.id == body.organization_id)).scalar_one()
    with uow.platform.translations.use("nl"):
        label = str(MEETING_TYPE_LABELS[type])
    return label if type in ("council_meeting", "college_meeting") else f"{label} {name}"[:200]


@contextmanager
def _as_organizer(uow: UnitOfWork, body_id: uuid.UUID) -> Iterator[None]:
    """Whoever keeps the agendas of a body plans for its organisation; the calendar asks a right of its own for that.

    A token still needs the scope of the calendar.
    """
    actor = uow.actor
    with uow.acting(replace(actor, grants=(*actor.grants, Grant(EDITS_CALENDAR, body_id)))):
        yield
