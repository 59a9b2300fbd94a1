"""Operations of Oog & Oor to measure: sending a report, Open311 lists, the categories, and the list of staff at 1,000 and 100,000 cases."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from bench import city
from bench.measure import Request
from samen_core.actor import system
from samen_core.db import migrate
from samen_core.platform import Platform
from samen_core.seed import LOGINS_FILE, seed_demo

BLOCKS = ("oog_oor",)
SMALL, LARGE = 1_000, 100_000
HOME = "/oog-en-oor"
DESK = f"{HOME}/werk"
API = "/api/v1/oog-oor"
OPEN311 = "/open311/v2"
PORTION = 5_000
A_DAY = 100
"""Cases that are reported on a day: about those of a city of 125,000 people."""
SENDERS = 8
LAT, LON = 52.0571, 4.4931


def environment() -> dict[str, str]:
    """What a server of such a city needs in its environment."""
    return {"BENCH_BLOCKS": ",".join(BLOCKS)}


def make(folder: Path, cases: int) -> dict[str, str]:
    """The demonstration city with so many more cases, each with a signal and a message; passwords by address."""
    from samen_oog_oor.services.counting import keep_figures, keep_numbers
    from samen_oog_oor.testing import a_category, make_cases

    folder.mkdir(parents=True, exist_ok=True)
    platform = Platform(city.config(folder, ("citycontent", *BLOCKS)))
    migrate.upgrade(platform)
    seed_demo(platform)
    with platform.unit_of_work(system("bench")) as uow:
        category = a_category(uow, "Voorbeeld")
    for start in range(0, cases, PORTION):
        with platform.unit_of_work(system("bench")) as uow:
            for at in range(start, min(start + PORTION, cases), A_DAY):
                with uow.at(platform.clock() - timedelta(days=at // A_DAY)):
                    make_cases(uow, category, min(A_DAY, cases - at))
    with platform.unit_of_work(system("worker")) as uow:
        # As the worker of every city does by the clock.
        keep_numbers(uow), keep_figures(uow)
    platform.close()
    return dict(line.split()[-2:] for line in (folder / LOGINS_FILE).read_text().splitlines())


def report(folder: Path) -> Request:
    """Sending a report over REST, another each time: what the last step of the form does."""
    from sqlalchemy import select

    from samen_oog_oor.models import Category

    platform = Platform(city.config(folder, ("citycontent", *BLOCKS)))
    with platform.read(system("bench")) as uow:
        id = uow.session.execute(select(Category.id).where(Category.code == "losse-tegel")).scalar_one()
    platform.close()
    body = {"category_id": str(id), "text": "Losse tegel {n}.", "place": {"lat": LAT, "lon": LON}, "idempotency_key": "bench-{n}"}
    return Request(f"{API}/signals", "POST", {"Content-Type": "application/json"}, json.dumps(body), 201)


def reading() -> list[tuple[str, Request]]:
    """What everybody reads, by name."""
    return [
        ("Open311, list of 100 as JSON", Request(f"{OPEN311}/requests.json?page_size=100")),
        ("Open311, list of 100 as XML", Request(f"{OPEN311}/requests.xml?page_size=100")),
        ("category tree as JSON", Request(f"{API}/categories")),
        *pages(),
        *by_day(),
    ]


def by_day() -> list[tuple[str, Request]]:
    """The numbers by day, which no server keeps."""
    return [
        ("signals by day, of a month", Request(f"{API}/statistics/signals")),
        ("closed cases by day, of a month", Request(f"{API}/statistics/closed")),
        ("verdicts by day, of a month", Request(f"{API}/statistics/verdicts")),
    ]


def pages() -> list[tuple[str, Request]]:
    """The pages for everybody, which a server keeps for who asks next."""
    return [
        ("front of Oog & Oor", Request(HOME)),
        ("list of cases, 20", Request(f"{HOME}/zaken")),
        ("map", Request(f"{HOME}/kaart")),
        ("figures", Request(f"{HOME}/cijfers")),
    ]


def work(cookie: str, number: str) -> list[tuple[str, Request]]:
    """What staff read, with ``number`` cases."""
    headers = {"Cookie": cookie}
    return [
        (f"list of staff, of {number} cases", Request(DESK, headers=headers)),
        (f"list of staff, open and late, of {number}", Request(f"{DESK}?staat=open&te-laat=ja", headers=headers)),
        (f"list of staff, longest promised first, of {number}", Request(f"{DESK}?volgorde=beloofd", headers=headers)),
        (f"list of staff, a word, of {number}", Request(f"{DESK}?q=xyzzy", headers=headers)),
    ]
