"""Bodies, and what the agenda adds to a theme: its place, its portfolio holders and its goals."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.api import PartialDate, PartialDateColumn
from samen_beleidsagenda.models.base import TITLE_LENGTH, Citable
from samen_core.api import Base, Code

BODY_KINDS = ("college", "committee", "council", "other")
PROGRESS = ("not_started", "on_track", "behind", "reached", "dropped")
"""How a goal stands, as who owns it says."""


class Body(Base):
    """An organisation of the city that decides or advises; a grant on the organisation is a grant on the body.

    ``position`` orders bodies on pages; ``source_url`` is the page of its meetings elsewhere.
    """

    __tablename__ = "beleidsagenda__body"

    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(Code)
    position: Mapped[int] = mapped_column(default=0)
    source_url: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ThemeProfile(Base):
    """What the agenda knows of a theme of the city. ``task_field`` is a code of Iv3, the link to the budget ("8.3")."""

    __tablename__ = "beleidsagenda__theme"

    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__theme.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    task_field: Mapped[str] = mapped_column(String(10), default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ThemeHolder(Base):
    """A post that holds a theme in its portfolio, for a period; an empty date is open."""

    __tablename__ = "beleidsagenda__theme_holder"
    __table_args__ = (Index("ix_beleidsagenda__theme_holder_theme_id_post_id", "theme_id", "post_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__theme.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__post.id"), index=True)
    start_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    end_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)


class Goal(Citable, Base):
    """What the city wants to reach on a theme. ``indicator_id`` is a thing in the register that measures it."""

    __tablename__ = "beleidsagenda__goal"
    __table_args__ = (Index("ix_beleidsagenda__goal_theme_id_position", "theme_id", "position"),)

    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__theme.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)
    indicator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    target: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    target_date: Mapped[date | None]
    progress: Mapped[str] = mapped_column(Code, default="not_started")
