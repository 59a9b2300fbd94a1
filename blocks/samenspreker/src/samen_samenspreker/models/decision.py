"""Decisions and what they weigh."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code


class Decision(Base):
    """Who decides what, and why. A draft may be unfinished; a published one is superseded by a later one, never edited.

    ``state`` is draft, published or superseded. ``option_id`` None with a text: the decision maker chose something else or nothing.
    """

    __tablename__ = "samenspreker__decision"
    __table_args__ = (Index("ix_samenspreker__decision_question_id_state", "question_id", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    state: Mapped[str] = mapped_column(Code, default="draft")
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    decided_by: Mapped[str] = mapped_column(String(160), default="")
    """The body that decides, in words: "college van burgemeester en wethouders"."""
    decided_on: Mapped[date | None]
    option_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__option.id"), index=True)
    text: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    deviates: Mapped[bool] = mapped_column(default=False)
    deviation: Mapped[str] = mapped_column(default="")
    """Why the decision deviates from the advice of the table or the result of samenspraak."""
    reaction: Mapped[str] = mapped_column(default="")
    """Part C of the final report: what the decision maker takes over, what not, why."""
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__decision.id"), index=True)
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Weighing(Base):
    """How a decision weighs an option or a theme of reactions."""

    __tablename__ = "samenspreker__weighing"
    __table_args__ = (
        Index("uq_samenspreker__weighing_decision_id_option_id", "decision_id", "option_id", unique=True),
        Index("uq_samenspreker__weighing_decision_id_theme_id", "decision_id", "theme_id", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__decision.id"))
    option_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__option.id"), index=True)
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__theme.id"), index=True)
    text: Mapped[str]
