"""What a manager wants to know of the blocks: state, size, health, and what each adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from samen_core.blocks.health import Health, health
from samen_core.blocks.inventory import Entry, Kept, entries
from samen_core.blocks.orphans import tables_by_owner
from samen_core.blocks.volume import Rows, files_by_owner, table_rows
from samen_core.events.outbox import OutboxDelivery
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

_WAITING = select(OutboxDelivery.handler, func.count()).where(OutboxDelivery.state == "pending").group_by(OutboxDelivery.handler)


@dataclass(frozen=True, slots=True)
class Overview:
    """A block as it is here. ``waiting`` is the number of messages that it is still to be told."""

    entry: Entry
    tables: Mapping[str, Rows] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    health: tuple[Health, ...] = ()
    waiting: int = 0

    @property
    def rows(self) -> int:
        """The rows of all tables, partly estimated when :attr:`is_estimate`."""
        return sum(item.number for item in self.tables.values())

    @property
    def is_estimate(self) -> bool:
        """Whether a table was too large to count."""
        return any(item.is_estimate for item in self.tables.values())


def overviews(uow: UnitOfWork) -> list[Overview]:
    """Every block that is installed, enabled or has data here, in order of name; core is none. Raises NotAllowed.

    A constant number of statements, besides those of the blocks' own look at their health.
    """
    MANAGE.require(uow.actor)
    platform = uow.platform
    tables = tables_by_owner(uow.session.connection())
    paused = {name: item.reason for name, item in platform.block_states.paused().items() if item.cause == name}
    rows = table_rows(uow, [name for names in tables.values() for name in names])
    files = files_by_owner(uow)
    waiting: dict[str, int] = defaultdict(int)
    for handler, number in uow.session.execute(_WAITING):
        waiting[handler.partition(".")[0]] += number
    found = health(uow)
    return [
        Overview(
            entry,
            {name: rows[name] for name in tables.get(entry.name, ()) if name in rows},
            *files.get(entry.name, (0, 0)),
            tuple(found.get(entry.name, ())),
            waiting[entry.name],
        )
        for entry in entries(platform.config.blocks, platform.installed, Kept(tables, paused))
    ]


@dataclass(frozen=True, slots=True)
class Added:
    """One kind of thing that a block adds to the platform, with the names of all of them."""

    label: Text
    names: tuple[str, ...]


def added(platform: Platform, name: str) -> list[Added]:
    """What a block declares, besides its pages: those are of the web application."""

    def own(names: object) -> tuple[str, ...]:
        return tuple(sorted(item for item in map(str, names) if item.startswith(f"{name}.")))  # type: ignore[call-overload]

    kinds = [f"{kind.label} ({kind.name})" for kind in platform.subject_types if platform.subject_types.owner_of(kind.name) == name]
    jobs = [job.name for job in platform.jobs]
    handlers = [handler.name for handler in platform.event_handlers]
    return [
        Added(_("Soorten onderwerpen"), tuple(kinds)),
        Added(_("Rechten"), own(platform.permissions)),
        Added(_("Instellingen"), own(platform.settings.declared)),
        Added(_("Gebeurtenissen"), own(platform.event_types)),
        Added(_("Wat zij doet na een gebeurtenis"), own(handlers)),
        Added(_("Werk dat steeds terugkomt"), own(jobs)),
    ]
