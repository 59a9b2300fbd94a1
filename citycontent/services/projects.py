"""Projects: adding, changing and taking away."""

from __future__ import annotations

import uuid
from typing import Any

from citycontent.events import ProjectCreated, ProjectDeleted, ProjectUpdated
from citycontent.models import Project
from citycontent.models.relation import PARTNER
from citycontent.paths import page
from citycontent.permissions import EDIT_PROJECT
from citycontent.queries import lookups
from citycontent.queries.areas import common_area
from citycontent.queries.lookups import Links
from citycontent.schemas import CreateProject, Delete, SetPicture, UpdateProject
from citycontent.services.counters import count, shift
from citycontent.services.entities import add, assign, change, check_version, locked, refs
from citycontent.services.pictures import attach_new_picture, change_picture, check_new_picture, pick, picture_value
from citycontent.services.references import (
    AREAS,
    PARTNERS,
    THEMES,
    Reference,
    check_references,
    links_before,
    many,
    set_identifiers,
    set_links,
)
from citycontent.services.slugs import take_slug
from citycontent.services.texts import identifier_lines, link_lines
from samen_core.api import SubjectData, UnitOfWork, fold, uuid7

TYPE = "project"
STATUS = "project.status"
FIELDS = (
    "name",
    "status",
    "summary",
    "description",
    "start_date",
    "end_date",
    "budget",
    "lead_organization_id",
    "homepage",
    "links",
    "sources",
)
LINKED = ("theme_ids", "area_ids", "partner_organization_ids", "identifiers")


def create_project(uow: UnitOfWork, command: CreateProject) -> Project:
    """Add a project. A manager of the leading organisation may too. Raises NotAllowed, and Invalid for what it refers to."""
    EDIT_PROJECT.require(uow.actor, scopes=_scopes(command.lead_organization_id))
    check_references(uow, _references(command))
    picture_id = check_new_picture(uow, command.picture)
    new_id = uuid7()
    if command.identifiers:
        links_before(uow, TYPE, new_id, command.identifiers)
    project = Project(id=new_id, slug=take_slug(uow, TYPE, command.name, new_id), created_at=uow.now, updated_at=uow.now)
    assign(project, command, FIELDS)
    project.sort_name, project.picture_id = fold(command.name), picture_id
    card = _card(project, common_area(uow, command.area_ids))
    add(uow, project, TYPE, card, ProjectCreated, about=_about(command), links={name: getattr(command, name) for name in LINKED})
    attach_new_picture(uow, project, command.picture)
    _set_links(uow, new_id, Links(), command)
    count(uow, {(STATUS, project.status): 1})
    return project


def update_project(uow: UnitOfWork, id: uuid.UUID, command: UpdateProject) -> Project:
    """Replace what is known of a project. Raises NotFound, Gone, NotAllowed, Invalid, and Conflict with the values of now."""
    project = locked(uow, Project, id)
    EDIT_PROJECT.require(uow.actor, id, scopes=_scopes(project.lead_organization_id))
    if command.lead_organization_id and command.lead_organization_id != project.lead_organization_id:
        EDIT_PROJECT.require(uow.actor, command.lead_organization_id)
    check_version(project, command.version, lambda: project_values(uow, project))
    before = links_before(uow, TYPE, id, command.identifiers)
    known: list[Reference] = [("lead_organization_id", "organization", project.lead_organization_id)]
    known += many("partner_organization_ids", "organization", before.partner_organization_ids)
    known += [*many("area_ids", "area", before.area_ids), *many("theme_ids", "theme", before.theme_ids)]
    check_references(uow, _references(command), known)
    picked = pick(uow, project, command.picture)
    area_before = common_area(uow, before.area_ids)
    area_after = area_before if set(command.area_ids) == set(before.area_ids) else common_area(uow, command.area_ids)
    slug = project.slug if fold(command.name) == project.sort_name else take_slug(uow, TYPE, command.name, id)
    card, status = _card(project, area_before), project.status
    assign(project, command, FIELDS)
    project.slug, project.sort_name, project.picture_id = slug, fold(command.name), picked.id
    links = (
        {**{name: getattr(before, name) for name in LINKED}, **picked.links[0]},
        {**{name: getattr(command, name) for name in LINKED}, **picked.links[1]},
    )
    if change(uow, project, TYPE, (card, _card(project, area_after)), ProjectUpdated, about=_about(command), links=links):
        _set_links(uow, id, before, command)
        count(uow, shift(STATUS, status, project.status))
    return project


def set_project_picture(uow: UnitOfWork, id: uuid.UUID, command: SetPicture) -> Project:
    """Give a project another picture, or none. Raises as :func:`update_project`."""
    project = locked(uow, Project, id)
    EDIT_PROJECT.require(uow.actor, id, scopes=_scopes(project.lead_organization_id))
    check_version(project, command.version, lambda: project_values(uow, project))
    card = _card(project, None)  # the card does not change, so its area is not looked up
    change_picture(uow, project, card, ProjectUpdated, command.picture)
    return project


def delete_project(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take a project away. One that ended or stopped keeps its page: give it that status instead."""
    project = locked(uow, Project, id)
    EDIT_PROJECT.require(uow.actor, id, scopes=_scopes(project.lead_organization_id))
    check_version(project, command.version, lambda: project_values(uow, project))
    before = lookups.links(uow, TYPE, id)
    area = common_area(uow, before.area_ids)
    card = _card(project, area)
    project.state = "deleted"
    about = refs(("area", before.area_ids), ("theme", before.theme_ids), ("organization", project.lead_organization_id))
    change(uow, project, TYPE, (card, _card(project, area)), ProjectDeleted, about=about, reason=command.reason)
    count(uow, {(STATUS, project.status): -1})


def project_values(uow: UnitOfWork, project: Project) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdateProject` with lists as lines."""
    links = lookups.links(uow, TYPE, project.id)
    return {
        **{name: getattr(project, name) for name in (*FIELDS, "version")},
        **{name: getattr(links, name) for name in LINKED},
        "picture": picture_value(uow, project),
        "identifiers": identifier_lines(links.identifiers),
        "links": link_lines(project.links),
        "sources": link_lines(project.sources),
    }


def _set_links(uow: UnitOfWork, id: uuid.UUID, before: Links, command: CreateProject) -> None:
    set_links(uow, AREAS, {"project_id": id}, before.area_ids, command.area_ids)
    set_links(uow, THEMES, {"subject_id": id}, before.theme_ids, command.theme_ids)
    partners = (before.partner_organization_ids, command.partner_organization_ids)
    set_links(uow, PARTNERS, {"subject_id": id, "predicate": PARTNER}, *partners)
    set_identifiers(uow, TYPE, id, before.identifiers, command.identifiers)


def _scopes(organization_id: uuid.UUID | None) -> tuple[uuid.UUID, ...]:
    return (organization_id,) if organization_id else ()


def _about(command: CreateProject) -> Any:
    organizations = (command.lead_organization_id, *command.partner_organization_ids)
    return refs(("area", command.area_ids), ("theme", command.theme_ids), ("organization", organizations))


def _card(project: Project, area_id: uuid.UUID | None) -> SubjectData:
    return SubjectData(
        title=project.name,
        url=page(TYPE, project.slug),
        summary=project.summary,
        area_ref=area_id,
        state="deleted" if project.state == "deleted" else "active",
    )


def _references(command: CreateProject) -> list[Reference]:
    return [
        ("lead_organization_id", "organization", command.lead_organization_id),
        *many("partner_organization_ids", "organization", command.partner_organization_ids),
        *many("area_ids", "area", command.area_ids),
        *many("theme_ids", "theme", command.theme_ids),
    ]
