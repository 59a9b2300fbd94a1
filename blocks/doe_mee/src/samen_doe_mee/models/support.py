"""Support for ideas: one voice each, of an account or confirmed without one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_doe_mee.models.base import CONTACT_TERM, HASH_LENGTH, IDEA_TERM, TRACE_TERM

SUPPORT_WAYS = ("account", "mail", "code")
"""How it was made sure that it is one person: an account, a confirmed mail address, a receipt code on a device."""


class Voice(Base):
    """Somebody supports an idea. ``who`` is a keyed hash (of the account, the mail address or the device): one voice each, by the database.

    It counts from ``confirmed_at``. ``came_from_id`` is the double in which it was given, before ideas were merged.
    """

    __tablename__ = "doe_mee__voice"
    __table_args__ = (
        Index("uq_doe_mee__voice_idea_id_who", "idea_id", "who", unique=True),
        Index("ix_doe_mee__voice_idea_id_at", "idea_id", "at", "id"),
        thing("Steun voor een idee"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    idea_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__idea.id"))
    way: Mapped[str] = mapped_column(Code, info=not_personal("one of SUPPORT_WAYS"))
    who: Mapped[str] = mapped_column(
        String(HASH_LENGTH),
        info=personal(
            "elk mens telt één keer",
            "public_task",
            IDEA_TERM,
            label="hash van account, adres of apparaat",
            people="participant",
            export=False,
            rule="doe_mee.voices",
            erase="keep",
            keep_reason="niet te herleiden zonder het account",
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("zien wat u steunt", "public_task", IDEA_TERM, label="wie het steunt", people="participant", rule="doe_mee.voices"),
    )
    email: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "horen wat er met een idee gebeurt",
            "consent",
            CONTACT_TERM,
            label="e-mailadres",
            people="participant",
            sealed="doe_mee.contact",
            rule="doe_mee.contact",
        ),
    )
    wants_news: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    code_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), unique=True, info=not_personal("keyed hash of a random code"))
    came_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__idea.id"), index=True)
    at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Trace(Base):
    """Where something came from that was sent without account: a keyed hash of the IP address, for when the law is broken.

    No page and no API shows it; it goes after the days that the city set. ``thing_id`` is a voice, a contribution, an idea or a vote.
    """

    __tablename__ = "doe_mee__trace"
    __table_args__ = (
        Index("ix_doe_mee__trace_thing_id", "thing_id"),
        Index("ix_doe_mee__trace_origin_at", "origin", "at"),
        Index("ix_doe_mee__trace_at", "at"),
        thing("Herkomst van wat zonder account is gestuurd"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(Code, info=not_personal("what was sent: a voice, a contribution, an idea, a vote"))
    thing_id: Mapped[uuid.UUID] = mapped_column(info=not_personal("the thing that was sent"))
    origin: Mapped[str] = mapped_column(
        String(HASH_LENGTH),
        info=personal(
            "strafbare of valse inbreng kunnen nagaan",
            "public_task",
            TRACE_TERM,
            label="hash van het IP-adres",
            people="participant",
            export=False,
            rule="doe_mee.traces",
            erase="keep",
            keep_reason="niet te herleiden zonder het IP-adres; gaat vanzelf na de termijn",
        ),
    )
    at: Mapped[datetime]
