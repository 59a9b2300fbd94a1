"""Checks of what a block does with personal data."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.privacy import erase_account, export_account
from samen_core.actor import system
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.privacy.holdings import Holding, emptied, holdings, is_unique
from samen_core.privacy.retention import run
from samen_core.testing.personal_rows import Rows

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows of one holding that are an account's, by key; ``whole`` are the keys of those that erasure leaves as they are."""

    holding: Holding
    rows: dict[Key, Key]
    whole: frozenset[Key]


def keep_to_terms(platform: Platform) -> dict[str, int]:
    """Let go of everything whose term is over, as the worker does every hour: the number by rule, of rules that let go of something.

    Raises AssertionError for a rule that fails.
    """
    with platform.unit_of_work(system("test")) as uow:
        ran = run(uow)
    failed = [found.rule for found in ran if found.number is None]
    assert not failed, f"these rules fail: {failed}"
    return {found.rule: found.number for found in ran if found.number}


def privacy_round_trip(platform: Platform, block: str) -> list[str]:
    """What is wrong with the declarations of personal data of a block, as sentences; nothing of it stays in the database.

    Rows about a new account are put in every table of the block (with the rows that those need), the account's data is exported, and the
    account is erased: what is to be exported must be in the export as it is, and what is to be emptied or deleted must be gone. The
    conformance rule ``data-round-trip`` is this check in a filled city.
    """
    with platform.unit_of_work(system("test")) as uow:
        try:
            return list(_round_trip(uow, block))
        finally:
            uow.rollback()


def _round_trip(uow: UnitOfWork, block: str) -> Iterator[str]:
    email = f"{secrets.token_hex(6)}@samen.example"
    account = create_account(uow, CreateAccount(email, f"Proef {secrets.token_hex(6)}"))
    uow.session.flush()
    rows = Rows(uow, account.id, email)
    found = [holding for holding in holdings(uow.session, block) if holding.table.name != "core__user"]
    for holding in found:
        if not rows.give(holding):
            yield f"{holding.table.name}: no row can be made, and there is none: let make_many make one"
    uow.session.flush()
    kept = [_kept(uow, holding, account.id, email) for holding in found]
    yield from _exported(uow, account.id, kept)
    try:
        erase_account(uow, account.id)
        uow.session.flush()
    except Exception as error:  # noqa: BLE001 - a key of the block that holds the account, or a receiver that fails or refuses
        yield f"an account with rows in this block cannot be erased: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return
    for item in kept:
        yield from _left(uow, item)


def _kept(uow: UnitOfWork, holding: Holding, account: uuid.UUID, email: str) -> _Kept:
    columns = [field.column for field in holding.fields]
    found = uow.session.execute(select(*holding.key, holding.kept(), *columns).where(holding.mine(account, email))).all()
    width = len(holding.key)
    rows = {tuple(row[:width]): tuple(row[width + 1 :]) for row in found}
    return _Kept(holding, rows, frozenset(tuple(row[:width]) for row in found if row[width]))


def _exported(uow: UnitOfWork, account: uuid.UUID, kept: Sequence[_Kept]) -> Iterator[str]:
    shown: dict[tuple[str, Key, str], Any] = {}
    for own in export_account(uow, account):
        for record in own.records:
            for field, value in zip(own.fields, record.values, strict=True):
                shown[own.table, record.key, field.column.name] = value
    for item in kept:
        table = item.holding.table.name
        if not item.rows:
            yield f"{table}: the row of an account is not found by what its columns declare"
        for at, field in enumerate(item.holding.fields):
            name = field.column.name
            if field.declared.export and any(shown.get((table, key, name)) != row[at] for key, row in item.rows.items()):
                yield f"{field.column} of an account is not, or not as it is, in the export of its own data"


def _left(uow: UnitOfWork, item: _Kept) -> Iterator[str]:
    """What erasure should have taken of these rows."""
    holding, columns = item.holding, [field.column for field in item.holding.fields]
    left = {tuple(row[: len(holding.key)]): row[len(holding.key) :] for row in uow.session.execute(select(*holding.key, *columns))}
    erased = [key for key in item.rows if key not in item.whole and key in left]
    if holding.deletes:
        if erased:
            yield f"{holding.table.name}: rows are to be deleted with the account, and {len(erased)} are still there"
        return
    for at, field in enumerate(holding.fields):
        if field.declared.erase == "blank" and any(_stays(field.column, item.rows[key][at], left[key][at]) for key in erased):
            yield f"{field.column} is to be emptied with the account, and is not"


def _stays(column: Any, before: Any, now: Any) -> bool:
    # A column whose values must differ gets another value instead of none.
    return now not in (None, "", emptied(column)) and not (is_unique(column) and now != before)
