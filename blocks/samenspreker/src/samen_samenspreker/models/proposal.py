"""Process proposals (procesvoorstel), parts A to F."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, JSONType

GOALS = ("transfer_knowledge", "widen_support", "raise_quality", "collect_ideas", "organize_dissent", "self_reliance", "cohesion")
"""The goals of DOMAIN.md, part B."""

LEVELS = ("inform", "consult", "advise", "coproduce", "codecide")
"""The levels of influence of DOMAIN.md, part E, from little to much."""

SCALES = ("city", "wijk", "buurt", "street")


class Proposal(Base):
    """How samenspraak on a question is set up. A draft may be unfinished; a published one is never edited: ``number`` 2 replaces 1.

    ``goals`` maps a goal to its reason; ``participants`` maps a sector to who is asked and how they are reached. A to F as DOMAIN.md.
    """

    __tablename__ = "samenspreker__proposal"
    __table_args__ = (Index("uq_samenspreker__proposal_question_id_number", "question_id", "number", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(default="")
    not_about: Mapped[str] = mapped_column(default="")
    leeway: Mapped[str] = mapped_column(default="")
    goals: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    scale: Mapped[str] = mapped_column(Code, default="")
    scale_note: Mapped[str] = mapped_column(default="")
    participants: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    level: Mapped[str] = mapped_column(Code, default="")
    level_reason: Mapped[str] = mapped_column(default="")
    approach: Mapped[str] = mapped_column(default="")
    methods_online: Mapped[str] = mapped_column(default="")
    methods_offline: Mapped[str] = mapped_column(default="")
    planning: Mapped[str] = mapped_column(default="")
    communication: Mapped[str] = mapped_column(default="")
    costs: Mapped[str] = mapped_column(default="")
    memo_file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__file.id"))
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
