"""Motions and amendments: put, changed while they are only put, and what the body did with them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from samen_beleidsagenda.events import MotionChanged
from samen_beleidsagenda.models import Motion
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.schemas.motions import MOVE_LABELS, MoveMotion, SubmitMotion, UpdateMotion
from samen_beleidsagenda.services.common import enter, keep_card, log, require_write, set_confidential, tell, to_change, today
from samen_beleidsagenda.services.follow_up import open_follow_up
from samen_beleidsagenda.services.promise_links import first_state, set_submitters, submitters, tie
from samen_beleidsagenda.services.votes import suggested_result, totals_of
from samen_core.api import Invalid, NotAllowed, Permission, Text, UnitOfWork, _, uuid7


@dataclass(frozen=True, slots=True)
class Move:
    """What can happen to a motion: from which states, to which, who writes it down, and whether it needs a reason."""

    sources: tuple[str, ...]
    target: str
    by: Permission
    reason: bool = False


MOVES: dict[str, Move] = {
    "adopt": Move(("submitted",), "adopted", DECIDE),
    "reject": Move(("submitted",), "rejected", DECIDE),
    "hold": Move(("submitted",), "held", RECORD, reason=True),
    "resume": Move(("held",), "submitted", RECORD),
    "withdraw": Move(("submitted", "held"), "withdrawn", RECORD, reason=True),
}
"""The moves of beleidsagenda.md §3.3: ingediend → aangenomen, verworpen, aangehouden (and back) or ingetrokken."""

FIXED = ("kind", "type", "title", "text", "amends_id")
"""What cannot change any more once a body did something with the motion."""
PUT = _("De motie is ingediend.")
CHANGED = _("De gegevens van de motie zijn bijgewerkt.")
SENTENCES: dict[str, Text] = {
    "adopt": _("De motie is aangenomen."),
    "reject": _("De motie is verworpen."),
    "hold": _("De motie is aangehouden."),
    "resume": _("De motie is weer in behandeling."),
    "withdraw": _("De motie is ingetrokken."),
}
AMENDMENT_SENTENCES: dict[str, Text] = {
    "put": _("Het amendement is ingediend."),
    "adopt": _("Het amendement is aangenomen."),
    "reject": _("Het amendement is verworpen."),
    "hold": _("Het amendement is aangehouden."),
    "resume": _("Het amendement is weer in behandeling."),
    "withdraw": _("Het amendement is ingetrokken."),
}
_NO_PROPOSAL = _("Kies het voorstel dat het amendement verandert.")


def submit_motion(uow: UnitOfWork, command: SubmitMotion) -> Motion:
    """Write down a motion or amendment. Raises NotAllowed, and Invalid for what does not exist or an amendment of nothing."""
    errors = {"amends_id": [_NO_PROPOSAL]} if command.kind == "amendment" and command.amends_id is None else {}
    tied = tie(uow, command, **errors)
    motion = Motion(
        id=uuid7(),
        kind=command.kind,
        type=command.type,
        number=command.number,
        title=command.title,
        text=command.text,
        status="submitted",
        submitted_on=command.submitted_on,
        body_id=command.body_id,
        dossier_id=tied.dossier_id,
        agenda_item_id=tied.agenda_item_id,
        amends_id=command.amends_id,
        holder_id=command.holder_id,
        confidential=command.confidential or tied.confidential,
    )
    motion.state = first_state(uow, motion, publish=command.publish)
    enter(uow, motion)
    set_submitters(uow, motion.id, command.group_ids, command.person_ids)
    uow.session.flush()
    log(uow, "beleidsagenda.motion.submitted", motion, AMENDMENT_SENTENCES["put"] if motion.kind == "amendment" else PUT)
    tell(uow, MotionChanged, motion)
    return motion


def update_motion(uow: UnitOfWork, id: uuid.UUID, command: UpdateMotion) -> Motion:
    """Replace what is known of a motion. Raises NotFound, NotAllowed, Conflict, and Invalid for a text that is fixed by now."""
    motion = to_change(uow, Motion, id, command.version, lambda found: motion_values(uow, found))
    current = motion_values(uow, motion)
    put_by = (command.group_ids, command.person_ids) != (current["group_ids"], current["person_ids"])
    if motion.status != "submitted":
        fixed = _("Dit kan alleen veranderen zolang de motie is ingediend en er nog niets over is besloten.")
        errors = {name: [fixed] for name in FIXED if getattr(command, name) != getattr(motion, name)}
        if put_by:
            errors["group_ids"] = [fixed]
        if errors:
            raise Invalid(errors)
    errors = {"amends_id": [_NO_PROPOSAL]} if command.kind == "amendment" and command.amends_id is None else {}
    tied = tie(uow, command, motion, **errors)
    set_confidential(uow, motion, command.confidential or tied.confidential)
    for name in (*FIXED, "number", "submitted_on", "holder_id"):
        setattr(motion, name, getattr(command, name))
    motion.dossier_id, motion.agenda_item_id = tied.dossier_id, tied.agenda_item_id
    if put_by:
        set_submitters(uow, motion.id, command.group_ids, command.person_ids)
    keep_card(uow, motion)
    log(uow, "beleidsagenda.motion.updated", motion, CHANGED)
    tell(uow, MotionChanged, motion)
    return motion


def move_motion(uow: UnitOfWork, id: uuid.UUID, command: MoveMotion) -> Motion:
    """Write down what happened to a motion: a move of ``MOVES``. An adopted motion gets a follow-up; an amendment needs none.

    The result follows from the votes where they are written down; the clerk confirms it, or says why it is another one.
    Raises NotFound, NotAllowed, Conflict, and Invalid for a move that cannot be made now or lacks its reason.
    """
    motion = to_change(uow, Motion, id, command.version)
    move = MOVES.get(command.move)
    if move is None or motion.status not in move.sources:
        raise Invalid({"move": [_("Dit kan nu niet: bekijk eerst hoe de motie ervoor staat.")]})
    require_write(uow, motion, move.by)
    reason = command.reason.strip()
    if move.reason and not reason:
        raise Invalid({"reason": [_("Vul de reden in. Iedereen kan die lezen.")]})
    if move.by is DECIDE and not reason and suggested_result(totals_of(uow, motion.id)) not in (None, move.target):
        raise Invalid({"reason": [_("Volgens de stemmen is de uitkomst anders. Leg uit waarom, of pas de stemmen aan.")]})
    tie(uow, command)
    before, motion.status = motion.status, move.target
    motion.holder_id = command.holder_id or motion.holder_id
    if move.target == "adopted" and motion.kind == "motion":
        open_follow_up(uow, motion, command.due_date)
    keep_card(uow, motion)
    sentences = AMENDMENT_SENTENCES if motion.kind == "amendment" else SENTENCES
    values = {"before": {"status": before}, "after": {"status": motion.status}}
    log(uow, f"beleidsagenda.motion.{motion.status}", motion, sentences[command.move], reason=reason, **values)
    tell(uow, MotionChanged, motion)
    return motion


def possible_moves(uow: UnitOfWork, motion: Motion) -> list[tuple[str, Text]]:
    """The moves that the actor may make now, with their words."""
    found = []
    for name, move in MOVES.items():
        try:
            require_write(uow, motion, move.by)
        except NotAllowed:
            continue
        if motion.status in move.sources:
            found.append((name, MOVE_LABELS[name]))
    return found


def motion_values(uow: UnitOfWork, motion: Motion) -> dict[str, Any]:
    """The values of a motion for its form."""
    names = (*FIXED, "number", "submitted_on", "body_id", "dossier_id", "agenda_item_id", "holder_id", "confidential", "version")
    groups, persons = submitters(uow, motion.id)
    return {**{name: getattr(motion, name) for name in names}, "group_ids": groups, "person_ids": persons}


def new_motion_values(uow: UnitOfWork) -> dict[str, Any]:
    """The first values of the form of a new motion."""
    return {"kind": "motion", "type": "proposal", "submitted_on": today(uow)}
