"""Posts in organisations, and who holds them or is a member."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, Entity
from citycontent.models.types import PartialDate, PartialDateColumn
from samen_core.api import Base, personal, thing

_FOR = "laten zien namens wie iemand spreekt"
_KEPT = "zolang de rol loopt, daarna als deel van de geschiedenis van de organisatie"
_HISTORY = "hoort bij de geschiedenis van de organisatie; de naam staat er dan niet meer bij"
_MINE: dict[str, Any] = {
    "people": "known",
    "receivers": ("public",),
    "of": "person_id=citycontent__account_person.person_id",
    "erase": "keep",
}


class Post(Entity, Base):
    """A post that exists whoever holds it: chair, alderman for housing."""

    __tablename__ = "citycontent__post"
    __table_args__ = (Index("ix_citycontent__post_organization_id_state", "organization_id", "state"),)

    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"))
    label: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    portfolio: Mapped[str] = mapped_column(default="")
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    start_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    end_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)


class Membership(Entity, Base):
    """A person in an organisation, from when to when; an empty date is open. ``can_represent`` lets the person act on its behalf."""

    __tablename__ = "citycontent__membership"
    __table_args__ = (
        Index("ix_citycontent__membership_person_id_state", "person_id", "state"),
        Index("ix_citycontent__membership_organization_id_state", "organization_id", "state"),
        Index("ix_citycontent__membership_post_id", "post_id"),
        thing("Rol in een organisatie"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__person.id"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"))
    post_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__post.id"))
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    label: Mapped[str] = mapped_column(
        String(NAME_LENGTH), default="", info=personal(_FOR, "public_task", _KEPT, label="omschrijving", keep_reason=_HISTORY, **_MINE)
    )
    role: Mapped[str] = mapped_column(
        String(NAME_LENGTH), default="", info=personal(_FOR, "public_task", _KEPT, label="rol", keep_reason=_HISTORY, **_MINE)
    )
    start_date: Mapped[PartialDate | None] = mapped_column(
        PartialDateColumn, info=personal(_FOR, "public_task", _KEPT, label="vanaf", keep_reason=_HISTORY, **_MINE)
    )
    end_date: Mapped[PartialDate | None] = mapped_column(
        PartialDateColumn, info=personal(_FOR, "public_task", _KEPT, label="tot en met", keep_reason=_HISTORY, **_MINE)
    )
    can_represent: Mapped[bool] = mapped_column(default=True)
