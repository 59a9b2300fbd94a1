"""Work on answers: who answers what and by when, and texts that are ready for it; how a plan was found."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, JSONType, not_personal, personal, thing
from samen_doe_mee.models.base import NAME_LENGTH, TO_ACCOUNT


class Duty(Base):
    """Who answers one contribution, and by when; of a plan, or of what was said about an idea."""

    __tablename__ = "doe_mee__duty"
    __table_args__ = (
        Index("ix_doe_mee__duty_owner_id_due_on", "owner_id", "due_on"),
        Index("ix_doe_mee__duty_plan_id_due_on", "plan_id", "due_on"),
        thing("Antwoord dat iemand schrijft"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__plan.id"))
    idea_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__idea.id"), index=True)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        info=personal("weten wie antwoordt", "public_task", TO_ACCOUNT, label="wie antwoordt", people="staff"),
    )
    due_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReadyText(Base):
    """A text that is ready for answers: of one plan, or of the whole city."""

    __tablename__ = "doe_mee__ready_text"
    __table_args__ = (Index("ix_doe_mee__ready_text_plan_id_name", "plan_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__plan.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    text: Mapped[str]
    outcome: Mapped[str] = mapped_column(Code, default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AnswerImport(Base):
    """Answers that came in as a spreadsheet. ``rows`` is what was read of it, ``problems`` what is wrong with it.

    Nothing happens before somebody looked at it and said so (``state`` done); ``answers`` are the answers that it made.
    """

    __tablename__ = "doe_mee__answer_import"
    __table_args__ = (Index("ix_doe_mee__answer_import_at_id", "at", "id"), thing("Antwoorden uit een spreadsheet"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("weten wie antwoorden inlas", "public_task", TO_ACCOUNT, label="wie het inlas", people="staff"),
    )
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), info=not_personal("the name of a file"))
    state: Mapped[str] = mapped_column(Code, default="read", info=not_personal("read, done or undone"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONType, info=not_personal("public answers"))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONType, info=not_personal("lines of a file"))
    answers: Mapped[list[str]] = mapped_column(JSONType, info=not_personal("ids"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ResultMailing(Base):
    """A portion of the people who hear what was done with a round; it goes once they have their mail.

    ``people`` are references, never addresses: ``["t", id]`` for who took part, ``["c", id]`` for a contribution. Where mail goes is looked
    up when it leaves, so that who wants no more mail gets none. ``filled`` is what is told, by language.
    """

    __tablename__ = "doe_mee__result_mailing"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"), index=True)
    filled: Mapped[dict[str, Any]] = mapped_column(JSONType)
    people: Mapped[list[list[str]]] = mapped_column(JSONType)
    at: Mapped[datetime]


class Reach(Base):
    """How often somebody came to a plan on a day, by the way they came (a poster, a link that was shared, the site); no persons."""

    __tablename__ = "doe_mee__reach"

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"), primary_key=True)
    on: Mapped[date] = mapped_column("day", primary_key=True)
    channel: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class ShortLink(Base):
    """A short address for posters and messages. ``channel`` says by which way people come."""

    __tablename__ = "doe_mee__short_link"
    __table_args__ = (Index("uq_doe_mee__short_link_subject_id_channel", "subject_id", "channel", unique=True), thing("Korte link"))

    code: Mapped[str] = mapped_column(String(12), primary_key=True, info=not_personal("a random code"))
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    channel: Mapped[str] = mapped_column(Code, info=not_personal("by which way people come"))
    made_at: Mapped[datetime]
