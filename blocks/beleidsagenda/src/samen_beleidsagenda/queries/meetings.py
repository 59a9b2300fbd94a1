"""Meetings and their agendas."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Row, Select, or_, select

from citycontent.api import Address, Event, Organization
from samen_beleidsagenda.models import (
    AgendaItem,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    Dossier,
    Meeting,
    Motion,
    Treatment,
)
from samen_beleidsagenda.permissions import RECORD, SEE_CONFIDENTIAL
from samen_beleidsagenda.queries.documents import shown_documents
from samen_beleidsagenda.queries.visibility import shown, shown_dossiers
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page, fold

AnyRow = Row[*tuple[Any, ...]]
ORDERS = {
    "soonest": Order("meeting.soonest", SortKey(Event.start_date), SortKey(Event.id)),
    "latest": Order("meeting.latest", SortKey(Event.start_date, descending=True), SortKey(Event.id, descending=True)),
}
COLUMNS: tuple[Any, ...] = (
    Event.id,
    Event.slug,
    Event.name,
    Event.start_date,
    Event.end_date,
    Event.previous_start_date,
    Event.all_day,
    Event.status,
    Event.location,
    Event.online_url,
    Event.accessibility,
    Event.state,
    (Meeting.version + Event.version).label("version"),
    Meeting.event_id,
    Meeting.body_id,
    Meeting.type,
    Meeting.closed,
    Meeting.livestream_url,
    Meeting.recording_url,
    Meeting.minutes_id,
    Meeting.agenda_published_at,
    Meeting.changed_at,
    Organization.name.label("body_name"),
    Organization.slug.label("body_slug"),
)
ADDRESS = tuple(column.label(f"address_{column.key}") for column in Address.__table__.c)

Period = Literal["coming", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFilter:
    """Which meetings. ``coming`` is what is not over; ``text`` are words of the name."""

    period: Period | None = None
    body_id: uuid.UUID | None = None
    type: str | None = None
    text: str = ""


def _meetings(*more: Any) -> Select[Any]:
    return (
        select(*COLUMNS, *more)
        .select_from(Meeting)
        .join(Event, Event.id == Meeting.event_id)
        .join(Organization, Organization.id == Meeting.body_id)
    )


def list_meetings(
    uow: UnitOfWork, chosen: MeetingFilter, request: PageRequest, *, order: str = "soonest", with_count: bool = True
) -> Page[Row[Any]]:
    """A page of meetings in order of time, also those that are called off. At most two statements. Raises Invalid for a wrong cursor."""
    statement = _meetings().where(Event.state == "active")
    if chosen.period == "coming":
        statement = statement.where(or_(Event.start_date >= uow.now, Event.end_date >= uow.now))
    elif chosen.period == "past":
        statement = statement.where(Event.start_date < uow.now, or_(Event.end_date.is_(None), Event.end_date < uow.now))
    if chosen.body_id is not None:
        statement = statement.where(Meeting.body_id == chosen.body_id)
    if chosen.type is not None:
        statement = statement.where(Meeting.type == chosen.type)
    for word in fold(chosen.text).split():
        statement = statement.where(Event.sort_name.contains(word, autoescape=True))
    page = fetch_page(uow.session, statement, ORDERS[order], request)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def meeting_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """A meeting with its event, body and the address as ``address_…``, in any state; None when there is none. One statement."""
    statement = _meetings(*ADDRESS).outerjoin(Address, Address.id == Event.address_id)
    return uow.session.execute(statement.where(Meeting.event_id == id)).one_or_none()


@dataclass(slots=True)
class Paper:
    """A document at a point: why it lies there, and whether it is decided about here."""

    treatment: Treatment
    document: Document


@dataclass(slots=True)
class Point:
    """A point of an agenda with what belongs to it, as far as the actor may see it."""

    item: AgendaItem
    dossier: tuple[str, str] | None = None
    """Title and slug."""
    papers: list[Paper] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    questions: list[CouncilQuestion] = field(default_factory=list)


def shown_items(uow: UnitOfWork, event_id: uuid.UUID, body_id: uuid.UUID) -> Sequence[AgendaItem]:
    """The points of a meeting that the actor may see, by position. One statement."""
    statement = select(AgendaItem).where(AgendaItem.meeting_id == event_id)
    writes = RECORD.allows(uow.actor, event_id, scopes=(body_id,))
    statement = statement.where(AgendaItem.state != "deleted" if writes else AgendaItem.state == "published")
    if not SEE_CONFIDENTIAL.allows(uow.actor, event_id, scopes=(body_id,)):
        statement = statement.where(AgendaItem.confidential.is_(False))
    return uow.session.execute(statement.order_by(AgendaItem.position, AgendaItem.id)).scalars().all()


def points(uow: UnitOfWork, items: Iterable[AgendaItem]) -> dict[uuid.UUID, Point]:
    """These points with what belongs to them. Six statements, however many points; none without points."""
    found = {item.id: Point(item) for item in items}
    if not found:
        return found
    _add_dossiers(uow, found)
    statement = (
        select(Treatment, Document)
        .join(Document, Document.id == Treatment.document_id)
        .where(Treatment.agenda_item_id.in_(found), shown_documents(uow, drafts=True))
        .order_by(Treatment.position, Treatment.id)
    )
    for treatment, document in uow.session.execute(statement):
        found[treatment.agenda_item_id].papers.append(Paper(treatment, document))
    things: tuple[tuple[Any, str, Any], ...] = (
        (Decision, "decisions", Decision.body_id),
        (Motion, "motions", Motion.body_id),
        (Commitment, "commitments", Commitment.body_id),
        (CouncilQuestion, "questions", CouncilQuestion.dossier_id),
    )
    for model, name, scope in things:
        for item_id, rows in _things_at(uow, model, found, scope).items():
            setattr(found[item_id], name, rows)
    return found


def _add_dossiers(uow: UnitOfWork, found: dict[uuid.UUID, Point]) -> None:
    ids = {point.item.dossier_id for point in found.values()} - {None}
    if ids:
        statement = select(Dossier.id, Dossier.title, Dossier.slug).where(Dossier.id.in_(ids), shown_dossiers(uow, "published"))
        known = {row.id: (row.title, row.slug) for row in uow.session.execute(statement)}
        for point in found.values():
            point.dossier = known.get(point.item.dossier_id) if point.item.dossier_id else None


def _things_at(uow: UnitOfWork, model: Any, item_ids: Iterable[uuid.UUID], scope: Any) -> dict[uuid.UUID, list[Any]]:
    rows: dict[uuid.UUID, list[Any]] = defaultdict(list)
    statement = select(model).where(model.agenda_item_id.in_(list(item_ids)), shown(uow, model, RECORD, scope, drafts=True))
    for thing in uow.session.execute(statement.order_by(model.id)).scalars():
        rows[thing.agenda_item_id].append(thing)
    return rows


def places_of_document(uow: UnitOfWork, document_id: uuid.UUID) -> Sequence[AnyRow]:
    """Where a document is treated, latest first, at points that the actor may see: treatment, point and meeting. One statement."""
    statement = (
        select(
            Treatment.id,
            Treatment.role,
            Treatment.authoritative,
            Treatment.outcome,
            AgendaItem.id.label("item_id"),
            AgendaItem.title,
            AgendaItem.number,
            Event.id.label("event_id"),
            Event.name,
            Event.start_date,
            Meeting.body_id,
        )
        .join(AgendaItem, AgendaItem.id == Treatment.agenda_item_id)
        .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
        .join(Event, Event.id == Meeting.event_id)
        .where(Treatment.document_id == document_id, Event.state == "active", shown(uow, AgendaItem, RECORD, Meeting.body_id, drafts=True))
        .order_by(Event.start_date.desc(), Treatment.id)
    )
    return uow.session.execute(statement).all()
