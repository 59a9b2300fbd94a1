"""A long-term agenda taken over again and again: slips keep the old period, and every list gives exactly its differences."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.exchange.reading.table import read_table
from samen_beleidsagenda.models import Dossier, Entry, ImportList, ImportRow, ImportRun, PlanningItem, Source
from samen_beleidsagenda.periods import parse_period, period_of
from samen_beleidsagenda.schemas.import_mapping import Column, TableMapping, mapping_from
from samen_beleidsagenda.schemas.import_plan import Plan
from samen_beleidsagenda.schemas.imports import CreateList, UpdateList
from samen_beleidsagenda.schemas.planning import ChangeMoment
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, continue_runs
from samen_beleidsagenda.services.imports.check import check_plan
from samen_beleidsagenda.services.imports.lists import create_list, keep_mapping, update_list, words_of
from samen_beleidsagenda.services.planning import change_moment
from samen_beleidsagenda.testing import a_body, a_dossier
from samen_core.actor import Actor, system
from samen_core.api import Conflict, Grid, Invalid, NotAllowed
from samen_core.platform import Platform

COLUMNS = tuple(
    Column(name=name, field=field)
    for name, field in (
        ("Nr", "key"),
        ("Onderwerp", "title"),
        ("Dossier", "dossier"),
        ("Wanneer", "period"),
        ("Status", "status"),
        ("Waarom", "reason"),
    )
)
Lines = list[tuple[str, str, str, str, str, str]]

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""What another database cannot change is tried on one."""


@pytest.fixture
def planner(actor_as: Callable[..., Actor]) -> Actor:
    """Somebody who may import."""
    return actor_as("manager")


def a_list(platform: Platform, **values: Any) -> ImportList:
    """A list of the council whose columns are known; the body it is of is new."""
    body = a_body(platform)
    with platform.unit_of_work(system("test")) as uow:
        made = create_list(uow, CreateList(**{"name": "LTA raad", "body_id": body.organization_id, "publish": True, **values}))
        return keep_mapping(uow, made.id, made.version, TableMapping(columns=COLUMNS), {})


def check(platform: Platform, actor: Actor, of: ImportList, lines: Lines) -> tuple[ImportRun, dict[str, int]]:
    """Read a list; the run and its rows by outcome."""
    grid = Grid((("Nr", "Onderwerp", "Dossier", "Wanneer", "Status", "Waarom"), *lines))
    with platform.unit_of_work(actor) as uow:
        found = uow.session.get_one(ImportList, of.id)
        plan = read_table(grid, mapping_from(found.mapping), words_of(uow, found))
        run = check_plan(uow, found, plan, "lijst.csv")
        uow.session.flush()
        return run, dict(run.counts)


def take_over(platform: Platform, actor: Actor, of: ImportList, lines: Lines, choices: dict[int, str] | None = None) -> dict[str, int]:
    """Read a list and take it over; the rows by outcome, as the report said."""
    run, told = check(platform, actor, of, lines)
    with platform.unit_of_work(actor) as uow:
        done = apply_run(uow, run.id, Apply(version=run.version, choices=choices or {}))
        assert done.state == "applied", done.message
        assert done.counts == told
    return told


def line(nr: str, when: str, *, title: str = "", status: str = "", why: str = "") -> tuple[str, str, str, str, str, str]:
    """A row of the list."""
    return (nr, title or f"Onderwerp {nr}", "Wonen", when, status, why)


def moments(platform: Platform) -> list[PlanningItem]:
    """Every moment, also those that were put off, in the order in which they were made."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(PlanningItem).order_by(PlanningItem.id)).scalars())


def test_another_period_is_a_slip_with_its_reason(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    assert take_over(platform, planner, of, [line("1", "Q2 2027"), line("2", "jun-27")]) == {"new": 3}
    assert take_over(platform, planner, of, [line("1", "Q4 2027"), line("2", "sep-27", why="Meer tijd voor inspraak")]) == {
        "moved": 2,
        "same": 1,
    }
    old = {item.title: (item.status, period_of(item.start_date, item.end_date).code, item.slip_reason) for item in moments(platform)[:2]}
    assert old == {
        "Onderwerp 1": ("postponed", "2027-Q2", "Gewijzigd in LTA raad."),
        "Onderwerp 2": ("postponed", "2027-06", "Meer tijd voor inspraak"),
    }
    new = [
        (item.title, item.status, item.start_date.isoformat(), item.original_start.isoformat(), item.slips)
        for item in moments(platform)[2:]
    ]
    assert new == [
        ("Onderwerp 1", "planned", "2027-10-01", "2027-04-01", 1),
        ("Onderwerp 2", "planned", "2027-09-01", "2027-06-01", 1),
    ]


@SQLITE
def test_a_more_precise_period_is_no_slip(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027")])
    assert take_over(platform, planner, of, [line("1", "week 20 2027")]) == {"moved": 1, "same": 1}
    (item,) = moments(platform)
    assert (item.precision, item.slips, item.narrowed_from) == ("week", 0, ["2027-Q2"])


@SQLITE
def test_lapsed_treated_and_unknown(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027"), line("2", "Q3 2027"), line("3", "Q3 2027"), line("4", "n.t.b.")])
    told = take_over(
        platform,
        planner,
        of,
        [line("1", "Q2 2027", status="Vervallen"), line("2", "Q3 2027", status="behandeld"), line("3", "n.t.b."), line("4", "2028")],
    )
    assert told == {"cancelled": 1, "changed": 1, "new": 1, "same": 2}
    assert [(item.title, item.status) for item in moments(platform)] == [
        ("Onderwerp 1", "lapsed"),
        ("Onderwerp 2", "treated"),
        ("Onderwerp 3", "planned"),
        ("Onderwerp 4", "planned"),
    ]


@SQLITE
def test_a_period_that_was_unknown_for_a_while_moves_the_moment_all_the_same(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027")])
    assert take_over(platform, planner, of, [line("1", "n.t.b.", title="Woonvisie")]) == {"changed": 1, "same": 1}
    assert take_over(platform, planner, of, [line("1", "Q3 2027", title="Woonvisie")]) == {"moved": 1, "same": 1}


@SQLITE
def test_what_is_no_longer_in_the_list_stays_unless_the_list_says_otherwise(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027"), line("2", "Q3 2027")])
    assert take_over(platform, planner, of, [line("1", "Q2 2027")]) == {"same": 2, "note": 1}
    with platform.unit_of_work(planner) as uow:
        found = uow.session.get_one(ImportList, of.id)
        update_list(uow, of.id, UpdateList(name=found.name, body_id=found.body_id, gone="drop", publish=True, version=found.version))
    assert take_over(platform, planner, of, [line("1", "Q2 2027")]) == {"same": 2, "removed": 1}
    item = moments(platform)[1]
    assert (item.status, item.slip_reason) == ("lapsed", "Staat niet meer in LTA raad.")
    assert take_over(platform, planner, of, [line("1", "Q2 2027")]) == {"same": 2}


@SQLITE
def test_a_dossier_that_is_here_already_gets_the_moment(platform: Platform, planner: Actor) -> None:
    dossier = a_dossier(platform, title="Wonen")
    of = a_list(platform)
    assert take_over(platform, planner, of, [line("1", "Q2 2027")]) == {"same": 1, "new": 1}
    (item,) = moments(platform)
    assert item.dossier_id == dossier.id
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Entry.visible).where(Entry.subject_id == item.id)).scalar_one()
        assert len(uow.session.execute(select(Dossier.id)).all()) == 1


def test_a_period_changed_at_both_sides_is_a_choice(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027")])
    with platform.unit_of_work(planner) as uow:
        item = uow.session.execute(select(PlanningItem)).scalars().one()
        command = ChangeMoment(version=item.version, kind=item.kind, title=item.title, body_id=item.body_id, period=parse_period("2027-05"))
        change_moment(uow, item.id, command)
    run, told = check(platform, planner, of, [line("1", "Q3 2027")])
    assert told == {"conflict": 1, "same": 1}
    with platform.read(system("test")) as uow:
        row = uow.session.execute(select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.outcome == "conflict")).scalars().one()
    assert row.changes["period"] == ["2027-05", "2027-Q3", True]
    with platform.unit_of_work(planner) as uow:
        apply_run(uow, run.id, Apply(version=run.version, choices={}))
    assert [period_of(item.start_date, item.end_date).code for item in moments(platform)] == ["2027-05"]
    # What was chosen holds: the same list asks it no more.
    assert check(platform, planner, of, [line("1", "Q3 2027")])[1] == {"same": 2}


@SQLITE
def test_what_changed_here_after_the_report_is_left(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    take_over(platform, planner, of, [line("1", "Q2 2027")])
    run, told = check(platform, planner, of, [line("1", "Q2 2027", title="Woonvisie")])
    assert told == {"changed": 1, "same": 1}
    with platform.unit_of_work(planner) as uow:
        item = uow.session.execute(select(PlanningItem)).scalars().one()
        period = period_of(item.start_date, item.end_date)
        change_moment(
            uow, item.id, ChangeMoment(version=item.version, kind=item.kind, title="Hier bedacht", body_id=item.body_id, period=period)
        )
    with platform.unit_of_work(planner) as uow:
        done = apply_run(uow, run.id, Apply(version=run.version, choices={}))
        assert done.counts == {"conflict": 1, "same": 1}
    assert moments(platform)[0].title == "Hier bedacht"


@SQLITE
def test_applying_twice_or_an_old_report_is_refused(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    run, _told = check(platform, planner, of, [line("1", "Q2 2027")])
    with pytest.raises(Conflict), platform.unit_of_work(planner) as uow:
        apply_run(uow, run.id, Apply(version=run.version - 1, choices={}))
    with platform.unit_of_work(planner) as uow:
        version = apply_run(uow, run.id, Apply(version=run.version, choices={})).version
    with pytest.raises(Invalid), platform.unit_of_work(planner) as uow:
        apply_run(uow, run.id, Apply(version=version, choices={}))
    assert len(moments(platform)) == 1


@SQLITE
def test_a_row_that_a_rule_refuses_does_not_stop_the_others(platform: Platform, planner: Actor) -> None:
    of = a_list(platform)
    run, told = check(platform, planner, of, [line("1", "Q2 2027"), line("2", "Q3 2027")])
    assert told == {"new": 3}
    with platform.unit_of_work(system("test")) as uow:
        row = uow.session.execute(select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.title == "Onderwerp 1")).scalars().one()
        row.values = {**row.values, "body": "01a202f2-e315-7504-ba37-d6ba5cb63e59"}
    with platform.unit_of_work(planner) as uow:
        done = apply_run(uow, run.id, Apply(version=run.version, choices={}))
        assert (done.state, done.counts) == ("applied", {"new": 2, "problem": 1})
    assert [item.title for item in moments(platform)] == ["Onderwerp 2"]


@SQLITE
def test_a_grant_on_one_body_imports_for_that_body_only(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    of = a_list(platform, publish=False)
    other = a_body(platform, "committee", "Commissie")
    clerk = actor_as("decision_maker", of.body_id)
    with pytest.raises(NotAllowed), platform.unit_of_work(clerk) as uow:
        create_list(uow, CreateList(name="Alles"))
    meeting = {
        "id": 5,
        "gremium": {"id": 1, "name": "Commissie"},
        "plannings": [{"start_date": "2027-01-01 10:00:00"}],
        "attributes": {"Titel": "Vergadering"},
        "agenda_items": [],
    }
    with platform.unit_of_work(clerk) as uow:
        mine = create_list(uow, CreateList(name="Vergaderingen", format="notubiz", body_id=of.body_id))
        plan: Plan = read_json("notubiz", json.dumps(meeting).encode(), words_of(uow, mine))
        assert plan.things[0].values["body"] == str(other.organization_id)
        assert check_plan(uow, mine, plan, "x.json").counts == {"problem": 1}


WHEN = ("Q1 2027", "Q2 2027", "jun-27", "week 40 2027", "2028", "15-9-2027", "n.t.b.")


@SQLITE
@pytest.mark.parametrize(("seed", "rounds"), [(1, 4), *(pytest.param(seed, 8, marks=pytest.mark.soak) for seed in range(1, 12))])
def test_every_list_gives_exactly_its_differences(platform: Platform, planner: Actor, seed: int, rounds: int) -> None:
    """A list that changes at random, again and again: the report equals a recount, what is here equals the list, no period is lost."""
    dice = random.Random(seed)
    of = a_list(platform)
    a_dossier(platform, title="Wonen")
    told_once: dict[str, list[str]] = {}
    before: dict[str, tuple[str, str]] = {}
    rows = {str(at): (f"Onderwerp {at}", dice.choice(WHEN)) for at in range(6)}
    for _round in range(rounds):
        report = take_over(platform, planner, of, [line(nr, when, title=title) for nr, (title, when) in rows.items()])
        assert {name: report.get(name, 0) for name in ("new", "moved", "changed")} == _recount(before, rows)
        for nr, (title, when) in rows.items():
            if when != "n.t.b.":
                before[nr] = (title, when)
                told_once.setdefault(nr, []).append(parse_period_of(when))
            elif nr in before:
                before[nr] = (title, before[nr][1])
        assert _here(platform) == {nr: (title, parse_period_of(when)) for nr, (title, when) in before.items()}
        again = take_over(platform, planner, of, [line(nr, when, title=title) for nr, (title, when) in rows.items()])
        assert set(again) <= {"same", "note"}
        _no_period_is_lost(platform, told_once)
        for nr in dice.sample(sorted(rows), 3):
            rows[nr] = (dice.choice((rows[nr][0], f"Onderwerp {nr}{dice.choice('abc')}")), dice.choice(WHEN))
        rows[str(len(rows))] = (f"Onderwerp {len(rows)}", dice.choice(WHEN))


def parse_period_of(text: str) -> str:
    """The code of a period of the list."""
    from samen_beleidsagenda.exchange.reading.periods import read_period

    found = read_period(text)
    assert found is not None
    return found.code


def _recount(before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]]) -> dict[str, int]:
    told = {"new": 0, "moved": 0, "changed": 0}
    for nr, (title, when) in after.items():
        if nr not in before:
            told["new"] += when != "n.t.b."
        elif when not in ("n.t.b.", before[nr][1]):
            told["moved"] += 1
        else:
            told["changed"] += title != before[nr][0]
    return told


def _here(platform: Platform) -> dict[str, tuple[str, str]]:
    """By number of the row the title and period of the moment that it is now."""
    with platform.read(system("test")) as uow:
        sources = uow.session.execute(select(Source).where(Source.key.startswith("moment:"))).scalars().all()
        found = {}
        for source in sources:
            item = uow.session.get_one(PlanningItem, source.subject_id)
            assert item.status == "planned"
            found[source.key.partition(":")[2]] = (item.title, period_of(item.start_date, item.end_date).code)
        return found


def _no_period_is_lost(platform: Platform, told: dict[str, list[str]]) -> None:
    """Every period that a moment ever had stands somewhere in its chain."""
    with platform.read(system("test")) as uow:
        for source in uow.session.execute(select(Source).where(Source.key.startswith("moment:"))).scalars():
            item: PlanningItem | None = uow.session.get_one(PlanningItem, source.subject_id)
            kept = set()
            while item is not None:
                kept |= {period_of(item.start_date, item.end_date).code, *item.narrowed_from}
                item = uow.session.get(PlanningItem, item.previous_id) if item.previous_id else None
            assert set(told[source.key.partition(":")[2]]) <= kept


@SQLITE
def test_a_long_list_goes_on_where_it_stopped(platform: Platform, planner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.AT_ONCE", 2)
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.PORTION", 3)
    of = a_list(platform)
    run, _told = check(platform, planner, of, [line(str(at), "Q2 2027") for at in range(7)])
    with platform.unit_of_work(planner) as uow:
        assert apply_run(uow, run.id, Apply(version=run.version, choices={})).state == "applying"
    assert moments(platform) == []
    with platform.unit_of_work(system("worker")) as uow:
        continue_runs(uow)
    assert len(moments(platform)) == 7
    with platform.unit_of_work(system("worker")) as uow:
        continue_runs(uow)
    assert len(moments(platform)) == 7
