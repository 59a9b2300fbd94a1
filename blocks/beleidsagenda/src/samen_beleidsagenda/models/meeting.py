"""Meetings, which are events of the city, and their agendas."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import NUMBER_LENGTH, TITLE_LENGTH, Citable
from samen_core.api import Base, Code

MEETING_TYPES = ("council_meeting", "committee_meeting", "presidium", "college_meeting", "information_meeting", "other")
MEETING_STATUSES = ("planned", "held", "cancelled")
"""Derived from the event and the clock (ORI: gepland, gehouden, geannuleerd)."""


class Meeting(Base):
    """What the agenda adds to an event of the city. ``closed``: the public is not let in; that it is held is public all the same.

    ``agenda_published_at`` None: the agenda is being made, and only who makes it sees it.
    """

    __tablename__ = "beleidsagenda__meeting"
    __table_args__ = (Index("ix_beleidsagenda__meeting_body_id", "body_id"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__event.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"))
    type: Mapped[str] = mapped_column(Code)
    closed: Mapped[bool] = mapped_column(default=False)
    livestream_url: Mapped[str] = mapped_column(default="")
    recording_url: Mapped[str] = mapped_column(default="")
    minutes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)
    agenda_published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AgendaItem(Citable, Base):
    """A point on the agenda of a meeting. ``position`` orders the points under one parent; ``number`` is what is printed before it.

    ``state`` is published as soon as the agenda of its meeting is; ``confidential`` is a closed point (ORI indicatorBesloten).
    """

    __tablename__ = "beleidsagenda__agenda_item"
    __table_args__ = (
        Index("ix_beleidsagenda__agenda_item_meeting_id_position", "meeting_id", "position"),
        Index("ix_beleidsagenda__agenda_item_state_changed_at_id", "state", "changed_at", "id"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__meeting.event_id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    hammer_item: Mapped[bool] = mapped_column(default=False)
    heading: Mapped[bool] = mapped_column(default=False)
    """Only a heading over the points below it."""
    planned_start: Mapped[datetime | None]
    planned_end: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(default="")
    resolution: Mapped[str] = mapped_column(default="")
