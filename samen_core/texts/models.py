"""What a city made of its texts: every version of every text, of which the highest counts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base


class TextVersion(Base):
    """One version of a text in one language. Without ``body`` the default counts again from there on."""

    __tablename__ = "core__text_version"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str]
    body: Mapped[str | None]
    at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__user.id", ondelete="SET NULL"), index=True)
