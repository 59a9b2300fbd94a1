"""Organisations."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity, Pictured
from citycontent.models.types import PartialDate, PartialDateColumn
from samen_core.api import Base, Code

SECTORS = ("government", "business", "civil_society", "citizens")
"""The four sides of the table (DOMAIN.md); every organisation belongs to exactly one."""


class Organization(PageEntity, Pictured, Base):
    """An organisation, with the names of Popolo; ``sector``, ``homepage``, ``email`` and ``phone`` are ours.

    REST shows ``email``, ``phone`` and ``homepage`` as Popolo ``contact_details``; they are those of the organisation, never of a person.
    """

    __tablename__ = "citycontent__organization"
    __table_args__ = (
        Index("ix_citycontent__organization_state_sort_name_id", "state", "sort_name", "id"),
        Index("ix_citycontent__organization_state_sector_sort_name_id", "state", "sector", "sort_name", "id"),
        Index("ix_citycontent__organization_area_id_state", "area_id", "state"),
        Index("ix_citycontent__organization_parent_id", "parent_id"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    other_names: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sector: Mapped[str] = mapped_column(Code)
    classification: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    legal_form: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    address_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__address.id"), index=True)
    abstract: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    founding_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    dissolution_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    homepage: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
