"""What all rules about meetings share: finding one with its event and plan, and when something may be done with it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from citycontent.api import Event
from samen_core.api import CITY_TIME_ZONE, NotFound, Text, UnitOfWork, _
from samen_doe_mee.models import Meeting, Plan, Registration
from samen_doe_mee.services.plans import is_public, may_see, may_work

OFF = ("cancelled", "postponed")
HOLDS = ("registered", "attended", "absent")
"""States of a registration that takes places."""
REPORT_DAYS = 14
"""So long after a meeting its report is not late yet."""

MEETING = cast("Table", Meeting.__table__)
REGISTRATION = cast("Table", Registration.__table__)
_WITH_EVENT = select(Meeting, Event, Plan).join(Event, Event.id == Meeting.id).join(Plan, Plan.id == Meeting.plan_id)
_HELD = _WITH_EVENT.where(Meeting.plan_id == bindparam("plan_id"), Event.state == "active")
_OF_PLAN = _HELD.order_by(Event.start_date, Event.id).limit(200)


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting with its event on the calendar and the plan that it is of."""

    meeting: Meeting
    event: Event
    plan: Plan

    @property
    def ends_at(self) -> datetime:
        """When it is over; without an end on the calendar as soon as it began."""
        return self.event.end_date or self.event.start_date

    @property
    def is_off(self) -> bool:
        """Whether it was called off, or put off without a new moment."""
        return self.event.status in OFF

    @property
    def public(self) -> bool:
        """Whether everybody may see it."""
        return is_public(self.plan)

    @property
    def free(self) -> int | None:
        """How many places are left; None where there is no limit."""
        return None if self.meeting.places is None else max(0, self.meeting.places - self.meeting.taken)

    @property
    def report_by(self) -> date:
        """The last day for its report."""
        return self.ends_at.astimezone(CITY_TIME_ZONE).date() + timedelta(days=REPORT_DAYS)

    def misses_report(self, now: datetime) -> bool:
        """Whether it was held and nobody wrote the report yet."""
        return self.ends_at <= now and not self.is_off and self.meeting.reported_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether the report should have been there."""
        return self.misses_report(now) and self.report_by < now.astimezone(CITY_TIME_ZONE).date()

    def closed_because(self, now: datetime) -> Text | None:
        """Why nobody can register now; None when they can."""
        if not self.meeting.registration:
            return _("Aanmelden hoeft niet: u kunt zo komen.")
        if self.is_off:
            return _("Deze bijeenkomst gaat niet door.")
        if self.event.start_date <= now:
            return _("Deze bijeenkomst is al begonnen of geweest.")
        if self.meeting.register_until is not None and self.meeting.register_until <= now:
            return _("Aanmelden kan niet meer.")
        return None


def visible_meeting(uow: UnitOfWork, id: uuid.UUID) -> Held:
    """A meeting that the actor may see. One statement. Raises NotFound, also when the calendar took it away."""
    held = _held(uow, _WITH_EVENT.where(Meeting.id == id))
    if not may_see(uow, held.plan) or not (held.public or may_work(uow, held.plan)):
        raise NotFound
    return held


def get_meeting(uow: UnitOfWork, id: uuid.UUID) -> Held:
    """A meeting without a check of who looks: for who registered, also when its plan was taken back. One statement. Raises NotFound."""
    return _held(uow, _WITH_EVENT.where(Meeting.id == id))


def locked_meeting(uow: UnitOfWork, id: uuid.UUID) -> Held:
    """A meeting, locked until this transaction ends: registrations come one after the other. It checks no rights. Raises NotFound."""
    statement = _WITH_EVENT.where(Meeting.id == id).with_for_update(of=Meeting).execution_options(populate_existing=True)
    return _held(uow, statement)


def meetings_of(uow: UnitOfWork, plan_id: uuid.UUID) -> list[Held]:
    """The meetings of a plan in the order in which they are held. One statement."""
    return [Held(*row) for row in uow.session.execute(_OF_PLAN, {"plan_id": plan_id})]


def recount(uow: UnitOfWork, held: Held) -> None:
    """Count again how many places are taken. Its version stays, for who is changing its texts."""
    uow.session.flush()
    mine = select(func.coalesce(func.sum(REGISTRATION.c.people), 0)).where(
        REGISTRATION.c.meeting_id == held.meeting.id, REGISTRATION.c.state.in_(HOLDS)
    )
    uow.session.execute(update(MEETING).where(MEETING.c.id == held.meeting.id).values(taken=mine.scalar_subquery()))
    uow.session.refresh(held.meeting, ["taken"])


def note(uow: UnitOfWork, held: Held, **values: Any) -> None:
    """Keep something of a meeting that no form shows, without a new version."""
    uow.session.execute(update(MEETING).where(MEETING.c.id == held.meeting.id).values(values))
    uow.session.refresh(held.meeting, list(values))


def _held(uow: UnitOfWork, statement: Any) -> Held:
    row = uow.session.execute(statement).one_or_none()
    if row is None or row[1].state != "active":
        raise NotFound
    return Held(*row)
