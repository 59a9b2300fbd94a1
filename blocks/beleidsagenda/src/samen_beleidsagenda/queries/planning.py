"""Planned moments: the long-term agenda, the chain of one, how full the months of a body are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    select,
)

from citycontent.api import Organization, Post, Theme
from samen_beleidsagenda.models import COMING_STATUSES, Body, Decision, Dossier, DossierArea, DossierTheme, PlanningItem
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL
from samen_beleidsagenda.queries.lights import LIGHTS, SOON, city_day
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page, fold

_I = PlanningItem.__table__.c
_D = Dossier.__table__.c
_B = Organization.__table__.alias("body_organization").c
_P = Post.__table__.c
STATUSES = {"coming": COMING_STATUSES, "treated": ("treated",), "lapsed": ("lapsed",)}
"""The groups of the long-term agenda; what was put off stands with the moment that took its place."""

_TODAY, _SOON = bindparam("today", type_=Date()), bindparam("soon", type_=Date())
_LIGHT: ColumnElement[int] = case(
    (_I.status.not_in(COMING_STATUSES), 3),
    (_I.end_date < _TODAY, 0),
    ((_I.slips > 0) | ((_I.status != "scheduled") & _I.body_id.is_not(None) & (_I.start_date <= _SOON)), 1),
    else_=2,
).label("light")
"""The place in ``LIGHTS``: derived, never stored."""
_HOLDER = func.coalesce(_P.label, literal("")).label("holder_label")
_BODY = func.coalesce(_B.sort_name, literal("")).label("body_sort")
COLUMNS = (
    *(_I[name] for name in ("id", "version", "title", "kind", "status", "confidence", "state", "confidential")),
    *(_I[name] for name in ("start_date", "end_date", "precision", "original_start", "original_end", "slips", "slip_reason")),
    *(_I[name] for name in ("body_id", "has_say", "say_how", "say_url", "text", "previous_id", "agenda_item_id", "narrowed_from")),
    *(_I[name] for name in ("dossier_id", "published_at", "changed_at")),
    _D.title.label("dossier_title"),
    _D.slug.label("dossier_slug"),
    _D.sort_title.label("dossier_sort"),
    _D.holder_id.label("holder_id"),
    _B.name.label("body_name"),
    _B.slug.label("body_slug"),
    _HOLDER,
    _BODY,
    _LIGHT,
)
TABLE_COLUMNS = (
    *(_I[name] for name in ("id", "title", "kind", "status", "start_date", "end_date", "precision")),
    *(_I[name] for name in ("original_start", "original_end", "previous_id", "has_say")),
    _D.title.label("dossier_title"),
    _D.slug.label("dossier_slug"),
    _D.sort_title.label("dossier_sort"),
    _B.name.label("body_name"),
    _HOLDER,
    _BODY,
    _LIGHT,
)
"""What a table of moments on a page shows and sorts by."""
ORDERS = {
    "period": Order("period", SortKey(_I.start_date), SortKey(_I.id)),
    "latest": Order("latest", SortKey(_I.start_date, descending=True), SortKey(_I.id, descending=True)),
    "subject": Order("subject", SortKey(_D.sort_title.label("dossier_sort")), SortKey(_I.start_date), SortKey(_I.id)),
    "body": Order("body", SortKey(_BODY), SortKey(_I.start_date), SortKey(_I.id)),
    "holder": Order("holder", SortKey(_HOLDER), SortKey(_I.start_date), SortKey(_I.id)),
    "light": Order("light", SortKey(_LIGHT), SortKey(_I.start_date), SortKey(_I.id)),
}
_TABLES = (
    PlanningItem.__table__.join(Dossier.__table__, _D.id == _I.dossier_id)
    .outerjoin(_B.id.table, _B.id == _I.body_id)
    .outerjoin(Post.__table__, _P.id == _D.holder_id)
)
_JOINED = select(*COLUMNS).select_from(_TABLES)
PUBLIC = (_I.state == "published") & _I.confidential.is_(False) & (_D.state == "published") & _D.confidential.is_(False)
"""What everybody may see: the moment and its dossier are public, and not confidential."""
_THEME, _AREA = DossierTheme.__table__.c, DossierArea.__table__.c
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "statuses": _I.status.in_(bindparam("statuses", expanding=True)),
    # As literals, or a database does not see that the index of what is to come holds them all.
    "coming": _I.status.in_([literal_column(f"'{code}'") for code in COMING_STATUSES]),
    "start": _I.end_date >= bindparam("start", type_=Date()),
    "end": _I.start_date <= bindparam("end", type_=Date()),
    "body_id": _I.body_id == bindparam("body_id"),
    "holder_id": _D.holder_id == bindparam("holder_id"),
    "dossier_id": _I.dossier_id == bindparam("dossier_id"),
    "kind": _I.kind == bindparam("kind"),
    "has_say": _I.has_say == bindparam("has_say"),
    "light": _LIGHT.element == bindparam("light", type_=Integer()),
    "changed_since": _I.changed_at >= bindparam("changed_since", type_=_I.changed_at.type),
    "theme_id": _I.dossier_id.in_(select(_THEME.dossier_id).where(_THEME.theme_id == bindparam("theme_id"))),
    "area_ids": _I.dossier_id.in_(select(_AREA.dossier_id).where(_AREA.area_id.in_(bindparam("area_ids", expanding=True)))),
}
_ONE = _JOINED.where(_I.id == bindparam("id"))
_CHAIN_COLUMNS = (
    *("id", "previous_id", "title", "status", "start_date", "end_date", "narrowed_from", "slip_reason", "original_start"),
    *("original_end", "slips", "state", "confidential", "published_at", "changed_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentFilter:
    """Which moments: ``start`` and ``end`` are the days that their period touches, both included; ``light`` is one of ``LIGHTS``."""

    statuses: tuple[str, ...] | None = None
    start: date | None = None
    end: date | None = None
    theme_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    body_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    kind: str | None = None
    has_say: bool | None = None
    light: str | None = None
    changed_since: Any = None
    text: str = ""


@lru_cache(maxsize=256)
def _public(names: tuple[str, ...]) -> Select[Any]:
    return _JOINED.where(PUBLIC, *(_CONDITIONS[name] for name in names))


@lru_cache(maxsize=256)
def _public_table(names: tuple[str, ...]) -> Select[Any]:
    return _public(names).with_only_columns(*TABLE_COLUMNS, maintain_column_froms=True)


def _filtered(
    uow: UnitOfWork, filter: MomentFilter, statement: Callable[[tuple[str, ...]], Select[Any]]
) -> tuple[Select[Any], dict[str, Any]]:
    """The statement of a filter and the values of its parameters."""
    values = {name: value for name in _CONDITIONS if (value := getattr(filter, name, None)) is not None}
    found = statement(tuple("coming" if name == "statuses" and values[name] == COMING_STATUSES else name for name in values))
    if filter.light is not None:
        values["light"] = LIGHTS.index(filter.light)
    for word in filter.text.split():
        found = found.where(_I.title.icontains(word, autoescape=True) | _D.sort_title.contains(fold(word), autoescape=True))
    return found, values | days_of(uow)


def days_of(uow: UnitOfWork) -> dict[str, date]:
    """The parameters of the light."""
    now = city_day(uow)
    return {"today": now, "soon": now + SOON}


def list_moments(
    uow: UnitOfWork, filter: MomentFilter, request: PageRequest, *, order: str = "period", with_count: bool = True, table: bool = False
) -> Page[Row[Any]]:
    """A page of public moments; rows with ``COLUMNS``, or for a ``table`` with ``TABLE_COLUMNS``. At most two statements."""
    statement, values = _filtered(uow, filter, _public_table if table else _public)
    page = fetch_page(uow.session, statement, ORDERS[order], request, values, keep=not filter.text)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    count = Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values, keep=not filter.text)
    return Page(page.items, page.next, page.previous, count)


def moment_row(uow: UnitOfWork, id: uuid.UUID) -> Row[Any] | None:
    """One moment in any state, with ``COLUMNS``; whether the actor may see it the caller asks. One statement."""
    return uow.session.execute(_ONE, {"id": id, **days_of(uow)}).one_or_none()


_SHOWN = _I.confidential.is_(False) | bindparam("secrets", type_=Boolean())
"""Of a chain what the actor may see: what became confidential keeps its period and reason to itself."""


def _earlier() -> Select[Any]:
    first = select(_I.id.label("root"), _I.previous_id.label("step"))
    chain = first.where(_I.id.in_(bindparam("ids", expanding=True)), _I.previous_id.is_not(None)).cte("chain", recursive=True)
    before = select(chain.c.root, _I.previous_id).select_from(chain).join(PlanningItem.__table__, _I.id == chain.c.step)
    chain = chain.union(before.where(_I.previous_id.is_not(None)))
    # Every moment of a chain is made after the one before it, and ids rise with time.
    return (
        select(chain.c.root, *(_I[name] for name in _CHAIN_COLUMNS))
        .select_from(chain)
        .join(PlanningItem.__table__, _I.id == chain.c.step)
        .where(_SHOWN)
        .order_by(_I.id)
    )


def _later() -> Select[Any]:
    chain = select(_I.id.label("step")).where(_I.id == bindparam("id")).cte("later", recursive=True)
    chain = chain.union(select(_I.id).select_from(chain).join(PlanningItem.__table__, _I.previous_id == chain.c.step))
    return (
        select(*(_I[name] for name in _CHAIN_COLUMNS))
        .select_from(chain)
        .join(PlanningItem.__table__, _I.id == chain.c.step)
        .where(_SHOWN | (_I.id == bindparam("id")))
        .order_by(_I.id)
    )


_EARLIER, _LATER = _earlier(), _later()


def earlier_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Row[Any]]]:
    """By moment what it was before, oldest first: the moments whose places it took, with period and reason. One statement.

    What is confidential only for who may see that of the whole city.
    """
    return _before(uow, ids, SEE_CONFIDENTIAL.allows(uow.actor))


def _before(uow: UnitOfWork, ids: Iterable[uuid.UUID], secrets: bool) -> dict[uuid.UUID, list[Row[Any]]]:
    found: dict[uuid.UUID, list[Row[Any]]] = {id: [] for id in ids}
    if found:
        uow.session.flush()
        for row in uow.session.connection().execute(_EARLIER, {"ids": list(found), "secrets": secrets}):
            found[row.root].append(row)
    return found


def chain_of(uow: UnitOfWork, item: PlanningItem) -> list[Row[Any]]:
    """A moment with everything it was before and became later that the actor may see, oldest first. Two statements."""
    dossier = uow.session.get_one(Dossier, item.dossier_id)
    scopes = [id for id in (item.body_id, dossier.id, dossier.organization_id) if id is not None]
    secrets = SEE_CONFIDENTIAL.allows(uow.actor, item.id, scopes=scopes)
    later = uow.session.execute(_LATER, {"id": item.id, "secrets": secrets})
    return [*_before(uow, [item.id], secrets)[item.id], *later.all()]


_MONTH = (cast(extract("year", _I.end_date), Integer) * 12 + cast(extract("month", _I.end_date), Integer) - 1).label("month")
_CROWDING = (
    select(_I.body_id, _MONTH, func.count().label("number"))
    .select_from(PlanningItem.__table__)
    .join(Dossier.__table__, _D.id == _I.dossier_id)
    .where(
        _I.status.in_(COMING_STATUSES),
        _I.state.in_(("draft", "submitted", "published")),
        _I.confidential.is_(False),
        _D.confidential.is_(False),
        _D.state != "deleted",
        _I.end_date >= bindparam("start"),
        _I.end_date <= bindparam("end"),
    )
    .group_by(_I.body_id, _MONTH)
)


def crowding(uow: UnitOfWork, start: date, end: date) -> dict[tuple[uuid.UUID | None, int], int]:
    """How many coming moments a body has in a month at the latest, drafts too: by body and months since year 0. One statement."""
    rows = uow.session.execute(_CROWDING, {"start": start, "end": end})
    return {(row.body_id, row.month): row.number for row in rows}


_BODIES = (
    select(Body.organization_id, Body.kind, Organization.name, Organization.slug)
    .join(Organization, Organization.id == Body.organization_id)
    .where(Organization.state == "active")
    .order_by(Body.position, Organization.sort_name)
)
_HOLDERS = (
    select(Post.id, Post.label)
    .where(Post.state == "active", Post.id.in_(select(_D.holder_id).where(_D.holder_id.is_not(None))))
    .order_by(Post.label, Post.id)
    .limit(200)
)


def bodies(uow: UnitOfWork) -> Sequence[Any]:
    """The bodies in their order: organization_id, kind, name, slug. One statement."""
    uow.session.flush()
    return uow.session.connection().execute(_BODIES).all()


def holders(uow: UnitOfWork) -> Sequence[Any]:
    """The posts that hold a dossier: id and label. One statement."""
    uow.session.flush()
    return uow.session.connection().execute(_HOLDERS).all()


def areas_of(uow: UnitOfWork, dossier_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The ids of the areas of a dossier. One statement."""
    return uow.session.execute(select(_AREA.area_id).where(_AREA.dossier_id == dossier_id)).scalars().all()


def decisions_at(uow: UnitOfWork, id: uuid.UUID) -> Sequence[Any]:
    """The public decisions that were made at a moment: id and title. One statement."""
    statement = (
        select(Decision.id, Decision.title)
        .where(Decision.planning_item_id == id, Decision.state == "published", Decision.confidential.is_(False))
        .order_by(Decision.id)
    )
    return uow.session.execute(statement).all()


def theme_names(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By dossier the ids of its themes, by name. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    wanted = list(dict.fromkeys(dossier_ids))
    if wanted:
        statement = (
            select(_THEME.dossier_id, _THEME.theme_id)
            .join(Theme, Theme.id == _THEME.theme_id)
            .where(_THEME.dossier_id.in_(wanted), Theme.state == "active")
            .order_by(Theme.sort_name)
        )
        for row in uow.session.execute(statement):
            found.setdefault(row.dossier_id, []).append(row.theme_id)
    return found
