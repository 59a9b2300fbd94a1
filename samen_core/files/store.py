"""Where the content of files is kept: a small interface, and a local folder behind it."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

KEY = re.compile(r"[0-9a-f]{32}(\.[0-9]{1,5})?")
"""A key: a file's id in hexadecimal, for a smaller copy of a picture with its width: ``….480``."""


class FileStore(Protocol):
    """Keeps contents by key. Keys match :data:`KEY`; other keys raise ValueError."""

    def save(self, key: str, content: bytes) -> None:
        """Keep this content; whoever opens the key sees all of it or nothing."""

    def open(self, key: str) -> BinaryIO:
        """The content, to be closed by the caller. Raises FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Let go of a content; nothing happens when there is none."""

    def every_key(self) -> Iterator[str]:
        """Every key, in no order."""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """Contents as files in a folder outside the web root, spread over 256 folders by the end of the id (its start is the time)."""

    folder: Path

    def save(self, key: str, content: bytes) -> None:
        """Write beside the place and move: a crash leaves no half file under the key."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
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

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("not a key of a file")
        return self.folder / key[30:32] / key
