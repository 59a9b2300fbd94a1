"""Making a back-up of a city that goes on meanwhile. It needs no platform, so that it also works when a block stops the start."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, table, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from samen_core import __version__
from samen_core.actor import system
from samen_core.backup.archive import MANIFEST, ArchiveWriter, writing_archive
from samen_core.backup.databases import MEMBERS, Snapshot, snapshot, tables
from samen_core.backup.manifest import Manifest
from samen_core.blocks.discovery import installed_blocks
from samen_core.config import Config
from samen_core.db.changes import Entry, LogHead, append
from samen_core.db.engine import make_engine, writing
from samen_core.db.migrate import Migration
from samen_core.errors import StartupError
from samen_core.files.models import File
from samen_core.files.store import Held, LocalFolder
from samen_core.jobs import Lease

LEASE = "core.backup"
"""The row of ``core__lease`` whose ``done_at`` tells when the last back-up was made."""

NAME = "samen-{at:%Y%m%d-%H%M%S}.tar"
PATTERN = "samen-[0-9]*-[0-9]*.tar"
FILES, THEME, CONFIG = "files/", "theme/", "samen.toml"


@dataclass(frozen=True, slots=True)
class Made:
    """A back-up that was made."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(config: Config, settings: Path, target: Path) -> Made:
    """Write a back-up to ``target``: a new file, or a folder that gets one with the moment in its name. ``settings`` is the samen.toml.

    The contents of files are held before the moment of the database and once more right after it, so what a row of that moment names is
    there; a content that came and went within that blink is told as missing.
    The archive is readable by its owner only, and has its name when it is whole. Raises StartupError.
    """
    path = _new_file(target)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".samen-backup-") as name:
        folder, store = Path(name), LocalFolder(config.path(config.files))
        with store.hold() as held, _moment(config, folder, held) as found:
            at = datetime.now(UTC)
            manifest = _describe(config, found, held, at)
            whole = folder / "whole.tar"
            with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                with writing_archive(stream, at.timestamp()) as archive:
                    archive.add_bytes(MANIFEST, manifest.to_json())
                    _add_settings(archive, config, settings)
                    archive.add_file(MEMBERS[found.kind], found.dump)
                    _add_contents(archive, found.connection, held)
                stream.flush()
                os.fsync(stream.fileno())
        if path.exists():
            raise StartupError(f"{path} exists already: choose another name")
        whole.replace(path)
    _note(config, at)
    return Made(path, path.stat().st_size, manifest)


def _moment(config: Config, folder: Path, held: Held) -> AbstractContextManager[Snapshot]:
    """The database at one moment, and all contents of that moment held; holding what is new takes a blink, the first time a while."""
    held.add_new()
    return snapshot(config.database_url, folder, held.add_new)


def _new_file(target: Path) -> Path:
    path = target / NAME.format(at=datetime.now(UTC)) if target.is_dir() else target
    if path.exists():
        raise StartupError(f"{path} exists already: choose another name, or a folder")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise StartupError(f"the folder {path.parent} is not there or cannot be written")
    return path


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Remove all but the newest back-ups in a folder, by the names that they got there; the ones that went."""
    old = sorted(folder.glob(PATTERN))[:-number]
    for path in old:
        path.unlink()
    return old


def _describe(config: Config, found: Snapshot, held: Held, at: datetime) -> Manifest:
    connection = found.connection
    names = tables(connection)
    if Migration.__tablename__ not in names:
        raise StartupError("there is nothing to back up: the database has no tables yet (run 'samen db upgrade')")
    installed = installed_blocks()
    newest = select(Migration.owner, func.max(Migration.revision)).group_by(Migration.owner).order_by(Migration.owner)
    missing: list[str] = []
    number = volume = 0
    for key, size in _contents(connection, held):
        if size is None:
            missing.append(key)
        else:
            number, volume = number + 1, volume + size
    head = connection.execute(select(LogHead.__table__.c.seq, LogHead.__table__.c.hash)).one()
    return Manifest(
        made_at=at.isoformat(timespec="seconds"),
        samen=__version__,
        city={"name": config.city.name, "code": config.city.code},
        database=found.kind,
        server=found.server,
        blocks={name: installed[name].version if name in installed else "" for name in config.blocks},
        revisions={row[0]: row[1] for row in connection.execute(newest)},
        tables={name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names},
        files={"number": number, "bytes": volume},
        missing=missing,
        log={"rows": head.seq, "hash": head.hash},
    )


def _contents(connection: Connection, held: Held) -> Iterator[tuple[str, int | None]]:
    """The key of every content that a row names, with its size, or None when it is not in the folder."""
    columns = File.__table__.c
    rows = connection.execution_options(yield_per=500).execute(
        select(columns.id, columns.widths).where(columns.state != "gone").order_by(columns.id)
    )
    for row in rows:
        for key in (row.id.hex, *(f"{row.id.hex}.{width}" for width in row.widths or ())):
            yield key, held.size(key)


def _add_contents(archive: ArchiveWriter, connection: Connection, held: Held) -> None:
    for key, size in _contents(connection, held):
        if size is not None:
            with held.open(key) as content:
                archive.add(FILES + key, content, size)


def _add_settings(archive: ArchiveWriter, config: Config, settings: Path) -> None:
    """The configuration, which may hold no secrets (:mod:`samen_core.config` refuses them), and the city's theme."""
    archive.add_bytes(CONFIG, settings.read_bytes() if settings.is_file() else b"")
    theme = config.folder / "theme"
    for path in sorted(theme.rglob("*")) if theme.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            archive.add_file(THEME + path.relative_to(theme).as_posix(), path)


def _note(config: Config, at: datetime) -> None:
    """Write in the log and beside the jobs that a back-up was made; it is not in that back-up."""
    engine = make_engine(config.database_url)
    leases = Lease.__table__
    free: dict[str, Any] = {"holder": None, "until": at, "done_at": at}
    with suppress(DBAPIError), Session(writing(engine)) as session:
        connection = session.connection()
        if not connection.execute(update(leases).where(leases.c.name == LEASE).values(**free)).rowcount:  # type: ignore[arg-type]
            connection.execute(insert(leases).values(name=LEASE, **free))  # type: ignore[arg-type]
        append(session, [Entry(system("cli"), "core.backup.made", None, None, None, "", "ok", False, "", at)])
        session.commit()
    engine.dispose()


def last_backup(connection: Connection) -> datetime | None:
    """When a back-up was made last with ``samen backup``; None when that is not known."""
    leases = Lease.__table__.c
    found: datetime | None = connection.execute(select(leases.done_at).where(leases.name == LEASE)).scalar()
    return found
