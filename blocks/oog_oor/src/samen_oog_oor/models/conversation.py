"""What goes to and fro about a case: messages to everybody, notes of staff, questions to reporters and to a third party, ready texts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_oog_oor.models.base import TITLE_LENGTH

_CASE = "twee jaar na het afsluiten van de zaak, of wat de gemeente instelde"
_CONTACT = "90 dagen na het afsluiten van de zaak, of wat de gemeente instelde"
_OF = "signal_id=oog_oor__signal.id"


class Update(Base):
    """Something that was told of a case: a step, with the text that reporters got. ``public`` says whether everybody may read it.

    ``source`` and ``source_id`` are those of another Open311 server that told it, so that nothing is taken in twice.
    """

    __tablename__ = "oog_oor__update"
    __table_args__ = (
        Index("ix_oog_oor__update_case_id_at", "case_id", "at"),
        Index("ix_oog_oor__update_public_at_id", "public", "at", "id"),
        Index("uq_oog_oor__update_source_source_id", "source", "source_id", unique=True),
        thing("Bericht over een zaak"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Code, info=not_personal("one of STATES"))
    text: Mapped[str] = mapped_column(default="", info=not_personal("written by staff for reporters and everybody"))
    public: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str | None] = mapped_column(String(80), info=not_personal("the name of another server"))
    source_id: Mapped[str | None] = mapped_column(String(120), info=not_personal("the id of another server"))


class Note(Base):
    """A note of staff on a case, for staff only; ``cleaned`` once names, numbers and addresses were taken out of it."""

    __tablename__ = "oog_oor__note"
    __table_args__ = (Index("ix_oog_oor__note_case_id_at", "case_id", "at"), thing("Notitie van een medewerker"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(
        info=personal(
            "samen aan een zaak werken",
            "public_task",
            _CASE,
            label="notitie",
            people="staff",
            erase="keep",
            keep_reason="hoort bij de zaak; het staat er daarna zonder naam",
            rule="oog_oor.signals",
        )
    )
    cleaned: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "samen aan een zaak werken", "public_task", "tot het account wordt verwijderd", label="wie de notitie schreef", people="staff"
        ),
    )


class Inquiry(Base):
    """A question to the reporters of a case, or to a third party without an account, at a link that works once and until ``due_at``.

    ``to`` is ``reporter`` or ``third_party``. ``form`` holds the questions, ``answers`` what came back; ``answered_at`` None after
    ``due_at`` means that nothing came. ``reminded_at`` when it was asked again.
    """

    __tablename__ = "oog_oor__inquiry"
    __table_args__ = (
        Index("ix_oog_oor__inquiry_case_id_asked_at", "case_id", "asked_at"),
        Index("ix_oog_oor__inquiry_closed_at_due_at", "closed_at", "due_at"),
        thing("Vraag over een zaak"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    signal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__signal.id"), index=True)
    to: Mapped[str] = mapped_column(Code, info=not_personal("reporter or third_party"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    email: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "iets kunnen vragen",
            "public_task",
            _CONTACT,
            label="e-mailadres van wie iets gevraagd werd",
            people="participant",
            of=_OF,
            sealed="oog_oor.contact",
            rule="oog_oor.contact",
        ),
    )
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("what the key of a link is checked with"))
    text: Mapped[str] = mapped_column(info=not_personal("what staff asked"))
    form: Mapped[dict[str, Any]] = mapped_column(default=dict, info=not_personal("the questions"))
    answers: Mapped[dict[str, Any] | None] = mapped_column(
        info=personal(
            "oplossen wat er gemeld is", "public_task", _CASE, label="antwoorden", people="participant", of=_OF, rule="oog_oor.signals"
        )
    )
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReadyText(Base):
    """A text that staff start from when a case goes to ``state``; empty ``category_id`` is for every category."""

    __tablename__ = "oog_oor__ready_text"
    __table_args__ = (Index("ix_oog_oor__ready_text_state_position", "state", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(Code)
    position: Mapped[int] = mapped_column(default=0)
    category_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__category.id"), index=True)
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Verdict(Base):
    """Whether a reporter is content with how a case was closed, and why; a no can ask to reopen it, which staff decide with a reason."""

    __tablename__ = "oog_oor__verdict"
    __table_args__ = (
        Index("uq_oog_oor__verdict_signal_id_closed_at", "signal_id", "closed_at", unique=True),
        Index("ix_oog_oor__verdict_case_id_at", "case_id", "at"),
        Index("ix_oog_oor__verdict_at", "at"),
        thing("Oordeel over de afhandeling"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    signal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__signal.id"))
    closed_at: Mapped[datetime]
    content: Mapped[bool]
    reason: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "leren van de afhandeling",
            "public_task",
            _CASE,
            label="waarom wel of niet tevreden",
            people="participant",
            of=_OF,
            rule="oog_oor.signals",
        ),
    )
    asks_reopening: Mapped[bool] = mapped_column(default=False)
    decided: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(default="", info=not_personal("why staff reopened it or did not"))
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
