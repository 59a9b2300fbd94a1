"""Writing a new thing at once, for what many do in the same minute."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, insert, inspect
from sqlalchemy.orm import Mapper, make_transient_to_detached

from samen_core.api import Base, UnitOfWork


def enter(uow: UnitOfWork, thing: Base) -> None:
    """Write a new thing now, by a statement that was built once; afterwards it is in the session as if it had been loaded.

    The way through the session sorts, tracks and reads back what is known here, at several times the cost.
    """
    table, defaults = _table(type(thing))
    values = thing.__dict__
    for key, default in defaults.items():
        if values.get(key) is None:
            values[key] = default() if callable(default) else default
    uow.session.connection().execute(_insert(type(thing)), {key: values[key] for key in table.columns.keys()})
    make_transient_to_detached(thing)
    uow.session.add(thing)


@cache
def _insert(model: type[Base]) -> Any:
    return insert(model)


@cache
def _table(model: type[Base]) -> tuple[Table, dict[str, Any]]:
    """The table, and per column what it holds when nothing was given."""
    mapper: Mapper[Any] = inspect(model)
    table: Any = mapper.local_table
    return table, {column.key: 1 if column is mapper.version_id_col else _default(column) for column in table.columns}


def _default(column: Any) -> Any:
    if column.default is None:
        return None
    default = column.default.arg
    return (lambda: default(None)) if column.default.is_callable else default
