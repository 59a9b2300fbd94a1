"""Posts in organisations, and who holds them or is a member."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, Entity
from citycontent.models.types import PartialDate, PartialDateColumn
from samen_core.api import Base, personal

_ROLE = personal(
    "laten zien namens wie iemand spreekt",
    "public_task",
    "zolang de rol loopt, daarna als deel van de geschiedenis van de organisatie",
)


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
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__person.id"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"))
    post_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__post.id"))
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    label: Mapped[str] = mapped_column(String(NAME_LENGTH), default="", info=_ROLE)
    role: Mapped[str] = mapped_column(String(NAME_LENGTH), default="", info=_ROLE)
    start_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn, info=_ROLE)
    end_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn, info=_ROLE)
    can_represent: Mapped[bool] = mapped_column(default=True)
