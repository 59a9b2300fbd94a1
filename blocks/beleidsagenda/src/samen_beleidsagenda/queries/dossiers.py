"""Dossiers: the list with its filters, and the facts of one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, literal, or_, select

from citycontent.api import Membership, Organization, Person, Post, valid_on
from samen_beleidsagenda.models import Dossier, DossierArea, DossierProject, DossierTheme, PhaseChange
from samen_beleidsagenda.queries.lights import LIGHT, city_day, light_days
from samen_beleidsagenda.queries.visibility import shown_dossiers
from samen_core.api import Count, Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, fold, parse_query

MOST_FOUND = 500
"""A search looks at most at this many dossiers whose text matches; titles are always looked at."""
WORK_STATES = ("draft", "submitted", "published")
ORDERS = {
    "title": Order("dossier.title", SortKey(Dossier.sort_title), SortKey(Dossier.id)),
    "changed": Order("dossier.changed", SortKey(Dossier.changed_at, descending=True), SortKey(Dossier.id, descending=True)),
}
_D = Dossier.__table__.c
CARD: tuple[Any, ...] = (
    *(_D[name] for name in ("id", "slug", "title", "sort_title", "summary", "phase", "phase_since", "level")),
    *(_D[name] for name in ("holder_id", "state", "confidential", "changed_at")),
)
"""The columns of a list on a page; the light comes with them."""
_THEME, _AREA, _PROJECT = DossierTheme.__table__.c, DossierArea.__table__.c, DossierProject.__table__.c
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "phase": _D.phase == bindparam("phase"),
    "running": _D.phase.not_in(("completed", "withdrawn")),
    "holder_id": _D.holder_id == bindparam("holder_id"),
    "theme_id": _D.id.in_(select(_THEME.dossier_id).where(_THEME.theme_id == bindparam("theme_id"))),
    "project_id": _D.id.in_(select(_PROJECT.dossier_id).where(_PROJECT.project_id == bindparam("project_id"))),
    "area_ids": _D.id.in_(select(_AREA.dossier_id).where(_AREA.area_id.in_(bindparam("area_ids", expanding=True)))),
    "light": LIGHT.element == bindparam("light"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """Which dossiers. ``area_ids`` come from :meth:`AreaTree.within`; ``states`` other than published only show what one may write."""

    text: str = ""
    phase: str | None = None
    theme_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    holder_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    light: str | None = None
    running: bool = False
    states: tuple[str, ...] = ("published",)


def list_dossiers(
    uow: UnitOfWork,
    chosen: DossierFilter,
    request: PageRequest,
    *,
    order: str = "title",
    with_count: bool = True,
    columns: Sequence[Any] = CARD,
) -> Page[Row[Any]]:
    """A page of dossiers that the actor may see, each with its ``light``. At most three statements. Raises Invalid for a wrong cursor."""
    values = {name: value for name in _CONDITIONS if (value := getattr(chosen, name)) not in (None, False)}
    statement = _listed(tuple(columns), tuple(values))
    values.pop("running", None)
    values |= light_days(uow)
    keep = uow.actor.is_anonymous and chosen.states == ("published",) and not chosen.text
    if keep:
        statement = _public(statement)
    else:
        statement = statement.where(shown_dossiers(uow, *chosen.states))
        if chosen.text:
            statement = statement.where(_matching(uow, chosen.text))
    page = fetch_page(uow.session, statement, ORDERS[order], request, values, keep=keep)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values, keep=keep))


@lru_cache(maxsize=256)
def _listed(columns: tuple[Any, ...], names: tuple[str, ...]) -> Select[Any]:
    """Dossiers with their light and holder, under these conditions; of which the actor may not see all."""
    post = Post.__table__.c
    found = select(*columns, LIGHT, post.label.label("holder")).outerjoin(post.id.table, post.id == _D.holder_id)
    return found.where(*(_CONDITIONS[name] for name in names))


@lru_cache(maxsize=256)
def _public(statement: Select[Any]) -> Select[Any]:
    """What of it everybody may see."""
    return statement.where(_D.state == "published", _D.confidential.is_(False))


def _matching(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Dossiers whose title holds every word, or whose text in the search index matches. One statement; none for empty text."""
    words = fold(text).split()
    named = and_(*(Dossier.sort_title.contains(word, autoescape=True) for word in words)) if words else false()
    query = parse_query(text)
    if query.is_empty:
        return named
    allowed = and_(Subject.type == "dossier", Subject.state == "active")
    ids = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, MOST_FOUND)]
    return or_(named, Dossier.id.in_(ids)) if ids else named


_AT = select(Dossier, LIGHT).where(Dossier.slug == bindparam("slug"))


def dossier_at(uow: UnitOfWork, slug: str) -> tuple[Dossier, str] | None:
    """The dossier at this address, whatever its state, with its light; whether the actor may see it the caller asks. One statement."""
    row = uow.session.execute(_AT, {"slug": slug, **light_days(uow)}).one_or_none()
    return (row[0], row[1]) if row is not None else None


def themes_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The themes of each of these dossiers. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    statement = select(DossierTheme.dossier_id, DossierTheme.theme_id).where(DossierTheme.dossier_id.in_(list(ids)))
    for dossier_id, theme_id in uow.session.execute(statement):
        found[dossier_id].append(theme_id)
    return found


_AREAS = select(_AREA.dossier_id, _AREA.area_id).where(_AREA.dossier_id.in_(bindparam("ids", expanding=True)))


def areas_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The areas of each of these dossiers. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    uow.session.flush()
    for dossier_id, area_id in uow.session.connection().execute(_AREAS, {"ids": list(ids)}).all():
        found[dossier_id].append(area_id)
    return found


def projects_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The projects of each of these dossiers. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    statement = select(DossierProject.dossier_id, DossierProject.project_id).where(DossierProject.dossier_id.in_(list(ids)))
    for dossier_id, project_id in uow.session.execute(statement):
        found[dossier_id].append(project_id)
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """A post and who has it today; ``people`` are (name, slug)."""

    id: uuid.UUID
    label: str
    portfolio: str
    organization: str
    organization_slug: str
    people: tuple[tuple[str, str], ...]


def holders(uow: UnitOfWork, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Holder]:
    """These posts with the public persons who have them today. Two statements; none without ids."""
    wanted = list(dict.fromkeys(id for id in ids if id is not None))
    if not wanted:
        return {}
    posts = (
        select(Post.id, Post.label, Post.portfolio, Organization.name, Organization.slug)
        .join(Organization, Organization.id == Post.organization_id)
        .where(Post.id.in_(wanted), Post.state == "active")
    )
    start, end = Membership.start_date.expression, Membership.end_date.expression
    has = (
        select(Membership.post_id, Person.name, Person.slug)
        .join(Person, Person.id == Membership.person_id)
        .join(Subject, Subject.id == Person.id)
        .where(
            Membership.post_id.in_(wanted),
            Membership.state == "active",
            Person.state == "active",
            Subject.public,
            valid_on(start, end, literal(city_day(uow).isoformat())),
        )
        .order_by(Person.sort_name, Membership.id)
    )
    people: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in uow.session.execute(has):
        if (row.name, row.slug) not in people[row.post_id]:
            people[row.post_id].append((row.name, row.slug))
    return {
        row.id: Holder(row.id, row.label, row.portfolio, row.name, row.slug, tuple(people.get(row.id, ())))
        for row in uow.session.execute(posts)
    }


def phase_changes(uow: UnitOfWork, dossier_id: uuid.UUID) -> Sequence[PhaseChange]:
    """The moves of a dossier, first to last. One statement."""
    statement = select(PhaseChange).where(PhaseChange.dossier_id == dossier_id).order_by(PhaseChange.at, PhaseChange.id)
    return uow.session.execute(statement).scalars().all()
