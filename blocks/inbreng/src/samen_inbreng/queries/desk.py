"""The desk: contributions on a subject that somebody has to answer, with filters, oldest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, exists, false, func, or_, select

from samen_core.api import Count, Order, Page, PageRequest, Permission, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, table_column
from samen_inbreng.models import Activity, Contribution, ThemedContribution
from samen_inbreng.queries.answers import NEEDS_ANSWER, answered_by, pending, sent

STATES = ("waiting", "written", "sent")
NO_THEME = "none"
ORDER = Order("desk", SortKey(Contribution.at), SortKey(Contribution.id))
COLUMNS = (
    Contribution.id,
    Contribution.number,
    Contribution.activity_id,
    Contribution.text,
    Contribution.answers,
    Contribution.author_name,
    Contribution.on_behalf_of_id,
    Contribution.sector,
    Contribution.channel,
    Contribution.area_id,
    Contribution.at,
    Contribution.answered,
    Activity.slug,
    Activity.title.label("activity_title"),
    Activity.form,
    Subject.title.label("organization"),
)


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which contributions. ``state`` is one of :data:`STATES` or None; ``theme`` an id or :data:`NO_THEME`."""

    state: str | None = None
    activity_id: uuid.UUID | None = None
    theme: uuid.UUID | str | None = None
    sector: str | None = None
    channel: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    text: str = ""


def desk_page(uow: UnitOfWork, subject_id: uuid.UUID, filter: DeskFilter, request: PageRequest) -> Page[Row[Any]]:
    """A page of the desk with its count (exact to 1,000). Two statements at most."""
    statement, values = _rows(subject_id, filter), {"now": uow.now}
    page = fetch_page(uow.session, statement, ORDER, request, values)
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values))


def contributions_by_id(uow: UnitOfWork, subject_id: uuid.UUID, ids: tuple[uuid.UUID, ...], limit: int = 20) -> list[Row[Any]]:
    """The first of these contributions as the desk of a subject shows them, oldest first; nothing of what is not on it. One statement."""
    if not ids:
        return []
    wanted = (Contribution.id.in_(ids), Contribution.subject_id == subject_id, NEEDS_ANSWER)
    statement = _base().where(*wanted).order_by(Contribution.at, Contribution.id).limit(limit)
    return list(uow.session.connection().execute(statement).all())


def chosen_ids(subject_id: uuid.UUID, filter: DeskFilter) -> Select[Any]:
    """The ids of all contributions that a filter finds; a statement with the parameter ``now``."""
    return _narrowed(select(Contribution.id), subject_id, filter)


def waiting_subjects(uow: UnitOfWork, permission: Permission) -> list[Row[Any]]:
    """Per subject that the actor may answer on: id, title, type, how many contributions wait, since when; most first. One statement."""
    number = func.count().label("number")
    statement: Any = (
        select(Subject.id, Subject.title, Subject.type, number, func.min(Contribution.at).label("since"))
        .select_from(Contribution)
        .join(Subject, Subject.id == Contribution.subject_id)
        .where(NEEDS_ANSWER, Contribution.answered == false())
        .group_by(Subject.id, Subject.title, Subject.type)
        .order_by(number.desc(), Subject.id)
        .limit(200)
    )
    return list(uow.session.execute(permission.narrow(uow.actor, statement, table_column(Subject.id))).all())


def waiting_number(uow: UnitOfWork, permission: Permission) -> int:
    """How many contributions wait for an answer that the actor may give. One statement."""
    statement: Any = select(func.count()).select_from(Contribution).where(NEEDS_ANSWER, Contribution.answered == false())
    return int(uow.session.execute(permission.narrow(uow.actor, statement, table_column(Contribution.subject_id))).scalar_one())


def _base() -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(Activity, Activity.id == Contribution.activity_id)
        .outerjoin(Subject, Subject.id == Contribution.on_behalf_of_id)
    )


def _rows(subject_id: uuid.UUID, filter: DeskFilter) -> Select[Any]:
    return _narrowed(_base(), subject_id, filter)


def _narrowed(statement: Select[Any], subject_id: uuid.UUID, filter: DeskFilter) -> Select[Any]:
    statement = statement.where(Contribution.subject_id == subject_id, NEEDS_ANSWER)
    match filter.state:
        case "waiting":
            statement = statement.where(Contribution.answered == false())
        case "written":
            statement = statement.where(answered_by(pending()))
        case "sent":
            statement = statement.where(answered_by(sent()))
    for column, value in (
        (Contribution.activity_id, filter.activity_id),
        (Contribution.sector, filter.sector),
        (Contribution.channel, filter.channel),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filter.area_ids is not None:
        statement = statement.where(Contribution.area_id.in_(filter.area_ids))
    if filter.theme is not None:
        themed = exists().where(ThemedContribution.contribution_id == Contribution.id)
        statement = statement.where(~themed if filter.theme == NO_THEME else themed.where(ThemedContribution.theme_id == filter.theme))
    for word in filter.text.split()[:8]:
        statement = statement.where(
            or_(Contribution.text.icontains(word, autoescape=True), Contribution.author_name.icontains(word, autoescape=True))
        )
    return statement
