"""The list of ideas for everybody: filters, orders, and ideas that look like another. Statements are built once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select

from citycontent.api import Organization
from samen_core.api import Count, Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, similar_query
from samen_doe_mee.models import ENDED_STATUSES, Idea, IdeaStep

AnyRow = Any
"""A row of a table, by the names of its columns."""
I = Idea.__table__.c  # noqa: E741 the table that this module is about
_S = IdeaStep.__table__.c
_O = Organization.__table__.c

# Written out, not bound: an index over a part of a table is only used for the condition that it was made with.
PUBLISHED: ColumnElement[bool] = I.state == literal_column("'published'")
CARD: tuple[Any, ...] = tuple(
    I[name]
    for name in (
        *("id", "number", "slug", "kind", "title", "text", "status", "area_id", "theme_id", "whole_city", "place", "needed", "ends_on"),
        *("reached_at", "supports", "open_supports", "all_supports", "published_at", "state", "author_name", "sector", "decide_by"),
    )
)
_DAY = bindparam("today", type_=I.ends_on.type)
_OPEN_STATUS = I.status.not_in(ENDED_STATUSES)
TERMS: dict[str, ColumnElement[bool]] = {
    "running": and_(I.reached_at.is_(None), I.ends_on >= _DAY, _OPEN_STATUS),
    "reached": I.reached_at.is_not(None),
    "expired": and_(I.reached_at.is_(None), I.ends_on < _DAY, I.status == "received"),
}
"""How it stands with the support that is needed; the same as ``services.idea_common.term_of`` says of one."""

NEWEST = Order("doe_mee.ideas.newest", SortKey(I.published_at, descending=True), SortKey(I.id, descending=True))
MOST_SUPPORTED = Order("doe_mee.ideas.supported", SortKey(I.all_supports, descending=True), SortKey(I.id, descending=True))
ENDING = Order("doe_mee.ideas.ending", SortKey(I.ends_on), SortKey(I.id))
ORDERS = {"": NEWEST, "steun": MOST_SUPPORTED, "einde": ENDING}
"""By their names in an address."""
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "area_ids": I.area_id.in_(bindparam("area_ids", expanding=True)),
    "theme_ids": I.theme_id.in_(bindparam("theme_ids", expanding=True)),
    "status": I.status == bindparam("status"),
    "kind": I.kind == bindparam("kind"),
    "ending": and_(I.ends_on.is_not(None), I.reached_at.is_(None), I.ends_on >= _DAY, _OPEN_STATUS),
    **TERMS,
}
MOST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFilter:
    """Which ideas; None and "" filter nothing. ``term`` is a name of ``TERMS``."""

    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None
    status: str | None = None
    kind: str | None = None
    term: str | None = None
    text: str = ""

    def names(self) -> tuple[str, ...]:
        """The conditions that are set, in one order."""
        found = [name for name in ("area_ids", "theme_ids", "status", "kind") if getattr(self, name) is not None]
        return (*found, self.term) if self.term else tuple(found)

    def values(self, day: date) -> dict[str, Any]:
        """The parameters of what is set."""
        found: dict[str, Any] = {name: list(value) for name in ("area_ids", "theme_ids") if (value := getattr(self, name)) is not None}
        found |= {name: value for name in ("status", "kind") if (value := getattr(self, name)) is not None}
        return {**found, "today": day}


def list_ideas(uow: UnitOfWork, filter: IdeaFilter, day: date, request: PageRequest, order: str = "") -> Page[AnyRow]:
    """A page of ideas that everybody may read on this day, with its count. At most two statements. Raises Invalid for a wrong cursor."""
    names = filter.names() + (("ending",) if order == "einde" else ())
    statement, keep, values = _listed(names), not filter.text, filter.values(day)
    if filter.text:
        statement = statement.where(matching(filter.text))
    each = _each(filter) if order == "" and not filter.text else None
    walked = _listed(tuple(name for name in names if name != each[2])) if each else statement
    page = fetch_page(uow.session, walked, ORDERS[order], request, values, keep=keep, each=each[:2] if each else None)
    if not request.cursor and page.next is None:
        return Page(page.items, page.next, page.previous, Count(len(page.items)))
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement, values=values, keep=keep))


def _each(filter: IdeaFilter) -> tuple[Any, tuple[Any, ...], str] | None:
    """Areas or themes of which the newest are looked up one by one, by the index that has that order, rather than sorted together."""
    if filter.area_ids:
        return I.area_id, filter.area_ids, "area_ids"
    if filter.theme_ids:
        return I.theme_id, filter.theme_ids, "theme_ids"
    return None


@lru_cache(maxsize=128)
def _listed(names: tuple[str, ...]) -> Select[Any]:
    return select(*CARD).where(PUBLISHED, *(CONDITIONS[name] for name in names))


def matching(text: str) -> ColumnElement[bool]:
    """Every word stands in the title, the text or the place; a number finds its own idea."""
    return and_(*(_having(word) for word in text.split()[:MOST_WORDS]))


def _having(word: str) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [column.icontains(word, autoescape=True) for column in (I.title, I.text, I.place)]
    digits = word.lstrip("#")
    if digits.isdecimal() and digits.isascii() and len(digits) < 10:
        found.append(I.number == int(digits))
    return or_(*found)


_STEPS = (
    select(_S.at, _S.kind, _S.status, _S.text, _S.subject_id)
    .where(_S.idea_id == bindparam("idea_id"), _S.kind != "news")
    .order_by(_S.at, _S.id)
    .limit(200)
)
_OFFICE = select(_O.name, _O.slug).where(_O.id == bindparam("id"), _O.state == "active")
_BY_ID = select(I.slug, I.title, I.number).where(I.id == bindparam("id"))
_DOUBLES = select(I.id, I.slug, I.title, I.number).where(I.merged_into_id == bindparam("id"), I.state == "merged").order_by(I.id).limit(20)


def steps_of(uow: UnitOfWork, idea_id: uuid.UUID) -> Sequence[AnyRow]:
    """What became of an idea, first to last, at most 200. One statement."""
    return uow.session.connection().execute(_STEPS, {"idea_id": idea_id}).all()


def organization(uow: UnitOfWork, id: uuid.UUID | None) -> AnyRow | None:
    """The ``name slug`` of the organisation that handles an idea, or None. One statement."""
    return uow.session.connection().execute(_OFFICE, {"id": id}).one_or_none() if id is not None else None


def idea_link(uow: UnitOfWork, id: uuid.UUID | None) -> AnyRow | None:
    """The ``slug title number`` of another idea. One statement."""
    return uow.session.connection().execute(_BY_ID, {"id": id}).one_or_none() if id is not None else None


def doubles_of(uow: UnitOfWork, id: uuid.UUID) -> Sequence[AnyRow]:
    """The ideas that became part of this one. One statement."""
    return uow.session.connection().execute(_DOUBLES, {"id": id}).all()


MOST_SIMILAR = 5
_CANDIDATES = 30
_ENOUGH_WORDS = 2
_ENOUGH = 0.3
"""The share of the telling words of the shorter title that must occur in the other idea."""
_ROWS = select(*CARD).where(I.id.in_(bindparam("ids", expanding=True)), PUBLISHED)


def similar_ideas(
    uow: UnitOfWork,
    title: str,
    text: str = "",
    *,
    area_id: uuid.UUID | None = None,
    theme_id: uuid.UUID | None = None,
    leave_out: Collection[uuid.UUID] = (),
) -> list[AnyRow]:
    """At most five ideas about the same, the most alike first; the same area or theme weighs a little. Two statements.

    The index proposes, the words of both titles decide: one shared word is no likeness.
    """
    query = similar_query(f"{title} {text}")
    if query.is_empty:
        return []
    allowed = and_(Subject.type == "doe_mee_idea", Subject.state == "active", Subject.public)
    ids = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, _CANDIDATES)]
    ids = [id for id in ids if id not in leave_out]
    if not ids:
        return []
    asked_title, asked = set(similar_query(title).stems), set(query.stems)
    found: list[tuple[float, int, AnyRow]] = []
    for row in uow.session.connection().execute(_ROWS, {"ids": ids}):
        likeness = _likeness(asked_title, asked, row)
        if likeness >= _ENOUGH:
            near = 0.1 * (area_id is not None and row.area_id == area_id) + 0.1 * (theme_id is not None and row.theme_id == theme_id)
            found.append((likeness + near, -ids.index(row.id), row))
    return [row for _score, _place, row in sorted(found, key=lambda item: item[:2], reverse=True)[:MOST_SIMILAR]]


def _likeness(asked_title: set[str], asked: set[str], row: AnyRow) -> float:
    """How much of either title occurs in the other idea, from 0 to 1."""
    title, whole = set(similar_query(row.title).stems), set(similar_query(f"{row.title} {row.text}").stems)
    if len(asked & whole) < min(_ENOUGH_WORDS, len(asked)):
        return 0.0
    shares = [len(words & other) / len(words) for words, other in ((asked_title, whole), (title, asked)) if words]
    return max(shares, default=0.0)
