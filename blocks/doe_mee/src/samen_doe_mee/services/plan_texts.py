"""What a plan says: writing it step by step, before and after publication."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from samen_core.api import Invalid, PlaceValue, SubjectRef, Text, UnitOfWork, _, n_, update_card
from samen_doe_mee.labels import LEVEL_LABELS
from samen_doe_mee.models import LEVELS, Plan
from samen_doe_mee.plan_steps import CONTACT_FIELDS, PLAN_FIELDS, PROPOSAL_FIELDS
from samen_doe_mee.schemas.plans import UpdatePlan
from samen_doe_mee.services.activities import activities_of_rounds
from samen_doe_mee.services.idea_places import locate
from samen_doe_mee.services.kinds import ACTIVITY, ROUND, activity_card, round_card
from samen_doe_mee.services.plan_publishing import lacking_texts
from samen_doe_mee.services.plans import EDITORS, check_references, keep_plan, plan_to_work_at, plan_values
from samen_doe_mee.services.rounds import require_running, rounds_of

KEPT_IN = (*PLAN_FIELDS, "proposal", "contact")
REFERENCES = ("organization_id", "area_id", "theme_id")


def update_plan(uow: UnitOfWork, id: uuid.UUID, command: UpdatePlan) -> Plan:
    """Replace what a plan says in some fields; before publication it may stay unfinished.

    Raises NotFound, NotAllowed, Gone for a plan that ended, Conflict with the values of now, and Invalid for what it refers to, or when a
    published plan would lack something or give less influence without a reason.
    """
    plan = plan_to_work_at(uow, id, *EDITORS, version=command.version)
    require_running(plan)
    values = dict(command.values)
    if "place" in values:
        _place(uow, plan, values)
    check_references(uow, {name: values[name] for name in REFERENCES if name in values})
    before = {name: getattr(plan, name) for name in KEPT_IN}
    write_texts(plan, values)
    if plan.published_at is not None:
        _check_published(plan, values, before["level"])
    changed = [name for name in KEPT_IN if getattr(plan, name) != before[name]]
    if not changed:
        return plan
    level = before["level"]
    lowered = LEVELS.index(plan.level) < LEVELS.index(level)
    sentence = _("De tekst van het plan is gewijzigd.")
    if plan.level != level:
        sentence = _("Het niveau van invloed is veranderd van {old} in {new}.", old=LEVEL_LABELS[level], new=LEVEL_LABELS[plan.level])
    reason = str(plan.proposal.get("level_reason", "")) if lowered else ""
    keep_plan(uow, plan, "updated", sentence, reason=reason, after={"fields": changed})
    if plan.area_id != before["area_id"]:
        _move_cards(uow, plan)
    return plan


def _place(uow: UnitOfWork, plan: Plan, values: dict[str, Any]) -> None:
    """Find the place of a plan on the map, and the neighbourhood that it lies in where none was chosen. Raises Invalid."""
    place: PlaceValue | None = values["place"]
    if place is None or place == PlaceValue():
        values["place"], plan.lat, plan.lon = {}, None, None
        return
    found = locate(uow, "place", place, values.get("area_id"))
    values["place"] = {name: value for name, value in asdict(place).items() if value not in ("", None)}
    plan.lat, plan.lon = found.lat, found.lon
    if "area_id" in values and values["area_id"] is None and values.get("scale") != "city":
        values["area_id"] = found.area_id


def write_texts(plan: Plan, values: dict[str, Any]) -> None:
    """Put these values, by the names of the forms, where the plan keeps them."""
    for name in PLAN_FIELDS:
        if name in values:
            setattr(plan, name, values[name])
    proposal = {**plan.proposal, **{name: values[name] for name in PROPOSAL_FIELDS if name in values}}
    contact = {**plan.contact, **{_short(name): values[name] for name in CONTACT_FIELDS if name in values}}
    # A new dictionary only when it says something else, or every save would be a change.
    if proposal != plan.proposal:
        plan.proposal = proposal
    if contact != plan.contact:
        plan.contact = contact


def _short(name: str) -> str:
    return name.removeprefix("contact_")


def _check_published(plan: Plan, values: dict[str, Any], level: str) -> None:
    """What everybody may read stays whole: nothing that publication asked is emptied."""
    errors: dict[str, list[Text]] = {}
    for lack in lacking_texts(plan):
        if lack.field in values:
            errors.setdefault(lack.field, []).append(lack.text)
    if LEVELS.index(plan.level) < LEVELS.index(level) and not plan.proposal.get("level_reason"):
        told = _("Mensen krijgen minder invloed dan was beloofd. Schrijf waarom. Iedereen kan dat lezen.")
        errors.setdefault("level_reason", []).append(told)
    if errors:
        raise Invalid(errors)


def _move_cards(uow: UnitOfWork, plan: Plan) -> None:
    for round_ in rounds_of(uow, plan.id):
        update_card(uow, SubjectRef(ROUND, round_.id), round_card(round_, plan))
    for activity in activities_of_rounds(uow, plan.id):
        update_card(uow, SubjectRef(ACTIVITY, activity.id), activity_card(activity, plan))


def progress(plan: Plan, fields: tuple[str, ...], lacking: set[str]) -> str:
    """How far a step is: ``done``, ``begun`` or ``empty``."""
    values = plan_values(plan)
    if not any(name in lacking for name in fields):
        return "done"
    return "begun" if any(values.get(name) for name in fields if name not in ("level", "form")) else "empty"


def lacks_in_words(number: int) -> Text:
    """How much is missing yet."""
    return n_("Er ontbreekt nog {n} ding.", "Er ontbreken nog {n} dingen.", number)
