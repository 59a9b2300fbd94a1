"""Processes that are killed at the worst moments: nothing is lost, nothing counts twice, the next start goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, select, text, update

from citycontent.models import Organization
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.services.counters import recount
from samen_core.accounts.queries import account_by_email
from samen_core.actor import Actor, Grant, system
from samen_core.db.changes import Change
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.subjects import Subject
from samen_core.testing.callers import make_token
from samen_core.testing.mailsink import MailSink
from samen_core.testing.postgres import PostgresServer
from tests.soak.conftest import DemoCity, make_installation
from tests.support.installation import Server
from tests.support.visitor import Visitor

EVENTS, MAILS = 3000, 200
KILLS = 41
"""Of workers at random moments; with those below fifty on each database."""

KILLS_ON_ARRIVAL = 8
"""Of workers when the mail server has a mail and they do not know it yet: always the same mail, so fewer than one may be tried."""

TURNS = 16
"""How often the lease of a living worker runs out, before it too is killed: the fiftieth."""

UPGRADES = 5
"""Upgrades that are killed."""

PAST = text("UPDATE core__outbox_delivery SET lease_until = '2020-01-01 00:00:00+00' WHERE state = 'pending' AND lease_until IS NOT NULL")
"""Makes the five minutes pass after which what a dead worker held is free again."""


class TestWorkers:
    """``samen worker`` processes that are killed while deliveries are pending."""

    @pytest.fixture
    def blocks(self) -> tuple[str, ...]:
        """The counter too."""
        return ("citycontent", "counting")

    @pytest.fixture
    def delivering(self, city: DemoCity, mail_sink: MailSink) -> DemoCity:
        """The city with events and mails that wait to be delivered, mails to a real server."""
        city.variables |= {"SAMEN_MAIL_TRANSPORT": "smtp", "SAMEN_MAIL_HOST": mail_sink.host, "SAMEN_MAIL_PORT": str(mail_sink.port)}
        publish = [sys.executable, "-m", "samen_counting.publish", str(EVENTS), str(MAILS)]
        subprocess.run(publish, cwd=city.folder, env=city.environment(), check=True, timeout=120)
        return city

    @pytest.mark.timeout(1800)
    def test_killed_at_random_moments(self, delivering: DemoCity, mail_sink: MailSink) -> None:
        rng = random.Random(1)
        with connected(delivering) as connection:
            for _kill in range(KILLS):
                before = done(connection)
                assert waiting(connection), "the work was over before everybody was killed"
                worker = delivering.start("worker", "--processes", "2")
                wait_until(lambda before=before: done(connection) > before or not waiting(connection), worker)
                time.sleep(rng.uniform(0, 0.25))
                kill_all(worker)
                connection.execute(PAST)
                connection.commit()
            assert waiting(connection), "the work was over before everybody was killed"
            # PostgreSQL still does what a dead client sent last, such as claiming deliveries.
            time.sleep(1)
            connection.execute(PAST)
            connection.commit()
            finish(delivering, connection)
            look_at_count(connection)
        look_at_mails(mail_sink)
        assert "the change log holds" in delivering.do("db", "verify-log")

    def test_killed_between_sending_a_mail_and_noting_it(self, delivering: DemoCity, mail_sink: MailSink) -> None:
        """The mail server has the mail, but nobody could write down that it has: the mail comes again, recognisable as the same."""
        with connected(delivering) as connection:
            for _kill in range(KILLS_ON_ARRIVAL):
                before = len(mail_sink.messages)
                worker = delivering.start("worker")
                with killing_on_arrival(mail_sink, worker):
                    wait_until(lambda before=before: len(mail_sink.messages) > before, worker, may_end=True)
                    worker.wait(30)
                assert len(mail_sink.messages) == before + 1
                connection.execute(PAST)
                connection.commit()
            finish(delivering, connection)
            look_at_count(connection)
        repeated = look_at_mails(mail_sink)
        assert repeated == KILLS_ON_ARRIVAL
        assert "the change log holds" in delivering.do("db", "verify-log")

    def test_killed_one_of_two_while_the_lease_of_the_other_runs_out(self, delivering: DemoCity, mail_sink: MailSink) -> None:
        """A slow worker whose lease ran out meets the one that took its work over: one of them counts."""
        with connected(delivering) as connection:
            workers = [delivering.start("worker") for _number in range(2)]
            for _turn in range(TURNS):
                before = done(connection)
                wait_until(lambda before=before: done(connection) > before or not waiting(connection), workers[0])
                connection.execute(PAST)
                connection.commit()
            kill_all(workers[0])
            connection.execute(PAST)
            connection.commit()
            finish(delivering, connection)
            kill_all(workers[1])
            look_at_count(connection)
        look_at_mails(mail_sink)


@contextmanager
def connected(city: DemoCity) -> Iterator[Connection]:
    """A connection to the database of a city, whatever blocks it has."""
    engine = create_engine(city.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def waiting(connection: Connection) -> int:
    """How many deliveries wait."""
    return _number(connection, "SELECT count(*) FROM core__outbox_delivery WHERE state = 'pending'")


def done(connection: Connection) -> int:
    """How many deliveries were made."""
    return _number(connection, "SELECT count(*) FROM core__outbox_delivery WHERE state = 'done'")


def _number(connection: Connection, statement: str) -> int:
    value: int = connection.execute(text(statement)).scalar_one()
    connection.rollback()
    return value


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes], *, may_end: bool = False, seconds: float = 90) -> None:
    """Wait for something that a process does."""
    deadline = time.monotonic() + seconds
    while not true():
        assert may_end or process.poll() is None, "the process ended by itself"
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.005)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a process and its children, which are a group."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


@contextmanager
def killing_on_arrival(sink: MailSink, process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill the process when a mail is in, before it is told so."""
    keep = type(sink).handle_DATA

    async def kill(*arguments: Any) -> str:
        answer = await keep(sink, *arguments)
        if process.poll() is None:
            kill_all(process)
        return answer

    sink.handle_DATA = kill  # type: ignore[method-assign]
    try:
        yield
    finally:
        del sink.handle_DATA


def finish(city: DemoCity, connection: Connection) -> None:
    """Let two workers do what is left, and end them as an administrator does."""
    worker = city.start("worker", "--processes", "2")
    try:
        wait_until(lambda: not waiting(connection), worker, seconds=600)
    finally:
        worker.terminate()
        assert worker.wait(60) == 0


def look_at_count(connection: Connection) -> None:
    """Every event counts exactly once, in a table, in a number and in the log; none was given up."""
    assert _number(connection, "SELECT count(*) FROM core__outbox_delivery WHERE state <> 'done'") == 0
    assert _number(connection, "SELECT count(DISTINCT event_id) FROM counting__seen") == EVENTS
    assert _number(connection, "SELECT count(*) FROM counting__seen") == EVENTS
    assert _number(connection, "SELECT number FROM counting__total") == EVENTS
    assert _number(connection, "SELECT count(*) FROM core__change WHERE action = 'counting.counted'") == EVENTS
    assert _number(connection, "SELECT count(*) FROM core__mail WHERE state = 'sent'") == MAILS


def look_at_mails(sink: MailSink) -> int:
    """Every mail came at least once, again with the same Message-ID and text; the number that came again."""
    by_recipient: dict[str, list[Any]] = {}
    for mail in sink.messages:
        by_recipient.setdefault(mail.recipients[0], []).append(mail)
    assert sorted(by_recipient) == sorted(f"lezer-{number}@samen.example" for number in range(MAILS))
    for mails in by_recipient.values():
        assert len({mail.message["Message-ID"] for mail in mails}) == 1
        assert len({(mail.subject, mail.text) for mail in mails}) == 1
    assert len({mail.message["Message-ID"] for mail in sink.messages}) == MAILS
    return len(sink.messages) - MAILS


@dataclass
class Acknowledged:
    """What the server said it had written."""

    names: dict[str, str] = field(default_factory=dict)
    """By id the name of the organisation as it was last confirmed."""
    sent: dict[str, str] = field(default_factory=dict)
    """By id the name in a change that got no answer."""
    failures: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_until(stop: threading.Event, port: int, token: str, number: int, said: Acknowledged) -> None:
    """Add organisations and rename them until told to stop; a server that is away is asked again."""
    visitor, serial = Visitor(port, timeout=20), 0
    while not stop.is_set():
        serial += 1
        content = {"name": f"Stichting {number}-{serial}-{uuid.uuid4().hex[:6]}", "sector": "citizens"}
        try:
            made = visitor.call("POST", "/citycontent/organizations", content, token)
            if made.status != 201:
                said.failures[made.status] += 1
                continue
            id, version = made.json()["id"], made.json()["version"]
            with said.lock:
                said.names[id] = content["name"]
                said.sent[id] = renamed = content["name"] + " en vrienden"
            change = {**content, "name": renamed, "version": version}
            answer = visitor.call("PUT", f"/citycontent/organizations/{id}", change, token)
            # A killed process may have written the change before its answer was lost; asked again, the version is no longer the last.
            repeated = answer.status == 409 and visitor.call("GET", f"/citycontent/organizations/{id}").json()["name"] == renamed
            if answer.status == 200 or repeated:
                said.names[id] = renamed
            else:
                said.failures[answer.status] += 1
        except OSError:
            visitor.close()
            time.sleep(0.02)


def manager_token(city: DemoCity) -> str:
    """A token that may write organisations."""
    platform = city.platform()
    try:
        with platform.read(system("test")) as uow:
            account = account_by_email(uow.session, city.log_ins()["manager"][0])
        assert account is not None
        actor = Actor(kind="account", account_id=account.id, label="Wim", grants=(Grant("manager", None),), origin="test")
        return make_token(platform, actor, EDIT_ORGANIZATION.name)
    finally:
        platform.close()


@contextmanager
def writers(port: int, token: str, said: Acknowledged) -> Iterator[None]:
    """Four writers at work."""
    stop = threading.Event()
    threads = [threading.Thread(target=write_until, args=(stop, port, token, number, said)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def grow(said: Acknowledged, by: int) -> None:
    """Wait until so many more organisations were confirmed."""
    goal, deadline = len(said.names) + by, time.monotonic() + 60
    while len(said.names) < goal:
        assert time.monotonic() < deadline, (len(said.names), said.failures)
        time.sleep(0.01)


def test_server_killed_while_it_writes(city: DemoCity) -> None:
    rng, said, token = random.Random(2), Acknowledged(), manager_token(city)
    for _kill in range(3):
        server: Server = city.serve()
        with writers(server.port, token, said):
            grow(said, 15)
            time.sleep(rng.uniform(0, 0.2))
            server.kill()
        look_whole(city, said)
    assert said.failures == {}
    with city.serving() as server:
        id, name = next(iter(said.names.items()))
        assert server.visitor().call("GET", f"/citycontent/organizations/{id}").json()["name"] in (name, said.sent[id])
        wait_for_search(city)


def test_web_process_killed_is_replaced(city: DemoCity) -> None:
    """The server goes on: another process takes the place of the one that died."""
    rng, said, token = random.Random(3), Acknowledged(), manager_token(city)
    with city.serving() as server, writers(server.port, token, said):
        for _kill in range(4):
            grow(said, 10)
            time.sleep(rng.uniform(0, 0.2))
            victim = rng.choice(sorted(server.workers()))
            os.kill(victim, signal.SIGKILL)
            grow(said, 10)
            assert victim not in server.workers()
    assert said.failures == {}
    look_whole(city, said)


def look_whole(city: DemoCity, said: Acknowledged) -> None:
    """What was confirmed is there; what is there, is there with its card, its log, its event and in its counter."""
    with connected(city) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert "the change log holds" in city.do("db", "verify-log")
    platform = city.platform()
    try:
        with platform.unit_of_work(system("test")) as uow:
            session = uow.session
            found = {str(row.id): row.name for row in session.execute(select(Organization.id, Organization.name))}
            lost = {id: name for id, name in said.names.items() if found.get(id) not in (name, said.sent[id])}
            assert lost == {}
            cards = session.execute(select(Subject.id, Subject.title).where(Subject.type == "organization"))
            assert {str(row.id): row.title for row in cards} == found
            told = session.execute(select(OutboxEvent.payload).where(OutboxEvent.type == "citycontent.organization.created")).scalars()
            assert Counter(payload["id"] for payload in told) == Counter(found.keys())
            created = session.execute(select(Change.subject_id).where(Change.action == "citycontent.organization.created")).scalars()
            assert Counter(map(str, created)) == Counter(found.keys())
            without = select(func.count()).select_from(OutboxDelivery).where(OutboxDelivery.event_id.not_in(select(OutboxEvent.id)))
            assert session.execute(without).scalar_one() == 0
            assert recount(uow) == {}
            session.execute(update(OutboxDelivery).where(OutboxDelivery.state == "pending").values(lease_until=None))
    finally:
        platform.close()


def wait_for_search(city: DemoCity) -> None:
    """Wait until the workers of the running server delivered everything."""
    with connected(city) as connection:
        deadline = time.monotonic() + 90
        while waiting(connection):
            assert time.monotonic() < deadline, "deliveries wait for ever"
            time.sleep(0.1)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_upgrade_killed_halfway(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """However far it came: the next upgrade ends well, and ends where an undisturbed one ends."""
    server: PostgresServer | None = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    rng = random.Random(4)
    undisturbed = fresh(tmp_path, server, "undisturbed")
    begin = time.monotonic()
    undisturbed.do("db", "upgrade")
    length = time.monotonic() - begin
    wanted = schema(undisturbed)
    seen: Counter[int] = Counter()
    for number in range(UPGRADES):
        city = fresh(tmp_path, server, f"killed_{number}")
        upgrade = city.start("db", "upgrade")
        try:
            upgrade.wait(rng.uniform(0.35, 1) * length)
        except subprocess.TimeoutExpired:
            kill_all(upgrade)
        seen[upgrade.returncode] += 1
        city.do("db", "upgrade")
        assert schema(city) == wanted
        assert city.samen("db", "status").returncode == 0
    assert seen[-signal.SIGKILL] >= UPGRADES // 2, seen


def fresh(folder: Path, server: PostgresServer | None, name: str) -> DemoCity:
    """An installation with an empty database."""
    own = folder / name
    own.mkdir()
    url = server.create_database(f"soak_{name}_{uuid.uuid4().hex[:8]}") if server else f"sqlite:///{own / 'samen.db'}"
    return make_installation(own, url, "citycontent")


def schema(city: DemoCity) -> dict[str, list[str]]:
    """Every table with its columns."""
    from sqlalchemy import inspect

    with connected(city) as connection:
        found = inspect(connection)
        return {table: sorted(column["name"] for column in found.get_columns(table)) for table in sorted(found.get_table_names())}
