"""Dossiers: the list with its filters, and the facts of one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal, or_, select

from citycontent.api import Membership, Organization, Person, Post, Project, valid_on
from samen_beleidsagenda.models import Dossier, DossierArea, DossierProject, DossierTheme, PhaseChange
from samen_beleidsagenda.queries.lights import city_day, light_column
from samen_beleidsagenda.queries.visibility import shown_dossiers
from samen_core.api import Count, Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, fold, parse_query

MOST_FOUND = 500
"""A search looks at most at this many dossiers whose text matches; titles are always looked at."""
WORK_STATES = ("draft", "submitted", "published")
ORDERS = {
    "title": Order("dossier.title", SortKey(Dossier.sort_title), SortKey(Dossier.id)),
    "changed": Order("dossier.changed", SortKey(Dossier.changed_at, descending=True), SortKey(Dossier.id, descending=True)),
}
CARD: tuple[Any, ...] = (
    Dossier.id,
    Dossier.slug,
    Dossier.title,
    Dossier.sort_title,
    Dossier.summary,
    Dossier.phase,
    Dossier.phase_since,
    Dossier.level,
    Dossier.holder_id,
    Dossier.state,
    Dossier.confidential,
    Dossier.changed_at,
)
"""The columns of a list on a page; the light comes with them."""


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
    light = light_column(city_day(uow))
    statement: Select[Any] = select(*columns, light, Post.label.label("holder")).outerjoin(Post, Post.id == Dossier.holder_id)
    statement = statement.where(*_conditions(uow, chosen, light))
    page = fetch_page(uow.session, statement, ORDERS[order], request)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def _conditions(uow: UnitOfWork, chosen: DossierFilter, light: ColumnElement[str]) -> list[ColumnElement[bool]]:
    found = [shown_dossiers(uow, *chosen.states)]
    if chosen.phase is not None:
        found.append(Dossier.phase == chosen.phase)
    if chosen.running:
        found.append(Dossier.phase.not_in(("completed", "withdrawn")))
    if chosen.holder_id is not None:
        found.append(Dossier.holder_id == chosen.holder_id)
    if chosen.theme_id is not None:
        found.append(Dossier.id.in_(select(DossierTheme.dossier_id).where(DossierTheme.theme_id == chosen.theme_id)))
    if chosen.project_id is not None:
        found.append(Dossier.id.in_(select(DossierProject.dossier_id).where(DossierProject.project_id == chosen.project_id)))
    if chosen.area_ids is not None:
        found.append(Dossier.id.in_(select(DossierArea.dossier_id).where(DossierArea.area_id.in_(chosen.area_ids))))
    if chosen.light is not None:
        found.append(light.element == chosen.light)
    if chosen.text:
        found.append(_matching(uow, chosen.text))
    return found


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


def dossier_id_of(uow: UnitOfWork, slug: str) -> uuid.UUID | None:
    """The id of the dossier at this address, whatever its state. One statement."""
    return uow.session.execute(select(Dossier.id).where(Dossier.slug == slug)).scalar_one_or_none()


def state_numbers(uow: UnitOfWork) -> dict[str, int]:
    """How many dossiers the actor may see in each state. One statement."""
    statement = select(Dossier.state, func.count()).where(shown_dossiers(uow, *WORK_STATES)).group_by(Dossier.state)
    return dict(uow.session.execute(statement).all())


@dataclass(frozen=True, slots=True)
class Around:
    """What a dossier is linked to: ids of themes and areas, and (name, slug) of projects and of the organisation that does the work."""

    theme_ids: tuple[uuid.UUID, ...]
    area_ids: tuple[uuid.UUID, ...]
    projects: tuple[tuple[str, str], ...]
    organization: tuple[str, str] | None


def around(uow: UnitOfWork, dossier: Dossier) -> Around:
    """What a dossier is linked to. At most four statements."""
    themes = select(DossierTheme.theme_id).where(DossierTheme.dossier_id == dossier.id)
    areas = select(DossierArea.area_id).where(DossierArea.dossier_id == dossier.id)
    projects = (
        select(Project.name, Project.slug)
        .join(DossierProject, DossierProject.project_id == Project.id)
        .where(DossierProject.dossier_id == dossier.id, Project.state == "active")
        .order_by(Project.sort_name, Project.id)
    )
    worker = select(Organization.name, Organization.slug).where(Organization.id == dossier.organization_id, Organization.state == "active")
    found = uow.session.execute(worker).one_or_none() if dossier.organization_id else None
    return Around(
        tuple(uow.session.execute(themes).scalars()),
        tuple(uow.session.execute(areas).scalars()),
        tuple((row.name, row.slug) for row in uow.session.execute(projects)),
        (found.name, found.slug) if found else None,
    )


def themes_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The themes of each of these dossiers. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    statement = select(DossierTheme.dossier_id, DossierTheme.theme_id).where(DossierTheme.dossier_id.in_(list(ids)))
    for dossier_id, theme_id in uow.session.execute(statement):
        found[dossier_id].append(theme_id)
    return found


def areas_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The areas of each of these dossiers. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    statement = select(DossierArea.dossier_id, DossierArea.area_id).where(DossierArea.dossier_id.in_(list(ids)))
    for dossier_id, area_id in uow.session.execute(statement):
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
