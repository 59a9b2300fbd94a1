"""The tables."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, not_personal, personal


class Thanks(Base):
    """A thank-you note. Its author is forgotten after a while, and never shown."""

    __tablename__ = "example__thanks"
    __table_args__ = (
        Index("ix_example__thanks_organization_id_at", "organization_id", "at"),
        Index("ix_example__thanks_at_id", "at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("misbruik herkennen", "public_task", "zo lang als de gemeente heeft ingesteld"),
    )
    text: Mapped[str] = mapped_column(info=personal("een organisatie bedanken", "public_task", "zolang het bedankje openbaar is"))
    hidden: Mapped[bool] = mapped_column(default=False)
    hidden_because: Mapped[str] = mapped_column(default="", info=not_personal("the moderator's reason, about the note"))
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Tally(Base):
    """How many visible notes an organisation has; kept by an event handler, so that a page need not count."""

    __tablename__ = "example__tally"

    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    number: Mapped[int]
