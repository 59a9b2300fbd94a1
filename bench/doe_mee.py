"""Operations of Doe Mee to measure: the list of ideas at 1,000 and 100,000, an idea with 200 reactions, posting a reaction, the front."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bench import city
from bench.measure import Request
from bench.participation import FORM
from samen_core.actor import system
from samen_core.db import migrate
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Parts, Platform, utc_now
from samen_core.seed import LOGINS_FILE, seed_demo

BLOCKS = ("inbreng", "doe_mee")
SMALL, LARGE = 1_000, 100_000
REACTIONS = 200
HOME = "/doe-mee"
PORTION = 10_000


@dataclass(frozen=True)
class Places:
    """Addresses in the city that was made."""

    talked: str
    quiet: str
    activity: str
    plan: str
    talk_id: uuid.UUID
    passwords: dict[str, str]


def environment() -> dict[str, str]:
    """What a server of such a city needs in its environment."""
    return {"BENCH_BLOCKS": ",".join(BLOCKS)}


def make(folder: Path, ideas: int) -> Places:
    """The demonstration city with so many more ideas, of which one has many reactions and one has few."""
    from samen_doe_mee import paths
    from samen_doe_mee.models import Activity, Idea, Plan
    from samen_doe_mee.testing import make_ideas

    folder.mkdir(parents=True, exist_ok=True)
    platform = _open(folder)
    migrate.upgrade(platform)
    seed_demo(platform)
    ids: list[uuid.UUID] = []
    for start in range(0, ideas, PORTION):
        with platform.unit_of_work(system("test")) as uow:
            ids += make_ideas(uow, min(PORTION, ideas - start))
    with platform.unit_of_work(system("test")) as uow:
        talked, quiet = (uow.session.get_one(Idea, id) for id in ids[:2])
        _talk(uow, talked, REACTIONS)
        _talk(uow, quiet, REACTIONS // 10)
        pages = [paths.idea(idea.slug) for idea in (talked, quiet)]
        asked = select(Activity).where(Activity.type == "reactions", Activity.talk_id.is_not(None), Activity.closes_at > uow.now)
        activity = uow.session.execute(asked.order_by(Activity.id).limit(1)).scalar_one()
        assert activity.talk_id is not None
        plan = paths.plan(uow.session.get_one(Plan, activity.plan_id).slug)
        found = Places(*pages, paths.activity(activity.slug), plan, activity.talk_id, {})
    platform.close()
    found.passwords.update(dict(line.split()[-2:] for line in (folder / LOGINS_FILE).read_text().splitlines()))
    return found


def _open(folder: Path, parts: Parts | None = None) -> Platform:
    return Platform(city.config(folder, ("citycontent", *BLOCKS)), parts or Parts())


def _talk(uow: UnitOfWork, idea: object, number: int) -> None:
    from samen_doe_mee.testing import react

    react(uow, idea, number)


def operations(places: Places, number: str) -> list[tuple[str, Request]]:
    """What everybody reads, with ``number`` ideas."""
    return [
        (f"list of ideas, 20 of {number}", Request(f"{HOME}/ideeen")),
        (f"list of ideas, most supported, of {number}", Request(f"{HOME}/ideeen?volgorde=steun")),
        (f"everything near me in one list, of {number}", Request(f"{HOME}/bij-mij")),
        (f"front of Doe Mee, of {number}", Request(HOME)),
        (f"idea with {REACTIONS} reactions, of {number}", Request(places.talked)),
        (f"idea with {REACTIONS // 10} reactions, of {number}", Request(places.quiet)),
        (f"a plan with its rounds and figures, of {number}", Request(places.plan)),
    ]


def logged_in(cookie: str, number: str) -> list[tuple[str, Request]]:
    """The list as somebody with an account sees it."""
    return [(f"list of ideas, 20 of {number}, logged in", Request(f"{HOME}/ideeen", headers={"Cookie": cookie}))]


@contextmanager
def reaction(folder: Path, places: Places) -> Iterator[Request]:
    """Reacting by the form of an activity without account, each time another form, by somebody who took the time that a person takes."""
    from samen_inbreng.services.guard import new_mark

    platform = _open(folder, Parts(clock=lambda: utc_now() - timedelta(minutes=1)))
    with platform.read(system("test")) as uow:
        body = "formulier={mark}&text={n}+Er+moet+meer+licht+komen.&name=Sam"
        yield Request(places.activity, "POST", FORM, body, 303, lambda: new_mark(uow, places.talk_id))
    platform.close()
