"""Where the content of files is kept: a small interface, and a local folder behind it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

KEY = re.compile(r"[0-9a-f]{32}(\.[0-9]{1,5})?")
"""A key: a file's id in hexadecimal, for a smaller copy of a picture with its width: ``….480``."""

HELD = ".held-"
HELD_SECONDS = 24 * 3600
"""After this long a held folder was left by a backup that was killed."""


class FileStore(Protocol):
    """Keeps contents by key. Keys match :data:`KEY`; other keys raise ValueError."""

    def save(self, key: str, content: bytes | BinaryIO) -> None:
        """Keep this content, or what this stream gives; whoever opens the key sees all of it or nothing."""

    def open(self, key: str) -> BinaryIO:
        """The content, to be closed by the caller. Raises FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Let go of a content; nothing happens when there is none."""

    def every_key(self) -> Iterator[str]:
        """Every key, in no order."""

    def hold(self) -> contextlib.AbstractContextManager[Held]:
        """What is kept now, safe from deletion until the end of the block: for a backup of a city that goes on."""


class Held(Protocol):
    """Contents that a backup holds on to."""

    def add_new(self) -> None:
        """Hold what was saved since, too."""

    def size(self, key: str) -> int | None:
        """The bytes of a content, None when it is not held."""

    def open(self, key: str) -> BinaryIO:
        """The content, to be closed by the caller. Raises FileNotFoundError."""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """Contents as files in a folder outside the web root, spread over 256 folders by the end of the id (its start is the time)."""

    folder: Path

    def save(self, key: str, content: bytes | BinaryIO) -> None:
        """Write beside the place and move: a crash leaves no half file under the key."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                if isinstance(content, bytes):
                    stream.write(content)
                else:
                    shutil.copyfileobj(content, stream)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise

    def open(self, key: str) -> BinaryIO:
        """Open for reading."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Remove the file."""
        self._path(key).unlink(missing_ok=True)

    def every_key(self) -> Iterator[str]:
        """The names in the folders that are keys."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if KEY.fullmatch(path.name):
                yield path.name

    @contextlib.contextmanager
    def hold(self) -> Iterator[HeldFolder]:
        """Give every file a second name in a folder of its own (a hard link), which takes no space and outlives a deletion."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.folder.glob(f"{HELD}*"):
            if left.stat().st_mtime < time.time() - HELD_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=HELD))
        try:
            held = HeldFolder(self, folder)
            held.add_new()
            yield held
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return _place(self.folder, key)


@dataclass(frozen=True, slots=True)
class HeldFolder:
    """The second names of the files of a folder."""

    store: LocalFolder
    folder: Path

    def add_new(self) -> None:
        """Link what is not linked yet; where the file system knows no links, copy."""
        for key in self.store.every_key():
            source, target = _place(self.store.folder, key), _place(self.folder, key)
            if target.exists():
                continue
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                try:
                    os.link(source, target)
                except OSError as error:
                    if isinstance(error, FileNotFoundError):
                        raise
                    shutil.copyfile(source, target)

    def size(self, key: str) -> int | None:
        """The length of the file."""
        try:
            return _place(self.folder, key).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, key: str) -> BinaryIO:
        """Open for reading."""
        return _place(self.folder, key).open("rb")


def _place(folder: Path, key: str) -> Path:
    if not KEY.fullmatch(key):
        raise ValueError("not a key of a file")
    return folder / key[30:32] / key
