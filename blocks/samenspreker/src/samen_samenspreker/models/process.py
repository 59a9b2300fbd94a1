"""What a city adds to the process: gates of its own (names of steps and levels are settings)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing


class Gate(Base):
    """A check of the city's own before a step may be left: a title with help, ticked by who has ``role``, possibly with a document."""

    __tablename__ = "samenspreker__gate"
    __table_args__ = (Index("ix_samenspreker__gate_step_position", "step", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    step: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(160))
    help: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(Code)
    needs_document: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class GateTick(Base):
    """A gate of the city was ticked for a question in a cycle."""

    __tablename__ = "samenspreker__gate_tick"
    __table_args__ = thing("Controle bij een stap")

    gate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__gate.id"), primary_key=True)
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(default="", info=not_personal("what was checked"))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__file.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een controle deed", "public_task", "tot het account wordt verwijderd", label="wie de controle deed", people="staff"
        ),
    )
    at: Mapped[datetime]
