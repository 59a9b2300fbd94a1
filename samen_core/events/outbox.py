"""The outbox: events and their deliveries, written in the transaction that made them happen."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from samen_core.db.base import Base, Code, uuid7
from samen_core.db.prepared import PreparedInsert
from samen_core.events.types import Event

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

HandlerName = String(80)


class OutboxEvent(Base):
    """An event that happened."""

    __tablename__ = "core__outbox"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(HandlerName)
    version: Mapped[int]
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


class OutboxDelivery(Base):
    """One handler that is to be told of one event. ``state`` is pending, done or dead."""

    __tablename__ = "core__outbox_delivery"
    __table_args__ = (UniqueConstraint("event_id", "handler"), Index("ix_core__outbox_delivery_state_next_at", "state", "next_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__outbox.id", ondelete="CASCADE"))
    handler: Mapped[str] = mapped_column(HandlerName)
    state: Mapped[str] = mapped_column(Code, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[uuid.UUID | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


_INSERT_EVENT = PreparedInsert(OutboxEvent.__table__)
_INSERT_DELIVERY = PreparedInsert(OutboxDelivery.__table__)


def store(session: Session, events: Iterable[Event], handlers: Callable[[Event], Iterable[str]], now: datetime) -> None:
    """Write the events and a delivery for each handler that wants them, by name: two statements, whatever the number."""
    event_rows = []
    delivery_rows = []
    for event in events:
        event_id = uuid7()
        event_rows.append({"id": event_id, "type": event.type, "version": event.version, "payload": event.payload(), "at": now})
        delivery_rows += [{"id": uuid7(), "event_id": event_id, "handler": name, "next_at": now} for name in handlers(event)]
    connection = session.connection()
    _INSERT_EVENT.write(connection, *event_rows)
    _INSERT_DELIVERY.write(connection, *delivery_rows)


def counts(session: Session) -> dict[str, int]:
    """The number of deliveries in each state."""
    rows = session.execute(select(OutboxDelivery.state, func.count()).group_by(OutboxDelivery.state)).all()
    return {row.state: row[1] for row in rows}


KEEP = timedelta(days=30)
"""How long an event stays after all its handlers were told; dead and waiting deliveries keep it longer."""


def clean_outbox(uow: UnitOfWork) -> None:
    """Remove events older than :data:`KEEP` of which nothing waits or failed; their deliveries go with them."""
    unfinished = select(OutboxDelivery.event_id).where(OutboxDelivery.event_id == OutboxEvent.id, OutboxDelivery.state != "done").exists()
    uow.session.connection().execute(delete(OutboxEvent).where(OutboxEvent.at < uow.now - KEEP, ~unfinished))


def retry(session: Session, now: datetime, delivery_id: uuid.UUID | None = None) -> int:
    """Put dead deliveries (all, or one) back in line; the number put back."""
    statement = (
        update(OutboxDelivery).where(OutboxDelivery.state == "dead").values(state="pending", attempts=0, next_at=now, lease_until=None)
    )
    if delivery_id is not None:
        statement = statement.where(OutboxDelivery.id == delivery_id)
    return int(session.connection().execute(statement).rowcount)
