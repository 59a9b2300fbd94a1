"""What becomes of commitments and adopted motions: the one table of steps, each step kept, and days that never get lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from samen_beleidsagenda.events import PromiseChanged
from samen_beleidsagenda.models import OPEN_STATES, AgendaItem, Commitment, FollowUpStep, Motion
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.schemas.follow_up import STEP_LABELS, AgreeMany, MoveDueDate, MoveFollowUp
from samen_beleidsagenda.services.common import keep_card, log, require_reason, require_write, tell, to_change
from samen_beleidsagenda.services.kinds import kind_of
from samen_beleidsagenda.services.promise_links import tie
from samen_core.api import Conflict, Invalid, NotAllowed, NotFound, Permission, Text, UnitOfWork, _, n_, uuid7

Promise = Commitment | Motion
MODELS: dict[str, type[Commitment] | type[Motion]] = {"commitment": Commitment, "motion": Motion}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a follow-up: from which states, to which, who takes it, what it cannot do without, and what the logbook says."""

    sources: tuple[str, ...]
    target: str
    by: Permission
    sentence: Text
    needs: tuple[str, ...] = ()


STEPS: dict[str, Step] = {
    "start": Step(("open",), "in_progress", RECORD, _("De uitvoering is begonnen.")),
    "propose": Step(("in_progress",), "settlement_proposed", RECORD, _("Voorgesteld is om dit af te doen."), ("note",)),
    "agree": Step(("settlement_proposed",), "settled", DECIDE, _("De raad stemt in: dit is afgedaan."), ("agenda_item_id",)),
    "send_back": Step(("settlement_proposed",), "in_progress", DECIDE, _("De raad stemt nog niet in met de afdoening."), ("reason",)),
    "not_carried_out": Step(OPEN_STATES, "not_carried_out", RECORD, _("Dit wordt niet uitgevoerd."), ("reason",)),
    "lapse": Step(OPEN_STATES, "lapsed", RECORD, _("Dit is vervallen."), ("reason",)),
}
"""The steps of beleidsagenda.md §3.3; only the council's agreement settles."""

DUE_MOVED = _("De dag waarop dit klaar moet zijn, is verzet.")
_MISSING: dict[str, Text] = {
    "note": _("Schrijf op hoe dit is uitgevoerd, of kies een stuk."),
    "agenda_item_id": _("Kies het agendapunt waarbij de raad instemde."),
    "reason": _("Vul de reden in. Iedereen kan die lezen."),
}


def open_follow_up(uow: UnitOfWork, thing: Promise, due_date: date | None) -> None:
    """Begin the follow-up of a new commitment or a motion that was adopted."""
    thing.follow_up, thing.due_date = "open", due_date
    _keep_step(uow, thing, None, None, "")


def move_follow_up(uow: UnitOfWork, model: type[Promise], id: uuid.UUID, command: MoveFollowUp) -> Promise:
    """Take a step of ``STEPS``.

    Raises NotFound, NotAllowed, Conflict, and Invalid for a step that cannot be taken now, or that lacks what it needs.
    """
    thing: Promise = to_change(uow, model, id, command.version)
    step = STEPS.get(command.step)
    if step is None or thing.follow_up not in step.sources:
        raise Invalid({"step": [_("Dit kan nu niet: bekijk eerst hoe het ervoor staat.")]})
    require_write(uow, thing, step.by)
    given = {
        "note": command.note.strip() or command.document_id,
        "agenda_item_id": command.agenda_item_id,
        "reason": command.reason.strip(),
    }
    tie(uow, command, **{name: [_MISSING[name]] for name in step.needs if not given[name]})
    before, due = thing.follow_up, thing.due_date
    thing.follow_up = step.target
    thing.follow_up_note = command.note.strip() or thing.follow_up_note
    thing.answer_document_id = command.document_id or thing.answer_document_id
    reason, papers = command.reason.strip(), {"agenda_item_id": command.agenda_item_id, "document_id": command.document_id}
    _keep_step(uow, thing, before, due, reason, **papers)
    keep_card(uow, thing)
    values = {"before": {"follow_up": before}, "after": {"follow_up": thing.follow_up}}
    log(uow, f"beleidsagenda.{kind_of(thing).name}.{thing.follow_up}", thing, step.sentence, reason=reason, **values)
    tell(uow, PromiseChanged, thing)
    return thing


def move_due_date(uow: UnitOfWork, model: type[Promise], id: uuid.UUID, command: MoveDueDate) -> Promise:
    """Give a promise another day; the step keeps the old one with the reason.

    Raises NotFound, NotAllowed, Conflict, and Invalid without reason, for the same day, and when it is closed.
    """
    thing: Promise = to_change(uow, model, id, command.version, lambda found: {"due_date": found.due_date, "version": found.version})
    if thing.follow_up not in OPEN_STATES:
        raise Invalid(_("Dit is al afgerond: de dag kan niet meer veranderen."))
    reason = require_reason(command.reason)
    if command.due_date == thing.due_date:
        raise Invalid({"due_date": [_("Dit is de dag die al geldt.")]})
    before, thing.due_date = thing.due_date, command.due_date
    _keep_step(uow, thing, thing.follow_up, before, reason)
    keep_card(uow, thing)
    action, after = f"beleidsagenda.{kind_of(thing).name}.due_date_moved", {"due_date": command.due_date}
    log(uow, action, thing, DUE_MOVED, before={"due_date": before}, after=after, reason=reason)
    tell(uow, PromiseChanged, thing)
    return thing


def agree_many(uow: UnitOfWork, command: AgreeMany) -> int:
    """The council agrees with several proposals to settle at one point: all of them or, when one changed meanwhile, none.

    Gives how many. Raises NotFound, NotAllowed, and Invalid that says how many changed since the page was read.
    """
    changed = 0
    if uow.session.get(AgendaItem, command.agenda_item_id) is None:
        raise Invalid({"agenda_item_id": [_MISSING["agenda_item_id"]]})
    for item in command.items:
        type, id, version = item.split(":")
        step = MoveFollowUp(step="agree", version=int(version), agenda_item_id=command.agenda_item_id)
        try:
            move_follow_up(uow, MODELS[type], uuid.UUID(id), step)
        except (Conflict, NotFound):
            changed += 1
        except Invalid as error:
            if "step" not in error.errors:
                raise
            changed += 1
        except ValueError:
            changed += 1
    if changed:
        text = n_(
            "{n} voorstel is intussen veranderd. Er is niets afgedaan: bekijk de lijst opnieuw.",
            "{n} voorstellen zijn intussen veranderd. Er is niets afgedaan: bekijk de lijst opnieuw.",
            changed,
        )
        raise Invalid({"items": [text]})
    return len(command.items)


def possible_steps(uow: UnitOfWork, thing: Promise) -> list[tuple[str, Text]]:
    """The steps that the actor may take now, with their words."""
    found = []
    for name, step in STEPS.items():
        try:
            require_write(uow, thing, step.by)
        except NotAllowed:
            continue
        if thing.follow_up in step.sources:
            found.append((name, STEP_LABELS[name]))
    return found


def _keep_step(uow: UnitOfWork, thing: Promise, before: str | None, due_date: date | None, reason: str, **papers: uuid.UUID | None) -> None:
    """Keep a step; ``papers`` are the point of an agenda and the document that belong to it."""
    values = {"subject_id": thing.id, "before": before, "after": thing.follow_up, "due_date": due_date, "reason": reason}
    uow.session.add(FollowUpStep(id=uuid7(), at=uow.now, **values, **papers))
