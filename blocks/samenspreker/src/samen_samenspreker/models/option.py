"""Options: possible solutions, with versions, criteria and support per sector."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing

_COUNTED = "zolang de oplossing te lezen is, zonder naam"
POSITIONS = ("for", "can_live_with", "against")
"""Support on an option (DOMAIN.md); "against" needs a reason."""


class Option(Base):
    """A possible solution. Its text stands in its versions; ``current`` is the number of the newest."""

    __tablename__ = "samenspreker__option"
    __table_args__ = (Index("ix_samenspreker__option_question_id_position", "question_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    """The cycle it was made in; it stays an option in later ones unless withdrawn."""
    state: Mapped[str] = mapped_column(Code, default="active")
    """``active`` or ``withdrawn``."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was withdrawn."""
    title: Mapped[str] = mapped_column(String(160))
    current: Mapped[int]
    position: Mapped[int]
    """Its number in addresses, from 1, never given twice."""
    at: Mapped[datetime]
    judged_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class OptionVersion(Base):
    """The text of an option as it was at one moment. Never edited."""

    __tablename__ = "samenspreker__option_version"

    option_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__option.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str]
    costs: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What changed since the version before."""
    at: Mapped[datetime]


class Criterion(Base):
    """Something that the table judges every option on."""

    __tablename__ = "samenspreker__criterion"
    __table_args__ = (Index("ix_samenspreker__criterion_question_id_position", "question_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    title: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Judgement(Base):
    """How an option does on a criterion, from 1 (poor) to 5 (good), in words."""

    __tablename__ = "samenspreker__judgement"

    option_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__option.id"), primary_key=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__criterion.id"), primary_key=True)
    score: Mapped[int | None]
    text: Mapped[str] = mapped_column(default="")


class OptionSupport(Base):
    """What somebody thinks of an option: a seat of the table (one each, whoever sits on it) or an account without a seat.

    ``option_version`` is the version that it was given on. Exactly one of ``seat_id`` and ``account_id`` counts: for a seat the account
    only says who spoke for it.
    """

    __tablename__ = "samenspreker__option_support"
    __table_args__ = (
        Index("uq_samenspreker__option_support_option_id_seat_id", "option_id", "seat_id", unique=True),
        Index("uq_samenspreker__option_support_option_id_voter", "option_id", "voter_id", unique=True),
        thing("Wat u van een oplossing vindt"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    option_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__option.id"))
    option_version: Mapped[int]
    seat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__seat.id"), index=True)
    voter_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "eens per persoon tellen",
            "public_task",
            "tot twee jaar na het eindverslag",
            erase="delete_row",
            label="wie het vindt",
            people="participant",
            export=False,
            rule="samenspreker.option_supports",
        ),
    )
    """The account without a seat; None for a seat."""
    given_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie voor een stoel sprak",
            "public_task",
            "tot twee jaar na het eindverslag",
            label="wie het zei",
            people="participant",
            receivers=("table",),
            rule="samenspreker.option_supports",
        ),
    )
    sector: Mapped[str] = mapped_column(Code, info=not_personal("one of the four sectors"))
    position: Mapped[str] = mapped_column(
        Code,
        info=personal(
            "het draagvlak tellen",
            "public_task",
            _COUNTED,
            label="standpunt",
            people="participant",
            receivers=("public",),
            of="given_by_id",
            erase="keep",
            keep_reason="telt mee zonder naam",
        ),
    )
    reason: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "uitleggen waarom iemand tegen is",
            "public_task",
            "tot twee jaar na het eindverslag",
            label="reden",
            people="participant",
            receivers=("public",),
            of="given_by_id",
            rule="samenspreker.option_supports",
        ),
    )
    at: Mapped[datetime]
