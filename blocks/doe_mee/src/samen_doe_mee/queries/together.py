"""Ideas, plans, activities and meetings in one list: near me, on the map and in REST.

Of each kind the first few are looked up in the order of the list, by an index, and those are put in order: the list costs the same for
a hundred thousand ideas as for a hundred. ``at`` is when a thing began or begins: an idea with its publication.
"""

from __future__ import annotations

import json
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    union_all,
)

from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, UTCDateTime, count_up_to, fetch_page
from samen_doe_mee.queries.overview import HELD, IDEA, PUBLISHED, RUNNING_IDEA, SHOWN_PLAN, A, AnyRow, E, M, P, city_today

KINDS = ("idea", "plan", "activity", "meeting")
STANDINGS = ("running", "coming", "finished")
"""Whether a thing goes on now, is still to come, or is over."""
Direction = Literal["next", "previous"]
_NOW = bindparam("now", type_=UTCDateTime())
_MOST = bindparam("most", type_=Integer())


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherFilter:
    """What of it; None or () filters nothing. ``placed``: only what has a point on the map."""

    kinds: tuple[str, ...] = ()
    standing: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None
    placed: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """The kinds that are looked for, in a fixed order; nobody's idea is still to come."""
        found = tuple(kind for kind in KINDS if not self.kinds or kind in self.kinds)
        return tuple(kind for kind in found if kind != "idea") if self.standing == "coming" else found

    @property
    def names(self) -> tuple[str, ...]:
        """Which conditions there are."""
        found = [name for name in ("area_ids", "theme_ids") if getattr(self, name) is not None]
        return (*found, "placed") if self.placed else tuple(found)

    def values(self, uow: UnitOfWork) -> dict[str, Any]:
        """The parameters."""
        found: dict[str, Any] = {name: list(getattr(self, name)) for name in ("area_ids", "theme_ids") if name in self.names}
        if self.standing is not None:
            found["now"] = uow.now
            if "idea" in self.asked:
                found["today"] = city_today(uow)
        return found


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of thing: how its rows are read, where each stands in the list, and what the filters ask of it."""

    rows: Callable[[], Select[Any]]
    at: Callable[[str | None], ColumnElement[Any]]
    id: ColumnElement[Any]
    standing: dict[str, ColumnElement[bool]]
    area: ColumnElement[Any]
    theme: ColumnElement[Any]
    lat: ColumnElement[Any]

    def narrowed(self, standing: str | None, names: tuple[str, ...]) -> Select[Any]:
        """The rows that these filters leave."""
        asked = {
            "area_ids": self.area.in_(bindparam("area_ids", expanding=True)),
            "theme_ids": self.theme.in_(bindparam("theme_ids", expanding=True)),
            "placed": self.lat.is_not(None),
        }
        found = self.rows().add_columns(self.at(standing).label("at")).where(*(asked[name] for name in names))
        return found.where(self.standing[standing]) if standing else found


def list_together(uow: UnitOfWork, filter: TogetherFilter, request: PageRequest, *, with_count: bool = True) -> Page[AnyRow]:
    """A page of the list: what runs or is over newest first, what comes soonest first. At most two statements.

    Raises Invalid for a wrong cursor.
    """
    if not filter.asked:
        return Page([], count=Count(0) if with_count else None)
    values = filter.values(uow)
    statement, order = _listed(filter.asked, filter.standing, filter.names, _direction(request.cursor))
    page = fetch_page(uow.session, statement, order, request, {**values, "most": request.limit + 1}, keep=True)
    if not with_count:
        return page
    if not request.cursor and page.next is None:
        return Page(page.items, page.next, page.previous, Count(len(page.items)))
    whole = _whole(filter.asked, filter.standing, filter.names)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, whole, values=values, keep=True))


def places_together(uow: UnitOfWork, filter: TogetherFilter, most: int) -> Sequence[AnyRow]:
    """The first of the same list that have a point on the map, one more than ``most`` where there are more. One statement."""
    if not filter.asked:
        return []
    placed = replace(filter, placed=True)
    statement = _first(placed.asked, placed.standing, placed.names)
    return uow.session.connection().execute(statement, {**placed.values(uow), "most": most + 1}).all()


def _direction(cursor: str) -> Direction | None:
    """Which way a cursor goes, as :mod:`samen_core.pagination` wrote it; what is none is refused there."""
    if not cursor:
        return None
    try:
        code = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))[1]
    except (ValueError, TypeError, LookupError, RecursionError):
        return "next"
    return "previous" if code == "p" else "next"


@lru_cache(maxsize=256)
def _listed(kinds: tuple[str, ...], standing: str | None, names: tuple[str, ...], direction: Direction | None) -> tuple[Select[Any], Order]:
    """The statement of a page, in which each kind gives no more than the page can show, and the order of the list."""
    down = standing != "coming"
    parts = []
    for kind in kinds:
        made = _KINDS[kind]
        order = Order("doe_mee.together", SortKey(made.at(standing), down), SortKey(made.id, down))
        found = made.narrowed(standing, names)
        if direction is not None:
            found = found.where(order.beyond(direction))
        parts.append(found.order_by(*(order.backward if direction == "previous" else order.forward)).limit(_MOST).subquery())
    whole = union_all(*(select(*part.c) for part in parts)).subquery("together")
    order = Order(f"doe_mee.together.{standing or 'all'}", SortKey(whole.c.at, down), SortKey(whole.c.id, down))
    return select(*whole.c), order


@lru_cache(maxsize=64)
def _first(kinds: tuple[str, ...], standing: str | None, names: tuple[str, ...]) -> Select[Any]:
    statement, order = _listed(kinds, standing, names, None)
    return statement.order_by(*order.forward).limit(_MOST)


@lru_cache(maxsize=64)
def _whole(kinds: tuple[str, ...], standing: str | None, names: tuple[str, ...]) -> Select[Any]:
    """All of it by id, to be counted."""
    parts = (
        _KINDS[kind].narrowed(standing, names).with_only_columns(_KINDS[kind].id.label("id"), maintain_column_froms=True) for kind in kinds
    )
    return select(union_all(*parts).subquery("together").c.id)


def _ideas() -> Select[Any]:
    return select(
        *_named("idea", IDEA.id, IDEA.slug, IDEA.title, IDEA.text),
        *(IDEA.area_id, IDEA.theme_id, IDEA.lat, IDEA.lon, IDEA.status.label("status"), IDEA.all_supports.label("number")),
        *(IDEA.needed.label("needed"), IDEA.ends_on.label("ends_on"), IDEA.reached_at.label("reached_at")),
        *(_none(UTCDateTime(), "until"), _none(Integer(), "minutes"), _none(String(), "plan_title")),
    ).where(PUBLISHED)


def _plans() -> Select[Any]:
    return select(
        *_named("plan", P.id, P.slug, P.title, P.summary),
        *(P.area_id, P.theme_id, P.lat, P.lon, P.state.label("status"), _none(Integer(), "number")),
        *(_none(Integer(), "needed"), _none(Date(), "ends_on"), _none(UTCDateTime(), "reached_at")),
        *(P.closes_at.label("until"), _none(Integer(), "minutes"), _none(String(), "plan_title")),
    ).where(SHOWN_PLAN)


def _activities() -> Select[Any]:
    return (
        select(
            *_named("activity", A.id, A.slug, A.title, A.intro),
            *(P.area_id, P.theme_id, P.lat, P.lon, A.type.label("status"), A.taken_part.label("number")),
            *(_none(Integer(), "needed"), _none(Date(), "ends_on"), _none(UTCDateTime(), "reached_at")),
            *(A.closes_at.label("until"), A.minutes.label("minutes"), P.title.label("plan_title")),
        )
        .join(P.id.table, P.id == A.plan_id)
        .where(A.removed_at.is_(None), SHOWN_PLAN)
    )


def _meetings() -> Select[Any]:
    return (
        select(
            *_named("meeting", M.id, E.slug, E.name, E.summary),
            *(_MEETING_AREA.label("area_id"), P.theme_id, P.lat, P.lon, E.status.label("status"), _none(Integer(), "number")),
            *(_none(Integer(), "needed"), _none(Date(), "ends_on"), _none(UTCDateTime(), "reached_at")),
            *(E.end_date.label("until"), _none(Integer(), "minutes"), P.title.label("plan_title")),
        )
        .join(E.id.table, E.id == M.id)
        .join(P.id.table, P.id == M.plan_id)
        .where(E.state == "active", E.status.in_(HELD), SHOWN_PLAN)
    )


def _named(kind: str, id: Any, slug: Any, title: Any, text: Any) -> tuple[ColumnElement[Any], ...]:
    return (
        literal_column(f"'{kind}'", String()).label("kind"),
        id.label("id"),
        slug.label("slug"),
        title.label("title"),
        text.label("text"),
    )


def _none(type: Any, name: str) -> ColumnElement[Any]:
    return cast(null(), type).label(name)


_MEETING_AREA = func.coalesce(E.area_id, P.area_id)
_PLAN_BEGAN = or_(P.opens_at.is_(None), P.opens_at <= _NOW)
_PLAN_OPEN = and_(P.state == "published", or_(P.closes_at.is_(None), P.closes_at > _NOW))
_HELD_UNTIL = func.coalesce(E.end_date, E.start_date)
_KINDS = {
    "idea": _Kind(
        _ideas,
        lambda _standing: IDEA.published_at,
        IDEA.id,
        {"running": RUNNING_IDEA, "finished": not_(RUNNING_IDEA)},
        IDEA.area_id,
        IDEA.theme_id,
        IDEA.lat,
    ),
    "plan": _Kind(
        _plans,
        lambda standing: P.opens_at if standing == "coming" else P.published_at,
        P.id,
        {"running": and_(_PLAN_OPEN, _PLAN_BEGAN), "coming": and_(P.state == "published", P.opens_at > _NOW), "finished": not_(_PLAN_OPEN)},
        P.area_id,
        P.theme_id,
        P.lat,
    ),
    "activity": _Kind(
        _activities,
        lambda _standing: A.opens_at,
        A.id,
        {
            "running": and_(P.state == "published", A.opens_at <= _NOW, A.closes_at > _NOW),
            "coming": and_(P.state == "published", A.opens_at > _NOW),
            "finished": or_(P.state == "finished", A.closes_at <= _NOW),
        },
        P.area_id,
        P.theme_id,
        P.lat,
    ),
    "meeting": _Kind(
        _meetings,
        lambda _standing: E.start_date,
        M.id,
        {
            "running": and_(E.start_date <= _NOW, _HELD_UNTIL > _NOW),
            "coming": E.start_date > _NOW,
            "finished": _HELD_UNTIL <= _NOW,
        },
        _MEETING_AREA,
        P.theme_id,
        P.lat,
    ),
}
