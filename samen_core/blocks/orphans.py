"""Data in the database by the block that owns it, and what is left of blocks that are no longer installed.

Found from the database alone: every owner has a version table ``<owner>__alembic_version``, and its tables start with the same prefix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, literal, select, table, union_all

from samen_core.db.migrate import CORE, version_table

if TYPE_CHECKING:
    from samen_core.platform import Platform

MOST_ROWS = 10_000
"""How far rows are counted, so that a page with the counts stays fast: beyond it, it is "more than"."""


TOGETHER = 100
"""Tables that are counted in one statement: SQLite takes 500 parts, and a city may have more tables than that."""


@dataclass(frozen=True, slots=True)
class OrphanData:
    """What a block that is not installed left behind: its tables (without the version table), in order of name."""

    block: str
    tables: tuple[str, ...]


def tables_by_owner(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The tables of every owner with a version table, core too, each in order of name and without that table itself."""
    names = sorted(inspect(connection).get_table_names())
    ends = version_table("")
    found: dict[str, list[str]] = {name.removesuffix(ends): [] for name in names if name.endswith(ends)}
    for name in names:
        owner = name.partition("__")[0]
        if owner in found and name != version_table(owner):
            found[owner].append(name)
    return {owner: tuple(tables) for owner, tables in found.items()}


def referring_owners(connection: Connection, name: str) -> list[str]:
    """The other blocks with a table here that has a foreign key to one of this block, in order of name."""
    owners = tables_by_owner(connection)
    keys = inspect(connection).get_multi_foreign_keys()
    targets = set(owners.get(name, ()))
    return [
        other
        for other, tables in owners.items()
        if other not in (name, CORE)
        and any(key["referred_table"] in targets for table_name in tables for key in keys.get((None, table_name), ()))
    ]


def orphans(platform: Platform, connection: Connection | None = None) -> list[OrphanData]:
    """The blocks that have tables here but are not installed, in order of name."""
    if connection is None:
        with platform.engine.connect() as opened:
            return orphans(platform, opened)
    owners = tables_by_owner(connection)
    return [OrphanData(name, tables) for name, tables in owners.items() if name != CORE and name not in platform.installed and tables]


def row_counts(connection: Connection, tables: Iterable[str], most: int = MOST_ROWS) -> Mapping[str, int]:
    """How many rows each of these tables has, hundred tables a statement; ``most + 1`` stands for more than ``most``."""
    parts = []
    for name in tables:
        rows = select(literal(1)).select_from(table(name)).limit(most + 1).subquery()
        parts.append(select(literal(name), select(func.count()).select_from(rows).scalar_subquery()))
    portions = [parts[start : start + TOGETHER] for start in range(0, len(parts), TOGETHER)]
    return {row[0]: row[1] for portion in portions for row in connection.execute(union_all(*portion))}
