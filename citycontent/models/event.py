"""Events of the city calendar."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity, Pictured
from samen_core.api import Base, Code

EVENT_STATUSES = ("tentative", "confirmed", "rescheduled", "postponed", "cancelled")
"""Popolo's statuses: planned, certain, moved to another moment, put off without a new moment, called off."""

CLASSIFICATIONS = ("meeting", "consultation", "walk", "information", "course", "celebration", "volunteering", "other")


class Event(PageEntity, Pictured, Base):
    """Something to go to. Moments are in UTC; ``timezone`` is the IANA zone they are shown in.

    ``sequence`` rises with each change that a calendar must take over, ``ical_uid`` never changes (RFC 5545). On a move
    ``previous_start_date`` keeps the moment before (schema.org ``previousStartDate``).
    """

    __tablename__ = "citycontent__event"
    __table_args__ = (
        Index("ix_citycontent__event_state_start_date_id", "state", "start_date", "id"),
        Index("ix_citycontent__event_organization_id_start_date", "organization_id", "start_date"),
        Index("ix_citycontent__event_project_id_start_date", "project_id", "start_date"),
        Index("ix_citycontent__event_area_id_start_date", "area_id", "start_date"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    classification: Mapped[str] = mapped_column(Code, default="other")
    status: Mapped[str] = mapped_column(Code, default="confirmed")
    start_date: Mapped[datetime]
    end_date: Mapped[datetime | None]
    previous_start_date: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(Code, default="Europe/Amsterdam")
    all_day: Mapped[bool] = mapped_column(default=False)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__project.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__event.id"), index=True)
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    address_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__address.id"), index=True)
    location: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    online_url: Mapped[str] = mapped_column(default="")
    registration_url: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    accessibility: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    ical_uid: Mapped[str] = mapped_column(String(255), unique=True)
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
