"""Capacities: on whose behalf an account may act. Core asks (hook ``samen_capacities``), citycontent answers from memberships."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samen_core.errors import NotAllowed
from samen_core.i18n import _

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Capacity:
    """A subject (an organisation) one may speak for. ``sector`` is one of the four of DOMAIN.md; ``role`` is what one is there."""

    subject_id: uuid.UUID
    title: str
    sector: str
    role: str = ""


def capacities(uow: UnitOfWork) -> list[Capacity]:
    """Every capacity of the actor, besides acting for oneself; empty for who is not logged in."""
    if uow.actor.account_id is None:
        return []
    return [capacity for _block, capacity in uow.platform.registry.ask("samen_capacities", Capacity, uow=uow)]


def require_capacity(uow: UnitOfWork, subject_id: uuid.UUID) -> Capacity:
    """The capacity to act for this subject. Raises NotAllowed when the actor has none."""
    for capacity in capacities(uow):
        if capacity.subject_id == subject_id:
            return capacity
    raise NotAllowed(_("U kunt niet namens deze organisatie handelen, want u bent er geen lid van."))
