"""Lists of questions: the overview, what one can take part in now, and the queue of what waits to be judged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, exists, func, or_, select

from citycontent.api import Event, Organization
from samen_core.api import (
    Count,
    Order,
    Page,
    PageRequest,
    SortKey,
    Subject,
    UnitOfWork,
    count_up_to,
    fetch_page,
    parse_query,
)
from samen_inbreng.api import Activity
from samen_samenspreker.models import Meeting, Question
from samen_samenspreker.permissions import JUDGE

AnyRow = Row[*tuple[Any, ...]]

LISTS: tuple[str, ...] = ("running", "closed", "refused", "merged")
"""The states that a reader may ask for."""

ACTS: tuple[str, ...] = ("support", "contribute", "meet")
"""What a reader may want to do now."""

MOST_FOUND = 500
MOST_CARDS = 3

_T = Question.__table__.c
_ACTIVITY = Activity.__table__.c
CARD = (
    _T.id,
    _T.version,
    _T.slug,
    _T.kind,
    _T.title,
    _T.description,
    _T.area_id,
    _T.theme_id,
    _T.project_id,
    _T.sectors,
    _T.sector,
    _T.state,
    _T.step,
    _T.cycle,
    _T.reason,
    _T.decided_at,
    _T.supports,
    _T.at,
)
"""The columns of a list."""

ORDERS = {
    "newest": Order("newest", SortKey(Question.at, descending=True), SortKey(Question.id, descending=True)),
    "oldest": Order("oldest", SortKey(Question.at), SortKey(Question.id)),
    "supported": Order("supported", SortKey(Question.supports, descending=True), SortKey(Question.id, descending=True)),
}

_OPEN = and_(
    _ACTIVITY.opens_at <= bindparam("now", type_=_ACTIVITY.opens_at.type),
    or_(_ACTIVITY.closes_at.is_(None), _ACTIVITY.closes_at > bindparam("now", type_=_ACTIVITY.opens_at.type)),
    _ACTIVITY.closed_at.is_(None),
)
_COMING = exists().where(
    Meeting.question_id == _T.id,
    Event.id == Meeting.event_id,
    Event.state == "active",
    Event.status.not_in(("cancelled", "postponed")),
    Event.start_date > bindparam("now", type_=_ACTIVITY.opens_at.type),
)
_ACT_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "support": and_(_T.state == "accepted", _T.step == "agenda"),
    "contribute": and_(_T.state == "accepted", exists().where(_ACTIVITY.subject_id == _T.id, _OPEN)),
    "meet": and_(_T.state == "accepted", _COMING),
}
_LIST_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "": _T.state == "accepted",
    "running": and_(_T.state == "accepted", _T.step != "closed"),
    "closed": and_(_T.state == "accepted", _T.step == "closed"),
    "refused": _T.state == "refused",
    "merged": _T.state == "merged",
}
_LAST_DAY = func.min(_ACTIVITY.closes_at).label("closes_at")
_OPEN_OF = (
    select(_ACTIVITY.subject_id, _LAST_DAY)
    .where(_ACTIVITY.subject_id.in_(bindparam("ids", expanding=True)), _OPEN)
    .group_by(_ACTIVITY.subject_id)
)
_JOIN_NOW = (
    select(*CARD, _LAST_DAY)
    .join(Activity, _ACTIVITY.subject_id == _T.id)
    .where(_T.state == "accepted", _OPEN)
    .group_by(*CARD[:9], _T.id)
    .order_by(func.coalesce(_LAST_DAY, bindparam("far", type_=_ACTIVITY.opens_at.type)), _T.id)
    .limit(MOST_CARDS)
)
_TO_SUPPORT = select(*CARD).where(_ACT_CONDITIONS["support"]).order_by(_T.at.desc(), _T.id.desc()).limit(MOST_CARDS)
_QUEUE = (
    select(*CARD, _T.author_name, Organization.name.label("organization_name"))
    .outerjoin(Organization, Organization.id == _T.on_behalf_of_id)
    .where(_T.state == "submitted")
)
_MERGED = select(*CARD, _T.merged_into_id).where(_T.merged_into_id == bindparam("id"), _T.state == "merged").order_by(_T.id)
_RUNNING = select(_T.id, _T.title).where(_LIST_CONDITIONS["running"]).order_by(_T.title, _T.id).limit(300)
_MINE = select(*CARD).where(_T.account_id == bindparam("account_id"), _T.state != "withdrawn").order_by(_T.at.desc()).limit(50)


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Which questions. ``area_ids`` come from ``AreaTree.within``; ``list`` is one of LISTS, "" is all that were accepted."""

    list: str = ""
    step: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_id: uuid.UUID | None = None
    sector: str | None = None
    act: str | None = None
    text: str = ""


def list_questions(
    uow: UnitOfWork, filter: QuestionFilter, request: PageRequest, *, order: str = "newest", with_count: bool = True
) -> Page[Row[Any]]:
    """A page of public questions; rows with the columns of CARD. At most three statements."""
    statement, values = _select(uow, filter)
    return _page(uow, statement, ORDERS[order], request, values, with_count=with_count)


def queue(uow: UnitOfWork, request: PageRequest) -> Page[Row[Any]]:
    """What the actor may judge, oldest first, with ``author_name`` and ``organization_name``. Two statements."""
    return _page(uow, JUDGE.narrow(uow.actor, _QUEUE, _T.id), ORDERS["oldest"], request, {}, with_count=True)


def open_until(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime | None]:
    """Of these questions the ones that one can contribute to now, with the first moment that something closes. One statement."""
    if not ids:
        return {}
    return {row.subject_id: row.closes_at for row in uow.session.execute(_OPEN_OF, {"ids": list(ids), "now": uow.now})}


def to_join(uow: UnitOfWork) -> list[tuple[AnyRow, datetime | None]]:
    """The questions to contribute to now, what closes first first, then those to support; at most three. Two statements."""
    far = uow.now.replace(year=uow.now.year + 100)
    found: list[tuple[AnyRow, datetime | None]] = [
        (row, row.closes_at) for row in uow.session.execute(_JOIN_NOW, {"now": uow.now, "far": far})
    ]
    known = {row.id for row, _closes in found}
    found += [(row, None) for row in uow.session.execute(_TO_SUPPORT) if row.id not in known]
    return found[:MOST_CARDS]


def merged_into(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The questions that were merged into this one. One statement."""
    return uow.session.execute(_MERGED, {"id": question_id}).all()


def my_questions(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The questions that the actor put, newest first, at most fifty. One statement."""
    if uow.actor.account_id is None:
        return ()
    return uow.session.execute(_MINE, {"account_id": uow.actor.account_id}).all()


def _select(uow: UnitOfWork, filter: QuestionFilter) -> tuple[Select[Any], dict[str, Any]]:
    conditions = [_LIST_CONDITIONS[filter.list]]
    values: dict[str, Any] = {}
    if filter.step is not None:
        conditions.append(_T.step == filter.step)
    if filter.area_ids is not None:
        conditions.append(_T.area_id.in_(filter.area_ids))
    if filter.theme_id is not None:
        conditions.append(_T.theme_id == filter.theme_id)
    if filter.sector is not None:
        # JSON in both databases: the code with its quotes stands in the text of the list.
        conditions.append(cast(_T.sectors, String).contains(f'"{filter.sector}"', autoescape=True))
    if filter.act is not None:
        conditions.append(_ACT_CONDITIONS[filter.act])
        if filter.act != "support":
            values["now"] = uow.now
    if filter.text:
        conditions.append(_matching(uow, filter.text))
    return select(*CARD).where(*conditions), values


def _matching(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Questions with every word in their title, or that the search index finds. One statement."""
    named = and_(*(_T.title.icontains(word, autoescape=True) for word in text.split()))
    query = parse_query(text)
    if query.is_empty:
        return named
    allowed = and_(Subject.type == "question", Subject.public)
    found = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, MOST_FOUND)]
    return or_(named, _T.id.in_(found)) if found else named


def _page(
    uow: UnitOfWork, statement: Select[Any], order: Order, request: PageRequest, values: dict[str, Any], *, with_count: bool
) -> Page[Row[Any]]:
    page = fetch_page(uow.session, statement, order, request, values)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values))


def running_titles(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The id and title of every question on the agenda or on a table, by title, at most 300: to choose one from. One statement."""
    return uow.session.execute(_RUNNING).all()
