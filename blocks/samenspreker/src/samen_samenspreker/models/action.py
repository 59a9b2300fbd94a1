"""Actions of step 4."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code

ACTION_STATES = ("planned", "in_progress", "done", "dropped")
"""Late is not a state: it follows from the date."""


class Action(Base):
    """Something that somebody does to carry out a decision. ``budget`` is in whole euros, ``progress`` in percent.

    The progress of an action with parts is the mean of its parts, each weighed by ``weight``; ``progress`` is then not used.
    ``first_due_on`` is the date that was promised first, ``due_on`` the date now.
    """

    __tablename__ = "samenspreker__action"
    __table_args__ = (Index("ix_samenspreker__action_question_id_position", "question_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    decision_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__decision.id"), index=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__action.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    starts_on: Mapped[date | None]
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    budget: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Code, default="planned")
    progress: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    finished_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ActionUpdate(Base):
    """A dated public note on an action; with the reason when its date moved or it was dropped. Append-only."""

    __tablename__ = "samenspreker__action_update"
    __table_args__ = (Index("ix_samenspreker__action_update_action_id_id", "action_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__action.id"))
    text: Mapped[str]
    state: Mapped[str] = mapped_column(Code)
    progress: Mapped[int]
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    at: Mapped[datetime]
