"""Working in somebody else's transaction, and what the log says of a dump."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from samen_core.actor import system
from samen_core.blocks.dumps.manifest import Dump
from samen_core.db.changes import LoggedSession
from samen_core.db.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from samen_core.platform import Platform


@contextmanager
def unit_of_work_in(platform: Platform, connection: Connection) -> Iterator[UnitOfWork]:
    """A unit of work inside the transaction of this connection, which alone decides whether it counts."""
    uow = UnitOfWork(platform, system("cli"))
    uow.session = LoggedSession(connection, expire_on_commit=False, autoflush=True)
    with uow:
        yield uow


def facts(dump: Dump, manifest_sha256: str) -> dict[str, object]:
    """What the log keeps of a dump: enough to know it again, nothing of what is in it."""
    return {
        "block": dump.block,
        "version": dump.version,
        "rows": dump.rows,
        "files": len(dump.files),
        "manifest_sha256": manifest_sha256,
    }
