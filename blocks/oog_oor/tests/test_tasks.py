"""The work on a case in parts."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform
from samen_core.testing.platforms import Outbox
from samen_oog_oor.models import Case, CaseTask
from samen_oog_oor.schemas.merging import AddTask, ChangeTask, EndTask, SplitCase
from samen_oog_oor.services.tasks import MOST_TASKS, add_task, change_task, drop_task, finish_task, reopen_task, split_case, tasks_of
from samen_oog_oor.testing import a_case, a_signal, an_organization


def test_work_is_split_and_the_reporter_sees_one_case(platform: Platform, outbox: Outbox, actor_as: Callable[..., Actor]) -> None:
    """In order, for organisations and people; no mail, no event, and the case itself stays as it was."""
    clerk = actor_as("facilitator")
    case, lamps = a_case(platform, state="in_progress"), an_organization(platform, "Lampen BV")
    a_signal(platform, case)
    with platform.read(clerk) as uow:
        seen = uow.session.get_one(Case, case.id).version
    with platform.unit_of_work(clerk) as uow:
        command = SplitCase(
            tasks=(AddTask(title="Paal rechtzetten", assignee_id=clerk.account_id), AddTask(title="Lamp", organization_id=lamps.id))
        )
        split_case(uow, case.id, command)
    with platform.unit_of_work(clerk) as uow:
        third = add_task(uow, case.id, AddTask(title=" Stoep dicht "))
        assert [(task.title, task.position) for task in tasks_of(uow, case.id)] == [
            ("Paal rechtzetten", 0),
            ("Lamp", 1),
            ("Stoep dicht", 2),
        ]
        changed = change_task(uow, third.id, ChangeTask(title="Stoep", organization_id=lamps.id, version=third.version))
        assert (changed.title, changed.organization_id) == ("Stoep", lamps.id)
        done = finish_task(uow, third.id, EndTask(note="Dicht.", version=changed.version))
        assert (done.state, done.note, done.done_at) == ("done", "Dicht.", uow.now)
        with pytest.raises(Invalid):
            drop_task(uow, third.id, EndTask(note="Toch niet.", version=done.version))
        assert reopen_task(uow, third.id, done.version).done_at is None
        with pytest.raises(Invalid):
            drop_task(uow, third.id, EndTask(note=" ", version=done.version))
        assert drop_task(uow, third.id, EndTask(note="Niet nodig.", version=done.version)).state == "dropped"
    assert outbox.mails() == []
    with platform.read(clerk) as uow:
        assert uow.session.get_one(Case, case.id).version == seen


def test_who_works_for_the_organisation_of_a_task_ends_it(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """Not somebody else, not who saw an older version, and nothing of a confidential case becomes known."""
    case, lamps = a_case(platform, state="in_progress"), an_organization(platform, "Lampen BV")
    with platform.unit_of_work(actor_as("manager")) as uow:
        task = add_task(uow, case.id, AddTask(title="Lamp", organization_id=lamps.id))
    with platform.unit_of_work(actor_as("facilitator", an_organization(platform, "Ander").id)) as uow, pytest.raises(NotAllowed):
        finish_task(uow, task.id, EndTask(note="", version=task.version))
    worker = actor_as("facilitator", lamps.id)
    with platform.unit_of_work(worker) as uow:
        finish_task(uow, task.id, EndTask(note="Brandt.", version=task.version))
    with platform.unit_of_work(worker) as uow, pytest.raises(Conflict) as error:
        reopen_task(uow, task.id, task.version)
    assert error.value.current["state"] == "done"
    with platform.unit_of_work(worker) as uow, pytest.raises(NotFound):
        reopen_task(uow, uuid.uuid4(), 1)
    with platform.unit_of_work(actor_as("manager")) as uow:
        uow.session.get_one(Case, case.id).confidential = True
    with platform.unit_of_work(worker) as uow, pytest.raises(NotFound):
        reopen_task(uow, task.id, uow.session.get_one(CaseTask, task.id).version)


def test_what_is_wrong_with_a_task_is_said(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """All at once; on a closed case there is no work; a case is no project."""
    clerk = actor_as("facilitator")
    case, closed = a_case(platform, state="new"), a_case(platform, state="resolved")
    nobody = actor_as("resident").account_id
    with platform.unit_of_work(clerk) as uow:
        with pytest.raises(Invalid) as error:
            add_task(uow, case.id, AddTask(title=" ", organization_id=uuid.uuid4(), assignee_id=nobody))
        assert set(error.value.errors) == {"title", "organization_id", "assignee_id"}
        for state in ("resolved", "reopening_requested"):
            uow.session.get_one(Case, closed.id).state = state
            with pytest.raises(Invalid):
                add_task(uow, closed.id, AddTask(title="Lamp"))
        with pytest.raises(Invalid):
            split_case(uow, case.id, SplitCase(tasks=(AddTask(title="Lamp"),) * (MOST_TASKS + 1)))
        assert tasks_of(uow, case.id) == []
