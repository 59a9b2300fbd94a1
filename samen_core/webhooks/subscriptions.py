"""Which webhooks are in use, known to every process: each is a handler of events of its own, so that each is tried again by itself."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from samen_core.events.types import Delivered, Event, EventHandler
from samen_core.remembered import Remembered

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

PREFIX = "core.webhook."
# Past the events of SQLAlchemy, so that what a page costs in statements does not depend on when this was read last.
_ACTIVE = "SELECT id, event_types, subject_id FROM core__webhook WHERE state = 'active'"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTested(Event):
    """A manager asked to try a webhook; told to that one only."""

    type: ClassVar[str] = "core.webhook.tested"

    webhook_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a webhook wants to know of."""

    id: uuid.UUID
    event_types: frozenset[str]
    subject_id: uuid.UUID | None

    def wants(self, event: Event) -> bool:
        """Whether it is to be told of an event. What core does inside itself, and what is about nothing, is told to nobody."""
        if isinstance(event, WebhookTested):
            return event.webhook_id == self.id
        if event.type.startswith("core.") or not event.about or (self.event_types and event.type not in self.event_types):
            return False
        return self.subject_id is None or any(ref.id == self.subject_id for ref in event.about)


Known = Mapping[str, tuple[Subscription, EventHandler]]


class Webhooks(Remembered[Known]):
    """The webhooks in use, by the name of their handler; re-read at most every two seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._known: Known = {}

    def names(self, platform: Platform, event: Event) -> Iterator[str]:
        """The handlers of the webhooks that want this event."""
        return (name for name, (subscription, _handler) in self.content(platform).items() if subscription.wants(event))

    def handlers(self, platform: Platform) -> dict[str, EventHandler]:
        """The handlers of all webhooks in use."""
        return {name: handler for name, (_subscription, handler) in self.content(platform).items()}

    def load(self, platform: Platform) -> Known:
        """Read which webhooks are in use; when the database does not answer, what was known goes on to count."""
        connection = platform.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_ACTIVE)
            self._known = dict(_known(*row) for row in cursor.fetchall())
            cursor.close()
        except platform.engine.dialect.loaded_dbapi.Error:
            platform.log.warning("webhooks_not_read")
        finally:
            connection.close()
        return self._known


def handler_name(id: uuid.UUID) -> str:
    """The name of the handler of a webhook, as deliveries keep it."""
    return f"{PREFIX}{id}"


def _known(id: object, event_types: object, subject_id: object) -> tuple[str, tuple[Subscription, EventHandler]]:
    types: Iterable[str] = json.loads(event_types) if isinstance(event_types, str | bytes) else event_types  # type: ignore[assignment]
    made = Subscription(uuid.UUID(str(id)), frozenset(types), uuid.UUID(str(subject_id)) if subject_id else None)
    handler = EventHandler(handler_name(made.id), partial(_send, webhook_id=made.id), outside_effect=True)
    return handler.name, (made, handler)


def _send(uow: UnitOfWork, event: Delivered, *, webhook_id: uuid.UUID) -> None:
    from samen_core.webhooks.sending import send

    send(uow, event, webhook_id)
