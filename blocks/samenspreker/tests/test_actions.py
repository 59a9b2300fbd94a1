"""Actions of step 4: who does what, how far it is, and in public why it is late."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from samen_core.api import Change, Conflict, Gone, Invalid, NotAllowed, NotFound, Subject, system, uuid7
from samen_samenspreker.models import Action, ActionUpdate
from samen_samenspreker.progress import Node, budget_of, by_cycle, mean, tree
from samen_samenspreker.queries.actions import latest_updates
from samen_samenspreker.schemas.actions import AddAction, EditAction, UpdateAction
from samen_samenspreker.services.actions import add_action, edit_action, find_action, may_update, update_action
from samen_samenspreker.testing import a_published_decision, a_table, in_step

DUE = date(2030, 6, 1)


@pytest.fixture
def question(platform):
    made = a_table(platform, step="execute")
    a_published_decision(platform, made)
    return made


def added(platform, question, organization, actor=None, **values):
    with platform.unit_of_work(actor or system("test")) as uow:
        command = AddAction(**{"title": "Drempels leggen", "organization_id": organization.id, "due_on": DUE, **values})
        return add_action(uow, question.id, command)


def told(platform, action, actor=None, **values):
    with platform.unit_of_work(actor or system("test")) as uow:
        _question, now = find_action(uow, action.id)
        facts = {"state": now.state, "progress": now.progress, "due_on": now.due_on, "version": now.version}
        return update_action(uow, action.id, UpdateAction(**{**facts, **values}))


def refused(platform, action, **values):
    with pytest.raises(Invalid) as found:
        told(platform, action, **values)
    return {name: str(texts[0]) for name, texts in found.value.errors.items()}


def test_an_action_is_for_everybody_to_see(platform, question, organization, outbox):
    action = added(platform, question, organization, starts_on=DUE - timedelta(days=30), budget=12_000)
    assert (action.state, action.progress, action.first_due_on, action.cycle, action.position) == ("planned", 0, DUE, 1, 1)
    assert action.decision_id is not None
    with platform.read(system("test")) as uow:
        card = uow.session.get_one(Subject, action.id)
        assert (card.title, card.url) == ("Drempels leggen", f"/samenspreker/{question.slug}/uitvoering/{action.id}")
        line = uow.session.execute(select(Change).where(Change.action == "samenspreker.action.added")).scalar_one()
    assert line.public
    assert line.sentence == "Actie toegevoegd: “Drempels leggen”. Klaar op 1 juni 2030."
    assert outbox.events("samenspreker.action.added")[0]["thing_id"] == str(action.id)


def test_only_who_facilitates_adds_and_only_in_step_four(platform, question, organization, actor_as):
    with pytest.raises(NotAllowed):
        added(platform, question, organization, actor=actor_as("resident"))
    assert added(platform, question, organization, actor=actor_as("facilitator", question.id)).id
    in_step(platform, question, "solve")
    with pytest.raises(Invalid):
        added(platform, question, organization)
    with pytest.raises(NotFound), platform.unit_of_work(system("test")) as uow:
        add_action(uow, uuid7(), AddAction(title="x", organization_id=organization.id, due_on=DUE))


def test_everything_that_is_wrong_is_said_at_once(platform, question, organization):
    part = added(platform, question, organization, parent_id=added(platform, question, organization).id)
    with pytest.raises(Invalid) as found:
        added(platform, question, SimpleNamespace(id=uuid7()), parent_id=part.id)
    assert set(found.value.errors) == {"organization_id", "parent_id"}


def test_a_moved_date_needs_a_reason_and_keeps_the_promise(platform, question, organization, outbox):
    action = added(platform, question, organization)
    assert refused(platform, action, due_on=DUE + timedelta(days=30)) == {"text": "Schrijf waarom de datum verschuift."}
    moved = told(platform, action, state="in_progress", progress=20, due_on=DUE + timedelta(days=30), text="De stenen komen later.")
    assert (moved.first_due_on, moved.due_on) == (DUE, DUE + timedelta(days=30))
    with platform.read(system("test")) as uow:
        row = uow.session.execute(select(ActionUpdate)).scalar_one()
        assert (row.due_before, row.due_after, row.state, row.progress) == (DUE, DUE + timedelta(days=30), "in_progress", 20)
        line = uow.session.execute(select(Change).where(Change.action == "samenspreker.action.updated")).scalar_one()
    assert line.sentence == "Actie “Drempels leggen”: Bezig. De datum verschuift naar 1 juli 2030."
    assert line.reason == "De stenen komen later."
    assert len(outbox.events("samenspreker.action.updated")) == 1


def test_stopping_and_starting_again_need_a_reason(platform, question, organization):
    action = added(platform, question, organization)
    assert set(refused(platform, action, state="dropped")) == {"text"}
    assert told(platform, action, state="dropped", text="Het geld is op.").finished_on is not None
    assert set(refused(platform, action, state="planned")) == {"text"}
    again = told(platform, action, state="in_progress", progress=5, text="Er is weer geld.")
    assert again.finished_on is None
    assert told(platform, action, state="done").progress == 100
    assert set(refused(platform, action)) == {"text"}, "news that says nothing"


def test_an_action_ends_after_its_parts(platform, question, organization):
    action = added(platform, question, organization)
    part = added(platform, question, organization, parent_id=action.id, title="Stenen bestellen")
    assert refused(platform, action, state="done") == {"state": "Deze onderdelen zijn nog niet klaar: Stenen bestellen."}
    told(platform, part, state="done")
    told(platform, action, state="done")
    assert "state" in refused(platform, part, state="in_progress", text="Toch niet.")
    with pytest.raises(Invalid) as found:
        added(platform, question, organization, parent_id=action.id)
    assert set(found.value.errors) == {"parent_id"}


def test_somebody_else_was_first(platform, question, organization):
    action = added(platform, question, organization)
    told(platform, action, state="in_progress", progress=10)
    with pytest.raises(Conflict) as found, platform.unit_of_work(system("test")) as uow:
        update_action(uow, action.id, UpdateAction(state="done", due_on=DUE, version=action.version))
    assert found.value.current["progress"] == 10
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        edit_action(uow, action.id, EditAction(title="Anders", organization_id=organization.id, version=action.version))


def test_the_description_changes_and_the_log_says_so(platform, question, organization):
    action = added(platform, question, organization)
    with platform.unit_of_work(system("test")) as uow:
        command = EditAction(title="Drempels", organization_id=organization.id, version=action.version, budget=500, weight=3)
        changed = edit_action(uow, action.id, command)
        assert (changed.title, changed.budget, changed.weight) == ("Drempels", 500, 3)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Subject, action.id).title == "Drempels"
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        late = DUE + timedelta(days=1)
        command = EditAction(title="x", organization_id=organization.id, version=changed.version, starts_on=late)
        edit_action(uow, action.id, command)


def test_who_acts_for_the_owner_tells_how_it_goes(platform, question, member_of, actor_as):
    member, owner = member_of("Wegenbouw BV", "business")
    stranger, _other = member_of("Winkeliers", "business")
    action = added(platform, question, owner)
    assert told(platform, action, actor=member, state="in_progress", progress=40).progress == 40
    assert told(platform, action, actor=actor_as("facilitator", question.id), progress=50).progress == 50
    for actor in (stranger, actor_as("resident"), actor_as("decision_maker")):
        with pytest.raises(NotAllowed):
            told(platform, action, actor=actor, progress=60)
    with platform.read(member) as uow:
        assert may_update(uow, question, owner.id)
    with pytest.raises(NotAllowed), platform.unit_of_work(member) as uow:
        edit_action(uow, action.id, EditAction(title="x", organization_id=owner.id, version=action.version))


def test_what_is_over_does_not_change(platform, question, organization):
    action = added(platform, question, organization)
    in_step(platform, question, "evaluate")
    with pytest.raises((Invalid, Gone)):
        told(platform, action, progress=10)


def test_the_newest_reason_of_each_action(platform, question, organization, clock):
    one, other = added(platform, question, organization), added(platform, question, organization)
    told(platform, one, progress=10, text="Eerst dit.")
    clock.forward(minutes=1)
    told(platform, one, progress=20, text="Toen dat.")
    clock.forward(minutes=1)
    told(platform, one, progress=30)
    with platform.read(system("test")) as uow:
        assert {id: row.text for id, row in latest_updates(uow, [one.id, other.id]).items()} == {one.id: "Toen dat."}
        assert uow.session.get_one(Action, one.id).due_on == DUE


def a_row(**values):
    return SimpleNamespace(
        **{"id": uuid7(), "parent_id": None, "state": "in_progress", "progress": 0, "weight": 1, "budget": None, **values}
    )


def test_progress_is_weighed_over_the_parts():
    top = a_row(progress=99)
    rows = [top, a_row(parent_id=top.id, progress=50, weight=3), a_row(parent_id=top.id, progress=10, weight=1)]
    assert tree(rows)[0].progress == 40, "(3 x 50 + 1 x 10) / 4; what was said of the whole does not count"
    rows.append(a_row(parent_id=top.id, state="dropped", weight=9))
    assert tree(rows)[0].progress == 40, "what was dropped does not count"
    rows[2].state = "done"
    assert tree(rows)[0].progress == 62
    assert mean([]) == 0
    assert Node(a_row(state="done", progress=3)).progress == 100


def test_an_action_began_when_a_part_did():
    top = a_row(state="planned")
    assert tree([top, a_row(parent_id=top.id, state="planned")])[0].state == "planned"
    assert tree([top, a_row(parent_id=top.id, state="in_progress")])[0].state == "in_progress"


def test_budgets_add_up():
    top, other = a_row(), a_row(budget=100)
    rows = [
        top,
        a_row(parent_id=top.id, budget=30),
        a_row(parent_id=top.id, budget=12, state="dropped"),
        other,
        a_row(state="dropped", budget=7),
    ]
    nodes = tree(rows)
    assert [node.budget for node in nodes] == [30, 100, 7]
    assert budget_of(nodes) == 130
    assert budget_of(tree([a_row()])) is None


def test_late_is_a_matter_of_dates():
    row = a_row(due_on=date(2026, 5, 1))
    assert Node(row).days_late(date(2026, 5, 13)) == 12
    assert Node(row).days_late(date(2026, 4, 1)) == 0
    row.state = "done"
    assert Node(row).days_late(date(2026, 5, 13)) == 0


def test_the_newest_cycle_comes_first():
    assert list(by_cycle(tree([a_row(cycle=1), a_row(cycle=2)]))) == [2, 1]


PARTS = st.lists(
    st.tuples(st.sampled_from(("planned", "in_progress", "done", "dropped")), st.integers(0, 100), st.integers(1, 100)), max_size=8
)


@given(PARTS)
def test_progress_stays_between_its_parts(parts):
    found = mean(Node(a_row(state=state, progress=progress, weight=weight)) for state, progress, weight in parts)
    counted = [100 if state == "done" else progress for state, progress, _weight in parts if state != "dropped"]
    assert found == 0 if not counted else min(counted) <= found <= max(counted)
