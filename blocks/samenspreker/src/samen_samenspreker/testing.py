"""Short ways to make what a test needs: questions in a state, tables with what stands on them."""

from __future__ import annotations

from typing import Any

from samen_core.api import Actor, system, uuid7
from samen_core.platform import Platform
from samen_samenspreker.models import Option, Proposal, Question, Seat
from samen_samenspreker.schemas.options import AddOption
from samen_samenspreker.schemas.proposals import PublishProposal, SaveProposal
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion
from samen_samenspreker.services.judging import accept
from samen_samenspreker.services.options import add_option
from samen_samenspreker.services.proposals import publish_proposal, save_proposal, start_proposal
from samen_samenspreker.services.questions import ask

TITLE = "Hoe maken we de Dorpsstraat veilig voor fietsers?"


def a_question(platform: Platform, actor: Actor | None = None, **values: Any) -> Question:
    """A submitted question, committed; asked by the system (so without account) unless an actor is given."""
    command = AskQuestion(**{"kind": "problem", "title": TITLE, "description": "Auto's rijden er te hard, ook langs de school.", **values})
    with platform.unit_of_work(actor or system("test")) as uow:
        question = ask(uow, command).question
    return question


def an_accepted_question(platform: Platform, actor: Actor | None = None, **values: Any) -> Question:
    """A question in step 1, committed, with its whole row loaded; detached, so ``get_question(uow, question.id)`` to change it."""
    question = a_question(platform, actor, **values)
    with platform.unit_of_work(system("test")) as uow:
        return accept(uow, question.id, JudgeQuestion(reason="Veel mensen maken zich hier zorgen over.", version=question.version))


PROPOSAL_VALUES: dict[str, Any] = {
    "subject": "De inrichting van de Dorpsstraat tussen de kerk en de markt.",
    "not_about": "Niet over de parkeertarieven.",
    "leeway": "Waar fietsers rijden en waar auto's staan.",
    "goals": {
        "collect_ideas": "Wie er elke dag fietst, weet waar het misgaat.",
        "widen_support": "Bewoners en winkeliers willen iets anders.",
    },
    "scale": "street",
    "scale_note": "",
    "participants": {"citizens": "Een brief aan alle bewoners.", "business": "Een bezoek aan elke winkel."},
    "level": "advise",
    "level_reason": "De raad geeft het geld.",
    "approach": "Eerst kijken, dan ideeën verzamelen, dan uitwerken.",
    "methods_online": "Reacties op deze website.",
    "methods_offline": "Twee avonden in het buurthuis.",
    "planning": "Ronde 1 in maart, ronde 2 in mei.",
    "communication": "Een brief bij elke ronde.",
    "costs": "€ 6.000 en 120 uur.",
}


def a_published_proposal(platform: Platform, question: Question, **values: Any) -> Proposal:
    """The process proposal of this table, published and committed; ``values`` replace those of :data:`PROPOSAL_VALUES`."""
    with platform.unit_of_work(system("test")) as uow:
        draft = start_proposal(uow, question.id)
        save_proposal(uow, draft.id, SaveProposal(version=draft.version, values={**PROPOSAL_VALUES, **values}))
        return publish_proposal(uow, draft.id, PublishProposal(version=draft.version))


def a_table(platform: Platform, *, step: str = "solve", level: str = "advise", **values: Any) -> Question:
    """An accepted question in this step, with a published process proposal at this level; committed and detached.

    It is put there as it is: the gates of the steps are not asked.
    """
    question = an_accepted_question(platform, **values)
    if level:
        a_published_proposal(platform, question, level=level)
    return in_step(platform, question, step)


def in_step(platform: Platform, question: Question, step: str) -> Question:
    """Put a question in another step without asking the gates."""
    with platform.unit_of_work(system("test")) as uow:
        found = uow.session.get_one(Question, question.id)
        found.step, found.step_since = step, uow.now
        return found


def a_seat(platform: Platform, question: Question, **values: Any) -> Seat:
    """An accepted seat of a participant of sector ``citizens``, committed; ``values`` are columns."""
    with platform.unit_of_work(system("test")) as uow:
        columns = {"role": "participant", "sector": "citizens", "state": "accepted", "holder_name": "De Vries", **values}
        made = Seat(id=uuid7(), question_id=question.id, at=uow.now, **columns)
        uow.session.add(made)
        return made


def an_option(platform: Platform, question: Question, actor: Actor | None = None, **values: Any) -> Option:
    """An option on this table, which is in step 2; committed."""
    command = AddOption(**{"title": "Fietsstraat", "text": "Auto is te gast.", "costs": "€ 40.000", **values})
    with platform.unit_of_work(actor or system("test")) as uow:
        return add_option(uow, question.id, command)
