"""What is declared personal comes out in the export of its owner, and goes as declared when the account is erased; tried with real rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from samen_core.accounts.models import User
from samen_core.accounts.services.privacy import erase_account, export_account
from samen_core.actor import system
from samen_core.db.base import Base
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.privacy.holdings import Holding, emptied, holdings, is_unique
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding

Rows = dict[tuple[Any, ...], Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one holding that are an account's, by key; ``whole`` are the keys of those that erasure leaves as they are."""

    holding: Holding
    rows: Rows
    whole: frozenset[tuple[Any, ...]]


def check_round_trip(context: Context) -> Iterator[Finding]:
    """For an account with rows in every table: everything is in its export, and after erasing nothing is left but what is kept."""
    platform = context.copy_of_seeded().platform
    with platform.unit_of_work(system("test")) as uow:
        resident = uow.session.execute(select(User.id).where(User.email.like("resident@%"))).scalar_one()
        for holding in holdings(uow.session, context.name):
            if not _give(uow, holding, resident):
                yield f"{holding.table.name} is empty in the demonstration, so nothing shows what becomes of it: let make_many make a row"
    with platform.unit_of_work(system("test")) as uow:
        yield from _try(uow, context.name, resident)


def _give(uow: UnitOfWork, holding: Holding, account: uuid.UUID) -> bool:
    """Make one row of a holding this account's, unless it has one; whether there is one. What goes by an address is left as it is."""
    column, _, beyond = holding.of.partition("=")
    if not column or uow.session.execute(select(*holding.key).where(holding.mine(account, None)).limit(1)).first():
        return True
    table, key, owner = holding.table, holding.key, holding.table.c[column]
    if beyond:
        table_name, _, name = beyond.partition(".")
        table = Base.metadata.tables[table_name]
        wanted = table.c[name].in_(select(owner))
        key, owner = tuple(table.primary_key), table.c.account_id
        found = uow.session.execute(select(*key).where(wanted).limit(1)).first()
    else:
        found = uow.session.execute(select(*key).limit(1)).first()
    if found is None:
        return False
    uow.session.execute(update(table).where(*(part == value for part, value in zip(key, found, strict=True))).values({owner: account}))
    return True


def _try(uow: UnitOfWork, owner: str, account: uuid.UUID) -> Iterator[Finding]:
    email = uow.session.execute(select(User.email).where(User.id == account, User.confirmed_at.is_not(None))).scalar_one_or_none()
    kept = [_kept(uow, holding, account, email) for holding in holdings(uow.session, owner)]
    yield from _exported(uow, account, kept)
    try:
        erase_account(uow, account)
        uow.session.flush()
    except Invalid:
        return
    except Exception as error:  # noqa: BLE001 - a key of the block that holds the account, or a receiver that fails
        yield f"an account with rows in this block cannot be erased: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        uow.rollback()
        return
    for item in kept:
        yield from _erased(uow, item)


def _kept(uow: UnitOfWork, holding: Holding, account: uuid.UUID, email: str | None) -> Kept:
    columns = [field.column for field in holding.fields]
    found = uow.session.execute(select(*holding.key, holding.kept(), *columns).where(holding.mine(account, email))).all()
    width = len(holding.key)
    rows = {tuple(row[:width]): tuple(row[width + 1 :]) for row in found}
    return Kept(holding, rows, frozenset(tuple(row[:width]) for row in found if row[width]))


def _exported(uow: UnitOfWork, account: uuid.UUID, kept: Sequence[Kept]) -> Iterator[Finding]:
    shown: dict[tuple[str, tuple[Any, ...], str], Any] = {}
    for own in export_account(uow, account):
        for record in own.records:
            for field, value in zip(own.fields, record.values, strict=True):
                shown[own.table, record.key, field.column.name] = value
    for item in kept:
        for at, field in enumerate(item.holding.fields):
            place = (item.holding.table.name, field.column.name)
            if field.declared.export and any(shown.get((place[0], key, place[1])) != row[at] for key, row in item.rows.items()):
                yield f"{place[0]}.{place[1]} of an account is not, or not as it is, in the export of its own data"


def _erased(uow: UnitOfWork, item: Kept) -> Iterator[Finding]:
    holding, columns = item.holding, [field.column for field in item.holding.fields]
    left: Rows = {tuple(row[: len(holding.key)]): row[len(holding.key) :] for row in uow.session.execute(select(*holding.key, *columns))}
    erased = [key for key in item.rows if key not in item.whole]
    if holding.deletes and (still := [key for key in erased if key in left]):
        yield f"{len(still)} rows of {holding.table.name} are still there after erasing their account"
    for at, field in enumerate(holding.fields):
        if holding.deletes or field.declared.erase != "blank":
            continue
        for key in erased:
            now = left[key][at] if key in left else None
            # A column whose values must differ gets another value instead of none.
            differs = is_unique(field.column) and now != item.rows[key][at]
            if now not in (None, "", emptied(field.column)) and not differs:
                yield f"{holding.table.name}.{field.column.name} is not empty after erasing its account"
                break
