"""Contributions: lists, threads, and the facts of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select

from samen_core.api import Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution, Support, ThemedContribution
from samen_inbreng.queries.answers import answered_by, is_current, sent

AnyRow = Row[*tuple[Any, ...]]
_T = Contribution.__table__.c
_THEMED = ThemedContribution.__table__.c
FACTS = (
    _T.id,
    _T.version,
    _T.activity_id,
    _T.subject_id,
    _T.parent_id,
    _T.root_id,
    _T.depth,
    _T.number,
    _T.state,
    _T.text,
    _T.answers,
    _T.place,
    _T.author_name,
    _T.on_behalf_of_id,
    _T.sector,
    _T.channel,
    _T.area_id,
    _T.received_on,
    _T.at,
    _T.edited_at,
    _T.supports,
    _T.replies,
    _T.answered,
    _T.external_ref,
    _T.account_id,
)
"""The columns of a list; those of a contribution that is not published hold words that only some may see."""

ORDERS = {
    "newest": Order("inbreng.contribution.newest", SortKey(_T.at, descending=True), SortKey(_T.id, descending=True)),
    "oldest": Order("inbreng.contribution.oldest", SortKey(_T.at), SortKey(_T.id)),
    "supported": Order("inbreng.contribution.supported", SortKey(_T.supports, descending=True), SortKey(_T.id, descending=True)),
}
_OUTCOME = exists().where(
    AnswerTarget.contribution_id == _T.id,
    Answer.id == AnswerTarget.answer_id,
    Answer.outcome == bindparam("outcome"),
    sent(),
    is_current(Answer, AnswerTarget),
)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "activity_id": _T.activity_id == bindparam("activity_id"),
    "subject_id": _T.subject_id == bindparam("subject_id"),
    "sector": _T.sector == bindparam("sector"),
    "channel": _T.channel == bindparam("channel"),
    "area_ids": _T.area_id.in_(bindparam("area_ids", expanding=True)),
    "theme_id": _T.id.in_(select(_THEMED.contribution_id).where(_THEMED.theme_id == bindparam("theme_id"))),
    "account_id": _T.account_id == bindparam("account_id"),
    "ids": _T.id.in_(bindparam("ids", expanding=True)),
    "outcome": _OUTCOME,
}
_SHOWN = or_(_T.state != "withdrawn", _T.replies > 0)
"""What was hidden keeps its line with the reason; of what was withdrawn only that which replies stand under."""

_FOUND = ~exists().where(
    Activity.id == _T.activity_id, Activity.listed.is_(False), Subject.id == Activity.subject_id, Subject.public.is_(False)
)
"""What goes with a thing that not everybody may see, and stands in no list by itself, is left out."""

_WAITING = and_(_T.state == "published", ~answered_by(sent(), _T.id))
_THREAD = select(*FACTS).where(_T.root_id == bindparam("root_id"), _SHOWN)
_BY_NUMBER = select(*FACTS).where(_T.activity_id == bindparam("activity_id"), _T.number == bindparam("number"))
_BY_ID = select(*FACTS).where(_T.id == bindparam("id"))
_FOUND_BY_ID = _BY_ID.where(_FOUND)
_SUPPORTED = select(Support.contribution_id).where(
    Support.account_id == bindparam("account_id"), Support.contribution_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class ContributionFilter:
    """Which contributions. ``waiting`` are those without an answer that was sent; ``replies`` lists replies too; ``found`` leaves out
    those on a thing that not everybody may see.
    """

    activity_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None
    sector: str | None = None
    channel: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_id: uuid.UUID | None = None
    outcome: str | None = None
    account_id: uuid.UUID | None = None
    waiting: bool = False
    replies: bool = False
    ids: tuple[uuid.UUID, ...] | None = None
    found: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether more is asked than all of an activity."""
        return self.waiting or any((self.sector, self.channel, self.area_ids is not None, self.theme_id, self.outcome))


@lru_cache(maxsize=256)
def _statement(names: tuple[str, ...], waiting: bool, replies: bool, everything: bool, found: bool) -> Select[Any]:
    conditions = [_CONDITIONS[name] for name in names]
    if found:
        conditions.append(_FOUND)
    if not replies:
        conditions.append(_T.parent_id.is_(None))
    if waiting:
        conditions.append(_WAITING)
    elif not everything:
        conditions.append(_SHOWN)
    return select(*FACTS).where(*conditions)


def list_contributions(
    uow: UnitOfWork, filter: ContributionFilter, request: PageRequest, *, order: str = "newest", with_count: bool = False
) -> Page[Row[Any]]:
    """A page of contributions; rows with :data:`FACTS`. One statement, or two with the count."""
    values: dict[str, Any] = {name: value for name in _CONDITIONS if (value := getattr(filter, name)) is not None}
    names = tuple(values)
    statement = _statement(names, filter.waiting, filter.replies, filter.account_id is not None, filter.found)
    if filter.waiting or filter.outcome is not None:
        values["now"] = uow.now
    page = fetch_page(uow.session, statement, ORDERS[order], request, values, keep=True)
    if not with_count:
        return page
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement, values=values))


def thread(uow: UnitOfWork, root_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """A page of everything under a contribution, oldest first. One statement."""
    return fetch_page(uow.session, _THREAD, ORDERS["oldest"], request, {"root_id": root_id}, keep=True)


def by_number(uow: UnitOfWork, activity_id: uuid.UUID, number: int) -> AnyRow | None:
    """The contribution with this number, in any state; the columns of :data:`FACTS`."""
    return uow.session.execute(_BY_NUMBER, {"activity_id": activity_id, "number": number}).one_or_none()


def by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """The contribution with this id, in any state; the columns of :data:`FACTS`."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def found_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """The contribution with this id, in any state, where everybody may see what it is about; the columns of :data:`FACTS`."""
    return uow.session.execute(_FOUND_BY_ID, {"id": id}).one_or_none()


def supported_by(uow: UnitOfWork, account_id: uuid.UUID | None, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these the account supports. One statement; none for who is not logged in."""
    if account_id is None or not ids:
        return set()
    return set(uow.session.execute(_SUPPORTED, {"account_id": account_id, "ids": list(ids)}).scalars())
