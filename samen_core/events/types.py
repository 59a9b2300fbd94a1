"""Events: something happened, for sure, and is told later, once per handler (the outbox)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from samen_core.db.changes import plain
from samen_core.subjects import SubjectRef

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of every event. A subclass is a frozen dataclass of ids and codes, never personal data.

    ``type`` is ``<block>.<thing>.<what>``; ``version`` rises when a field changes meaning. ``about`` names the things the event is
    about (the thing itself, its area, theme, project); following, notices and webhooks look at it.
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1

    about: tuple[SubjectRef, ...] = ()

    def payload(self) -> dict[str, Any]:
        """The event as JSON types."""
        kind: Any = type(self)
        values = {name: plain(getattr(self, name)) for name in _names(kind)}
        values["about"] = [{"type": ref.type, "id": str(ref.id)} for ref in self.about]
        return values


@cache
def _names(event: Any) -> tuple[str, ...]:
    """The fields of a kind of event, but for what it is about."""
    return tuple(item.name for item in fields(event) if item.name != "about")


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event as a handler gets it: what was stored, when it happened, and the id of this delivery (for Message-ID, idempotency keys)."""

    id: uuid.UUID
    type: str
    version: int
    payload: dict[str, Any]
    about: tuple[SubjectRef, ...]
    delivery_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class EventHandler:
    """Something to do after an event. ``name`` is ``<block>.<what>`` and is stored with the delivery.

    ``event_types`` empty means every event, but for those whose type begins with one of ``without``. With ``outside_effect`` (mail,
    webhook) the handler gets a reading unit of work, holds no lock and may be repeated after a crash; without, it writes in the
    transaction that marks it done: exactly once.
    """

    name: str
    function: Callable[[UnitOfWork, Delivered], None]
    event_types: tuple[str, ...] = ()
    outside_effect: bool = False
    without: tuple[str, ...] = ()

    def wants(self, event_type: str) -> bool:
        """Whether this handler is to be told of events of this type."""
        return event_type in self.event_types if self.event_types else not event_type.startswith(self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectChanged(Event):
    """A thing was registered or its card changed; feeds search."""

    type: ClassVar[str] = "core.subject.changed"

    subject_type: str
    subject_id: uuid.UUID
