"""Questions, the support for them, and their way through the steps."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing

KINDS = ("problem", "opportunity")
STATES = ("submitted", "accepted", "refused", "merged", "withdrawn")
STEPS = ("agenda", "solve", "decide", "execute", "evaluate", "closed")
"""The five steps of DOMAIN.md, and the end."""

TITLE = 160
_FILE = "hoort bij het openbare dossier van de vraag; het staat er daarna zonder naam of account"
_ASKED = "zolang de vraag te lezen is"
_KEPT = "tot twee jaar na het eindverslag, daarna zonder naam"


class Question(Base):
    """A question of the city (vraagstuk), and with it the table (Samenspraaktafel) that works on it once it is accepted.

    ``cycle`` counts the times that step 2 was entered, from 1. ``reason`` is why it was accepted or refused. ``council_informed_at`` is
    when the memo on the process proposal that holds now went to the council.
    """

    __tablename__ = "samenspreker__question"
    __table_args__ = (
        Index("ix_samenspreker__question_state_step_at", "state", "step", "at"),
        Index("ix_samenspreker__question_area_id_at", "area_id", "at"),
        Index("ix_samenspreker__question_theme_id_at", "theme_id", "at"),
        Index("ix_samenspreker__question_at_id", "at", "id"),
        thing("Vraag"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    slug: Mapped[str] = mapped_column(String(80), unique=True, info=not_personal("the title in an address"))
    kind: Mapped[str] = mapped_column(Code, info=not_personal("problem or opportunity"))
    title: Mapped[str] = mapped_column(
        String(TITLE),
        info=personal(
            "weten waar een vraag over gaat",
            "public_task",
            _ASKED,
            label="titel",
            people="participant",
            receivers=("public",),
            erase="keep",
            keep_reason=_FILE,
        ),
    )
    description: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "weten waar een vraag over gaat",
            "public_task",
            _ASKED,
            label="beschrijving",
            people="participant",
            receivers=("public",),
            erase="keep",
            keep_reason=_FILE,
        ),
    )
    why_now: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "weten waarom een vraag nu aandacht nodig heeft",
            "public_task",
            _ASKED,
            label="waarom nu",
            people="participant",
            receivers=("public",),
            erase="keep",
            keep_reason=_FILE,
        ),
    )
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__theme.id"))
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__project.id"), index=True)
    sectors: Mapped[list[str]] = mapped_column(default=list, info=not_personal("codes of sectors"))
    state: Mapped[str] = mapped_column(Code, default="submitted", info=not_personal("one of STATES"))
    step: Mapped[str] = mapped_column(Code, default="agenda", info=not_personal("one of STEPS"))
    step_since: Mapped[datetime]
    cycle: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="", info=not_personal("why it was accepted or refused"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een vraag aannam of afwees",
            "public_task",
            "tot het account wordt verwijderd",
            label="wie de vraag aannam of afwees",
            people="staff",
        ),
    )
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__question.id"), index=True)
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__question.id"), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "de eigen vraag volgen", "public_task", _KEPT, label="wie de vraag stelde", people="participant", rule="samenspreker.askers"
        ),
    )
    author_name: Mapped[str] = mapped_column(
        String(120),
        default="",
        info=personal(
            "laten zien wie een vraag stelt",
            "consent",
            _KEPT,
            label="naam",
            people="participant",
            receivers=("public",),
            identifies=True,
            rule="samenspreker.askers",
        ),
    )
    email: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            "laten weten wat er met de vraag gebeurt",
            "consent",
            _KEPT,
            label="e-mailadres",
            people="participant",
            receivers=("staff", "mail"),
            identifies=True,
            address=True,
            rule="samenspreker.askers",
        ),
    )
    email_confirmed_at: Mapped[datetime | None]
    wants_mail: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a random code"))
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    sector: Mapped[str] = mapped_column(Code, default="citizens", info=not_personal("the sector of who asked"))
    council_informed_at: Mapped[datetime | None]
    supports: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class QuestionSupport(Base):
    """An account supports a question; the key makes that it counts once, also after a merge.

    A merge copies the rows of the merged question to the other, ``came_from_id`` the merged one; its own rows stay, so that undo is exact.
    """

    __tablename__ = "samenspreker__question_support"
    __table_args__ = thing("Steun voor een vraag")

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        primary_key=True,
        index=True,
        info=personal(
            "eens per persoon tellen",
            "public_task",
            _KEPT,
            erase="delete_row",
            label="wie de vraag steunt",
            people="participant",
            rule="samenspreker.askers",
        ),
    )
    came_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("samenspreker__question.id"), index=True)
    at: Mapped[datetime]


class Move(Base):
    """A question went from one step to another, or back: who, when, why (DOMAIN.md). Append-only."""

    __tablename__ = "samenspreker__move"
    __table_args__ = (Index("ix_samenspreker__move_question_id_id", "question_id", "id"), thing("Stap van een vraag"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    from_step: Mapped[str] = mapped_column(Code, info=not_personal("one of STEPS"))
    to_step: Mapped[str] = mapped_column(Code, info=not_personal("one of STEPS"))
    cycle: Mapped[int]
    """The cycle that the move leads into."""
    reason: Mapped[str] = mapped_column(default="", info=not_personal("the public reason of a move back"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een stap zette", "public_task", "tot het account wordt verwijderd", label="wie de stap zette", people="staff"
        ),
    )
    at: Mapped[datetime]
