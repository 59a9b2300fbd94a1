"""Meetings over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import NotFound, UnitOfWork
from samen_core.rest.api import MomentField, current_platform, current_uow, reply
from samen_samenspreker.models import PRESENCE
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.meetings import attendance_of, meeting_by_id, meetings_of
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.meetings import (
    CancelMeeting,
    CancelMeetingSchema,
    PlanMeeting,
    PlanMeetingSchema,
    RecordAttendance,
    RecordAttendanceSchema,
    ReportMeeting,
    ReportMeetingSchema,
    UpdateMeeting,
    UpdateMeetingSchema,
)
from samen_samenspreker.services.common import get_question, require_table
from samen_samenspreker.services.meetings import cancel_meeting, plan_meeting, record_attendance, report_meeting, update_meeting

API = "/api/v1/samenspreker/meetings"
_FACTS = (
    "id",
    "version",
    "question_id",
    "round_id",
    "name",
    "start_date",
    "end_date",
    "status",
    "location",
    "online_url",
    "accessibility",
    "agenda",
    "report",
    "visitors",
    "reported_at",
)


class MeetingSchema(Schema):
    """A meeting of a table: an event of the city's calendar with what the table adds."""

    id = fields.UUID(required=True, metadata={"description": "Also the id of the event."})
    version = fields.Integer(required=True, metadata={"description": "Rises with every change, in the calendar too."})
    question_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    start_date = MomentField(required=True)
    end_date = MomentField(required=True, allow_none=True)
    status = fields.String(required=True)
    location = fields.String(required=True)
    online_url = fields.String(required=True)
    accessibility = fields.String(required=True)
    agenda = fields.String(required=True, metadata={"description": "Markdown."})
    report = fields.String(required=True, metadata={"description": "Markdown."})
    visitors = fields.Integer(required=True, allow_none=True, metadata={"description": "Who came besides the table."})
    reported_at = MomentField(required=True, allow_none=True)
    event_uri = fields.String(required=True)


class PresenceSchema(Schema):
    """Whether a seat was taken at a meeting."""

    seat_id = fields.UUID(required=True)
    presence = fields.String(required=True, validate=validate.OneOf(PRESENCE))


class AttendanceSchema(Schema):
    """Who was at a meeting."""

    version = fields.Integer(required=True, metadata={"description": "Of the meeting."})
    attendance = fields.List(fields.Nested(PresenceSchema), required=True)


def _represent(row: Any) -> dict[str, Any]:
    base = current_platform().config.web.base_url.rstrip("/")
    return {**{name: getattr(row, name) for name in _FACTS}, "event_uri": f"{base}/id/event/{row.id}"}


def _existing(uow: UnitOfWork, id: uuid.UUID) -> Any:
    row = meeting_by_id(uow, id)
    if row is None:
        raise NotFound
    require_table(get_question(uow, row.question_id))
    return row


def _one(uow: UnitOfWork, id: uuid.UUID, status: int = 200) -> Response:
    row = _existing(uow, id)
    return reply(_represent(row), status, version=row.version, location=f"{API}/{id}" if status == 201 else "")


@rest.route("/questions/<uuid:id>/meetings", public=True)
@rest.response(200, MeetingSchema(many=True))
def list_meetings(id: uuid.UUID) -> Response:
    """The meetings of a table, latest first."""
    uow = current_uow()
    require_table(get_question(uow, id))
    return reply([_represent(row) for row in meetings_of(uow, id)])


@rest.route("/questions/<uuid:id>/meetings", methods=["POST"], permission=FACILITATE)
@rest.arguments(PlanMeetingSchema)
@rest.response(201, MeetingSchema)
def create_meeting(command: PlanMeeting, id: uuid.UUID) -> Response:
    """Plan a meeting: it also stands on the city's calendar, so a token needs the right to edit that too."""
    uow = current_uow()
    return _one(uow, plan_meeting(uow, id, command).event_id, 201)


@rest.route("/meetings/<uuid:id>", public=True)
@rest.response(200, MeetingSchema)
def one_meeting(id: uuid.UUID) -> Response:
    """One meeting."""
    return _one(current_uow(), id)


@rest.route("/meetings/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(UpdateMeetingSchema)
@rest.response(200, MeetingSchema)
def replace_meeting(command: UpdateMeeting, id: uuid.UUID) -> Response:
    """Replace what is known of a meeting; another moment or place is mailed to the table."""
    update_meeting(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/meetings/<uuid:id>/cancel", methods=["POST"], permission=FACILITATE)
@rest.arguments(CancelMeetingSchema)
@rest.response(200, MeetingSchema)
def create_cancellation(command: CancelMeeting, id: uuid.UUID) -> Response:
    """Call a meeting off, or put it off."""
    cancel_meeting(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/meetings/<uuid:id>/attendance", public=True)
@rest.response(200, AttendanceSchema)
def one_attendance(id: uuid.UUID) -> Response:
    """Who was at a meeting, by seat."""
    return _attendance(current_uow(), id)


@rest.route("/meetings/<uuid:id>/attendance", methods=["PUT"], permission=FACILITATE)
@rest.arguments(RecordAttendanceSchema)
@rest.response(200, AttendanceSchema)
def replace_attendance(command: RecordAttendance, id: uuid.UUID) -> Response:
    """Record who was at a meeting, instead of what was recorded before."""
    record_attendance(current_uow(), id, command)
    return _attendance(current_uow(), id)


@rest.route("/meetings/<uuid:id>/report", methods=["PUT"], permission=FACILITATE)
@rest.arguments(ReportMeetingSchema)
@rest.response(200, MeetingSchema)
def replace_report(command: ReportMeeting, id: uuid.UUID) -> Response:
    """Publish the report of a meeting, or a corrected one."""
    report_meeting(current_uow(), id, command)
    return _one(current_uow(), id)


def _attendance(uow: UnitOfWork, id: uuid.UUID) -> Response:
    row = _existing(uow, id)
    found = [{"seat_id": seat_id, "presence": presence} for seat_id, presence in sorted(attendance_of(uow, id).items())]
    return reply({"version": row.version, "attendance": found}, version=row.version)
