"""Operations of the policy agenda to measure: its front, a dossier, 10,000 moments as long-term agenda, 5,000 events as calendar."""

from __future__ import annotations

import resource
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, insert, select

from bench import city
from bench.measure import Request
from samen_core.actor import system
from samen_core.db import migrate
from samen_core.db.base import uuid7
from samen_core.platform import Platform
from samen_core.seed import seed_demo

BLOCKS = ("beleidsagenda",)
DOSSIERS, MOMENTS, EVENTS = 400, 10_000, 5_000
HOME = "/beleidsagenda"
CALENDAR = f"{HOME}/feeds/agenda.ics"
DOSSIER = f"{HOME}/dossiers/een-veilige-oude-klinkerstraat"
PORTION = 2_000


def environment() -> dict[str, str]:
    """What a server of such a city needs in its environment."""
    return {"BENCH_BLOCKS": ",".join(BLOCKS)}


def open_platform(folder: Path) -> Platform:
    """The platform of a city in this process; to be closed by the caller."""
    return Platform(city.config(folder, ("citycontent", *BLOCKS)))


def make(folder: Path, moments: int) -> None:
    """The demonstration city with 400 further dossiers, on which so many moments were planned, spread over some years."""
    from samen_beleidsagenda.models import Dossier, Entry, PlanningItem
    from samen_beleidsagenda.testing import a_body, a_dossier, a_moment
    from samen_core.subjects import Subject

    folder.mkdir(parents=True, exist_ok=True)
    platform = open_platform(folder)
    migrate.upgrade(platform)
    seed_demo(platform)
    with platform.unit_of_work(system("bench")) as uow:
        body = a_body(uow, "committee", "Commissie Voorbeeld")
        dossier = a_dossier(uow, title="Voorbeelddossier")
        day = uow.now.date()
    ids = [uuid7() for _moment in range(moments)]
    dossiers = [uuid7() for _dossier in range(DOSSIERS)]
    cards = [{"id": id, "title": f"Voorbeelddossier {at}", "url": f"{HOME}/dossiers/voorbeeld-{at}"} for at, id in enumerate(dossiers)]
    _copies(platform, Subject.__table__, "id", dossier.id, cards)
    named = [{"id": id, "slug": f"voorbeeld-{at}", "title": f"Voorbeelddossier {at}"} for at, id in enumerate(dossiers)]
    _copies(platform, Dossier.__table__, "id", dossier.id, named)
    # Half of them lie behind: the front shows what is to come, the long-term agenda both.
    starts = [day + timedelta(days=number % 1_000 - 500) for number in range(moments)]
    about = [{"dossier_id": dossiers[number % DOSSIERS]} for number in range(moments)]
    with platform.unit_of_work(system("bench")) as uow:
        made = a_moment(uow, dossier, body_id=body.organization_id, has_say=True, say_how="Kom langs.", title="Voorbeeldmoment")
    _copies(platform, Subject.__table__, "id", made.id, [{"id": id, "title": f"Voorbeeldmoment {at}"} for at, id in enumerate(ids)])
    items = []
    for at, (id, start) in enumerate(zip(ids, starts, strict=True)):
        own = {"id": id, "title": f"Voorbeeldmoment {at}", "precision": "day", **about[at], **_period(start)}
        items.append({**own, "original_start": start, "original_end": start, "status": "treated" if start < day else "planned"})
    _copies(platform, PlanningItem.__table__, "id", made.id, items)
    with platform.read(system("bench")) as uow:
        entry = uow.session.get_one(Entry, made.id)
        uid, vevent = entry.uid, entry.vevent
    entries = []
    for at, (id, start) in enumerate(zip(ids, starts, strict=True)):
        own = {
            "subject_id": id,
            "title": f"Voorbeeldmoment {at}",
            "uid": f"{id}@bench.example",
            "precision": "day",
            **about[at],
            **_period(start),
        }
        entries.append({**own, "vevent": vevent.replace(uid, own["uid"])})
    _copies(platform, Entry.__table__, "subject_id", made.id, entries)
    platform.close()


def leave(folder: Path, events: int) -> None:
    """Let the calendar have so many events and no more: the latest."""
    from samen_beleidsagenda.models import Entry

    platform = open_platform(folder)
    with platform.write_engine.begin() as connection:
        kept = select(Entry.subject_id).order_by(Entry.start_date.desc(), Entry.subject_id).limit(events)
        connection.execute(delete(Entry).where(Entry.subject_id.not_in(kept)))
    platform.close()


def operations() -> list[tuple[str, Request]]:
    """What is measured with 10,000 moments, by name."""
    return [
        ("policy agenda, front, of 10,000 moments", Request(HOME)),
        ("dossiers, 20 of 440", Request(f"{HOME}/dossiers")),
        ("dossier with its whole time line", Request(DOSSIER)),
        ("long-term agenda of 10,000 moments", Request(f"{HOME}/planning")),
        ("long-term agenda as JSON, 20 of 10,000", Request("/api/v1/beleidsagenda/moments?limit=20")),
        ("commitments and motions", Request(f"{HOME}/toezeggingen-en-moties")),
    ]


def peak(folder: Path) -> float:
    """The most memory that making the calendar takes in a fresh process, above what the process had before, in MB."""
    import subprocess
    import sys

    code = "import sys, pathlib; from bench import agenda; print(agenda.grow(pathlib.Path(sys.argv[1])))"
    told = subprocess.run(
        [sys.executable, "-c", code, str(folder)], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    return float(told.stdout.split()[-1])


def grow(folder: Path) -> float:
    """What the memory of this process grew by answering the calendar once, after a small one, in MB."""
    import os

    os.environ |= {"BENCH_FOLDER": str(folder), **environment()}
    client = city.create().test_client()
    client.get(HOME)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with client.get(CALENDAR, buffered=False) as answer:
        size = sum(len(part) for part in answer.response)
    assert size > EVENTS * 300, size
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def _period(day: Any) -> dict[str, Any]:
    return {"start_date": day, "end_date": day}


def _copies(platform: Platform, table: Table, key: str, id: uuid.UUID, changes: list[Mapping[str, Any]]) -> None:
    """Insert copies of a row, each with its changes."""
    with platform.write_engine.begin() as connection:
        row = dict(connection.execute(select(*table.c).where(table.c[key] == id)).mappings().one())
        for start in range(0, len(changes), PORTION):
            connection.execute(insert(table), [{**row, **change} for change in changes[start : start + PORTION]])
