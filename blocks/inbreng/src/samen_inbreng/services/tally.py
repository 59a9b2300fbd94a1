"""Counting contributions in the transaction that changes them, right whatever happens at the same time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import UnitOfWork
from samen_inbreng.models import Contribution, Tally

NUMBER = ("number", "")
"""The last number that an activity gave to a contribution; it only rises."""

REPLIES = ("replies", "")
Changes = Mapping[tuple[str, str], int]


def _statement(insert: Any) -> Any:
    made = insert(Tally)
    keys = [Tally.activity_id, Tally.dimension, Tally.value]
    added = made.on_conflict_do_update(index_elements=keys, set_={"number": Tally.number + made.excluded.number})
    return added.returning(Tally.dimension, Tally.value, Tally.number)


_SHIFT: dict[str, Any] = {"postgresql": _statement(postgresql.insert), "sqlite": _statement(sqlite.insert)}


def shift(uow: UnitOfWork, activity_id: uuid.UUID, changes: Changes) -> dict[tuple[str, str], int]:
    """Add to these counters of an activity; their values now. One statement.

    The rows are locked until the transaction ends, always in the same order, so that two transactions never wait for each other.
    """
    rows = [
        {"activity_id": activity_id, "dimension": dimension, "value": value, "number": number}
        for (dimension, value), number in sorted(changes.items())
        if number
    ]
    if not rows:
        return {}
    connection = uow.session.connection()
    found = connection.execute(_SHIFT[connection.dialect.name], rows)
    return {(row.dimension, row.value): row.number for row in found}


def counted(contribution: Contribution, number: int) -> dict[tuple[str, str], int]:
    """The counters that a published contribution is in, each with ``number``: only what stands by itself counts per sector and channel."""
    return counted_as(contribution.parent_id, contribution.sector, contribution.channel, contribution.area_id, number)


def counted_as(
    parent_id: uuid.UUID | None, sector: str, channel: str, area_id: uuid.UUID | None, number: int
) -> dict[tuple[str, str], int]:
    """The same, of a contribution with these facts."""
    if parent_id is not None:
        return {REPLIES: number}
    area = str(area_id) if area_id else ""
    return {("total", ""): number, ("sector", sector): number, ("channel", channel): number, ("area", area): number}
