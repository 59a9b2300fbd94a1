"""Other servers: who may write over Open311, and to which servers cases go on."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_oog_oor.models.base import NUMBER_LENGTH, TITLE_LENGTH

FORWARD_STATES = ("waiting", "sent", "acknowledged", "failed", "closed", "held", "kept")


class ApiKey(Base):
    """A key to write over Open311, made by an account for itself; only its keyed hash is kept, and its first letters to recognise it."""

    __tablename__ = "oog_oor__api_key"
    __table_args__ = (thing("Sleutel voor Open311"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        index=True,
        info=personal(
            "weten wie een koppeling beheert",
            "agreement",
            "tot de sleutel of het account weg is",
            label="wie de sleutel heeft",
            people="account",
            erase="delete_row",
        ),
    )
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH), info=not_personal("what the key is for"))
    start: Mapped[str] = mapped_column(String(12), info=not_personal("the first letters of a key"))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("what a key is checked with"))
    may_update: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Server(Base):
    """Another Open311 server that cases of some categories go to. ``key`` is sealed; ``updates_until`` is how far its updates were read."""

    __tablename__ = "oog_oor__server"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(80), unique=True)
    base_url: Mapped[str]
    jurisdiction_id: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    key: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    updates_until: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ForwardedCategory(Base):
    """Cases of a category go to a server, which calls it ``service_code``."""

    __tablename__ = "oog_oor__forwarded_category"

    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__category.id"), primary_key=True)
    server_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__server.id"), index=True)
    service_code: Mapped[str] = mapped_column(String(120))


class Forward(Base):
    """A case on its way to another server: what that calls it, how often it was tried, and when again."""

    __tablename__ = "oog_oor__forward"
    __table_args__ = (
        Index("uq_oog_oor__forward_case_id_server_id", "case_id", "server_id", unique=True),
        Index("ix_oog_oor__forward_state_next_at", "state", "next_at"),
        Index("ix_oog_oor__forward_server_id_external_id", "server_id", "external_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    server_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__server.id"))
    state: Mapped[str] = mapped_column(Code, default="waiting")
    token: Mapped[str] = mapped_column(String(120), default="")
    external_id: Mapped[str] = mapped_column(String(120), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]


class TakenOver(Base):
    """What another server had made public of a case that was taken over from it: answers, notes, the address of a picture, and more.

    Shown over Open311 as it was, until staff say anew what everybody may read of the case.
    """

    __tablename__ = "oog_oor__taken_over"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"), primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(info=not_personal("what another server had made public before"))


class Number(Base):
    """The last number that was given out to a case in a year."""

    __tablename__ = "oog_oor__number"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


__all__ = ["FORWARD_STATES", "NUMBER_LENGTH", "ApiKey", "Forward", "ForwardedCategory", "Number", "Server", "TakenOver"]
