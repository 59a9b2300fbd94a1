"""Meetings of plans over REST, for who works at them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import UnitOfWork
from samen_core.rest.api import MomentField, current_uow, reply
from samen_doe_mee.models import REGISTRATION_STATES
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.meetings import (
    CancelMeeting,
    CancelMeetingSchema,
    PlanMeeting,
    PlanMeetingSchema,
    RecordAttendance,
    RecordAttendanceSchema,
    ReportMeeting,
    ReportMeetingSchema,
    TieMeeting,
    TieMeetingSchema,
    UpdateMeeting,
    UpdateMeetingSchema,
)
from samen_doe_mee.services import meetings
from samen_doe_mee.services.meeting_common import Held, meetings_of, visible_meeting
from samen_doe_mee.services.meeting_desk import comers
from samen_doe_mee.services.plans import visible_plan_by_id

_OF_EVENT = ("name", "description", "start_date", "end_date", "status", "location", "online_url", "accessibility")
_OF_MEETING = (
    "id",
    "plan_id",
    "round_id",
    "registration",
    "places",
    "taken",
    "register_until",
    "remind_hours",
    "report",
    "came",
    "organizations",
    "reported_at",
)


class MeetingSchema(Schema):
    """A meeting of a plan: an event of the city's calendar with what the plan adds."""

    id = fields.UUID(required=True, metadata={"description": "Also the id of the event."})
    version = fields.Integer(required=True, metadata={"description": "Rises with every change, in the calendar too."})
    plan_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    start_date = MomentField(required=True)
    end_date = MomentField(required=True, allow_none=True)
    status = fields.String(required=True)
    location = fields.String(required=True)
    online_url = fields.String(required=True)
    accessibility = fields.String(required=True)
    registration = fields.Boolean(required=True)
    places = fields.Integer(required=True, allow_none=True)
    taken = fields.Integer(required=True)
    register_until = MomentField(required=True, allow_none=True)
    remind_hours = fields.Integer(required=True)
    report = fields.String(required=True, metadata={"description": "Markdown."})
    came = fields.Integer(required=True, allow_none=True)
    organizations = fields.String(required=True)
    reported_at = MomentField(required=True, allow_none=True)
    report_by = fields.Date(required=True)
    report_is_late = fields.Boolean(required=True)


class ComerSchema(Schema):
    """Who registered for a meeting."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    people = fields.Integer(required=True)
    needs = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(REGISTRATION_STATES))


class ComersSchema(Schema):
    """Who registered for a meeting, by name, and then who waits in their order."""

    version = fields.Integer(required=True, metadata={"description": "Of the meeting."})
    people = fields.Integer(required=True)
    unconfirmed = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    walk_ins = fields.Integer(required=True)
    registrations = fields.List(fields.Nested(ComerSchema), required=True)


@rest.route("/plans/<uuid:id>/meetings", public=True)
@rest.response(200, MeetingSchema(many=True))
def list_meetings(id: uuid.UUID) -> Response:
    """The meetings of a plan, in the order in which they are held."""
    uow = current_uow()
    visible_plan_by_id(uow, id)
    return reply([_shown(uow, held) for held in meetings_of(uow, id)])


@rest.route("/plans/<uuid:id>/meetings", methods=["POST"], public=True)
@rest.arguments(PlanMeetingSchema)
@rest.response(201, MeetingSchema)
def create_meeting(command: PlanMeeting, id: uuid.UUID) -> Response:
    """Plan a meeting; it also stands on the city's calendar. Who may not work at the plan gets 403."""
    return _one(meetings.plan_meeting(current_uow(), id, command).id, 201)


@rest.route("/plans/<uuid:id>/meetings/calendar", methods=["POST"], public=True)
@rest.arguments(TieMeetingSchema)
@rest.response(201, MeetingSchema)
def tie_meeting_to_plan(command: TieMeeting, id: uuid.UUID) -> Response:
    """Let an event that is on the calendar already be a meeting of a plan. Who may not work at the plan gets 403."""
    return _one(meetings.tie_meeting(current_uow(), id, command).id, 201)


@rest.route("/meetings/<uuid:id>", public=True)
@rest.response(200, MeetingSchema)
def one_meeting(id: uuid.UUID) -> Response:
    """One meeting."""
    return _one(id)


@rest.route("/meetings/<uuid:id>", methods=["PUT"], public=True)
@rest.arguments(UpdateMeetingSchema)
@rest.response(200, MeetingSchema)
def replace_meeting(command: UpdateMeeting, id: uuid.UUID) -> Response:
    """Replace what is known of a meeting; another moment or place is mailed to who registered."""
    meetings.update_meeting(current_uow(), id, command)
    return _one(id)


@rest.route("/meetings/<uuid:id>/cancellation", methods=["POST"], public=True)
@rest.arguments(CancelMeetingSchema)
@rest.response(200, MeetingSchema)
def call_meeting_off(command: CancelMeeting, id: uuid.UUID) -> Response:
    """Call a meeting off, or put it off; who registered gets mail."""
    meetings.cancel_meeting(current_uow(), id, command)
    return _one(id)


@rest.route("/meetings/<uuid:id>/registrations", public=True)
@rest.response(200, ComersSchema)
def list_registrations(id: uuid.UUID) -> Response:
    """Who registered, for who prepares the meeting; others get 403."""
    held, who = comers(current_uow(), id)
    names = tuple(ComerSchema._declared_fields)
    return reply(
        {
            "version": meetings.version_of(held),
            "people": who.people,
            "unconfirmed": who.unconfirmed,
            "cancelled": who.cancelled,
            "walk_ins": held.meeting.walk_ins,
            "registrations": [{name: getattr(row, name) for name in names} for row in (*who.listed, *who.waiting)],
        }
    )


@rest.route("/meetings/<uuid:id>/attendance", methods=["PUT"], public=True)
@rest.arguments(RecordAttendanceSchema)
@rest.response(200, MeetingSchema)
def record_who_came(command: RecordAttendance, id: uuid.UUID) -> Response:
    """Keep who came, in place of what was kept before."""
    meetings.record_attendance(current_uow(), id, command)
    return _one(id)


@rest.route("/meetings/<uuid:id>/report", methods=["PUT"], public=True)
@rest.arguments(ReportMeetingSchema)
@rest.response(200, MeetingSchema)
def publish_report(command: ReportMeeting, id: uuid.UUID) -> Response:
    """Publish the report of a meeting, or a corrected one."""
    meetings.report_meeting(current_uow(), id, command)
    return _one(id)


def _shown(uow: UnitOfWork, held: Held) -> dict[str, Any]:
    return {
        **{name: getattr(held.event, name) for name in _OF_EVENT},
        **{name: getattr(held.meeting, name) for name in _OF_MEETING},
        "version": meetings.version_of(held),
        "report_by": held.report_by,
        "report_is_late": held.is_late(uow.now),
    }


def _one(id: uuid.UUID, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    held = visible_meeting(uow, id)
    location = f"{API}/meetings/{id}" if status == 201 else ""
    return reply(_shown(uow, held), status, version=meetings.version_of(held), location=location)
