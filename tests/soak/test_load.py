"""Eight visitors at once, reading and writing: nothing fails, no write is lost, nothing is chained wrong, memory stays."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from citycontent.models import Organization
from citycontent.permissions import EDIT_ORGANIZATION
from samen_core.accounts.queries import account_by_email
from samen_core.actor import Actor, Grant, system
from samen_core.db.changes import Change
from samen_core.events.outbox import OutboxDelivery
from samen_core.platform import Platform
from samen_core.testing.callers import make_token
from samen_core.testing.visitors import Forms
from tests.soak.conftest import DemoCity
from tests.support.installation import Server
from tests.support.visitor import Visitor, changed

VISITORS = 8
ROUNDS = 25
"""Of each visitor in each part."""

PARTS, MOST_PARTS = 3, 7
"""Memory must settle within so many parts. A worker to which no visitor came until late fills what it keeps then, which is no leak."""

CONTESTED = 6
"""So few organisations are edited by all that they often meet."""

PAGES = (
    *("/", "/en/", "/agenda", "/projecten", "/organisaties", "/organisaties?sector=citizens", "/en/organisaties?volgorde=nieuwste"),
    *("/personen", "/wijken", "/themas", "/zoeken?q=wijk", "/en/zoeken?q=school", "/bouwstenen", "/privacy", "/agenda.ics"),
    *("/api/v1/citycontent/organizations", "/api/v1/citycontent/events?limit=50", "/api/v1/citycontent/areas", "/api/v1/openapi.json"),
)
MARK = re.compile(r"\[v\d+-\d+\]")
GROWTH = 4 * 1024 * 1024
"""What a worker may gain in memory in a part once it settled: a leak of 8 kB a request is more."""


@dataclass
class Written:
    """What the server said to all visitors together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    accepted: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Per organisation the version that each accepted write made, with its mark."""
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def saw(self, status: int, what: str, *expected: int) -> bool:
        """Count an answer; whether it has one of the expected statuses."""
        with self.lock:
            self.statuses[status] += 1
            if status not in expected:
                self.wrong.append(f"{what}: {status}")
        return status in expected

    def took(self, id: str, version: int, mark: str) -> None:
        """Note an accepted write."""
        with self.lock:
            self.accepted.setdefault(id, []).append((version, mark))


@dataclass
class Person:
    """One of the visitors: reads pages, and adds marks to the texts of organisations over REST and with forms."""

    number: int
    visitor: Visitor
    token: str
    targets: list[tuple[str, str]]
    written: Written
    rng: random.Random
    serial: int = 0

    def go_round(self) -> None:
        """One round: three pages, a write, sometimes a write that comes too late."""
        for path in self.rng.sample(PAGES, 3):
            self.written.saw(self.visitor.get(path).status, path, 200, 304)
        id, slug = self.rng.choice(self.targets)
        self.serial += 1
        mark = f"[v{self.number}-{self.serial}]"
        if self.number % 2:
            self.write_over_rest(id, mark)
        else:
            self.write_with_form(id, slug, mark)

    def write_over_rest(self, id: str, mark: str) -> None:
        """Read, add, replace; then try the same again with the version that is old by now."""
        path = f"/citycontent/organizations/{id}"
        found = self.visitor.call("GET", path)
        if not self.written.saw(found.status, "GET", 200):
            return
        content = input_of(found.json())
        answer = self.visitor.call("PUT", path, content | {"description": content["description"] + mark}, self.token)
        if not self.written.saw(answer.status, f"PUT {answer.text}", 200, 409):
            return
        if answer.status == 200:
            self.written.took(id, answer.json()["version"], mark)
            late = self.visitor.call("PUT", path, content | {"description": "te laat"}, self.token)
            self.written.saw(late.status, "a late PUT", 409)

    def write_with_form(self, id: str, slug: str, mark: str) -> None:
        """Open the form, add, send; then send the old form again."""
        action = f"/organisaties/{slug}/bewerken"
        page = self.visitor.get(action)
        if not self.written.saw(page.status, action, 200):
            return
        pairs = Forms(page.text).pairs(action)
        values = dict(pairs)
        answer = self.visitor.post(action, changed(pairs, description=values["description"] + mark))
        if not self.written.saw(answer.status, f"POST {action}", 303, 409):
            return
        if answer.status == 303:
            self.written.took(id, int(values["version"]) + 1, mark)
            late = self.visitor.post(action, changed(pairs, description="te laat"))
            self.written.saw(late.status, "a late form", 409)


def input_of(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer of the API is as input."""
    names = (
        "name",
        "sector",
        "classification",
        "abstract",
        "description",
        "parent_id",
        "area_id",
        "theme_ids",
        "email",
        "phone",
        "homepage",
    )
    return {name: answer[name] for name in (*names, "version") if name in answer}


def prepare(city: DemoCity, server: Server, written: Written) -> list[Person]:
    """Eight logged-in visitors with a token each."""
    email, password = city.log_ins()["manager"]
    platform = city.platform()
    try:
        with platform.read(system("test")) as uow:
            rows = uow.session.execute(select(Organization.id, Organization.slug).order_by(Organization.id).limit(CONTESTED)).all()
            account = account_by_email(uow.session, email)
        assert account is not None
        actor = Actor(kind="account", account_id=account.id, label="Wim", grants=(Grant("manager", None),), origin="test")
        tokens = [make_token(platform, actor, EDIT_ORGANIZATION.name) for _index in range(VISITORS)]
    finally:
        platform.close()
    targets = [(str(row.id), row.slug) for row in rows]
    people = []
    for number, token in enumerate(tokens):
        visitor = server.visitor()
        visitor.log_in(email, password)
        people.append(Person(number, visitor, token, targets, written, random.Random(number)))
    return people


def test_eight_at_once(city: DemoCity) -> None:
    written = Written()
    with city.serving() as server:
        people = prepare(city, server, written)
        before = versions(city)
        workers = set(server.workers())
        memory: list[dict[int, int]] = []
        while len(memory) < PARTS or (max(grown(memory).values()) >= GROWTH and len(memory) < MOST_PARTS):
            with ThreadPoolExecutor(VISITORS) as pool:
                for done in [pool.submit(rounds, person) for person in people]:
                    done.result()
            memory.append(server.workers())
            assert set(memory[-1]) == workers, "a worker ended and was replaced"
        assert written.wrong == []
        print(f"{city.url.partition(':')[0]}: {sum(written.statuses.values())} answers {dict(written.statuses)}, memory {memory}")
        assert max(grown(memory).values()) < GROWTH, memory
        wait_for_deliveries(city)
    assert server.process.returncode == 0
    troubles = [line for line in server.text().splitlines() if '"level": "error"' in line or "Traceback" in line]
    assert troubles == []
    accepted = sum(map(len, written.accepted.values()))
    assert accepted < len(memory) * VISITORS * ROUNDS, "nobody ever met another"
    look_at_organizations(city, written, before)
    assert "the change log holds" in city.do("db", "verify-log")


def grown(memory: list[dict[int, int]]) -> dict[int, int]:
    """By how much each worker grew in the last part."""
    before, after = memory[-2:]
    return {pid: after[pid] - before[pid] for pid in after}


def rounds(person: Person) -> None:
    """The rounds of one part."""
    for _round in range(ROUNDS):
        person.go_round()


def versions(city: DemoCity) -> dict[str, int]:
    """The version of every organisation."""
    platform = city.platform()
    try:
        with platform.read(system("test")) as uow:
            return {str(row.id): row.version for row in uow.session.execute(select(Organization.id, Organization.version))}
    finally:
        platform.close()


def wait_for_deliveries(city: DemoCity) -> None:
    """Wait until the workers told every event; none may have failed."""
    platform = city.platform()
    try:
        deadline = time.monotonic() + 120
        while True:
            with platform.engine.connect() as connection:
                rows = connection.execute(select(OutboxDelivery.state, OutboxDelivery.last_error)).all()
            if all(row.state == "done" for row in rows):
                break
            assert time.monotonic() < deadline, Counter(rows)
            time.sleep(0.2)
        assert rows
    finally:
        platform.close()


def look_at_organizations(city: DemoCity, written: Written, before: dict[str, int]) -> None:
    """Every accepted write made the next version, is in the text, in the log, and nothing else is."""
    platform: Platform = city.platform()
    try:
        with platform.read(system("test")) as uow:
            rows = {
                str(row.id): row for row in uow.session.execute(select(Organization.id, Organization.version, Organization.description))
            }
            actions = uow.session.execute(select(Change.subject_id).where(Change.action == "citycontent.organization.updated")).scalars()
            logged = Counter(str(id) for id in actions)
    finally:
        platform.close()
    assert len(written.accepted) == CONTESTED
    for id, accepted in written.accepted.items():
        accepted.sort()
        assert [version for version, _mark in accepted] == list(range(before[id] + 1, rows[id].version + 1))
        assert MARK.findall(rows[id].description) == [mark for _version, mark in accepted]
        assert logged[id] == len(accepted)
    assert sum(logged.values()) == sum(map(len, written.accepted.values()))
