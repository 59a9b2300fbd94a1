"""Documents with their versions, where they are treated, and what was decided."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import NUMBER_LENGTH, TITLE_LENGTH, Citable
from samen_core.api import Base, Code

DOCUMENT_TYPES = (
    "proposal",
    "decision_paper",
    "information_letter",
    "start_note",
    "participation_report",
    "question",
    "answer",
    "motion",
    "amendment",
    "commitment",
    "incoming",
    "announcement",
    "minutes",
    "agenda",
    "other",
)
"""The types of ORI, and raadsinformatiebrief, startnotitie, participatieverslag, notulen and agenda."""
ROLES = ("hearing", "information", "opinion", "preparation", "decision")
"""Why a document lies at a point of an agenda (OParl)."""
RESULTS = ("adopted", "amended", "rejected", "noted", "deferred")


class Document(Citable, Base):
    """A paper. ``woo_category`` is a code of the national list of Woo categories; ``page_url`` is its page elsewhere."""

    __tablename__ = "beleidsagenda__document"
    __table_args__ = (
        Index("ix_beleidsagenda__document_state_date_id", "state", "date", "id"),
        Index("ix_beleidsagenda__document_state_changed_at_id", "state", "changed_at", "id"),
    )

    type: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    reference: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    date: Mapped[date]
    summary: Mapped[str] = mapped_column(default="")
    woo_category: Mapped[str] = mapped_column(Code, default="c_db4862c3")
    language: Mapped[str] = mapped_column(Code, default="nl")
    licence: Mapped[str] = mapped_column(default="")
    page_url: Mapped[str] = mapped_column(default="")


class DocumentVersion(Base):
    """One version of a document: a file of ours, or an address elsewhere with its SHA-256 where it is known."""

    __tablename__ = "beleidsagenda__document_version"
    __table_args__ = (Index("uq_beleidsagenda__document_version_document_id_number", "document_id", "number", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__document.id"))
    number: Mapped[int]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__file.id"), index=True)
    url: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class DocumentDossier(Base):
    """A dossier that a document belongs to."""

    __tablename__ = "beleidsagenda__document_dossier"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__document.id"), primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), primary_key=True, index=True)


class Treatment(Base):
    """A document at a point of an agenda. ``authoritative``: here it is decided about, elsewhere only looked at (OParl)."""

    __tablename__ = "beleidsagenda__treatment"
    __table_args__ = (Index("uq_beleidsagenda__treatment_document_id_agenda_item_id", "document_id", "agenda_item_id", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__document.id"))
    agenda_item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(Code, default="information")
    authoritative: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Decision(Citable, Base):
    """What a body decided. ``replaces_id`` is the decision that it takes the place of; a decision is replaced once."""

    __tablename__ = "beleidsagenda__decision"
    __table_args__ = (
        Index("ix_beleidsagenda__decision_state_decided_on_id", "state", "decided_on", "id"),
        Index("ix_beleidsagenda__decision_body_id_decided_on", "body_id", "decided_on"),
        Index("uq_beleidsagenda__decision_replaces_id", "replaces_id", unique=True),
    )

    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), index=True)
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"))
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    treatment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__treatment.id"), index=True)
    planning_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__planning_item.id"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    participation: Mapped[str] = mapped_column(default="")
    """What was done with what residents said, in words for them."""
    result: Mapped[str] = mapped_column(Code)
    decided_on: Mapped[date]
    effective_on: Mapped[date | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__decision.id"))
