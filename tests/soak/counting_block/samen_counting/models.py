"""The tables: one number, and which event made it rise. No key forbids that an event is there twice."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base


class Total(Base):
    """The number."""

    __tablename__ = "counting__total"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class Seen(Base):
    """An event that was counted."""

    __tablename__ = "counting__seen"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event_id: Mapped[uuid.UUID]
