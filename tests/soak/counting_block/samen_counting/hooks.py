"""One event, and the handler that counts it, slowly enough to be killed halfway."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import insert, update

from samen_core.api import Delivered, Event, EventHandler, UnitOfWork, hookimpl, uuid7
from samen_counting.models import Seen, Total

HALFWAY = 0.004
"""Seconds between the two halves of the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something to count."""

    type: ClassVar[str] = "counting.happened"


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The event."""
    return [Happened]


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """The counter."""
    return [EventHandler("counting.count", count, (Happened.type,))]


def count(uow: UnitOfWork, event: Delivered) -> None:
    """Add one, wait, note which event it was, and put it in the log."""
    uow.session.execute(update(Total).values(number=Total.number + 1))
    time.sleep(HALFWAY)
    uow.session.execute(insert(Seen).values(id=uuid7(), event_id=event.id))
    uow.record("counting.counted", after={"event": event.id})
