"""20,000 reports in a storm of 200 clients, with a worker killed half-way: none lost, none doubled."""

from __future__ import annotations

import os
import random
import signal
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from samen_core.actor import system
from samen_oog_oor.models import Category
from tests.soak.conftest import DemoCity
from tests.support.installation import Server
from tests.support.visitor import Visitor

CLIENTS, EACH = 200, 100
REPORTS = CLIENTS * EACH
PATH = "/oog-oor/signals"
TWICE = 0.1
"""Of so many reports the sender does not trust the answer and sends them again."""
TRIES = 40
LAT, LON = 52.0571, 4.4931


@dataclass
class Storm:
    """What all clients together were told."""

    server: Server
    category_id: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By idempotency key the id and the code that were acknowledged."""
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    killed: int = 0

    def keep(self, key: str, answer: Any) -> None:
        """Note what was acknowledged; the same key must always get the same answer."""
        with self.lock:
            found = answer["id"], answer["code"]
            if self.told.setdefault(key, found) != found:
                self.wrong.append(f"{key} got {found}, and before {self.told[key]}")
            self.again += answer["again"]
            half = not self.killed and len(self.told) >= REPORTS // 2
            if half:
                self.killed = random.choice(list(self.server.workers()))
        if half:
            os.kill(self.killed, signal.SIGKILL)


def test_no_report_is_lost_or_doubled(city: DemoCity) -> None:
    platform = city.platform()
    with platform.read(system("test")) as uow:
        category_id = str(uow.session.execute(select(Category.id).where(Category.code == "losse-tegel")).scalar_one())
    platform.close()
    before = counts(city)
    with city.serving() as server:
        storm = Storm(server, category_id)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda number: send_all(storm, number), range(CLIENTS)))
        said = server.text()
    assert storm.wrong == []
    assert storm.killed
    assert set(storm.statuses) <= {201, 503}, storm.statuses
    assert len(storm.told) == REPORTS
    assert storm.again > 0
    assert "request_failed" not in said
    after = counts(city)
    assert {name: after[name] - before[name] for name in after} == {
        "signals": REPORTS,
        "cases": REPORTS,
        "numbers": REPORTS,
        "counted": REPORTS,
    }
    with engine_of(city).connect() as connection:
        stored = set(connection.execute(text("SELECT code FROM oog_oor__signal")).scalars())
        assert {code for _id, code in storm.told.values()} <= stored
        cases, numbers = connection.execute(text("SELECT count(*), count(DISTINCT number) FROM oog_oor__case")).one()
        assert cases == numbers
        unanswerable = "SELECT count(*) FROM oog_oor__case WHERE id NOT IN (SELECT case_id FROM oog_oor__signal)"
        assert connection.execute(text(unanswerable)).scalar_one() == 0
    city.do("db", "verify-log")


@pytest.fixture
def blocks() -> tuple[str, ...]:
    """The block too."""
    return ("citycontent", "oog_oor")


def send_all(storm: Storm, number: int) -> None:
    """All reports of one client, each until it is acknowledged."""
    visitor, chance = Visitor(storm.server.port, timeout=120), random.Random(number)
    for serial in range(EACH):
        key = str(uuid.UUID(int=chance.getrandbits(128)))
        body = {
            "category_id": storm.category_id,
            "text": f"Losse tegel {number}-{serial}.",
            "place": {"lat": LAT, "lon": LON},
            "idempotency_key": key,
        }
        for _time in range(2 if chance.random() < TWICE else 1):
            send(storm, visitor, key, body)
    visitor.close()


def send(storm: Storm, visitor: Visitor, key: str, body: dict[str, Any]) -> None:
    """One report, as a phone sends it: again with the same key until it hears that it arrived."""
    for _try in range(TRIES):
        try:
            answer = visitor.call("POST", PATH, body)
        except OSError:
            continue
        with storm.lock:
            storm.statuses[answer.status] += 1
        if answer.status == 201:
            storm.keep(key, answer.json())
            return
        if answer.status != 503:
            storm.wrong.append(f"{answer.status}: {answer.text[:300]}")
            return
    storm.wrong.append(f"{key} was never acknowledged")


def engine_of(city: DemoCity) -> Any:
    """The database itself."""
    return create_engine(city.url)


def counts(city: DemoCity) -> dict[str, int]:
    """How many there are."""
    asked = {
        "signals": "SELECT count(*) FROM oog_oor__signal",
        "cases": "SELECT count(*) FROM oog_oor__case",
        "numbers": "SELECT coalesce(sum(last), 0) FROM oog_oor__number",
        "counted": "SELECT coalesce(sum(signals), 0) FROM oog_oor__case",
    }
    with engine_of(city).connect() as connection:
        return {name: int(connection.execute(text(statement)).scalar_one()) for name, statement in asked.items()}
