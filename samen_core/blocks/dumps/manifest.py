"""The manifest of a dump, and whether what lies beside it is still what was written."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from samen_core.blocks.dumps.rows import Kind
from samen_core.errors import StartupError
from samen_core.files.store import KEY

FORMAT = 1
MANIFEST = "manifest.json"
TABLES, CORE_ROWS, FILES = "tables", "core", "files"
CHUNK = 1 << 20
_NAME = re.compile(r"[a-z][a-z0-9_]{1,80}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DumpedTable:
    """The rows of one table: a line each in ``<folder>/<name>.jsonl``."""

    name: str
    columns: dict[str, Kind]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DumpedFile:
    """One content in ``files/<key>``."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dump:
    """What a dump holds. ``version`` is that of the block's code, "" when it was no longer installed; ``revisions`` its migrations."""

    block: str
    version: str
    made_at: datetime
    platform: str
    database: str
    revisions: tuple[str, ...]
    tables: tuple[DumpedTable, ...]
    core: tuple[DumpedTable, ...]
    files: tuple[DumpedFile, ...]
    missing_files: tuple[str, ...]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """The rows of the block's own tables."""
        return sum(found.rows for found in self.tables)

    def write(self, folder: Path) -> str:
        """Write the manifest, last of all, so that a dump without one was broken off; its SHA-256."""
        content = json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, ensure_ascii=False, indent=1).encode() + b"\n"
        with new_file(folder / MANIFEST) as stream:
            stream.write(content)
        return hashlib.sha256(content).hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that only we can read, on the disk when the block ends."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


class _TableSchema(Schema):
    name = fields.String(required=True, validate=validate.Regexp(f"^{_NAME.pattern}$"))
    columns = fields.Dict(fields.String(), fields.String(), required=True)
    rows = fields.Integer(required=True, strict=True, validate=validate.Range(0))
    sha256 = fields.String(required=True, validate=validate.Regexp(f"^{_SHA256.pattern}$"))

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> DumpedTable:
        return DumpedTable(**data)


class _FileSchema(Schema):
    key = fields.String(required=True, validate=validate.Regexp(f"^{KEY.pattern}$"))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(0))
    sha256 = fields.String(required=True, validate=validate.Regexp(f"^{_SHA256.pattern}$"))

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> DumpedFile:
        return DumpedFile(**data)


class _ManifestSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    format = fields.Integer(required=True)
    block = fields.String(required=True, validate=validate.Regexp(f"^{_NAME.pattern}$"))
    version = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True, format="iso")
    platform = fields.String(required=True)
    database = fields.String(required=True)
    revisions = fields.List(fields.String(), required=True)
    tables = fields.List(fields.Nested(_TableSchema), required=True)
    core = fields.List(fields.Nested(_TableSchema), required=True)
    files = fields.List(fields.Nested(_FileSchema), required=True)
    missing_files = fields.List(fields.String(), required=True)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Dump:
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        return Dump(**values)


def read_manifest(folder: Path) -> Dump:
    """The manifest of a dump. Raises StartupError for a folder that is none, or of a format that this version does not know."""
    path = folder / MANIFEST
    if not path.is_file():
        raise StartupError(f"{folder} is no dump of a block: it has no {MANIFEST}")
    try:
        content = json.loads(path.read_bytes())
        if isinstance(content, dict) and content.get("format") != FORMAT:
            raise StartupError(f"{path} has format {content.get('format')!r}, this version of Samen reads {FORMAT}: use a newer one")
        dump: Dump = _ManifestSchema().load(content)
    except (ValueError, ValidationError) as error:
        raise StartupError(f"{path} cannot be read: {error}") from None
    for found in dump.tables:
        if not found.name.startswith(f"{dump.block}__"):
            raise StartupError(f"{path} names table '{found.name}', which is not of block '{dump.block}'")
    return dump


def verify(folder: Path, dump: Dump) -> None:
    """Read everything again and compare it with the manifest. Raises StartupError, naming what differs."""
    for path, size, rows, sha256 in _parts(folder, dump):
        digest, length, lines = hashlib.sha256(), 0, 0
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    length += len(chunk)
                    lines += chunk.count(b"\n")
        except FileNotFoundError:
            raise StartupError(f"the dump is not whole: {path} is missing") from None
        if digest.hexdigest() != sha256 or size not in (None, length) or rows not in (None, lines):
            raise StartupError(f"the dump is damaged: {path} is not what was written")


def _parts(folder: Path, dump: Dump) -> Iterator[tuple[Path, int | None, int | None, str]]:
    for kind, tables in ((TABLES, dump.tables), (CORE_ROWS, dump.core)):
        for found in tables:
            yield folder / kind / f"{found.name}.jsonl", None, found.rows, found.sha256
    for file in dump.files:
        yield folder / FILES / file.key, file.size, None, file.sha256


@contextmanager
def lines_of(folder: Path, kind: str, name: str) -> Iterator[Iterable[bytes]]:
    """The lines of a dumped table."""
    with (folder / kind / f"{name}.jsonl").open("rb") as stream:
        yield stream
