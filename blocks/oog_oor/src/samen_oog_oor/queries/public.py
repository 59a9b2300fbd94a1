"""What everybody may read of cases: those with a page, and those with a point on the map."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from citycontent.api import Organization
from samen_core.api import CITY_TIME_ZONE, Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page
from samen_oog_oor.models import Case, Merge, Route, Signal, Update
from samen_oog_oor.models.base import CLOSED, OPEN

AnyRow = Any
"""A row of a table, by the names of its columns."""
C = Case.__table__.c
_O = Organization.__table__.c
_OPEN, _CLOSED = tuple(sorted(OPEN)), tuple(sorted(CLOSED))

COUNTED: ColumnElement[bool] = and_(C.confidential.is_(False), C.merged_into_id.is_(None))
"""Cases that everybody may know the number of: the same as ``services.kinds`` says of one, for lists."""
READABLE: ColumnElement[bool] = and_(C.publication == "full", COUNTED)
"""Cases with a page for everybody."""
PLACED: ColumnElement[bool] = and_(C.publication.in_(("point", "full")), COUNTED)
"""Cases of which everybody may know the kind, the place and the day."""

POINT: tuple[Any, ...] = (C.public_lat.label("lat"), C.public_lon.label("lon"))
"""Where everybody may know that it is, as ``lat`` and ``lon``."""

NEWEST = Order("oog_oor.public.newest", SortKey(C.reported_at, descending=True), SortKey(C.id, descending=True))
CHANGED = Order("oog_oor.public.changed", SortKey(C.changed_at, descending=True), SortKey(C.id, descending=True))
ORDERS = {"": NEWEST, "gewijzigd": CHANGED}
"""By their names in an address."""
STANDING = {"open": _OPEN, "afgesloten": _CLOSED}
"""The two words that cover several states, by their names in an address."""
CARD: tuple[Any, ...] = (
    *(C[name] for name in ("id", "number", "type", "category_id", "title", "public_text", "state", "resolution", "answer")),
    C.public_place.label("address"),
    *(C[name] for name in ("organization_id", "area_id", "signals", "supports", "reported_at", "changed_at", "closed_at")),
    *(C[name] for name in ("planned_on", "promised_on")),
)
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "category_ids": C.category_id.in_(bindparam("category_ids", expanding=True)),
    "area_ids": C.area_id.in_(bindparam("area_ids", expanding=True)),
    "states": C.state.in_(bindparam("states", expanding=True)),
    # Hidden from the planner of SQLite, which would look up all that are in several states and sort those.
    "any_state": func.coalesce(C.state, "").in_(bindparam("states", expanding=True)),
    "organization_id": C.organization_id == bindparam("organization_id"),
    "since": C.reported_at >= bindparam("since", type_=C.reported_at.type),
    "until": C.reported_at < bindparam("until", type_=C.reported_at.type),
}
"""What a filter asks, by the names of its values."""
MOST_WORDS = 6
LEAST_HIDDEN = 5
"""Of what is only counted, smaller numbers in a neighbourhood are not told by category, state, organisation or short period."""
NARROW = timedelta(days=28)
HIDDEN: ColumnElement[bool] = C.publication == "count"
"""Cases of which everybody may know no more than how many there are in a neighbourhood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter:
    """Which cases; None filters nothing. ``since`` and ``until`` are days of the city, both counted in."""

    category_ids: tuple[uuid.UUID, ...] | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    states: tuple[str, ...] | None = None
    organization_id: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""

    def is_narrow(self, day: date) -> bool:
        """Whether so little is asked for that a small number would tell of one case: more than areas, and the last weeks."""
        short = self.until is not None or (self.since is not None and day - self.since < NARROW)
        return short or any(value is not None for value in (self.category_ids, self.states, self.organization_id))

    def values(self) -> dict[str, Any]:
        """The parameters of what is set, but for the words."""
        found: dict[str, Any] = {name: list(value) for name in ("category_ids", "area_ids", "states") if (value := getattr(self, name))}
        if self.organization_id is not None:
            found["organization_id"] = self.organization_id
        if self.since is not None:
            found["since"] = day_start(self.since)
        if self.until is not None:
            found["until"] = day_start(self.until + timedelta(days=1))
        return found


def day_start(day: date) -> datetime:
    """The moment at which a day begins in the city."""
    return datetime.combine(day, time(), CITY_TIME_ZONE)


def list_public(uow: UnitOfWork, filter: PublicFilter, request: PageRequest, order: str = "", *, with_count: bool = True) -> Page[AnyRow]:
    """A page of cases that everybody may read, with the name and slug of who they are at. At most two statements.

    Raises Invalid for a wrong cursor.
    """
    values = filter.values()
    several = tuple(sorted(filter.states or ())) if len(filter.states or ()) > 1 else ()
    each = (C.state, several) if several and not order else None
    statement, walked, keep = _listed(tuple(sorted(values))), _listed(_walked(values, several, order)), not filter.text
    if filter.text:
        statement, walked = statement.where(matching(filter.text)), walked.where(matching(filter.text))
    page = fetch_page(uow.session, walked, ORDERS[order], request, values, keep=keep, each=each)
    if not with_count:
        return page
    if not request.cursor and page.next is None:
        return Page(page.items, page.next, page.previous, Count(len(page.items)))
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement, values=values, keep=keep))


def _walked(values: Mapping[str, Any], several: Sequence[str], order: str) -> tuple[str, ...]:
    """The conditions of a page that is read in its order: of several states each is looked up by itself, where an index has that order."""
    names = values.keys() - {"states"} if several else set(values)
    return tuple(sorted(names | {"any_state"} if several and order else names))


@lru_cache(maxsize=128)
def _listed(names: tuple[str, ...]) -> Select[Any]:
    office = (_O.name.label("organization_name"), _O.slug.label("organization_slug"))
    found = select(*CARD, *office).outerjoin(_O.id.table, _O.id == C.organization_id)
    return found.where(READABLE, *(CONDITIONS[name] for name in names))


def matching(text: str) -> ColumnElement[bool]:
    """Every word stands in the title, the public text or the place; a number finds its own case."""
    words = text.split()[:MOST_WORDS]
    return and_(
        *(
            or_(C.number == word.upper(), *(column.icontains(word, autoescape=True) for column in (C.title, C.public_text, C.public_place)))
            for word in words
        )
    )


def _solved(in_areas: bool) -> Select[Any]:
    since = bindparam("since", type_=C.changed_at.type)
    found = select(*CARD, _O.name.label("organization_name")).outerjoin(_O.id.table, _O.id == C.organization_id)
    found = found.where(READABLE, C.state == "resolved", C.changed_at >= since, C.closed_at >= since)
    if in_areas:
        found = found.where(CONDITIONS["area_ids"])
    return found.order_by(C.changed_at.desc(), C.id.desc()).limit(bindparam("most"))


_SOLVED = {in_areas: _solved(in_areas) for in_areas in (False, True)}


def lately_solved(uow: UnitOfWork, area_ids: tuple[uuid.UUID, ...] | None, since: date, most: int) -> Sequence[AnyRow]:
    """What was solved last and everybody may read. One statement."""
    values: dict[str, Any] = {"since": day_start(since), "most": most}
    if area_ids is not None:
        values["area_ids"] = list(area_ids)
    return uow.session.connection().execute(_SOLVED[area_ids is not None], values).all()


def planned(uow: UnitOfWork, filter: PublicFilter, most: int) -> Sequence[AnyRow]:
    """The cases of which the work is planned and that everybody may read, the first day first, with who does it. One statement."""
    conditions = [CONDITIONS[name] for name in filter.values()]
    found = select(*CARD, *POINT, C.version, _O.name.label("organization_name")).outerjoin(_O.id.table, _O.id == C.organization_id)
    statement = found.where(READABLE, C.state == "planned", C.planned_on.is_not(None), *conditions)
    return uow.session.connection().execute(statement.order_by(C.planned_on, C.id).limit(most), filter.values()).all()


def places(uow: UnitOfWork, filter: PublicFilter, most: int) -> Sequence[AnyRow]:
    """The newest cases with a place that everybody may know, one more than ``most`` where there are more. One statement.

    Rows ``id number title category_id state reported_at lat lon publication``; the title is only for those with a page.
    """
    columns = (C.id, C.number, C.title, C.category_id, C.area_id, C.state, C.reported_at, *POINT, C.publication)
    conditions = [CONDITIONS[name] for name in filter.values()]
    found = select(*columns).where(PLACED, C.public_lat.is_not(None), C.public_lon.is_not(None), *conditions)
    statement = found.order_by(C.reported_at.desc(), C.id.desc()).limit(most + 1)
    return uow.session.connection().execute(statement, filter.values()).all()


_U = Update.__table__.c
_R = Route.__table__.c
_M = Merge.__table__.c
_TOLD = select(_U.at, _U.state, _U.text).where(_U.case_id == bindparam("case_id"), _U.public.is_(True)).order_by(_U.at, _U.id).limit(200)
_ROUTED = (
    select(_R.at, _R.why, _R.explanation, _R.organization_id).where(_R.case_id == bindparam("case_id")).order_by(_R.at.desc()).limit(1)
)
_OF_ORGANIZATION = select(_O.id, _O.name, _O.slug).where(_O.id == bindparam("id"), _O.state == "active")


def told(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """What everybody was told of a case, first to last, at most 200. One statement."""
    return uow.session.connection().execute(_TOLD, {"case_id": case_id}).all()


_OF_REPORTER = select(
    bindparam("case_id", type_=_U.case_id.type).label("case_id"), bindparam("since", type_=_U.at.type).label("since")
).cte("of_reporter", recursive=True)
"""The case that a signal came in on, those of which that became part, and since when they were about it."""
_OF_REPORTER = _OF_REPORTER.union_all(
    select(_M.into_id, _M.at).where(_M.from_id == _OF_REPORTER.c.case_id, _M.undone_at.is_(None)),
)
_TOLD_REPORTER = (
    select(_U.at, _U.state, _U.text)
    .join(_OF_REPORTER, _OF_REPORTER.c.case_id == _U.case_id)
    .where(or_(_U.public.is_(True), _U.at >= _OF_REPORTER.c.since))
    .order_by(_U.at, _U.id)
    .limit(200)
)


def told_to_reporter(uow: UnitOfWork, signal: Signal) -> Sequence[AnyRow]:
    """What the reporter of a signal may read, first to last, at most 200, also of a case that became part of another. One statement.

    Everybody can join a case that is on the map, so what was for its reporters alone before that stays theirs.
    """
    return uow.session.connection().execute(_TOLD_REPORTER, {"case_id": signal.first_case_id, "since": signal.at}).all()


def last_route(uow: UnitOfWork, case_id: uuid.UUID) -> AnyRow | None:
    """Why a case is at who it is at now. One statement."""
    return uow.session.connection().execute(_ROUTED, {"case_id": case_id}).one_or_none()


def organization(uow: UnitOfWork, id: uuid.UUID | None) -> AnyRow | None:
    """The ``id name slug`` of an organisation, or None. One statement."""
    return uow.session.connection().execute(_OF_ORGANIZATION, {"id": id}).one_or_none() if id is not None else None


def organizations_with_cases(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The ``id name slug`` of every organisation that a readable case is at, by name. One statement."""
    at = select(C.organization_id).where(READABLE, C.organization_id == _O.id).exists()
    return uow.session.connection().execute(select(_O.id, _O.name, _O.slug).where(_O.state == "active", at).order_by(_O.name)).all()


_STAMP = select(
    select(func.max(C.changed_at)).scalar_subquery().label("changed_at"),
    select(func.max(_U.at)).where(_U.public.is_(True)).scalar_subquery().label("told_at"),
)


def stamp(uow: UnitOfWork) -> tuple[datetime | None, datetime | None]:
    """When a case changed last, also one that nobody may read any more, and when something was told last. One statement of two seeks."""
    row = uow.session.connection().execute(_STAMP).one()
    return row.changed_at, row.told_at


_NAMED = select(_O.id, _O.name, _O.slug).where(_O.id.in_(bindparam("ids", expanding=True)), _O.state == "active")


def organizations_named(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> Sequence[AnyRow]:
    """The ``id name slug`` of these organisations. One statement; none for no ids."""
    wanted = list(ids)
    return uow.session.connection().execute(_NAMED, {"ids": wanted}).all() if wanted else []
