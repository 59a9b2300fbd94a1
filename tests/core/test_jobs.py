"""Jobs: at their interval, by one worker at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select, update

from samen_core import jobs
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.jobs import LEASE, Job, Lease, run_due_jobs
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from tests.core.samples import count
from tests.core.test_change_log import in_threads

ME, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def job(platform: Platform) -> Callable[[Callable[[UnitOfWork], None]], None]:
    """The platform's only job from now on, every hour."""

    def only(function: Callable[[UnitOfWork], None]) -> None:
        platform.jobs = (Job("gereedschap.test", timedelta(hours=1), function),)

    return only


def work(uow: UnitOfWork) -> None:
    """Something that can be counted."""
    uow.record("gereedschap.worked")


def test_a_job_runs_at_its_interval(platform: Platform, clock: Clock, job: Callable[..., None]) -> None:
    job(work)
    assert run_due_jobs(platform, ME) == 1
    assert run_due_jobs(platform, ME) == 0
    clock.forward(minutes=59)
    assert run_due_jobs(platform, OTHER) == 0
    clock.forward(minutes=2)
    assert run_due_jobs(platform, OTHER) == 1
    assert count(platform, Change) == 2


def test_a_job_acts_as_the_system(platform: Platform, job: Callable[..., None]) -> None:
    seen: list[bool] = []
    job(lambda uow: seen.append(uow.actor.is_system and uow.write))
    run_due_jobs(platform, ME)
    assert seen == [True]


def test_a_job_that_raises_keeps_nothing_and_tries_again_next_time(platform: Platform, clock: Clock, job: Callable[..., None]) -> None:
    def fail(uow: UnitOfWork) -> None:
        work(uow)
        raise ValueError

    job(fail)
    assert run_due_jobs(platform, ME) == 1
    assert count(platform, Change) == 0
    assert run_due_jobs(platform, ME) == 0
    clock.forward(hours=1, seconds=1)
    assert run_due_jobs(platform, ME) == 1


def test_a_raising_job_does_not_stop_the_next(platform: Platform) -> None:
    def fail(uow: UnitOfWork) -> None:
        raise ValueError

    platform.jobs = (Job("gereedschap.a", timedelta(hours=1), fail), Job("gereedschap.b", timedelta(hours=1), work))
    assert run_due_jobs(platform, ME) == 2
    assert count(platform, Change) == 1


def test_another_worker_waits_while_a_job_runs(platform: Platform, job: Callable[..., None]) -> None:
    inside: list[int] = []

    def during(uow: UnitOfWork) -> None:
        work(uow)
        inside.append(run_due_jobs(platform, OTHER))

    job(during)
    run_due_jobs(platform, ME)
    assert inside == [0]
    assert count(platform, Change) == 1


def test_the_work_of_a_killed_worker_is_taken_over(platform: Platform, clock: Clock, job: Callable[..., None]) -> None:
    def killed(uow: UnitOfWork) -> None:
        raise KeyboardInterrupt

    job(killed)
    with pytest.raises(KeyboardInterrupt):
        run_due_jobs(platform, ME)
    job(work)
    assert run_due_jobs(platform, OTHER) == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert run_due_jobs(platform, OTHER) == 1
    assert count(platform, Change) == 1


def held_until(platform: Platform) -> datetime:
    with platform.engine.connect() as connection:
        return connection.execute(select(Lease.until)).scalar_one()


def test_a_job_that_takes_longer_than_its_lease_keeps_it(
    platform: Platform, clock: Clock, job: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    by_another: list[int] = []

    def long(uow: UnitOfWork) -> None:
        for _portion in range(3):
            clock.forward(seconds=1)
            work(uow)
            uow.commit()
            pause = Event()
            for _try in range(1000):
                if held_until(platform) > clock():
                    break
                pause.wait(0.01)
            by_another.append(run_due_jobs(platform, OTHER))

    job(long)
    assert run_due_jobs(platform, ME) == 1
    assert by_another == [0, 0, 0]
    assert count(platform, Change) == 3
    assert run_due_jobs(platform, OTHER) == 0, "it was done within the hour"


def test_a_job_that_another_took_over_keeps_nothing(platform: Platform, job: Callable[..., None]) -> None:
    def overtaken(uow: UnitOfWork) -> None:
        with platform.write_engine.begin() as connection:
            connection.execute(update(Lease).values(holder=OTHER))
        work(uow)

    job(overtaken)
    run_due_jobs(platform, ME)
    assert count(platform, Change) == 0
    with platform.engine.connect() as connection:
        assert connection.execute(select(Lease.holder)).scalar_one() == OTHER, "the lease is of who took over"


def test_many_workers_run_a_job_once(platform: Platform, job: Callable[..., None], clock: Clock) -> None:
    job(work)
    for turn in range(1, 4):
        in_threads(lambda _index: run_due_jobs(platform, uuid.uuid4()), 4)  # type: ignore[arg-type, return-value]
        assert count(platform, Change) == turn
        clock.forward(hours=1, seconds=1)
