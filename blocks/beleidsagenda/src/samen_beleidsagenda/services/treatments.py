"""Papers at points of agendas: why a paper lies there, what came of it, and the one place where it is decided about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.models import AgendaItem, Decision, Document, Treatment
from samen_beleidsagenda.schemas.documents import ChangeTreatment, TreatDocument
from samen_beleidsagenda.services.common import check_version, get_thing, keep_card, locked_thing, log
from samen_beleidsagenda.services.meetings import find_meeting, live_item, require_record, tell_agenda, touch_meeting
from samen_core.api import Conflict, Invalid, NotFound, UnitOfWork, _, uuid7

TREATED = _("Dit stuk ligt voor op een vergadering.")
UNTREATED = _("Dit stuk ligt niet meer voor op een vergadering.")


def treat_document(uow: UnitOfWork, agenda_item_id: uuid.UUID, command: TreatDocument) -> Treatment:
    """Put a paper at a point. The first place of a paper is where it is decided about, until another one is.

    Raises NotFound, Gone, NotAllowed, and Invalid for a paper that lies there already or is not there.
    """
    item = _item(uow, agenda_item_id)
    try:
        document = locked_thing(uow, Document, command.document_id)
    except NotFound:
        raise Invalid({"document_id": [_("Dit stuk is er niet meer.")]}) from None
    treatments = treatments_of_document(uow, document.id)
    if any(other.agenda_item_id == item.id for other in treatments):
        raise Invalid({"document_id": [_("Dit stuk ligt al bij dit punt.")]})
    beside = select(Treatment.position).where(Treatment.agenda_item_id == item.id).order_by(Treatment.position.desc()).limit(1)
    last = uow.session.execute(beside).scalar_one_or_none()
    treatment = Treatment(
        id=uuid7(),
        document_id=document.id,
        agenda_item_id=item.id,
        position=0 if last is None else last + 1,
        role=command.role,
        authoritative=False,
        outcome=command.outcome,
    )
    uow.session.add(treatment)
    _settle(uow, [*treatments, treatment], treatment if command.authoritative or not treatments else None)
    _changed(uow, item, document)
    log(uow, "beleidsagenda.document.treated", document, TREATED, after={"role": treatment.role})
    return treatment


def change_treatment(uow: UnitOfWork, id: uuid.UUID, command: ChangeTreatment) -> Treatment:
    """Say why a paper lies at a point and what came of it. Raises NotFound, Gone, NotAllowed, and Conflict with the values of now.

    Invalid when it would be decided about nowhere: choose the other place instead.
    """
    treatment, item, document = _found(uow, id)
    uow.session.refresh(treatment)
    check_version(treatment, command.version, treatment_values(treatment))
    treatments = treatments_of_document(uow, document.id)
    if treatment.authoritative and not command.authoritative:
        raise Invalid({"authoritative": [_("Er moet één plek zijn waar over het stuk wordt besloten. Kies dat bij die andere plek.")]})
    treatment.role, treatment.outcome = command.role, command.outcome
    _settle(uow, treatments, treatment if command.authoritative else None)
    _changed(uow, item, document)
    return treatment


def treatment_values(treatment: Treatment) -> dict[str, Any]:
    """What its form shows."""
    return {name: getattr(treatment, name) for name in ("role", "authoritative", "outcome", "version")}


def untreat_document(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Take a paper away from a point. Raises NotFound, Gone, NotAllowed, and Conflict when it was decided there."""
    treatment, item, document = _found(uow, id)
    decided = select(Decision.id).where(Decision.treatment_id == id, Decision.state != "deleted").limit(1)
    if uow.session.execute(decided).first() is not None:
        raise Conflict(_("Bij deze behandeling is een besluit vastgelegd. Het stuk blijft daarom bij dit punt."))
    rest = [other for other in treatments_of_document(uow, document.id) if other.id != id]
    uow.session.delete(treatment)
    if treatment.authoritative and rest:
        _settle(uow, rest, rest[-1])
    _changed(uow, item, document)
    log(uow, "beleidsagenda.document.untreated", document, UNTREATED)


def treatments_of_document(uow: UnitOfWork, document_id: uuid.UUID) -> Sequence[Treatment]:
    """Where a paper lies, in the order in which it was put there; also at points that the actor may not see."""
    statement = select(Treatment).where(Treatment.document_id == document_id).order_by(Treatment.id)
    return uow.session.execute(statement).scalars().all()


def treatment_at(uow: UnitOfWork, agenda_item_id: uuid.UUID, id: uuid.UUID) -> Treatment:
    """A treatment at this point, of a paper that the actor may see. Raises NotFound."""
    treatment = uow.session.get(Treatment, id)
    if treatment is None or treatment.agenda_item_id != agenda_item_id:
        raise NotFound
    get_thing(uow, Document, treatment.document_id)
    return treatment


def _item(uow: UnitOfWork, id: uuid.UUID) -> AgendaItem:
    item = live_item(uow, id)
    meeting, _event = find_meeting(uow, item.meeting_id)
    require_record(uow, meeting)
    return item


def _found(uow: UnitOfWork, id: uuid.UUID) -> tuple[Treatment, AgendaItem, Document]:
    treatment = uow.session.get(Treatment, id)
    if treatment is None:
        raise NotFound
    return treatment, _item(uow, treatment.agenda_item_id), locked_thing(uow, Document, treatment.document_id)


def _settle(uow: UnitOfWork, treatments: Sequence[Treatment], chosen: Treatment | None) -> None:
    """Let ``chosen`` be the one place where it is decided, if one was chosen."""
    if chosen is not None:
        for treatment in treatments:
            if treatment.authoritative != (treatment is chosen):
                treatment.authoritative = treatment is chosen
    uow.session.flush()


def _changed(uow: UnitOfWork, item: AgendaItem, document: Document) -> None:
    """Let who mirrors the agenda know: of the point, the paper and the meeting."""
    keep_card(uow, item)
    keep_card(uow, document)
    meeting, _event = find_meeting(uow, item.meeting_id)
    touch_meeting(uow, meeting)
    if item.is_public:
        tell_agenda(uow, meeting)
