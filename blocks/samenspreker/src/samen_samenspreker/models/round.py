"""Rounds of step 2 and their activities."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code

ROUND_KINDS = ("explore", "ideas", "elaborate", "test")


class Round(Base):
    """A round of the search for solutions. It closes with three separate texts, each of which may be "none" but not left out.

    Its state (planned, open, closed, cancelled) follows from ``opens_on``, ``closed_at`` and whether it was closed without conclusions.
    """

    __tablename__ = "samenspreker__round"
    __table_args__ = (Index("uq_samenspreker__round_question_id_number", "question_id", "number", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    number: Mapped[int]
    """Counts through all cycles of the question, from 1."""
    kind: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(160))
    purpose: Mapped[str] = mapped_column(default="")
    opens_on: Mapped[date]
    ends_on: Mapped[date]
    """The day that the table plans to end it; it stays open until it is closed."""
    agreed: Mapped[str] = mapped_column(default="")
    disagreed: Mapped[str] = mapped_column(default="")
    minority: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RoundActivity(Base):
    """An activity of a round: an online one is an activity of inbreng; an offline one is told here, its contributions go there too.

    ``activity_id`` is the inbreng activity that holds the contributions of both.
    """

    __tablename__ = "samenspreker__round_activity"
    __table_args__ = (Index("ix_samenspreker__round_activity_round_id_position", "round_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__round.id"))
    mode: Mapped[str] = mapped_column(Code)
    """``online`` or ``offline``."""
    activity_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__activity.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    people: Mapped[int | None]
    report: Mapped[str] = mapped_column(default="")
    position: Mapped[int]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
