"""What the contract of blocks costs: asking a hook, filling a slot, delivering an event."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, func, select

from bench import blocks, city
from samen_core.actor import anonymous, system
from samen_core.blocks.discovery import installed_blocks
from samen_core.db import migrate
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events.outbox import OutboxDelivery
from samen_core.events.types import SubjectChanged
from samen_core.platform import Parts, Platform
from samen_core.subjects import Subject
from samen_core.testing.postgres import temporary_postgres
from samen_core.web.slots import Slots

MANY = 50
DELIVERIES = 2_000
PATIENCE = 600
"""Seconds after which a worker that has not delivered everything is given up."""

ANSWERS = """from samen_core.api import NavigationItem, _, hookimpl
from samen_core.web.api import SlotFill


@hookimpl
def samen_navigation(actor):
    return [NavigationItem(_("Blok"), "/{name}")]


@hookimpl
def samen_slots():
    return [SlotFill("home.join", lambda uow: "<p>{name}</p>")]
"""
CONFIG = """environment = "demo"
blocks = ["citycontent"]
[city]
name = "Gemeente Zoetermeer"
short_name = "SamenZoetermeer"
code = "GM0637"
"""

Tell = Callable[[str, float, str], None]
"""Takes the name of a figure, the figure and its unit."""


def asking(folder: Path, tell: Tell) -> None:
    """A hook that is asked while running and a slot, each with many blocks that answer: what one block adds."""
    packages = folder / "answering"
    names = blocks.generate(packages, MANY, ANSWERS)
    sys.path.insert(0, str(packages))
    points = [EntryPoint(name, f"samen_{name}.block:block", "samen.blocks") for name in names]
    # The manifest of a generated block requires the city.
    found = installed_blocks() | installed_blocks(points)
    migrated = folder / "asked"
    migrated.mkdir()
    configured = city.config(migrated, ("citycontent", *names))
    platform = Platform(configured, Parts(installed=found))
    migrate.upgrade(platform)
    few = Platform(city.config(migrated), Parts(installed=found))
    with platform.engine.connect() as connection:
        statement = select(func.count()).select_from(Subject)
        query = seconds(lambda: connection.execute(statement).scalar_one())
    tell("one Core query on SQLite", query * 1e6, "µs")
    with platform.read(anonymous()) as uow:
        hook = (_asking(platform) - _asking(few)) / MANY
        slot = (_filling(platform, uow) - _filling(few, uow)) / MANY
    for name, cost in (("a hook asked while running, per block that answers", hook), ("a slot, per block that fills it", slot)):
        tell(name, cost * 1e6, f"µs, {cost / query:.3f} x a Core query")
    platform.close()
    few.close()
    sys.path.remove(str(packages))


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes: the median of several rounds."""
    timer = timeit.Timer(call)
    number, _taken = timer.autorange()
    return median(timer.repeat(5, number)) / number


def _asking(platform: Platform) -> float:
    actor = anonymous()
    return seconds(lambda: list(platform.registry.ask("samen_navigation", actor=actor)))


def _filling(platform: Platform, uow: UnitOfWork) -> float:
    """Only the fills of the generated blocks: what those of the city cost is their own affair."""
    fills = [(block, fill) for block, fill in platform.registry.collect("samen_slots") if block != "citycontent"]
    slots = Slots(fills)
    return seconds(lambda: slots.render(platform, uow, "home.join"))


def delivering(folder: Path, tell: Tell) -> None:
    """Events that put a thing in the search index anew, delivered by one and by four workers, on both databases."""
    with temporary_postgres() as server:
        for kind in ("SQLite", "PostgreSQL"):
            for workers in (1, 4):
                place = folder / f"outbox-{kind}-{workers}".lower()
                place.mkdir()
                url = f"sqlite:///{place / 'samen.db'}" if kind == "SQLite" else server.create_database(f"bench_{workers}")
                tell(f"outbox deliveries, {kind}, {workers} worker{'s' * (workers > 1)}", _rate(place, url, workers), "per second")


def _rate(folder: Path, url: str, workers: int) -> float:
    (folder / "samen.toml").write_text(CONFIG, encoding="utf-8")
    environ = {**os.environ, "SAMEN_SECRET_KEY": city.SECRET, "SAMEN_DATABASE_URL": url}
    for command in (("db", "upgrade"), ("seed", "demo")):
        subprocess.run([_samen(), *command], cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL)
    engine = create_engine(url)
    _deliver(folder, environ, engine, workers)
    _publish(folder, url)
    _deliver(folder, environ, engine, workers)
    with engine.connect() as connection:
        newest = select(OutboxDelivery.done_at).order_by(OutboxDelivery.done_at.desc()).limit(DELIVERIES)
        moments = [moment for moment in connection.scalars(newest) if moment is not None]
    engine.dispose()
    return (DELIVERIES - 1) / (moments[0] - moments[-1]).total_seconds()


def _samen() -> str:
    return str(Path(sys.executable).parent / "samen")


def _publish(folder: Path, url: str) -> None:
    from samen_core.config import build_config

    values = {"environment": "demo", "blocks": ["citycontent"], "database_url": url, "city": {"name": "Zoetermeer", "code": "GM0637"}}
    platform = Platform(build_config(values, folder=folder, environ={"SAMEN_SECRET_KEY": city.SECRET}))
    with platform.unit_of_work(system("test")) as uow:
        rows = uow.session.execute(select(Subject.id, Subject.type).where(Subject.state == "active")).all()
        for number in range(DELIVERIES):
            row = rows[number % len(rows)]
            uow.publish(SubjectChanged(subject_type=row.type, subject_id=row.id))
    platform.close()


def _deliver(folder: Path, environ: dict[str, str], engine: Engine, workers: int) -> None:
    """Run workers until nothing waits."""
    waits = select(func.count()).select_from(OutboxDelivery).where(OutboxDelivery.state == "pending")
    with _working(folder, environ, workers) as process:
        deadline = time.monotonic() + PATIENCE
        while True:
            with engine.connect() as connection:
                if not connection.scalar(waits):
                    return
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the workers did not deliver everything")
            time.sleep(0.2)


@contextmanager
def _working(folder: Path, environ: dict[str, str], workers: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [_samen(), "worker", "--processes", str(workers)]
    process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    """Only these figures: ``python -m bench.contract``."""
    with tempfile.TemporaryDirectory() as name:
        asking(Path(name), show)
        delivering(Path(name), show)


def show(name: str, figure: float, unit: str) -> None:
    """Print a line as soon as it is known."""
    print(f"{name:52} {figure:8.2f} {unit}", flush=True)


if __name__ == "__main__":
    main()
