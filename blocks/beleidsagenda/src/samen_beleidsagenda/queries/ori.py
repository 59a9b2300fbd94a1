"""What the ORI addresses give: meetings, points of agendas and papers that everybody may see, and what of those was taken away.

Lists are in the order of change, so that a mirror that walks them misses nothing. A thing that was taken away, or that became
confidential after it was public, comes with ``gone``: its id and moment are told to mirrors, and nothing else.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, false, func, literal, null, or_, select, true, union_all

from citycontent.api import Event, Organization
from samen_beleidsagenda.models import AgendaItem, Commitment, CouncilQuestion, Document, DocumentVersion, Meeting, Motion, Treatment
from samen_core.api import CITY_TIME_ZONE, Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page

_EVENT = Event.__table__.c
_MEETING = Meeting.__table__.c
_ITEM = AgendaItem.__table__.c
_DOCUMENT = Document.__table__.c
_TREATMENT = Treatment.__table__.c
_VERSION = DocumentVersion.__table__.c
_OFF = ("cancelled", "postponed")
_ENDS = func.coalesce(_EVENT.end_date, _EVENT.start_date)


def _public(table: Any) -> ColumnElement[bool]:
    return and_(table.state == "published", table.confidential != true())


def _withdrawn(table: Any) -> ColumnElement[bool]:
    """Everybody could see it once, and nobody can now."""
    taken_away = and_(table.state == "deleted", table.confidential != true())
    return and_(table.published_at.is_not(None), or_(taken_away, table.withdrawn_at.is_not(None)))


def _chosen(
    public: ColumnElement[bool], gone: ColumnElement[bool], since: datetime | None, changed_at: Any, wanted: Iterable[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """What is public and as wanted; since a moment also everything that was taken away, whatever it was.

    A filter that told of what is gone whether it fits, would let anybody guess word by word what it says.
    """
    fitting = and_(public, *wanted)
    return fitting if since is None else and_(or_(fitting, gone), changed_at >= since)


MEETINGS = Order("ori_meetings", SortKey(Meeting.changed_at), SortKey(Meeting.event_id))
POINTS = Order("ori_points", SortKey(AgendaItem.changed_at), SortKey(AgendaItem.id))


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings. ``status`` is planned, held or cancelled; ``day`` that of its start."""

    since: datetime | None = None
    name: str = ""
    status: str | None = None
    type: str | None = None
    day: Any = None


def meetings(uow: UnitOfWork, filter: MeetingFilter, request: PageRequest) -> Page[Any]:
    """A page of meetings: columns of the meeting and its event, ``body_name`` and ``gone``. One statement."""
    public, gone = _EVENT.state == "active", _EVENT.state == "deleted"
    conditions: list[ColumnElement[bool]] = []
    if filter.name:
        conditions.append(_EVENT.name.icontains(filter.name, autoescape=True))
    if filter.type is not None:
        conditions.append(_MEETING.type == filter.type)
    if filter.day is not None:
        start = datetime.combine(filter.day, time(), CITY_TIME_ZONE)
        conditions += [_EVENT.start_date >= start, _EVENT.start_date < start + timedelta(days=1)]
    if filter.status is not None:
        off, over = _EVENT.status.in_(_OFF), uow.now > _ENDS
        conditions.append({"cancelled": off, "held": and_(~off, over), "planned": and_(~off, ~over)}[filter.status])
    chosen = _chosen(public, gone, filter.since, _MEETING.changed_at, conditions)
    return fetch_page(uow.session, _meetings(gone).where(chosen), MEETINGS, request)


def meeting(uow: UnitOfWork, id: uuid.UUID) -> Any:
    """One meeting as :func:`meetings` gives it, or None."""
    statement = _meetings(_EVENT.state == "deleted").where(_EVENT.id == id, _EVENT.state.in_(("active", "deleted")))
    return uow.session.connection().execute(statement).one_or_none()


def _meetings(gone: ColumnElement[bool]) -> Select[Any]:
    minutes = Document.__table__.alias("minutes")
    return (
        select(
            _MEETING.event_id,
            _MEETING.type,
            _MEETING.body_id,
            _MEETING.closed,
            _MEETING.version,
            _MEETING.changed_at,
            _EVENT.name,
            _EVENT.summary,
            _EVENT.start_date,
            _EVENT.end_date,
            _EVENT.all_day,
            _EVENT.status,
            _EVENT.location,
            Organization.__table__.c.name.label("body_name"),
            minutes.c.id.label("minutes_id"),
            gone.label("gone"),
        )
        .select_from(Meeting.__table__)
        .join(Event.__table__, _EVENT.id == _MEETING.event_id)
        .join(Organization.__table__, Organization.__table__.c.id == _MEETING.body_id)
        .outerjoin(minutes, and_(minutes.c.id == _MEETING.minutes_id, _public(minutes.c)))
    )


def points_of_meetings(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    """The ids of the public points of these meetings, in their order. One statement."""
    return _grouped(
        uow, select(_ITEM.meeting_id, _ITEM.id).where(_ITEM.meeting_id.in_(ids), _public(_ITEM)).order_by(_ITEM.position, _ITEM.id)
    )


@dataclass(frozen=True, slots=True)
class PointFilter:
    """Which points of agendas."""

    since: datetime | None = None
    meeting_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    text: str = ""


def points(uow: UnitOfWork, filter: PointFilter, request: PageRequest) -> Page[Any]:
    """A page of points: their columns, ``closed`` of their meeting, and ``gone``. One statement."""
    conditions: list[ColumnElement[bool]] = []
    if filter.meeting_id is not None:
        conditions.append(_ITEM.meeting_id == filter.meeting_id)
    if filter.parent_id is not None:
        conditions.append(_ITEM.parent_id == filter.parent_id)
    if filter.text:
        conditions.append(or_(_ITEM.title.icontains(filter.text, autoescape=True), _ITEM.text.icontains(filter.text, autoescape=True)))
    chosen = _chosen(_public_point(), _gone_point(), filter.since, _ITEM.changed_at, conditions)
    return fetch_page(uow.session, _points().where(chosen), POINTS, request)


def point(uow: UnitOfWork, id: uuid.UUID) -> Any:
    """One point as :func:`points` gives it, or None."""
    statement = _points().where(_ITEM.id == id, or_(_public_point(), _gone_point()))
    return uow.session.connection().execute(statement).one_or_none()


def _public_point() -> ColumnElement[bool]:
    return and_(_public(_ITEM), _EVENT.state == "active")


def _gone_point() -> ColumnElement[bool]:
    return or_(_withdrawn(_ITEM), and_(_public(_ITEM), _EVENT.state == "deleted"))


def _points() -> Select[Any]:
    parent = AgendaItem.__table__.alias("parent")
    return (
        select(*AgendaItem.__table__.columns, _MEETING.closed, parent.c.id.label("public_parent_id"), (~_public_point()).label("gone"))
        .select_from(AgendaItem.__table__)
        .join(Meeting.__table__, _MEETING.event_id == _ITEM.meeting_id)
        .join(Event.__table__, _EVENT.id == _ITEM.meeting_id)
        .outerjoin(parent, and_(parent.c.id == _ITEM.parent_id, _public(parent.c)))
    )


@dataclass(frozen=True, slots=True)
class PointLinks:
    """What lies under and at points, by their ids: public points below them and public papers."""

    below: Mapping[uuid.UUID, list[uuid.UUID]]
    papers: Mapping[uuid.UUID, list[uuid.UUID]]


def links_of_points(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> PointLinks:
    """What lies under and at these points. Two statements."""
    below = select(_ITEM.parent_id, _ITEM.id).where(_ITEM.parent_id.in_(ids), _public(_ITEM)).order_by(_ITEM.position, _ITEM.id)
    parts = [
        select(_TREATMENT.agenda_item_id.label("point"), _DOCUMENT.id.label("id"), _TREATMENT.position.label("position"))
        .join(Document.__table__, _DOCUMENT.id == _TREATMENT.document_id)
        .where(_TREATMENT.agenda_item_id.in_(ids), _public(_DOCUMENT))
    ]
    for model in (Motion, Commitment, CouncilQuestion):
        table = model.__table__.c
        chosen = select(table.agenda_item_id.label("point"), table.id.label("id"), literal(1000).label("position"))
        parts.append(chosen.where(table.agenda_item_id.in_(ids), _public(table)))
    both = union_all(*parts).subquery()
    return PointLinks(_grouped(uow, below), _grouped(uow, select(both.c.point, both.c.id).order_by(both.c.position, both.c.id)))


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """Which papers. ``types`` are pairs of the kind of thing and its type, for one code of ORI."""

    since: datetime | None = None
    meeting_id: uuid.UUID | None = None
    point_id: uuid.UUID | None = None
    title: str = ""
    text: str = ""
    language: str = ""
    day: Any = None
    types: tuple[tuple[str, str], ...] | None = None


def _papers() -> Any:
    """Documents, motions and amendments, commitments and questions of council members as one table."""
    parts = []
    for model, kind, type, day, text, extra in (
        (Document, "document", _DOCUMENT.type, _DOCUMENT.date, _DOCUMENT.summary, null()),
        (Motion, "motion", Motion.kind, Motion.submitted_on, Motion.text, Motion.type),
        (Commitment, "commitment", literal("commitment"), Commitment.made_on, Commitment.text, null()),
        (CouncilQuestion, "question", literal("question"), CouncilQuestion.asked_on, CouncilQuestion.text, CouncilQuestion.kind),
    ):
        table = model.__table__.c
        is_document = model is Document
        parts.append(
            select(
                table.id,
                literal(kind).label("kind"),
                cast(type, String).label("type"),
                cast(extra, String).label("extra"),
                table.title,
                text.label("text"),
                day.label("date"),
                (table.woo_category if is_document else literal("c_db4862c3")).label("woo_category"),
                (table.language if is_document else literal("nl")).label("language"),
                (table.page_url if is_document else literal("")).label("page_url"),
                cast(null() if is_document else table.agenda_item_id, _ITEM.id.type).label("agenda_item_id"),
                cast(table.amends_id if model is Motion else null(), _ITEM.id.type).label("amends_id"),
                table.version,
                table.changed_at,
                case((_public(table), false()), else_=true()).label("gone"),
            ).where(or_(_public(table), _withdrawn(table)))
        )
    return union_all(*parts).subquery("papers")


_PAPERS = _papers()
_P = _PAPERS.c
PAPERS = Order("ori_papers", SortKey(_P.changed_at), SortKey(_P.id))


def papers(uow: UnitOfWork, filter: PaperFilter, request: PageRequest) -> Page[Any]:
    """A page of papers (the columns of :func:`_papers`). One statement."""
    conditions: list[ColumnElement[bool]] = []
    for wanted, column in ((filter.point_id, _TREATMENT.agenda_item_id), (filter.meeting_id, _ITEM.meeting_id)):
        if wanted is not None:
            at = select(_ITEM.id).where(_public(_ITEM), _ITEM.id == wanted if column is _TREATMENT.agenda_item_id else column == wanted)
            lying = select(_TREATMENT.document_id).where(_TREATMENT.agenda_item_id.in_(at))
            minutes = select(_MEETING.minutes_id).where(_MEETING.event_id == wanted, _MEETING.minutes_id.is_not(None))
            conditions.append(or_(_P.agenda_item_id.in_(at), _P.id.in_(lying), _P.id.in_(minutes)))
    for words, column in ((filter.title, _P.title), (filter.text, _P.text)):
        if words:
            conditions.append(column.icontains(words, autoescape=True))
    if filter.language:
        conditions.append(_P.language == filter.language)
    if filter.day is not None:
        conditions.append(_P.date == filter.day)
    if filter.types is not None:
        conditions.append(or_(false(), *(and_(_P.kind == kind, _P.type == type) for kind, type in filter.types)))
    chosen = _chosen(_P.gone == false(), _P.gone == true(), filter.since, _P.changed_at, conditions)
    return fetch_page(uow.session, select(*_P).where(chosen), PAPERS, request)


def paper(uow: UnitOfWork, id: uuid.UUID) -> Any:
    """One paper as :func:`papers` gives it, or None."""
    return uow.session.connection().execute(select(*_P).where(_P.id == id)).one_or_none()


@dataclass(frozen=True, slots=True)
class PaperLinks:
    """Where papers belong, by their ids; ``answers`` is the question that a document answers."""

    versions: Mapping[uuid.UUID, Any] = field(default_factory=dict)
    points: Mapping[uuid.UUID, list[Any]] = field(default_factory=dict)
    minutes_of: Mapping[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    answers: Mapping[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    proposals: frozenset[uuid.UUID] = frozenset()


def links_of_papers(uow: UnitOfWork, rows: Iterable[Any]) -> PaperLinks:
    """Where these papers belong, of what everybody may see. Five statements."""
    found = list(rows)
    ids = [row.id for row in found]
    connection = uow.session.connection()
    newest = (
        select(_VERSION.document_id, func.max(_VERSION.number).label("number"))
        .where(_VERSION.document_id.in_(ids))
        .group_by(_VERSION.document_id)
        .subquery()
    )
    same = and_(newest.c.document_id == _VERSION.document_id, newest.c.number == _VERSION.number)
    versions = connection.execute(select(*DocumentVersion.__table__.columns).join(newest, same)).all()
    lying = connection.execute(
        select(_TREATMENT.document_id, _ITEM.id, _ITEM.meeting_id)
        .join(AgendaItem.__table__, _ITEM.id == _TREATMENT.agenda_item_id)
        .where(_TREATMENT.document_id.in_(ids), _public(_ITEM))
        .order_by(_ITEM.id)
    ).all()
    own = {row.agenda_item_id for row in found if row.agenda_item_id}
    told = {row.id: row for row in connection.execute(select(_ITEM.id, _ITEM.meeting_id).where(_ITEM.id.in_(own), _public(_ITEM))).all()}
    at: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in lying:
        at[row.document_id].append(row)
    for row in found:
        if row.agenda_item_id in told:
            at[row.id].append(told[row.agenda_item_id])
    minutes = select(_MEETING.minutes_id, _MEETING.event_id).join(Event.__table__, _EVENT.id == _MEETING.event_id)
    answers = select(CouncilQuestion.answer_document_id, CouncilQuestion.id).where(
        CouncilQuestion.answer_document_id.in_(ids), _public(CouncilQuestion.__table__.c)
    )
    amended = {row.amends_id for row in found if row.amends_id}
    return PaperLinks(
        {row.document_id: row for row in versions},
        at,
        _grouped(uow, minutes.where(_MEETING.minutes_id.in_(ids), _EVENT.state == "active")),
        _grouped(uow, answers),
        frozenset(connection.execute(select(_DOCUMENT.id).where(_DOCUMENT.id.in_(amended), _public(_DOCUMENT))).scalars()),
    )


def _grouped(uow: UnitOfWork, statement: Any) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for key, id in uow.session.connection().execute(statement):
        found[key].append(id)
    return found
