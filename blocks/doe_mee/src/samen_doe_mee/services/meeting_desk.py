"""Who comes to a meeting, for who prepares it and stands at the door."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Registration
from samen_doe_mee.services.meeting_common import HOLDS, Held, visible_meeting
from samen_doe_mee.services.meetings import AT_MEETINGS
from samen_doe_mee.services.plans import require_work

LISTED = (*HOLDS, "waiting")
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Comers:
    """Who registered, by name: those with a place and those who wait in their order; how many did not confirm or stay away."""

    listed: list[Registration]
    waiting: list[Registration]
    unconfirmed: int
    cancelled: int

    @property
    def people(self) -> int:
        """How many come in all."""
        return sum(row.people for row in self.listed)


def comers(uow: UnitOfWork, id: uuid.UUID) -> tuple[Held, Comers]:
    """A meeting with who registered. Three statements. Raises NotFound, and NotAllowed for who only reads along."""
    held = visible_meeting(uow, id)
    require_work(uow, held.plan, *AT_MEETINGS)
    mine = select(Registration).where(Registration.meeting_id == id, Registration.state.in_(LISTED)).limit(MOST)
    rows = list(uow.session.execute(mine.order_by(func.lower(Registration.name), Registration.id)).scalars())
    counts = select(Registration.state, func.count()).where(
        Registration.meeting_id == id, Registration.state.in_(("unconfirmed", "cancelled"))
    )
    numbers = {row[0]: row[1] for row in uow.session.execute(counts.group_by(Registration.state))}
    waiting = sorted((row for row in rows if row.state == "waiting"), key=lambda row: (row.confirmed_at or row.at, row.id))
    return held, Comers([row for row in rows if row.state in HOLDS], waiting, numbers.get("unconfirmed", 0), numbers.get("cancelled", 0))
