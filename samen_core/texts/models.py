"""What a city made of its texts: every version of every text, of which the highest counts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base
from samen_core.privacy import not_personal, personal, thing

_WORDS = not_personal("what the city says to everybody")


class TextVersion(Base):
    """One version of a text in one language. Without ``body`` the default counts again from there on."""

    __tablename__ = "core__text_version"
    __table_args__ = thing("Tekst van de gemeente")

    key: Mapped[str] = mapped_column(String(80), primary_key=True, info=not_personal("the name of a text"))
    language: Mapped[str] = mapped_column(String(8), primary_key=True, info=not_personal("the language of a text"))
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(info=_WORDS)
    body: Mapped[str | None] = mapped_column(info=_WORDS)
    at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een tekst van de gemeente wijzigde",
            "public_task",
            "zolang het account bestaat",
            label="wie de tekst wijzigde",
            people="staff",
        ),
    )
