"""The calendar: lists and the facts of one event."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, bindparam, select

from citycontent.models import Address, Event, Organization, Project, ThemeLink
from citycontent.queries.addresses import ADDRESS_COLUMNS
from citycontent.queries.lists import AnyRow, KeptList, chosen, list_page, matching
from citycontent.queries.pictures import PICTURE_COLUMNS
from samen_core.api import File, Order, Page, PageRequest, SortKey, UnitOfWork

ORDERS = {
    "soonest": Order("soonest", SortKey(Event.start_date), SortKey(Event.id)),
    "latest": Order("latest", SortKey(Event.start_date, descending=True), SortKey(Event.id, descending=True)),
    "newest": Order("newest", SortKey(Event.id, descending=True)),
}
_ORGANIZER = (Organization.name.label("organization_name"), Organization.slug.label("organization_slug"))
CARD = (
    Event.id,
    Event.slug,
    Event.name,
    Event.sort_name,
    Event.summary,
    Event.start_date,
    Event.end_date,
    Event.all_day,
    Event.timezone,
    Event.status,
    Event.classification,
    Event.location,
    Event.area_id,
    Event.organization_id,
    Event.project_id,
    Event.online_url,
    Event.updated_at,
    *_ORGANIZER,
)
"""The columns of a list on a page."""

FULL = (*Event.__table__.columns, *_ORGANIZER)
"""Every column, as REST and the iCalendar feed list them."""

_WITH_ADDRESS = tuple(column.label(f"address_{column.key}") for column in ADDRESS_COLUMNS)
_DETAIL = (
    select(*FULL, Project.name.label("project_name"), Project.slug.label("project_slug"), *_WITH_ADDRESS, *PICTURE_COLUMNS)
    .outerjoin(Organization, (Organization.id == Event.organization_id) & (Organization.state == "active"))
    .outerjoin(Project, (Project.id == Event.project_id) & (Project.state == "active"))
    .outerjoin(Address, Address.id == Event.address_id)
    .outerjoin(File, File.id == Event.picture_id)
)
_BY_SLUG = _DETAIL.where(Event.slug == bindparam("slug"), Event.state == "active")
_BY_ID = _DETAIL.where(Event.id == bindparam("id"))
_PARTS = _DETAIL.where(Event.parent_id == bindparam("id"), Event.state == "active").order_by(Event.start_date, Event.id).limit(100)

_NEXT = (
    select(Event.project_id, Event.slug, Event.name, Event.start_date, Event.end_date, Event.all_day)
    .where(
        Event.project_id.in_(bindparam("ids", expanding=True)),
        Event.state == "active",
        Event.status.in_(("tentative", "confirmed", "rescheduled")),
        Event.start_date >= bindparam("now"),
    )
    .order_by(Event.start_date, Event.id)
    .limit(200)
)

_T = Event.__table__.c
_ORGANIZATION = Organization.__table__
_THEME = ThemeLink.__table__.c
_LISTS = KeptList(
    lambda columns: (
        select(*columns)
        .select_from(Event.__table__)
        .outerjoin(_ORGANIZATION, (_ORGANIZATION.c.id == _T.organization_id) & (_ORGANIZATION.c.state == "active"))
        .where(_T.state == "active")
    ),
    {
        "upcoming": (_T.start_date >= bindparam("upcoming")) | (_T.end_date >= bindparam("upcoming")),
        "past": (_T.start_date < bindparam("past")) & (_T.end_date.is_(None) | (_T.end_date < bindparam("past"))),
        "start": _T.start_date >= bindparam("start"),
        "end": _T.start_date < bindparam("end"),
        "status": _T.status == bindparam("status"),
        "classification": _T.classification == bindparam("classification"),
        "organization_id": _T.organization_id == bindparam("organization_id"),
        "project_id": _T.project_id == bindparam("project_id"),
        "area_ids": _T.area_id.in_(bindparam("area_ids", expanding=True)),
        "theme_id": _T.id.in_(select(_THEME.subject_id).where(_THEME.theme_id == bindparam("theme_id"))),
    },
)

Period = Literal["upcoming", "past"]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events. ``upcoming`` is what has not ended; ``start`` and ``end`` bound the moment that an event begins: [start, end)."""

    period: Period | None = None
    start: datetime | None = None
    end: datetime | None = None
    status: str | None = None
    classification: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    text: str = ""


def list_events(
    uow: UnitOfWork,
    filter: EventFilter,
    request: PageRequest,
    *,
    order: str = "soonest",
    with_count: bool = True,
    columns: Sequence[Any] = CARD,
) -> Page[Row[Any]]:
    """A page of active events, also those that are called off; rows with ``columns``. At most three statements."""
    statement, values = _filtered(uow, filter, columns)
    return list_page(uow, statement, ORDERS[order], request, with_count=with_count, values=values, keep=not filter.text)


def events_for_feed(uow: UnitOfWork, filter: EventFilter, limit: int = 500) -> Sequence[AnyRow]:
    """What a calendar subscribes to: every column, the organiser and the address of the first ``limit`` events. One statement."""
    statement, values = _filtered(uow, filter, (*FULL, *_WITH_ADDRESS))
    statement = statement.outerjoin(Address, Address.id == Event.address_id)
    return uow.session.execute(statement.order_by(Event.start_date, Event.id).limit(limit), values).all()


def event_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Every column of an active event, with ``organization_…``, ``project_…`` and ``address_…``; None when no such slug is in use."""
    return uow.session.execute(_BY_SLUG, {"slug": slug}).one_or_none()


def event_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """Like :func:`event_by_slug`, in any state."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def next_of_projects(uow: UnitOfWork, project_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, AnyRow]:
    """The next event of each of these projects that goes on, where there is one. One statement."""
    found: dict[uuid.UUID, AnyRow] = {}
    if project_ids:
        for row in uow.session.execute(_NEXT, {"ids": list(project_ids), "now": uow.now}):
            found.setdefault(row.project_id, row)
    return found


def parts_of(uow: UnitOfWork, event_id: uuid.UUID) -> Sequence[AnyRow]:
    """The events that are part of one, in order of time; rows as of :func:`event_by_slug`."""
    return uow.session.execute(_PARTS, {"id": event_id}).all()


def _filtered(uow: UnitOfWork, filter: EventFilter, columns: Sequence[Any]) -> tuple[Select[Any], dict[str, Any]]:
    """The statement of a filter and the values of its parameters."""
    values = chosen(filter, "start", "end", "status", "classification", "organization_id", "project_id", "area_ids", "theme_id")
    if filter.period is not None:
        values[filter.period] = uow.now
    statement = _LISTS.statement(columns, values)
    if filter.text:
        statement = statement.where(matching(uow, Event, "event", filter.text))
    return statement, values
