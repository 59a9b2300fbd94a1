"""An import taken back: what it made goes, what it changed is as it was, and what somebody changed since stays and is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from citycontent.api import Event, Membership, Organization, Person
from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.exchange.reading.table import read_table
from samen_beleidsagenda.models import (
    AgendaItem,
    Document,
    Dossier,
    Entry,
    ImportList,
    ImportRow,
    ImportRun,
    PlanningItem,
    Source,
    Treatment,
)
from samen_beleidsagenda.periods import period_of
from samen_beleidsagenda.schemas.agendas import AddItem
from samen_beleidsagenda.schemas.import_mapping import Column, TableMapping, mapping_from
from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.schemas.planning import Drop, Schedule
from samen_beleidsagenda.services.agendas import add_item, items_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run
from samen_beleidsagenda.services.imports.check import check_plan
from samen_beleidsagenda.services.imports.lists import create_list, keep_mapping, words_of
from samen_beleidsagenda.services.imports.undo import continue_undoing, look_back, undo_run
from samen_beleidsagenda.services.planning import drop, schedule
from samen_beleidsagenda.testing import a_body, a_dossier, a_moment
from samen_core.actor import Actor, system
from samen_core.api import Conflict, Grid, Invalid, NotAllowed
from samen_core.db.changes import Change
from samen_core.platform import Platform

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
HEAD = ("Nr", "Onderwerp", "Dossier", "Wanneer", "Status")
COLUMNS = tuple(Column(name=name, field=field) for name, field in zip(HEAD, ("key", "title", "dossier", "period", "status"), strict=True))


@pytest.fixture
def planner(actor_as: Callable[..., Actor]) -> Actor:
    """Somebody who may import."""
    return actor_as("manager")


def a_list(platform: Platform, format: str = "table", **values: Any) -> ImportList:
    """A list of a new body, whose columns are known."""
    body = a_body(platform, "committee")
    with platform.unit_of_work(system("test")) as uow:
        made = create_list(uow, CreateList(**{"name": "LTA", "format": format, "body_id": body.organization_id, "publish": True, **values}))
        return keep_mapping(uow, made.id, made.version, TableMapping(columns=COLUMNS), {}) if format == "table" else made


def take_over(platform: Platform, actor: Actor, of: ImportList, content: Any) -> ImportRun:
    """Read the rows of a list, or what another format holds, and take it over."""
    with platform.unit_of_work(actor) as uow:
        found = uow.session.get_one(ImportList, of.id)
        words = words_of(uow, found)
        if found.format == "table":
            plan = read_table(Grid((HEAD, *content)), mapping_from(found.mapping), words)
        else:
            plan = read_json(found.format, json.dumps(content).encode(), words)
        run = check_plan(uow, found, plan, "lijst.csv")
    with platform.unit_of_work(actor) as uow:
        return apply_run(uow, run.id, Apply(version=run.version, choices={}))


def undo(platform: Platform, actor: Actor, run: ImportRun) -> dict[str, list[str]]:
    """Take a run back; the titles of its rows by what became of them."""
    with platform.read(actor) as uow:
        told = look_back(uow, uow.session.get_one(ImportRun, run.id))
    with platform.unit_of_work(actor) as uow:
        assert undo_run(uow, run.id, uow.session.get_one(ImportRun, run.id).version).state == "undone"
    with platform.read(actor) as uow:
        rows = uow.session.execute(select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.undo != "").order_by(ImportRow.number))
        found: dict[str, list[str]] = {}
        for row in rows.scalars():
            found.setdefault(row.undo, []).append(row.title)
    # The page told it beforehand.
    assert told[0] == len(found.get("undone", []))
    assert [title for _kind, title, _reason in told[1]] == found.get("kept", [])
    return found


def moments(platform: Platform) -> list[tuple[str, str, str, int]]:
    """Every moment there is, in the order in which they were made: title, period, status, slips."""
    with platform.read(system("test")) as uow:
        items = uow.session.execute(select(PlanningItem).where(PlanningItem.state != "deleted").order_by(PlanningItem.id)).scalars()
        return [(item.title, period_of(item.start_date, item.end_date).code, item.status, item.slips) for item in items]


def calendar(platform: Platform) -> dict[str, str]:
    """By title and period how calendars show each public moment."""
    with platform.read(system("test")) as uow:
        entries = uow.session.execute(select(Entry).where(Entry.visible.is_(True))).scalars()
        return {f"{entry.title} {entry.start_date}": entry.status for entry in entries}


def row(nr: str, when: str, title: str = "", dossier: str = "Wonen", status: str = "") -> tuple[str, ...]:
    """A row of a list."""
    return (nr, title or f"Onderwerp {nr}", dossier, when, status)


def test_what_came_goes_and_what_changed_is_as_it_was(platform: Platform, planner: Actor) -> None:
    a_dossier(platform, title="Wonen")
    of = a_list(platform, gone="drop")
    first = take_over(platform, planner, of, [row("1", "Q2 2027"), row("2", "jun-27"), row("3", "Q3 2027")])
    with platform.read(system("test")) as uow:
        sources = {item.key: (item.subject_id, item.digest, item.fields) for item in uow.session.execute(select(Source)).scalars()}
    rows = [row("1", "Q4 2027"), row("2", "jun-27", "Parkeren", status="Vervallen"), row("4", "2028"), row("5", "2028", dossier="Nieuw")]
    second = take_over(platform, planner, of, rows)
    assert second.counts == {"moved": 1, "cancelled": 1, "new": 3, "removed": 1, "same": 1}
    assert undo(platform, planner, second).keys() == {"undone"}
    assert moments(platform) == [
        ("Onderwerp 1", "2027-Q2", "postponed", 0),
        ("Onderwerp 2", "2027-06", "planned", 0),
        ("Onderwerp 3", "2027-Q3", "planned", 0),
        ("Onderwerp 1", "2027-Q4", "postponed", 1),
        ("Onderwerp 4", "2028", "lapsed", 0),
        ("Onderwerp 1", "2027-Q2", "planned", 0),
    ]
    # Of what everybody saw nothing is lost: calendars hear that it does not go on, or that it does after all.
    assert calendar(platform) == {
        "Onderwerp 1 2027-04-01": "tentative",
        "Onderwerp 1 2027-10-01": "cancelled",
        "Onderwerp 2 2027-06-01": "tentative",
        "Onderwerp 3 2027-07-01": "tentative",
        "Onderwerp 4 2028-01-01": "cancelled",
    }
    with platform.read(system("test")) as uow:
        told = uow.session.execute(select(Change).where(Change.action == "beleidsagenda.planning_item.resumed")).scalars().all()
        assert {change.reason for change in told} == {"Het inlezen van LTA is teruggedraaid."}
        assert [
            change.after["undone"]
            for change in uow.session.execute(select(Change).where(Change.action.endswith("import.undone"))).scalars()
        ] == [6]
        assert uow.session.execute(select(Dossier.state).where(Dossier.title == "Nieuw")).scalar_one() == "deleted"
        now = {item.key: (item.subject_id, item.digest, item.fields) for item in uow.session.execute(select(Source)).scalars()}
    assert now.keys() == sources.keys()
    assert {key for key in now if now[key] != sources[key]} == {"moment:1"}, "it goes on in another moment of its chain"
    # The same list tells the same again, and the first one can be taken back too, but for what went on since.
    assert take_over(platform, planner, of, rows).counts == {"moved": 1, "cancelled": 1, "new": 3, "removed": 1, "same": 1}
    assert undo(platform, planner, first) == {"kept": ["Onderwerp 1", "Onderwerp 2", "Onderwerp 3"], "undone": ["Wonen"]}


@SQLITE
def test_what_somebody_changed_since_stays(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    run = take_over(platform, planner, of, [row("1", "Q2 2027"), row("2", "jun-27"), row("3", "Q3 2027", dossier="Water")])
    with platform.unit_of_work(planner) as uow:
        item = uow.session.execute(select(PlanningItem).where(PlanningItem.title == "Onderwerp 2")).scalars().one()
        drop(uow, item.id, Drop(version=item.version, reason="Toch niet"))
    assert undo(platform, planner, run) == {"kept": ["Wonen", "Onderwerp 2"], "undone": ["Water", "Onderwerp 1", "Onderwerp 3"]}
    # What nobody ever saw is simply not there; what is in use by what stays, stays.
    assert moments(platform) == [("Onderwerp 2", "2027-06", "lapsed", 0)]
    with platform.read(system("test")) as uow:
        reasons = dict(uow.session.execute(select(ImportRow.title, ImportRow.message).where(ImportRow.undo == "kept")).all())
        assert reasons == {
            "Wonen": "Hier hangt iets aan dat blijft. Daarom blijft dit ook staan.",
            "Onderwerp 2": "Dit is na het inlezen veranderd. Het blijft zo staan.",
        }


@SQLITE
def test_only_once_and_only_by_who_may(
    platform: Platform, planner: Actor, actor_as: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long one goes on in the worker; a stale page, a second time and who may not import are refused."""
    monkeypatch.setattr("samen_beleidsagenda.services.imports.undo.AT_ONCE", 1)
    monkeypatch.setattr("samen_beleidsagenda.services.imports.undo.PORTION", 2)
    of = a_list(platform)
    run = take_over(platform, planner, of, [row(str(at), "Q2 2027") for at in range(4)])
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("facilitator")) as uow:
        undo_run(uow, run.id, run.version)
    with pytest.raises(Conflict), platform.unit_of_work(planner) as uow:
        undo_run(uow, run.id, run.version - 1)
    with platform.unit_of_work(planner) as uow:
        assert undo_run(uow, run.id, run.version).state == "undoing"
    assert len(moments(platform)) == 4
    with platform.unit_of_work(system("worker")) as uow:
        continue_undoing(uow)
        version = uow.session.get_one(ImportRun, run.id).version
    assert moments(platform) == []
    with pytest.raises(Invalid), platform.unit_of_work(planner) as uow:
        undo_run(uow, run.id, version)


def point(id: int, title: str, order: int, **values: Any) -> dict[str, Any]:
    """A point as Notubiz gives it."""
    data = {"title_prefix": f"{order}.", "heading": False, "attributes": [{"id": 1, "value": title}]}
    return {
        "id": id,
        "order": order,
        "confidential": 0,
        "permission_group": "public",
        "agenda_items": [],
        "documents": [],
        "module_items": [],
        "type_data": data,
        **values,
    }


def paper(id: int, title: str, edition: int = 1) -> dict[str, Any]:
    """A document as Notubiz gives it."""
    found = {
        "id": id,
        "title": title,
        "confidential": 0,
        "publication_date": "2026-12-01",
        "url": f"https://api.example/{id}/{edition}",
        "version": edition,
    }
    return {
        **found,
        "types": [{"id": 1, "value": "Raadsvoorstel"}],
        "versions": [{"id": edition, "file_name": "stuk.pdf", "mime_type": "application/pdf", "file_size": 10}],
    }


def meeting(day: str, *points: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A meeting as Notubiz gives it."""
    plannings = [{"start_date": f"{day} 19:30:00", "end_date": f"{day} 22:00:00"}]
    data = {"id": 7001, "confidential": 0, "permission_group": "public", "gremium": {"id": 55}, "plannings": plannings, "documents": []}
    return {**data, "attributes": {"Titel": "Commissie Stad", "Locatie": "Raadzaal"}, "agenda_items": list(points), **values}


def here(platform: Platform) -> Any:
    """The meeting as it stands here: when it is and whether it is off, its points in order with their papers, and all papers."""
    with platform.read(system("test")) as uow:
        event = uow.session.execute(select(Event)).scalars().one()
        papers = {document.id: document for document in uow.session.execute(select(Document).where(Document.state != "deleted")).scalars()}
        ties: dict[Any, list[str]] = {}
        for tie in uow.session.execute(select(Treatment).order_by(Treatment.id)).scalars():
            ties.setdefault(tie.agenda_item_id, []).append(papers[tie.document_id].title)
        points = [(item.title, item.state, item.parent_id is not None, ties.get(item.id, [])) for item in items_of(uow, event.id)]
        return (
            event.start_date.isoformat(),
            event.status in ("cancelled", "postponed"),
            points,
            sorted(item.title for item in papers.values()),
        )


FIRST = (
    point(1, "Opening", 1),
    point(2, "Wonen", 2, agenda_items=[point(21, "Woonvisie", 1, documents=[paper(901, "Woonvisie 2027")])]),
    point(3, "Verkeer", 3, documents=[paper(902, "Verkeersplan"), paper(903, "Bijlage")]),
)


def test_a_meeting_is_as_it_was(platform: Platform, planner: Actor) -> None:
    of = a_list(platform, "notubiz")
    take_over(platform, planner, of, meeting("2027-02-11", *FIRST))
    before = here(platform)
    moment = a_moment(platform, a_dossier(platform), start=date(2027, 2, 1))
    with platform.unit_of_work(planner) as uow:
        item = uow.session.execute(select(AgendaItem).where(AgendaItem.title == "Verkeer")).scalars().one()
        schedule(uow, moment.id, Schedule(version=moment.version, agenda_item_id=item.id))
    on_agenda = [(moment.title, "2027-02-11", "scheduled", 0)]
    changed = (
        point(4, "Mededelingen", 1),
        point(3, "Verkeer en parkeren", 2, documents=[paper(902, "Verkeersplan", 2), paper(904, "Kaart")]),
        point(2, "Wonen", 3),
    )
    second = take_over(platform, planner, of, meeting("2027-02-18", *changed))
    assert {name: second.counts.get(name, 0) for name in ("moved", "new", "conflict", "problem")} == {
        "moved": 1,
        "new": 3,
        "conflict": 0,
        "problem": 0,
    }
    assert here(platform) != before
    assert undo(platform, planner, second).keys() == {"undone"}
    assert here(platform) == before
    # What stood on its agenda moved along and came back; all three moments stay readable.
    assert moments(platform)[-1:] == on_agenda
    assert [status for _title, _period, status, _slips in moments(platform)] == ["postponed", "postponed", "scheduled"]
    third = take_over(platform, planner, of, meeting("2027-02-11", *FIRST, canceled=True))
    assert third.counts["cancelled"] == 1
    assert here(platform)[1]
    assert moments(platform)[-1][2] == "planned"
    undo(platform, planner, third)
    assert here(platform) == before
    assert moments(platform)[-1:] == on_agenda


@SQLITE
def test_a_meeting_that_was_never_there(platform: Platform, planner: Actor) -> None:
    """A coming one is called off, so that calendars hear it; one that is over was never there."""
    of = a_list(platform, "notubiz")
    coming = take_over(platform, planner, of, meeting("2027-02-11", *FIRST))
    assert undo(platform, planner, coming).keys() == {"undone"}
    assert here(platform) == ("2027-02-11T18:30:00+00:00", True, [], [])
    with platform.read(system("test")) as uow:
        entry = uow.session.execute(select(Entry)).scalars().one()
        assert (entry.visible, entry.status) == (True, "cancelled")
        assert {item.state for item in uow.session.execute(select(AgendaItem)).scalars()} == {"deleted"}
        assert uow.session.execute(select(Source)).first() is None
    # What somebody put on its agenda keeps the meeting, and nothing else of it.
    with platform.unit_of_work(planner) as uow:
        uow.session.execute(update(Event).values(state="merged"))
    busy = take_over(platform, planner, of, {**meeting("2027-03-11", *FIRST), "id": 7003})
    with platform.unit_of_work(planner) as uow:
        event = uow.session.execute(select(Event).where(Event.state == "active")).scalars().one()
        add_item(uow, event.id, AddItem(title="Rondvraag"))
        own = event.id
    assert undo(platform, planner, busy)["kept"] == ["Commissie Stad"]
    with platform.read(system("test")) as uow:
        assert [item.title for item in items_of(uow, own)] == ["Rondvraag"]
        assert uow.session.get_one(Event, own).status == "confirmed"
    over = take_over(platform, planner, of, {**meeting("2020-02-11", *FIRST), "id": 7002})
    assert undo(platform, planner, over).keys() == {"undone"}
    with platform.read(system("test")) as uow:
        assert sorted(uow.session.execute(select(Event.state)).scalars()) == ["active", "deleted", "merged"]


@SQLITE
def test_people_and_their_groups_go_unless_somebody_else_is_in_them(platform: Platform, planner: Actor) -> None:
    from citycontent.api import CreateMembership, CreatePerson, create_membership, create_person

    of = a_list(platform, "popolo")
    data = {
        "organizations": [
            {"id": "a", "name": "Partij A", "classification": "fractie"},
            {"id": "b", "name": "Partij B", "classification": "fractie"},
        ],
        "persons": [{"id": "1", "name": "A. de Vries"}, {"id": "2", "name": "B. Jansen"}],
        "memberships": [
            {"person_id": "1", "organization_id": "a", "role": "raadslid"},
            {"person_id": "2", "organization_id": "b", "role": "raadslid"},
        ],
    }
    run = take_over(platform, planner, of, data)
    with platform.unit_of_work(planner) as uow:
        group = uow.session.execute(select(Organization).where(Organization.name == "Partij B")).scalars().one()
        person = create_person(uow, CreatePerson(name="C. Bakker", visibility="known"))
        uow.session.flush()
        create_membership(uow, CreateMembership(person_id=person.id, organization_id=group.id, role="raadslid", can_represent=False))
    assert undo(platform, planner, run)["kept"] == ["Partij B"]
    with platform.read(system("test")) as uow:
        assert set(uow.session.execute(select(Person.name).where(Person.state == "active")).scalars()) == {"C. Bakker"}
        assert uow.session.execute(select(Organization.state).where(Organization.name == "Partij A")).scalar_one() == "deleted"
        assert len(uow.session.execute(select(Membership).where(Membership.state == "active")).all()) == 1
