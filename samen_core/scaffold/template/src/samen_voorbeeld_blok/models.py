"""The tables. After a change: ``samen db revision voorbeeld_blok -m "what it does"``."""

from __future__ import annotations

import uuid
from datetime import datetime

from samen_core.api import Base, Expiry, personal, thing
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

TITLE = 120
"""The longest title, in characters."""

_KEPT = "zolang het voorstel op de website staat"
_WHY_KEPT = "het voorstel is openbaar en blijft staan; niemand ziet daarna nog van wie het was"


class Proposal(Base):
    """A proposal of a resident. Who made it is never shown; the phone number only to who may moderate."""

    __tablename__ = "voorbeeld_blok__proposal"
    __table_args__ = (
        Index("ix_voorbeeld_blok__proposal_at_id", "at", "id"),
        Index("ix_voorbeeld_blok__proposal_project_id_at", "project_id", "at"),
        thing("Voorstel"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    title: Mapped[str] = mapped_column(
        String(TITLE),
        info=personal(
            "een voorstel doen aan de stad",
            "public_task",
            _KEPT,
            label="Titel van het voorstel",
            receivers=("public",),
            erase="keep",
            keep_reason=_WHY_KEPT,
        ),
    )
    text: Mapped[str] = mapped_column(
        info=personal(
            "een voorstel doen aan de stad",
            "public_task",
            _KEPT,
            label="Uitleg bij het voorstel",
            receivers=("public",),
            erase="keep",
            keep_reason=_WHY_KEPT,
        )
    )
    phone: Mapped[str] = mapped_column(
        String(40),
        default="",
        info=personal(
            "bellen met een vraag over een voorstel",
            "consent",
            "tot een jaar na het voorstel",
            label="Telefoonnummer",
            identifies=True,
            expires=Expiry(365, "at"),
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("mailen wat er met een voorstel gebeurt", "public_task", _KEPT, label="Wie het voorstel deed"),
    )
    hidden: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
