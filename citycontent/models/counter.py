"""Counters that services keep, so that the numbers beside filters cost one small read."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code


class Counter(Base):
    """How many things there are of a kind: ``organization.sector`` / ``business`` / 12."""

    __tablename__ = "citycontent__counter"

    name: Mapped[str] = mapped_column(Code, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int]
