"""Meetings of other systems: taken over once, and of a second file exactly what changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from citycontent.api import Event
from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.models import AgendaItem, Document, DocumentVersion, ImportList, ImportRow, ImportRun, Meeting, Treatment
from samen_beleidsagenda.schemas.agendas import ChangeItem
from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.services.agendas import change_item, item_values, items_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, continue_runs
from samen_beleidsagenda.services.imports.check import check_plan
from samen_beleidsagenda.services.imports.lists import create_list, words_of
from samen_beleidsagenda.testing import a_body
from samen_core.actor import Actor, system
from samen_core.platform import Platform

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""What another database cannot change is tried on one."""


def a_point(id: int, title: str, order: int, **values: Any) -> dict[str, Any]:
    """A point as Notubiz gives it."""
    return {
        "id": id,
        "order": order,
        "confidential": 0,
        "permission_group": "public",
        "agenda_items": [],
        "documents": [],
        "module_items": [],
        "type_data": {"title_prefix": f"{order}.", "heading": False, "attributes": [{"id": 1, "value": title}]},
        **values,
    }


def a_paper(id: int, title: str) -> dict[str, Any]:
    """A document as Notubiz gives it."""
    return {
        "id": id,
        "title": title,
        "confidential": 0,
        "publication_date": "2026-12-01",
        "url": f"https://api.example/document/{id}/1",
        "version": 1,
        "types": [{"id": 1, "value": "Raadsvoorstel"}],
        "versions": [{"id": 1, "file_name": "stuk.pdf", "mime_type": "application/pdf", "file_size": 10}],
    }


def a_notubiz_meeting() -> dict[str, Any]:
    """A meeting with four points, one of them under another, and three documents."""
    return {
        "id": 7001,
        "confidential": 0,
        "permission_group": "public",
        "gremium": {"id": 55},
        "plannings": [{"start_date": "2027-02-11 19:30:00", "end_date": "2027-02-11 22:00:00"}],
        "attributes": {"Titel": "Commissie Stad", "Locatie": "Raadzaal"},
        "documents": [],
        "agenda_items": [
            a_point(1, "Opening", 1),
            a_point(2, "Wonen", 2, agenda_items=[a_point(21, "Woonvisie", 1, documents=[a_paper(901, "Woonvisie 2027")])]),
            a_point(3, "Verkeer", 3, module_items=[{"documents": [a_paper(902, "Verkeersplan"), a_paper(903, "Bijlage")]}]),
        ],
    }


@pytest.fixture
def clerk(actor_as: Callable[..., Actor]) -> Actor:
    """Somebody who may import."""
    return actor_as("manager")


def a_list(platform: Platform, **values: Any) -> ImportList:
    """A list of meetings of a new body."""
    body = a_body(platform, "committee")
    with platform.unit_of_work(system("test")) as uow:
        return create_list(uow, CreateList(name="Notubiz", format="notubiz", body_id=body.organization_id, **values))


def take_over(platform: Platform, actor: Actor, of: ImportList, data: Any, choices: dict[int, str] | None = None) -> dict[str, int]:
    """Import a file; the number of rows by outcome."""
    with platform.unit_of_work(actor) as uow:
        found = uow.session.get_one(ImportList, of.id)
        plan = read_json(found.format, json.dumps(data).encode(), words_of(uow, found))
        run = check_plan(uow, found, plan, "test.json")
        told, version = dict(run.counts), run.version
    with platform.unit_of_work(actor) as uow:
        done = apply_run(uow, run.id, Apply(version=version, choices=choices or {}))
        assert done.state in ("applied", "applying"), done.message
    return told


def rows_of(platform: Platform, *outcomes: str) -> list[tuple[str, str, str]]:
    """Kind, title and outcome of the rows of the last run."""
    with platform.read(system("test")) as uow:
        last = select(ImportRun.id).order_by(ImportRun.at.desc(), ImportRun.id.desc()).limit(1).scalar_subquery()
        rows = uow.session.execute(select(ImportRow).where(ImportRow.run_id == last).order_by(ImportRow.number)).scalars()
        return [(row.kind, row.title, row.outcome) for row in rows if row.outcome in outcomes]


def agenda(platform: Platform) -> list[tuple[str, str, bool]]:
    """Number and title of every point, and whether it stands under another."""
    with platform.read(system("test")) as uow:
        meeting = uow.session.execute(select(Meeting)).scalars().one()
        return [(item.number, item.title, item.parent_id is not None) for item in items_of(uow, meeting.event_id)]


@SQLITE
def test_once_everything_comes_in_and_twice_nothing(platform: Platform, clerk: Actor) -> None:
    """The report writes nothing; the first time everything is made, the second time it is there."""
    of = a_list(platform)
    with platform.unit_of_work(clerk) as uow:
        plan = read_json("notubiz", json.dumps(a_notubiz_meeting()).encode(), words_of(uow, of))
        check_plan(uow, uow.session.get_one(ImportList, of.id), plan, "test.json")
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Meeting)).scalar_one() == 0
        assert uow.session.execute(select(func.count()).select_from(Document)).scalar_one() == 0
    assert take_over(platform, clerk, of, a_notubiz_meeting()) == {"new": 1 + 4 + 3 + 3}
    before = [("1.", "Opening", False), ("2.", "Wonen", False), ("1.", "Woonvisie", True), ("3.", "Verkeer", False)]
    assert agenda(platform) == before
    with platform.read(system("test")) as uow:
        event = uow.session.execute(select(Event)).scalars().one()
        assert (event.name, event.location, event.start_date.isoformat()) == ("Commissie Stad", "Raadzaal", "2027-02-11T18:30:00+00:00")
        assert uow.session.execute(select(func.count()).select_from(Treatment)).scalar_one() == 3
        assert {item.state for item in uow.session.execute(select(AgendaItem)).scalars()} == {"draft"}
    assert take_over(platform, clerk, of, a_notubiz_meeting()) == {"same": 11}
    assert agenda(platform) == before


def test_exactly_what_changed(platform: Platform, clerk: Actor) -> None:
    of = a_list(platform, publish=True)
    take_over(platform, clerk, of, a_notubiz_meeting())
    other = copy.deepcopy(a_notubiz_meeting())
    other["plannings"][0] = {"start_date": "2027-02-18 19:30:00", "end_date": "2027-02-18 22:00:00"}
    other["agenda_items"][2]["type_data"]["attributes"][0]["value"] = "Verkeer en parkeren"
    other["agenda_items"][2]["module_items"][0]["documents"].pop()
    other["agenda_items"].insert(1, a_point(4, "Mededelingen", 2))
    other["agenda_items"][2]["order"], other["agenda_items"][3]["order"] = 4, 3
    told = take_over(platform, clerk, of, other)
    assert rows_of(platform, "new", "moved", "changed", "removed", "conflict", "problem") == [
        ("meeting", "Commissie Stad", "moved"),
        ("agenda_item", "Mededelingen", "new"),
        ("agenda_item", "Verkeer en parkeren", "changed"),
        ("treatment", "Bijlage", "removed"),
    ]
    assert told == {"moved": 1, "new": 1, "changed": 1, "removed": 1, "same": 3 + 2 + 2}
    assert [title for _number, title, _under in agenda(platform)] == [
        "Opening",
        "Mededelingen",
        "Verkeer en parkeren",
        "Wonen",
        "Woonvisie",
    ]
    with platform.read(system("test")) as uow:
        event = uow.session.execute(select(Event)).scalars().one()
        assert (event.start_date.isoformat(), event.status) == ("2027-02-18T18:30:00+00:00", "rescheduled")
        assert {item.state for item in uow.session.execute(select(AgendaItem)).scalars()} == {"published"}
    assert set(take_over(platform, clerk, of, other)) == {"same"}


@SQLITE
def test_called_off(platform: Platform, clerk: Actor) -> None:
    of = a_list(platform)
    take_over(platform, clerk, of, a_notubiz_meeting())
    take_over(platform, clerk, of, {**a_notubiz_meeting(), "canceled": True})
    assert rows_of(platform, "cancelled") == [("meeting", "Commissie Stad", "cancelled")]
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Event.status)).scalar_one() == "cancelled"


@SQLITE
def test_what_people_changed_here_stays(platform: Platform, clerk: Actor) -> None:
    of = a_list(platform)
    take_over(platform, clerk, of, a_notubiz_meeting())
    with platform.unit_of_work(clerk) as uow:
        point = uow.session.execute(select(AgendaItem).where(AgendaItem.title == "Verkeer")).scalars().one()
        values = item_values(point)
        for name in ("result", "resolution", "started_at", "ended_at"):
            values.pop(name)
        change_item(uow, point.id, ChangeItem(**{**values, "title": "Verkeer in het centrum"}))
    assert set(take_over(platform, clerk, of, a_notubiz_meeting())) == {"same"}
    other = a_notubiz_meeting()
    other["agenda_items"][2]["type_data"]["attributes"][0]["value"] = "Verkeer en parkeren"
    assert take_over(platform, clerk, of, other)["conflict"] == 1
    assert "Verkeer in het centrum" in [title for _number, title, _under in agenda(platform)]
    other["agenda_items"][2]["type_data"]["attributes"][0]["value"] = "Verkeer, parkeren en fietsen"
    with platform.unit_of_work(clerk) as uow:
        found = uow.session.get_one(ImportList, of.id)
        run = check_plan(uow, found, read_json("notubiz", json.dumps(other).encode(), words_of(uow, found)), "x.json")
        clash = uow.session.execute(select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.outcome == "conflict")).scalars().one()
        assert clash.changes["title"] == ["Verkeer in het centrum", "Verkeer, parkeren en fietsen", True]
        version = run.version
    with platform.unit_of_work(clerk) as uow:
        apply_run(uow, run.id, Apply(version=version, choices={clash.number: "take"}))
    assert "Verkeer, parkeren en fietsen" in [title for _number, title, _under in agenda(platform)]


@SQLITE
def test_a_newer_edition_is_a_version(platform: Platform, clerk: Actor) -> None:
    of = a_list(platform)
    take_over(platform, clerk, of, a_notubiz_meeting())
    other = a_notubiz_meeting()
    paper = other["agenda_items"][1]["agenda_items"][0]["documents"][0]
    paper["url"], paper["version"] = "https://api.example/document/901/2", 2
    assert take_over(platform, clerk, of, other)["changed"] == 1
    with platform.read(system("test")) as uow:
        statement = select(DocumentVersion.number, DocumentVersion.url).join(Document).where(Document.title == "Woonvisie 2027")
        found = [tuple(row) for row in uow.session.execute(statement.order_by(DocumentVersion.number))]
    assert found == [(1, "https://api.example/document/901/1"), (2, "https://api.example/document/901/2")]


@SQLITE
def test_a_meeting_of_an_unknown_body_is_told_and_left(platform: Platform, clerk: Actor) -> None:
    with platform.unit_of_work(system("test")) as uow:
        of = create_list(uow, CreateList(name="Notubiz", format="notubiz"))
    told = take_over(platform, clerk, of, a_notubiz_meeting())
    assert told == {"problem": 1 + 4 + 3, "new": 3}


def test_a_long_file_goes_on_in_the_worker(platform: Platform, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.AT_ONCE", 3)
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.PORTION", 4)
    of = a_list(platform)
    take_over(platform, clerk, of, a_notubiz_meeting())
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(ImportRun.state)).scalar_one() == "applying"
    with platform.unit_of_work(system("worker")) as uow:
        continue_runs(uow)
    with platform.read(system("test")) as uow:
        run = uow.session.execute(select(ImportRun)).scalars().one()
        assert (run.state, run.done, run.rows, run.counts) == ("applied", 11, 11, {"new": 11})
    assert [title for _number, title, _under in agenda(platform)] == ["Opening", "Wonen", "Woonvisie", "Verkeer"]


@SQLITE
def test_the_report_does_not_tell_what_is_confidential_here(platform: Platform, clerk: Actor) -> None:
    of = a_list(platform)
    take_over(platform, clerk, of, a_notubiz_meeting())
    with platform.unit_of_work(system("test")) as uow:
        point = uow.session.execute(select(AgendaItem).where(AgendaItem.title == "Verkeer")).scalars().one()
        point.title, point.confidential = "Geheime aankoop", True
    other = a_notubiz_meeting()
    other["agenda_items"][2]["type_data"]["attributes"][0]["value"] = "Verkeer en parkeren"
    program = replace(clerk, scopes=frozenset(f"beleidsagenda.{name}" for name in ("import", "write", "record")))
    with platform.unit_of_work(program) as uow:
        found = uow.session.get_one(ImportList, of.id)
        run = check_plan(uow, found, read_json("notubiz", json.dumps(other).encode(), words_of(uow, found)), "x.json")
        rows = uow.session.execute(select(ImportRow).where(ImportRow.run_id == run.id)).scalars().all()
        assert [(row.title, row.outcome) for row in rows if row.kind == "agenda_item" and row.outcome != "same"] == [
            ("Verkeer en parkeren", "problem")
        ]
        assert "Geheime" not in str([(row.title, row.changes, row.values, row.params) for row in rows])
    with platform.unit_of_work(clerk) as uow:
        found = uow.session.get_one(ImportList, of.id)
        plan = read_json("notubiz", json.dumps(other).encode(), words_of(uow, found))
        assert check_plan(uow, found, plan, "x.json").counts["conflict"] == 1
