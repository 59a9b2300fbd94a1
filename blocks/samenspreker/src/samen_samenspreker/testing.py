"""Short ways to make what a test needs: questions in a state, tables with what stands on them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from samen_core.api import Actor, Platform, SubjectData, SubjectRef, register, system, uuid7
from samen_core.mail import QueuedMail
from samen_samenspreker.models import Decision, Evaluation, FinalReport, Option, Proposal, Question, ReportDraft, Seat
from samen_samenspreker.paths import INVITATION, table
from samen_samenspreker.schemas.evaluations import PublishEvaluation, SaveEvaluation
from samen_samenspreker.schemas.options import AddOption
from samen_samenspreker.schemas.proposals import PublishProposal, SaveProposal
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion
from samen_samenspreker.schemas.reports import PublishReport, SaveReport
from samen_samenspreker.schemas.seats import AddSeat, OfferSeat
from samen_samenspreker.services.evaluations import publish_evaluation, save_evaluation
from samen_samenspreker.services.invitations import offer_seat
from samen_samenspreker.services.judging import accept
from samen_samenspreker.services.options import add_option
from samen_samenspreker.services.proposals import publish_proposal, save_proposal, start_proposal
from samen_samenspreker.services.questions import ask
from samen_samenspreker.services.reports import publish_report, save_report
from samen_samenspreker.services.seats import add_seat

TITLE = "Hoe maken we de Dorpsstraat veilig voor fietsers?"


def a_question(platform: Platform, actor: Actor | None = None, **values: Any) -> Question:
    """A submitted question, committed; asked by the system (so without account) unless an actor is given."""
    command = AskQuestion(**{"kind": "problem", "title": TITLE, "description": "Auto's rijden er te hard, ook langs de school.", **values})
    with platform.unit_of_work(actor or system("test")) as uow:
        return ask(uow, command).question


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


EVALUATION_VALUES: dict[str, Any] = {
    "goals": {
        "collect_ideas": {"reached": "yes", "text": "Er kwamen 48 ideeën."},
        "widen_support": {"reached": "partly", "text": "De winkeliers zijn blij, een deel van de bewoners niet."},
    },
    "result": "In een half jaar gebeurde er één ongeluk, tegen zeven het jaar ervoor.",
    "process": "De avonden waren druk. Jongeren kwamen weinig.",
    "lessons": "Vraag jongeren op school, niet in het buurthuis.",
}


def a_published_evaluation(platform: Platform, question: Question, **values: Any) -> Evaluation:
    """The evaluation of the cycle of this table, published and committed; the question is in step 5."""
    with platform.unit_of_work(system("test")) as uow:
        draft = save_evaluation(uow, question.id, SaveEvaluation(**{**EVALUATION_VALUES, **values}))
        return publish_evaluation(uow, question.id, PublishEvaluation(version=draft.version))


def a_published_decision(platform: Platform, question: Question, **values: Any) -> Decision:
    """A decision of this table as it is once it is published, committed, whatever step the question is in."""
    given = {
        "decided_by": "college van burgemeester en wethouders",
        "text": "Er komt een fietsstraat.",
        "reasons": "Dat is veilig en past binnen het geld.",
        "reaction": "Wij nemen het advies van de tafel over.",
    }
    with platform.unit_of_work(system("test")) as uow:
        ref = SubjectRef("decision", uuid7())
        register(uow, ref, SubjectData(title=f"Besluit: {question.title}", url=table(question.slug, "besluit")))
        decision = Decision(
            id=ref.id, question_id=question.id, cycle=question.cycle, state="published", published_at=uow.now, updated_at=uow.now
        )
        for name, value in {**given, "decided_on": uow.now.date(), **values}.items():
            setattr(decision, name, value)
        uow.session.add(decision)
        uow.session.flush()
        return decision


REPORT_TEXTS = {letter: {"went": f"Deel {letter} ging goed.", "deviation": ""} for letter in "ABCDEF"}


def a_final_report(platform: Platform, question: Question, **texts: dict[str, str]) -> FinalReport:
    """The next final report of this table, frozen and committed; it has a published decision, and nothing waits for an answer."""
    with platform.unit_of_work(system("test")) as uow:
        draft = uow.session.get(ReportDraft, question.id)
        version = draft.version if draft else None
        draft = save_report(uow, question.id, SaveReport(deviations={**REPORT_TEXTS, **texts}, version=version))
        return publish_report(uow, question.id, PublishReport(version=draft.version))


def an_offer(platform: Platform, question: Question, email: str, **values: Any) -> tuple[Seat, str]:
    """A seat that was just offered to this address, and the token of the link in the mail; committed. ``values`` are of the seat."""
    with platform.unit_of_work(system("test")) as uow:
        seat = add_seat(
            uow, question.id, AddSeat(**{"title": "Bewoner van de Dorpsstraat", "sector": "citizens", "role": "participant", **values})
        )
        offer_seat(uow, seat.id, OfferSeat(email=email, name="", version=seat.version))
    return seat, token_of(queued_mail(platform)[-1].body)


def queued_mail(platform: Platform) -> list[Any]:
    """The mails that wait to be sent, in order: rows with ``recipient``, ``subject``, ``body``, ``language``."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(QueuedMail).where(QueuedMail.state == "queued").order_by(QueuedMail.id)).scalars())


def token_of(body: str) -> str:
    """The token of the link in the mail of an invitation."""
    return next(line.rpartition("/")[2] for line in body.splitlines() if f"{INVITATION}/" in line)
