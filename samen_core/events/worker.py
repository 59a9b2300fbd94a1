"""The worker: claims deliveries with a short lease, runs their handlers, retries with growing delay, buries what keeps failing."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.db.changes import LogHead
from samen_core.db.prepared import Prepared
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.events.types import Delivered, EventHandler
from samen_core.jobs import run_due_jobs
from samen_core.subjects import SubjectRef

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

LEASE = timedelta(minutes=5)
BATCH = 20
MAX_ATTEMPTS = 10
FIRST_DELAY = timedelta(seconds=10)
POLL_SECONDS = 2.0


_HANDLED = Prepared(update(LogHead).where(LogHead.id == 1).values(handled=LogHead.handled + 1))
_DONE = Prepared(
    update(OutboxDelivery)
    .where(
        OutboxDelivery.id == bindparam("of_id"),
        OutboxDelivery.lease_holder == bindparam("of_holder"),
        OutboxDelivery.state == "pending",
        OutboxDelivery.attempts == bindparam("at_attempt"),
    )
    .values(state="done", done_at=bindparam("now"), lease_until=None, last_error="")
)


class LeaseLost(Exception):
    """Another worker took this delivery over: our transaction must not count."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: uuid.UUID
    handler: str
    attempts: int
    lease_until: datetime
    event: Delivered


class Worker:
    """One worker of one platform; several may run on several machines."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.holder = uuid7()
        self._declared: dict[str, EventHandler] = {handler.name: handler for handler in platform.event_handlers}
        self._stop = threading.Event()

    @property
    def handlers(self) -> dict[str, EventHandler]:
        """Every handler by its name: those that were declared, and a webhook's each while it is in use."""
        return self._declared | self.platform.webhooks.handlers(self.platform)

    def run(self) -> None:
        """Work until :meth:`stop`."""
        while not self._stop.is_set():
            try:
                run_due_jobs(self.platform, self.holder)
                busy = self.work_once()
            except Exception:
                self.platform.log.exception("worker_failed")
                busy = 0
            if not busy:
                self.platform.wait_for_work(POLL_SECONDS)

    def stop(self) -> None:
        """Finish the delivery at hand and return from :meth:`run`."""
        self._stop.set()
        self.platform.wake_worker()

    def drain(self) -> int:
        """Work until nothing is due or :meth:`stop`; the number of deliveries claimed."""
        tried = 0
        while not self._stop.is_set() and (count := self.work_once()):
            tried += count
        return tried

    def work_once(self) -> int:
        """Claim one batch and try each delivery in it; the number claimed."""
        claimed = self._claim()
        for index, item in enumerate(claimed):
            if self._stop.is_set():
                self._give_back(claimed[index:])
                break
            if not self._is_active(item.handler):
                self._give_back([item])
                continue
            if self.platform.clock() >= item.lease_until:
                self.platform.log.warning("delivery_lease_ran_out", delivery=str(item.id), handler=item.handler)
                continue
            self._deliver(item)
        return len(claimed)

    def _is_active(self, handler: str) -> bool:
        """Whether the block of a handler is not paused: what is to be told to a paused one waits."""
        return handler.partition(".")[0] not in self.platform.block_states.paused_names()

    def _give_back(self, items: list[_Claimed]) -> None:
        """Let go of what was claimed but not tried."""
        mine = (OutboxDelivery.id.in_([item.id for item in items]), OutboxDelivery.lease_holder == self.holder)
        with self.platform.write_engine.begin() as connection:
            connection.execute(update(OutboxDelivery).where(*mine).values(lease_until=None, attempts=OutboxDelivery.attempts - 1))

    def _claim(self) -> list[_Claimed]:
        now = self.platform.clock()
        free = or_(OutboxDelivery.lease_until.is_(None), OutboxDelivery.lease_until < now)
        due: tuple[Any, ...] = (
            OutboxDelivery.state == "pending",
            OutboxDelivery.next_at <= now,
            free,
            OutboxDelivery.handler.in_([name for name in self.handlers if self._is_active(name)]),
        )
        order = (OutboxDelivery.next_at, OutboxDelivery.id)
        with self.platform.engine.connect() as connection:
            oldest = connection.execute(select(OutboxDelivery.lease_until).where(*due).order_by(*order).limit(1)).first()
        if oldest is None:
            return []
        # What was in the hands of a worker that ended may have ended it: it goes alone, so that it takes nothing else along again.
        alone = oldest.lease_until is not None
        if not alone:
            due = (*due, OutboxDelivery.lease_until.is_(None))
        # Apart from the update, or PostgreSQL may run it again for every row and claim more than a batch.
        chosen = (
            select(OutboxDelivery.id)
            .where(*due)
            .order_by(*order)
            .limit(1 if alone else BATCH)
            .with_for_update(skip_locked=True)
            .cte("chosen")
        )
        claim = (
            update(OutboxDelivery)
            .where(OutboxDelivery.id.in_(select(chosen.c.id)))
            .values(lease_until=now + LEASE, lease_holder=self.holder, attempts=OutboxDelivery.attempts + 1)
            .returning(OutboxDelivery.id, OutboxDelivery.event_id, OutboxDelivery.handler, OutboxDelivery.attempts)
            .execution_options(synchronize_session=False)
        )
        with self.platform.write_engine.begin() as connection:
            rows = connection.execute(claim).all()
        with self.platform.engine.connect() as connection:
            events = {
                row.id: row
                for row in connection.execute(
                    select(*OutboxEvent.__table__.columns).where(OutboxEvent.id.in_({row.event_id for row in rows}))
                )
            }
        claimed = [_Claimed(row.id, row.handler, row.attempts, now + LEASE, _delivered(events[row.event_id], row.id)) for row in rows]
        return sorted(claimed, key=lambda item: (item.event.id, item.handler))

    def _deliver(self, item: _Claimed) -> None:
        handler = self.handlers.get(item.handler)
        if handler is None:
            self._give_back([item])
            return
        if item.attempts > MAX_ATTEMPTS:
            self.platform.log.error("delivery_never_ended", delivery=str(item.id), handler=item.handler)
            self._mark_failed(item, "WorkerEnded")
            return
        try:
            if handler.outside_effect:
                with self.platform.read(system()) as uow:
                    handler.function(uow, item.event)
                with self.platform.unit_of_work(system()) as uow:
                    self._mark_done(uow, item)
            else:
                with self.platform.unit_of_work(system()) as uow:
                    handler.function(uow, item.event)
                    uow.session.flush()
                    self._mark_done(uow, item)
                    _HANDLED.execute(uow.session.connection(), {})
        except LeaseLost:
            self.platform.log.warning("delivery_lease_lost", delivery=str(item.id), handler=item.handler)
        except Exception as error:
            self.platform.log.exception("delivery_failed", delivery=str(item.id), handler=item.handler, attempts=item.attempts)
            self._mark_failed(item, type(error).__name__)

    def _mark_done(self, uow: UnitOfWork, item: _Claimed) -> None:
        mine = {"of_id": item.id, "of_holder": self.holder, "at_attempt": item.attempts, "now": uow.now}
        if _DONE.execute(uow.session.connection(), mine).rowcount != 1:
            raise LeaseLost

    def _mark_failed(self, item: _Claimed, reason: str) -> None:
        now = self.platform.clock()
        dead = item.attempts >= MAX_ATTEMPTS
        delay = FIRST_DELAY * 2 ** (item.attempts - 1)
        values = {"state": "dead" if dead else "pending", "next_at": now + delay, "lease_until": None, "last_error": reason}
        with self.platform.write_engine.begin() as connection:
            connection.execute(self._mine(item).values(**values))

    def _mine(self, item: _Claimed) -> Any:
        return update(OutboxDelivery).where(
            OutboxDelivery.id == item.id,
            OutboxDelivery.lease_holder == self.holder,
            OutboxDelivery.state == "pending",
            OutboxDelivery.attempts == item.attempts,
        )


def _delivered(row: Any, delivery_id: uuid.UUID) -> Delivered:
    about = tuple(SubjectRef(ref["type"], uuid.UUID(ref["id"])) for ref in row.payload.get("about", ()))
    return Delivered(id=row.id, type=row.type, version=row.version, payload=row.payload, about=about, delivery_id=delivery_id, at=row.at)
