"""The steps by which a promise is kept: their forms, for commitments and adopted motions alike."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import OPEN_STATES, Commitment, Motion
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.schemas.follow_up import STEP_LABELS, MoveDueDate, MoveDueDateSchema, MoveFollowUp, MoveFollowUpSchema
from samen_beleidsagenda.services.common import get_thing, may_write, require_write
from samen_beleidsagenda.services.follow_up import STEPS, Promise, move_due_date, move_follow_up, possible_steps
from samen_beleidsagenda.services.kinds import kind_of
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.promise_parts import Act, document_choices, point_choices
from samen_core.api import NotFound, Text, UnitOfWork, _, format_date
from samen_core.web.api import current_uow, page_url

KINDS: dict[str, type[Commitment] | type[Motion]] = {"toezeggingen": Commitment, "moties": Motion}
CODES = {
    "beginnen": "start",
    "afdoening": "propose",
    "afdoen": "agree",
    "terug": "send_back",
    "niet-uitgevoerd": "not_carried_out",
    "vervallen": "lapse",
}
"""The steps as addresses name them."""
FIELDS: dict[str, tuple[str, ...]] = {
    "start": ("note",),
    "propose": ("note", "document_id"),
    "agree": ("agenda_item_id",),
    "send_back": ("reason",),
    "not_carried_out": ("reason", "document_id"),
    "lapse": ("reason",),
}
"""What the form of each step asks."""
ICONS = {
    "start": "play",
    "propose": "clipboard-check",
    "agree": "circle-check",
    "send_back": "undo-2",
    "not_carried_out": "ban",
    "lapse": "x",
}
DUE_TITLE = _("Andere dag kiezen")
_LEADS: dict[str, Text] = {
    "propose": _("De raad beslist daarna of dit is afgedaan. Schrijf op hoe het is uitgevoerd."),
    "not_carried_out": _("Iedereen kan lezen dat dit niet wordt uitgevoerd, en waarom."),
}


def follow_up_acts(uow: UnitOfWork, thing: Promise) -> list[Act]:
    """What the actor can do to bring a promise further."""
    if thing.follow_up not in OPEN_STATES or not may_write(uow, thing):
        return []
    parts = {code: part for part, code in CODES.items()}
    there = kind_of(thing).path(thing)
    found = [Act(label, page_url(f"{there}/opvolging/{parts[code]}"), ICONS[code]) for code, label in possible_steps(uow, thing)]
    return [*found, Act(DUE_TITLE, page_url(f"{there}/datum"), "calendar-days")]


@pages.route(f"{paths.PROMISES}/<any(toezeggingen,moties):kind>/<uuid:id>/opvolging/<step>", permission=RECORD, methods=["GET", "POST"])
def follow_up_step(kind: str, id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Take a step."""
    uow = current_uow()
    if step not in CODES:
        raise NotFound
    code, model = CODES[step], KINDS[kind]
    thing = _editable(uow, model, id)
    require_write(uow, thing, STEPS[code].by)
    there = kind_of(thing).path(thing)
    page = FormPage(
        title=STEP_LABELS[code],
        lead=_LEADS.get(code, ""),
        submit=_("Leg vast"),
        done=STEPS[code].sentence,
        path=f"{there}/opvolging/{step}",
        back=there,
        trail=_trail(thing, there, STEP_LABELS[code]),
    )

    def write(command: MoveFollowUp) -> str:
        move_follow_up(uow, model, id, command)
        return there

    options: dict[str, Any] = {}
    if "agenda_item_id" in FIELDS[code]:
        options["agenda_item_id"] = point_choices(uow)
    if "document_id" in FIELDS[code]:
        options["document_id"] = document_choices(uow)
    values = {"step": code, "note": thing.follow_up_note, "version": thing.version}
    sections = (Section(_("Over: {title}", title=thing.title), (*FIELDS[code], "step")),)
    return form_page(uow, page, FormSpec(MoveFollowUpSchema), sections, write, values=values, options=options)


@pages.route(f"{paths.PROMISES}/<any(toezeggingen,moties):kind>/<uuid:id>/datum", permission=RECORD, methods=["GET", "POST"])
def follow_up_due(kind: str, id: uuid.UUID) -> ResponseReturnValue:
    """Give a promise another day."""
    uow = current_uow()
    model = KINDS[kind]
    thing = _editable(uow, model, id)
    there = kind_of(thing).path(thing)
    page = FormPage(
        title=DUE_TITLE,
        lead=_("Nu: {day}. De oude dag blijft zichtbaar.", day=format_date(thing.due_date)) if thing.due_date else "",
        submit=_("Bewaar de nieuwe dag"),
        done=_("De nieuwe dag is bewaard. De oude staat er nog bij."),
        path=f"{there}/datum",
        back=there,
        trail=_trail(thing, there, DUE_TITLE),
    )

    def write(command: MoveDueDate) -> str:
        move_due_date(uow, model, id, command)
        return there

    sections = (Section(_("Over: {title}", title=thing.title), ("due_date", "reason")),)
    values = {"due_date": thing.due_date, "version": thing.version}
    return form_page(uow, page, FormSpec(MoveDueDateSchema), sections, write, values=values)


def _editable(uow: UnitOfWork, model: type[Promise], id: uuid.UUID) -> Promise:
    thing: Promise = get_thing(uow, model, id)
    require_write(uow, thing)
    return thing


def _trail(thing: Promise, there: str, last: Text) -> tuple[tuple[Text | str, str | None], ...]:
    return ((LABEL, paths.HOME), (_("Toezeggingen en moties"), paths.PROMISES), (thing.title, there), (last, None))
