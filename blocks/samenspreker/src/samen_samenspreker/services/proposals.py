"""The process proposal: writing it in parts, publishing a version, telling the council."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import CITY_TIME_ZONE, Invalid, NotFound, Text, UnitOfWork, _, uuid7
from samen_samenspreker.document_log import PROPOSAL_SAVED, PROPOSAL_STARTED
from samen_samenspreker.events import CouncilInformed, ProposalPublished
from samen_samenspreker.labels import GOAL_LABELS
from samen_samenspreker.models import LEVELS, Proposal, Question
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.proposal_parts import FIELDS
from samen_samenspreker.queries.proposals import draft, proposal_versions, published_proposal
from samen_samenspreker.schemas.proposals import NEEDS_REASON, NO_REASON, InformCouncil, PublishProposal, SaveProposal
from samen_samenspreker.services.common import (
    check_version,
    city_day,
    get_question,
    locked_question,
    require_active,
    require_facilitator,
    today,
)
from samen_samenspreker.services.documents import log_document

STEPS = ("agenda", "solve")
"""When a proposal can be written: before the start, and during the search for solutions as a new version."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a draft still needs, and the field where it is entered."""

    field: str
    text: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that differs between two versions; ``key`` is the goal or sector inside a field that holds several."""

    field: str
    key: str
    before: str
    after: str


def get_proposal(uow: UnitOfWork, id: uuid.UUID) -> Proposal:
    """A version. Raises NotFound, also for a draft that the actor may not see."""
    proposal = uow.session.get(Proposal, id)
    if proposal is None:
        raise NotFound
    question = get_question(uow, proposal.question_id)
    if proposal.published_at is None and not FACILITATE.allows(uow.actor, question.id):
        raise NotFound
    return proposal


def start_proposal(uow: UnitOfWork, question_id: uuid.UUID) -> Proposal:
    """Begin a draft: an empty first version, or the newest published one copied to the next number. Gives the draft that is there already.

    Raises NotFound, NotAllowed, Gone, and Invalid in a step where none can be written.
    """
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, *STEPS)
    versions = proposal_versions(uow, question_id)
    if found := draft(versions):
        return found
    number = versions[-1].number + 1 if versions else 1
    proposal = Proposal(id=uuid7(), question_id=question_id, number=number, updated_at=uow.now)
    for name in FIELDS if versions else ():
        setattr(proposal, name, getattr(versions[-1], name))
    uow.session.add(proposal)
    uow.session.flush()
    uow.record(PROPOSAL_STARTED, question_id, after={"number": number})
    return proposal


def save_proposal(uow: UnitOfWork, id: uuid.UUID, command: SaveProposal) -> Proposal:
    """Replace some fields of a draft; it may stay unfinished.

    Raises NotFound, NotAllowed, Invalid for a published version, and Conflict with those fields as they are now.
    """
    proposal, question = _locked_draft(uow, id)
    require_active(question, *STEPS)
    check_version(proposal, command.version, {name: value for name, value in proposal_values(proposal).items() if name in command.values})
    for name, value in command.values.items():
        if getattr(proposal, name) != value:
            setattr(proposal, name, value)
    if uow.session.is_modified(proposal):
        proposal.updated_at = uow.now
        uow.record_change(PROPOSAL_SAVED, proposal, question.id)
        uow.session.flush()
    return proposal


def publish_proposal(uow: UnitOfWork, id: uuid.UUID, command: PublishProposal) -> Proposal:
    """Publish a draft: from then on it holds and is never edited, and the council has to be told of it (again).

    A version with less influence than the one that held needs a reason, which stands in the logbook.
    Raises what :func:`save_proposal` does, and Invalid with all it lacks.
    """
    proposal, question = _locked_draft(uow, id)
    require_active(question, *STEPS)
    check_version(proposal, command.version)
    lacks = missing_in(question, proposal)
    errors = {name: [lack.text for lack in lacks if lack.field == name] for name in dict.fromkeys(lack.field for lack in lacks)}
    if lowers_level(published_proposal(uow, question.id), proposal) and len(command.reason) < NEEDS_REASON:
        errors["reason"] = [NO_REASON]
    if errors:
        raise Invalid(errors)
    proposal.published_at = proposal.updated_at = uow.now
    question.council_informed_at = None
    uow.session.flush()
    facts: dict[str, object] = {"number": proposal.number, "level": proposal.level}
    log_document(uow, ProposalPublished, question, facts, proposal.id, reason=command.reason)
    return proposal


def lowers_level(holds: Proposal | None, new: Proposal) -> bool:
    """Whether ``new`` gives participants less influence than the version that ``holds``."""
    return holds is not None and bool(new.level) and LEVELS.index(new.level) < LEVELS.index(holds.level)


def inform_council(uow: UnitOfWork, question_id: uuid.UUID, command: InformCouncil) -> Question:
    """Note that the council got the memo. Doing it again corrects the date.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid without published proposal, or for a day that is still to come or lies before
    the version that holds now was published.
    """
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question)
    check_version(question, command.version, {"on": informed_on(question)})
    errors: dict[str, list[Text]] = {}
    proposal = published_proposal(uow, question_id)
    if command.on > today(uow):
        errors["on"] = [_("Deze datum moet nog komen.")]
    elif proposal is not None and proposal.published_at is not None and command.on < city_day(proposal.published_at):
        errors["on"] = [_("Toen was versie {number} van het procesvoorstel nog niet gepubliceerd.", number=proposal.number)]
    if proposal is None:
        errors[""] = [_("Publiceer eerst het procesvoorstel. Daarna kan de memo naar de raad.")]
    if errors:
        raise Invalid(errors)
    if informed_on(question) == command.on:
        return question
    question.council_informed_at = datetime.combine(command.on, time(12), CITY_TIME_ZONE).astimezone(UTC)
    uow.session.flush()
    log_document(uow, CouncilInformed, question, {"on": command.on})
    return question


def informed_on(question: Question) -> Any:
    """The day on which the council got the memo on the proposal that holds now; None if it did not."""
    moment = question.council_informed_at
    return city_day(moment) if moment else None


def proposal_values(proposal: Proposal) -> dict[str, Any]:
    """What the form shows, by field; of goals and participants every one that there is."""
    values: dict[str, Any] = {name: getattr(proposal, name) for name in FIELDS}
    values["goals"] = {code: proposal.goals.get(code, "") for code in GOAL_LABELS}
    values["participants"] = {code: proposal.participants.get(code, "") for code in SECTOR_LABELS}
    return values


def missing_in(question: Question, proposal: Proposal) -> list[Lack]:
    """What parts A to F still need before publication, in the order of the form."""
    lacks = []
    for name, text in REQUIRED.items():
        if not getattr(proposal, name):
            lacks.append(Lack(name, text))
    if proposal.participants:
        for sector in question.sectors:
            if not proposal.participants.get(sector):
                lacks.append(Lack("participants", _("Schrijf wie u vraagt in de sector {sector}.", sector=SECTOR_LABELS[sector])))
    if not (proposal.methods_online or proposal.methods_offline):
        lacks.append(Lack("methods_online", _("Schrijf wat u online doet, of wat u op straat of in een zaal doet.")))
    order = {name: position for position, name in enumerate(FIELDS)}
    return sorted(lacks, key=lambda lack: order[lack.field])


REQUIRED: dict[str, Text] = {
    "subject": _("Schrijf waar het over gaat."),
    "not_about": _("Schrijf waar het niet over gaat."),
    "leeway": _("Schrijf wat er nog kan veranderen."),
    "goals": _("Kies minstens één doel en schrijf waarom."),
    "scale": _("Kies voor welk gebied de vraag belangrijk is."),
    "participants": _("Schrijf wie u vraagt en hoe u hen bereikt."),
    "level": _("Kies hoeveel invloed de deelnemers krijgen."),
    "approach": _("Schrijf hoe u het aanpakt."),
    "planning": _("Schrijf wanneer wat gebeurt."),
    "communication": _("Schrijf hoe u mensen op de hoogte houdt."),
    "costs": _("Schrijf wat het kost. Zijn er geen kosten? Schrijf dat op."),
}
"""What publication asks, by field, in words for who left it out."""


def differences(old: Proposal, new: Proposal) -> list[Difference]:
    """Every text that differs between two versions, in the order of the parts."""
    found = []
    for name in FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, Mapping):
            keys = [key for key in (*GOAL_LABELS, *SECTOR_LABELS) if key in before or key in after]
            pairs = [(key, before.get(key, ""), after.get(key, "")) for key in keys]
        else:
            pairs = [("", before, after)]
        found += [Difference(name, key, one, other) for key, one, other in pairs if one != other]
    return found


def _locked_draft(uow: UnitOfWork, id: uuid.UUID) -> tuple[Proposal, Question]:
    question = locked_question(uow, get_proposal(uow, id).question_id)
    require_facilitator(uow, question)
    proposal = uow.session.get(Proposal, id, populate_existing=True)
    if proposal is None:
        raise NotFound
    if proposal.published_at is not None:
        raise Invalid(_("Deze versie is gepubliceerd en verandert niet meer. Maak een nieuwe versie."))
    return proposal, question
