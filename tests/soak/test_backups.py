"""Back-ups of a city that is being written to: each is one moment of database and files, and comes back whole."""

from __future__ import annotations

import hashlib
import io
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from samen_core.actor import system
from samen_core.files import delete_file, store_upload
from samen_core.files.models import File
from samen_core.subjects import Subject
from samen_core.testing.postgres import PostgresServer
from tests.soak.conftest import DemoCity, make_installation
from tests.soak.test_kills import Acknowledged, grow, look_whole, manager_token, writers

TURNS = 3
AGE = 10
"""How many files that go are older than the one that goes: nothing in the platform takes a content away within a second."""


@contextmanager
def uploads(city: DemoCity) -> Iterator[list[str]]:
    """Somebody adds files without a pause, and every third goes, its content too; the keys of those that stayed."""
    stop, stayed = threading.Event(), []
    platform = city.platform()

    def work() -> None:
        number, going = 0, deque[uuid.UUID]()
        with platform.read(system("test")) as uow:
            owner = uow.session.execute(select(Subject.id).where(Subject.type == "project").limit(1)).scalar_one()
        while not stop.wait(0.01):
            number += 1
            with platform.unit_of_work(system("test")) as uow:
                stored = store_upload(uow, io.BytesIO(f"regel;{number}\n".encode() * 2000), f"{number}.csv", owner=owner)
            if number % 3:
                stayed.append(stored.id.hex)
            else:
                going.append(stored.id)
            if len(going) > AGE:
                gone = going.popleft()
                with platform.unit_of_work(system("test")) as uow:
                    delete_file(uow, gone)
                    uow.session.execute(File.__table__.update().where(File.__table__.c.id == gone).values(state="gone"))
                platform.files.delete(gone.hex)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield stayed
    finally:
        stop.set()
        thread.join(60)
        platform.close()


@contextmanager
def restored(city: DemoCity, path: Path, server: PostgresServer | None) -> Iterator[DemoCity]:
    """The back-up in another installation."""
    folder = path.with_suffix("")
    folder.mkdir()
    name = f"restored_{uuid.uuid4().hex[:8]}"
    url = server.create_database(name) if server else f"sqlite:///{folder / 'samen.db'}"
    other = make_installation(folder, url, "citycontent")
    said = other.do("restore", str(path))
    assert "the change log holds" in said
    assert "the database is up to date" in said
    yield other
    if server:
        server.drop_database(name)


def look_at_files(city: DemoCity, stayed: set[str]) -> None:
    """Every row has its content, byte for byte; what was there before the back-up is there."""
    platform = city.platform()
    try:
        with platform.read(system("test")) as uow:
            rows = uow.session.execute(select(File.id, File.sha256).where(File.state == "active")).all()
        for row in rows:
            with platform.files.open(row.id.hex) as content:
                assert hashlib.sha256(content.read()).hexdigest() == row.sha256
        assert stayed <= {row.id.hex for row in rows}
    finally:
        platform.close()


def test_a_backup_is_one_moment_of_a_busy_city(city: DemoCity, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Four writers over REST, the worker, and files that come and go."""
    postgresql = city.url.startswith("postgresql")
    server: PostgresServer | None = request.getfixturevalue("postgres_server") if postgresql else None
    said, token = Acknowledged(), manager_token(city)
    kept: list[tuple[Path, Acknowledged, set[str]]] = []
    with city.serving() as running, writers(running.port, token, said), uploads(city) as stayed:
        for turn in range(TURNS):
            grow(said, 20)
            with said.lock:
                before = Acknowledged(names=dict(said.names), sent=dict(said.sent))
            files, path = set(stayed), tmp_path / f"turn-{turn}.tar"
            done = city.samen("backup", str(path))
            assert (done.returncode, done.stderr) == (0, "")
            kept.append((path, before, files))
            grow(said, 5)
    assert said.failures == {}
    for path, before, files in kept:
        assert len(files) > 0
        with restored(city, path, server) as other:
            look_whole(other, before)
            look_at_files(other, files)
