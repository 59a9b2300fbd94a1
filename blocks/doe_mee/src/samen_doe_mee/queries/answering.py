"""The work list of answers: every contribution on plans without an answer that the actor may give, oldest first.

What residents say to each other about an idea waits for no answer of the municipality, which answers the idea itself. It can be listed, and
is on the list once somebody was asked to answer it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select, true

from samen_core.api import (
    ACCOUNT_NAMES,
    CITY_TIME_ZONE,
    Count,
    Order,
    Page,
    PageRequest,
    SortKey,
    Subject,
    UnitOfWork,
    count_up_to,
    fetch_page,
)
from samen_doe_mee.models import Activity, Colleague, Duty, Idea, Paragraph, Plan, Remark
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.settings import ANSWER_DAYS, number
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import Contribution, ThemedContribution

ANSWERERS = ("lead", "editor", "answerer")
"""The roles of colleagues at a plan who may write answers and result texts."""
NOBODY = "none"
ORDER = Order("doe_mee.answers", SortKey(Contribution.at), SortKey(Contribution.id))
_NAME = ACCOUNT_NAMES.c
COLUMNS = (
    Contribution.id,
    Contribution.number,
    Contribution.activity_id.label("talk_id"),
    Contribution.subject_id,
    Contribution.text,
    Contribution.answers,
    Contribution.author_name,
    Contribution.sector,
    Contribution.channel,
    Contribution.area_id,
    Contribution.received_on,
    Contribution.at,
    Contribution.supports,
    Contribution.answered,
    Talk.slug.label("talk_slug"),
    Talk.form,
    Activity.id.label("activity_id"),
    Activity.slug.label("activity_slug"),
    func.coalesce(Activity.title, Idea.title).label("title"),
    Plan.id.label("plan_id"),
    Plan.title.label("plan_title"),
    Plan.slug.label("plan_slug"),
    Idea.id.label("idea_id"),
    Idea.slug.label("idea_slug"),
    Paragraph.heading.label("paragraph"),
    Paragraph.position.label("paragraph_position"),
    Duty.owner_id,
    Duty.due_on,
    _NAME.name.label("owner_name"),
    Subject.title.label("organization"),
)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which contributions. ``owner`` is an account or :data:`NOBODY`; ``written`` those with an answer, instead of those without;
    ``ideas`` those on ideas alone, also when nobody was asked to answer them.
    """

    plan_id: uuid.UUID | None = None
    idea_id: uuid.UUID | None = None
    activity_id: uuid.UUID | None = None
    paragraph_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    owner: uuid.UUID | str | None = None
    late: bool = False
    text: str = ""
    written: bool | None = False
    ideas: bool = False


def work_page(uow: UnitOfWork, filter: WorkFilter, request: PageRequest) -> Page[Row[Any]]:
    """A page of the work list with its count (exact to 1,000). Two statements at most."""
    statement = narrowed(uow, _rows(), filter)
    page = fetch_page(uow.session, statement, ORDER, request)
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def work_by_id(uow: UnitOfWork, ids: Collection[uuid.UUID]) -> list[Row[Any]]:
    """Of these contributions those that the actor may answer, whether answered or not, oldest first. One statement."""
    if not ids:
        return []
    statement = narrowed(uow, _rows(), WorkFilter(written=None)).where(Contribution.id.in_(list(ids)))
    return list(uow.session.execute(statement.order_by(*ORDER.forward)).all())


def found_ids(uow: UnitOfWork, filter: WorkFilter, limit: int) -> list[uuid.UUID]:
    """The contributions that a filter finds, oldest first. One statement."""
    statement = narrowed(uow, _from(select(Contribution.id)), filter)
    return list(uow.session.execute(statement.order_by(*ORDER.forward).limit(limit)).scalars())


def batch_after(uow: UnitOfWork, filter: WorkFilter, last: Row[Any] | None, limit: int) -> list[Row[Any]]:
    """The next rows of the whole list, for a file. One statement."""
    statement = narrowed(uow, _rows(), filter)
    values: dict[str, Any] = {}
    if last is not None:
        statement = statement.where(ORDER.beyond("next"))
        values = {f"page_key_{index}": value for index, value in enumerate(ORDER.values(last))}
    return list(uow.session.execute(statement.order_by(*ORDER.forward).limit(limit), values).all())


def count_work(uow: UnitOfWork, filter: WorkFilter, cap: int = 99) -> Count:
    """How many contributions a filter finds, counted no further than ``cap``. One statement."""
    return count_up_to(uow.session, narrowed(uow, _from(select(Contribution.id)), filter), cap)


def may_answer_condition(uow: UnitOfWork) -> ColumnElement[bool]:
    """What a row of the work list must be for the actor to answer it: a plan or idea where they hold the right or a role."""
    actor = uow.actor
    if ANSWER.allows(actor):
        return true()
    if actor.scopes is not None and ANSWER.name not in actor.scopes:
        return false()
    own = [grant.scope for grant in actor.grants if grant.role in ANSWER.roles and grant.scope is not None]
    conditions: list[ColumnElement[bool]] = [
        Plan.id.in_(own),
        Plan.organization_id.in_(own),
        Plan.area_id.in_(own),
        Plan.project_id.in_(own),
        Idea.id.in_(own),
        Idea.area_id.in_(own),
        Idea.owner_organization_id.in_(own),
    ]
    if actor.account_id is not None:
        mine = select(Colleague.plan_id).where(Colleague.account_id == actor.account_id, Colleague.role.in_(ANSWERERS))
        conditions += [Plan.id.in_(mine), Idea.owner_id == actor.account_id]
    return or_(*conditions)


def due_day(uow: UnitOfWork, row: Any) -> date | None:
    """By when a contribution must be answered: the day that was set, else so many days after it came as the city promises for plans."""
    if row.due_on is not None:
        day: date = row.due_on
        return day
    return default_due(uow, row.at) if row.idea_id is None else None


def default_due(uow: UnitOfWork, at: datetime) -> date:
    """The last day for an answer to what came in at a moment, where nobody set another."""
    return at.astimezone(CITY_TIME_ZONE).date() + timedelta(days=number(uow, ANSWER_DAYS))


def work_plans(uow: UnitOfWork) -> list[Row[Any]]:
    """The plans with contributions that the actor may answer: id, slug, title, for a filter. One statement."""
    statement: Any = (
        select(Plan.id, Plan.slug, Plan.title)
        .distinct()
        .select_from(Plan)
        .join(Activity, Activity.plan_id == Plan.id)
        .outerjoin(Idea, false())
        .where(Activity.talk_id.is_not(None), Activity.removed_at.is_(None), may_answer_condition(uow))
        .order_by(Plan.title, Plan.id)
        .limit(200)
    )
    return list(uow.session.execute(statement).all())


def work_activities(uow: UnitOfWork, plan_id: uuid.UUID) -> list[Row[Any]]:
    """The activities of a plan that collect contributions: id, slug, title. One statement."""
    statement: Any = (
        select(Activity.id, Activity.slug, Activity.title)
        .where(Activity.plan_id == plan_id, Activity.talk_id.is_not(None), Activity.removed_at.is_(None))
        .order_by(Activity.position, Activity.id)
    )
    return list(uow.session.execute(statement).all())


def work_paragraphs(uow: UnitOfWork, activity_id: uuid.UUID) -> list[Row[Any]]:
    """The paragraphs of the text of an activity: id, position, heading. One statement."""
    statement: Any = (
        select(Paragraph.id, Paragraph.position, Paragraph.heading)
        .where(Paragraph.activity_id == activity_id, Paragraph.removed_at.is_(None))
        .order_by(Paragraph.position)
    )
    return list(uow.session.execute(statement).all())


def _from(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Contribution)
        .join(Talk, Talk.id == Contribution.activity_id)
        .outerjoin(Activity, Activity.talk_id == Talk.id)
        .outerjoin(Plan, Plan.id == Activity.plan_id)
        .outerjoin(Idea, Idea.talk_id == Talk.id)
        .outerjoin(Duty, Duty.contribution_id == Contribution.id)
        .outerjoin(Remark, Remark.contribution_id == Contribution.id)
        .outerjoin(Paragraph, Paragraph.id == Remark.paragraph_id)
    )


def _rows() -> Select[Any]:
    return (
        _from(select(*COLUMNS))
        .outerjoin(ACCOUNT_NAMES, _NAME.id == Duty.owner_id)
        .outerjoin(Subject, Subject.id == Contribution.on_behalf_of_id)
    )


def narrowed(uow: UnitOfWork, statement: Select[Any], filter: WorkFilter) -> Select[Any]:
    """A statement over contributions reduced to those that the filter finds and the actor may answer."""
    of_plan = and_(Activity.removed_at.is_(None), Plan.state.in_(("published", "finished")))
    statement = statement.where(
        Contribution.parent_id.is_(None),
        Contribution.state == "published",
        Talk.kind == "reactions",
        or_(of_plan, Idea.state == "published"),
        may_answer_condition(uow),
    )
    if filter.ideas:
        statement = statement.where(Idea.id.is_not(None))
    elif filter.written is False and filter.idea_id is None:
        statement = statement.where(or_(Idea.id.is_(None), Duty.contribution_id.is_not(None)))
    if filter.written is not None:
        statement = statement.where(Contribution.answered.is_(filter.written))
    for column, value in (
        (Plan.id, filter.plan_id),
        (Idea.id, filter.idea_id),
        (Activity.id, filter.activity_id),
        (Remark.paragraph_id, filter.paragraph_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filter.theme_id is not None:
        themed = exists().where(ThemedContribution.contribution_id == Contribution.id, ThemedContribution.theme_id == filter.theme_id)
        statement = statement.where(themed)
    if filter.owner is not None:
        statement = statement.where(Duty.owner_id.is_(None) if filter.owner == NOBODY else Duty.owner_id == filter.owner)
    if filter.late:
        statement = statement.where(_late(uow))
    for word in filter.text.split()[:8]:
        statement = statement.where(
            or_(Contribution.text.icontains(word, autoescape=True), Contribution.author_name.icontains(word, autoescape=True))
        )
    return statement


def _late(uow: UnitOfWork) -> ColumnElement[bool]:
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    first = datetime.combine(today - timedelta(days=number(uow, ANSWER_DAYS)), time(), CITY_TIME_ZONE)
    return or_(Duty.due_on < today, and_(Duty.due_on.is_(None), Idea.id.is_(None), Contribution.at < first))
