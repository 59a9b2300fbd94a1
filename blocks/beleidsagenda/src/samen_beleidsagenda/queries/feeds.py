"""What feeds read: the stored calendar texts of moments, when something changed last, and what changed recently."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, true, tuple_, union_all

from citycontent.api import Organization
from samen_beleidsagenda.models import Body, Commitment, Decision, Dossier, DossierArea, DossierTheme, Entry, Motion
from samen_beleidsagenda.queries.following import entry_condition
from samen_core.api import Platform, UnitOfWork

MOST = 10_000
"""Moments in one calendar; of more, those farthest ahead."""
_E = Entry.__table__.c
_D = Dossier.__table__.c
_THEME = DossierTheme.__table__.c
_AREA = DossierArea.__table__.c

_STAMP = """
SELECT (SELECT max(changed_at) FROM beleidsagenda__entry WHERE visible = true),
       (SELECT max(changed_at) FROM beleidsagenda__entry WHERE visible = false),
       (SELECT max(changed_at) FROM beleidsagenda__dossier WHERE state = 'published')
"""
_LAST = select(func.max(union_all(select(func.max(_E.changed_at).label("at")), select(func.max(_D.changed_at))).subquery().c.at))


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which moments a calendar holds: those of everything that is set. ``area_ids`` are an area and all within it."""

    theme_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    dossier_id: uuid.UUID | None = None
    body_id: uuid.UUID | None = None
    follower_id: uuid.UUID | None = None


def stamp(platform: Platform) -> tuple[Any, ...]:
    """What is another thing as soon as a calendar is: when moments that everybody sees, moments that nobody sees any more and public
    dossiers changed last. Moments come and go by a change of their own, and are tied to themes and areas by their dossier.

    One statement of three seeks, past SQLAlchemy: programs ask this all day, mostly to hear that nothing changed.
    """
    connection = platform.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(_STAMP)
        found: tuple[Any, ...] = tuple(cursor.fetchone() or ())
        cursor.close()
        return found
    finally:
        connection.close()


def last_change(uow: UnitOfWork) -> datetime | None:
    """When a moment or dossier changed last, also one that nobody sees any more: dossiers tie moments to areas. One statement."""
    found: datetime | None = uow.session.connection().execute(_LAST).scalar_one()
    return found


def vevents(uow: UnitOfWork, filter: FeedFilter, since: date) -> Sequence[str]:
    """The stored calendar texts of what everybody may see and began on ``since`` or later, first the farthest ahead. One statement."""
    statement = (
        select(_E.vevent)
        .where(_E.visible == true(), _E.start_date >= since, *_conditions(filter))
        .order_by(_E.start_date.desc(), _E.subject_id.desc())
        .limit(MOST)
    )
    return uow.session.connection().execute(statement).scalars().all()


def _conditions(filter: FeedFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.theme_id is not None:
        found.append(_E.dossier_id.in_(select(_THEME.dossier_id).where(_THEME.theme_id == filter.theme_id)))
    if filter.area_ids is not None:
        found.append(_E.dossier_id.in_(select(_AREA.dossier_id).where(_AREA.area_id.in_(filter.area_ids))))
    if filter.dossier_id is not None:
        found.append(_E.dossier_id == filter.dossier_id)
    if filter.body_id is not None:
        found.append(_E.body_id == filter.body_id)
    if filter.follower_id is not None:
        found.append(entry_condition(filter.follower_id))
    return found


def entries(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Entry]:
    """The rows of the moments among these things."""
    found = uow.session.execute(select(Entry).where(Entry.subject_id.in_(ids), Entry.visible == true())).scalars()
    return {entry.subject_id: entry for entry in found}


def public_dossier(uow: UnitOfWork, slug: str) -> Any:
    """The ``id title slug`` of a dossier that everybody may see, or None."""
    return uow.session.execute(select(_D.id, _D.title, _D.slug).where(_D.slug == slug, *_public(Dossier))).one_or_none()


def bodies(uow: UnitOfWork) -> Sequence[Any]:
    """The ``id name slug`` of every body, in their order."""
    statement = (
        select(Organization.id, Organization.name, Organization.slug)
        .join(Body, Body.organization_id == Organization.id)
        .where(Organization.state == "active")
        .order_by(Body.position, Organization.sort_name)
    )
    return uow.session.execute(statement).all()


def dossiers_by_title(uow: UnitOfWork, limit: int) -> Sequence[Any]:
    """The ``id title slug`` of the dossiers that everybody may see, by title."""
    statement = select(_D.id, _D.title, _D.slug).where(*_public(Dossier)).order_by(_D.sort_title, _D.id).limit(limit)
    return uow.session.execute(statement).all()


@dataclass(frozen=True, slots=True)
class Recent:
    """Where a list of changes goes on: after the thing with this id that changed at this moment."""

    at: datetime
    id: uuid.UUID


def recent_changes(uow: UnitOfWork, after: Recent | None, limit: int) -> Sequence[Any]:
    """What changed last that everybody may see: planned moments, meetings, decisions, motions and commitments, newest first.

    Rows ``type id title text changed_at`` (``type`` of a moment is its kind), one more than ``limit`` where there are more. One
    statement; each part walks its own index.
    """
    kinds = ((Decision, "body_decision"), (Motion, "motion"), (Commitment, "commitment"))
    moments = select(_E.kind.label("type"), _E.subject_id.label("id"), _E.title, literal("").label("text"), _E.changed_at).where(
        _E.visible == true()
    )
    parts = [_newest(moments, _E.changed_at, _E.subject_id, after, limit)]
    for model, name in kinds:
        table = model.__table__.c
        chosen = select(literal(name).label("type"), table.id.label("id"), table.title, table.text.label("text"), table.changed_at)
        parts.append(_newest(chosen.where(*_public(model)), table.changed_at, table.id, after, limit))
    both = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return uow.session.execute(select(both).order_by(both.c.changed_at.desc(), both.c.id.desc()).limit(limit + 1)).all()


def _newest(statement: Select[Any], changed_at: Any, id: Any, after: Recent | None, limit: int) -> Select[Any]:
    if after is not None:
        statement = statement.where(tuple_(changed_at, id) < tuple_(literal(after.at, changed_at.type), literal(after.id, id.type)))
    return statement.order_by(changed_at.desc(), id.desc()).limit(limit + 1)


def _public(model: Any) -> tuple[ColumnElement[bool], ...]:
    table = model.__table__.c
    return (and_(table.state == "published", table.confidential != true()),)
