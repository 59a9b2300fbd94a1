"""What is wrong with a block here: what it says itself (hook ``samen_health``), and what did not get done for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from samen_core.events.outbox import OutboxDelivery
from samen_core.i18n import Text, n_
from samen_core.jobs import Lease

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Health:
    """Something that is not well: in words, and what mends it. A problem cannot wait; anything else is a warning."""

    text: Text
    mend: Text | str = ""
    is_problem: bool = False


_DEAD = select(OutboxDelivery.handler, func.count()).where(OutboxDelivery.state == "dead").group_by(OutboxDelivery.handler)
_FAILING = select(Lease.name, Lease.failures, Lease.last_error).where(Lease.failures > 0)


def health(uow: UnitOfWork) -> dict[str, list[Health]]:
    """What is not well, by block (``core`` too); a block that is not in it is well. Two statements, besides those of the blocks."""
    found: dict[str, list[Health]] = defaultdict(list)
    for block, item in uow.platform.registry.ask("samen_health", Health, uow=uow):
        found[block].append(item)
    dead: dict[str, int] = defaultdict(int)
    for handler, number in uow.session.execute(_DEAD):
        dead[handler.partition(".")[0]] += number
    for block, number in dead.items():
        text = n_("{n} bericht werd na tien keer niet verwerkt", "{n} berichten werden na tien keer niet verwerkt", number)
        found[block].append(Health(text, "samen outbox list --state dead; samen outbox retry"))
    for job in uow.session.execute(_FAILING):
        text = n_(
            "Het werk {job} is {n} keer mislukt ({error})",
            "Het werk {job} is {n} keer achter elkaar mislukt ({error})",
            job.failures,
            job=job.name,
            error=job.last_error,
        )
        found[job.name.partition(".")[0]].append(Health(text))
    return dict(found)
