"""Which organisation a case goes to: ordered rules, and what was decided about each case and why."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, index_where, not_personal, personal, thing
from samen_oog_oor.models.base import TITLE_LENGTH


class Rule(Base):
    """Cases that meet ``conditions`` go to an organisation; of the active rules the first by ``position`` decides.

    ``conditions`` is a dict with any of ``categories`` and ``areas`` (ids; those below count too), ``types``, ``answers`` (question to
    wanted values), ``weekdays`` (1 is Monday), ``from`` and ``until`` (city time ``HH:MM``), ``words`` (a list). A rule that names what
    is no longer there switches itself off, with ``problem``: one of PROBLEM_LABELS. ``assignee_id`` gets the case at once.
    """

    __tablename__ = "oog_oor__rule"
    __table_args__ = (Index("ix_oog_oor__rule_active_position", "active", "position"), thing("Regel voor het verdelen"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH), info=not_personal("what a manager calls the rule"))
    explanation: Mapped[str] = mapped_column(default="", info=not_personal("why it goes there, for everybody"))
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "zaken bij de goede collega brengen",
            "public_task",
            "tot het account wordt verwijderd",
            label="wie de zaken van een regel krijgt",
            people="staff",
        ),
    )
    priority: Mapped[str | None] = mapped_column(Code, info=not_personal("one of PRIORITIES"))
    active: Mapped[bool] = mapped_column(default=True)
    problem: Mapped[str] = mapped_column(default="", info=not_personal("one of PROBLEM_LABELS"))
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Route(Base):
    """Why a case went to an organisation; ``explanation`` is public, in Dutch.

    ``why`` is ``rule``, ``category``, ``city``, ``nobody``, ``hand`` or ``wrong_desk``: then ``from_organization_id`` sent it back.
    ``because`` is what the explanation is made of: ``reasons`` (kinds of conditions), ``category_id`` and ``area_id`` of then.
    """

    __tablename__ = "oog_oor__route"
    __table_args__ = (
        Index("ix_oog_oor__route_case_id_at", "case_id", "at"),
        # Of those that were sent back alone.
        index_where("ix_oog_oor__route_from_organization_id", "from_organization_id", where="from_organization_id IS NOT NULL"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Code)
    rule_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__rule.id", ondelete="SET NULL"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    from_organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    because: Mapped[dict[str, Any]] = mapped_column(default=dict)
    explanation: Mapped[str] = mapped_column(default="")
