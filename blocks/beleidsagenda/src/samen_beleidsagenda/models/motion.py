"""Motions and amendments, and votes on them and on decisions."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import NUMBER_LENGTH, TITLE_LENGTH, Citable, FollowedUp
from samen_core.api import Base, Code

MOTION_KINDS = ("motion", "amendment")
MOTION_TYPES = ("proposal", "disapproval", "regret", "no_confidence", "outside_agenda", "other")
"""Voorstel, afkeuring, treurnis, wantrouwen, vreemd, overig (ORI)."""
MOTION_STATUSES = ("submitted", "adopted", "rejected", "held", "withdrawn")
"""Ingediend, aangenomen, verworpen, aangehouden (goes back to submitted), ingetrokken (§3.3)."""
VOTES = ("for", "against", "absent", "abstain")
GROUP_RESULTS = ("adopted", "rejected", "divided")
"""How a group (fractie) voted as a whole (ORI fractieresultaat)."""


class Motion(Citable, FollowedUp, Base):
    """A motion or an amendment. ``follow_up`` is only there once a motion is adopted.

    ``amends_id`` is the document of the proposal that it is about; for an amendment it must be there.
    """

    __tablename__ = "beleidsagenda__motion"
    __table_args__ = (
        Index("ix_beleidsagenda__motion_state_status_id", "state", "status", "id"),
        Index("ix_beleidsagenda__motion_state_follow_up_due_date_id", "state", "follow_up", "due_date", "id"),
        Index("ix_beleidsagenda__motion_state_changed_at_id", "state", "changed_at", "id"),
    )

    kind: Mapped[str] = mapped_column(Code, default="motion")
    type: Mapped[str] = mapped_column(Code, default="proposal")
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(Code, default="submitted")
    submitted_on: Mapped[date]
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"), index=True)
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"), index=True)
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    amends_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)


class Submitter(Base):
    """A person or group (an organisation) that put a motion, an amendment or a question; ``position`` 0 is the first."""

    __tablename__ = "beleidsagenda__submitter"
    __table_args__ = (Index("ix_beleidsagenda__submitter_subject_id_position", "subject_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    position: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__person.id"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)


class Vote(Base):
    """How a person voted on a motion or a decision, for the group it belonged to then."""

    __tablename__ = "beleidsagenda__vote"
    __table_args__ = (Index("uq_beleidsagenda__vote_subject_id_person_id", "subject_id", "person_id", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__person.id"), index=True)
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    value: Mapped[str] = mapped_column(Code)


class GroupVote(Base):
    """How a group voted as a whole: its numbers, of which ``GROUP_RESULTS`` follows."""

    __tablename__ = "beleidsagenda__group_vote"
    __table_args__ = (Index("uq_beleidsagenda__group_vote_subject_id_group_id", "subject_id", "group_id", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
