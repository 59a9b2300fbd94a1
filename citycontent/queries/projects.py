"""Reading projects: the list with its filters, one page, and the projects of an organisation, area or theme."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from citycontent.models import Organization, Project, ProjectArea, Relation, ThemeLink
from citycontent.models.relation import PARTNER
from citycontent.queries.filters import AnyRow, AnySelect, contains
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

BY_NAME = Order("project.name", SortKey(Project.sort_name), SortKey(Project.id))
NEWEST = Order("project.newest", SortKey(Project.id, descending=True))

_LIST: AnySelect = select(
    Project.id, Project.slug, Project.name, Project.sort_name, Project.summary, Project.status, Project.start_date, Project.end_date
).where(Project.state == "active")
_ONE: AnySelect = (
    select(
        *(column for column in Project.__table__.columns if column.key != "geometry"),
        Organization.name.label("lead_name"),
        Organization.slug.label("lead_slug"),
        Organization.sector.label("lead_sector"),
    )
    .outerjoin(Organization, (Organization.id == Project.lead_organization_id) & (Organization.state == "active"))
    .where(Project.slug == bindparam("slug"))
)
_PARTNERS: AnySelect = (
    select(Organization.name, Organization.slug, Organization.sector)
    .join(Relation, Relation.object_id == Organization.id)
    .where(Relation.subject_id == bindparam("id"), Relation.predicate == PARTNER, Organization.state == "active")
    .order_by(Organization.sort_name, Organization.id)
    .limit(bindparam("limit"))
)
_AREAS = select(ProjectArea.project_id, ProjectArea.area_id).where(ProjectArea.project_id.in_(bindparam("ids", expanding=True)))
OPEN_STATUSES = ("idea", "preparation", "execution")


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What a list of projects is narrowed to. ``organization_id`` leads the project or takes part in it."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    area_ids: tuple[uuid.UUID, ...] = ()
    theme_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None

    def apply(self, statement: AnySelect) -> AnySelect:
        """The statement with the conditions of this filter."""
        if self.text:
            statement = statement.where(contains(self.text, Project.sort_name, Project.summary))
        if self.statuses:
            statement = statement.where(Project.status.in_(self.statuses))
        if self.area_ids:
            statement = statement.where(Project.id.in_(select(ProjectArea.project_id).where(ProjectArea.area_id.in_(self.area_ids))))
        if self.theme_id:
            statement = statement.where(Project.id.in_(select(ThemeLink.subject_id).where(ThemeLink.theme_id == self.theme_id)))
        if self.organization_id:
            takes_part = select(Relation.subject_id).where(Relation.object_id == self.organization_id, Relation.predicate == PARTNER)
            statement = statement.where(or_(Project.lead_organization_id == self.organization_id, Project.id.in_(takes_part)))
        return statement


def list_projects(uow: UnitOfWork, chosen: ProjectFilter, request: PageRequest, order: Order = BY_NAME) -> Page[AnyRow]:
    """A page of projects. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, chosen.apply(_LIST), order, request)


def count_projects(uow: UnitOfWork, chosen: ProjectFilter) -> Count:
    """How many there are, exact to 1,000. One statement."""
    return count_up_to(uow.session, chosen.apply(_LIST))


def project_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Everything of one project but its geometry, with the name of who leads it; also when it was taken away."""
    return uow.session.execute(_ONE, {"slug": slug}).one_or_none()


def partners_of_project(uow: UnitOfWork, id: uuid.UUID, limit: int = 50) -> Sequence[AnyRow]:
    """The organisations that take part in a project, by name. One statement."""
    return uow.session.execute(_PARTNERS, {"id": id, "limit": limit}).all()


def areas_of_projects(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The areas of each of these projects. One statement; none without ids."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    if ids:
        for row in uow.session.execute(_AREAS, {"ids": list(ids)}):
            found[row.project_id].append(row.area_id)
    return found
