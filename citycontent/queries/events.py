"""Reading the calendar: what is to come, what was, one month, one page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from citycontent.models import Address, Event, Organization, Project, ThemeLink
from citycontent.queries.addresses import ADDRESS_COLUMNS
from citycontent.queries.filters import AnyRow, AnySelect, contains
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

SOONEST = Order("event.soonest", SortKey(Event.start_date), SortKey(Event.id))
LATEST = Order("event.latest", SortKey(Event.start_date, descending=True), SortKey(Event.id, descending=True))
LONGEST = timedelta(days=366)
"""An event that began longer ago than this is not looked for among those that still go on."""

_LIST: AnySelect = select(
    Event.id,
    Event.slug,
    Event.name,
    Event.summary,
    Event.classification,
    Event.status,
    Event.start_date,
    Event.end_date,
    Event.all_day,
    Event.location,
    Event.area_id,
    Event.online_url,
    Event.registration_url,
).where(Event.state == "active")

_PARENT = aliased(Event)
_ONE: AnySelect = (
    select(
        *Event.__table__.columns,
        *(column.label(f"address_{column.key}") for column in ADDRESS_COLUMNS),
        Organization.name.label("organization_name"),
        Organization.slug.label("organization_slug"),
        Organization.sector.label("organization_sector"),
        Project.name.label("project_name"),
        Project.slug.label("project_slug"),
        _PARENT.name.label("parent_name"),
        _PARENT.slug.label("parent_slug"),
    )
    .outerjoin(Address, Address.id == Event.address_id)
    .outerjoin(Organization, (Organization.id == Event.organization_id) & (Organization.state == "active"))
    .outerjoin(Project, (Project.id == Event.project_id) & (Project.state == "active"))
    .outerjoin(_PARENT, (_PARENT.id == Event.parent_id) & (_PARENT.state == "active"))
    .where(Event.slug == bindparam("slug"))
)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the calendar is narrowed to; ``area_ids`` are an area with all in it."""

    text: str = ""
    area_ids: tuple[uuid.UUID, ...] = ()
    theme_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    classification: str | None = None

    def apply(self, statement: AnySelect) -> AnySelect:
        """The statement with the conditions of this filter."""
        if self.text:
            statement = statement.where(contains(self.text, Event.sort_name, Event.summary, Event.location))
        if self.area_ids:
            statement = statement.where(Event.area_id.in_(self.area_ids))
        if self.theme_id:
            statement = statement.where(Event.id.in_(select(ThemeLink.subject_id).where(ThemeLink.theme_id == self.theme_id)))
        if self.classification:
            statement = statement.where(Event.classification == self.classification)
        owners = (
            (Event.organization_id, self.organization_id),
            (Event.project_id, self.project_id),
            (Event.parent_id, self.parent_id),
        )
        for column, owner in owners:
            if owner:
                statement = statement.where(column == owner)
        return statement


def _upcoming(statement: AnySelect, now: datetime) -> AnySelect:
    goes_on = and_(Event.start_date >= now - LONGEST, Event.end_date >= now)
    return statement.where(Event.start_date >= now - LONGEST, or_(Event.start_date >= now, goes_on))


def _past(statement: AnySelect, now: datetime) -> AnySelect:
    return statement.where(Event.start_date < now, func.coalesce(Event.end_date, Event.start_date) < now)


def list_upcoming(uow: UnitOfWork, chosen: EventFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of what is to come or goes on now, soonest first. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, _upcoming(chosen.apply(_LIST), uow.now), SOONEST, request)


def list_past(uow: UnitOfWork, chosen: EventFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of what is over, latest first. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, _past(chosen.apply(_LIST), uow.now), LATEST, request)


def count_upcoming(uow: UnitOfWork, chosen: EventFilter) -> Count:
    """How many are to come, exact to 1,000. One statement."""
    return count_up_to(uow.session, _upcoming(chosen.apply(_LIST), uow.now))


def count_past(uow: UnitOfWork, chosen: EventFilter) -> Count:
    """How many are over, exact to 1,000. One statement."""
    return count_up_to(uow.session, _past(chosen.apply(_LIST), uow.now))


def events_between(uow: UnitOfWork, chosen: EventFilter, start: datetime, end: datetime, limit: int = 500) -> Sequence[AnyRow]:
    """What begins in a period, or goes on in it since earlier; soonest first. One statement."""
    begins = and_(Event.start_date >= start, Event.start_date < end)
    goes_on = and_(Event.start_date < start, Event.start_date >= start - LONGEST, Event.end_date > start)
    statement = chosen.apply(_LIST).where(Event.start_date >= start - LONGEST, Event.start_date < end, or_(begins, goes_on))
    return uow.session.execute(statement.order_by(*SOONEST.forward).limit(limit)).all()


def event_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Everything of one event with its address (``address_…``), organiser, project and what it is part of; also when taken away."""
    return uow.session.execute(_ONE, {"slug": slug}).one_or_none()
