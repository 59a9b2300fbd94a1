"""The JSON-LD document of one thing of the city, for ``/id/{type}/{uuid}.jsonld``: what its page shows, no more."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from citycontent.exchange.jsonld import LinkedData, Node
from citycontent.queries import events, memberships, organizations, persons, projects, themes
from citycontent.queries.areas import area_tree
from samen_core.api import NotFound, UnitOfWork


def _data(uow: UnitOfWork) -> LinkedData:
    return LinkedData(uow.platform.config.web.base_url.rstrip("/"))


def organization(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """An organisation. Raises NotFound."""
    row = _found(organizations.organization_by_id(uow, id))
    return _data(uow).organization(row, themes.identifiers_of(uow, [id])[id], area_tree(uow).get(row.area_id))


def person(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A person as far as the reader may see. Raises NotFound."""
    return _data(uow).person(_found(persons.person_by_id(uow, id)), memberships.memberships_of(uow, id))


def project(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A project. Raises NotFound."""
    row, tree = _found(projects.project_by_id(uow, id)), area_tree(uow)
    inside = [tree.get(area_id) for area_id in projects.areas_of(uow, [id])[id]]
    return _data(uow).project(row, inside, themes.themes_of(uow, [id])[id], themes.identifiers_of(uow, [id])[id])


def event(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """An event. Raises NotFound."""
    return _data(uow).event(_found(events.event_by_id(uow, id)), themes.themes_of(uow, [id])[id])


def area(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """An area. Raises NotFound."""
    tree = area_tree(uow)
    row = _found(tree.get(id))
    return _data(uow).area(row, tree.get(row.parent_id))


def theme(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A theme. Raises NotFound."""
    return _data(uow).theme(_found(themes.theme_by_id(uow, id)))


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row


DOCUMENTS: dict[str, Callable[[UnitOfWork, uuid.UUID], Node]] = {
    "organization": organization,
    "person": person,
    "project": project,
    "event": event,
    "area": area,
    "theme": theme,
}
"""By subject type."""
