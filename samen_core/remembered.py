"""What the manager chose, read from memory by every page: a small table that each process reads again at most every two seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from samen_core.platform import Platform

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class _Read(Generic[Content]):
    """What was read, when, and after how many changes that this process knew of; in one object, since threads share it."""

    content: Content
    at: float
    changes: int


class Remembered(Generic[Content]):
    """The content of a small table, re-read at most every two seconds, and at once after a change that this process knows of."""

    MAX_AGE = 2.0

    def __init__(self) -> None:
        self._read: _Read[Content] | None = None
        self._changes = 0
        self._head = ""

    def load(self, platform: Platform) -> Content:
        """Read the table, on a connection of its own."""
        raise NotImplementedError

    def content(self, platform: Platform) -> Content:
        """What the table holds, at most two seconds ago."""
        read = self._read
        if read is None or read.changes != self._changes or platform.monotonic() - read.at > self.MAX_AGE:
            changes = self._changes
            content = self.load(platform)
            self._read = read = _Read(content, platform.monotonic(), changes)
        return read.content

    def forget(self) -> None:
        """Read again at the next use."""
        self._changes += 1

    def follow(self, head: str) -> None:
        """Read again at the next use if the change log moved: a page whose validator names this head must have what was chosen then."""
        if head != self._head:
            self._head = head
            self.forget()
