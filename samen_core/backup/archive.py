"""The file of a back-up: a plain tar, its manifest first, the checksums of everything else last; written and read with little memory."""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from samen_core.errors import StartupError

MANIFEST = "manifest.json"
CHECKSUMS = "checksums.sha256"
"""A line per member, as ``sha256sum --check`` reads it."""

MOST_MANIFEST = 10_000_000
CHUNK = 1 << 20


class _Hashing:
    """A stream that is hashed as it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        content = self._stream.read(size)
        self.digest.update(content)
        return content


@contextmanager
def writing_archive(stream: BinaryIO, at: float) -> Iterator[ArchiveWriter]:
    """An archive on this stream, whose members are of this moment (seconds since 1970); the checksums come at the end of the block."""
    with tempfile.TemporaryFile() as sums, tarfile.open(fileobj=stream, mode="w") as tar:
        writer = ArchiveWriter(tar, sums, at)
        yield writer
        size = sums.tell()
        sums.seek(0)
        writer.put(CHECKSUMS, sums, size)


@dataclass(frozen=True, slots=True)
class ArchiveWriter:
    """Writes members one after the other."""

    tar: tarfile.TarFile
    sums: IO[bytes]
    at: float

    def add(self, name: str, content: BinaryIO, size: int) -> None:
        """A member of ``size`` bytes. Raises OSError when the stream ends earlier."""
        hashing = _Hashing(content)
        self.put(name, hashing, size)
        self.sums.write(f"{hashing.digest.hexdigest()}  {name}\n".encode())

    def add_bytes(self, name: str, content: bytes) -> None:
        """A small member."""
        self.add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """A file as a member."""
        with path.open("rb") as stream:
            self.add(name, stream, path.stat().st_size)

    def put(self, name: str, content: _Hashing | IO[bytes], size: int) -> None:
        """A member that is left out of the checksums."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self.at)
        self.tar.addfile(member, content)
        # tarfile remembers every member, which of a hundred thousand files is much.
        self.tar.members = []  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Member:
    """Something in an archive; ``content`` is to be read before the next member is asked."""

    name: str
    size: int
    content: BinaryIO


class _Content:
    """The stream of a member, for which a file that ends too early is an expected mistake."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path, self._stream = path, stream

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises StartupError."""
        return self._or_damaged(lambda: self._stream.read(size))

    def readline(self) -> bytes:
        """The next line. Raises StartupError."""
        return self._or_damaged(self._stream.readline)

    def _or_damaged(self, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except tarfile.ReadError as error:
            raise StartupError(_DAMAGED.format(path=self._path, error=error)) from None


_DAMAGED = "{path} is not a back-up of Samen, or it is damaged: {error}"


def members(path: Path) -> Iterator[Member]:
    """Everything in an archive, in order. Raises StartupError for a file that is none, or one that ends too early."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            while (info := tar.next()) is not None:
                content = tar.extractfile(info) if info.isreg() else None
                if content is None:
                    raise StartupError(f"{path} holds '{info.name}', which is no file: it is not a back-up of Samen")
                yield Member(info.name, info.size, cast("BinaryIO", _Content(path, content)))
                tar.members = []  # type: ignore[attr-defined]
    except tarfile.ReadError as error:
        raise StartupError(_DAMAGED.format(path=path, error=error)) from None


def read_manifest(path: Path) -> bytes:
    """The manifest of an archive. Raises StartupError when it does not start with one."""
    for member in members(path):
        if member.name == MANIFEST and member.size <= MOST_MANIFEST:
            return member.content.read()
        break
    raise StartupError(f"{path} is not a back-up of Samen: it does not start with {MANIFEST}")


def verify(path: Path) -> int:
    """Read the whole archive and compare it with its checksums; the number of members. Raises StartupError, naming what differs."""
    number, compared = 0, False
    with tempfile.TemporaryFile() as seen:
        for member in members(path):
            if compared:
                raise StartupError(f"{path} is damaged: '{member.name}' was added after its checksums; take another back-up")
            if member.name == CHECKSUMS:
                seen.seek(0)
                _compare(path, seen, member.content)
                compared = True
                continue
            digest = hashlib.sha256()
            while chunk := member.content.read(CHUNK):
                digest.update(chunk)
            seen.write(f"{digest.hexdigest()}  {member.name}\n".encode())
            number += 1
    if compared:
        return number
    raise StartupError(f"{path} is damaged: it ends before its checksums; take another back-up")


def _compare(path: Path, seen: IO[bytes], written: IO[bytes]) -> None:
    while True:
        here, there = seen.readline(), written.readline()
        if here != there:
            name = (here or there).decode(errors="replace").partition("  ")[2].strip()
            raise StartupError(f"{path} is damaged: '{name}' is not what was written; take another back-up")
        if not here:
            return
