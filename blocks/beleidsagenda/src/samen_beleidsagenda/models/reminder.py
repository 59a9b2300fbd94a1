"""Reminders of what is late, and where they go."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base


class Reminder(Base):
    """The staff of a post were reminded of something that is late: a commitment, an adopted motion or a question."""

    __tablename__ = "beleidsagenda__reminder"
    __table_args__ = (Index("ix_beleidsagenda__reminder_subject_id_at", "subject_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__post.id"), index=True)
    at: Mapped[datetime]


class PostContact(Base):
    """The mailbox of the staff of a post, of an office and never of a person. Without one it is that of the post's organisation."""

    __tablename__ = "beleidsagenda__post_contact"

    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__post.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    email: Mapped[str] = mapped_column(String(254))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
