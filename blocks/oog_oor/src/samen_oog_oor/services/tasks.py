"""The work on a case in parts, each for an organisation and somebody there. The reporter sees one case, and gets no mail about a task."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, uuid7
from samen_oog_oor.models import Case, CaseTask
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.permissions import HANDLE, SEE_CONFIDENTIAL
from samen_oog_oor.queries.routing import organizations_by_id
from samen_oog_oor.schemas.merging import AddTask, ChangeTask, EndTask, SplitCase
from samen_oog_oor.services.common import case_to_work_at, case_values, lock_case, log, scopes_of
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.desk import possible_assignees

MOST_TASKS = 50
"""How many tasks a case can have: more is a project."""


def split_case(uow: UnitOfWork, id: uuid.UUID, command: SplitCase) -> list[CaseTask]:
    """Split the work on a case into tasks: all of them or, when something is wrong, none.

    Raises NotFound, NotAllowed, Conflict, and Invalid for a case that is closed or part of another, and for what is wrong with a task.
    """
    case = case_to_work_at(uow, id, command.version, values=case_values)
    _require_open(case)
    found = _number(uow, id)
    if found + len(command.tasks) > MOST_TASKS:
        raise Invalid({"title": [_("Een zaak kan hoogstens {n} taken hebben.", n=MOST_TASKS)]})
    for task in command.tasks:
        _check(uow, task)
    made = [
        CaseTask(
            id=uuid7(),
            case_id=case.id,
            position=found + position,
            title=task.title.strip(),
            organization_id=task.organization_id,
            assignee_id=task.assignee_id,
            state="open",
        )
        for position, task in enumerate(command.tasks)
    ]
    uow.session.add_all(made)
    uow.session.flush()
    log(uow, "split", case, _("Het werk is in taken verdeeld."), after={"tasks": len(made)}, public=False)
    return made


def add_task(uow: UnitOfWork, case_id: uuid.UUID, command: AddTask) -> CaseTask:
    """Add one task. Raises as :func:`split_case` does."""
    return split_case(uow, case_id, SplitCase(tasks=(command,)))[0]


def change_task(uow: UnitOfWork, id: uuid.UUID, command: ChangeTask) -> CaseTask:
    """Change what a task is and whose. Raises NotFound, NotAllowed, Conflict, and Invalid."""
    task, case = _task_to_change(uow, id, command.version)
    _require_open(case)
    _check(uow, AddTask(title=command.title, organization_id=command.organization_id, assignee_id=command.assignee_id))
    task.title, task.organization_id, task.assignee_id = command.title.strip(), command.organization_id, command.assignee_id
    uow.session.flush()
    log(uow, "task_changed", case, _("Een taak is veranderd."), after={"task": task.id}, public=False)
    return task


def finish_task(uow: UnitOfWork, id: uuid.UUID, command: EndTask) -> CaseTask:
    """Say that a task is done. Raises NotFound, NotAllowed, Conflict, and Invalid for one that ended already."""
    return _end(uow, id, command, "done", _("Een taak is klaar."))


def drop_task(uow: UnitOfWork, id: uuid.UUID, command: EndTask) -> CaseTask:
    """Drop a task, with the reason. Raises NotFound, NotAllowed, Conflict, and Invalid without a reason."""
    if not command.note.strip():
        raise Invalid({"note": [_("Schrijf waarom deze taak niet gebeurt.")]})
    return _end(uow, id, command, "dropped", _("Een taak is vervallen."))


def reopen_task(uow: UnitOfWork, id: uuid.UUID, version: int) -> CaseTask:
    """A task that ended was not over. Raises NotFound, NotAllowed, Conflict, and Invalid for one that is open, or on a closed case."""
    task, case = _task_to_change(uow, id, version)
    _require_open(case)
    if task.state == "open":
        raise Invalid({"state": [_("Deze taak staat al open.")]})
    task.state, task.done_at = "open", None
    uow.session.flush()
    log(uow, "task_reopened", case, _("Een taak staat weer open."), after={"task": task.id}, public=False)
    return task


def tasks_of(uow: UnitOfWork, case_id: uuid.UUID) -> list[CaseTask]:
    """The tasks of a case in order, for its work page. One statement."""
    statement = select(CaseTask).where(CaseTask.case_id == case_id).order_by(CaseTask.position, CaseTask.id)
    return list(uow.session.execute(statement).scalars())


def open_tasks(uow: UnitOfWork, case_id: uuid.UUID) -> int:
    """How many tasks of a case are open."""
    statement = select(func.count()).select_from(CaseTask).where(CaseTask.case_id == case_id, CaseTask.state == "open")
    return uow.session.execute(statement).scalar_one()


def drop_tasks(uow: UnitOfWork, case: Case, state: str, reason: str) -> None:
    """A case that ends drops the tasks that are still open, with the reason."""
    if state not in CLOSED:
        return
    for task in uow.session.execute(select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.state == "open")).scalars():
        task.state, task.note, task.done_at = "dropped", task.note or reason, uow.now


def _end(uow: UnitOfWork, id: uuid.UUID, command: EndTask, state: str, sentence: Text) -> CaseTask:
    task, case = _task_to_change(uow, id, command.version)
    if task.state != "open":
        raise Invalid({"state": [_("Deze taak is al afgerond.")]})
    task.state, task.note, task.done_at = state, command.note.strip(), uow.now
    uow.session.flush()
    log(uow, f"task_{state}", case, sentence, after={"task": task.id}, public=False)
    return task


def _task_to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[CaseTask, Case]:
    """A task and its case, locked: for who handles the case, or works for the organisation that the task is of."""
    case_id = uow.session.execute(select(CaseTask.case_id).where(CaseTask.id == id)).scalar_one_or_none()
    if case_id is None:
        raise NotFound
    case = lock_case(uow, case_id)
    task = uow.session.get_one(CaseTask, id, populate_existing=True)
    scopes = (*scopes_of(case), *([task.organization_id] if task.organization_id else []))
    if case.confidential and not SEE_CONFIDENTIAL.allows(uow.actor, case.id, scopes=scopes):
        raise NotFound
    HANDLE.require(uow.actor, case.id, scopes=scopes)
    if task.version != version or task.case_id != case.id:
        raise Conflict(current={"title": task.title, "state": task.state, "note": task.note}, version=task.version)
    return task, case


def _require_open(case: Case) -> None:
    if case.state in CLOSED or case.state == "reopening_requested" or case.merged_into_id is not None:
        raise Invalid(_("Deze zaak is afgesloten. Open haar eerst weer."))


def _number(uow: UnitOfWork, case_id: uuid.UUID) -> int:
    return uow.session.execute(select(func.count()).select_from(CaseTask).where(CaseTask.case_id == case_id)).scalar_one()


def _check(uow: UnitOfWork, task: AddTask) -> None:
    errors: dict[str, list[Text]] = {}
    if not task.title.strip():
        errors["title"] = [_("Schrijf wat er moet gebeuren.")]
    if task.organization_id is not None:
        found = organizations_by_id(uow, [task.organization_id]).get(task.organization_id)
        if found is None or not found.exists(city_day(uow.now)):
            errors["organization_id"] = [_("Deze organisatie bestaat niet of is verwijderd.")]
    if task.assignee_id is not None and task.assignee_id not in possible_assignees(uow):
        errors["assignee_id"] = [_("Deze collega behandelt geen meldingen.")]
    if errors:
        raise Invalid(errors)
