"""The list of ideas for who handles them: what it can be narrowed by, in which orders, and how many there are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from citycontent.api import Organization
from samen_core.api import ACCOUNT_NAMES, Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page
from samen_doe_mee.models import ENDED_STATUSES, Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.queries.ideas import matching

AnyRow = Any
_I = Idea.__table__.c
_O = Organization.__table__.c
_U = ACCOUNT_NAMES.c
STATES = ("published", "hidden", "withdrawn", "merged", "unconfirmed")
_DUE = func.coalesce(_I.answer_by, _I.decide_by, date(9999, 12, 31))
NEWEST = Order("doe_mee.desk_ideas.newest", SortKey(_I.created_at, descending=True), SortKey(_I.id, descending=True))
OLDEST = Order("doe_mee.desk_ideas.oldest", SortKey(_I.created_at), SortKey(_I.id))
SUPPORTED = Order("doe_mee.desk_ideas.supported", SortKey(_I.all_supports, descending=True), SortKey(_I.id, descending=True))
DUE = Order("doe_mee.desk_ideas.due", SortKey(_DUE.label("due")), SortKey(_I.id))
ORDERS = {"nieuwste": NEWEST, "oudste": OLDEST, "steun": SUPPORTED, "termijn": DUE}
"""By their names in an address."""
WAITS = ("received", "in_conversation")
"""The statuses in which an answer or a decision is still to come."""
_COLUMNS = (
    *(_I[name] for name in ("id", "version", "number", "slug", "kind", "state", "status", "title", "text", "place", "whole_city")),
    *(_I[name] for name in ("area_id", "theme_id", "needed", "ends_on", "reached_at", "all_supports", "answer_by", "decide_by")),
    *(_I[name] for name in ("created_at", "owner_id", "owner_organization_id")),
    _DUE.label("due"),
    _U.name.label("owner_name"),
    _O.name.label("organization_name"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFilter:
    """Which ideas; None and "" filter nothing. ``owner_id`` "none" is nobody's. Without ``states`` those that are published."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    states: tuple[str, ...] = ("published",)
    kind: str | None = None
    owner_id: uuid.UUID | str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None
    late: bool = False
    reached: bool = False


def list_desk(uow: UnitOfWork, filter: DeskFilter, day: date, request: PageRequest, order: str) -> Page[AnyRow]:
    """A page of ideas that the actor handles, with who has each, and how many there are. Two statements. Raises Invalid."""
    statement = _narrowed(uow, filter, day)
    page = fetch_page(uow.session, statement, ORDERS[order], request)
    if not request.cursor and page.next is None:
        return Page(page.items, page.next, page.previous, Count(len(page.items)))
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement))


def count_desk(uow: UnitOfWork, filter: DeskFilter, day: date, cap: int) -> Count:
    """How many ideas that the actor handles there are, counting no further than the cap. One statement."""
    return count_up_to(uow.session, _narrowed(uow, filter, day), cap)


def is_late(row: Any, day: date) -> bool:
    """Whether an answer or a decision should have been there."""
    by_day = row.answer_by is not None and row.answer_by < day and row.status == "received"
    return by_day or (row.decide_by is not None and row.decide_by < day and row.status in WAITS)


def _narrowed(uow: UnitOfWork, filter: DeskFilter, day: date) -> Select[Any]:
    found = select(*_COLUMNS).outerjoin(_U.id.table, _U.id == _I.owner_id).outerjoin(_O.id.table, _O.id == _I.owner_organization_id)
    return found.where(_mine(uow), *_conditions(filter, day))


def _mine(uow: UnitOfWork) -> ColumnElement[bool]:
    """Those that the actor may handle: by a right in the city, or on the idea, its area, organisation or project."""
    actor = uow.actor
    if HANDLE_IDEAS.allows(actor):
        return _I.id.is_not(None)
    may = actor.scopes is None or HANDLE_IDEAS.name in actor.scopes
    scopes = [grant.scope for grant in actor.grants if grant.role in HANDLE_IDEAS.roles and grant.scope is not None] if may else []
    return or_(*(column.in_(scopes) for column in (_I.id, _I.area_id, _I.owner_organization_id, _I.project_id)))


def _conditions(filter: DeskFilter, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_I.state.in_(filter.states)] if filter.states else []
    if filter.statuses:
        found.append(_I.status.in_(filter.statuses))
    if filter.kind is not None:
        found.append(_I.kind == filter.kind)
    if filter.owner_id is not None:
        found.append(_I.owner_id.is_(None) if filter.owner_id == "none" else _I.owner_id == filter.owner_id)
    if filter.area_ids is not None:
        found.append(_I.area_id.in_(filter.area_ids))
    if filter.theme_ids is not None:
        found.append(_I.theme_id.in_(filter.theme_ids))
    if filter.reached:
        found.append(and_(_I.reached_at.is_not(None), _I.status.not_in(ENDED_STATUSES)))
    if filter.late:
        found.append(or_(and_(_I.answer_by < day, _I.status == "received"), and_(_I.decide_by < day, _I.status.in_(WAITS))))
    if filter.text:
        found.append(matching(filter.text))
    return found
