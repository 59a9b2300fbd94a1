"""How much data a block keeps here: rows per table, files and bytes; a constant number of statements, whatever the size of the city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, text

from samen_core.blocks.orphans import MOST_ROWS, row_counts
from samen_core.files.models import File
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

EVERYTHING = 10**12
_ESTIMATES = text("SELECT relname, reltuples FROM pg_class WHERE relname IN :names").bindparams(bindparam("names", expanding=True))
_FILES = (
    select(Subject.owner, func.count(), func.coalesce(func.sum(File.size), 0))
    .join(Subject, Subject.id == File.owner_id)
    .where(File.state != "gone")
    .group_by(Subject.owner)
)


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a table has; an estimate of the database where counting would take long."""

    number: int
    is_estimate: bool = False


def table_rows(uow: UnitOfWork, tables: Iterable[str]) -> dict[str, Rows]:
    """The rows of these tables: exact on SQLite, on PostgreSQL exact up to 10,000. At most two statements."""
    names = list(tables)
    connection = uow.session.connection()
    is_postgres = connection.dialect.name == "postgresql"
    counts = row_counts(connection, names, MOST_ROWS if is_postgres else EVERYTHING)
    large = [name for name, number in counts.items() if is_postgres and number > MOST_ROWS]
    estimates: Mapping[str, float] = {row[0]: row[1] for row in connection.execute(_ESTIMATES, {"names": large})} if large else {}
    return {
        name: Rows(max(number, round(estimates[name])), is_estimate=True) if name in estimates else Rows(number)
        for name, number in counts.items()
    }


def files_by_owner(uow: UnitOfWork) -> dict[str, tuple[int, int]]:
    """The number of files and their bytes by the block that owns their subject. One statement."""
    return {row[0]: (row[1], int(row[2])) for row in uow.session.execute(_FILES)}
