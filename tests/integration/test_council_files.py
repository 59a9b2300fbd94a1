"""Real files of councils, read by the policy agenda: a meeting of Amsterdam, and who was in the councils of three cities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from citycontent.models import Membership, Organization, Person
from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.models import ImportList, ImportRun, Meeting
from samen_beleidsagenda.schemas.import_plan import Words
from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.services.agendas import items_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, continue_runs
from samen_beleidsagenda.services.imports.check import check_plan
from samen_beleidsagenda.services.imports.lists import create_list, words_of
from samen_beleidsagenda.testing import a_body
from samen_core.actor import Actor, system
from samen_core.platform import Platform

FOLDER = "raadsinformatie"


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city database and the policy agenda."""
    return {"blocks": ["citycontent", "beleidsagenda"]}


@pytest.fixture
def clerk(actor_as: Callable[..., Actor]) -> Actor:
    """Somebody who may import."""
    return actor_as("manager")


def take_over(platform: Platform, actor: Actor, of: ImportList, content: bytes) -> dict[str, int]:
    """Import a file to the end; the number of rows by what became of them."""
    with platform.unit_of_work(actor) as uow:
        found = uow.session.get_one(ImportList, of.id)
        run = check_plan(uow, found, read_json(found.format, content, words_of(uow, found)), "file.json")
        version = run.version
    with platform.unit_of_work(actor) as uow:
        apply_run(uow, run.id, Apply(version=version, choices={}))
    with platform.unit_of_work(system("worker")) as uow:
        continue_runs(uow)
    with platform.read(actor) as uow:
        done = uow.session.get_one(ImportRun, run.id)
        assert done.state == "applied", done.message
        return dict(done.counts)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_meeting_of_amsterdam(platform: Platform, clerk: Actor, shared_data: Path) -> None:
    body = a_body(platform, "committee", "Commissie Financiën")
    with platform.unit_of_work(system("test")) as uow:
        of = create_list(uow, CreateList(name="Notubiz", format="notubiz", body_id=body.organization_id))
    content = (shared_data / FOLDER / "notubiz_meeting_amsterdam.json").read_bytes()
    assert take_over(platform, clerk, of, content) == {"new": 1 + 45 + 51 + 49 + 1}
    with platform.read(system("test")) as uow:
        meeting = uow.session.execute(select(Meeting)).scalars().one()
        points = items_of(uow, meeting.event_id)
        assert [(point.number, point.title) for point in points[3:5]] == [("1.", "Opening procedureel gedeelte"), ("2.", "Mededelingen")]
        # Points without an order come last, in the order of the file.
        assert [point.title[-3:] for point in points[-6:]] == ["(4)", "(2)", "eer", "(6)", "(5)", "(3)"]
        assert meeting.minutes_id is not None
    assert take_over(platform, clerk, of, content) == {"same": 147}


@pytest.mark.parametrize(("db_url", "city", "people"), [("sqlite", "utrecht", 64), ("postgresql", "den_helder", 49)], indirect=["db_url"])
def test_the_councils_of_two_cities(platform: Platform, clerk: Actor, shared_data: Path, city: str, people: int) -> None:
    with platform.unit_of_work(system("test")) as uow:
        of = create_list(uow, CreateList(name=city, format="popolo"))
    organizations = (shared_data / FOLDER / f"{city}_organisations.json").read_bytes()
    persons = (shared_data / FOLDER / f"{city}_persons.json.gz").read_bytes()
    take_over(platform, clerk, of, organizations)
    take_over(platform, clerk, of, persons)
    with platform.read(system("test")) as uow:
        counts = [uow.session.execute(select(func.count()).select_from(model)).scalar_one() for model in (Organization, Person, Membership)]
        assert counts[1] <= people
        assert uow.session.execute(select(func.count()).where(Person.email != "")).scalar_one() == 0
    for content in (organizations, persons):
        assert set(take_over(platform, clerk, of, content)) <= {"same", "problem"}
    with platform.read(system("test")) as uow:
        again = [uow.session.execute(select(func.count()).select_from(model)).scalar_one() for model in (Organization, Person, Membership)]
    assert again == counts


def test_every_organisation_of_the_files_is_read(shared_data: Path) -> None:
    for city in ("amstelveen", "den_helder", "utrecht"):
        plan = read_json("popolo", (shared_data / FOLDER / f"{city}_organisations.json").read_bytes(), Words())
        assert plan.things
        assert all(thing.title for thing in plan.things)
        # Some have neither a name nor an id: that is told.
        assert len(plan.problems) == {"amstelveen": 1, "den_helder": 2, "utrecht": 1}[city]
