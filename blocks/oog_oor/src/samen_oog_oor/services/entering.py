"""Writing a new thing at once, for what many do in the same minute."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class

from samen_core.api import Base, PreparedInsert, UnitOfWork

Thing = TypeVar("Thing", bound=Base)


def new(model: type[Thing], **values: Any) -> Thing:
    """A new thing of version 1 with these values and the defaults of its other columns, for :func:`enter` or :func:`write`.

    It is made as a thing that was read is, which has all its columns at once; the constructor of a model tells of each that it changed.
    """
    thing: Thing = manager_of_class(model).new_instance()
    insert, version = _ways(model)
    thing.__dict__.update(insert.filled(version | values))
    return thing


def enter(uow: UnitOfWork, thing: Base) -> None:
    """Write a thing of :func:`new` now; afterwards it is in the session as if it had been loaded.

    The way through the session sorts, tracks and reads back what is known here, at several times the cost.
    """
    write(uow, thing)
    make_transient_to_detached(thing)
    uow.session.add(thing)


def write(uow: UnitOfWork, thing: Base) -> None:
    """As :func:`enter`, for what this transaction does not look at again."""
    insert, values = _ways(type(thing))[0], thing.__dict__
    insert.execute(uow.session.connection(), {name: values[name] for name in insert.columns})


@cache
def _ways(model: type[Base]) -> tuple[PreparedInsert, dict[str, int]]:
    """How a row of this model is written, and the version that a new one has, where it has one."""
    mapper: Any = inspect(model)
    version = mapper.version_id_col
    return PreparedInsert(mapper.local_table), {} if version is None else {version.key: 1}
