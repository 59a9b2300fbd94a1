"""Jobs: work at a set interval, done by exactly one worker at a time under a lease in the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often. ``name`` is ``<block>.<what>``; ``function`` runs in a unit of work of the system."""

    name: str
    every: timedelta
    function: Callable[[UnitOfWork], None]


class Lease(Base):
    """Who does a named piece of work now, until when, and when it was done last."""

    __tablename__ = "core__lease"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    holder: Mapped[uuid.UUID | None]
    until: Mapped[datetime]
    done_at: Mapped[datetime | None]


LEASE = timedelta(minutes=10)


def run_due_jobs(platform: Platform, holder: uuid.UUID) -> int:
    """Run every job whose interval has passed and that no other worker holds; the number run. A job that raises is logged."""
    from samen_core.actor import system

    run = 0
    for job in platform.jobs:
        if not _claim(platform, job, holder):
            continue
        try:
            with platform.unit_of_work(system("worker")) as uow:
                job.function(uow)
        except Exception:
            platform.log.exception("job_failed", job=job.name)
        _release(platform, job, holder)
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


def _release(platform: Platform, job: Job, holder: uuid.UUID) -> None:
    now = platform.clock()
    with platform.write_engine.begin() as connection:
        connection.execute(update(Lease).where(Lease.name == job.name, Lease.holder == holder).values(holder=None, until=now, done_at=now))
