"""The outbox and the worker: every event is told, each handler counts it exactly once."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from samen_gereedschap.events import ProjectOpened
from samen_gereedschap.models import Tool
from sqlalchemy import select, update

from citycontent.api import OrganizationDeleted
from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events import outbox as store
from samen_core.events.outbox import OutboxDelivery
from samen_core.events.types import Delivered, EventHandler, SubjectChanged
from samen_core.events.worker import BATCH, FIRST_DELAY, LEASE, MAX_ATTEMPTS, Worker
from samen_core.platform import Platform
from samen_core.subjects import SubjectRef
from samen_core.testing.platforms import Clock, Outbox
from tests.core.samples import add_tool, count
from tests.core.test_change_log import in_threads

Handle = Callable[[UnitOfWork, Delivered], None]


@pytest.fixture
def told() -> list[Delivered]:
    """What the handler of the test was told."""
    return []


@pytest.fixture
def handle(platform: Platform) -> Callable[..., None]:
    """``handle(function, name=..., outside_effect=...)``: the platform's only handler from now on, for every event."""

    def only(function: Handle, name: str = "gereedschap.test", **options: Any) -> None:
        platform.event_handlers = (EventHandler(name, function, (ProjectOpened.type,), **options),)

    return only


def publish(platform: Platform, number: int = 1) -> None:
    """Publish this many events, in one transaction."""
    with platform.unit_of_work(system("test")) as uow:
        for _index in range(number):
            uow.publish(ProjectOpened(project_id=uuid.uuid4(), about=(SubjectRef("organization", uuid.uuid4()),)))


def deliveries(platform: Platform) -> list[Any]:
    """The deliveries in order."""
    with platform.engine.connect() as connection:
        return list(connection.execute(select(*OutboxDelivery.__table__.columns).order_by(OutboxDelivery.id)))


def mark(uow: UnitOfWork) -> None:
    """Something to write in a handler, that can be counted."""
    uow.record("gereedschap.handled")


def test_a_handler_of_the_example_block_withdraws_tools_of_an_organisation_that_is_gone(platform: Platform, outbox: Outbox) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(OrganizationDeleted(id=add_tool(uow).organization_id, entity_version=2))
    outbox.drain()
    with platform.engine.connect() as connection:
        assert connection.execute(select(Tool.state)).scalars().all() == ["withdrawn"]


def test_an_event_arrives_as_it_was_published(
    platform: Platform, outbox: Outbox, handle: Callable[..., None], told: list[Delivered]
) -> None:
    handle(lambda uow, event: told.append(event))
    project, area = uuid.uuid4(), uuid.uuid4()
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(ProjectOpened(project_id=project, about=(SubjectRef("area", area),)))
    assert outbox.drain() == 1
    assert [(event.type, event.version, event.about) for event in told] == [("gereedschap.project.opened", 1, (SubjectRef("area", area),))]
    assert told[0].payload == {"project_id": str(project), "about": [{"type": "area", "id": str(area)}]}
    assert outbox.drain() == 0


def test_events_of_one_transaction_arrive_in_order(
    platform: Platform, outbox: Outbox, handle: Callable[..., None], told: list[Delivered]
) -> None:
    handle(lambda uow, event: told.append(event))
    projects = [uuid.uuid4() for _index in range(30)]
    with platform.unit_of_work(system("test")) as uow:
        for project in projects:
            uow.publish(ProjectOpened(project_id=project))
    outbox.drain()
    assert [event.payload["project_id"] for event in told] == [str(project) for project in projects]


def test_keys_are_in_order_of_creation() -> None:
    made = [uuid7() for _index in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(id.version, id.variant) for id in made} == {(7, uuid.RFC_4122)}


def test_keys_of_many_threads_are_different() -> None:
    made: list[uuid.UUID] = []
    in_threads(lambda index: made.extend([uuid7() for _index in range(2000)]), 4)
    assert len(set(made)) == 8000


def test_keys_after_a_fork_are_different() -> None:
    """Two web processes start from the same memory, possibly within the same millisecond."""
    script = (
        "import os, sys, time\n"
        "from samen_core.db.base import uuid7\n"
        "time.time_ns = lambda: 10**18\n"
        "uuid7()\n"
        "child = os.fork()\n"
        "made = [str(uuid7()) for _ in range(200)]\n"
        "if child: os.waitpid(child, 0)\n"
        "sys.stdout.write('\\n'.join(made) + '\\n'); sys.stdout.flush(); os._exit(0)\n"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert len(printed) == 400
    assert len(set(printed)) == 400


def test_a_handler_is_told_only_what_it_wants() -> None:
    assert EventHandler("gereedschap.all", lambda uow, event: None).wants("anything.at.all")
    most = EventHandler("gereedschap.most", lambda uow, event: None, without=("core.", "gereedschap."))
    assert [most.wants(name) for name in ("core.mail.queued", "gereedschap.tool.hidden", "corex.y.z")] == [False, False, True]
    assert not EventHandler("gereedschap.one", lambda uow, event: None, ("gereedschap.project.opened",)).wants("gereedschap.tool.hidden")


def test_a_crash_before_the_work_counts_only_once(
    platform: Platform, outbox: Outbox, clock: Clock, handle: Callable[..., None], told: list[Delivered]
) -> None:
    def crash_first(uow: UnitOfWork, event: Delivered) -> None:
        told.append(event)
        if len(told) == 1:
            raise ConnectionError("the database server went away")
        mark(uow)

    handle(crash_first)
    publish(platform)
    outbox.drain()
    assert count(platform, Change) == 0
    clock.forward(seconds=11)
    outbox.drain()
    assert count(platform, Change) == 1
    assert [row.state for row in deliveries(platform)] == ["done"]


def test_a_crash_after_the_work_takes_the_work_back(
    platform: Platform, outbox: Outbox, clock: Clock, handle: Callable[..., None], told: list[Delivered]
) -> None:
    def crash_after(uow: UnitOfWork, event: Delivered) -> None:
        told.append(event)
        mark(uow)
        uow.session.flush()
        if len(told) == 1:
            raise MemoryError

    handle(crash_after)
    publish(platform)
    outbox.drain()
    clock.forward(seconds=11)
    outbox.drain()
    assert len(told) == 2
    assert count(platform, Change) == 1


def test_a_killed_worker_leaves_its_work_to_another(
    platform: Platform, clock: Clock, handle: Callable[..., None], told: list[Delivered]
) -> None:
    """No exception is caught when a process is killed: the delivery stays claimed until its lease ends."""

    def killed(uow: UnitOfWork, event: Delivered) -> None:
        mark(uow)
        raise KeyboardInterrupt

    handle(killed)
    publish(platform)
    with pytest.raises(KeyboardInterrupt):
        Worker(platform).drain()
    handle(lambda uow, event: (mark(uow), told.append(event)))  # type: ignore[func-returns-value]
    assert Worker(platform).drain() == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert Worker(platform).drain() == 1
    assert count(platform, Change) == 1


def test_who_lost_the_lease_does_not_count(platform: Platform, clock: Clock, handle: Callable[..., None]) -> None:
    """A worker that was asleep for longer than its lease wakes up when another has done the work."""
    second: list[int] = []

    def slow(uow: UnitOfWork, event: Delivered) -> None:
        if not second:
            second.append(1)
            clock.forward(seconds=LEASE.total_seconds() + 1)
            assert Worker(platform).drain() == 1
        mark(uow)

    handle(slow)
    publish(platform)
    Worker(platform).drain()
    assert count(platform, Change) == 1
    assert [(row.state, row.attempts) for row in deliveries(platform)] == [("done", 2)]


def test_a_worker_that_is_late_leaves_the_rest_of_its_batch(
    platform: Platform, clock: Clock, handle: Callable[..., None], told: list[Delivered]
) -> None:
    """A slow mail server may use up the lease of what is still in line; another worker may have sent it already."""

    def slow(uow: UnitOfWork, event: Delivered) -> None:
        told.append(event)
        clock.forward(seconds=LEASE.total_seconds() + 1)

    handle(slow, outside_effect=True)
    publish(platform, 3)
    assert Worker(platform).work_once() == 3
    assert len(told) == 1


def test_an_outside_effect_that_repeats_carries_the_same_delivery_id(
    platform: Platform, outbox: Outbox, clock: Clock, handle: Callable[..., None], told: list[Delivered], monkeypatch: pytest.MonkeyPatch
) -> None:
    handle(lambda uow, event: told.append(event), outside_effect=True)
    publish(platform)
    worker = Worker(platform)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_mark_done", lambda uow, item: (_ for _ in ()).throw(ConnectionError()))
        worker.drain()
    clock.forward(seconds=11)
    outbox.drain()
    assert len(told) == 2
    assert told[0].delivery_id == told[1].delivery_id == deliveries(platform)[0].id


def test_an_outside_effect_holds_no_transaction_that_writes(platform: Platform, outbox: Outbox, handle: Callable[..., None]) -> None:
    """Sending mail takes seconds: another may write meanwhile, and the handler itself may not."""
    seen: list[bool] = []

    def send(uow: UnitOfWork, event: Delivered) -> None:
        seen.append(uow.write)
        with platform.unit_of_work(system("test")) as other:
            other.record("gereedschap.meanwhile")

    handle(send, outside_effect=True)
    publish(platform)
    outbox.drain()
    assert seen == [False]
    assert [row.state for row in deliveries(platform)] == ["done"]


def test_failures_wait_longer_each_time_and_then_stop(platform: Platform, clock: Clock, handle: Callable[..., None]) -> None:
    def fail(uow: UnitOfWork, event: Delivered) -> None:
        raise ValueError("about mevrouw De Vries")

    handle(fail)
    publish(platform)
    waits = []
    for _attempt in range(MAX_ATTEMPTS):
        assert Worker(platform).drain() == 1
        row = deliveries(platform)[0]
        waits.append(round((row.next_at - clock()) / FIRST_DELAY))
        assert Worker(platform).drain() == 0
        clock.shift += row.next_at - clock() + timedelta(seconds=1)
    assert waits == [2**attempt for attempt in range(MAX_ATTEMPTS)]
    row = deliveries(platform)[0]
    assert (row.state, row.attempts, row.last_error) == ("dead", MAX_ATTEMPTS, "ValueError")
    clock.forward(days=365)
    assert Worker(platform).drain() == 0


def test_what_kills_every_worker_ends_too(platform: Platform, clock: Clock, handle: Callable[..., None]) -> None:
    """An event whose handler takes the whole process down never reaches the place where failures are counted."""

    def killed(uow: UnitOfWork, event: Delivered) -> None:
        raise KeyboardInterrupt

    handle(killed)
    publish(platform)
    for _attempt in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            Worker(platform).drain()
        clock.forward(seconds=LEASE.total_seconds() + 1)
    Worker(platform).drain()
    assert [row.state for row in deliveries(platform)] == ["dead"]


def test_what_kills_every_worker_takes_nothing_else_along(
    platform: Platform, clock: Clock, handle: Callable[..., None], told: list[Delivered]
) -> None:
    """Others in the same batch were tried no more often than they were at fault: they are delivered."""

    def killed_by_the_first(uow: UnitOfWork, event: Delivered) -> None:
        if event.id == first:
            raise KeyboardInterrupt
        told.append(event)

    handle(killed_by_the_first)
    publish(platform, 5)
    first = deliveries(platform)[0].event_id
    for _attempt in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            Worker(platform).drain()
        clock.forward(seconds=LEASE.total_seconds() + 1)
    Worker(platform).drain()
    assert [row.state for row in deliveries(platform)] == ["dead", "done", "done", "done", "done"]
    assert len(told) == 4


def test_dead_deliveries_can_be_put_back_in_line(platform: Platform, handle: Callable[..., None], told: list[Delivered]) -> None:
    handle(lambda uow, event: told.append(event))
    publish(platform, 2)
    with platform.write_engine.begin() as connection:
        connection.execute(update(OutboxDelivery).values(state="dead", attempts=MAX_ATTEMPTS))
    assert Worker(platform).drain() == 0
    first, second = (row.id for row in deliveries(platform))
    with platform.unit_of_work(system("test")) as uow:
        assert store.retry(uow.session, uow.now, first) == 1
        assert store.counts(uow.session) == {"pending": 1, "dead": 1}
    assert Worker(platform).drain() == 1
    with platform.unit_of_work(system("test")) as uow:
        assert store.retry(uow.session, uow.now, first) == 0
        assert store.retry(uow.session, uow.now) == 1
    assert Worker(platform).drain() == 1
    assert [event.delivery_id for event in told] == [first, second]


def test_deliveries_of_an_absent_block_wait(platform: Platform, clock: Clock, handle: Callable[..., None], told: list[Delivered]) -> None:
    handle(lambda uow, event: told.append(event), "absent.handler")
    publish(platform)
    handlers, platform.event_handlers = platform.event_handlers, ()
    clock.forward(days=30)
    assert Worker(platform).drain() == 0
    assert [(row.state, row.attempts) for row in deliveries(platform)] == [("pending", 0)]
    platform.event_handlers = handlers
    assert Worker(platform).drain() == 1
    assert len(told) == 1


def test_a_failing_handler_does_not_hold_up_another(platform: Platform, outbox: Outbox, told: list[Delivered]) -> None:
    def fail(uow: UnitOfWork, event: Delivered) -> None:
        raise ValueError

    platform.event_handlers = (
        EventHandler("gereedschap.a", fail, (ProjectOpened.type,)),
        EventHandler("gereedschap.b", lambda uow, event: told.append(event), (ProjectOpened.type,)),
    )
    publish(platform, 3)
    outbox.drain()
    assert len(told) == 3


def test_what_a_handler_publishes_is_told_too(platform: Platform, outbox: Outbox) -> None:
    seen: list[str] = []

    def chain(uow: UnitOfWork, event: Delivered) -> None:
        seen.append(event.type)
        if event.type == ProjectOpened.type:
            uow.publish(SubjectChanged(subject_type="x", subject_id=uuid.uuid4()))

    platform.event_handlers = (EventHandler("gereedschap.chain", chain),)
    publish(platform)
    outbox.drain()
    assert seen == [ProjectOpened.type, SubjectChanged.type]


def test_two_workers_deliver_each_once(platform: Platform, handle: Callable[..., None]) -> None:
    handle(_add_one)
    number = 3 * BATCH
    with platform.unit_of_work(system("test")) as uow:
        for _index in range(number):
            uow.publish(ProjectOpened(project_id=add_tool(uow).id))
    tried = [0, 0, 0]

    def work(index: int) -> None:
        tried[index] = Worker(platform).drain()

    in_threads(work, 3)
    assert sum(tried) == number
    with platform.engine.connect() as connection:
        assert connection.execute(select(Tool.deposit)).scalars().all() == [1] * number
    assert {(row.state, row.attempts) for row in deliveries(platform)} == {("done", 1)}


def _add_one(uow: UnitOfWork, event: Delivered) -> None:
    """Something that shows how often it was done."""
    one_more = update(Tool).where(Tool.id == uuid.UUID(event.payload["project_id"])).values(deposit=Tool.deposit + 1)
    uow.session.execute(one_more)


@pytest.fixture
def running(platform: Platform) -> Iterator[Callable[[], Worker]]:
    """Start a worker in a thread; it is stopped at the end."""
    started: list[tuple[Worker, threading.Thread]] = []

    def start() -> Worker:
        worker = Worker(platform)
        thread = threading.Thread(target=worker.run, daemon=True)
        started.append((worker, thread))
        thread.start()
        return worker

    yield start
    for worker, thread in started:
        worker.stop()
        thread.join(10)
        assert not thread.is_alive()


def test_a_running_worker_is_woken_by_a_commit(platform: Platform, running: Callable[[], Worker], handle: Callable[..., None]) -> None:
    arrived = threading.Event()
    handle(lambda uow, event: arrived.set())
    platform.jobs = ()
    running()
    publish(platform)
    assert arrived.wait(10)


def test_a_stopping_worker_finishes_one_delivery_and_gives_the_rest_back(
    platform: Platform, handle: Callable[..., None], told: list[Delivered]
) -> None:
    handle(lambda uow, event: (told.append(event), worker.stop()))  # type: ignore[func-returns-value]
    publish(platform, 3)
    worker = Worker(platform)
    worker.drain()
    assert len(told) == 1
    assert [(row.state, row.attempts, row.lease_until) for row in deliveries(platform)][1:] == [("pending", 0, None)] * 2
    handle(lambda uow, event: told.append(event))
    assert Worker(platform).drain() == 2
    assert len(told) == 3


def test_a_worker_survives_a_database_that_is_away(
    platform: Platform, running: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Semaphore(0)

    def away(*_arguments: object) -> None:
        tried.release()
        raise ConnectionError

    monkeypatch.setattr("samen_core.events.worker.run_due_jobs", away)
    monkeypatch.setattr("samen_core.events.worker.POLL_SECONDS", 0.01)
    worker = running()
    assert tried.acquire(timeout=10)
    assert tried.acquire(timeout=10)
    worker.stop()


def test_told_events_go_after_a_month_and_others_stay(platform: Platform, outbox: Outbox, clock: Clock) -> None:
    with platform.unit_of_work(system("test")) as uow:
        add_tool(uow)
    outbox.drain()
    with platform.unit_of_work(system("test")) as uow:
        add_tool(uow)
    waiting = len(outbox.events())
    clock.forward(days=31)
    with platform.unit_of_work(system("test")) as uow:
        store.clean_outbox(uow)
    left = len(outbox.events())
    assert 0 < left < waiting
    assert outbox.drain() > 0
    clock.forward(days=31)
    with platform.unit_of_work(system("test")) as uow:
        store.clean_outbox(uow)
    assert outbox.events() == []
