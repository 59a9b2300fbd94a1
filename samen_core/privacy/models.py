"""The stored declarations, which outlive the code of their block, and the proof that terms were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, String, false
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code, JSONType
from samen_core.privacy.declarations import Expiry, Personal, thing_of, whose


class PersonalField(Base):
    """A stored declaration, so that core can tell of it, export, expire and erase also when the block's code is gone.

    ``thing`` is what a row of the table is; ``of`` how the rows of an account are found.
    """

    __tablename__ = "core__personal_field"

    table_name: Mapped[str] = mapped_column(String(80), primary_key=True)
    column_name: Mapped[str] = mapped_column(String(80), primary_key=True)
    owner: Mapped[str] = mapped_column(Code, index=True)
    purpose: Mapped[str]
    basis: Mapped[str] = mapped_column(Code)
    retention: Mapped[str]
    export: Mapped[bool]
    erase: Mapped[str] = mapped_column(Code)
    keep_reason: Mapped[str]
    label: Mapped[str] = mapped_column(server_default="")
    thing: Mapped[str] = mapped_column(server_default="")
    people: Mapped[str] = mapped_column(Code, server_default="account")
    receivers: Mapped[list[str]] = mapped_column(JSONType, server_default='["staff"]')
    of: Mapped[str] = mapped_column(String(200), server_default="")
    address: Mapped[bool] = mapped_column(server_default=false())
    identifies: Mapped[bool] = mapped_column(server_default=false())
    keep_when: Mapped[list[str] | None] = mapped_column(JSONType)
    expires: Mapped[dict[str, Any] | None] = mapped_column(JSONType)
    rule: Mapped[str] = mapped_column(String(80), server_default="")
    sealed: Mapped[str] = mapped_column(String(80), server_default="")


class RetentionRun(Base):
    """What a rule let go of on one day (UTC): the proof of the terms. No personal data."""

    __tablename__ = "core__retention_run"

    rule: Mapped[str] = mapped_column(String(160), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    owner: Mapped[str] = mapped_column(Code)
    runs: Mapped[int]
    number: Mapped[int]
    last_at: Mapped[datetime]


def declaration_rows(columns: Iterable[tuple[Column[Any], Personal]]) -> list[dict[str, Any]]:
    """The rows to store for these declarations; the owner is the table's prefix."""
    return [
        {
            **asdict(found),
            "table_name": column.table.name,
            "column_name": column.name,
            "owner": column.table.name.partition("__")[0],
            "thing": thing_of(column.table),
            "of": whose(column, found),
        }
        for column, found in columns
    ]


def stored_declaration(row: Any) -> Personal:
    """The declaration that a row of ``core__personal_field`` holds."""
    values: dict[str, Any] = {name: getattr(row, name) for name in Personal.__slots__}
    values["receivers"] = tuple(row.receivers)
    values["keep_when"] = tuple(row.keep_when) if row.keep_when else None
    values["expires"] = Expiry(**row.expires) if row.expires else None
    return Personal(**values)
