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
from samen_core.api import keyed_hash
from samen_oog_oor.models import Category
from tests.soak.conftest import DemoCity
from tests.support.installation import Server
from tests.support.visitor import Visitor

CLIENTS, EACH = 200, 100
REPORTS = CLIENTS * EACH
PATH = "/oog-oor/signals"
TWICE = 0.1
"""Of so many reports the sender does not trust the answer and sends them again."""
MAILED = 0.05
"""So many leave an address, and get a mail."""
TRIES = 40
LAT, LON = 52.0571, 4.4931


@dataclass
class Storm:
    """What all clients together were told."""

    server: Server
    category_id: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    told: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """By idempotency key the id, the code and the number that were acknowledged."""
    again: int = 0
    mailed: int = 0
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    killed: int = 0
    others: set[int] = field(default_factory=set)
    """The workers beside the one that was killed."""

    def mails(self) -> None:
        """One more sender wants a mail."""
        with self.lock:
            self.mailed += 1

    def keep(self, key: str, answer: Any) -> None:
        """Note what was acknowledged; the same key must always get the same answer."""
        with self.lock:
            found = answer["id"], answer["code"], answer["number"]
            if self.told.setdefault(key, found) != found:
                self.wrong.append(f"{key} got {found}, and before {self.told[key]}")
            self.again += answer["again"]
            half = not self.killed and len(self.told) >= REPORTS // 2
            if half:
                self.killed, *others = random.sample(list(self.server.workers()), 2)
                self.others = set(others)
        if half:
            os.kill(self.killed, signal.SIGKILL)


def test_no_report_is_lost_or_doubled(city: DemoCity) -> None:
    platform = city.platform()
    with platform.read(system("test")) as uow:
        category_id = str(uow.session.execute(select(Category.id).where(Category.code == "losse-tegel")).scalar_one())
    before = counts(city)
    city.variables["SAMEN_WEB_TRUSTED_PROXIES"] = "1"
    with city.serving() as server:
        storm = Storm(server, category_id)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda number: send_all(storm, number), range(CLIENTS)))
        left = set(server.workers())
        said = server.text()
    assert storm.wrong == []
    assert set(storm.statuses) <= {201, 503}, storm.statuses
    assert storm.killed not in left
    assert storm.others < left, "another came in its place, and nobody else ended"
    assert len(storm.told) == REPORTS
    assert storm.again > 0
    assert "request_failed" not in said
    after = counts(city)
    assert {name: after[name] - before[name] for name in after} == {
        "signals": REPORTS,
        "cases": REPORTS,
        "numbers": REPORTS,
        "counted": REPORTS,
        "mails": storm.mailed,
        "opened": REPORTS,
        "failed": 0,
    }
    look_at_what_is_stored(city, {keyed_hash(platform, "oog_oor.once", f" {key}"): found for key, found in storm.told.items()})
    platform.close()
    city.do("db", "verify-log")


def look_at_what_is_stored(city: DemoCity, told: dict[str, tuple[str, str, str]]) -> None:
    """Every key that was acknowledged is there once, with what was acknowledged, and none else."""
    stored = (
        "SELECT s.idempotency_key, s.id, s.code, c.number FROM oog_oor__signal s JOIN oog_oor__case c ON c.id = s.case_id"
        " WHERE s.idempotency_key IS NOT NULL"
    )
    unanswerable = "SELECT count(*) FROM oog_oor__case WHERE merged_into_id IS NULL AND id NOT IN (SELECT case_id FROM oog_oor__signal)"
    unnamed = "SELECT count(*) FROM oog_oor__signal WHERE id NOT IN (SELECT id FROM core__subject)"
    with engine_of(city).connect() as connection:
        rows = connection.execute(text(stored)).all()
        assert {row[0]: (str(uuid.UUID(str(row[1]))), row[2], row[3]) for row in rows} == told
        assert len({row[3] for row in rows}) == len(rows) == REPORTS
        assert connection.execute(text(unanswerable)).scalar_one() == 0
        assert connection.execute(text(unnamed)).scalar_one() == 0


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
        if chance.random() < MAILED:
            body["contact"] = {"email": f"melder-{number}-{serial}@example.org"}
            storm.mails()
        for _time in range(2 if chance.random() < TWICE else 1):
            send(storm, visitor, key, body, address=f"10.{number}.{serial // 10}.1")
    visitor.close()


def send(storm: Storm, visitor: Visitor, key: str, body: dict[str, Any], address: str) -> None:
    """One report, as a phone sends it: again with the same key until it hears that it arrived.

    ``address`` is where it comes from: an address may send only so many in an hour.
    """
    for _try in range(TRIES):
        try:
            answer = visitor.call("POST", PATH, body, **{"X-Forwarded-For": address})
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
        # The demonstration has reports that are late; on working days officers and reporters get a mail about those too.
        "mails": "SELECT count(*) FROM core__mail WHERE subject IN ('Wij hebben uw melding ontvangen', 'Bevestig uw melding')",
        "opened": "SELECT count(*) FROM core__outbox WHERE type = 'oog_oor.case.opened'",
        "failed": "SELECT count(*) FROM core__outbox_delivery WHERE state = 'dead'",
    }
    with engine_of(city).connect() as connection:
        return {name: int(connection.execute(text(statement)).scalar_one()) for name, statement in asked.items()}
