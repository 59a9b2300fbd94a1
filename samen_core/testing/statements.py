"""Which SQL statements a platform sends: what a page costs must not grow with what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from samen_core.platform import Platform

_FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "ROLLBACK")


@contextmanager
def sent_statements(platform: Platform) -> Iterator[list[str]]:
    """The statements that are sent inside the ``with`` block, without those that begin and end transactions and savepoints."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_FRAME):
            sent.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(platform.engine, "before_cursor_execute", note)
