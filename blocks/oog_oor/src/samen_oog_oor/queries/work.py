"""The list of cases for who works at them: what it can be narrowed by, in which orders, and how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true, union_all

from citycontent.api import Organization
from samen_core.api import (
    ACCOUNT_NAMES,
    CITY_TIME_ZONE,
    Actor,
    Count,
    Order,
    Page,
    PageRequest,
    Permission,
    SortKey,
    UnitOfWork,
    count_up_to,
    fetch_page,
    having_words,
)
from samen_oog_oor.models import Case, Signal, Verdict
from samen_oog_oor.models.base import CLOSED, OPEN, VERY_LATE, WAITING
from samen_oog_oor.permissions import HANDLE, SEE_CONFIDENTIAL
from samen_oog_oor.working_days import today

AnyRow = Any
"""A row of a statement: its columns by name."""
C, _S = Case.__table__.c, Signal.__table__.c
Box = tuple[float, float, float, float]
"""South, west, north and east, in degrees."""

ORDERS = {
    "nieuwste": Order("newest", SortKey(C.reported_at, descending=True), SortKey(C.id, descending=True)),
    "oudste": Order("oldest", SortKey(C.reported_at), SortKey(C.id)),
    "beloofd": Order("promised", SortKey(C.promised_on), SortKey(C.id)),
    "gewijzigd": Order("changed", SortKey(C.changed_at, descending=True), SortKey(C.id, descending=True)),
}
"""The orders of the list, by their names in an address. By promised day only what has one is listed."""

CARD = (
    *(C.id, C.version, C.number, C.type, C.category_id, C.title, C.state, C.priority, C.confidential, C.organization_id, C.assignee_id),
    *(C.lat, C.lon, C.address, C.area_id, C.signals, C.supports, C.reported_at, C.changed_at, C.closed_at, C.promised_on, C.planned_on),
    *(C.publication, C.resolution, C.public_place),
)
_NAMES = (Organization.__table__.c.name.label("organization_name"), ACCOUNT_NAMES.c.name.label("assignee_name"))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases. None filters nothing; ``organization_id`` or ``assignee_id`` ``"none"`` is what nobody has.

    ``since`` and ``until`` are days of the city, both counted in; ``late`` is what should have been ready before today, ``very_late`` what
    its handlers were told is three times late. ``content``: of which a reporter said that they are, or are not.
    """

    states: frozenset[str] | None = None
    category_ids: tuple[uuid.UUID, ...] | None = None
    organization_id: uuid.UUID | str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    assignee_id: uuid.UUID | str | None = None
    priority: str | None = None
    type: str | None = None
    late: bool = False
    very_late: bool = False
    content: bool | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    box: Box | None = None


def within_reach(actor: Actor, permission: Permission = HANDLE) -> ColumnElement[bool]:
    """The condition for cases at which the actor may work: the same as ``services.common.may_work``, for lists."""
    return and_(_granted(actor, permission), or_(C.confidential.is_(False), _granted(actor, SEE_CONFIDENTIAL)))


def _granted(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    if permission.allows(actor):
        return true()
    if not permission.somewhere(actor):
        return false()
    scopes = sorted({grant.scope for grant in actor.grants if grant.role in permission.roles and grant.scope is not None})
    return or_(C.organization_id.in_(scopes), C.area_id.in_(scopes), C.id.in_(scopes))


def list_cases(
    uow: UnitOfWork, filter: CaseFilter, request: PageRequest, order: str = "nieuwste", *, with_count: bool = True
) -> Page[AnyRow]:
    """A page of cases with the names of who has them. Two statements, one without the count."""
    states = _wanted(filter)
    # What has a word is looked up by the word, whatever the order.
    each = (C.state, states) if order != "gewijzigd" and len(states) > 1 and not filter.text else None
    keep = not filter.text
    made = _made_once(uow, filter, order, apart=each is not None) if keep else _make(uow, filter, order, apart=False)
    page = fetch_page(uow.session, made[0], ORDERS[order], request, each=each, keep=keep)
    if not with_count:
        return page
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, made[1], keep=keep))


_Made = tuple[Select[Any], Select[Any]]
_made: dict[Any, _Made] = {}
MOST_MADE = 256


def _made_once(uow: UnitOfWork, filter: CaseFilter, order: str, *, apart: bool) -> _Made:
    """The statements of a page and of its count, built once for a choice of filters on one day by who may see the same."""
    actor = uow.actor
    sees = (actor.is_system, actor.scopes, tuple(sorted((grant.role, str(grant.scope or "")) for grant in actor.grants)))
    key = (sees, filter, order, today(uow), uow.session.connection().dialect.name)
    found = _made.get(key)
    if found is None:
        if len(_made) >= MOST_MADE:
            _made.clear()
        found = _made[key] = _make(uow, filter, order, apart=apart)
    return found


def _make(uow: UnitOfWork, filter: CaseFilter, order: str, *, apart: bool) -> _Made:
    """``apart``: the states are looked up one by one."""
    asked = replace(filter, states=None) if apart else filter
    walked = _named(_ordered(_statement(uow, asked, walk=order == "gewijzigd" or bool(filter.text)), order))
    return walked, _ordered(_statement(uow, filter), order)


def _ordered(statement: Select[Any], order: str) -> Select[Any]:
    return statement.where(C.promised_on.is_not(None)) if order == "beloofd" else statement


def _several(filter: CaseFilter) -> bool:
    return len(filter.states or ()) > 1


def _wanted(filter: CaseFilter) -> tuple[str, ...]:
    """The states that are asked for; none when that does not matter."""
    states = filter.states
    if filter.late or filter.very_late:
        states = (OPEN if states is None else states) & (OPEN - WAITING)
    return tuple(sorted(states or ()))


def count_cases(uow: UnitOfWork, filter: CaseFilter, cap: int = 1000) -> Count:
    """How many there are, counting no further than ``cap``."""
    return count_up_to(uow.session, _statement(uow, filter), cap)


def first_cases(uow: UnitOfWork, filter: CaseFilter, most: int) -> Sequence[AnyRow]:
    """The newest cases, at most this many, with names: for a table that is saved."""
    newest = ORDERS["nieuwste"]
    return uow.session.execute(_named(_statement(uow, filter, walk=_several(filter))).order_by(*newest.forward).limit(most)).all()


def placed_cases(uow: UnitOfWork, filter: CaseFilter, most: int) -> Sequence[AnyRow]:
    """The newest cases of which the place is known, at most this many: for the map."""
    newest = ORDERS["nieuwste"]
    placed = _statement(uow, filter, walk=_several(filter)).where(C.lat.is_not(None), C.lon.is_not(None))
    return uow.session.execute(placed.order_by(*newest.forward).limit(most)).all()


def chosen_cases(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> Sequence[AnyRow]:
    """These cases, as far as the actor may work at them, newest first."""
    newest = ORDERS["nieuwste"]
    return uow.session.execute(_named(_statement(uow, CaseFilter()).where(C.id.in_(list(ids)))).order_by(*newest.forward)).all()


def columns_of(uow: UnitOfWork, filter: CaseFilter, states: Sequence[str], most: int) -> dict[str, list[AnyRow]]:
    """The first cases of each state, what was promised first in front, at most ``most + 1`` of each. One statement."""
    parts = []
    for state in states:
        part = _statement(uow, filter).where(C.state == state).order_by(C.promised_on.asc().nulls_last(), C.id).limit(most + 1).subquery()
        names = Organization.__table__.c
        parts.append(
            select(*part.c, names.name.label("organization_name"), ACCOUNT_NAMES.c.name.label("assignee_name"))
            .outerjoin(names.id.table, names.id == part.c.organization_id)
            .outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == part.c.assignee_id)
        )
    found: dict[str, list[AnyRow]] = {state: [] for state in states}
    for row in uow.session.execute(union_all(*parts)):
        found[row.state].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.promised_on or date.max, row.id))
    return found


def _named(statement: Select[Any]) -> Select[Any]:
    organization = Organization.__table__
    return (
        statement.add_columns(*_NAMES)
        .outerjoin(organization, organization.c.id == C.organization_id)
        .outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == C.assignee_id)
    )


def _statement(uow: UnitOfWork, filter: CaseFilter, *, walk: bool = False) -> Select[Any]:
    """The cases of a filter. ``walk``: they are read in their order until there are enough, whatever states they are in."""
    return select(*CARD).where(C.merged_into_id.is_(None), within_reach(uow.actor), *_conditions(uow, filter, walk=walk))


def _conditions(uow: UnitOfWork, filter: CaseFilter, *, walk: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    hidden = _hidden(uow)
    state = hidden if walk else C.state
    for column, values in ((state, filter.states), (C.category_id, filter.category_ids), (C.area_id, filter.area_ids)):
        if values is not None:
            found.append(column.in_(sorted(values)))
    for column, value in ((C.organization_id, filter.organization_id), (C.assignee_id, filter.assignee_id)):
        if value is not None:
            found.append(column.is_(None) if value == "none" else column == value)
    for column, value in ((C.priority, filter.priority), (C.type, filter.type)):
        if value is not None:
            found.append(column == value)
    found += _lateness(filter, today(uow), hidden) + _period(filter)
    if filter.content is not None:
        found.append(exists().where(Verdict.case_id == C.id, Verdict.content.is_(filter.content)))
    if filter.text:
        found.append(_matching(uow, filter.text))
    if filter.box is not None:
        south, west, north, east = filter.box
        found += [C.lat.between(south, north), C.lon.between(west, east)]
    return found


def _hidden(uow: UnitOfWork) -> ColumnElement[str]:
    """The state, hidden from the planner of SQLite, which would look up all that are in these states and sort those.

    PostgreSQL knows how many there are, and chooses by itself.
    """
    return func.coalesce(C.state, "") if uow.session.connection().dialect.name == "sqlite" else C.state


def _lateness(filter: CaseFilter, today: date, state: ColumnElement[str]) -> list[ColumnElement[bool]]:
    if not (filter.late or filter.very_late):
        return []
    late = [C.promised_on < today, state.in_(sorted(OPEN - WAITING))]
    return [*late, C.late_told >= VERY_LATE] if filter.very_late else late


def _period(filter: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.since is not None:
        found.append(C.reported_at >= _start(filter.since))
    if filter.until is not None:
        found.append(C.reported_at < _start(filter.until + timedelta(days=1)))
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_TIME_ZONE)


def _matching(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Each word begins one in the title, the place, the public text or in what was reported; a number or code finds its own case.

    The words come from the search index, so that nothing is read through; the worker enters a new one there within seconds.
    """
    parts = []
    for word in text.split()[:8]:
        known = [
            select(C.id).where(C.number == word.upper()),
            select(_S.case_id).where(_S.code == word.upper()),
        ]
        having = having_words(uow, word)
        if having is not None:
            found = having.subquery()
            of_signal = select(_S.case_id).where(_S.id == found.c.subject_id).scalar_subquery()
            known.append(select(func.coalesce(of_signal, found.c.subject_id, type_=C.id.type)))
        parts.append(C.id.in_(union_all(*known)))
    return and_(*parts)


def is_late(state: str, promised_on: date | None, day: date) -> bool:
    """Whether a case should have been ready before ``day``. While it waits the clock stands still."""
    return promised_on is not None and promised_on < day and state not in CLOSED and state not in WAITING
