"""Where imported things came from, and how a list of a municipality is read."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import TITLE_LENGTH
from samen_core.api import Base, Code, JSONType

FORMATS = ("ori", "notubiz", "popolo", "table")


class Source(Base):
    """A thing as another system knows it: the same ``scheme`` and ``key`` are the same thing at every import.

    ``digest`` is that of what was imported last: what did not change there is left as it is here.
    """

    __tablename__ = "beleidsagenda__source"
    __table_args__ = (Index("ix_beleidsagenda__source_scheme_parent_key", "scheme", "parent_key"),)

    scheme: Mapped[str] = mapped_column(String(TITLE_LENGTH), primary_key=True)
    key: Mapped[str] = mapped_column(String(TITLE_LENGTH), primary_key=True)
    parent_key: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    """The key of what it is part of: of its meeting for a point of an agenda, so that what disappeared there can go here."""
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    """By field a digest of what was imported last: what people changed here since is not what it was, and stays theirs."""
    at: Mapped[datetime]


class ImportList(Base):
    """A list that a municipality imports again and again, with which column is what (``mapping``) and what its words mean (``words``)."""

    __tablename__ = "beleidsagenda__import_list"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH), unique=True)
    format: Mapped[str] = mapped_column(Code)
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"), index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    imported_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
