"""The tool lists of projects."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from citycontent.api import Project
from samen_core.api import UnitOfWork
from samen_gereedschap.models import Need, ProjectTools

_LIST = (
    select(Project.id, Project.name, Project.slug, Project.lead_organization_id, Project.state)
    .add_columns(ProjectTools.version, ProjectTools.open, ProjectTools.note, ProjectTools.updated_at, Need.kind, Need.number)
    .outerjoin(ProjectTools, ProjectTools.project_id == Project.id)
    .outerjoin(Need, Need.project_id == ProjectTools.project_id)
)
_NAMED: tuple[Any, ...] = (Project.id, Project.name)
_OPEN = (
    select(*_NAMED)
    .join(ProjectTools, ProjectTools.project_id == Project.id)
    .where(ProjectTools.open, Project.state == "active")
    .order_by(Project.sort_name, Project.id)
    .limit(100)
)


@dataclass(frozen=True, slots=True)
class ToolList:
    """The tool list of a project; ``version`` 0 when it has none yet."""

    project_id: uuid.UUID
    project: str
    slug: str
    lead_organization_id: uuid.UUID | None
    version: int
    open: bool
    note: str
    updated_at: datetime | None
    needs: dict[str, int]


def tool_list(uow: UnitOfWork, project_id: uuid.UUID) -> ToolList | None:
    """The tool list of an active project; None when there is no such project. One statement."""
    rows = uow.session.execute(_LIST.where(Project.id == project_id, Project.state == "active")).all()
    if not rows:
        return None
    row = rows[0]
    needs = {found.kind: found.number for found in rows if found.kind}
    return ToolList(
        row.id, row.name, row.slug, row.lead_organization_id, row.version or 0, bool(row.open), row.note or "", row.updated_at, needs
    )


def open_projects(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """The projects that one may borrow for now, by name. One statement."""
    return uow.session.execute(_OPEN).all()
