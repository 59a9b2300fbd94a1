"""Patterns: places where much of the same was reported, and what became of the proposal to ask about it at the table."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code
from samen_oog_oor.models.base import TITLE_LENGTH

PATTERN_STATES = ("found", "proposed", "asked", "dismissed", "over")


class Pattern(Base):
    """Cases of one category close together in a period. ``subject_id`` is what it became elsewhere, once another block told so."""

    __tablename__ = "oog_oor__pattern"
    __table_args__ = (Index("ix_oog_oor__pattern_state_weight_id", "state", "weight", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__category.id"), index=True)
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    question: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code, default="found")
    lat: Mapped[float]
    lon: Mapped[float]
    radius: Mapped[int]
    weight: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    seen_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PatternCase(Base):
    """A case of a pattern."""

    __tablename__ = "oog_oor__pattern_case"

    pattern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__pattern.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"), primary_key=True, index=True)
