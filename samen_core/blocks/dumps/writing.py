"""Writing a dump: table by table, row by row, with the checksums of what was written."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import Connection, func, select, table

from samen_core import __version__
from samen_core.blocks.dumps.core_rows import PARTS, subjects_of
from samen_core.blocks.dumps.manifest import CHUNK, CORE_ROWS, FILES, MANIFEST, TABLES, Dump, DumpedFile, DumpedTable, new_file
from samen_core.blocks.dumps.rows import Shape, read_rows, reflected, shape_of
from samen_core.db.migrate import Migration
from samen_core.errors import StartupError
from samen_core.files.models import File

if TYPE_CHECKING:
    from samen_core.platform import Platform

Progress = Callable[[str], None]
REPORT_EVERY = 100_000
"""Rows or files after which a long dump says how far it is."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty folder that only we can read; what was written into it is removed when it fails. Raises StartupError."""
    try:
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StartupError(f"{folder} is not empty: name a new folder for the dump")
        for name in (TABLES, CORE_ROWS, FILES):
            (folder / name).mkdir(mode=0o700)
    except OSError as error:
        raise StartupError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        yield folder
    except BaseException:
        for name in (TABLES, CORE_ROWS, FILES):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        if made:
            folder.rmdir()
        raise


@dataclass(frozen=True, slots=True)
class Target:
    """Where a dump goes, and whom to tell how far it is."""

    folder: Path
    progress: Progress


def write_dump(platform: Platform, connection: Connection, block: str, tables: Iterable[str], target: Target) -> Dump:
    """Write everything of a block but the manifest; ``connection`` reads one moment of the database.

    The dump is of the moment before its first row, so that who is erased while it is written counts as erased since.
    Raises StartupError when a table cannot be dumped, or when less was written than the database counts.
    """
    folder, progress, made_at = target.folder, target.progress, platform.clock()
    own = tuple(_table(connection, reflected(connection, name), folder / TABLES, progress) for name in sorted(tables))
    core = tuple(_core(connection, block, folder / CORE_ROWS, progress))
    files, missing = _files(platform, connection, block, folder / FILES, progress)
    revisions = connection.execute(select(Migration.revision).where(Migration.owner == block).order_by(Migration.revision)).scalars()
    installed = platform.installed.get(block)
    for path in (folder / TABLES, folder / CORE_ROWS, folder / FILES, folder):
        _sync(path)
    return Dump(
        block=block,
        version=installed.version if installed else "",
        made_at=made_at,
        platform=__version__,
        database=connection.dialect.name,
        revisions=tuple(revisions),
        tables=own,
        core=core,
        files=files,
        missing_files=missing,
    )


def _table(connection: Connection, shape: Shape, folder: Path, progress: Progress) -> DumpedTable:
    counted = connection.execute(select(func.count()).select_from(table(shape.name))).scalar_one()
    dumped = _lines(shape, folder, read_rows(connection, shape), progress)
    if dumped.rows != counted:
        raise StartupError(f"table {shape.name} has {counted} rows and {dumped.rows} were written: the database is in use or damaged")
    return dumped


def _core(connection: Connection, block: str, folder: Path, progress: Progress) -> Iterator[DumpedTable]:
    for part in PARTS:
        shape = shape_of(part.table)
        yield _lines(shape, folder, read_rows(connection, shape, part.rows(block)), progress)


def _lines(shape: Shape, folder: Path, lines: Iterable[bytes], progress: Progress) -> DumpedTable:
    digest, rows = hashlib.sha256(), 0
    with new_file(folder / f"{shape.name}.jsonl") as stream:
        for line in lines:
            stream.write(line)
            digest.update(line)
            rows += 1
            if rows % REPORT_EVERY == 0:
                progress(f"{shape.name}: {rows} rows")
    if rows:
        progress(f"{shape.name}: {rows} rows")
    return DumpedTable(shape.name, dict(shape.columns), rows, digest.hexdigest())


def _files(
    platform: Platform, connection: Connection, block: str, folder: Path, progress: Progress
) -> tuple[tuple[DumpedFile, ...], tuple[str, ...]]:
    found, missing = [], []
    for key in content_keys(connection, block):
        try:
            content = platform.files.open(key)
        except FileNotFoundError:
            missing.append(key)
            continue
        with content, new_file(folder / key) as stream:
            found.append(_copy(key, content, stream))
        if len(found) % REPORT_EVERY == 0:
            progress(f"files: {len(found)}")
    if found:
        progress(f"files: {len(found)}")
    return tuple(found), tuple(missing)


def content_keys(connection: Connection, block: str) -> list[str]:
    """The keys of every content that belongs to a block's subjects, with the smaller copies of pictures."""
    of_block = select(File.id, File.widths).where(File.owner_id.in_(subjects_of(block)), File.state != "gone").order_by(File.id)
    rows = connection.execute(of_block).all()
    return [row.id.hex + suffix for row in rows for suffix in ("", *(f".{width}" for width in row.widths))]


def _copy(key: str, content: BinaryIO, stream: BinaryIO) -> DumpedFile:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        stream.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return DumpedFile(key, size, digest.hexdigest())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
