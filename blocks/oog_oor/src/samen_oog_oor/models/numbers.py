"""What was counted before, so that no page counts over all cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code


class Numbers(Base):
    """Numbers of one ``kind`` that were counted for a day; ``found`` is of its kind.

    Of what is counted by day, whatever changed at ``at`` or later may not be in it; a kind that ends in ``.again`` marks a day that has to
    be counted anew. Of the figures ``day`` is that on which they were worked out, ``at`` when. Only what everybody may know the number of
    is counted; everything in here can be counted again.
    """

    __tablename__ = "oog_oor__numbers"
    __table_args__ = (Index("ix_oog_oor__numbers_kind_at", "kind", "at"),)

    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    found: Mapped[dict[str, Any]] = mapped_column()


__all__ = ["Numbers"]
