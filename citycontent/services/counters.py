"""Keeping the counters beside filters right, in the transaction of the change they count."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, text

from citycontent.models import Counter, Event, Organization, Person, Project
from citycontent.services.upsert import INSERTS, dialect_of
from samen_core.api import UnitOfWork

Key = tuple[str, str]

COUNTED: dict[str, tuple[Any, ColumnElement[str]]] = {
    "organization.sector": (Organization, Organization.sector.expression),
    "person.visibility": (Person, Person.visibility.expression),
    "project.status": (Project, Project.status.expression),
    "event.status": (Event, Event.status.expression),
}
"""Every counter with the table and the column it counts; only active rows count."""


def _add(insert: Any) -> Any:
    table = Counter.__table__
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=[table.c.name, table.c.key], set_={"value": table.c.value + statement.excluded.value}
    )


_ALONE = text("LOCK TABLE citycontent__counter IN SHARE ROW EXCLUSIVE MODE")
_ADD = {name: _add(insert) for name, insert in INSERTS.items()}


def count(uow: UnitOfWork, changes: Mapping[Key, int]) -> None:
    """Add to counters, by (name, key); one statement. The order is fixed, so that writers cannot wait for each other in a circle."""
    rows = [{"name": name, "key": key, "value": change} for (name, key), change in sorted(changes.items()) if change]
    if not rows:
        return
    uow.session.connection().execute(_ADD[dialect_of(uow)], rows)


def shift(name: str, before: str, after: str) -> dict[Key, int]:
    """The changes when one thing goes from one key to another; none when they are equal."""
    changes: Tally[Key] = Tally()
    changes[name, before] -= 1
    changes[name, after] += 1
    return dict(changes)


def recount(uow: UnitOfWork) -> dict[Key, int]:
    """Count everything anew, as after an import past the services; what was off, by (name, key)."""
    if dialect_of(uow) == "postgresql":
        # Writers that counted end first and others wait: what is added between reading and writing here would be lost.
        uow.session.execute(_ALONE)
    right: dict[Key, int] = {}
    for name, (model, column) in COUNTED.items():
        rows = uow.session.execute(select(literal(name), column, func.count()).where(model.state == "active").group_by(column))
        right |= {(row[0], row[1]): row[2] for row in rows}
    stored = {
        (row.name, row.key): row.value
        for row in uow.session.execute(select(Counter.name, Counter.key, Counter.value).where(Counter.name.in_(COUNTED)))
    }
    off = {key: right.get(key, 0) - stored.get(key, 0) for key in {*right, *stored} if right.get(key, 0) != stored.get(key, 0)}
    if off:
        uow.session.execute(delete(Counter).where(Counter.name.in_(COUNTED)))
        if right:
            uow.session.execute(
                insert(Counter), [{"name": name, "key": key, "value": value} for (name, key), value in sorted(right.items())]
            )
    return off
