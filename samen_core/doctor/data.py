"""Checks of the database and of the work that waits in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from samen_core.backup.making import last_backup
from samen_core.config import Config
from samen_core.db import migrate
from samen_core.db.engine import make_engine
from samen_core.doctor.findings import Finding, ok, problem, warning
from samen_core.events.outbox import OutboxDelivery
from samen_core.jobs import Lease
from samen_core.platform import Platform

MOST_CLOCK = timedelta(seconds=5)
LONG = timedelta(minutes=10)
"""After this long without work a worker is not there: the longest lease is that long."""

OLD_BACKUP = timedelta(days=3)
OLDEST_POSTGRESQL = 15


def database(config: Config) -> Iterator[Finding]:
    """It answers, is of a version that we know, and has the same clock."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield problem("database", f"there is none: {url.database}", "samen db upgrade makes it, samen restore FILE puts a back-up back")
        return
    engine = make_engine(config.database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
                yield ok("database", f"SQLite {version}")
                if config.environment == "production" and config.web.workers > 1:
                    mend = "use PostgreSQL for more than one process: docs/operating.md"
                    yield warning("database", f"SQLite serves {config.web.workers} web processes; they wait for each other to write", mend)
                return
            number = connection.execute(text("SHOW server_version_num")).scalar_one()
            if int(number) // 10_000 < OLDEST_POSTGRESQL:
                yield problem("database", f"PostgreSQL {int(number) // 10_000} is older than {OLDEST_POSTGRESQL}", "install a newer one")
            else:
                yield ok("database", f"PostgreSQL {int(number) // 10_000}")
            there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        yield problem("database", f"it does not answer: {reason}", "start it, or look at database_url and SAMEN_DATABASE_URL")
        return
    finally:
        engine.dispose()
    shift = abs(datetime.now(UTC) - there)
    if shift > MOST_CLOCK:
        mend = "let both machines keep time: timedatectl set-ntp true"
        yield warning("clock", f"the database is {shift.total_seconds():.0f} s away from this machine", mend)
    else:
        yield ok("clock", "the same as that of the database")


def migrations(platform: Platform) -> Iterator[Finding]:
    """The database is what the code expects."""
    found = migrate.status(platform)
    if waiting := [revision for item in found for revision in item.pending]:
        yield problem("migrations", f"{len(waiting)} wait, the first is {waiting[0]}", "samen db upgrade")
    for item in found:
        if item.contracted:
            mend = f"install the newer version of '{item.owner}'"
            yield problem("migrations", f"the database is newer than the code: '{item.contracted[0]}' is unknown here", mend)
        elif item.unknown:
            mend = f"install the newer version of '{item.owner}', unless this is an upgrade under way"
            yield warning("migrations", f"'{item.unknown[0]}' ran and is unknown here; this code can live with it", mend)
    if not any(item.pending or item.unknown for item in found):
        yield ok("migrations", "the database is up to date")


def worker(platform: Platform) -> Iterator[Finding]:
    """Somebody does the work in the background."""
    now = platform.clock()
    deliveries, leases = OutboxDelivery.__table__.c, Lease.__table__.c
    handlers = [handler.name for handler in platform.event_handlers]
    due = (deliveries.state == "pending", deliveries.handler.in_(handlers), deliveries.next_at <= now)
    with platform.engine.connect() as connection:
        waits, since = connection.execute(select(func.count(), func.min(deliveries.next_at)).where(*due)).one()
        done: datetime | None = connection.execute(
            select(func.max(leases.done_at)).where(leases.name.in_([job.name for job in platform.jobs]))
        ).scalar_one()
    start = "start 'samen worker'" if not platform.config.web.worker_thread else "start 'samen run' (web.worker_thread is on)"
    soonest = min((job.every for job in platform.jobs), default=timedelta(days=1))
    if since is not None and now - since > LONG:
        yield problem("worker", f"{waits} deliveries are due, the oldest since {since:%Y-%m-%d %H:%M} UTC: no worker is at work", start)
    elif done is None:
        yield warning("worker", "no periodic work was ever done: no worker was at work yet", start)
    elif now - done > soonest + LONG:
        yield problem("worker", f"the last periodic work was done at {done:%Y-%m-%d %H:%M} UTC: no worker is at work", start)
    else:
        yield ok("worker", f"last periodic work {done:%Y-%m-%d %H:%M} UTC, {waits} deliveries due")


def backups(config: Config) -> Iterator[Finding]:
    """How old the last back-up is, as far as it was made with our command."""
    engine: Engine = make_engine(config.database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            at = last_backup(connection)
    except DBAPIError:
        return
    finally:
        engine.dispose()
    if at is None:
        yield ok("back-up", "not known: none was made with 'samen backup'")
    elif datetime.now(UTC) - at > OLD_BACKUP:
        yield warning("back-up", f"the last one is of {at:%Y-%m-%d %H:%M} UTC", "samen backup DIR, every night: deploy/README.md")
    else:
        yield ok("back-up", f"the last one is of {at:%Y-%m-%d %H:%M} UTC")
