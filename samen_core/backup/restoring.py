"""Putting a back-up back: everything is checked before anything is changed."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.version import InvalidVersion, Version
from sqlalchemy import func, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from samen_core import __version__
from samen_core.backup import archive, databases
from samen_core.backup.making import CONFIG, FILES, THEME
from samen_core.backup.manifest import Manifest, parse
from samen_core.blocks.discovery import installed_blocks
from samen_core.config import Config, load_config
from samen_core.db.changes import Change, verify
from samen_core.db.engine import make_engine
from samen_core.errors import StartupError
from samen_core.events.outbox import OutboxDelivery
from samen_core.files.store import KEY, LocalFolder

ERASED = "core.account.erased"
"""The action in the log with which an account was erased for good."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: contents of files, rows of the change log (all verified), and deliveries that wait to be made."""

    files: int
    log_rows: int
    waiting: int


def checked_manifest(path: Path) -> Manifest:
    """The manifest of an archive of which every byte is as it was written. Raises StartupError."""
    if not path.is_file():
        raise StartupError(f"{path} is no file")
    manifest = parse(archive.read_manifest(path), path)
    archive.verify(path)
    return manifest


def require_fitting(manifest: Manifest, config: Config) -> None:
    """Raise StartupError when this software or database cannot take the back-up."""
    kind = databases.kind_of(config.database_url)
    if kind != manifest.database:
        raise StartupError(f"this back-up is of a {manifest.database} database, database_url names a {kind} one")
    _require_version("samen", __version__, manifest.samen)
    installed = installed_blocks()
    for name, version in manifest.blocks.items():
        found = installed.get(name)
        if found is None:
            raise StartupError(f"block '{name}' {version} is in this back-up and not installed: run 'pip install samen-{name}'")
        if found.problem:
            raise StartupError(f"block '{name}' is in this back-up and {found.problem}")
        _require_version(f"block '{name}'", found.version, version)


def _require_version(what: str, here: str, there: str) -> None:
    try:
        older = Version(here) < Version(there)
    except InvalidVersion:
        older = False
    if older:
        raise StartupError(f"this back-up was made with {what} {there}, which is newer than {here}: install {there} or newer")


def place_settings(path: Path, folder: Path) -> None:
    """Put the configuration and theme of an archive in a folder that has none. Raises StartupError."""
    if (folder / CONFIG).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for member in archive.members(path):
        if member.name.startswith(THEME):
            name = PurePosixPath(member.name.removeprefix(THEME))
            if name.is_absolute() or ".." in name.parts:
                raise StartupError(f"{path} holds '{member.name}', which is no name of a file of a theme")
            target = folder / "theme" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(member.content.read())
        elif member.name == CONFIG:
            (folder / CONFIG).write_bytes(member.content.read())


def erased_since(manifest: Manifest, config: Config) -> list[uuid.UUID] | None:
    """The accounts that were erased here after the back-up was made, according to the log of this city; they may not come back.

    None when the log here does not go on from the one in the back-up, or there is none: then nobody can tell.
    """
    engine = make_engine(config.database_url)
    log = Change.__table__.c
    try:
        with engine.connect() as connection:
            then = connection.execute(select(log.hash).where(log.seq == manifest.log["rows"])).scalar()
            if then != manifest.log["hash"]:
                return None
            later = select(log.subject_id).where(log.action == ERASED, log.seq > manifest.log["rows"]).order_by(log.seq)
            return list(connection.execute(later).scalars())
    except DBAPIError:
        return None
    finally:
        engine.dispose()


def restore(path: Path, manifest: Manifest, config: Config) -> Restored:
    """Put files and database back, the database last, and prove that it is what was kept. Raises StartupError.

    The caller has checked the archive (:func:`checked_manifest`), that it fits, and that what is there may go.
    """
    store, files = LocalFolder(config.path(config.files)), 0
    member_name = databases.MEMBERS[manifest.database]
    with tempfile.TemporaryDirectory(prefix="samen-restore-") as folder:
        for member in archive.members(path):
            if member.name.startswith(FILES):
                key = member.name.removeprefix(FILES)
                if not KEY.fullmatch(key):
                    raise StartupError(f"{path} holds '{member.name}', which is no name of a stored file")
                store.save(key, member.content)
                files += 1
        for member in archive.members(path):
            if member.name == member_name:
                databases.load(config.database_url, member.content, Path(folder))
    return Restored(files, *_prove(manifest, config))


def _prove(manifest: Manifest, config: Config) -> tuple[int, int]:
    """The rows of the log and the deliveries that wait. Raises StartupError when a table or the log is not what was kept."""
    engine = make_engine(config.database_url)
    try:
        with engine.connect() as connection:
            for name, number in manifest.tables.items():
                here = connection.execute(select(func.count()).select_from(table(name))).scalar_one()
                if here != number:
                    raise StartupError(f"table {name} came back with {here} rows, the back-up says {number}: restore again")
            deliveries = OutboxDelivery.__table__
            waiting = select(func.count()).select_from(deliveries).where(deliveries.c.state == "pending")
            number = connection.execute(waiting).scalar_one()
        with Session(engine) as session:
            rows, problem = verify(session)
        if problem:
            raise StartupError(f"the change log does not hold at row {problem.seq}: {problem.what}")
        return rows, number
    finally:
        engine.dispose()


def config_of(folder: Path) -> Config:
    """The configuration in an instance folder."""
    return load_config(folder / CONFIG)
