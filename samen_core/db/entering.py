"""Writing a new row at once, for what many do in the same minute.

The way through the session sorts, tracks and reads back what is known here, at several times the cost. A row that others in the session
point at must be in the database already: what is written here does not wait for a flush.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class

from samen_core.db.base import Base
from samen_core.db.prepared import PreparedInsert
from samen_core.db.unit_of_work import UnitOfWork

Row = TypeVar("Row", bound=Base)


def new_row(model: type[Row], **values: Any) -> Row:
    """A row of version 1 with these values and the defaults of its other columns, for :func:`enter_row` or :func:`write_row`.

    It is made as a row that was read is, which has all its columns at once; the constructor of a model tells of each that it changed.
    """
    row: Row = manager_of_class(model).new_instance()
    insert, version = _ways(model)
    row.__dict__.update(insert.filled(version | values))
    return row


def enter_row(uow: UnitOfWork, row: Base) -> None:
    """Write a row of :func:`new_row` now; afterwards it is in the session as if it had been loaded."""
    write_row(uow, row)
    make_transient_to_detached(row)
    uow.session.add(row)


def write_row(uow: UnitOfWork, row: Base) -> None:
    """As :func:`enter_row`, for what this transaction does not look at again."""
    insert, values = _ways(type(row))[0], row.__dict__
    insert.execute(uow.session.connection(), {name: values[name] for name in insert.columns})


@cache
def _ways(model: type[Base]) -> tuple[PreparedInsert, dict[str, int]]:
    """How a row of this model is written, and the version that a new one has, where it has one."""
    mapper: Any = inspect(model)
    version = mapper.version_id_col
    return PreparedInsert(mapper.local_table), {} if version is None else {version.key: 1}
