"""Publishing a plan, finishing it, taking it back: what each asks, and what follows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from samen_core.api import Invalid, SubjectRef, Text, UnitOfWork, _, update_card
from samen_doe_mee.events.plans import PlanFinished, PlanPublished, PlanWithdrawn
from samen_doe_mee.models import Activity, Plan, Round
from samen_doe_mee.plan_steps import ROUNDS, STEP_OF
from samen_doe_mee.schemas.plans import PlanVersion, WithdrawPlan
from samen_doe_mee.services.activities import plan_became_public, plan_was_withdrawn
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.kinds import PLAN, ROUND, plan_card, round_card
from samen_doe_mee.services.plan_cards import keep_part_cards
from samen_doe_mee.services.plans import plan_to_work_at, tell_plan
from samen_doe_mee.services.rounds import require_running, rounds_of, rounds_with_activities

LEADS = ("lead",)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that publication asks and that is not there: the field, the step to mend it in, and what to do."""

    field: str
    step: str
    text: Text


REQUIRED: dict[str, Text] = {
    "summary": _("Schrijf in één of twee zinnen wat het plan is."),
    "about": _("Schrijf waar het over gaat."),
    "fixed": _("Schrijf wat vaststaat."),
    "open": _("Schrijf wat er nog kan veranderen."),
    "goals": _("Kies minstens één doel en schrijf waarom."),
    "scale": _("Kies voor welk gebied het plan belangrijk is."),
    "participants": _("Schrijf wie u vraagt en hoe u hen bereikt, bij minstens één groep."),
    "decided_by": _("Schrijf wie beslist, en wanneer."),
    "approach": _("Schrijf hoe u het aanpakt."),
}
"""What publication asks, by field, in words for who left it out."""


def lacking_texts(plan: Plan) -> list[Lack]:
    """What the texts of a plan still need before publication, in the order of the steps."""
    found = []
    for name, text in REQUIRED.items():
        if not (getattr(plan, name) if hasattr(plan, name) else plan.proposal.get(name)):
            found.append(_lack(name, text))
    if plan.proposal.get("scale") in ("wijk", "buurt") and plan.area_id is None:
        found.append(_lack("area_id", _("Kies om welke wijk of buurt het gaat.")))
    if plan.form == "inspraak" and not plan.objection_text:
        found.append(_lack("objection_text", _("Leg uit waar en tot wanneer mensen bezwaar kunnen maken.")))
    if not (plan.proposal.get("methods_online") or plan.proposal.get("methods_offline")):
        found.append(_lack("methods_online", _("Schrijf wat u online doet, of wat u op straat of in een zaal doet.")))
    if not (plan.contact.get("email") or plan.contact.get("phone")):
        found.append(_lack("contact_email", _("Vul een e-mailadres of een telefoonnummer in waar mensen vragen kunnen stellen.")))
    order = {name: place for place, name in enumerate(STEP_OF)}
    return sorted(found, key=lambda lack: order[lack.field])


def lacking(uow: UnitOfWork, plan: Plan) -> list[Lack]:
    """All that a plan still needs before publication, at once: texts, rounds, and what its activities miss."""
    rounds, activities = rounds_with_activities(uow, plan.id)
    found = lacking_texts(plan)
    return [*found, *_lacking_rounds(uow, rounds, activities)]


def publish_plan(uow: UnitOfWork, id: uuid.UUID, command: PlanVersion) -> Plan:
    """Let everybody see a plan, with its rounds and activities.

    Raises NotFound, NotAllowed for who does not lead it, Conflict, and Invalid with all that is missing.
    """
    plan = plan_to_work_at(uow, id, *LEADS, version=command.version)
    if plan.state != "draft":
        raise Invalid(_("Dit plan is al openbaar, of het is ingetrokken."))
    if missing := lacking(uow, plan):
        raise Invalid({"": [lack.text for lack in missing]})
    plan.state, plan.published_at, plan.wizard_step = "published", uow.now, ""
    _show(uow, plan)
    uow.record("doe_mee.plan.published", plan.id, public=True, sentence=_("Het plan “{title}” is openbaar.", title=plan.title))
    tell_plan(uow, PlanPublished, plan)
    plan_became_public(uow, plan)
    return plan


def finish_plan(uow: UnitOfWork, id: uuid.UUID, command: PlanVersion) -> Plan:
    """End a plan whose rounds are all closed with a result.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid with the rounds that still wait.
    """
    plan = plan_to_work_at(uow, id, *LEADS, version=command.version)
    require_running(plan)
    if plan.state != "published":
        raise Invalid(_("Dit plan is nog niet openbaar."))
    waiting = [round_ for round_ in rounds_of(uow, plan.id) if round_.closed_at is None]
    if waiting:
        told = [_("De ronde “{title}” heeft nog geen resultaat.", title=round_.title) for round_ in waiting]
        raise Invalid({"": told})
    plan.state, plan.finished_at = "finished", uow.now
    _show(uow, plan)
    uow.record("doe_mee.plan.finished", plan.id, public=True, sentence=_("Het plan “{title}” is afgerond.", title=plan.title))
    tell_plan(uow, PlanFinished, plan)
    return plan


def withdraw_plan(uow: UnitOfWork, id: uuid.UUID, command: WithdrawPlan) -> Plan:
    """Take a plan back. Of one that was published everybody may read why; a draft just goes.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid without a reason for a published one.
    """
    plan = plan_to_work_at(uow, id, *LEADS, version=command.version)
    require_running(plan)
    reason = command.reason.strip()
    was_public = plan.state == "published"
    if was_public and not reason:
        raise Invalid({"reason": [_("Schrijf waarom het plan niet doorgaat. Iedereen kan dit lezen.")]})
    plan.state, plan.withdrawn_at, plan.withdrawn_reason = "withdrawn", uow.now, reason
    _show(uow, plan)
    plan_was_withdrawn(uow, plan)
    sentence = _("Het plan “{title}” is ingetrokken.", title=plan.title)
    uow.record("doe_mee.plan.withdrawn", plan.id, reason=reason, public=was_public, sentence=sentence)
    if was_public:
        tell_plan(uow, PlanWithdrawn, plan)
    return plan


def _show(uow: UnitOfWork, plan: Plan) -> None:
    """Bring the cards of a plan and what is in it up to date with who may see them now. Activities have their own way."""
    uow.session.flush()
    update_card(uow, SubjectRef(PLAN, plan.id), plan_card(plan))
    for round_ in rounds_of(uow, plan.id):
        update_card(uow, SubjectRef(ROUND, round_.id), round_card(round_, plan))
    keep_part_cards(uow, plan)


def _lacking_rounds(uow: UnitOfWork, rounds: list[Round], activities: list[Activity]) -> list[Lack]:
    if not rounds:
        return [Lack(ROUNDS, ROUNDS, _("Voeg minstens één ronde toe."))]
    found = []
    with_activity = {activity.round_id for activity in activities}
    if not with_activity:
        found.append(Lack(ROUNDS, ROUNDS, _("Voeg minstens één activiteit toe, zodat mensen iets kunnen doen.")))
    elif rounds[0].id not in with_activity:
        found.append(Lack(ROUNDS, ROUNDS, _("De eerste ronde “{title}” heeft nog geen activiteit.", title=rounds[0].title)))
    if all(round_.closes_at <= uow.now for round_ in rounds):
        found.append(Lack(ROUNDS, ROUNDS, _("Alle rondes liggen in het verleden. Kies nieuwe data.")))
    for activity in activities:
        for text in type_of(activity.type).lacking(uow, activity):
            found.append(Lack(ROUNDS, ROUNDS, text))
    return found


def _lack(name: str, text: Text) -> Lack:
    return Lack(name, STEP_OF[name].code, text)
