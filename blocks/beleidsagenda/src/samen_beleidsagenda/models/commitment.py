"""Commitments (toezeggingen), questions of council members, and the steps by which a promise is kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import NUMBER_LENGTH, TITLE_LENGTH, Citable, FollowedUp
from samen_core.api import Base, Code

QUESTION_KINDS = ("technical", "oral", "written")
QUESTION_DAYS = 30
"""Written questions are answered within thirty days (§3.1)."""


class Commitment(Citable, FollowedUp, Base):
    """Something that a portfolio holder promised. ``made_to`` is to whom, in words: a group, the committee, residents."""

    __tablename__ = "beleidsagenda__commitment"
    __table_args__ = (
        Index("ix_beleidsagenda__commitment_state_follow_up_due_date_id", "state", "follow_up", "due_date", "id"),
        Index("ix_beleidsagenda__commitment_state_changed_at_id", "state", "changed_at", "id"),
    )

    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    made_on: Mapped[date]
    made_to: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"), index=True)
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__meeting.event_id"), index=True)
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), index=True)


class FollowUpStep(Base):
    """A move of a commitment or an adopted motion from one state to the next; ``due_date`` is the one that held until then."""

    __tablename__ = "beleidsagenda__follow_up_step"
    __table_args__ = (Index("ix_beleidsagenda__follow_up_step_subject_id_at", "subject_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    before: Mapped[str | None] = mapped_column(Code)
    after: Mapped[str] = mapped_column(Code)
    due_date: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)
    at: Mapped[datetime]


class CouncilQuestion(Citable, Base):
    """A question of council members to the college. Answered when ``answered_on`` is there; late is derived.

    ``due_date`` is thirty days after asking; an extension keeps the first one as ``original_due`` with the reason.
    """

    __tablename__ = "beleidsagenda__question"
    __table_args__ = (
        Index("ix_beleidsagenda__question_state_due_date_id", "state", "due_date", "id"),
        Index("ix_beleidsagenda__question_state_changed_at_id", "state", "changed_at", "id"),
    )

    kind: Mapped[str] = mapped_column(Code, default="written")
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    asked_on: Mapped[date]
    due_date: Mapped[date]
    original_due: Mapped[date]
    extension_reason: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    holder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__post.id"), index=True)
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), index=True)
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    answer_document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)
