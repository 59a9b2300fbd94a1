"""Meetings of a plan: events of the city with registration, attendance and report."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_doe_mee.models.base import HASH_LENGTH, NAME_LENGTH

REGISTRATION_STATES = ("unconfirmed", "registered", "waiting", "cancelled", "attended", "absent")
_TERM = "drie maanden na de bijeenkomst, of wat de gemeente instelde"


class Meeting(Base):
    """What a plan adds to an event of the city. ``places`` is None for no limit; ``taken`` counts the people of registrations that hold.

    ``told_sequence`` is the state of the calendar (its ``sequence``) that who registered knows of. ``walk_ins`` came without registering.
    """

    __tablename__ = "doe_mee__meeting"
    __table_args__ = (Index("ix_doe_mee__meeting_plan_id", "plan_id"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__event.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__round.id"), index=True)
    registration: Mapped[bool] = mapped_column(default=True)
    places: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    register_until: Mapped[datetime | None]
    remind_hours: Mapped[int] = mapped_column(default=24)
    reminded_at: Mapped[datetime | None]
    told_sequence: Mapped[int] = mapped_column(default=0)
    walk_ins: Mapped[int] = mapped_column(default=0)
    report: Mapped[str] = mapped_column(default="")
    came: Mapped[int | None]
    organizations: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Registration(Base):
    """Somebody comes to a meeting, with ``people`` in all. ``code_hash`` is the keyed hash of the code that changes or cancels it."""

    __tablename__ = "doe_mee__registration"
    __table_args__ = (
        Index("uq_doe_mee__registration_meeting_id_who", "meeting_id", "who", unique=True),
        Index("ix_doe_mee__registration_meeting_id_state", "meeting_id", "state", "at"),
        thing("Aanmelding voor een bijeenkomst"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    # The type is told: a meeting takes that of its id from the calendar, which need not be known yet.
    meeting_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("doe_mee__meeting.id"))
    who: Mapped[str] = mapped_column(
        String(HASH_LENGTH),
        info=personal(
            "elk mens meldt zich één keer aan",
            "public_task",
            _TERM,
            label="hash van account of adres",
            people="participant",
            export=False,
            rule="doe_mee.registrations",
            erase="keep",
            keep_reason="niet te herleiden zonder het account",
        ),
    )
    state: Mapped[str] = mapped_column(Code, info=not_personal("one of REGISTRATION_STATES"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "de eigen aanmelding zien", "public_task", _TERM, label="wie komt", people="participant", rule="doe_mee.registrations"
        ),
    )
    name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(
            "weten wie er komt", "consent", _TERM, label="naam", identifies=True, people="participant", rule="doe_mee.registrations"
        ),
    )
    email: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "een herinnering sturen",
            "consent",
            _TERM,
            label="e-mailadres",
            people="participant",
            sealed="doe_mee.contact",
            rule="doe_mee.registrations",
        ),
    )
    needs: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "zorgen dat iemand kan meedoen",
            "consent",
            _TERM,
            label="wat iemand nodig heeft",
            people="participant",
            rule="doe_mee.registrations",
        ),
    )
    people: Mapped[int] = mapped_column(default=1)
    wants_report: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    code_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), unique=True, info=not_personal("keyed hash of a random code"))
    at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
