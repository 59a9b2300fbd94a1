"""Areas: municipality, wijken and buurten with their CBS codes, per year."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity
from citycontent.models.types import PartialDate, PartialDateColumn
from samen_core.api import Base, Code, JSONType

CLASSIFICATIONS = ("gemeente", "wijk", "buurt")
"""The terms of CBS, from large to small; its codes start with GM, WK and BU."""


class Area(PageEntity, Base):
    """A part of the city as CBS drew it in one year: codes and borders change yearly, so the key is (code, year).

    ``geometry`` is GeoJSON in WGS84; ``lat`` and ``lon`` are a point inside. An area without ``valid_until`` is of the current division.
    """

    __tablename__ = "citycontent__area"
    __table_args__ = (
        UniqueConstraint("code", "year"),
        Index("ix_citycontent__area_parent_id", "parent_id"),
        Index("ix_citycontent__area_state_sort_name_id", "state", "sort_name", "id"),
        # What tells whether an area changed: nothing reads the areas, with their borders, for that.
        Index("ix_citycontent__area_updated_at", "updated_at"),
        Index("ix_citycontent__area_state_updated_at", "state", "updated_at"),
    )

    code: Mapped[str] = mapped_column(Code)
    year: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    classification: Mapped[str] = mapped_column(Code)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    geometry: Mapped[dict[str, Any] | None] = mapped_column(JSONType, deferred=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    hectares: Mapped[float | None]
    valid_from: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    valid_until: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
