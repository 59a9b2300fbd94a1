"""What the front page shows: what one can do now, ideas, meetings that come, and what was done with what people said."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select

from citycontent.api import Event
from samen_core.api import CITY_TIME_ZONE, UnitOfWork
from samen_doe_mee.models import ENDED_STATUSES, Activity, Idea, Meeting, Plan, Round

AnyRow = Any
"""A row, by the names of its columns."""
IDEA, P, A, R = Idea.__table__.c, Plan.__table__.c, Activity.__table__.c, Round.__table__.c
M, E = Meeting.__table__.c, Event.__table__.c
# Written out, not bound: an index over a part of a table is only used for the condition that it was made with.
PUBLISHED: ColumnElement[bool] = IDEA.state == literal_column("'published'")
SHOWN_PLAN: ColumnElement[bool] = P.state.in_((literal_column("'published'"), literal_column("'finished'")))
HELD = ("tentative", "confirmed", "rescheduled")
"""The statuses of events that are going to be held."""

RUNNING_IDEA: ColumnElement[bool] = and_(
    IDEA.status.not_in(ENDED_STATUSES),
    or_(
        IDEA.status != "received",
        IDEA.reached_at.is_not(None),
        IDEA.needed.is_(None),
        IDEA.ends_on.is_(None),
        IDEA.ends_on >= bindparam("today", type_=IDEA.ends_on.type),
    ),
)
"""Ideas that are still going on: one that was only received ends on its last day, unless it has the support that it needs."""

ABOUT: dict[str, ColumnElement[bool]] = {
    "area": P.area_id.in_(bindparam("ids", expanding=True)),
    "theme": P.theme_id.in_(bindparam("ids", expanding=True)),
    "project": P.project_id.in_(bindparam("ids", expanding=True)),
    "organization": P.organization_id.in_(bindparam("ids", expanding=True)),
}
"""What a plan is about, by the type of the thing."""
IDEAS_ABOUT: dict[str, ColumnElement[bool]] = {
    "area": IDEA.area_id.in_(bindparam("ids", expanding=True)),
    "theme": IDEA.theme_id.in_(bindparam("ids", expanding=True)),
    "project": IDEA.project_id.in_(bindparam("ids", expanding=True)),
    "organization": IDEA.on_behalf_of_id.in_(bindparam("ids", expanding=True)),
}
"""What an idea is about, or which organisation proposed it."""
IDEA_CARD = (
    *(IDEA[name] for name in ("id", "slug", "number", "kind", "title", "text", "status", "area_id", "theme_id", "whole_city", "needed")),
    *(IDEA[name] for name in ("ends_on", "reached_at", "all_supports", "published_at")),
)
ACTIVITY_CARD = (
    *(A[name] for name in ("id", "slug", "type", "title", "intro", "minutes", "opens_at", "closes_at", "taken_part")),
    P.title.label("plan_title"),
    P.slug.label("plan_slug"),
    P.area_id,
    P.theme_id,
)


def city_today(uow: UnitOfWork) -> date:
    """The day in the city."""
    return uow.now.astimezone(CITY_TIME_ZONE).date()


def open_activities(
    uow: UnitOfWork, most: int, kind: str = "", ids: Iterable[uuid.UUID] = (), *, without: tuple[str, ...] = ()
) -> Sequence[AnyRow]:
    """What one can take part in now, the first that closes in front; with ``kind`` of plans about these things. One statement.

    ``without`` are the codes of types in which nobody takes part here.
    """
    return _rows(uow, _open_activities(kind, without), ids if kind else None, most=most, now=uow.now)


@lru_cache(maxsize=8)
def _open_activities(kind: str, without: tuple[str, ...]) -> Select[Any]:
    now = bindparam("now", type_=A.closes_at.type)
    found = select(*ACTIVITY_CARD).join(P.id.table, P.id == A.plan_id)
    found = found.where(P.state == "published", A.removed_at.is_(None), A.closes_at > now, A.opens_at <= now)
    if without:
        found = found.where(A.type.not_in(without))
    if kind:
        found = found.where(ABOUT[kind])
    return found.order_by(A.closes_at, A.id).limit(bindparam("most"))


def plans_about(uow: UnitOfWork, kind: str, ids: Iterable[uuid.UUID], most: int) -> Sequence[AnyRow]:
    """The plans about these things, the newest first. One statement."""
    return _rows(uow, _plans_about(kind), ids, most=most)


@lru_cache(maxsize=8)
def _plans_about(kind: str) -> Select[Any]:
    columns = (P.id, P.slug, P.title, P.summary, P.state, P.area_id, P.theme_id, P.opens_at, P.closes_at, P.published_at)
    found = select(*columns).where(SHOWN_PLAN, ABOUT[kind])
    return found.order_by(P.published_at.desc(), P.id.desc()).limit(bindparam("most"))


def new_ideas(uow: UnitOfWork, most: int) -> Sequence[AnyRow]:
    """The newest ideas. One statement."""
    return _rows(uow, _NEW, None, most=most)


def most_supported(uow: UnitOfWork, most: int) -> Sequence[AnyRow]:
    """The ideas with most support, of those that still go on. One statement."""
    return _rows(uow, _SUPPORTED, None, most=most, today=city_today(uow))


_IDEAS = select(*IDEA_CARD).where(PUBLISHED)
_NEW = _IDEAS.order_by(IDEA.published_at.desc(), IDEA.id.desc()).limit(bindparam("most"))
_SUPPORTED = _IDEAS.where(IDEA.all_supports > 0, RUNNING_IDEA).order_by(IDEA.all_supports.desc(), IDEA.id.desc()).limit(bindparam("most"))


def ideas_about(uow: UnitOfWork, kind: str, ids: Iterable[uuid.UUID], most: int) -> Sequence[AnyRow]:
    """The newest ideas about these things. One statement."""
    return _rows(uow, _ideas_about(kind), ids, most=most)


@lru_cache(maxsize=8)
def _ideas_about(kind: str) -> Select[Any]:
    return _IDEAS.where(IDEAS_ABOUT[kind]).order_by(IDEA.published_at.desc(), IDEA.id.desc()).limit(bindparam("most"))


def coming_meetings(uow: UnitOfWork, most: int) -> Sequence[AnyRow]:
    """The first meetings to come, with their plan. One statement."""
    return _rows(uow, _MEETINGS, None, most=most, now=uow.now)


_MEETINGS = (
    select(
        *(E[name] for name in ("id", "name", "start_date", "end_date", "all_day", "location", "area_id", "status")),
        *(M[name] for name in ("registration", "places", "taken", "register_until")),
        P.title.label("plan_title"),
    )
    .join(M.id.table, M.id == E.id)
    .join(P.id.table, P.id == M.plan_id)
    .where(E.state == "active", E.status.in_(HELD), E.start_date >= bindparam("now", type_=E.start_date.type), SHOWN_PLAN)
    .order_by(E.start_date, E.id)
    .limit(bindparam("most"))
)


def latest_done(uow: UnitOfWork, most: int, kind: str = "", ids: Iterable[uuid.UUID] = ()) -> Sequence[AnyRow]:
    """The rounds whose result was published last, with their plan. One statement."""
    return _rows(uow, _done(kind), ids if kind else None, most=most)


@lru_cache(maxsize=8)
def _done(kind: str) -> Select[Any]:
    columns = (R.id, R.slug, R.title, R.heard, R.done, R.closed_at, P.title.label("plan_title"), P.slug.label("plan_slug"), P.area_id)
    found = select(*columns).join(P.id.table, P.id == R.plan_id).where(R.closed_at.is_not(None), SHOWN_PLAN)
    if kind:
        found = found.where(ABOUT[kind])
    return found.order_by(R.closed_at.desc(), R.id.desc()).limit(bindparam("most"))


def _rows(uow: UnitOfWork, statement: Select[Any], ids: Iterable[uuid.UUID] | None, **values: Any) -> Sequence[AnyRow]:
    parameters = values if ids is None else {**values, "ids": list(ids)}
    uow.session.flush()
    return uow.session.connection().execute(statement, parameters).all()
