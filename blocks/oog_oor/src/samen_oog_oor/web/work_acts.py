"""The forms of the acts at a case: who has it, how urgent it is, notes, tasks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Options, Section, form_page
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import current_uow, go, page_url, render_part, say
from samen_oog_oor import paths
from samen_oog_oor.models import Case, CaseTask
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.schemas.merging import (
    AddTaskSchema,
    ChangeTaskSchema,
    EndTaskSchema,
)
from samen_oog_oor.schemas.moving import DecideReopeningSchema
from samen_oog_oor.schemas.work import (
    AssignCase,
    AssignCaseSchema,
    SetPrioritySchema,
    WriteNoteSchema,
)
from samen_oog_oor.services import desk
from samen_oog_oor.services.reopening import NOBODY_ASKED, decide_reopening
from samen_oog_oor.services.tasks import add_task, change_task, drop_task, finish_task, reopen_task
from samen_oog_oor.web.common import DESK, LABEL, pages
from samen_oog_oor.web.work_case import case_to_show

METHODS = ["GET", "POST"]
Fields = tuple[str, ...]
_ORGANIZATION = {"organization_id": Named("organization")}


def act(
    uow: UnitOfWork,
    case: Case,
    part: str,
    *,
    title: Text,
    submit: Text,
    done: Text,
    spec: FormSpec,
    fields: Fields,
    write: Callable[[Any], object],
    values: Mapping[str, Any] | None = None,
    options: Options | None = None,
    lead: Text | str = "",
    after: str = "",
) -> ResponseReturnValue:
    """A form of a case that leads back to it."""
    back = paths.work(case.number)
    page = FormPage(
        title=title,
        submit=submit,
        done=done,
        path=paths.work(case.number, part),
        back=back,
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, back), (title, None)),
        lead=lead or f"{case.number}: {case.title}",
    )

    def do(command: Any) -> str:
        write(command)
        return after or back

    shown = {"version": case.version, **(values or {})}
    return form_page(uow, page, spec, (Section(Text(""), fields),), do, values=shown, options=options)


@pages.route(paths.work("<number>", "behandelaar"), permission=HANDLE, methods=METHODS)
def work_assign(number: str) -> ResponseReturnValue:
    """Give the case to a colleague."""
    uow = current_uow()
    case = case_to_show(uow, number)
    people = desk.possible_assignees(uow)
    mine = uow.actor.account_id
    return act(
        uow,
        case,
        "behandelaar",
        title=_("Wie behandelt dit?"),
        submit=_("Bewaar de behandelaar"),
        done=_("De behandelaar is bewaard."),
        spec=FormSpec(AssignCaseSchema),
        fields=("assignee_id",),
        write=lambda command: desk.assign_case(uow, case.id, command),
        values={"assignee_id": case.assignee_id if case.assignee_id in people else mine},
        options={"assignee_id": people.items()},
    )


@pages.route(paths.work("<number>", "urgentie"), permission=HANDLE, methods=METHODS)
def work_priority(number: str) -> ResponseReturnValue:
    """Say how urgent it is."""
    uow = current_uow()
    case = case_to_show(uow, number)
    return act(
        uow,
        case,
        "urgentie",
        title=_("Hoe dringend is dit?"),
        submit=_("Bewaar de urgentie"),
        done=_("De urgentie is bewaard."),
        spec=FormSpec(SetPrioritySchema),
        fields=("priority", "reason"),
        write=lambda command: desk.set_priority(uow, case.id, command),
        values={"priority": case.priority},
    )


@pages.route(paths.work("<number>", "notitie"), permission=HANDLE, methods=METHODS)
def work_note(number: str) -> ResponseReturnValue:
    """Write a note for colleagues."""
    uow = current_uow()
    case = case_to_show(uow, number)
    return act(
        uow,
        case,
        "notitie",
        title=_("Notitie schrijven"),
        submit=_("Bewaar de notitie"),
        done=_("De notitie is bewaard."),
        spec=FormSpec(WriteNoteSchema),
        fields=("text",),
        write=lambda command: desk.write_note(uow, case.id, command),
        after=f"{paths.work(number)}#notities",
    )


@pages.route(paths.work("<number>", "heropening"), permission=HANDLE, methods=METHODS)
def work_reopening(number: str) -> ResponseReturnValue:
    """Decide whether a closed case opens again, as a reporter asked."""
    uow = current_uow()
    case = case_to_show(uow, number)
    if request.method == "GET" and case.state != "reopening_requested":
        say(NOBODY_ASKED, "info")
        return go(paths.work(number))
    asked = [row.reason for row in queries.verdicts_of(uow, case.id) if row.asks_reopening and row.decided is None and row.reason]
    lead = _("De melder schreef: “{reason}”", reason=asked[0]) if asked else ""
    return act(
        uow,
        case,
        "heropening",
        title=_("Gaat de zaak weer open?"),
        submit=_("Bewaar het besluit"),
        done=_("Het besluit is verstuurd."),
        spec=FormSpec(DecideReopeningSchema),
        fields=("reopen", "text", "public"),
        write=lambda command: decide_reopening(uow, case.id, command),
        lead=lead,
    )


@pages.route(paths.work("<number>", "taak"), permission=HANDLE, methods=METHODS)
def work_task_add(number: str) -> ResponseReturnValue:
    """Add a task."""
    uow = current_uow()
    case = case_to_show(uow, number)
    return act(
        uow,
        case,
        "taak",
        title=_("Voeg een taak toe"),
        submit=_("Bewaar de taak"),
        done=_("De taak is toegevoegd. De melder blijft één zaak zien."),
        spec=FormSpec(AddTaskSchema, _ORGANIZATION),
        fields=("title", "organization_id", "assignee_id"),
        write=lambda command: add_task(uow, case.id, command),
        options={"assignee_id": desk.possible_assignees(uow).items()},
    )


@pages.route(paths.work("<number>", "taak/<uuid:id>"), permission=HANDLE, methods=METHODS)
def work_task(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """End a task, or open it again."""
    uow = current_uow()
    case, task = _task(uow, number, id)
    if task.state != "open":
        return act(
            uow,
            case,
            f"taak/{id}",
            title=_("Taak: {title}", title=task.title),
            submit=_("Zet de taak weer open"),
            done=_("De taak staat weer open."),
            spec=FormSpec(EndTaskSchema, fixed=("note",)),
            fields=("note",),
            write=lambda command: reopen_task(uow, id, command.version),
            values={"version": task.version, "note": task.note},
            lead=task.note,
        )
    return act(
        uow,
        case,
        f"taak/{id}",
        title=_("Taak: {title}", title=task.title),
        submit=_("De taak is klaar"),
        done=_("De taak is klaar."),
        spec=FormSpec(EndTaskSchema),
        fields=("note",),
        write=lambda command: finish_task(uow, id, command),
        values={"version": task.version, "note": task.note},
        lead=render_part(
            "oog_oor/work_task_ways.html",
            change_url=page_url(paths.work(number, f"taak/{id}/wijzigen")),
            drop_url=page_url(paths.work(number, f"taak/{id}/vervalt")),
        ),
    )


@pages.route(paths.work("<number>", "taak/<uuid:id>/wijzigen"), permission=HANDLE, methods=METHODS)
def work_task_change(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change what a task is, and whose."""
    uow = current_uow()
    case, task = _task(uow, number, id)
    return act(
        uow,
        case,
        f"taak/{id}/wijzigen",
        title=_("Taak wijzigen"),
        submit=_("Bewaar de taak"),
        done=_("De taak is gewijzigd."),
        spec=FormSpec(ChangeTaskSchema, _ORGANIZATION),
        fields=("title", "organization_id", "assignee_id"),
        write=lambda command: change_task(uow, id, command),
        values={name: getattr(task, name) for name in ("title", "organization_id", "assignee_id", "version")},
        options={"assignee_id": desk.possible_assignees(uow).items()},
    )


@pages.route(paths.work("<number>", "taak/<uuid:id>/vervalt"), permission=HANDLE, methods=METHODS)
def work_task_drop(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Drop a task, with the reason."""
    uow = current_uow()
    case, task = _task(uow, number, id)
    return act(
        uow,
        case,
        f"taak/{id}/vervalt",
        title=_("De taak vervalt"),
        submit=_("Laat de taak vervallen"),
        done=_("De taak is vervallen."),
        spec=FormSpec(EndTaskSchema, required=("note",)),
        fields=("note",),
        write=lambda command: drop_task(uow, id, command),
        values={"version": task.version},
        lead=task.title,
    )


@pages.route(paths.work("<number>", "neem"), permission=HANDLE, methods=["POST"])
def work_take(number: str) -> ResponseReturnValue:
    """Take the case oneself, in one tap."""
    uow = current_uow()
    case = case_to_show(uow, number)
    desk.assign_case(uow, case.id, AssignCase(assignee_id=uow.actor.account_id, version=request.form.get("version", case.version, int)))
    say(_("De zaak is nu van u."))
    return go(paths.work(number))


def _task(uow: UnitOfWork, number: str, id: uuid.UUID) -> tuple[Case, CaseTask]:
    case = case_to_show(uow, number)
    task = uow.session.get(CaseTask, id)
    if task is None or task.case_id != case.id:
        raise NotFound
    return case, task
