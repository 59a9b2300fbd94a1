"""Lists that are imported, the files that were read for them, and what each row of one does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from samen_beleidsagenda.models import UNDO, ImportList, ImportRow, ImportRun
from samen_beleidsagenda.permissions import IMPORT
from samen_core.api import Order, Page, PageRequest, SortKey, Text, UnitOfWork, fetch_page, table_column

BY_NAME = Order("name", SortKey(ImportList.name), SortKey(ImportList.id))
BY_NUMBER = Order("number", SortKey(ImportRow.number))
_LISTS = select(
    table_column(ImportList.id),
    table_column(ImportList.name),
    table_column(ImportList.format),
    table_column(ImportList.body_id),
    table_column(ImportList.imported_at),
)
_ROWS = select(*(column for column in ImportRow.__table__.c if column.key not in ("at", "effect")))


def list_lists(uow: UnitOfWork, request: PageRequest) -> Page[Row[Any]]:
    """The lists that the actor may import, by name."""
    statement = IMPORT.narrow(uow.actor, _LISTS, table_column(ImportList.body_id))
    return fetch_page(uow.session, statement, BY_NAME, request)


def last_runs(uow: UnitOfWork, list_id: uuid.UUID, most: int = 10) -> Sequence[Row[Any]]:
    """The newest files of a list. One statement."""
    columns = (ImportRun.id, ImportRun.state, ImportRun.file_name, ImportRun.rows, ImportRun.done, ImportRun.at, ImportRun.counts)
    statement = select(*columns).where(ImportRun.list_id == list_id).order_by(ImportRun.at.desc(), ImportRun.id.desc())
    return uow.session.execute(statement.limit(most)).all()


def list_rows(uow: UnitOfWork, run_id: uuid.UUID, outcome: str | None, request: PageRequest) -> Page[Row[Any]]:
    """The rows of a run in the order of the file, of one outcome (or what became of them when it was taken back) or all."""
    statement = _ROWS.where(ImportRow.run_id == run_id)
    if outcome in UNDO:
        statement = statement.where(ImportRow.undo == outcome)
    elif outcome:
        statement = statement.where(ImportRow.outcome == outcome)
    return fetch_page(uow.session, statement, BY_NUMBER, request)


def every_row(uow: UnitOfWork, run_id: uuid.UUID) -> Sequence[Row[Any]]:
    """All rows of a run. One statement."""
    return uow.session.execute(_ROWS.where(ImportRow.run_id == run_id).order_by(ImportRow.number)).all()


def unknown_bodies(uow: UnitOfWork, run_id: uuid.UUID, most: int = 100) -> list[str]:
    """The words for bodies that stopped meetings of a run. One statement."""
    statement = select(ImportRow.values, ImportRow.title).where(
        ImportRow.run_id == run_id, ImportRow.kind == "meeting", ImportRow.outcome == "problem"
    )
    found = [str(row[0].get("body_word") or row[1]) for row in uow.session.execute(statement.limit(1000)) if not row[0].get("body")]
    return list(dict.fromkeys(found))[:most]


def message_of(row: Row[Any]) -> Text | None:
    """What is said of a row, as it was kept."""
    if not row.message:
        return None
    return Text(row.message, {name: Text(value["text"]) if isinstance(value, dict) else value for name, value in row.params.items()})
