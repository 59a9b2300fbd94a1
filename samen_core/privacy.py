"""Personal data: declared on the column that holds it, with purpose, basis, retention and what erasure does (AVG art. 5, 15, 17, 30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, MetaData, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code

PERSONAL = "personal"
NOT_PERSONAL = "not_personal"

Basis = Literal["public_task", "consent", "legal_obligation", "agreement", "legitimate_interest"]
Erase = Literal["blank", "delete_row", "keep"]


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of one personal field.

    ``basis`` is the lawful basis of AVG art. 6; ``retention`` a sentence in plain Dutch; ``erase`` what an erasure request does:
    empty the field, delete the row, or keep it (with the reason in ``keep_reason``).
    """

    purpose: str
    basis: Basis
    retention: str
    export: bool = True
    erase: Erase = "blank"
    keep_reason: str = ""


def personal(
    purpose: str, basis: Basis, retention: str, *, export: bool = True, erase: Erase = "blank", keep_reason: str = ""
) -> dict[str, Any]:
    """The ``info`` of a column with personal data: ``mapped_column(info=personal(...))``."""
    return {PERSONAL: Personal(purpose, basis, retention, export, erase, keep_reason)}


def not_personal(why: str) -> dict[str, Any]:
    """The ``info`` of a text column in a table about people that holds no personal data, with the reason."""
    return {NOT_PERSONAL: why}


def declaration(column: ColumnElement[Any]) -> Personal | None:
    """The declaration of a column, or None when it holds no personal data."""
    found = column.info.get(PERSONAL) if isinstance(column, Column) else None
    return found if isinstance(found, Personal) else None


def declared_columns(metadata: MetaData) -> Iterator[tuple[Column[Any], Personal]]:
    """Every declared personal column of the tables in ``metadata``, in order of table name."""
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        for column in table.columns:
            found = declaration(column)
            if found:
                yield column, found


class PersonalField(Base):
    """A stored declaration, so that core can export and erase also when the block's code is gone."""

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


def declaration_rows(columns: Iterable[tuple[Column[Any], Personal]]) -> list[dict[str, Any]]:
    """The rows to store for these declarations; the owner is the table's prefix."""
    return [
        {"table_name": column.table.name, "column_name": column.name, "owner": column.table.name.partition("__")[0], **asdict(found)}
        for column, found in columns
    ]
