"""Jobs: work at a set interval, done by exactly one worker at a time under a lease in the database."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often. ``name`` is ``<block>.<what>``; ``function`` runs in a unit of work of the system."""

    name: str
    every: timedelta
    function: Callable[[UnitOfWork], None]


class Lease(Base):
    """Who does a named piece of work now, until when, when it was done last, and how often in a row it failed, with what."""

    __tablename__ = "core__lease"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    holder: Mapped[uuid.UUID | None]
    until: Mapped[datetime]
    done_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(Code, default="", server_default="")


LEASE = timedelta(minutes=10)


class LeaseLost(Exception):
    """Another worker took this job over: what our transaction still holds must not count."""


def run_due_jobs(platform: Platform, holder: uuid.UUID) -> int:
    """Run every job whose interval has passed and that no other worker holds; the number run. A job that raises is logged.

    That it is done is written in the transaction of the job, so a job that another worker took over in the meantime keeps nothing.
    """
    from samen_core.actor import system

    run = 0
    for job in platform.jobs:
        if not platform.block_states.is_active(job.name.partition(".")[0]) or not _claim(platform, job, holder):
            continue
        try:
            with _renewed(platform, job, holder), platform.unit_of_work(system("worker")) as uow:
                job.function(uow)
                uow.session.flush()
                if not _release(uow.session.connection(), platform, job, holder):
                    raise LeaseLost
        except LeaseLost:
            platform.log.warning("job_lease_lost", job=job.name)
        except Exception as error:
            platform.log.exception("job_failed", job=job.name)
            with platform.write_engine.begin() as connection:
                _release(connection, platform, job, holder, type(error).__name__)
        run += 1
    return run


def _claim(platform: Platform, job: Job, holder: uuid.UUID) -> bool:
    now = platform.clock()
    with platform.engine.connect() as connection:
        row = connection.execute(select(Lease.until, Lease.done_at).where(Lease.name == job.name)).one_or_none()
    if row is not None and (row.until > now or (row.done_at is not None and row.done_at + job.every > now)):
        return False
    due = or_(Lease.done_at.is_(None), Lease.done_at <= now - job.every)
    try:
        with platform.write_engine.begin() as connection:
            if row is None:
                connection.execute(insert(Lease).values(name=job.name, holder=holder, until=now + LEASE))
                return True
            taken = connection.execute(
                update(Lease).where(Lease.name == job.name, Lease.until <= now, due).values(holder=holder, until=now + LEASE)
            )
            return bool(taken.rowcount == 1)
    except IntegrityError:
        return False


def _release(connection: Connection, platform: Platform, job: Job, holder: uuid.UUID, error: str = "") -> bool:
    """Let go of a job that was done now, or failed with ``error``; False when another worker holds it."""
    now = platform.clock()
    result = {"failures": Lease.failures + 1, "last_error": error[:60]} if error else {"failures": 0, "last_error": ""}
    mine = update(Lease).where(Lease.name == job.name, Lease.holder == holder)
    return bool(connection.execute(mine.values(holder=None, until=now, done_at=now, **result)).rowcount == 1)


@contextmanager
def _renewed(platform: Platform, job: Job, holder: uuid.UUID) -> Iterator[None]:
    """Keep the lease of a job alive while it runs, three times per lease, from a thread with a connection of its own.

    On SQLite a renewal waits while the job holds the one write lock. That lock keeps other workers out by itself; the renewal comes
    through where the job commits a portion.
    """
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE.total_seconds() / 3):
            try:
                with platform.write_engine.begin() as connection:
                    mine = update(Lease).where(Lease.name == job.name, Lease.holder == holder)
                    connection.execute(mine.values(until=platform.clock() + LEASE))
            except SQLAlchemyError as error:
                platform.log.info("job_lease_not_renewed", job=job.name, reason=type(error).__name__)

    thread = threading.Thread(target=renew, name="samen-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
