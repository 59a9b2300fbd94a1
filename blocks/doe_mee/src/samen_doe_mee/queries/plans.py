"""Lists of plans: for everybody, and for the desk."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from citycontent.api import Organization, Project
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page
from samen_doe_mee.models import Activity, Colleague, Idea, Plan, PlanDocument, PlanNews, Round
from samen_doe_mee.permissions import PLAN

P, R, A = Plan.__table__.c, Round.__table__.c, Activity.__table__.c
CARD = (
    *(P[name] for name in ("id", "slug", "state", "form", "level", "title", "summary", "area_id", "theme_id")),
    *(P[name] for name in ("opens_at", "closes_at", "published_at", "created_at")),
)
_NOW = bindparam("now", type_=P.opens_at.type)
SHOWN: ColumnElement[bool] = P.state.in_(("published", "finished"))
STANDING: dict[str, ColumnElement[bool]] = {
    "running": and_(P.state == "published", P.opens_at <= _NOW, P.closes_at > _NOW),
    "coming": and_(P.state == "published", P.opens_at > _NOW),
    "over": and_(SHOWN, or_(P.closes_at <= _NOW, P.state == "finished")),
}
"""Whether a plan runs, comes, or is over."""
ORDERS = {
    "running": Order("doe_mee.plans.running", SortKey(P.closes_at), SortKey(P.id)),
    "coming": Order("doe_mee.plans.coming", SortKey(P.opens_at), SortKey(P.id)),
    "over": Order("doe_mee.plans.over", SortKey(P.closes_at, descending=True), SortKey(P.id, descending=True)),
}
"""What ends first, what begins first, what ended last."""
DESK = Order("doe_mee.plans.desk", SortKey(P.created_at, descending=True), SortKey(P.id, descending=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    """Which plans; None filters nothing. ``mine``: those that this account works at. ``text``: words in the title."""

    standing: str | None = None
    states: tuple[str, ...] | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None
    level: str | None = None
    form: str | None = None
    project_id: uuid.UUID | None = None
    mine: uuid.UUID | None = None
    text: str = ""


def list_plans(uow: UnitOfWork, which: PlanFilter, page: PageRequest, *, with_count: bool = True) -> Page[Any]:
    """The plans that everybody may read. Two statements."""
    standing = which.standing or "running"
    statement = _narrow(select(*CARD).where(STANDING[standing]), which)
    return _page(uow, statement, ORDERS[standing], page, with_count=with_count)


def count_plans(uow: UnitOfWork, which: PlanFilter) -> dict[str, int]:
    """How many plans run, come and are over. One statement."""
    columns: list[ColumnElement[Any]] = [func.count().filter(condition).label(name) for name, condition in STANDING.items()]
    row = uow.session.execute(_narrow(select(*columns).select_from(P.id.table).where(SHOWN), which), {"now": uow.now}).one()
    return dict(row._mapping)


def list_desk_plans(uow: UnitOfWork, which: PlanFilter, page: PageRequest) -> Page[Any]:
    """The plans at which the actor may work or look, newest first. Two statements."""
    return _page(uow, _narrow(_desk(uow, select(*CARD)), which), DESK, page, with_count=True)


def has_desk_plans(uow: UnitOfWork) -> bool:
    """Whether there is a plan at which the actor may work. One statement."""
    return uow.session.execute(_desk(uow, select(P.id)).limit(1)).first() is not None


def _desk(uow: UnitOfWork, statement: Select[Any]) -> Select[Any]:
    actor = uow.actor
    if PLAN.allows(actor):
        return statement
    may = actor.scopes is None or PLAN.name in actor.scopes
    scopes = [grant.scope for grant in actor.grants if grant.role in PLAN.roles and grant.scope is not None] if may else []
    places = [column.in_(scopes) for column in (P.id, P.organization_id, P.area_id, P.project_id)] if scopes else []
    mine = select(Colleague.plan_id).where(Colleague.account_id == (actor.account_id if may else None))
    return statement.where(or_(P.id.in_(mine), *places))


def _narrow(statement: Select[Any], which: PlanFilter) -> Select[Any]:
    if which.states is not None:
        statement = statement.where(P.state.in_(which.states))
    if which.area_ids is not None:
        statement = statement.where(P.area_id.in_(which.area_ids))
    if which.theme_ids is not None:
        statement = statement.where(P.theme_id.in_(which.theme_ids))
    for name in ("level", "form", "project_id"):
        if (value := getattr(which, name)) is not None:
            statement = statement.where(P[name] == value)
    if which.mine is not None:
        statement = statement.where(P.id.in_(select(Colleague.plan_id).where(Colleague.account_id == which.mine)))
    for word in which.text.split()[:6]:
        statement = statement.where(func.lower(P.title).contains(word.lower(), autoescape=True))
    return statement


def _page(uow: UnitOfWork, statement: Select[Any], order: Order, page: PageRequest, *, with_count: bool) -> Page[Any]:
    values = {"now": uow.now}
    found = fetch_page(uow.session, statement, order, page, values)
    number: Count | None = count_up_to(uow.session, statement, values=values) if with_count else None
    return Page(found.items, found.next, found.previous, number)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plan is tied to, by names and addresses."""

    project_name: str
    project_slug: str
    organization_name: str | None
    organization_slug: str | None
    idea_title: str | None
    idea_slug: str | None


_PROJECT, _ORGANIZATION, _IDEA = Project.__table__.c, Organization.__table__.c, Idea.__table__.c


def with_surroundings(plans: Select[Any]) -> Select[Any]:
    """A statement of plans with the columns of :class:`Surroundings` after its own."""
    return (
        plans.add_columns(_PROJECT.name, _PROJECT.slug, _ORGANIZATION.name, _ORGANIZATION.slug, _IDEA.title, _IDEA.slug)
        .join(_PROJECT.id.table, _PROJECT.id == P.project_id)
        .outerjoin(_ORGANIZATION.id.table, _ORGANIZATION.id == P.organization_id)
        .outerjoin(_IDEA.id.table, and_(_IDEA.id == P.came_from_id, _IDEA.state.in_(("published", "merged"))))
    )


_SURROUNDINGS = with_surroundings(select(P.id).where(P.id == bindparam("plan_id")))


def surroundings(uow: UnitOfWork, plan: Plan) -> Surroundings:
    """The project, organisation and idea of a plan. One statement."""
    return Surroundings(*uow.session.execute(_SURROUNDINGS, {"plan_id": plan.id}).one()[1:])


def part_numbers(uow: UnitOfWork, plan_id: uuid.UUID) -> dict[str, int]:
    """How many rounds, activities, news and documents a plan has. One statement."""
    numbers = {
        "rounds": select(func.count()).where(Round.plan_id == plan_id, Round.removed_at.is_(None)),
        "activities": select(func.count()).where(Activity.plan_id == plan_id, Activity.removed_at.is_(None)),
        "people": select(func.coalesce(func.sum(Activity.taken_part), 0)).where(Activity.plan_id == plan_id),
        "news": select(func.count()).where(PlanNews.plan_id == plan_id, PlanNews.state == "published"),
        "documents": select(func.count()).where(PlanDocument.plan_id == plan_id, PlanDocument.removed_at.is_(None)),
        "colleagues": select(func.count()).where(Colleague.plan_id == plan_id),
    }
    row = uow.session.execute(select(*(query.scalar_subquery().label(name) for name, query in numbers.items()))).one()
    return {name: int(value) for name, value in row._mapping.items()}


def projects_like(uow: UnitOfWork, words: str, most: int = 20) -> Sequence[Any]:
    """Projects of the city whose name holds these words, by name. One statement."""
    project = Project.__table__.c
    statement = select(project.id, project.name, project.slug).where(project.state == "active")
    for word in words.split()[:6]:
        statement = statement.where(func.lower(project.name).contains(word.lower(), autoescape=True))
    return uow.session.execute(statement.order_by(project.sort_name, project.id).limit(most)).all()
