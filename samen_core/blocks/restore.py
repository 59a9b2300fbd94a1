"""Bringing a purged block back from its dump, equal to what it was, on either kind of database.

The schema is first brought to the revision of the dump, then the rows are read, then the migrations of since run over them: all in one
transaction.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from samen_core.blocks.discovery import usable_blocks
from samen_core.blocks.dumps.core_rows import GONE, subject_batches
from samen_core.blocks.dumps.loading import load_core, load_tables, loaded_files
from samen_core.blocks.dumps.manifest import MANIFEST, Dump, read_manifest, verify
from samen_core.blocks.dumps.within import facts, unit_of_work_in
from samen_core.blocks.dumps.writing import Progress
from samen_core.blocks.orphans import referring_owners, row_counts, tables_by_owner
from samen_core.blocks.purge import drop_tables
from samen_core.config import Config
from samen_core.db import migrate
from samen_core.db.changes import Change
from samen_core.errors import StartupError
from samen_core.events.signals import ACCOUNT_ERASED
from samen_core.privacy.erasure import claims, erase, identifying
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

UNDER_WAY = timedelta(hours=1)
"""An erasure that began before a dump may have ended in the middle of it. To erase again who was erased already changes nothing."""


def config_with(config: Config, dump: Dump) -> Config:
    """The configuration in which a dump is read back: with its block, whether a city enabled that already or not.

    Raises StartupError when the block is not installed, does not work, or needs one that is not enabled.
    """
    from samen_core.blocks.discovery import installed_blocks

    installed = installed_blocks()
    if dump.block not in installed:
        raise StartupError(f"block '{dump.block}' is not installed: run 'pip install samen-{dump.block}' first")
    found = usable_blocks(installed, [dump.block])[dump.block]
    for required in found.block.requires if found.block else ():
        if required not in config.blocks:
            raise StartupError(f"block '{dump.block}' requires '{required}': run 'samen blocks enable {required}' or restore that first")
    return replace(config, blocks=tuple(dict.fromkeys((*config.blocks, dump.block))))


def restore_block(platform: Platform, folder: Path, progress: Progress) -> Dump:
    """Bring back what a dump holds; ``platform`` has the block (:func:`config_with`).

    Checks the whole dump first, and leaves everything as it was when something fails. Raises StartupError.
    """
    dump = read_manifest(folder)
    verify(folder, dump)
    owner = _owner(platform, dump)
    with migrate.upgrade_lock(platform), loaded_files(platform, folder, dump), migrate.migration_connection(platform) as connection:
        _make_room(connection, dump)
        migrate.run_alembic(connection, owner, dump.revisions[-1])
        load_core(connection, folder, dump)
        load_tables(connection, folder, dump, progress)
        migrate.run_alembic(connection, owner, "head")
        migrate.store_declarations(platform, connection)
        _finish(platform, connection, folder, dump)
    return dump


def _owner(platform: Platform, dump: Dump) -> migrate.Owner:
    """The history of the dump's block. Raises StartupError when the dump is newer than the code, or other blocks still have to migrate."""
    found = next(owner for owner in migrate.all_owners(platform) if owner.name == dump.block)
    known = found.revisions()
    if newer := [revision for revision in dump.revisions if revision not in known]:
        made_with = f"version {dump.version}" if dump.version else "a newer version"
        raise StartupError(
            f"the dump is newer than the code: '{newer[0]}' is unknown here; it was made with {made_with} of '{dump.block}', install that"
        )
    if not dump.revisions:
        raise StartupError(f"the dump of '{dump.block}' names no migration: there is nothing to restore")
    for state in migrate.status(platform, [owner for owner in migrate.all_owners(platform) if owner.name != dump.block]):
        if state.pending:
            raise StartupError(f"the database is behind the code ('{state.pending[0]}' did not run): run 'samen db upgrade' first")
    return found


def _make_room(connection: Connection, dump: Dump) -> None:
    """Take away the empty tables that enabling the block made. Raises StartupError when they are not empty, or others refer to them."""
    tables = tables_by_owner(connection).get(dump.block, ())
    held = next((name for name, rows in row_counts(connection, tables, 1).items() if rows), None)
    live = select(Subject.id).where(Subject.owner == dump.block, Subject.state != GONE).limit(1)
    if held or connection.execute(live).first():
        where = f"table {held} has rows" if held else "the register of things has some of it"
        raise StartupError(
            f"block '{dump.block}' has data here ({where}): a restore would mix two; run 'samen blocks purge {dump.block}' first"
        )
    for other in referring_owners(connection, dump.block):
        raise StartupError(f"block '{other}' builds on '{dump.block}' and has tables here: run 'samen blocks purge {other}' first")
    if dump.block in tables_by_owner(connection):
        drop_tables(connection, (*tables, migrate.version_table(dump.block)))
    connection.execute(delete(migrate.Migration).where(migrate.Migration.owner == dump.block))


def _finish(platform: Platform, connection: Connection, folder: Path, dump: Dump) -> None:
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    with unit_of_work_in(platform, connection) as uow:
        _erase_again(uow, dump.made_at)
        _index(uow, dump.block)
        uow.record("core.block.restored", after=facts(dump, digest))


def _erase_again(uow: UnitOfWork, since: datetime) -> None:
    """Who was erased after the dump was made stays erased: what came back about these accounts goes as it would have gone then."""
    erased = select(Change.subject_id).where(Change.action == "core.account.erased", Change.at >= since - UNDER_WAY).distinct()
    for account_id in uow.session.execute(erased).scalars().all():
        if account_id is not None:
            found = claims(uow, account_id, None)
            pattern = identifying(uow, found)
            uow.send(ACCOUNT_ERASED, account_id=account_id)
            uow.session.flush()
            erase(uow, account_id, found, pattern)


def _index(uow: UnitOfWork, block: str) -> None:
    """Make everything of the block that can be found findable again."""
    for ids in subject_batches(uow.session.connection(), block):
        by_type: dict[str, list[uuid.UUID]] = {}
        live = select(Subject.id, Subject.type).where(Subject.id.in_(ids), Subject.state == "active").order_by(Subject.id)
        for row in uow.session.execute(live):
            by_type.setdefault(row.type, []).append(row.id)
        for name, of_type in by_type.items():
            if source := uow.platform.search_sources.get(name):
                uow.platform.search.put(uow.session, list(source.load(uow, of_type)))
