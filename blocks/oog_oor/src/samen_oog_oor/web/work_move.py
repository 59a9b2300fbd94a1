"""The form that brings a case to another state: with texts that are ready, and always first a look at what the reporters will read."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Conflict, Invalid, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_part, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import CLOSED, STATES
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.desk import ready_texts
from samen_oog_oor.queries.work_case import names_of_case
from samen_oog_oor.schemas.moving import MoveCase, MoveCaseSchema
from samen_oog_oor.schemas.work import WriteUpdate, WriteUpdateSchema
from samen_oog_oor.services.common import case_values
from samen_oog_oor.services.desk import write_update
from samen_oog_oor.services.moving import move_case, possible_states, what_is_wrong
from samen_oog_oor.services.ready_texts import day_for_reporters, fill, place_values, what_stays_unfilled
from samen_oog_oor.services.tasks import open_tasks
from samen_oog_oor.web.common import DESK, LABEL, pages
from samen_oog_oor.web.work_case import case_to_show

PART = "verder"
TITLE = _("Breng de zaak verder")


@pages.route(paths.work("<number>", PART), permission=HANDLE, methods=["GET", "POST"])
def work_move(number: str) -> ResponseReturnValue:
    """Show the form, show what reporters will read, or move the case."""
    uow = current_uow()
    case = case_to_show(uow, number)
    if request.method == "GET":
        return _show(uow, case, values=_first_values(uow, case))
    try:
        command: MoveCase = parse(MoveCaseSchema, request.form)
        if command.version != case.version:
            raise Conflict(current=case_values(case), version=case.version)
        if wrong := _unfilled(command.text) | what_is_wrong(uow, case, command):
            raise Invalid(wrong)
        command = replace(command, text=fill(command.text, places_of(uow, case, command.planned_on)))
        if "bekijk" in request.form or (command.text and not _was_seen(command.text)):
            return _show(uow, case, seen=command.text)
        move_case(uow, case.id, command)
    except Invalid as error:
        uow.rollback()
        return _show(uow, case_to_show(uow, number), errors=error.errors)
    except Conflict as error:
        uow.rollback()
        return _show(uow, case_to_show(uow, number), conflict=error)
    say(_("De zaak is nu: {state}.", state=STATE_LABELS[command.state]))
    return go(paths.work(number))


@pages.route(paths.work("<number>", "bericht"), permission=HANDLE, methods=["GET", "POST"])
def work_message(number: str) -> ResponseReturnValue:
    """Tell the reporters something while the case stays where it is; first a look at what they will read."""
    uow = current_uow()
    case = case_to_show(uow, number)
    if request.method == "GET":
        public = case.publication == "full" and not case.confidential
        return _show_message(case, BoundForm(WriteUpdateSchema(), data={"public": public}, version=case.version))
    version = request.form.get("version", case.version, int)
    try:
        command: WriteUpdate = parse(WriteUpdateSchema, request.form)
        if wrong := _unfilled(command.text):
            raise Invalid(wrong)
        command = replace(command, text=fill(command.text, places_of(uow, case)))
        if "bekijk" in request.form or not _was_seen(command.text):
            return _show_message(case, BoundForm(WriteUpdateSchema(), data=request.form, version=version), seen=command.text)
        write_update(uow, case.id, command)
    except Invalid as error:
        return _show_message(case, BoundForm(WriteUpdateSchema(), data=request.form, errors=error.errors, version=version), status=400)
    except Conflict as error:
        uow.rollback()
        again = BoundForm(WriteUpdateSchema(), data=request.form, version=error.version, conflict={})
        return _show_message(case_to_show(uow, number), again, status=409)
    say(_("Het bericht is verstuurd."))
    return go(paths.work(number))


def _show_message(case: Case, form: BoundForm, *, status: int = 200, seen: str = "") -> ResponseReturnValue:
    title = _("Stuur een bericht aan de melders")
    return render_status(
        status,
        "oog_oor/work_move.html",
        case=case,
        form=form,
        fields=form.fields,
        seen=seen,
        closes=False,
        ready=[],
        action=page_url(paths.work(case.number, "bericht")),
        cancel_url=page_url(paths.work(case.number)),
        title=title,
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number)), (title, None)),
    )


def _show(
    uow: UnitOfWork,
    case: Case,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, list[Text]] | None = None,
    conflict: Conflict | None = None,
    seen: str = "",
) -> ResponseReturnValue:
    """The form: with first values, as it was typed, with what is wrong, or with what the reporters will read."""
    shown = request.form if values is None else values
    state = str(shown.get("state", ""))
    form = BoundForm(
        _schema(case, state),
        data=shown,
        errors=errors or {},
        version=conflict.version if conflict else request.form.get("version", case.version, int),
        conflict={name: value for name, value in conflict.current.items() if name in ("state", "planned_on")} if conflict else None,
    )
    return render_status(
        409 if conflict else 400 if errors else 200,
        "oog_oor/work_move.html",
        case=case,
        form=form,
        fields=[form[name] for name in _names(uow, case, state)],
        seen=seen,
        closes=state in CLOSED,
        ready=_ready(uow, case, state),
        action=page_url(paths.work(case.number, PART)),
        cancel_url=page_url(paths.work(case.number)),
        title=TITLE,
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number)), (TITLE, None)),
    )


def _schema(case: Case, state: str) -> MoveCaseSchema:
    """The form with the states that the case can go to."""
    made = MoveCaseSchema()
    possible = possible_states(case) | ({state} if state in STATES else set())
    options = tuple((code, STATE_LABELS[code]) for code in STATES if code in possible)
    field = made.load_fields["state"]
    field.metadata = {**field.metadata, "options": options, "widget": "select"}
    for name in ("resolution", "text") if state in CLOSED else ("planned_on",) if state == "planned" else ():
        made.load_fields[name].required = True
    return made


def _names(uow: UnitOfWork, case: Case, state: str) -> list[str]:
    """The fields that matter for where it goes; all of them while that is open."""
    names = ["state"]
    if state in CLOSED or not state:
        names.append("resolution")
    if state == "planned" or not state:
        names.append("planned_on")
    names += ["text", "public"]
    if state == "in_progress" and (case.state in CLOSED or case.state == "reopening_requested"):
        names.append("mistake")
    if (state in CLOSED or not state) and open_tasks(uow, case.id):
        names.append("drop_tasks")
    return names


def _first_values(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    state = request.args.get("naar", "")
    values: dict[str, Any] = {
        "state": state if state in possible_states(case) else "",
        "public": case.publication == "full" and not case.confidential,
        "planned_on": case.planned_on,
    }
    if state == "resolved":
        values["resolution"] = "repaired"
    if text := chosen_text(uow, case, state):
        values["text"] = text
    return values


def chosen_text(uow: UnitOfWork, case: Case, state: str) -> str:
    """The text that was chosen to start from, filled in for this case; empty without one."""
    chosen = request.args.get("tekst", "")
    row = next((row for row in _rows(uow, case, state) if str(row.id) == chosen), None) if chosen else None
    if row is None:
        return ""
    values = places_of(uow, case)
    if state == "planned":
        # The day is still to be chosen: it comes in its place when the form is sent.
        del values["gepland"]
    return fill(row.text, values)


def ready_links(uow: UnitOfWork, case: Case, state: str, part: str, lead: Text) -> Text | str:
    """The lead of another form, with the texts that it can start from."""
    ready = _ready(uow, case, state, part)
    return render_part("oog_oor/work_ready.html", lead=lead, ready=ready) if ready else lead


def _ready(uow: UnitOfWork, case: Case, state: str, part: str = PART) -> list[tuple[str, str, bool]]:
    """The texts for this step: name, address of the form with it filled in, and whether it is the one that was chosen."""
    if state not in STATES:
        return []
    url = page_url(paths.work(case.number, part)) + (f"?naar={state}&tekst=" if part == PART else "?tekst=")
    chosen = request.args.get("tekst", "")
    return [(row.name, f"{url}{row.id}", str(row.id) == chosen) for row in _rows(uow, case, state)]


def _rows(uow: UnitOfWork, case: Case, state: str) -> Any:
    if state not in STATES:
        return ()
    category = category_tree(uow).by_id.get(case.category_id)
    above: list[uuid.UUID] = [case.category_id, *([category.parent_id] if category and category.parent_id else [])]
    return ready_texts(uow, state=state, category_ids=above)


def _unfilled(text: str) -> dict[str, list[Text]]:
    wrong = what_stays_unfilled(text)
    return {"text": wrong} if wrong else {}


def places_of(uow: UnitOfWork, case: Case, planned_on: date | None = None) -> dict[str, str]:
    """What comes in the places of a text for this case."""
    category = category_tree(uow).by_id.get(case.category_id)
    values = place_values(uow, case, category.name if category else "", names_of_case(uow, case)[0])
    return values | {"gepland": day_for_reporters(uow, planned_on)} if planned_on is not None else values


def _was_seen(text: str) -> bool:
    """Whether this is what was shown; a browser may send other line ends."""
    return " ".join(request.form.get("gezien", "").split()) == " ".join(text.split())
