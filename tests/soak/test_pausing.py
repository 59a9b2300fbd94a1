"""A pause takes effect in every running process: two web servers and a worker, each a process of its own."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from samen_core.remembered import Remembered
from samen_core.testing.postgres import PostgresServer
from tests.soak.conftest import DemoCity, make_installation

PROMISED = 5
"""Seconds within which a pause counts everywhere; what is remembered is read again after fewer, which is what keeps the promise."""

PATIENCE = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> DemoCity:
    """An empty city with all blocks, on each database; its worker is a process of its own."""
    url = f"sqlite:///{tmp_path / 'samen.db'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create_database(f"soak_pausing_{uuid.uuid4().hex[:8]}")
    made = make_installation(tmp_path, url, "citycontent", "inbreng", "samenspreker", SAMEN_WEB_WORKER_THREAD="false")
    made.do("db", "upgrade")
    return made


def wait_for(what: Callable[[], bool]) -> float:
    """Wait until this is so; the seconds that it took."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < PATIENCE, "it never came to be"
        time.sleep(0.05)
    return time.monotonic() - start


def test_a_pause_counts_in_every_process(city: DemoCity) -> None:
    assert Remembered.MAX_AGE < PROMISED / 2

    def done() -> set[str]:
        engine = create_engine(city.url)
        with engine.connect() as connection:
            names = connection.execute(text("SELECT name FROM core__lease WHERE done_at IS NOT NULL")).scalars().all()
        engine.dispose()
        return {name.partition(".")[0] for name in names}

    with city.serving() as one, city.serving() as other:
        visitors = [one.visitor(), other.visitor()]
        pages = ("/samenspreker", "/api/v1/inbreng/activities")

        def answers(status: int) -> bool:
            return all(visitor.get(path).status == status for visitor in visitors for path in pages)

        wait_for(lambda: answers(200))
        city.do("blocks", "pause", "inbreng", "--reason", "Wij zetten de gegevens over.")
        print(f"paused everywhere after {wait_for(lambda: answers(503)):.1f} s")
        page = visitors[1].get("/samenspreker")
        assert "Wij zetten de gegevens over." in page.text
        assert 'href="/samenspreker"' not in visitors[0].get("/organisaties").text, "the menu leaves it out"
        worker = city.start("worker")
        try:
            wait_for(lambda: {"core", "citycontent"} <= done())
            assert "inbreng" not in done(), "its work waits"
            city.do("blocks", "activate", "inbreng")
            print(f"active everywhere after {wait_for(lambda: answers(200)):.1f} s")
            wait_for(lambda: "inbreng" in done())
        finally:
            worker.terminate()
            worker.wait(30)
