"""Gates of the city itself: who has the role that a gate names ticks it, per table and cycle."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import Conflict, Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, attach_files
from samen_samenspreker.events import GateTicked, GateUnticked
from samen_samenspreker.models import Gate, GateTick, Question
from samen_samenspreker.permissions import DEFINE_PROCESS, MOVE
from samen_samenspreker.schemas.steps import TickGate, UntickGate
from samen_samenspreker.services.common import locked_question, log, my_seats, require_active

OTHER_CYCLE = _("De vraag is intussen aan een nieuwe keer begonnen. Kijk of de controle nog klopt.")


def tick(uow: UnitOfWork, id: uuid.UUID, gate_id: uuid.UUID, command: TickGate) -> GateTick:
    """Say that a check was done. Raises NotFound, NotAllowed, Gone, Invalid (no document), Conflict (ticked already, another cycle)."""
    question, gate = _found(uow, id, gate_id)
    _check_cycle(question, command.cycle)
    if uow.session.get(GateTick, (gate.id, question.id, question.cycle)) is not None:
        raise Conflict(_("Iemand anders heeft deze controle al afgevinkt."))
    if gate.needs_document and command.document is None:
        raise Invalid({"document": [_("Voeg het document van deze controle toe.")]})
    if command.document is not None:
        attach_files(uow, [command.document], question.id, "document")
    made = GateTick(
        gate_id=gate.id,
        question_id=question.id,
        cycle=question.cycle,
        note=command.note,
        file_id=command.document.id if command.document else None,
        account_id=uow.actor.account_id,
        at=uow.now,
    )
    uow.session.add(made)
    uow.session.flush()
    line = _("Controle gedaan: “{title}”.", title=gate.title)
    log(uow, GateTicked, question, line, thing=gate.id, after={"gate": gate.id, "title": gate.title}, reason=command.note)
    return made


def untick(uow: UnitOfWork, id: uuid.UUID, gate_id: uuid.UUID, command: UntickGate) -> None:
    """Take a tick back. Raises NotFound (also for one that is not there), NotAllowed, Gone and Conflict (another cycle)."""
    question, gate = _found(uow, id, gate_id)
    _check_cycle(question, command.cycle)
    there = uow.session.get(GateTick, (gate.id, question.id, question.cycle))
    if there is None:
        raise NotFound
    uow.session.delete(there)
    uow.session.flush()
    line = _("Vinkje weggehaald bij “{title}”.", title=gate.title)
    log(uow, GateUnticked, question, line, thing=gate.id, after={"gate": gate.id, "title": gate.title}, reason=command.reason)


def may_tick(uow: UnitOfWork, question: Question, role: str, seat_roles: frozenset[str]) -> bool:
    """Whether the actor may tick a gate of this role: by a grant on the table or the city, or by a seat; who sets up the process always."""
    actor = uow.actor
    mine = actor.has_role(role, question.id) or role in seat_roles or DEFINE_PROCESS.allows(actor, question.id)
    return mine and MOVE.allows(actor, question.id)


def _found(uow: UnitOfWork, id: uuid.UUID, gate_id: uuid.UUID) -> tuple[Question, Gate]:
    question = locked_question(uow, id)
    gate = uow.session.execute(select(Gate).where(Gate.id == gate_id, Gate.active)).scalar_one_or_none()
    if gate is None:
        raise NotFound
    require_active(question, gate.step)
    if not may_tick(uow, question, gate.role, frozenset(seat.role for seat in my_seats(uow, question.id))):
        raise NotAllowed(_NOT_YOURS, log_in=uow.actor.is_anonymous)
    return question, gate


_NOT_YOURS: Text = _("Deze controle doet iemand met een andere rol.")


def _check_cycle(question: Question, cycle: int) -> None:
    if question.cycle != cycle:
        raise Conflict(OTHER_CYCLE, current={"cycle": question.cycle}, version=question.cycle)
