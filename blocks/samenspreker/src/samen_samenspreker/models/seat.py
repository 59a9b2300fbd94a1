"""The table: seats, and the meetings that its members attend."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing

ROLES = ("initiator", "facilitator", "participant", "expert", "decision_maker", "observer")
"""Roles at the table (DOMAIN.md)."""

SEAT_STATES = ("open", "offered", "accepted", "declined", "ended")
PRESENCE = ("present", "alternate", "absent")
_KEPT = "tot twee jaar na het eindverslag, daarna zonder naam"


class Seat(Base):
    """A seat (stoel) at the table of a question, of an organisation or a person.

    ``title`` says whose it is when it is of no organisation or person ("bewoner van de straat"). ``account_id`` holds it, ``alternate_id``
    may sit in for the holder. ``email`` and, until it is accepted, ``holder_name`` are those of the invitation; the names of an accepted
    seat are what its holder and alternate chose to show. ``token_hash`` is the keyed hash of the mailed link, None once it was used.
    """

    __tablename__ = "samenspreker__seat"
    __table_args__ = (
        Index("ix_samenspreker__seat_question_id_state", "question_id", "state"),
        Index("ix_samenspreker__seat_organization_id_state", "organization_id", "state"),
        thing("Stoel aan een tafel"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__person.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="", info=not_personal("whom a free seat is for, never a name"))
    sector: Mapped[str] = mapped_column(Code, info=not_personal("one of the four sectors"))
    role: Mapped[str] = mapped_column(Code, info=not_personal("one of ROLES"))
    responsibility: Mapped[str] = mapped_column(default="", info=not_personal("what is expected of this seat"))
    state: Mapped[str] = mapped_column(Code, default="open", info=not_personal("one of SEAT_STATES"))
    holder_name: Mapped[str] = mapped_column(
        String(120),
        default="",
        info=personal(
            "laten zien wie aan tafel zit",
            "consent",
            _KEPT,
            label="naam",
            people="participant",
            receivers=("public",),
            identifies=True,
            rule="samenspreker.seats",
        ),
    )
    email: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            "de uitnodiging sturen",
            "public_task",
            "tot de stoel is aangenomen of afgewezen, hooguit 60 dagen",
            label="e-mailadres van de uitnodiging",
            people="invited",
            receivers=("staff", "mail"),
            identifies=True,
            address=True,
            rule="samenspreker.invitations",
        ),
    )
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the invitation"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "weten wie aan tafel zit",
            "public_task",
            _KEPT,
            label="wie aan tafel zit",
            people="participant",
            receivers=("table",),
            rule="samenspreker.seats",
        ),
    )
    alternate_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "weten wie vervangt",
            "public_task",
            _KEPT,
            label="wie vervangt",
            people="participant",
            receivers=("table",),
            rule="samenspreker.seats",
        ),
    )
    alternate_name: Mapped[str] = mapped_column(
        String(120),
        default="",
        info=personal(
            "laten zien wie vervangt",
            "consent",
            _KEPT,
            label="naam van de vervanger",
            people="participant",
            receivers=("public",),
            of="alternate_id",
            identifies=True,
            rule="samenspreker.seats",
        ),
    )
    alternate_email: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            "de vervanger uitnodigen",
            "public_task",
            "tot de vervanger antwoord gaf, hooguit 60 dagen",
            label="e-mailadres van de vervanger",
            people="invited",
            receivers=("staff", "mail"),
            of="alternate_id",
            identifies=True,
            address=True,
            rule="samenspreker.invitations",
        ),
    )
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a random code"))
    alternate_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a random code"))
    wants_mail: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(default="", info=not_personal("why it was declined or ended"))
    offered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    alternate_offered_at: Mapped[datetime | None]
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Meeting(Base):
    """A meeting of a table: what the table adds to an event of the city calendar.

    ``told_sequence`` is the event's ``sequence`` that the table last got mail about: a higher one means another moment or place.
    """

    __tablename__ = "samenspreker__meeting"
    __table_args__ = (Index("ix_samenspreker__meeting_question_id_event_id", "question_id", "event_id"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__event.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__round.id"), index=True)
    agenda: Mapped[str] = mapped_column(default="")
    report: Mapped[str] = mapped_column(default="")
    visitors: Mapped[int | None]
    reported_at: Mapped[datetime | None]
    told_sequence: Mapped[int | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Attendance(Base):
    """Whether a seat was taken at a meeting, and by its holder or the alternate."""

    __tablename__ = "samenspreker__attendance"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__meeting.event_id"), primary_key=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__seat.id"), primary_key=True, index=True)
    presence: Mapped[str] = mapped_column(Code)
