"""Activities: lists, and the facts of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal, or_, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, UTCDateTime, count_up_to, fetch_page
from samen_inbreng.models import Activity, Tally

STATES = ("open", "planned", "closed")
_T = Activity.__table__.c
_NOW = bindparam("now", type_=UTCDateTime())
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
UNTIL: ColumnElement[datetime] = func.coalesce(_T.closed_at, _T.closes_at, literal(NEVER, UTCDateTime())).label("until")
FACTS = (
    _T.id,
    _T.version,
    _T.subject_id,
    _T.slug,
    _T.page,
    _T.page_of,
    _T.kind,
    _T.title,
    _T.intro,
    _T.opens_at,
    _T.closes_at,
    _T.closed_at,
    _T.access,
    _T.asks_text,
    _T.allows_replies,
    _T.allows_support,
    _T.area_id,
    _T.created_at,
)
"""The columns of a list."""

ORDERS = {
    "soonest": Order("inbreng.soonest", SortKey(UNTIL), SortKey(_T.id)),
    "newest": Order("inbreng.newest", SortKey(_T.opens_at, descending=True), SortKey(_T.id, descending=True)),
}
_OVER = or_(_T.closed_at.is_not(None), _T.closes_at <= _NOW)
_IN_STATE: dict[str, ColumnElement[bool]] = {
    "closed": _OVER,
    "planned": and_(_T.opens_at > _NOW, _T.closed_at.is_(None), or_(_T.closes_at.is_(None), _T.closes_at > _NOW)),
    "open": and_(_T.opens_at <= _NOW, _T.closed_at.is_(None), or_(_T.closes_at.is_(None), _T.closes_at > _NOW)),
}
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "subject_id": _T.subject_id == bindparam("subject_id"),
    "area_ids": _T.area_id.in_(bindparam("area_ids", expanding=True)),
    "listed": _T.listed == bindparam("listed"),
    "own_page": _T.page == bindparam("own_page"),
    "word": func.lower(_T.title).contains(bindparam("word"), autoescape=False),
}
_TOTALS = select(Tally.activity_id, Tally.number).where(
    Tally.activity_id.in_(bindparam("ids", expanding=True)), Tally.dimension == "total", Tally.value == ""
)
_BY_ID = select(*_T).where(_T.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities. ``own_page``: only those on a page of inbreng, not those that another block asks on a page of its own."""

    state: str | None = None
    subject_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    text: str = ""
    own_page: bool = False


@lru_cache(maxsize=64)
def _statement(state: str | None, names: tuple[str, ...]) -> Select[Any]:
    conditions = [_CONDITIONS[name] for name in names]
    if state is not None:
        conditions.append(_IN_STATE[state])
    return select(*FACTS, UNTIL).where(*conditions)


def list_activities(
    uow: UnitOfWork, filter: ActivityFilter, request: PageRequest, *, order: str = "newest", with_count: bool = True
) -> Page[Row[Any]]:
    """A page of activities; rows with :data:`FACTS` and ``until``. One statement, or two with the count."""
    values: dict[str, Any] = {name: value for name in ("subject_id", "area_ids") if (value := getattr(filter, name)) is not None}
    if filter.subject_id is None:
        values["listed"] = True
    if filter.own_page:
        values["own_page"] = ""
    if filter.text:
        values["word"] = filter.text.lower().replace("%", "").replace("_", "")
    statement = _statement(filter.state, tuple(values))
    if filter.state is not None:
        values["now"] = uow.now
    page = fetch_page(uow.session, statement, ORDERS[order], request, values, keep=True)
    if not with_count:
        return page
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement, values=values))


def totals(uow: UnitOfWork, activity_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many contributions each of these activities has; one without any is not in it. One statement."""
    if not activity_ids:
        return {}
    return {row.activity_id: row.number for row in uow.session.execute(_TOTALS, {"ids": list(activity_ids)})}


def tallies(uow: UnitOfWork, activity_id: uuid.UUID) -> dict[str, dict[str, int]]:
    """The counters of one activity, by dimension and value. One statement."""
    found: dict[str, dict[str, int]] = {}
    for row in uow.session.execute(select(Tally.dimension, Tally.value, Tally.number).where(Tally.activity_id == activity_id)):
        found.setdefault(row.dimension, {})[row.value] = row.number
    return found


def activity_by_id(uow: UnitOfWork, id: uuid.UUID) -> Row[Any] | None:
    """Every column of an activity."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()
