"""Samenspraak on a dossier, and who follows what."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, not_personal, personal, thing


class ParticipationLink(Base):
    """Something in the register at which people have their say on a dossier: a question at the table, a survey, a case.

    ``asked`` is what was asked there, ``done`` what the municipality did with it.
    """

    __tablename__ = "beleidsagenda__participation"
    __table_args__ = (Index("uq_beleidsagenda__participation_dossier_id_subject_id", "dossier_id", "subject_id", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), index=True)
    asked: Mapped[str] = mapped_column(default="")
    done: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ParticipationEvent(Base):
    """Something that happened at a linked thing, as its block told; the key keeps it from being told twice.

    ``told_id`` is the line of the public log that says it, or the event where nothing was logged. ``thing_id`` is what it happened to,
    when that stands in the register too: a decision, an activity. ``open_from`` and ``open_until``: when one can take part in it.
    """

    __tablename__ = "beleidsagenda__participation_event"
    __table_args__ = (Index("ix_beleidsagenda__participation_event_subject_id_at", "subject_id", "at"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    told_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    type: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    open_from: Mapped[datetime | None]
    open_until: Mapped[datetime | None]


class Follow(Base):
    """Somebody follows a thing: a dossier, theme, area or body. It fills the reader's own feeds."""

    __tablename__ = "beleidsagenda__follow"
    __table_args__ = (
        Index("uq_beleidsagenda__follow_account_id_subject_id", "account_id", "subject_id", unique=True),
        thing("gevolgd onderwerp"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        info=personal(
            "een eigen agenda van wat u volgt",
            "consent",
            "tot u ermee stopt of uw account verwijdert",
            label="account van de volger",
            erase="delete_row",
        ),
    )
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), index=True)
    at: Mapped[datetime]


class FeedKey(Base):
    """The secret address of the feeds of what an account follows: only its keyed hash is kept."""

    __tablename__ = "beleidsagenda__feed_key"
    __table_args__ = (thing("geheim adres van een eigen agenda"),)

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        primary_key=True,
        info=personal(
            "een eigen agenda van wat u volgt",
            "consent",
            "tot u ermee stopt of uw account verwijdert",
            label="account van de volger",
            erase="delete_row",
        ),
    )
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a random code"))
    at: Mapped[datetime]
