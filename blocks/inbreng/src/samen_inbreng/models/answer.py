"""Themes of reactions, and the answers that give contributions their outcome."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing

OUTCOMES = ("adopted", "partly", "not_adopted", "passed_on", "answered")
"""What becomes of a contribution (DOMAIN.md)."""


class Theme(Base):
    """A theme that reactions on one subject have in common; a decision weighs every theme."""

    __tablename__ = "inbreng__theme"
    __table_args__ = (Index("ix_inbreng__theme_subject_id_position", "subject_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    contributions: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ThemedContribution(Base):
    """A contribution is about a theme; it may be about several."""

    __tablename__ = "inbreng__contribution_theme"

    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), primary_key=True)
    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__theme.id"), primary_key=True, index=True)


class Answer(Base):
    """An outcome with its reason, for one contribution, a group of them or all of a theme.

    It is sent at ``send_at``, ten minutes after it was written: until then only staff sees it and it can be withdrawn. Whether it is sent
    is computed when read; ``told_at`` only notes that mails were queued. A later answer on the same contribution replaces an earlier one.
    """

    __tablename__ = "inbreng__answer"
    __table_args__ = (
        Index("ix_inbreng__answer_subject_id_send_at", "subject_id", "send_at"),
        Index("ix_inbreng__answer_told_at_send_at", "told_at", "send_at"),
        thing("Antwoord van de gemeente"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__theme.id"), index=True)
    outcome: Mapped[str] = mapped_column(Code, info=not_personal("what became of it"))
    reason: Mapped[str] = mapped_column(info=not_personal("the public answer of the municipality"))
    by_organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een antwoord schreef",
            "public_task",
            "tot het account wordt verwijderd",
            label="wie het antwoord schreef",
            people="staff",
        ),
    )
    at: Mapped[datetime]
    send_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class AnswerTarget(Base):
    """A contribution that an answer is for."""

    __tablename__ = "inbreng__answer_target"

    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), primary_key=True)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__answer.id"), primary_key=True, index=True)
