"""Upgrades: several at once are one, and a server of the version before goes on answering."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.db import migrate
from samen_core.platform import Parts, Platform
from samen_core.testing.postgres import PostgresServer
from samen_core.testing.settings import SECRET, make_config
from tests.operators import growing
from tests.support.blocks import BlockMaker
from tests.support.installation import Installation
from tests.support.visitor import Visitor

PROCESSES = 4
FORK = multiprocessing.get_context("fork")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield server.create_database("upgrades")
    server.drop_database("upgrades")


@pytest.fixture
def make_block(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockMaker]:
    """Blocks that a test writes on the spot."""
    maker = BlockMaker(tmp_path_factory.mktemp("blocks"))
    yield maker
    maker.forget()


def upgrade_in_processes(url: str, folder: Path, made: Installed) -> list[list[str]]:
    """What each of the processes ran, when all start at once."""
    start, answers = FORK.Barrier(PROCESSES), FORK.SimpleQueue()

    def work() -> None:
        config = make_config(folder, url, blocks=["citycontent", "made"])
        platform = Platform(config, Parts(installed={**installed_blocks(), "made": made}))
        start.wait()
        try:
            answers.put(migrate.upgrade(platform))
        except BaseException as error:  # noqa: BLE001 - told to the test
            answers.put([f"failed: {error}"])

    processes = [FORK.Process(target=work) for _number in range(PROCESSES)]
    for process in processes:
        process.start()
    ran = [answers.get() for _process in processes]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    return ran


def test_four_processes_upgrade_at_once(empty_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    """From nothing, and then from one migration behind: one of them does it all, the others wait and find nothing to do."""
    made = make_block("made", manifest={"requires": ("citycontent",)})
    make_block.migration(made, 1, 'op.create_table("made__thing", sa.Column("id", sa.Integer, primary_key=True))')
    ran = sorted(upgrade_in_processes(empty_url, tmp_path, made), key=len)
    assert ran[:-1] == [[]] * (PROCESSES - 1)
    assert ran[-1][-1] == "made_0001"
    make_block.migration(
        made, 2, 'op.add_column("made__thing", sa.Column("name", sa.Text))\nop.execute("INSERT INTO made__thing (id) VALUES (1)")'
    )
    assert sorted(upgrade_in_processes(empty_url, tmp_path, made)) == [[]] * (PROCESSES - 1) + [["made_0002"]]
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM made__thing")).scalar_one() == 1
        twice = connection.execute(text("SELECT revision FROM core__migration GROUP BY revision HAVING count(*) > 1")).all()
        assert twice == []
    engine.dispose()


CONFIG = """\
environment = "production"
blocks = ["citycontent", "growing"]
[web]
threads = 4
worker_thread = false
[limits]
enabled = false
"""


@contextmanager
def visitors(port: int, seen: Counter[tuple[str, int]]) -> Iterator[None]:
    """Three readers and a writer that ask without a pause; every status is counted."""
    stop, lock = threading.Event(), threading.Lock()

    def visit(method: str, path: str) -> None:
        visitor = Visitor(port)
        while not stop.is_set():
            status = (visitor.get(path) if method == "GET" else visitor.post(path, {})).status
            with lock:
                seen[method, status] += 1

    work = [("GET", "/groei"), ("GET", "/groei"), ("GET", "/organisaties"), ("POST", "/groei")]
    threads = [threading.Thread(target=visit, args=item) for item in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def wait_for(seen: Counter[tuple[str, int]], more: int) -> None:
    """Until so many more were written and read."""
    goals = {key: seen[key] + more for key in (("POST", 201), ("GET", 200))}
    deadline = time.monotonic() + 60
    while any(seen[key] < goal for key, goal in goals.items()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.01)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_running_server_survives_an_expanding_migration_and_not_a_contracting_one(empty_url: str, tmp_path: Path) -> None:
    """The new version migrates beside the old server, which is asked all the time and reads and writes the table that changes."""
    (tmp_path / "samen.toml").write_text(CONFIG, encoding="utf-8")
    paths = {version: growing.install(tmp_path, version) for version in (1, 2, 3)}
    city = Installation(tmp_path, {"SAMEN_SECRET_KEY": SECRET, "SAMEN_DATABASE_URL": empty_url, "PYTHONPATH": paths[1]})
    refused = city.samen("run", "--port", "1")
    assert refused.stderr == "samen: the database is behind the code ('core_0001' did not run): run 'samen db upgrade'\n"
    city.do("db", "upgrade")
    newer, newest = (Installation(tmp_path, {**city.variables, "PYTHONPATH": paths[version]}) for version in (2, 3))
    seen: Counter[tuple[str, int]] = Counter()
    with city.serving() as server:
        with visitors(server.port, seen):
            wait_for(seen, 20)
            assert newer.do("db", "upgrade").splitlines()[0] == "growing_0002"
            wait_for(seen, 20)
        assert set(seen) == {("GET", 200), ("POST", 201)}, seen
        page = server.visitor().get("/groei").json()
        assert page["number"] == seen["POST", 201]
        assert set(page["newest"]) == {"twee"}
        assert server.visitor().get("/health/ready").status == 200
        newest.do("db", "upgrade")
        assert server.visitor().get("/health/ready").status == 503
    refused = city.samen("run", "--port", "1")
    assert refused.stderr.startswith("samen: the database is newer than the code ('growing_0003' is unknown here)")
    assert refused.returncode == 1
