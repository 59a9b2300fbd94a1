"""The text of the city's things for the search index. Only what every visitor may read: the index knows no readers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from citycontent.models import Area, Event, Membership, Organization, Person, Project, Theme
from citycontent.queries.themes import themes_of
from samen_core.api import SearchDocument, UnitOfWork, markdown_text

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ORGANIZATIONS = select(
    Organization.id,
    Organization.name,
    Organization.other_names,
    Organization.classification,
    Organization.abstract,
    Organization.description,
).where(Organization.id.in_(_IDS), Organization.state == "active")
_PERSONS = select(Person.id, Person.name, Person.summary, Person.biography).where(
    Person.id.in_(_IDS), Person.state == "active", Person.visibility != "private"
)
_ROLES = (
    select(Membership.person_id, Membership.label, Membership.role, Organization.name)
    .join(Organization, Organization.id == Membership.organization_id)
    .where(Membership.person_id.in_(_IDS), Membership.state == "active", Organization.state == "active")
    .order_by(Membership.id)
)
_PROJECTS = select(Project.id, Project.name, Project.summary, Project.description).where(Project.id.in_(_IDS), Project.state == "active")
_EVENTS = select(Event.id, Event.name, Event.summary, Event.description, Event.location).where(Event.id.in_(_IDS), Event.state == "active")
_AREAS = select(Area.id, Area.name, Area.code, Area.classification).where(
    Area.id.in_(_IDS), Area.state == "active", Area.valid_until.is_(None)
)
_THEMES = select(Theme.id, Theme.name, Theme.alternative_names, Theme.description).where(Theme.id.in_(_IDS), Theme.state == "active")


def organization_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Organisations: other names, kind and themes beside the description."""
    themes = _theme_names(uow, ids)
    return [
        SearchDocument(
            row.id,
            row.name,
            keywords=_joined([*(name["name"] for name in row.other_names), row.classification, *themes[row.id]]),
            body=_joined([row.abstract, markdown_text(row.description)], "\n"),
        )
        for row in _rows(uow, _ORGANIZATIONS, ids)
    ]


def person_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Persons who may be shown, with their roles and organisations."""
    roles: dict[uuid.UUID, list[str]] = defaultdict(list)
    for row in _rows(uow, _ROLES, ids):
        roles[row.person_id] += [row.label or row.role, row.name]
    return [
        SearchDocument(
            row.id,
            row.name,
            keywords=_joined(dict.fromkeys(roles[row.id])),
            body=_joined([row.summary, markdown_text(row.biography)], "\n"),
        )
        for row in _rows(uow, _PERSONS, ids)
    ]


def project_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Projects with their themes."""
    themes = _theme_names(uow, ids)
    return [
        SearchDocument(
            row.id, row.name, keywords=_joined(themes[row.id]), body=_joined([row.summary, markdown_text(row.description)], "\n")
        )
        for row in _rows(uow, _PROJECTS, ids)
    ]


def event_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """What is on the calendar, with its place and themes."""
    themes = _theme_names(uow, ids)
    return [
        SearchDocument(
            row.id,
            row.name,
            keywords=_joined([row.location, *themes[row.id]]),
            body=_joined([row.summary, markdown_text(row.description)], "\n"),
        )
        for row in _rows(uow, _EVENTS, ids)
    ]


def area_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """The areas of the current division."""
    return [SearchDocument(row.id, row.name, keywords=f"{row.classification} {row.code}") for row in _rows(uow, _AREAS, ids)]


def theme_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Themes with the other words for them."""
    return [
        SearchDocument(row.id, row.name, keywords=_joined(row.alternative_names), body=markdown_text(row.description))
        for row in _rows(uow, _THEMES, ids)
    ]


def _rows(uow: UnitOfWork, statement: Any, ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    found: Sequence[Any] = uow.session.execute(statement, {"ids": list(ids)}).all()
    return found


def _theme_names(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    return {subject_id: [row.name for row in rows] for subject_id, rows in themes_of(uow, ids).items()}


def _joined(parts: Iterable[str], between: str = ", ") -> str:
    return between.join(part for part in parts if part)
