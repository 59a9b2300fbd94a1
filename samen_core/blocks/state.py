"""Which blocks are paused: one row per block that ever was, re-read by every process at most every two seconds.

A paused block shows and does nothing: no pages, REST resources, slots, navigation, tasks, jobs or event handlers. What holds data
together goes on: migrations, models, subject cards, receivers of signals, privacy. A block that requires a paused one is paused with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.blocks.discovery import Installed
from samen_core.db.base import Base
from samen_core.errors import Unavailable
from samen_core.i18n import _
from samen_core.remembered import Remembered

if TYPE_CHECKING:
    from samen_core.platform import Platform


class BlockState(Base):
    """What a manager decided about a block. ``reason`` is shown to everybody; ``version`` guards against two managers at once."""

    __tablename__ = "core__block_state"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    paused: Mapped[bool]
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a block is paused: ``cause`` is the block that a manager paused, itself or one that it requires."""

    cause: str
    reason: str


class BlockPaused(Unavailable):
    """A page or resource of a paused block was asked for: ``block``, with its ``label`` for people, and the ``reason`` of its pause."""

    def __init__(self, block: Installed, pause: Pause) -> None:
        self.block = block
        self.reason = pause.reason
        self.label = block.block.label if block.block else block.name
        super().__init__(_("Deze bouwsteen staat op pauze: {reason}", reason=pause.reason), retry_after=RETRY_AFTER)


RETRY_AFTER = 300
"""Seconds after which it is worth asking for a paused page again."""

# Past the events of SQLAlchemy, so that what a page costs in statements does not depend on when this was read last.
_PAUSED = "SELECT name, reason FROM core__block_state WHERE paused"


Pauses = tuple[Mapping[str, Pause], frozenset[str]]


class BlockStates(Remembered[Pauses]):
    """The blocks of a platform that are paused now, re-read at most every two seconds."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform
        self._known: Pauses = ({}, frozenset())

    def paused(self) -> Mapping[str, Pause]:
        """Every enabled block that is paused, by itself or with one that it requires."""
        return self.content(self._platform)[0]

    def paused_names(self) -> frozenset[str]:
        """The names of :meth:`paused`."""
        return self.content(self._platform)[1]

    def is_active(self, name: str) -> bool:
        """Whether a block is enabled and not paused; core always is."""
        return name == "core" or (name in self._platform.registry.names() and name not in self.paused_names())

    def require_active(self, name: str) -> None:
        """Raise BlockPaused for a paused block."""
        if pause := self.paused().get(name):
            raise BlockPaused(self._platform.installed[name], pause)

    def load(self, platform: Platform) -> Pauses:
        """Read which blocks are paused; when the database does not answer, what was known goes on to count."""
        connection = platform.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_PAUSED)
            pauses = with_dependants(platform.blocks, dict(cursor.fetchall()))
            cursor.close()
            self._known = (pauses, frozenset(pauses))
        except platform.engine.dialect.loaded_dbapi.Error:
            platform.log.exception("block_states_not_read")
        finally:
            connection.close()
        return self._known


def with_dependants(blocks: Iterable[Installed], paused: Mapping[str, str]) -> dict[str, Pause]:
    """The pauses of these blocks when those in ``paused`` (name to reason) are: each takes along what requires it, through others too."""
    waiting = list(blocks)
    found = {item.name: Pause(item.name, paused[item.name]) for item in waiting if item.name in paused}
    while along := {
        item.name: found[next(name for name in item.block.requires if name in found)]
        for item in waiting
        if item.name not in found and item.block and found.keys() & set(item.block.requires)
    }:
        found |= along
    return found
