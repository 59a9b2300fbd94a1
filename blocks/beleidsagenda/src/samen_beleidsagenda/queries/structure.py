"""Bodies, themes with their goals and holders, and posts with what they hold."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, literal, or_, select

from citycontent.api import Organization, Post, Theme, valid_on
from samen_beleidsagenda.models import Body, Document, DocumentDossier, Dossier, DossierTheme, Goal, ThemeHolder, ThemeProfile
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.lights import DONE_PHASES, city_day
from samen_beleidsagenda.queries.visibility import granted, shown_dossiers
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page

AnyRow = Row[*tuple[Any, ...]]
MOST = 500
BODY = (
    Body.organization_id,
    Body.version,
    Body.kind,
    Body.position,
    Body.source_url,
    Organization.name,
    Organization.slug,
    Organization.sort_name,
    Organization.abstract,
)
BODIES = Order("body.position", SortKey(Body.position), SortKey(Organization.sort_name), SortKey(Body.organization_id))
THEMES = Order("agenda_theme.name", SortKey(Theme.sort_name), SortKey(Theme.id))
GOALS = Order("goal.position", SortKey(Goal.position), SortKey(Goal.id))


def list_bodies(uow: UnitOfWork, request: PageRequest) -> Page[Row[Any]]:
    """A page of bodies in their order. One statement."""
    return fetch_page(uow.session, _bodies(), BODIES, request)


def bodies(uow: UnitOfWork) -> Sequence[AnyRow]:
    """Every body in its order. One statement."""
    return uow.session.execute(_bodies().order_by(Body.position, Organization.sort_name, Body.organization_id).limit(MOST)).all()


def body_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """A body by the slug of its organisation. One statement."""
    return uow.session.execute(_bodies().where(Organization.slug == slug)).one_or_none()


def body_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """A body by the id of its organisation. One statement."""
    return uow.session.execute(_bodies().where(Body.organization_id == id)).one_or_none()


def _bodies() -> Any:
    return select(*BODY).join(Organization, Organization.id == Body.organization_id).where(Organization.state == "active")


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme on the agenda: its profile (version 0: none) and how many public dossiers run on it."""

    id: uuid.UUID
    name: str
    slug: str
    description: str
    version: int
    position: int
    task_field: str
    running: int


def themes(uow: UnitOfWork) -> list[ThemeRow]:
    """Every theme of the city in the order of the agenda, those without a place last, with how many dossiers run on it. Two statements."""
    ordered = _themes().order_by(ThemeProfile.theme_id.is_(None), ThemeProfile.position, Theme.sort_name, Theme.id).limit(MOST)
    return _theme_rows(uow, uow.session.execute(ordered).all())


def list_themes(uow: UnitOfWork, request: PageRequest) -> Page[ThemeRow]:
    """A page of the themes of the city, by name. Two statements."""
    page = fetch_page(uow.session, _themes(), THEMES, request)
    return Page(_theme_rows(uow, page.items), page.next, page.previous)


def theme_by_id(uow: UnitOfWork, id: uuid.UUID) -> ThemeRow | None:
    """One theme on the agenda. Two statements."""
    return next(iter(_theme_rows(uow, uow.session.execute(_themes().where(Theme.id == id)).all())), None)


def _themes() -> Any:
    columns = (Theme.id, Theme.name, Theme.slug, Theme.sort_name, Theme.description)
    return (
        select(*columns, ThemeProfile.version, ThemeProfile.position, ThemeProfile.task_field)
        .outerjoin(ThemeProfile, ThemeProfile.theme_id == Theme.id)
        .where(Theme.state == "active")
    )


def _theme_rows(uow: UnitOfWork, rows: Sequence[Any]) -> list[ThemeRow]:
    running = (
        select(DossierTheme.theme_id, func.count())
        .join(Dossier, Dossier.id == DossierTheme.dossier_id)
        .where(shown_dossiers(uow, "published"), Dossier.phase.not_in(DONE_PHASES))
        .group_by(DossierTheme.theme_id)
    )
    numbers = dict(uow.session.execute(running).all())
    return [
        ThemeRow(
            row.id, row.name, row.slug, row.description, row.version or 0, row.position or 0, row.task_field or "", numbers.get(row.id, 0)
        )
        for row in rows
    ]


def theme_profile(uow: UnitOfWork, theme_id: uuid.UUID) -> ThemeProfile | None:
    """What the agenda knows of a theme. One statement."""
    return uow.session.execute(select(ThemeProfile).where(ThemeProfile.theme_id == theme_id)).scalar_one_or_none()


def goals_of(uow: UnitOfWork, theme_id: uuid.UUID) -> Sequence[AnyRow]:
    """The goals of a theme that the actor may see, in their order. One statement."""
    return uow.session.execute(_goals(uow).where(Goal.theme_id == theme_id).order_by(Goal.position, Goal.id).limit(MOST)).all()


def list_goals(uow: UnitOfWork, theme_id: uuid.UUID | None, request: PageRequest) -> Page[Row[Any]]:
    """A page of goals that the actor may see. One statement."""
    statement = _goals(uow)
    return fetch_page(uow.session, statement if theme_id is None else statement.where(Goal.theme_id == theme_id), GOALS, request)


def _goals(uow: UnitOfWork) -> Any:
    allowed = or_(Goal.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, Goal.id))
    written = and_(Goal.state != "deleted", granted(uow.actor, WRITE, Goal.id))
    return select(*Goal.__table__.columns).where(allowed, or_(Goal.state == "published", written))


@dataclass(frozen=True, slots=True)
class Holding:
    """A post that holds a theme for a period; ``now``: today."""

    id: uuid.UUID
    theme_id: uuid.UUID
    post_id: uuid.UUID
    post: str
    start_date: Any
    end_date: Any
    now: bool


def holdings(
    uow: UnitOfWork, *, theme_id: uuid.UUID | None = None, theme_ids: Iterable[uuid.UUID] | None = None, post_id: uuid.UUID | None = None
) -> list[Holding]:
    """Who holds and held a theme, or what a post holds and held; today's first. One statement."""
    today = literal(city_day(uow).isoformat())
    now = valid_on(ThemeHolder.start_date.expression, ThemeHolder.end_date.expression, today).label("now")
    statement = (
        select(ThemeHolder, Post.label, now)
        .join(Post, Post.id == ThemeHolder.post_id)
        .where(Post.state == "active")
        .order_by(now.desc(), func.coalesce(ThemeHolder.start_date, "").desc(), Post.label, ThemeHolder.id)
        .limit(MOST)
    )
    if theme_id is not None:
        statement = statement.where(ThemeHolder.theme_id == theme_id)
    if theme_ids is not None:
        statement = statement.where(ThemeHolder.theme_id.in_(list(theme_ids)))
    if post_id is not None:
        statement = statement.where(ThemeHolder.post_id == post_id)
    return [
        Holding(row.id, row.theme_id, row.post_id, label, row.start_date, row.end_date, bool(is_now))
        for row, label, is_now in uow.session.execute(statement)
    ]


def portfolio_posts(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The posts of bodies, which can hold a portfolio: ``id``, ``label`` and the ``organization``. One statement."""
    statement = (
        select(Post.id, Post.label, Organization.name.label("organization"))
        .join(Body, Body.organization_id == Post.organization_id)
        .join(Organization, Organization.id == Post.organization_id)
        .where(Post.state == "active", Organization.state == "active")
        .order_by(Body.position, Organization.sort_name, Post.label, Post.id)
        .limit(MOST)
    )
    return uow.session.execute(statement).all()


def holding_posts(uow: UnitOfWork) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By post the themes that it holds today, for the overview of portfolios. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    today = literal(city_day(uow).isoformat())
    now = valid_on(ThemeHolder.start_date.expression, ThemeHolder.end_date.expression, today)
    for post_id, theme_id in uow.session.execute(select(ThemeHolder.post_id, ThemeHolder.theme_id).where(now)):
        found[post_id].append(theme_id)
    return found


def theme_documents(uow: UnitOfWork, theme_id: uuid.UUID, already: uuid.UUID | None = None) -> list[tuple[uuid.UUID, str]]:
    """The public documents of the dossiers of a theme, newest first, to choose the one that a goal stands in. One statement."""
    statement = (
        select(Document.id, Document.title, Document.date)
        .outerjoin(DocumentDossier, DocumentDossier.document_id == Document.id)
        .outerjoin(DossierTheme, DossierTheme.dossier_id == DocumentDossier.dossier_id)
        .where(Document.state == "published", Document.confidential.is_(False))
        .where((DossierTheme.theme_id == theme_id) | (Document.id == already))
        .distinct()
        .order_by(Document.date.desc(), Document.id.desc())
        .limit(MOST)
    )
    return [(row.id, row.title) for row in uow.session.execute(statement)]
