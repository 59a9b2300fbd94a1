"""Meetings of a plan: events of the city's calendar with registration, who came, and the report."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import flag_modified

from citycontent.api import CancelEvent, CreateEvent, Event, cancel_event, create_event, event_by_id, event_command, update_event
from samen_core.api import Conflict, Grant, Invalid, SubjectRef, UnitOfWork, _, page_address
from samen_doe_mee import paths
from samen_doe_mee.events.activities import MeetingEvent, MeetingPlanned, MeetingReported
from samen_doe_mee.models import Colleague, Meeting, Plan, Registration, Round
from samen_doe_mee.schemas.meetings import (
    CancelMeeting,
    PlanMeeting,
    RecordAttendance,
    RegistrationTerms,
    ReportMeeting,
    TieMeeting,
    UpdateMeeting,
)
from samen_doe_mee.services.meeting_common import HOLDS, OFF, REGISTRATION, Held, locked_meeting, recount
from samen_doe_mee.services.meeting_mails import mail_report
from samen_doe_mee.services.plans import EDITORS, plan_refs, plan_to_work_at, require_work
from samen_doe_mee.services.registrations import move_up

SHARED = ("name", "start_date", "end_date", "location", "address", "online_url", "accessibility", "description")
"""What the calendar keeps of a meeting."""
TERMS = ("round_id", "registration", "places", "register_until", "remind_hours")
AT_MEETINGS = (*EDITORS, "answerer")
"""The roles at a plan that keep who came and report."""


def plan_meeting(uow: UnitOfWork, plan_id: uuid.UUID, command: PlanMeeting) -> Meeting:
    """Put a meeting on the calendar, as one of this plan. Raises NotFound, NotAllowed and Invalid."""
    plan = plan_to_work_at(uow, plan_id, *EDITORS)
    _check_terms(uow, plan, command)
    with _at_calendar(uow, plan) as scopes:
        event = create_event(
            uow,
            CreateEvent(
                **{name: getattr(command, name) for name in SHARED},
                classification="consultation",
                area_id=None if command.address else plan.area_id,
                organization_id=plan.organization_id,
                project_id=plan.project_id,
                theme_ids=(plan.theme_id,) if plan.theme_id else (),
                capacity=command.places,
            ),
            scopes=scopes,
        )
        uow.session.flush()
        meeting = _new(uow, plan, event, command)
        _point_to_page(uow, event, meeting, scopes)
    _told(uow, plan, event, "planned", MeetingPlanned)
    return meeting


def tie_meeting(uow: UnitOfWork, plan_id: uuid.UUID, command: TieMeeting) -> Meeting:
    """Let an event of the calendar be a meeting of this plan. Raises NotFound, NotAllowed and Invalid."""
    plan = plan_to_work_at(uow, plan_id, *EDITORS)
    event = uow.session.get(Event, command.event_id)
    if event is None or event.state != "active" or event_by_id(uow, command.event_id) is None:
        raise Invalid({"event_id": [_("Deze bijeenkomst staat niet (meer) in de agenda.")]})
    if uow.session.get(Meeting, event.id) is not None:
        raise Invalid({"event_id": [_("Deze bijeenkomst hoort al bij een plan.")]})
    if command.register_until is not None and command.register_until > event.start_date:
        raise Invalid({"register_until": [_("Dit is na het begin van de bijeenkomst.")]})
    _check_terms(uow, plan, command)
    meeting = _new(uow, plan, event, command)
    _told(uow, plan, event, "planned", MeetingPlanned)
    return meeting


def update_meeting(uow: UnitOfWork, id: uuid.UUID, command: UpdateMeeting) -> Meeting:
    """Change a meeting and its event. Who registered hears of another moment or place; more places let who waits in.

    Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now.
    """
    held = _to_work_at(uow, id, command.version, *EDITORS)
    meeting, plan, event = held.meeting, held.plan, held.event
    _check_terms(uow, plan, command)
    if command.places is not None and command.places < meeting.taken:
        raise Invalid({"places": [_("Er zijn al {n} plaatsen bezet. Het kunnen er niet minder worden.", n=meeting.taken)]})
    before = event_command(uow, event)
    after = replace(before, **{name: getattr(command, name) for name in SHARED}, capacity=command.places)
    if after.address != before.address:
        after = replace(after, area_id=None if after.address else plan.area_id)
    for name in TERMS:
        if getattr(meeting, name) != getattr(command, name):
            setattr(meeting, name, getattr(command, name))
    changed = uow.session.is_modified(meeting)
    uow.session.flush()
    if after != before:
        with _at_calendar(uow, plan, event) as scopes:
            update_event(uow, id, after, scopes=scopes)
    if changed or after != before:
        _told(uow, plan, event, "changed")
        move_up(uow, held)
    return meeting


def cancel_meeting(uow: UnitOfWork, id: uuid.UUID, command: CancelMeeting) -> Meeting:
    """Call a meeting off, or put it off; who registered gets mail. Raises as :func:`update_meeting`, Invalid also when it is over."""
    held = _to_work_at(uow, id, command.version, *EDITORS)
    if held.is_off:
        raise Invalid(_("Deze bijeenkomst was al afgelast."))
    with _at_calendar(uow, held.plan, held.event) as scopes:
        off = CancelEvent(version=held.event.version, reason=command.reason, postpone=command.postpone)
        cancel_event(uow, id, off, scopes=scopes)
    _told(uow, held.plan, held.event, "cancelled", reason=command.reason)
    return held.meeting


def record_attendance(uow: UnitOfWork, id: uuid.UUID, command: RecordAttendance) -> Meeting:
    """Keep who came, in place of what was kept before. Raises as :func:`update_meeting`, Invalid also before it began."""
    held = _to_work_at(uow, id, command.version, *AT_MEETINGS)
    _require_begun(uow, held)
    mine = select(Registration.id).where(Registration.meeting_id == id, Registration.state.in_((*HOLDS, "waiting")))
    known = set(uow.session.execute(mine).scalars())
    if set(command.came) - known:
        raise Invalid({"came": [_("Een van deze mensen staat niet (meer) op de lijst. Kijk het nog eens na.")]})
    came = sorted(set(command.came))
    of_meeting = update(REGISTRATION).where(REGISTRATION.c.meeting_id == id)
    stay = REGISTRATION.c.id.notin_(came) if came else REGISTRATION.c.id.is_not(None)
    uow.session.execute(of_meeting.where(REGISTRATION.c.state.in_(HOLDS), stay).values(state="absent", version=REGISTRATION.c.version + 1))
    if came:
        uow.session.execute(of_meeting.where(REGISTRATION.c.id.in_(came)).values(state="attended", version=REGISTRATION.c.version + 1))
    uow.session.expire_all()
    held = locked_meeting(uow, id)
    held.meeting.walk_ins = command.walk_ins
    flag_modified(held.meeting, "walk_ins")
    recount(uow, held)
    numbers = {"registrations": len(came), "walk_ins": command.walk_ins}
    uow.record("doe_mee.meeting.attendance", held.plan.id, after={"meeting": id, **numbers})
    return held.meeting


def report_meeting(uow: UnitOfWork, id: uuid.UUID, command: ReportMeeting) -> Meeting:
    """Publish the report, or a corrected one; the first goes to who came and wants it.

    Raises as :func:`update_meeting`, Invalid also before it began.
    """
    held = _to_work_at(uow, id, command.version, *AT_MEETINGS)
    _require_begun(uow, held)
    errors = {name: [_("Vul dit in.")] for name in ("report", "organizations") if not getattr(command, name).strip()}
    if errors:
        raise Invalid(errors)
    meeting, first = held.meeting, held.meeting.reported_at is None
    said = (command.report.strip(), command.came, command.organizations.strip())
    if (meeting.report, meeting.came, meeting.organizations) == said and not first:
        return meeting
    meeting.report, meeting.came, meeting.organizations = said
    meeting.reported_at = uow.now
    uow.session.flush()
    _told(uow, held.plan, held.event, "reported", MeetingReported)
    if first:
        mail_report(uow, held)
    return meeting


def version_of(held: Held) -> int:
    """The version of a meeting with its event: both only rise, so their sum changes whenever one of them does, also in the calendar."""
    return held.meeting.version + held.event.version


def meeting_values(uow: UnitOfWork, held: Held) -> dict[str, Any]:
    """What the edit form shows."""
    command = event_command(uow, held.event)
    values = {name: getattr(command, name) for name in SHARED}
    values["address"] = asdict(command.address) if command.address else None
    return {**values, **{name: getattr(held.meeting, name) for name in TERMS}, "version": version_of(held)}


def people_who_came(uow: UnitOfWork, meeting: Meeting) -> int:
    """How many people came: of the registrations that were ticked, and who came without. One statement."""
    ticked = select(func.coalesce(func.sum(Registration.people), 0)).where(
        Registration.meeting_id == meeting.id, Registration.state == "attended"
    )
    return int(uow.session.execute(ticked).scalar_one()) + meeting.walk_ins


def without_report(uow: UnitOfWork, *, plan_id: uuid.UUID | None = None, round_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """The meetings of a plan or round that were held and have no report yet, first held first. One statement."""
    found = _unreported(uow)
    if plan_id is not None:
        found = found.where(Meeting.plan_id == plan_id)
    if round_id is not None:
        found = found.where(Meeting.round_id == round_id)
    return list(uow.session.execute(found.order_by(Event.start_date, Event.id).limit(100)).scalars())


def own_without_report(uow: UnitOfWork) -> list[uuid.UUID]:
    """Those of the plans at which the actor is a colleague; for their tasks. One statement."""
    actor = uow.actor
    if actor.account_id is None:
        return []
    mine = select(Colleague.plan_id).where(Colleague.account_id == actor.account_id, Colleague.role.in_(AT_MEETINGS))
    found = _unreported(uow).where(Meeting.plan_id.in_(mine))
    return list(uow.session.execute(found.order_by(Event.start_date, Event.id).limit(100)).scalars())


def _unreported(uow: UnitOfWork) -> Any:
    return (
        select(Meeting.id)
        .join(Event, Event.id == Meeting.id)
        .where(
            Meeting.reported_at.is_(None),
            Event.state == "active",
            Event.status.notin_(OFF),
            func.coalesce(Event.end_date, Event.start_date) <= uow.now,
        )
    )


def _new(uow: UnitOfWork, plan: Plan, event: Event, command: RegistrationTerms) -> Meeting:
    terms = {name: getattr(command, name) for name in TERMS}
    meeting = Meeting(id=event.id, plan_id=plan.id, taken=0, walk_ins=0, told_sequence=event.sequence, **terms)
    uow.session.add(meeting)
    uow.session.flush()
    return meeting


def _point_to_page(uow: UnitOfWork, event: Event, meeting: Meeting, scopes: tuple[uuid.UUID, ...]) -> None:
    """Let the calendar say where one registers."""
    if meeting.registration:
        there = page_address(uow.platform, paths.meeting(event.id), "nl")
        update_event(uow, event.id, replace(event_command(uow, event), registration_url=there), scopes=scopes)


def _to_work_at(uow: UnitOfWork, id: uuid.UUID, version: int, *roles: str) -> Held:
    held = locked_meeting(uow, id)
    require_work(uow, held.plan, *roles)
    # The calendar may be changed by others who hold no lock on the meeting.
    uow.session.refresh(held.event, with_for_update=True)
    current = version_of(held)
    if current != version:
        raise Conflict(current=meeting_values(uow, held), version=current)
    return held


def _check_terms(uow: UnitOfWork, plan: Plan, command: RegistrationTerms) -> None:
    if command.round_id is None:
        return
    belongs = select(Round.id).where(Round.id == command.round_id, Round.plan_id == plan.id)
    if uow.session.execute(belongs).scalar_one_or_none() is None:
        raise Invalid({"round_id": [_("Deze ronde hoort niet bij dit plan.")]})


def _require_begun(uow: UnitOfWork, held: Held) -> None:
    if held.is_off:
        raise Invalid(_("Deze bijeenkomst ging niet door."))
    if held.event.start_date > uow.now:
        raise Invalid(_("De bijeenkomst is nog niet begonnen."))


@contextmanager
def _at_calendar(uow: UnitOfWork, plan: Plan, event: Event | None = None) -> Iterator[tuple[uuid.UUID, ...]]:
    """Let who works at a plan, whatever their rights on the calendar are, keep its meetings there; the log names them.

    Gives the scopes to act with. An event of another project that was tied to the plan takes the right to change that event itself.
    """
    if event is not None and event.project_id != plan.project_id:
        yield ()
        return
    own = tuple(Grant("facilitator", id) for id in (plan.id, plan.organization_id) if id is not None)
    with uow.acting(replace(uow.actor, grants=(*uow.actor.grants, *own))):
        yield (plan.id,)


def _told(uow: UnitOfWork, plan: Plan, event: Event, what: str, kind: type[MeetingEvent] | None = None, *, reason: str = "") -> None:
    facts = {"meeting": event.id, "title": event.name, "start_date": event.start_date.isoformat()}
    sentences = {
        "planned": _("Bijeenkomst gepland: {title}.", title=event.name),
        "changed": _("Bijeenkomst gewijzigd: {title}.", title=event.name),
        "cancelled": _("Bijeenkomst afgelast: {title}.", title=event.name),
        "reported": _("Verslag van de bijeenkomst {title}.", title=event.name),
    }
    shown = plan.state in ("published", "finished")
    uow.record(f"doe_mee.meeting.{what}", plan.id, after=facts, reason=reason, public=shown, sentence=sentences[what])
    if kind is not None and shown:
        uow.publish(kind(plan_id=plan.id, meeting_id=event.id, about=plan_refs(plan, SubjectRef("event", event.id))))
