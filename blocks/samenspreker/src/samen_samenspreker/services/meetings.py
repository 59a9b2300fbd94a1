"""Meetings of a table: events of the city's calendar with a round and an agenda, who was there, and the report."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm.attributes import flag_modified

from citycontent.api import CancelEvent, CreateEvent, Event, cancel_event, create_event, event_command, update_event
from samen_core.api import Conflict, Invalid, NotFound, SubjectRef, Text, UnitOfWork, _
from samen_samenspreker.events import MeetingPlanned, MeetingReported
from samen_samenspreker.models import Attendance, Meeting, Question, Round, Seat
from samen_samenspreker.queries.meetings import attendance_of
from samen_samenspreker.schemas.meetings import CancelMeeting, PlanMeeting, RecordAttendance, ReportMeeting, UpdateMeeting
from samen_samenspreker.seat_log import ATTENDANCE_RECORDED, MEETING_CANCELLED, MEETING_UPDATED, seat_sentence
from samen_samenspreker.services.common import locked_question, require_active, require_facilitator, tell
from samen_samenspreker.services.seats import RUNNING

SHARED = ("name", "start_date", "end_date", "location", "address", "online_url", "accessibility")
"""What the calendar keeps of a meeting."""

OFF = ("cancelled", "postponed")

_NO_ROUND: Text = _("Deze ronde hoort niet bij deze tafel.")
_NO_SEAT: Text = _("Deze stoel hoort niet bij deze tafel.")
_TOO_EARLY: Text = _("De bijeenkomst is nog niet begonnen.")
_IS_OFF: Text = _("Deze bijeenkomst ging niet door.")


def plan_meeting(uow: UnitOfWork, question_id: uuid.UUID, command: PlanMeeting) -> Meeting:
    """Put a meeting on the calendar; the worker mails the table. Raises NotFound, NotAllowed, Gone and Invalid."""
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, *RUNNING)
    _check_round(uow, question, command)
    event = create_event(
        uow,
        CreateEvent(
            **{name: getattr(command, name) for name in SHARED},
            classification="meeting",
            area_id=None if command.address else question.area_id,
            project_id=question.project_id,
            theme_ids=(question.theme_id,) if question.theme_id else (),
        ),
        scopes=(question.id,),
    )
    meeting = Meeting(event_id=event.id, question_id=question.id, round_id=command.round_id, agenda=command.agenda)
    uow.session.add(meeting)
    uow.session.flush()
    _log(uow, MeetingPlanned.type, question, event)
    tell(uow, MeetingPlanned, question, SubjectRef("event", event.id))
    return meeting


def update_meeting(uow: UnitOfWork, id: uuid.UUID, command: UpdateMeeting) -> Meeting:
    """Change a meeting and its event; another moment or place is mailed to the table.

    Raises NotFound, NotAllowed, Gone, Invalid, and Conflict with the values of now.
    """
    question, meeting, event = _locked(uow, id)
    _check(uow, question, meeting, event, command.version)
    _check_round(uow, question, command)
    before = event_command(uow, event)
    after = replace(before, **{name: getattr(command, name) for name in SHARED})
    if after.address != before.address:
        after = replace(after, area_id=None if after.address else question.area_id)
    meeting.round_id, meeting.agenda = command.round_id, command.agenda
    changed = uow.session.is_modified(meeting)
    uow.session.flush()
    if after != before:
        update_event(uow, id, after, scopes=(question.id,))
    if changed or after != before:
        _log(uow, MEETING_UPDATED, question, event)
    return meeting


def cancel_meeting(uow: UnitOfWork, id: uuid.UUID, command: CancelMeeting) -> Meeting:
    """Call a meeting off, or put it off; the table gets mail. Raises as :func:`update_meeting`, Invalid also when it is over."""
    question, meeting, event = _locked(uow, id)
    _check(uow, question, meeting, event, command.version)
    if event.status in OFF:
        raise Invalid(_IS_OFF)
    cancel_event(
        uow,
        id,
        CancelEvent(version=event.version, reason=command.reason, postpone=command.postpone),
        scopes=(question.id,),
    )
    _log(uow, MEETING_CANCELLED, question, event, reason=command.reason)
    return meeting


def record_attendance(uow: UnitOfWork, id: uuid.UUID, command: RecordAttendance) -> Meeting:
    """Keep who was at a meeting, instead of what was kept before. Raises as :func:`update_meeting`, Invalid also before it began."""
    question, meeting, event = _locked(uow, id)
    _check(uow, question, meeting, event, command.version)
    _require_begun(uow, event)
    there = attendance_of(uow, id)
    seats = select(Seat.id).where(Seat.question_id == question.id, Seat.state == "accepted")
    known = {*uow.session.execute(seats).scalars(), *there}
    if set(command.presences) - known:
        raise Invalid({"attendance": [_NO_SEAT]})
    if there != command.presences:
        uow.session.execute(delete(Attendance).where(Attendance.event_id == id))
        rows = [{"event_id": id, "seat_id": seat_id, "presence": presence} for seat_id, presence in command.presences.items()]
        if rows:
            uow.session.execute(insert(Attendance), rows)
        _next_version(uow, meeting)
        _log(uow, ATTENDANCE_RECORDED, question, event)
    return meeting


def report_meeting(uow: UnitOfWork, id: uuid.UUID, command: ReportMeeting) -> Meeting:
    """Publish the report, or a corrected one. Raises as :func:`update_meeting`, Invalid also before it began."""
    question, meeting, event = _locked(uow, id)
    _check(uow, question, meeting, event, command.version)
    _require_begun(uow, event)
    if (meeting.report, meeting.visitors) == (command.report, command.visitors) and meeting.reported_at is not None:
        return meeting
    meeting.report, meeting.visitors, meeting.reported_at = command.report, command.visitors, uow.now
    uow.session.flush()
    _log(uow, MeetingReported.type, question, event)
    tell(uow, MeetingReported, question, SubjectRef("event", event.id))
    return meeting


def version_of(meeting: Meeting, event: Event) -> int:
    """The version of a meeting with its event: both only rise, so their sum changes whenever one of them does, also in the calendar."""
    return meeting.version + event.version


def meeting_values(uow: UnitOfWork, meeting: Meeting, event: Event) -> dict[str, Any]:
    """What the edit form shows."""
    command = event_command(uow, event)
    values = {name: getattr(command, name) for name in SHARED}
    values["address"] = asdict(command.address) if command.address else None
    return {**values, "round_id": meeting.round_id, "agenda": meeting.agenda, "version": version_of(meeting, event)}


def find_meeting(uow: UnitOfWork, question: Question, id: uuid.UUID) -> tuple[Meeting, Event]:
    """A meeting of this table and its event. Raises NotFound, also when the calendar took it away."""
    found = uow.session.execute(_WITH_EVENT.where(Meeting.event_id == id, Meeting.question_id == question.id)).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


_WITH_EVENT = select(Meeting, Event).join(Event, Event.id == Meeting.event_id).where(Event.state == "active")


def _locked(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Meeting, Event]:
    question_id = uow.session.execute(select(Meeting.question_id).where(Meeting.event_id == id)).scalar_one_or_none()
    if question_id is None:
        raise NotFound
    question = locked_question(uow, question_id)
    # The calendar may be changed by others who hold no lock on the table.
    fresh = _WITH_EVENT.where(Meeting.event_id == id).with_for_update().execution_options(populate_existing=True)
    found = uow.session.execute(fresh).one_or_none()
    if found is None:
        raise NotFound
    return question, found[0], found[1]


def _check(uow: UnitOfWork, question: Question, meeting: Meeting, event: Event, version: int) -> None:
    require_facilitator(uow, question)
    require_active(question)
    current = version_of(meeting, event)
    if current != version:
        raise Conflict(current=meeting_values(uow, meeting, event), version=current)


def _check_round(uow: UnitOfWork, question: Question, command: PlanMeeting) -> None:
    if command.round_id is None:
        return
    belongs = select(Round.id).where(Round.id == command.round_id, Round.question_id == question.id)
    if uow.session.execute(belongs).scalar_one_or_none() is None:
        raise Invalid({"round_id": [_NO_ROUND]})


def _require_begun(uow: UnitOfWork, event: Event) -> None:
    if event.status in OFF:
        raise Invalid(_IS_OFF)
    if event.start_date > uow.now:
        raise Invalid(_TOO_EARLY)


def _next_version(uow: UnitOfWork, meeting: Meeting) -> None:
    flag_modified(meeting, "agenda")
    uow.session.flush()


def _log(uow: UnitOfWork, action: str, question: Question, event: Event, *, reason: str = "") -> None:
    facts: dict[str, object] = {"event_id": event.id, "title": event.name, "start_date": event.start_date.isoformat()}
    uow.record(action, question.id, after=facts, reason=reason, public=True, sentence=seat_sentence(action, facts) or "")
