"""Dossiers: what the city works on."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.api import PartialDate, PartialDateColumn
from samen_beleidsagenda.models.base import TITLE_LENGTH, Citable
from samen_core.api import SLUG_LENGTH, Base, Code

PHASES = (
    "exploration",
    "imaging",
    "opinion",
    "decision",
    "execution",
    "evaluation",
    "completed",
)
"""Verkenning, beeldvorming, oordeelsvorming, besluitvorming, uitvoering, evaluatie, afgerond: in this order (§3.3)."""
SIDE_PHASES = ("on_hold", "withdrawn")
"""Aangehouden (goes back to where it was) and ingetrokken, from anywhere."""
LEVELS = ("inform", "consult", "advise", "coproduce", "codecide", "none")
"""The levels of influence of DOMAIN.md, and a refusal, which needs a motivation."""


class Dossier(Citable, Base):
    """Something the city works on until it is decided and done.

    ``summary`` is the plain-language text on top (B1); ``question`` what is to be decided; ``phase_before`` where a dossier on hold goes
    back to. ``level`` None: not chosen yet.
    """

    __tablename__ = "beleidsagenda__dossier"
    __table_args__ = (
        Index("ix_beleidsagenda__dossier_state_sort_title_id", "state", "sort_title", "id"),
        Index("ix_beleidsagenda__dossier_state_phase_sort_title_id", "state", "phase", "sort_title", "id"),
        Index("ix_beleidsagenda__dossier_state_changed_at_id", "state", "changed_at", "id"),
    )

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    sort_title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    phase: Mapped[str] = mapped_column(Code, default="exploration")
    phase_before: Mapped[str | None] = mapped_column(Code)
    phase_since: Mapped[datetime]
    holder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__post.id"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    """The department or organisation that does the work; a grant on it is one on the dossier."""
    contact: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    """Where a resident asks: a team with its public address or number, never a person."""
    start_date: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    expected_end: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    level: Mapped[str | None] = mapped_column(Code)
    level_reason: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(default=list)


class DossierTheme(Base):
    """A theme of a dossier."""

    __tablename__ = "beleidsagenda__dossier_theme"

    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), primary_key=True)
    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__theme.id"), primary_key=True, index=True)


class DossierArea(Base):
    """An area that a dossier is about; none is the whole city."""

    __tablename__ = "beleidsagenda__dossier_area"

    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), primary_key=True)
    area_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__area.id"), primary_key=True, index=True)


class DossierProject(Base):
    """A project of the city that belongs to a dossier."""

    __tablename__ = "beleidsagenda__dossier_project"

    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__project.id"), primary_key=True, index=True)


class PhaseChange(Base):
    """A move of a dossier from one phase to another, with the reason where it went back, on hold or was withdrawn."""

    __tablename__ = "beleidsagenda__phase_change"
    __table_args__ = (Index("ix_beleidsagenda__phase_change_dossier_id_at", "dossier_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"))
    before: Mapped[str | None] = mapped_column(Code)
    after: Mapped[str] = mapped_column(Code)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
