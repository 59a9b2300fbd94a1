"""Taking a block's data out of the city for good: written down and checked first, then dropped in one transaction (ARCHITECTURE §8).

It works from the database alone, so also for a block whose code is gone, or does not load.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from samen_core.blocks.dumps import core_rows
from samen_core.blocks.dumps.manifest import Dump, verify
from samen_core.blocks.dumps.within import facts, unit_of_work_in
from samen_core.blocks.dumps.writing import Progress, Target, content_keys, new_folder, write_dump
from samen_core.blocks.orphans import referring_owners, tables_by_owner
from samen_core.db.migrate import CORE, migration_connection, upgrade_lock, version_table
from samen_core.errors import StartupError

if TYPE_CHECKING:
    from samen_core.platform import Platform

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code (its manual, appendix A) for a lock that did not come within ``lock_timeout``."""


def export_block(platform: Platform, name: str, folder: Path, progress: Progress) -> Dump:
    """Write everything of a block into a new folder, and take nothing away; the city goes on meanwhile. Raises StartupError."""
    engine = platform.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, new_folder(folder):
        tables = _tables(connection, name)
        dump = write_dump(platform, connection, name, tables, Target(folder, progress))
        verify(folder, dump)
        dump.write(folder)
    return dump


def require_purgeable(platform: Platform, name: str) -> None:
    """Raise StartupError, naming the mend, when the data of this block may not be purged now."""
    with platform.engine.connect() as connection:
        _purgeable(platform, connection, name)


def _purgeable(platform: Platform, connection: Connection, name: str) -> tuple[str, ...]:
    tables = _tables(connection, name)
    for other in _dependants(platform, connection, name):
        raise StartupError(
            f"block '{other}' builds on '{name}' and has tables here: run 'samen blocks purge {other}' first"
            if other not in platform.config.blocks
            else f"block '{other}' is enabled and builds on '{name}': run 'samen blocks disable {other}' and purge it first"
        )
    if name in platform.config.blocks:
        raise StartupError(f"block '{name}' is enabled: run 'samen blocks disable {name}', restart the server, then purge")
    return tables


def _tables(connection: Connection, name: str) -> tuple[str, ...]:
    owners = tables_by_owner(connection)
    if name == CORE or name not in owners:
        known = ", ".join(owner for owner in owners if owner != CORE)
        raise StartupError(f"no block '{name}' has tables in this database; these have: {known or 'none'}")
    return owners[name]


def _dependants(platform: Platform, connection: Connection, name: str) -> list[str]:
    """Who else has tables here and needs those of this block: by its manifest, or by a foreign key when its code is gone."""
    referring = referring_owners(connection, name)
    found = []
    for other in tables_by_owner(connection):
        if other in (name, CORE):
            continue
        installed = platform.installed.get(other)
        requires = installed.block.requires if installed and installed.block else ()
        if other in referring or name in requires:
            found.append(other)
    return found


def purge_block(platform: Platform, name: str, folder: Path, progress: Progress) -> Dump:
    """Write everything of a block into a new folder, read that back, and only then drop its tables, all in one transaction.

    What failed left everything as it was. Raises StartupError, naming the mend.
    """
    try:
        with upgrade_lock(platform), migration_connection(platform) as connection:
            tables = _purgeable(platform, connection, name)
            _lock(connection, tables)
            with new_folder(folder):
                dump = write_dump(platform, connection, name, tables, Target(folder, progress))
                keys = content_keys(connection, name)
                verify(folder, dump)
                _require_unchanged(connection, name, dump)
                digest = dump.write(folder)
            # From here on the dump stays, whatever happens: a commit may have come through although its answer did not.
            with unit_of_work_in(platform, connection) as uow:
                for ids in core_rows.subject_batches(connection, name):
                    platform.search.remove(uow.session, ids)
                core_rows.clean(uow, name)
                drop_tables(connection, (*tables, version_table(name)))
                uow.record("core.block.purged", after=facts(dump, digest))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise StartupError(f"the tables of '{name}' are in use: restart the server without the block, then purge") from None
    for key in keys:
        with contextlib.suppress(OSError):
            # What is left lies without a row, and is cleaned up by the daily job.
            platform.files.delete(key)
    return dump


def _require_unchanged(connection: Connection, name: str, dump: Dump) -> None:
    """Nothing was written meanwhile in the tables of core, which are not locked: the rest of the city uses them."""
    dumped = {found.name: found.rows for found in dump.core}
    for part in core_rows.PARTS:
        here = connection.execute(select(func.count()).select_from(part.table).where(part.rows(name))).scalar_one()
        if here != dumped[part.table.name]:
            raise StartupError(f"the city changed {part.table.name} of '{name}' meanwhile: purge again, at a quiet moment")


def _lock(connection: Connection, tables: Sequence[str]) -> None:
    """Nobody writes between the dump and the drop. SQLite has one writer anyway, which is us."""
    if connection.dialect.name == "postgresql" and tables:
        connection.execute(text(f"LOCK TABLE {_quoted(connection, tables)} IN ACCESS EXCLUSIVE MODE"))


def drop_tables(connection: Connection, tables: Sequence[str]) -> None:
    """Drop these tables, which nothing else refers to, in the caller's transaction (with foreign keys off on SQLite)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP TABLE {_quoted(connection, tables)}"))
        return
    for name in tables:
        connection.execute(text(f"DROP TABLE {_quoted(connection, [name])}"))


def _quoted(connection: Connection, tables: Sequence[str]) -> str:
    return ", ".join(connection.dialect.identifier_preparer.quote_identifier(name) for name in tables)
