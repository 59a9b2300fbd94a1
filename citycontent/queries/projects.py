"""Projects: lists and the facts of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select

from citycontent.models import Organization, Project, ProjectArea, Relation, ThemeLink
from citycontent.models.relation import PARTNER
from citycontent.queries.lists import AnyRow, KeptList, chosen, list_page, matching
from citycontent.queries.pictures import PICTURE_COLUMNS
from samen_core.api import File, Order, Page, PageRequest, SortKey, UnitOfWork

ORDERS = {
    "name": Order("name", SortKey(Project.sort_name), SortKey(Project.id)),
    "newest": Order("newest", SortKey(Project.id, descending=True)),
}
CARD = (
    Project.id,
    Project.slug,
    Project.name,
    Project.sort_name,
    Project.summary,
    Project.status,
    Project.start_date,
    Project.end_date,
    Project.lead_organization_id,
    Project.updated_at,
)
"""The columns of a list on a page."""

FULL = tuple(column for column in Project.__table__.columns if column.key != "geometry")
"""Every column but the geometry, as REST lists them."""

_T = Project.__table__.c
_AREA = ProjectArea.__table__.c
_THEME = ThemeLink.__table__.c
_RELATION = Relation.__table__.c
_PARTNER = select(_RELATION.subject_id).where(_RELATION.object_id == bindparam("organization_id"), _RELATION.predicate == PARTNER)
_LISTS = KeptList(
    lambda columns: select(*columns).where(_T.state == "active"),
    {
        "status": _T.status == bindparam("status"),
        "area_ids": _T.id.in_(select(_AREA.project_id).where(_AREA.area_id.in_(bindparam("area_ids", expanding=True)))),
        "theme_id": _T.id.in_(select(_THEME.subject_id).where(_THEME.theme_id == bindparam("theme_id"))),
        "organization_id": (_T.lead_organization_id == bindparam("organization_id")) | _T.id.in_(_PARTNER),
    },
)
_DETAIL = (
    select(
        *Project.__table__.columns,
        Organization.name.label("lead_organization_name"),
        Organization.slug.label("lead_organization_slug"),
        Organization.sector.label("lead_organization_sector"),
        *PICTURE_COLUMNS,
    )
    .outerjoin(Organization, (Organization.id == Project.lead_organization_id) & (Organization.state == "active"))
    .outerjoin(File, File.id == Project.picture_id)
)
_BY_SLUG = _DETAIL.where(Project.slug == bindparam("slug"), Project.state == "active")
_BY_ID = _DETAIL.where(Project.id == bindparam("id"))
_TAKES_PART = select(Relation.subject_id).where(Relation.object_id == bindparam("id"), Relation.predicate == PARTNER)
_OF_ORGANIZATION = (
    select(*CARD)
    .where(Project.state == "active", (Project.lead_organization_id == bindparam("id")) | Project.id.in_(_TAKES_PART))
    .order_by(Project.sort_name, Project.id)
    .limit(bindparam("limit"))
)
_AREAS = select(ProjectArea.project_id, ProjectArea.area_id).where(ProjectArea.project_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects. ``area_ids`` come from :meth:`AreaTree.within`."""

    status: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    text: str = ""


def list_projects(
    uow: UnitOfWork,
    filter: ProjectFilter,
    request: PageRequest,
    *,
    order: str = "name",
    with_count: bool = True,
    columns: Sequence[Any] = CARD,
) -> Page[Row[Any]]:
    """A page of active projects; rows with ``columns``. At most three statements."""
    values = chosen(filter, "status", "area_ids", "theme_id", "organization_id")
    statement = _LISTS.statement(columns, values)
    if filter.text:
        statement = statement.where(matching(uow, Project, "project", filter.text))
    return list_page(uow, statement, ORDERS[order], request, with_count=with_count, values=values, keep=not filter.text)


def project_by_slug(uow: UnitOfWork, slug: str) -> AnyRow | None:
    """Every column of an active project, with ``lead_organization_name``, ``…_slug``, ``…_sector``; None when no such slug is in use."""
    return uow.session.execute(_BY_SLUG, {"slug": slug}).one_or_none()


def project_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """Like :func:`project_by_slug`, in any state."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def projects_of(uow: UnitOfWork, organization_id: uuid.UUID, limit: int = 50) -> Sequence[AnyRow]:
    """The projects that an organisation leads or takes part in, by name; rows with the columns of :data:`CARD`."""
    return uow.session.execute(_OF_ORGANIZATION, {"id": organization_id, "limit": limit}).all()


def areas_of(uow: UnitOfWork, project_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The areas of each of these projects. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {project_id: [] for project_id in project_ids}
    for row in uow.session.execute(_AREAS, {"ids": list(project_ids)}):
        found[row.project_id].append(row.area_id)
    return found
