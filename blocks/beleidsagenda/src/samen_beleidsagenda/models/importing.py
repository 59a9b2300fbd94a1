"""Files that were read: what each row of one is to do here, before and after it was done."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import TITLE_LENGTH
from samen_core.api import Base, Code, Expiry, JSONType, not_personal, personal, thing

RUN_STATES = ("mapping", "checked", "applying", "applied", "failed", "undoing", "undone")
"""A file: its columns wait for somebody to say what they are, it was checked, it is being taken over, that is done, or it went wrong;
then what it did is being taken back, or was.
"""
UNDO = ("open", "undone", "kept")
"""A row that did something: it can be taken back, it was, or it stays because of what came after it."""
OUTCOMES = ("new", "moved", "changed", "cancelled", "removed", "conflict", "problem", "note", "same")
CHOICES = ("take", "keep")
KEEP_DAYS = 30

_CODE = "een code of een nummer uit het andere systeem"
_READ: dict[str, Any] = {
    "export": False,
    "erase": "keep",
    "keep_reason": "verloopt binnen 30 dagen",
    "people": "known",
    "expires": Expiry(KEEP_DAYS, "at", "delete_row"),
}
_FOR, _KEPT = "laten zien wat een ingelezen bestand hier verandert", "30 dagen na het inlezen"


class ImportRun(Base):
    """A file that was read for a list. ``counts`` is how many rows have which outcome; ``done`` how many were dealt with."""

    __tablename__ = "beleidsagenda__import_run"
    __table_args__ = (Index("ix_beleidsagenda__import_run_list_id_at", "list_id", "at"), thing("Ingelezen bestand"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__import_list.id"))
    state: Mapped[str] = mapped_column(Code, index=True, info=not_personal("how far the reading is"))
    file_name: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", info=not_personal("de naam van een bestand"))
    content: Mapped[str] = mapped_column(
        Text,
        default="",
        info=personal(_FOR, "public_task", _KEPT, label="tabel uit een bestand", **{**_READ, "expires": Expiry(KEEP_DAYS, "at")}),
    )
    """The rows of a spreadsheet as JSON, so that its columns can be chosen after it was sent."""
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    message: Mapped[str] = mapped_column(default="", info=not_personal("een vaste zin"))
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ImportRow(Base):
    """What one thing of a file is to do here: new, changed and how, gone, or why it cannot be taken over.

    ``changes`` is by field what stands here and what the file says; ``values`` all that the file says; ``message`` the Dutch source of
    a sentence with ``params``. ``choice`` is what somebody chose against the usual, ``undo`` whether what it did can be taken back.
    """

    __tablename__ = "beleidsagenda__import_row"
    __table_args__ = (
        Index("ix_beleidsagenda__import_row_run_id_outcome_number", "run_id", "outcome", "number"),
        thing("Rij van een ingelezen bestand"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__import_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Code, default="", info=not_personal(_CODE))
    key: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", info=not_personal(_CODE))
    parent_key: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", info=not_personal(_CODE))
    line: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(
        String(TITLE_LENGTH), default="", info=personal(_FOR, "public_task", _KEPT, label="titel of naam uit een bestand", **_READ)
    )
    outcome: Mapped[str] = mapped_column(Code, info=not_personal(_CODE))
    subject_id: Mapped[uuid.UUID | None]
    """What it is here; only to link to."""
    changes: Mapped[dict[str, Any]] = mapped_column(
        JSONType, default=dict, info=personal(_FOR, "public_task", _KEPT, label="verschillen met een bestand", **_READ)
    )
    values: Mapped[dict[str, Any]] = mapped_column(
        JSONType, default=dict, info=personal(_FOR, "public_task", _KEPT, label="gegevens uit een bestand", **_READ)
    )
    message: Mapped[str] = mapped_column(default="", info=not_personal("een vaste zin"))
    params: Mapped[dict[str, Any]] = mapped_column(
        JSONType, default=dict, info=personal(_FOR, "public_task", _KEPT, label="woorden uit een bestand", **_READ)
    )
    choice: Mapped[str] = mapped_column(Code, default="", info=not_personal(_CODE))
    done: Mapped[bool] = mapped_column(default=False)
    undo: Mapped[str] = mapped_column(Code, default="", info=not_personal(_CODE))
    effect: Mapped[dict[str, Any]] = mapped_column(
        JSONType, default=dict, info=personal(_FOR, "public_task", _KEPT, label="wat er stond voor het inlezen", **_READ)
    )
    """What the row did here and what stood here before, so that it can be taken back."""
    at: Mapped[datetime]
