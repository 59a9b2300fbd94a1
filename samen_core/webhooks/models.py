"""The subscriptions."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code

STATES = ("active", "paused", "disabled")
"""In use; paused by a manager; stopped by itself since it did not answer."""
NAME_LENGTH = 100
URL_LENGTH = 500


class Webhook(Base):
    """An address that is told of events: of ``event_types`` (none is all), about ``subject_id`` where it is set.

    ``secret`` signs what is sent; it is sealed with the secret of the installation. ``dead`` counts the deliveries in a row that were
    given up. What happened last stands in ``last_…``: the status that the address answered with, or why it could not be asked.
    """

    __tablename__ = "core__webhook"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    event_types: Mapped[list[str]] = mapped_column(default=list)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    secret: Mapped[str]
    state: Mapped[str] = mapped_column(Code, default="active")
    dead: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(Code, default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once
