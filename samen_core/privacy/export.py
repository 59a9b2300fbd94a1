"""What is kept about an account, thing by thing: for its owner to read and to take along (AVG art. 15 and 20)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, func, select

from samen_core.privacy.holdings import Field, Holding, holdings
from samen_core.sealing import unseal
from samen_core.subjects import SubjectCard, cards

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

CARDS = 1_000
"""How many cards are asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its key, what it holds in the fields of :class:`OwnThings`, in that order, and the things that it is about."""

    key: tuple[Any, ...]
    values: tuple[Any, ...]
    about: tuple[SubjectCard, ...]


@dataclass(frozen=True, slots=True)
class OwnThings:
    """Rows of one table about an account, newest first. ``total`` counts those that are left out too."""

    owner: str
    table: str
    thing: str
    fields: tuple[Field, ...]
    records: tuple[Record, ...]
    total: int


def own_things(uow: UnitOfWork, account_id: uuid.UUID, email: str | None, most: int | None = None) -> list[OwnThings]:
    """Everything that is declared personal and may be exported, of each table the newest ``most`` rows; without empty tables.

    ``email`` is the confirmed address of the account, None where it has none.
    """
    rows: list[tuple[Holding, tuple[Field, ...], Sequence[Any], int]] = []
    for holding in holdings(uow.session):
        shown = tuple(field for field in holding.fields if field.declared.export)
        if shown:
            found, total = _rows(uow, holding, account_id, email, most)
            if found:
                rows.append((holding, shown, found, total))
    known = _cards(uow, {id for holding, _shown, found, _total in rows for row in found for id in _references(holding, row)} - {account_id})
    return [
        OwnThings(holding.owner, holding.table.name, holding.thing, shown, _records(uow, holding, shown, found, known), total)
        for holding, shown, found, total in rows
    ]


def _rows(uow: UnitOfWork, holding: Holding, account_id: uuid.UUID, email: str | None, most: int | None) -> tuple[Sequence[Any], int]:
    mine = holding.mine(account_id, email)
    statement = select(*holding.table.c).where(mine).order_by(*(column.desc() for column in holding.key))
    found = uow.session.execute(statement if most is None else statement.limit(most + 1)).mappings().all()
    if most is None or len(found) <= most:
        return found, len(found)
    return found[:most], uow.session.execute(select(func.count()).select_from(holding.table).where(mine)).scalar_one()


def _references(holding: Holding, row: Any) -> list[uuid.UUID]:
    """The ids of things in a row, its own first: ids are unique over all things, so a card tells what each is."""
    columns = sorted((column for column in holding.table.c if isinstance(column.type, Uuid)), key=lambda column: not column.primary_key)
    return [row[column.name] for column in columns if row[column.name] is not None]


def _cards(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SubjectCard]:
    wanted = sorted(ids)
    found: dict[uuid.UUID, SubjectCard] = {}
    for start in range(0, len(wanted), CARDS):
        found |= cards(uow, wanted[start : start + CARDS])
    return found


def _opened(uow: UnitOfWork, field: Field, value: Any) -> Any:
    """The value of a field, also of one that is sealed; one that another installation sealed stays as it is."""
    if not field.declared.sealed or not value:
        return value
    try:
        return unseal(uow.platform.config.secret_key, field.declared.sealed, value)
    except ValueError:
        return value


def _records(
    uow: UnitOfWork, holding: Holding, shown: Sequence[Field], rows: Sequence[Any], known: dict[uuid.UUID, SubjectCard]
) -> tuple[Record, ...]:
    return tuple(
        Record(
            tuple(row[column.name] for column in holding.key),
            tuple(_opened(uow, field, row[field.column.name]) for field in shown),
            tuple(known[id] for id in dict.fromkeys(_references(holding, row)) if id in known),
        )
        for row in rows
    )
