"""``make bench``: measure every operation of the table in docs/performance.md, each beside the bare page of the same run."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, select

from bench import agenda, blocks, city, contract, doe_mee, oog_oor, participation
from bench.measure import BARE_MI, Request, Server, cpu_of_command, cpu_per_request, instructions_per_request, per_second, serving
from samen_core.actor import system
from samen_core.platform import Platform

STARTS = (0, 1, 25, 50)


@dataclass
class Row:
    """One line of the result."""

    name: str
    milliseconds: float
    ratio: float
    statements: int | None = None
    instructions: float | None = None


def count_statements(folder: Path, request: Request) -> int:
    """The SQL statements of a second, identical request."""
    os.environ["BENCH_FOLDER"] = str(folder)
    app = city.create()
    counted: list[str] = []
    event.listen(app.extensions["samen"].engine, "before_cursor_execute", lambda *facts: counted.append(facts[2]))
    client = app.test_client(use_cookies=False)
    headers = dict(request.headers or {})
    if "If-None-Match" in headers:
        headers["If-None-Match"] = client.get(request.path).headers["ETag"]
    for _ in range(2):
        counted.clear()
        answer = client.open(request.path, method=request.method, headers=headers, data=request.filled())
        assert answer.status_code == request.expect, (request.path, answer.status_code, answer.text[:500])
    return sum(not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")) for statement in counted)


def measure(name: str, server: Server, request: Request, bare: float, folder: Path | None, times: int) -> Row:
    """One operation on a running server."""
    cost = cpu_per_request(server, request, times)
    found = Row(name, cost, cost / bare if bare else 1.0, instructions=instructions_per_request(server, request, times))
    found.statements = count_statements(folder, request) if folder else None
    show(found)
    return found


def show(row: Row) -> None:
    """Print a line as soon as it is known."""
    mi = f"{row.instructions:8.1f} Mi" if row.instructions else f"~{row.ratio * BARE_MI:7.1f} Mi"
    statements = "" if row.statements is None else f"  {row.statements} statements"
    print(f"{row.name:52} {row.milliseconds:8.2f} ms CPU  {row.ratio:6.1f} x bare  {mi}{statements}", flush=True)


def session_cookie(folder: Path, email: str, password: str) -> str:
    """Log in as a visitor would; the cookie."""
    os.environ["BENCH_FOLDER"] = str(folder)
    client = city.create().test_client()
    answer = client.post("/inloggen", data={"email": email, "password": password}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (302, 303), answer.text[:500]
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in client._cookies.values())


def api_token(folder: Path) -> str:
    """A token of the manager that may edit organisations."""
    from samen_core.accounts.models import User
    from samen_core.accounts.schemas import CreateToken
    from samen_core.accounts.services.tokens import create_token

    platform = Platform(city.config(folder))
    with platform.unit_of_work(system("test")) as uow:
        account = uow.session.execute(select(User.id).where(User.email.like("manager@%"))).scalar_one()
        with uow.acting(_manager(account)):
            secret = create_token(uow, CreateToken(name="bench", scopes=("citycontent.edit_organization",), days=30)).secret
    platform.close()
    return secret


def _manager(account: object) -> object:
    from samen_core.actor import Actor, Grant

    return Actor(kind="account", account_id=account, grants=(Grant("manager"),))  # type: ignore[arg-type]


@contextmanager
def bare_page(folder: Path) -> Iterator[Server]:
    """The bare page, running."""
    with serving("bench.bare:create()", folder) as server:
        yield server


def pages(folder: Path, times: int) -> list[Row]:
    """The pages and the API at 1,000 and 100,000 organisations."""
    rows: list[Row] = []
    small, large = folder / "small", folder / "large"
    print("making two cities ...", flush=True)
    passwords = city.make(small, 1_000)
    city.make(large, 100_000)
    cookie = session_cookie(small, *next((mail, word) for mail, word in passwords.items() if mail.startswith("manager")))
    token = api_token(small)
    with bare_page(folder) as server:
        bare = cpu_per_request(server, Request("/"), times * 3)
        rows.append(Row("bare page", bare, 1.0, 1, instructions_per_request(server, Request("/"), times)))
        show(rows[0])
    listing, data = Request("/organisaties"), Request("/api/v1/citycontent/organizations")
    detail = Request("/organisaties/voorbeeldorganisatie-000500")
    with serving("bench.city:create()", small) as server:

        def add(name: str, request: Request) -> None:
            rows.append(measure(name, server, request, bare, small, times))

        add("home page", Request("/"))
        add("organisation list, 20 of 1,000", listing)
        add("organisation list, 20 of 1,000, logged in", Request("/organisaties", headers={"Cookie": cookie}))
        add("JSON list, 20 of 1,000", data)
        add("organisation detail", detail)
        add("the list again, from its ETag (304)", Request("/organisaties", headers={"If-None-Match": _etag(server, listing)}, expect=304))
        add("create an organisation over REST", _create(token))
        rows.append(Row("memory of a worker after this (MB)", server.worker_memory(), 0))
        print(f"memory of a worker: {rows[-1].milliseconds:.0f} MB (PSS)", flush=True)
    with serving("bench.city:create()", large) as server:
        rows.append(measure("organisation list, 20 of 100,000", server, listing, bare, large, times))
        rows.append(measure("JSON list, 20 of 100,000", server, data, bare, large, times))
    return rows


def _etag(server: Server, request: Request) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", request.path)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]


def _create(token: str) -> Request:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return Request("/api/v1/citycontent/organizations", "POST", headers, json.dumps({"name": "Nieuwe {n}", "sector": "citizens"}), 201)


def starts(folder: Path) -> list[Row]:
    """Start-up with generated blocks, and making an empty schema."""
    rows = []
    bare, _ = cpu_of_command([sys.executable, "-c", "import bench.bare; bench.bare.create()"], {"BENCH_FOLDER": str(folder)})
    print(f"{'start of the bare page':52} {bare:8.2f} s CPU", flush=True)
    for number in STARTS:
        packages = folder / f"blocks{number}"
        names = blocks.generate(packages, number) if number else []
        environ = {"BENCH_FOLDER": str(folder / "small"), "BENCH_BLOCKS": ",".join(names), "PYTHONPATH": f"{packages}:."}
        cpu, wall = cpu_of_command([sys.executable, "-c", "import bench.city; bench.city.create()"], environ)
        rows.append(Row(f"start with {number} generated blocks (s)", cpu, cpu / bare))
        print(f"{rows[-1].name:52} {cpu:8.2f} s CPU  {cpu / bare:6.1f} x bare start  {wall:.2f} s on the clock", flush=True)
    cpu, wall = min(_empty_schema(folder / f"empty{attempt}") for attempt in range(4))
    rows.append(Row("empty schema on SQLite (s)", cpu, cpu / bare))
    print(f"{rows[-1].name:52} {cpu:8.2f} s CPU  {wall:.2f} s on the clock, interpreter and imports included", flush=True)
    return rows


def talks(folder: Path, times: int) -> list[Row]:
    """Contributions and questions: lists of 1,000 and of 100,000, giving one, a thread, and a final report with its PDF."""
    rows: list[Row] = []
    small, large = folder / "talk-small", folder / "talk-large"
    print("making two cities that talk ...", flush=True)
    places = participation.make(small, 1_000)
    many = participation.make(large, 100_000, reported=1)
    participation.drain_before(small)
    os.environ |= participation.environment()
    with bare_page(folder) as server:
        bare = cpu_per_request(server, Request("/"), times * 3)
    with serving("bench.city:create()", small) as server:
        for name, request in participation.operations(places, "1,000"):
            rows.append(measure(name, server, request, bare, small, times))
        with participation.form_request(small, places) as form:
            rows.append(measure("contribution posted by the form", server, form, bare, small, times))
        rows.append(told("final report of 5,633 contributions, whole page (s)", participation.report_page(server, places)))
        print(f"memory of the worker after it: {server.worker_memory():.0f} MB (PSS)", flush=True)
    cpu, memory = participation.worker(small)
    assert participation.made_pdf(small), "the worker made no PDF"
    rows.append(told("final report of 5,633 contributions, PDF (s)", cpu))
    rows.append(told("memory of that worker at its most (MB)", memory))
    with serving("bench.city:create()", large) as server:
        for name, request in participation.operations(many, "100,000"):
            rows.append(measure(name, server, request, bare, large, times))
    os.environ.pop("BENCH_BLOCKS")
    return rows


def agendas(folder: Path, times: int) -> list[Row]:
    """The policy agenda: its pages with 10,000 moments, and a calendar of 5,000 events."""
    rows: list[Row] = []
    place = folder / "agenda"
    print("making a city with a long agenda ...", flush=True)
    agenda.make(place, agenda.MOMENTS)
    os.environ |= agenda.environment()
    with bare_page(folder) as server:
        bare = cpu_per_request(server, Request("/"), times * 3)
    with serving("bench.city:create()", place) as server:
        for name, request in agenda.operations():
            rows.append(measure(name, server, request, bare, place, times))
    rows += kept_pages(place, agenda.operations(), bare, times)
    agenda.leave(place, agenda.EVENTS)
    calendar = Request(agenda.CALENDAR)
    with serving("bench.city:create()", place) as server:
        rows.append(measure("calendar of 5,000 events", server, calendar, bare, place, 3))
        known = Request(agenda.CALENDAR, headers={"If-None-Match": _etag(server, calendar)}, expect=304)
        rows.append(measure("calendar of 5,000 events, from its ETag (304)", server, known, bare, place, times))
    rows.append(told("memory that one such calendar takes (MB)", agenda.peak(place)))
    os.environ.pop("BENCH_BLOCKS")
    return rows


def kept_pages(place: Path, operations: list[tuple[str, Request]], bare: float, times: int) -> list[Row]:
    """The same, as the next visitor without a session gets them: drawn for somebody else."""
    os.environ["BENCH_KEPT"] = "8"
    with serving("bench.city:create()", place) as server:
        rows = [measure(f"{name}, drawn for somebody else", server, request, bare, place, times) for name, request in operations]
    os.environ.pop("BENCH_KEPT")
    return rows


def reports(folder: Path, times: int) -> list[Row]:
    """Oog & Oor: sending a report, what everybody reads, and the list of staff; pages and lists at 1,000 and at 100,000 cases."""
    rows: list[Row] = []
    print("making two cities that report ...", flush=True)
    os.environ |= oog_oor.environment()
    with bare_page(folder) as server:
        bare = cpu_per_request(server, Request("/"), times * 3)
    for name, number in (("small", oog_oor.SMALL), ("large", oog_oor.LARGE)):
        place = folder / f"reports-{name}"
        passwords = oog_oor.make(place, number)
        cookie = session_cookie(place, *next((mail, word) for mail, word in passwords.items() if mail.startswith("manager")))
        with serving("bench.city:create()", place) as server:
            for what, request in oog_oor.work(cookie, f"{number:,}"):
                rows.append(measure(what, server, request, bare, place, times))
            if number == oog_oor.SMALL:
                for what, request in oog_oor.reading():
                    rows.append(measure(what, server, request, bare, place, times))
                tree = Request(f"{oog_oor.API}/categories")
                known = Request(tree.path, headers={"If-None-Match": _etag(server, tree)}, expect=304)
                rows.append(measure("category tree, from its ETag (304)", server, known, bare, place, times))
                rows.append(measure("a report over REST", server, oog_oor.report(place), bare, place, times))
            else:
                for what, request in (*oog_oor.pages(), *oog_oor.by_day()):
                    rows.append(measure(f"{what}, of {number:,}", server, request, bare, place, times))
        if number == oog_oor.SMALL:
            rows += kept_pages(place, oog_oor.pages(), bare, times)
            with serving("bench.city:create()", place, workers=2) as two:
                rate, cost = per_second(two, oog_oor.report(place), oog_oor.SENDERS, times)
            rows.append(told(f"reports a second, {oog_oor.SENDERS} senders, two workers, with all else that ran", rate))
            rows.append(told("the same, CPU of the server each (ms)", cost))
            rows.append(told("the same, if the server has two cores for itself", 2000 / cost))
    os.environ.pop("BENCH_BLOCKS")
    return rows


def ideas(folder: Path, times: int) -> list[Row]:
    """Doe Mee: lists of ideas at 1,000 and 100,000, an idea with 200 reactions, and reacting without account."""
    rows: list[Row] = []
    print("making two cities with ideas ...", flush=True)
    os.environ |= doe_mee.environment()
    with bare_page(folder) as server:
        bare = cpu_per_request(server, Request("/"), times * 3)
    for name, number in (("small", doe_mee.SMALL), ("large", doe_mee.LARGE)):
        place = folder / f"ideas-{name}"
        places = doe_mee.make(place, number)
        cookie = session_cookie(place, *next((mail, word) for mail, word in places.passwords.items() if mail.startswith("resident")))
        with serving("bench.city:create()", place) as server:
            for what, request in (*doe_mee.operations(places, f"{number:,}"), *doe_mee.logged_in(cookie, f"{number:,}")):
                rows.append(measure(what, server, request, bare, place, times))
            if number == doe_mee.SMALL:
                with doe_mee.reaction(place, places) as form:
                    rows.append(measure("a reaction by the form of an activity", server, form, bare, place, times))
        if number == doe_mee.SMALL:
            rows += kept_pages(place, doe_mee.operations(places, f"{number:,}")[:4], bare, times)
    os.environ.pop("BENCH_BLOCKS")
    return rows


def told(name: str, figure: float) -> Row:
    """A figure that is no cost per request."""
    print(f"{name:52} {figure:8.2f}", flush=True)
    return Row(name, figure, 0)


def contracts(folder: Path) -> list[Row]:
    """Hooks, slots and deliveries."""
    rows: list[Row] = []

    def tell(name: str, figure: float, unit: str) -> None:
        contract.show(name, figure, unit)
        rows.append(Row(f"{name} ({unit})", figure, 0))

    contract.asking(folder, tell)
    contract.delivering(folder, tell)
    return rows


SCHEMA = """
import sys, pathlib, bench.city
from samen_core.db import migrate
from samen_core.platform import Platform
migrate.upgrade(Platform(bench.city.config(pathlib.Path(sys.argv[1]))))
"""


def _empty_schema(folder: Path) -> tuple[float, float]:
    folder.mkdir()
    return cpu_of_command([sys.executable, "-c", SCHEMA, str(folder)], runs=1, warmup=0)


def main() -> None:
    """Measure and print; with ``--json FILE`` keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="requests per round")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = arguments.times
        rows = [
            *pages(folder, every),
            *starts(folder),
            *talks(folder, every),
            *agendas(folder, every),
            *reports(folder, every),
            *ideas(folder, every),
            *contracts(folder),
        ]
    if arguments.json:
        arguments.json.write_text(json.dumps([vars(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
