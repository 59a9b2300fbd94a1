"""Decisions of bodies: written down once, replaced by a newer one and never edited after they are public."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.events import DecisionMade
from samen_beleidsagenda.models import (
    COMING_STATUSES,
    AgendaItem,
    Body,
    Decision,
    DocumentDossier,
    Dossier,
    Meeting,
    ParticipationLink,
    PlanningItem,
    Treatment,
)
from samen_beleidsagenda.permissions import APPROVE, DECIDE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.decisions import ChangeDecision, RecordDecision
from samen_beleidsagenda.schemas.planning import Treat
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import (
    check_version,
    dossier_of,
    enter,
    get_thing,
    is_public,
    keep_card,
    locked_thing,
    log,
    may_see,
    refs,
    require_write,
    set_confidential,
)
from samen_beleidsagenda.services.planning import treat
from samen_beleidsagenda.services.taking_back import resume_moment
from samen_core.api import Conflict, Invalid, NotFound, Subject, SubjectRef, Text, UnitOfWork, _

WORDS = ("title", "result", "decided_on", "text", "reasons", "participation", "effective_on")
PLACES = ("body_id", "agenda_item_id", "treatment_id", "planning_item_id", "dossier_id")

RECORDED = _("Dit besluit is vastgelegd.")
CHANGED = _("Het concept van dit besluit is veranderd.")
REPLACED = _("Dit besluit is vervangen door een nieuw besluit.")
PUBLIC_STAYS = _("Een openbaar besluit verandert niet meer. Leg een nieuw besluit vast dat het vervangt.")
GONE: dict[str, Text] = {
    "body_id": _("Dit orgaan staat niet op de beleidsagenda."),
    "agenda_item_id": _("Dit agendapunt is er niet meer."),
    "treatment_id": _("Dit stuk ligt niet bij dit punt."),
    "planning_item_id": _("Dit moment is er niet meer."),
    "dossier_id": _("Dit dossier is er niet meer."),
}


def record_decision(uow: UnitOfWork, command: RecordDecision) -> Decision:
    """Write down what a body decided, public at once or as a draft. The planned moment is treated, and everybody concerned is told.

    Raises NotAllowed and Invalid.
    """
    return _record(uow, command, None)


def replace_decision(uow: UnitOfWork, id: uuid.UUID, command: RecordDecision) -> Decision:
    """Write down the decision that takes the place of a public one; what it does not say it has from that one.

    Raises NotFound, NotAllowed, Invalid for one that is no longer in force or was never public, and Conflict when it was replaced already.
    """
    old = locked_thing(uow, Decision, id)
    DECIDE.require(uow.actor, id, scopes=(old.body_id,))
    if old.state != "published":
        raise Invalid(_("Dit besluit is nog niet openbaar. Verander het concept."))
    if replaced_by(uow, id) is not None:
        raise Conflict(_("Dit besluit is al vervangen. Vervang het nieuwste besluit."))
    return _record(uow, command, old)


def change_decision(uow: UnitOfWork, id: uuid.UUID, command: ChangeDecision) -> Decision:
    """Replace the words of a draft. Raises NotFound, NotAllowed, Conflict, and Invalid for one that is public."""
    decision = _draft(uow, id, command.version)
    places = {"dossier_id": command.dossier_id, "planning_item_id": command.planning_item_id}
    _check_places(uow, places, decision.body_id, (decision.dossier_id, decision.planning_item_id))
    set_confidential(uow, decision, command.confidential)
    for name in WORDS:
        setattr(decision, name, getattr(command, name))
    decision.dossier_id, decision.planning_item_id = command.dossier_id, command.planning_item_id
    keep_card(uow, decision)
    log(uow, "beleidsagenda.body_decision.changed", decision, CHANGED, after={"title": decision.title})
    return decision


def publish_decision(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Decision:
    """Make a draft public, with everything that follows. Raises as :func:`samen_beleidsagenda.services.approval.publish`."""
    decision = locked_thing(uow, Decision, id)
    require_write(uow, decision, APPROVE)
    check_version(decision, command.version)
    if decision.state not in ("draft", "submitted"):
        raise Invalid(_("Dit kan niet meer: het is intussen veranderd. Bekijk de pagina opnieuw."))
    decision.state, decision.published_at = "published", uow.now
    keep_card(uow, decision)
    log(uow, "beleidsagenda.body_decision.published", decision, approval.PUBLISHED, after={"state": decision.state})
    _made(uow, decision)
    return decision


def remove_decision(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> None:
    """Take a decision away that should not be there; what it replaced holds again, and what was planned is to come again.

    Raises as approval's ``remove``, and Conflict.
    """
    if replaced_by(uow, id) is not None:
        raise Conflict(_("Dit besluit is vervangen. Haal eerst het nieuwere besluit weg."))
    decision = approval.remove(uow, Decision, id, command)
    if decision.replaces_id is not None:
        old = uow.session.get_one(Decision, decision.replaces_id)
        decision.replaces_id = None
        keep_card(uow, old)
    elif decision.published_at is not None and decision.planning_item_id is not None:
        _expect_again(uow, decision.planning_item_id, command.reason)


def replaced_by(uow: UnitOfWork, id: uuid.UUID) -> uuid.UUID | None:
    """The decision that takes the place of this one, or is written to do so."""
    return uow.session.execute(select(Decision.id).where(Decision.replaces_id == id)).scalar_one_or_none()


def decision_values(decision: Decision) -> dict[str, Any]:
    """What the forms show."""
    return {name: getattr(decision, name) for name in (*WORDS, *PLACES, "confidential", "version")}


def _record(uow: UnitOfWork, command: RecordDecision, old: Decision | None) -> Decision:
    places = _places(uow, command, old)
    decision = Decision(
        state="published" if command.publish else "draft",
        confidential=command.confidential,
        replaces_id=old.id if old is not None else None,
        **places,
        **{name: getattr(command, name) for name in WORDS},
    )
    DECIDE.require(uow.actor, scopes=(places["body_id"],))
    if command.publish:
        APPROVE.require(uow.actor, scopes=(places["body_id"],))
    enter(uow, decision, DECIDE)
    uow.session.flush()
    log(uow, "beleidsagenda.body_decision.recorded", decision, RECORDED, after={"title": decision.title, "result": decision.result})
    if command.publish:
        _made(uow, decision)
    return decision


def _made(uow: UnitOfWork, decision: Decision) -> None:
    """What follows a decision: the planned moment was there, the old decision says what holds now, and everybody concerned is told."""
    _treat_planned(uow, decision)
    if decision.replaces_id is not None:
        old = uow.session.get_one(Decision, decision.replaces_id)
        keep_card(uow, old)
        if is_public(uow, decision):
            log(uow, "beleidsagenda.body_decision.replaced", old, REPLACED, after={"by": decision.id})
    if is_public(uow, decision):
        dossier = dossier_of(uow, decision)
        known = dossier is not None and dossier.is_public
        about = (*refs(uow, decision), SubjectRef("organization", decision.body_id), *(_had_say(uow, decision) if known else ()))
        uow.publish(
            DecisionMade(thing_id=decision.id, dossier_id=decision.dossier_id if known else None, about=tuple(dict.fromkeys(about)))
        )


def _treat_planned(uow: UnitOfWork, decision: Decision) -> None:
    """Set what was planned to treated: the moment that the decision names, else the decision that was planned at its point."""
    statement = select(PlanningItem).where(PlanningItem.status.in_(COMING_STATUSES), PlanningItem.state != "deleted")
    if decision.planning_item_id is not None:
        statement = statement.where(PlanningItem.id == decision.planning_item_id)
    elif decision.agenda_item_id is not None:
        statement = statement.where(PlanningItem.agenda_item_id == decision.agenda_item_id, PlanningItem.kind == "decision")
    else:
        return
    for item in uow.session.execute(statement.order_by(PlanningItem.id)).scalars().all():
        if decision.planning_item_id is None:
            decision.planning_item_id = item.id
        treat(uow, item.id, Treat(version=item.version))
    uow.session.flush()


def _expect_again(uow: UnitOfWork, moment_id: uuid.UUID, reason: str) -> None:
    """Let the moment at which was decided be coming again, unless another decision was made at it."""
    others = select(Decision.id).where(Decision.planning_item_id == moment_id, Decision.state == "published").limit(1)
    moment = uow.session.get_one(PlanningItem, moment_id)
    if moment.kind == "decision" and moment.status == "treated" and uow.session.execute(others).first() is None:
        status = "scheduled" if moment.agenda_item_id is not None else "planned"
        resume_moment(uow, moment_id, Approve(version=moment.version, reason=reason), status)


def _had_say(uow: UnitOfWork, decision: Decision) -> list[SubjectRef]:
    """The public things at which people had their say on the dossier: their blocks tell them what was decided."""
    statement = (
        select(Subject.type, Subject.id)
        .join(ParticipationLink, ParticipationLink.subject_id == Subject.id)
        .where(ParticipationLink.dossier_id == decision.dossier_id, Subject.public, Subject.state == "active")
        .order_by(Subject.id)
    )
    return [SubjectRef(row.type, row.id) for row in uow.session.execute(statement)]


def _places(uow: UnitOfWork, command: RecordDecision, old: Decision | None) -> dict[str, uuid.UUID]:
    """Body, point, treatment, moment and dossier: as they were said, else as one tells of the other, else as they were. Raises Invalid."""
    found: dict[str, Any] = {name: getattr(command, name) for name in PLACES}
    treatment = uow.session.get(Treatment, command.treatment_id) if command.treatment_id else None
    if treatment is not None:
        found["agenda_item_id"] = found["agenda_item_id"] or treatment.agenda_item_id
        found["dossier_id"] = found["dossier_id"] or _only_dossier(uow, treatment.document_id)
    _check_places(uow, found, None)
    if (treatment is None and found["treatment_id"]) or (treatment is not None and treatment.agenda_item_id != found["agenda_item_id"]):
        raise Invalid({"treatment_id": [GONE["treatment_id"]]})
    if found["agenda_item_id"]:
        item = uow.session.get_one(AgendaItem, found["agenda_item_id"])
        meeting = uow.session.get_one(Meeting, item.meeting_id)
        if found["body_id"] not in (None, meeting.body_id):
            raise Invalid({"body_id": [_("Dit agendapunt is van een ander orgaan.")]})
        found["body_id"], found["dossier_id"] = meeting.body_id, found["dossier_id"] or item.dossier_id
    if found["planning_item_id"]:
        planned = uow.session.get_one(PlanningItem, found["planning_item_id"])
        found["body_id"], found["dossier_id"] = found["body_id"] or planned.body_id, found["dossier_id"] or planned.dossier_id
    if old is not None:
        found["body_id"], found["dossier_id"] = found["body_id"] or old.body_id, found["dossier_id"] or old.dossier_id
    if found["body_id"] is None:
        raise Invalid({"body_id": [_("Kies welk orgaan besloot.")]})
    return found


def _check_places(uow: UnitOfWork, places: dict[str, Any], body_id: uuid.UUID | None, already: tuple[uuid.UUID | None, ...] = ()) -> None:
    """Raise Invalid for what a decision names and the actor cannot see."""
    errors: dict[str, list[Text]] = {}
    for name, model in (("agenda_item_id", AgendaItem), ("planning_item_id", PlanningItem), ("dossier_id", Dossier)):
        id = places.get(name)
        if id is None or id in already:
            continue
        try:
            get_thing(uow, model, id)
        except NotFound:
            errors[name] = [GONE[name]]
    body = places.get("body_id", body_id)
    if body is not None and uow.session.get(Body, body) is None:
        errors["body_id"] = [GONE["body_id"]]
    if errors:
        raise Invalid(errors)


def _only_dossier(uow: UnitOfWork, document_id: uuid.UUID) -> uuid.UUID | None:
    """The dossier of a paper, when it belongs to one and the actor may see that."""
    ids = uow.session.execute(select(DocumentDossier.dossier_id).where(DocumentDossier.document_id == document_id).limit(2)).scalars().all()
    dossier = uow.session.get(Dossier, ids[0]) if len(ids) == 1 else None
    return dossier.id if dossier is not None and may_see(uow, dossier) else None


def _draft(uow: UnitOfWork, id: uuid.UUID, version: int) -> Decision:
    decision = locked_thing(uow, Decision, id)
    DECIDE.require(uow.actor, id, scopes=(decision.body_id,))
    check_version(decision, version, decision_values(decision))
    if decision.state == "published":
        raise Invalid(PUBLIC_STAYS)
    return decision
