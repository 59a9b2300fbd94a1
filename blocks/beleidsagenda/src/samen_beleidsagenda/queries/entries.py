"""What calendars and lists show of all moments: planned ones and meetings, from the one row that each of them keeps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, bindparam, literal, or_, select, union_all

from citycontent.api import Organization, Post
from samen_beleidsagenda.models import Dossier, DossierArea, DossierTheme, Entry
from samen_core.api import Count, Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, fold, parse_query

_E = Entry.__table__.c
_D = Dossier.__table__.c
_B = Organization.__table__.alias("body_organization").c
_P = Post.__table__.c
_THEME, _AREA = DossierTheme.__table__.c, DossierArea.__table__.c
LONGEST = timedelta(days=366)
"""No period is longer than a year, so what begins earlier is over: that lets an index bound what is looked at."""
MOST_FOUND = 500
COLUMNS = (
    *(column for column in _E if column.key != "vevent"),
    _D.title.label("dossier_title"),
    _D.slug.label("dossier_slug"),
    _D.holder_id.label("holder_id"),
    _P.label.label("holder_label"),
    _B.name.label("body_name"),
    _B.slug.label("body_slug"),
)
ORDERS = {
    "soonest": Order("soonest", SortKey(_E.start_date), SortKey(_E.subject_id)),
    "latest": Order("latest", SortKey(_E.start_date, descending=True), SortKey(_E.subject_id, descending=True)),
    "ending": Order("ending", SortKey(_E.end_date), SortKey(_E.subject_id)),
    "changed": Order("changed", SortKey(_E.changed_at, descending=True), SortKey(_E.subject_id, descending=True)),
}
_TABLES = (
    Entry.__table__.outerjoin(Dossier.__table__, _D.id == _E.dossier_id)
    .outerjoin(_B.id.table, _B.id == _E.body_id)
    .outerjoin(Post.__table__, _P.id == _D.holder_id)
)
JOINED = select(*COLUMNS).select_from(_TABLES).where(_E.visible)
"""The moments that everybody may know of, with ``COLUMNS``."""

_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "start": (_E.end_date >= bindparam("start", type_=Date())) & (_E.start_date >= bindparam("earliest", type_=Date())),
    "end": _E.start_date <= bindparam("end", type_=Date()),
    "ends_from": _E.end_date >= bindparam("ends_from", type_=Date()),
    "ends_by": _E.end_date <= bindparam("ends_by", type_=Date()),
    "body_id": _E.body_id == bindparam("body_id"),
    "holder_id": _D.holder_id == bindparam("holder_id"),
    "dossier_id": _E.dossier_id == bindparam("dossier_id"),
    "kind": _E.kind == bindparam("kind"),
    "planned": (_E.kind != "meeting") == bindparam("planned"),
    "has_say": _E.has_say == bindparam("has_say"),
    "shown": ((_E.status != "cancelled") | (_E.kind == "meeting")) == bindparam("shown"),
    "going_on": (_E.status != "cancelled") == bindparam("going_on"),
    "changed_since": _E.changed_at >= bindparam("changed_since", type_=_E.changed_at.type),
    "theme_id": _E.dossier_id.in_(select(_THEME.dossier_id).where(_THEME.theme_id == bindparam("theme_id"))),
    "area_ids": _E.dossier_id.in_(select(_AREA.dossier_id).where(_AREA.area_id.in_(bindparam("area_ids", expanding=True)))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which moments. Those whose period touches ``start`` to ``end``, or ends from ``ends_from`` to ``ends_by``; all days included.

    ``planned``: only planned moments, or only meetings. ``going_on``: whether it goes on, False gives what was called off or put off.
    ``shown``: what goes on, and meetings that were called off, so that nobody comes; a moment that was put off stands at its new place.
    ``area_ids`` are the area with all that lies in it.
    """

    start: date | None = None
    end: date | None = None
    ends_from: date | None = None
    ends_by: date | None = None
    theme_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    body_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    kind: str | None = None
    planned: bool | None = None
    has_say: bool | None = None
    going_on: bool | None = None
    shown: bool | None = None
    changed_since: Any = None
    text: str = ""


@lru_cache(maxsize=256)
def _statement(names: tuple[str, ...]) -> Select[Any]:
    return JOINED.where(*(_CONDITIONS[name] for name in names))


def list_entries(
    uow: UnitOfWork, filter: EntryFilter, request: PageRequest, *, order: str = "soonest", with_count: bool = True
) -> Page[Row[Any]]:
    """A page of the moments that everybody may know of; rows with ``COLUMNS``. At most three statements."""
    statement, values = _filtered(uow, filter)
    page = fetch_page(uow.session, statement, ORDERS[order], request, values, keep=not filter.text)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    count = Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values, keep=not filter.text)
    return Page(page.items, page.next, page.previous, count)


def first_entries(uow: UnitOfWork, filter: EntryFilter, limit: int, *, order: str = "ending") -> Sequence[Row[Any]]:
    """The first so many moments; rows with ``COLUMNS``. One statement, two with words to search."""
    statement, values = _filtered(uow, filter)
    return uow.session.execute(_first(statement, order), {**values, "most": limit}).all()


@lru_cache(maxsize=256)
def _first(statement: Select[Any], order: str) -> Select[Any]:
    return statement.order_by(*ORDERS[order].forward).limit(bindparam("most", type_=Integer()))


@dataclass(frozen=True, slots=True)
class Window:
    """The first so many moments whose period ends from ``start`` to ``end``, by that end; only those with a say where that is asked."""

    name: str
    start: date
    end: date
    most: int
    has_say: bool = False


def windows(uow: UnitOfWork, filter: EntryFilter, asked: tuple[Window, ...]) -> dict[str, list[Row[Any]]]:
    """Several stretches of time side by side; rows with ``COLUMNS``, by name of their window. One statement, two with words to search."""
    statement, values = _filtered(uow, filter)
    for at, window in enumerate(asked):
        values |= {f"from_{at}": window.start, f"to_{at}": window.end, f"most_{at}": window.most}
    found: dict[str, list[Row[Any]]] = {window.name: [] for window in asked}
    parts = tuple((window.name, window.has_say) for window in asked)
    uow.session.flush()
    for row in uow.session.connection().execute(_windows(statement, parts), values).all():
        found[row.window_name].append(row)
    return found


@lru_cache(maxsize=256)
def _windows(statement: Select[Any], parts: tuple[tuple[str, bool], ...]) -> Any:
    pieces = []
    for at, (name, has_say) in enumerate(parts):
        days = (_E.end_date >= bindparam(f"from_{at}", type_=Date())) & (_E.end_date <= bindparam(f"to_{at}", type_=Date()))
        piece = statement.add_columns(literal(name).label("window_name")).where(days)
        if has_say:
            piece = piece.where(_E.has_say)
        limited = piece.order_by(*ORDERS["ending"].forward).limit(bindparam(f"most_{at}", type_=Integer())).subquery()
        pieces.append(select(limited))
    together = union_all(*pieces).subquery()
    return select(together).order_by(together.c.end_date, together.c.subject_id)


def _filtered(uow: UnitOfWork, filter: EntryFilter) -> tuple[Select[Any], dict[str, Any]]:
    values = {name: value for name in _CONDITIONS if (value := getattr(filter, name)) is not None}
    statement = _statement(tuple(values))
    if filter.start is not None:
        values["earliest"] = filter.start - LONGEST
    if filter.text:
        statement = statement.where(_matching(uow, filter.text))
    return statement, values


def _matching(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Moments whose title or dossier holds every word, or that the search of the city finds. One statement."""
    words = [_E.title.icontains(word, autoescape=True) | _D.sort_title.contains(fold(word), autoescape=True) for word in text.split()]
    named = words[0] if words else _E.subject_id.is_(None)
    for word in words[1:]:
        named &= word
    query = parse_query(text)
    if query.is_empty:
        return named
    allowed = Subject.type.in_(("planning_item", "event")) & (Subject.state == "active") & Subject.public
    found = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, MOST_FOUND)]
    return or_(named, _E.subject_id.in_(found)) if found else named
