"""Meetings of a table to read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from citycontent.api import Event
from samen_core.api import UnitOfWork
from samen_samenspreker.models import Attendance, Meeting, Question, Round
from samen_samenspreker.queries.rounds import NOT_CANCELLED

AnyRow = Row[*tuple[Any, ...]]
MOST = 200

_COLUMNS = (
    Meeting.event_id.label("id"),
    Meeting.question_id,
    Meeting.round_id,
    Meeting.agenda,
    Meeting.report,
    Meeting.visitors,
    Meeting.reported_at,
    (Meeting.version + Event.version).label("version"),
    Event.slug,
    Event.name,
    Event.sort_name,
    Event.summary,
    Event.start_date,
    Event.end_date,
    Event.all_day,
    Event.status,
    Event.location,
    Event.area_id,
    Event.online_url,
    Event.accessibility,
    Round.number.label("round_number"),
    Round.title.label("round_title"),
)
_MEETINGS = (
    select(*_COLUMNS)
    .join(Event, Event.id == Meeting.event_id)
    .outerjoin(Round, Round.id == Meeting.round_id)
    .where(Event.state == "active")
)
_OF_QUESTION = _MEETINGS.where(Meeting.question_id == bindparam("question_id")).order_by(Event.start_date.desc(), Event.id.desc())
_ONE = _MEETINGS.where(Meeting.event_id == bindparam("id"))
_ATTENDANCE = select(Attendance.seat_id, Attendance.presence).where(Attendance.event_id == bindparam("id"))
_COUNTS = (
    select(Attendance.event_id, func.count().label("number"))
    .join(Meeting, Meeting.event_id == Attendance.event_id)
    .where(Meeting.question_id == bindparam("question_id"), Attendance.presence != "absent")
    .group_by(Attendance.event_id)
)
_ROUNDS = (
    select(Round.id, Round.number, Round.title).where(Round.question_id == bindparam("question_id"), NOT_CANCELLED).order_by(Round.number)
)
_TABLE = (
    select(Question.title, Question.slug, Meeting.reported_at, Meeting.event_id)
    .join(Meeting, Meeting.question_id == Question.id)
    .where(Meeting.event_id == bindparam("id"), Question.state == "accepted")
)


def meetings_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The meetings of a table, latest first, with what the calendar says of them; at most 200. One statement.

    Rows have what :func:`citycontent.web.api.event_row` shows, and ``version`` as :func:`samen_samenspreker.services.meetings.version_of`.
    """
    return uow.session.execute(_OF_QUESTION.limit(MOST), {"question_id": question_id}).all()


def meeting_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """One meeting, as :func:`meetings_of`."""
    return uow.session.execute(_ONE, {"id": id}).one_or_none()


def attendance_of(uow: UnitOfWork, id: uuid.UUID) -> dict[uuid.UUID, str]:
    """What was recorded of who was at a meeting: presence by seat."""
    return {row.seat_id: row.presence for row in uow.session.execute(_ATTENDANCE, {"id": id})}


def taken_seats(uow: UnitOfWork, question_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many seats were taken, by holder or alternate, at each meeting that was recorded."""
    return {row.event_id: row.number for row in uow.session.execute(_COUNTS, {"question_id": question_id})}


def rounds_to_choose(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The rounds of a table: rows with ``id``, ``number`` and ``title``."""
    return uow.session.execute(_ROUNDS, {"question_id": question_id}).all()


def table_of_event(uow: UnitOfWork, event_id: uuid.UUID) -> AnyRow | None:
    """The table of which an event is a meeting: ``title``, ``slug``, ``event_id`` and ``reported_at``; None for another event."""
    return uow.session.execute(_TABLE, {"id": event_id}).one_or_none()
