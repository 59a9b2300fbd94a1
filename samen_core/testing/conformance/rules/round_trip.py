"""What is declared personal comes out in the export of its owner, and goes as declared when the account is erased; tried with real rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

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
    """For an account with rows in each table: everything is in its export, and after erasing nothing is left but what is kept."""
    platform = context.copy_of_seeded().platform
    tried: set[str] = set()
    with platform.read(system("test")) as uow:
        found = holdings(uow.session, context.name)
        whose = [(holding, _somebody(uow, holding)) for holding in found]
    for holding, account in whose:
        if account is None:
            yield f"nobody's rows show what becomes of {_name(holding)}: let make_many in testing.py make one that is an account's"
        elif str(account) not in tried:
            tried.add(str(account))
            with platform.unit_of_work(system("test")) as uow:
                yield from _try(uow, context.name, account)


def _name(holding: Holding) -> str:
    return f"{holding.table.name} ({', '.join(field.column.name for field in holding.fields)})"


def _somebody(uow: UnitOfWork, holding: Holding) -> uuid.UUID | None:
    """An account with rows in a holding, that of no manager, since a city keeps one."""
    found = uow.session.execute(_owners(holding).where(User.email.not_like("manager@%")).limit(1)).scalar_one_or_none()
    return found if isinstance(found, uuid.UUID) else None


def _owners(holding: Holding) -> Select[Any]:
    column, _, beyond = holding.of.partition("=")
    accounts = select(User.id)
    if not column:
        addresses = [field.column for field in holding.fields if field.declared.address]
        return accounts.where(User.email.in_(select(addresses[0]))) if addresses else accounts.where(User.id.is_(None))
    if not beyond:
        return accounts.where(User.id.in_(select(holding.table.c[column])))
    table_name, _, key = beyond.partition(".")
    between = Base.metadata.tables[table_name]
    return accounts.where(User.id.in_(select(between.c.account_id).where(between.c[key].in_(select(holding.table.c[column])))))


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
            as_before = now == item.rows[key][at] and now not in (None, "", emptied(field.column))
            if as_before or (now not in (None, "", emptied(field.column)) and not is_unique(field.column)):
                yield f"{holding.table.name}.{field.column.name} is not empty after erasing its account"
                break
