"""Projects."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity, Pictured
from citycontent.models.types import PartialDate, PartialDateColumn
from samen_core.api import Base, Code, JSONType

PROJECT_STATUSES = ("idea", "preparation", "execution", "completed", "stopped")


class Project(PageEntity, Pictured, Base):
    """Something the city or others are doing for a time. ``budget`` is in whole euros; ``geometry`` is GeoJSON in WGS84."""

    __tablename__ = "citycontent__project"
    __table_args__ = (
        Index("ix_citycontent__project_state_sort_name_id", "state", "sort_name", "id"),
        Index("ix_citycontent__project_state_status_sort_name_id", "state", "status", "sort_name", "id"),
        Index("ix_citycontent__project_lead_organization_id", "lead_organization_id"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(Code)
    start_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    end_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    budget: Mapped[int | None] = mapped_column(BigInteger)
    lead_organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    homepage: Mapped[str] = mapped_column(default="")
    geometry: Mapped[dict[str, Any] | None] = mapped_column(JSONType, deferred=True)
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class ProjectArea(Base):
    """An area that a project is about."""

    __tablename__ = "citycontent__project_area"

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__project.id"), primary_key=True)
    area_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__area.id"), primary_key=True, index=True)
