"""What feeds and calendars tell: new ideas, new plans, published results, meetings that come; each of an area or theme, newest first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_doe_mee.queries.overview import HELD, IDEA, PUBLISHED, SHOWN_PLAN, A, AnyRow, E, M, P, R


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFilter:
    """Of which areas and themes; None is of all."""

    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Which of the two are asked."""
        return tuple(name for name in ("area_ids", "theme_ids") if getattr(self, name) is not None)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters."""
        return {name: list(getattr(self, name)) for name in self.names}


_ORDERS = {
    "ideas": Order("doe_mee.feed.ideas", SortKey(IDEA.published_at, descending=True), SortKey(IDEA.id, descending=True)),
    "plans": Order("doe_mee.feed.plans", SortKey(P.published_at, descending=True), SortKey(P.id, descending=True)),
    "done": Order("doe_mee.feed.done", SortKey(R.closed_at, descending=True), SortKey(R.id, descending=True)),
}


def feed_page(uow: UnitOfWork, name: str, filter: FeedFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of ``ideas``, ``plans`` or ``done``. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, _statement(name, filter.names), _ORDERS[name], request, filter.values, keep=True)


def calendar_meetings(uow: UnitOfWork, filter: FeedFilter, most: int) -> Sequence[AnyRow]:
    """The meetings that come, the first in front; those that were called off too, so that calendars take them away. One statement."""
    statement = _meetings(filter.names)
    values = {**filter.values, "now": uow.now, "most": most, "statuses": [*HELD, "cancelled"]}
    return uow.session.connection().execute(statement, values).all()


@lru_cache(maxsize=16)
def _statement(name: str, names: tuple[str, ...]) -> Select[Any]:
    found = {"ideas": _ideas, "plans": _plans, "done": _done}[name]()
    column = {"area_ids": IDEA.area_id, "theme_ids": IDEA.theme_id} if name == "ideas" else {"area_ids": P.area_id, "theme_ids": P.theme_id}
    return found.where(*(column[asked].in_(bindparam(asked, expanding=True)) for asked in names))


def _ideas() -> Select[Any]:
    columns = (IDEA.id, IDEA.slug, IDEA.title, IDEA.text, IDEA.status, IDEA.status_text, IDEA.area_id, IDEA.theme_id)
    return select(*columns, IDEA.published_at, IDEA.edited_at, IDEA.status_at).where(PUBLISHED)


def _plans() -> Select[Any]:
    return select(P.id, P.slug, P.title, P.summary, P.state, P.area_id, P.theme_id, P.published_at, P.finished_at).where(SHOWN_PLAN)


def _done() -> Select[Any]:
    columns = (R.id, R.slug, R.title, R.heard, R.done, R.closed_at, P.title.label("plan_title"), P.slug.label("plan_slug"))
    found = select(*columns, P.area_id, P.theme_id).join(P.id.table, P.id == R.plan_id)
    return found.where(R.closed_at.is_not(None), SHOWN_PLAN)


@lru_cache(maxsize=16)
def _meetings(names: tuple[str, ...]) -> Select[Any]:
    conditions = {
        "area_ids": (E.area_id.in_(bindparam("area_ids", expanding=True)) | P.area_id.in_(bindparam("area_ids", expanding=True))),
        "theme_ids": P.theme_id.in_(bindparam("theme_ids", expanding=True)),
    }
    columns = (E.id, E.name, E.summary, E.start_date, E.end_date, E.all_day, E.location, E.status, E.sequence, E.ical_uid, E.updated_at)
    found = select(*columns, P.title.label("plan_title")).join(M.id.table, M.id == E.id).join(P.id.table, P.id == M.plan_id)
    found = found.where(E.state == "active", E.status.in_(bindparam("statuses", expanding=True)), SHOWN_PLAN)
    found = found.where(E.start_date >= bindparam("now", type_=E.start_date.type), *(conditions[name] for name in names))
    return found.order_by(E.start_date, E.id).limit(bindparam("most"))


_MOST_CLOSING = 1_000


def closing_activities(uow: UnitOfWork, filter: FeedFilter) -> Sequence[AnyRow]:
    """The activities that are open or still to come, the first that closes in front: their last days. One statement."""
    column = {"area_ids": P.area_id, "theme_ids": P.theme_id}
    found = select(A.id, A.slug, A.title, A.intro, A.closes_at, A.version, A.created_at, P.title.label("plan_title"))
    found = found.join(P.id.table, P.id == A.plan_id).where(P.state == "published", A.removed_at.is_(None), A.closes_at > uow.now)
    found = found.where(*(column[name].in_(bindparam(name, expanding=True)) for name in filter.names))
    return uow.session.connection().execute(found.order_by(A.closes_at, A.id).limit(_MOST_CLOSING), filter.values).all()
