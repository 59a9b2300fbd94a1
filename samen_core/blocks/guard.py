"""A block that fails while running: logged with its name and left out, and nothing that it broke stays broken for the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)


class _Failures:
    number = 0


def failures() -> int:
    """How often a block failed in this process: a page that was made meanwhile may lack something."""
    return _Failures.number


@dataclass(slots=True)
class Attempt:
    """Whether the block did what it was asked."""

    succeeded: bool = False


@contextmanager
def left_out_when_it_fails(block: str, uow: UnitOfWork | None = None, **place: str) -> Iterator[Attempt]:
    """Do something of a block: an exception is logged with its name and ``place`` (``hook=...``, ``slot=...``), and goes no further.

    After an error PostgreSQL refuses everything else in a transaction. A unit of work that reads begins anew; in one that writes the
    block works within a savepoint, so that what was written before stays.
    """
    attempt = Attempt()
    try:
        with uow.session.begin_nested() if uow is not None and uow.write else nullcontext():
            yield attempt
        attempt.succeeded = True
    except Exception:
        log.exception("block_failed", block=block, **place)
        _Failures.number += 1
        if uow is not None and not uow.write:
            uow.rollback()


def require_kind(item: Any, kind: type[Any]) -> Any:
    """The item. Raises TypeError when it is no ``kind``."""
    if not isinstance(item, kind):
        raise TypeError(f"expected {kind.__name__}, not {item!r}")
    return item
