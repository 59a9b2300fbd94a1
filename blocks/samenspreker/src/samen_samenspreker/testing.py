"""Short ways to make what a test needs: questions in a state, tables with what stands on them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import Actor, Platform, SubjectData, SubjectRef, UnitOfWork, account_by_email, register, system, uuid7
from samen_core.mail import QueuedMail
from samen_samenspreker.models import Decision, Evaluation, FinalReport, Option, Proposal, Question, ReportDraft, Seat
from samen_samenspreker.paths import INVITATION, table
from samen_samenspreker.schemas.actions import AddAction
from samen_samenspreker.schemas.definitions import CreateGate
from samen_samenspreker.schemas.evaluations import PublishEvaluation, SaveEvaluation
from samen_samenspreker.schemas.meetings import PlanMeeting
from samen_samenspreker.schemas.options import AddOption, ReviseOption
from samen_samenspreker.schemas.proposals import PublishProposal, SaveProposal
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion, MergeQuestion
from samen_samenspreker.schemas.reports import PublishReport, SaveReport
from samen_samenspreker.schemas.rounds import AddOfflineActivity, PlanRound
from samen_samenspreker.schemas.seats import AddSeat, OfferSeat
from samen_samenspreker.schemas.steps import TickGate
from samen_samenspreker.services.actions import add_action
from samen_samenspreker.services.definitions import create_gate
from samen_samenspreker.services.evaluations import publish_evaluation, save_evaluation
from samen_samenspreker.services.invitations import offer_seat
from samen_samenspreker.services.judging import accept
from samen_samenspreker.services.mails import stop_address
from samen_samenspreker.services.meetings import plan_meeting
from samen_samenspreker.services.merging import merge
from samen_samenspreker.services.options import add_option, revise_option
from samen_samenspreker.services.proposals import publish_proposal, save_proposal, start_proposal
from samen_samenspreker.services.questions import ask
from samen_samenspreker.services.reports import publish_report, save_report
from samen_samenspreker.services.round_activities import add_offline_activity
from samen_samenspreker.services.rounds import open_round
from samen_samenspreker.services.seats import add_seat
from samen_samenspreker.services.ticks import tick

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


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more questions, and at the first table of each step so many more seats, options, meetings and actions."""
    for at in range(number):
        asked = ask(uow, AskQuestion(kind="problem", title=f"Hoe maken we straat {at} veilig?", description="Het is er druk.")).question
        if at % 2:
            uow.session.flush()
            accept(uow, asked.id, JudgeQuestion(reason="Veel mensen maken zich hier zorgen over.", version=asked.version))
    first = dict(uow.session.execute(select(Question.step, Question.id).order_by(Question.id.desc())).all())
    organization = uow.session.execute(select(Organization.id).order_by(Organization.id).limit(1)).scalar_one()
    if "solve" in first:
        gate = create_gate(uow, CreateGate(step="solve", title=f"De wijkraad is {number} keer gehoord", role="facilitator"))
        uow.session.flush()
        tick(uow, first["solve"], gate.id, TickGate(cycle=uow.session.get_one(Question, first["solve"]).cycle))
    for at in range(number):
        if "solve" in first:
            add_seat(uow, first["solve"], AddSeat(role="participant", title=f"Bewoner van straat {at}", sector="citizens"))
            add_option(uow, first["solve"], AddOption(title=f"Fietsstraat {at}", text="Auto is te gast.", costs="€ 40.000"))
            plan_meeting(
                uow, first["solve"], PlanMeeting(name=f"Avond {at}", start_date=uow.now + timedelta(days=at + 1), location="Buurthuis")
            )
        if "execute" in first:
            due = uow.now.date() + timedelta(days=at + 1)
            add_action(uow, first["execute"], AddAction(title=f"Belijning van straat {at}", organization_id=organization, due_on=due))


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    home = "/samenspreker"
    with platform.read(system("test")) as uow:
        account = account_by_email(uow, "resident@samen.example")
    resident = Actor(kind="account", account_id=account, label="Test", origin="test")
    solving = f"{home}/{_solving(platform).slug}"
    own = f"{home}/{a_question(platform, resident, title='Mag er een bankje bij de vijver?').slug}"
    bare = an_accepted_question(platform, title="Een vraag waar nog niets is")
    other = a_question(platform, title="Een vraag die al gesteld was")
    with platform.unit_of_work(system("test")) as uow:
        merge(uow, other.id, MergeQuestion(into_id=bare.id, reason="Dit gaat over hetzelfde.", version=other.version))
    twice = an_accepted_question(platform, title="Een vraag met twee voorstellen")
    a_published_proposal(platform, twice)
    a_published_proposal(platform, twice, leeway="Alles kan nog anders.", level="coproduce")
    looking_back = in_step(platform, an_accepted_question(platform, title="Een vraag om op terug te kijken"), "evaluate")
    return [
        *_links_in_mails(platform, home),
        *(("", f"{home}/{page}") for page in ("nieuw/verstuurd", "volgen", "uitnodiging/beantwoord", "uitnodiging/verstuurd")),
        ("", f"{home}/{other.slug}/samengevoegd"),
        ("", f"{home}/{twice.slug}/procesvoorstel/verschillen?van=1&tot=2"),
        *(("resident", path) for path in (f"{own}/bewerken", f"{own}/terugtrekken", f"{solving}/steun")),
        *(("manager", path) for path in (f"{own}/beoordelen", f"{own}/samenvoegen", f"{home}/{other.slug}/losmaken")),
        ("manager", f"{home}/{looking_back.slug}/evaluatie/vragenlijst"),
        *_pages_of_a_table(platform, home, resident),
    ]


def _solving(platform: Platform) -> Question:
    """The first question of the demonstration that is in step 2, or one that is made for it."""
    statement = select(Question).where(Question.step == "solve").order_by(Question.id).limit(1)
    with platform.read(system("test")) as uow:
        found = uow.session.execute(statement).scalar_one_or_none()
    return found or a_table(platform)


def _pages_of_a_table(platform: Platform, home: str, resident: Actor) -> list[tuple[str, str]]:
    """A table with a check of the city, a round, an activity elsewhere, an option in two versions, and a seat of the resident."""
    table_of = a_table(platform, title="Hoe maken we het plein groen?")
    here = f"{home}/{table_of.slug}"
    with platform.unit_of_work(system("test")) as uow:
        day = uow.now.date()
        gate = create_gate(uow, CreateGate(step="solve", title="De wijkraad is gehoord", role="facilitator"))
        planned = open_round(
            uow,
            table_of.id,
            PlanRound(kind="explore", title="Wat gaat er mis?", opens_on=day + timedelta(days=3), ends_on=day + timedelta(days=30)),
        )
        elsewhere = add_offline_activity(uow, planned.id, AddOfflineActivity(title="Wandeling door de wijk"))
    option = an_option(platform, table_of)
    with platform.unit_of_work(system("test")) as uow:
        again = ReviseOption(
            title=option.title, text="Auto is te gast, ook in de avond.", costs="€ 50.000", note="Ruimer", version=option.version
        )
        revise_option(uow, option.id, again)
    seat = a_seat(platform, table_of, account_id=resident.account_id, title="Bewoner", holder_name="Test")
    decided = in_step(platform, an_accepted_question(platform, title="Een vraag met een besluit"), "execute")
    decision = a_published_decision(platform, decided)
    of_staff = (
        f"{here}/stap/controles/{gate.id}",
        f"{home}/proces/inrichten/{gate.id}",
        f"{here}/rondes/{planned.number}/afgelasten",
        f"{here}/rondes/activiteit/{elsewhere.id}",
        *(f"{here}/opties/1/{act}" for act in ("beoordelen", "intrekken", "versies/2")),
    )
    return [
        *(("manager", path) for path in of_staff),
        *(("resident", f"{here}/tafel/stoel/{seat.id}/{part}") for part in ("mijn", "vervanger")),
        ("", f"{home}/{decided.slug}/besluit/{decision.id}"),
    ]


def _links_in_mails(platform: Platform, home: str) -> list[tuple[str, str]]:
    """The pages that links in mails lead to."""
    asked = a_question(platform, title="Een vraag met een adres voor mail", email="noor@dorpsstraat.example", wants_mail=True)
    confirm = next(found[0] for mail in queued_mail(platform) if (found := re.search(rf"{home}/mail/ja/{asked.id.hex}\S+", mail.body)))
    invited = an_accepted_question(platform, title="Een tafel met een uitnodiging")
    seat, token = an_offer(platform, invited, "sam@dorpsstraat.example")
    with platform.unit_of_work(system("test")) as uow:
        stop = stop_address(uow, seat.id, "nl").removeprefix(platform.config.web.base_url)
    return [("", confirm), ("", stop), ("", f"{home}/uitnodiging/{token}")]
