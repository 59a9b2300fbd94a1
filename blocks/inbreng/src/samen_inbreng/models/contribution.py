"""Contributions and the support for them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, JSONType, not_personal, personal, thing

CHANNELS = ("online", "meeting", "phone", "letter", "email", "survey", "social")
"""How a contribution came in (DOMAIN.md)."""

MAX_DEPTH = 3
"""A reply to a reply to a reply is the deepest."""

_KEPT = (
    "tot twee jaar na het eindverslag, daarna zonder naam; komt er geen eindverslag: tot drie jaar na sluiting, of zolang de vraag open "
    "blijft tot drie jaar na de bijdrage"
)
_MAIL = (
    "tot zes maanden na het eindverslag; komt er geen eindverslag: tot anderhalf jaar na sluiting, of zolang de vraag open blijft tot "
    "anderhalf jaar na de bijdrage"
)
_SUPPORT = (
    "tot twee jaar na het eindverslag; komt er geen eindverslag: tot drie jaar na sluiting, of zolang de vraag open blijft tot drie jaar "
    "na de laatste bijdrage"
)
_WHY_KEPT = "hoort bij het openbare dossier waarover is besloten; het staat er daarna zonder naam of account"


_TOP: dict[str, Any] = {"sqlite_where": sql("parent_id IS NULL"), "postgresql_where": sql("parent_id IS NULL")}
"""Lists hold what is no reply; a partial index, because PostgreSQL does not take IS NULL for equal when it reads an index in order."""


class Contribution(Base):
    """Something that somebody said in an activity; one with a parent is a reply and needs no outcome (DOMAIN.md).

    ``state`` is published, withdrawn (by its author) or hidden (by a moderator): of the last two a tombstone stays. ``author_name`` is what
    is shown, "" for an anonymous one. ``receipt_hash`` is the keyed hash of the receipt code by which a sender without account follows it.
    """

    __tablename__ = "inbreng__contribution"
    __table_args__ = (
        Index("ix_inbreng__contribution_activity_id_at", "activity_id", "at", "id", **_TOP),
        Index("ix_inbreng__contribution_subject_id_at", "subject_id", "at", "id", **_TOP),
        Index("ix_inbreng__contribution_activity_id_supports", "activity_id", "supports", "id", **_TOP),
        Index("ix_inbreng__contribution_root_id_at", "root_id", "at", "id"),
        Index("uq_inbreng__contribution_activity_id_number", "activity_id", "number", unique=True),
        Index(
            "ix_inbreng__contribution_waiting",
            "subject_id",
            "at",
            "id",
            sqlite_where=sql("answered = 0 AND parent_id IS NULL"),
            postgresql_where=sql("answered = false AND parent_id IS NULL"),
        ),
        thing("Bijdrage"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__activity.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__contribution.id"), index=True)
    root_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__contribution.id"))
    depth: Mapped[int] = mapped_column(default=0)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Code, default="published", info=not_personal("published, withdrawn or hidden"))
    text: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "meepraten over een onderwerp van de stad",
            "public_task",
            _KEPT,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="tekst",
            people="participant",
            receivers=("public",),
            rule="inbreng.names",
        ),
    )
    answers: Mapped[dict[str, Any]] = mapped_column(
        JSONType,
        default=dict,
        info=personal(
            "meepraten over een onderwerp",
            "public_task",
            _KEPT,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="antwoorden",
            people="participant",
            receivers=("public",),
            rule="inbreng.names",
        ),
    )
    place: Mapped[dict[str, Any] | None] = mapped_column(
        JSONType,
        info=personal(
            "weten over welke plek het gaat",
            "public_task",
            _KEPT,
            label="plek",
            people="participant",
            receivers=("public",),
            rule="inbreng.names",
            identifies=True,
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("de eigen inbreng volgen", "public_task", _KEPT, label="wie het schreef", people="participant", rule="inbreng.names"),
    )
    author_name: Mapped[str] = mapped_column(
        String(120),
        default="",
        info=personal(
            "laten zien wie iets inbrengt",
            "consent",
            _KEPT,
            label="naam",
            identifies=True,
            people="participant",
            receivers=("public",),
            rule="inbreng.names",
        ),
    )
    email: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            "antwoord sturen",
            "consent",
            _MAIL,
            label="e-mailadres",
            people="participant",
            receivers=("staff", "mail"),
            identifies=True,
            address=True,
            rule="inbreng.mails",
        ),
    )
    wants_mail: Mapped[bool] = mapped_column(default=False)
    email_confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    sector: Mapped[str] = mapped_column(Code, info=not_personal("one of the four sectors"))
    channel: Mapped[str] = mapped_column(Code, info=not_personal("how it came in"))
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    received_on: Mapped[date]
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een bijdrage voor een ander invoerde",
            "public_task",
            "tot het account wordt verwijderd",
            label="wie het invoerde",
            people="staff",
        ),
    )
    source: Mapped[str] = mapped_column(
        default="", info=personal("de bron terugvinden", "public_task", _KEPT, label="bron", people="participant", rule="inbreng.names")
    )
    external_ref: Mapped[str | None] = mapped_column(String(120), unique=True, info=not_personal("the number in the system it came from"))
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a random code"))
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    supports: Mapped[int] = mapped_column(default=0)
    replies: Mapped[int] = mapped_column(default=0)
    answered: Mapped[bool] = mapped_column(default=False)
    """Whether an answer was written that is not withdrawn, sent or not yet: what is left of the desk's work is one index."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Support(Base):
    """An account supports a contribution; the key makes that it counts once."""

    __tablename__ = "inbreng__support"
    __table_args__ = thing("Steun voor een bijdrage")

    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        primary_key=True,
        index=True,
        info=personal(
            "eens per persoon tellen",
            "public_task",
            _SUPPORT,
            erase="delete_row",
            label="wie het steunt",
            people="participant",
            rule="inbreng.supports",
        ),
    )
    at: Mapped[datetime]
