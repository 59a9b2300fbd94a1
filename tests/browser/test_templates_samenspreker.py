"""Every page of the block of questions and tables passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from citycontent.models import Event
from samen_inbreng.api import Contribution
from samen_samenspreker.models import Action, Decision, Meeting, Question, Round, Seat
from samen_samenspreker.schemas.definitions import CreateGate
from samen_samenspreker.schemas.questions import MergeQuestion
from samen_samenspreker.schemas.rounds import AddOfflineActivity
from samen_samenspreker.services.definitions import create_gate
from samen_samenspreker.services.mails import stop_address
from samen_samenspreker.services.merging import merge
from samen_samenspreker.services.round_activities import add_offline_activity
from samen_samenspreker.testing import a_published_proposal, a_question, a_seat, an_accepted_question, an_offer, in_step
from tests.browser.conftest import PHONE
from tests.support.pages import page_endpoints, problems

HOME = "/samenspreker"
CLOSED = f"{HOME}/wat-maken-we-samen-van-het-kale-grasveld-in-oosterheem"
EVALUATE = f"{HOME}/hoe-komen-kinderen-veilig-op-school-aan-de-kornoeljelaan"
EXECUTE = f"{HOME}/hoe-houden-we-de-straten-in-de-leyens-droog-bij-zware-regen"
AGAIN = f"{HOME}/hoe-maken-we-de-oude-klinkerstraat-veilig"
DECIDE = f"{HOME}/waar-krijgen-jongeren-in-buytenwegh-een-eigen-plek"
SOLVE = f"{HOME}/hoe-verdelen-we-de-ruimte-in-meerzicht-eerlijk-tussen-auto-s-groen-en"
REFUSED = f"{HOME}/kan-er-een-nieuw-stadion-met-20-000-plekken-in-het-westerpark-komen"
AGENDA = f"{HOME}/hoe-maken-we-samen-een-huis-van-de-wijk-in-rokkeveen"
NEW = f"{HOME}/nieuw"
TABLES = (CLOSED, EVALUATE, EXECUTE, AGAIN, DECIDE, SOLVE, AGENDA)

PUBLIC = {
    "samenspreker.question_overview": [HOME, f"{HOME}?q=xyzzy"],
    "samenspreker.question_page": [*TABLES, REFUSED, "{bare}"],
    "samenspreker.process_page": [f"{HOME}/proces"],
    "samenspreker.ask_page": [NEW],
    "samenspreker.receipt_page": [f"{NEW}/verstuurd"],
    "samenspreker.follow_page": [f"{HOME}/volgen"],
    "samenspreker.mail_link": ["{mail_link}"],
    "samenspreker.seat_mail": ["{seat_mail}"],
    "samenspreker.merged_page": ["{merged}/samengevoegd"],
    "samenspreker.step_page": [f"{path}/stap" for path in (SOLVE, CLOSED, "{bare}")],
    "samenspreker.proposal_page": [f"{SOLVE}/procesvoorstel", "{bare}/procesvoorstel"],
    "samenspreker.proposal_version": [f"{SOLVE}/procesvoorstel/versies/1"],
    "samenspreker.proposal_differences": ["{twice}/procesvoorstel/verschillen?van=1&tot=2"],
    "samenspreker.council_memo": [f"{SOLVE}/procesvoorstel/raadsmemo"],
    "samenspreker.seats_page": [f"{SOLVE}/tafel", "{bare}/tafel"],
    "samenspreker.meetings_page": [f"{SOLVE}/tafel/bijeenkomsten", "{bare}/tafel/bijeenkomsten"],
    "samenspreker.meeting_page": ["{meeting}", "{past}"],
    "samenspreker.round_list": [f"{SOLVE}/rondes", "{bare}/rondes"],
    "samenspreker.round_page": [f"{SOLVE}/rondes/1", f"{SOLVE}/rondes/2"],
    "samenspreker.option_list": [f"{DECIDE}/opties", "{bare}/opties"],
    "samenspreker.option_page": [f"{DECIDE}/opties/1", f"{DECIDE}/opties/3"],
    "samenspreker.option_differences": [f"{DECIDE}/opties/1/versies/2"],
    "samenspreker.collected": [f"{SOLVE}/inbreng", "{bare}/inbreng"],
    "samenspreker.contribution_trail": [f"{EXECUTE}/inbreng/{{answered}}"],
    "samenspreker.own_contributions": [f"{SOLVE}/mijn-inbreng"],
    "samenspreker.decision_page": [f"{EXECUTE}/besluit", "{bare}/besluit"],
    "samenspreker.decision_permalink": [f"{EXECUTE}/besluit/{{decision}}"],
    "samenspreker.actions_page": [f"{EXECUTE}/uitvoering", "{bare}/uitvoering"],
    "samenspreker.action_page": ["{action}"],
    "samenspreker.evaluation_page": [f"{CLOSED}/evaluatie", "{bare}/evaluatie"],
    "samenspreker.report_page": [f"{CLOSED}/eindverslag", "{bare}/eindverslag"],
    "samenspreker.report_version": [f"{CLOSED}/eindverslag/1", f"{CLOSED}/eindverslag/1?alles=ja"],
    "samenspreker.invitation_page": [f"{HOME}/uitnodiging/{{token}}", f"{HOME}/uitnodiging/verlopen"],
    "samenspreker.invitation_declined": [f"{HOME}/uitnodiging/beantwoord"],
    "samenspreker.invitation_mailed": [f"{HOME}/uitnodiging/verstuurd"],
}
OF_A_PARTICIPANT = {
    "samenspreker.seat_page": ["{seat}"],
    "samenspreker.seat_own": ["{seat}/mijn"],
    "samenspreker.seat_hand_over": ["{seat}/vervanger"],
    "samenspreker.seats_page": [f"{SOLVE}/tafel"],
    "samenspreker.option_page": [f"{SOLVE}/opties/1"],
    "samenspreker.own_contributions": [f"{SOLVE}/mijn-inbreng"],
    "samenspreker.question_edit": ["{own}/bewerken"],
    "samenspreker.question_withdraw": ["{own}/terugtrekken"],
    "samenspreker.support_page": [f"{SOLVE}/steun"],
    "samenspreker.ask_page": [NEW],
    "samenspreker.invitation_page": [f"{HOME}/uitnodiging/{{token}}"],
}
OF_STAFF = {
    "samenspreker.desk": [f"{HOME}/begeleiding?alle=ja"],
    "samenspreker.question_queue": [f"{HOME}/te-beoordelen"],
    "samenspreker.question_page": [SOLVE, AGENDA, "{own}"],
    "samenspreker.question_judge": ["{own}/beoordelen"],
    "samenspreker.question_merge": ["{own}/samenvoegen"],
    "samenspreker.question_unmerge": ["{merged}/losmaken"],
    "samenspreker.question_edit": [f"{SOLVE}/bewerken"],
    "samenspreker.ask_page": [NEW],
    "samenspreker.step_page": [f"{SOLVE}/stap", f"{EVALUATE}/stap"],
    "samenspreker.step_move": [f"{SOLVE}/stap/besluit", f"{EVALUATE}/stap/afronden", f"{DECIDE}/stap/oplossing"],
    "samenspreker.gate_page": [f"{SOLVE}/stap/controles/{{gate}}"],
    "samenspreker.follow_up_page": [f"{EVALUATE}/stap/vervolg"],
    "samenspreker.process_set_up": [f"{HOME}/proces/inrichten"],
    "samenspreker.gate_new": [f"{HOME}/proces/inrichten/nieuw"],
    "samenspreker.gate_edit": [f"{HOME}/proces/inrichten/{{gate}}"],
    "samenspreker.proposal_page": [f"{AGENDA}/procesvoorstel", "{bare}/procesvoorstel"],
    "samenspreker.proposal_form": [
        f"{AGENDA}/procesvoorstel/bewerken/{part}" for part in ("onderwerp", "doelen", "schaal", "deelnemers", "niveau", "aanpak")
    ],
    "samenspreker.proposal_check": [f"{AGENDA}/procesvoorstel/controleren"],
    "samenspreker.council_memo": [f"{SOLVE}/procesvoorstel/raadsmemo"],
    "samenspreker.seats_page": [f"{SOLVE}/tafel"],
    "samenspreker.seat_new": [f"{SOLVE}/tafel/stoel/nieuw"],
    "samenspreker.seat_page": ["{seat}", "{offered}"],
    "samenspreker.seat_offer": ["{free}/aanbieden"],
    "samenspreker.seat_edit": ["{seat}/bewerken"],
    "samenspreker.seat_end": ["{seat}/beeindigen"],
    "samenspreker.meetings_page": [f"{SOLVE}/tafel/bijeenkomsten"],
    "samenspreker.meeting_new": [f"{SOLVE}/tafel/bijeenkomsten/nieuw"],
    "samenspreker.meeting_page": ["{meeting}", "{past}"],
    "samenspreker.meeting_edit": ["{meeting}/bewerken"],
    "samenspreker.meeting_cancel": ["{meeting}/afgelasten"],
    "samenspreker.meeting_attendance": ["{past}/aanwezigheid"],
    "samenspreker.meeting_report": ["{past}/verslag"],
    "samenspreker.round_page": [f"{SOLVE}/rondes/2"],
    "samenspreker.round_new": [f"{SOLVE}/rondes/nieuw"],
    "samenspreker.round_edit": [f"{SOLVE}/rondes/2/bewerken"],
    "samenspreker.round_close": [f"{SOLVE}/rondes/2/afronden"],
    "samenspreker.round_cancel": [f"{SOLVE}/rondes/2/afgelasten"],
    "samenspreker.online_activity": [f"{SOLVE}/rondes/2/online"],
    "samenspreker.offline_activity": [f"{SOLVE}/rondes/2/elders"],
    "samenspreker.offline_activity_edit": [f"{SOLVE}/rondes/activiteit/{{elsewhere}}"],
    "samenspreker.option_list": [f"{SOLVE}/opties"],
    "samenspreker.option_page": [f"{SOLVE}/opties/1"],
    "samenspreker.option_new": [f"{SOLVE}/opties/nieuw"],
    "samenspreker.option_revise": [f"{SOLVE}/opties/1/bewerken"],
    "samenspreker.option_judge": [f"{AGAIN}/opties/1/beoordelen"],
    "samenspreker.option_withdraw": [f"{SOLVE}/opties/1/intrekken"],
    "samenspreker.criteria": [f"{SOLVE}/opties/criteria"],
    "samenspreker.decision_page": [f"{DECIDE}/besluit"],
    "samenspreker.decision_edit": [f"{DECIDE}/besluit/bewerken"],
    "samenspreker.decision_publish": [f"{DECIDE}/besluit/publiceren"],
    "samenspreker.actions_page": [f"{EXECUTE}/uitvoering"],
    "samenspreker.action_page": ["{action}"],
    "samenspreker.action_new": [f"{EXECUTE}/uitvoering/nieuw"],
    "samenspreker.action_edit": ["{action}/bewerken"],
    "samenspreker.action_news": ["{action}/nieuws"],
    "samenspreker.action_part": ["{action}/onderdeel"],
    "samenspreker.evaluation_page": [f"{EVALUATE}/evaluatie"],
    "samenspreker.evaluation_form": [f"{EVALUATE}/evaluatie/bewerken"],
    "samenspreker.evaluation_check": [f"{EVALUATE}/evaluatie/controleren"],
    "samenspreker.survey_form": ["{looking_back}/evaluatie/vragenlijst"],
    "samenspreker.report_page": [f"{EVALUATE}/eindverslag"],
    "samenspreker.report_form": [f"{EVALUATE}/eindverslag/bewerken"],
    "samenspreker.report_check": [f"{EVALUATE}/eindverslag/controleren"],
}


@pytest.fixture(scope="module")
def things(city):
    """What the demonstration has, and what the pages need besides."""
    return SimpleNamespace(**of_the_demonstration(city), **questions(city), **at_the_table(city), **links_in_mails(city))


def slug_of(path):
    return path.rpartition("/")[2]


def of_the_demonstration(city):
    """Things of questions of the demonstration, as their addresses or keys."""
    with city.write() as uow:

        def first(column, path, *where):
            asked = select(column).join(Question, Question.id == column.class_.question_id).where(Question.slug == slug_of(path), *where)
            return uow.session.execute(asked.limit(1)).scalar_one()

        subject = select(Question.id).where(Question.slug == slug_of(EXECUTE)).scalar_subquery()
        answered = select(Contribution.id).where(Contribution.subject_id == subject, Contribution.answered).limit(1)
        meetings = uow.session.execute(
            select(Meeting.event_id, Event.start_date)
            .join(Event, Event.id == Meeting.event_id)
            .join(Question, Question.id == Meeting.question_id)
            .where(Question.slug == slug_of(SOLVE))
            .order_by(Event.start_date)
        ).all()
        return {
            "answered": uow.session.execute(answered).scalar_one(),
            "decision": first(Decision.id, EXECUTE),
            "action": f"{EXECUTE}/uitvoering/{first(Action.id, EXECUTE, Action.parent_id.is_(None), Action.state != 'done')}",
            "offered": f"{SOLVE}/tafel/stoel/{first(Seat.id, SOLVE, Seat.state == 'offered')}",
            "past": f"{SOLVE}/tafel/bijeenkomsten/{meetings[0].event_id}",
            "meeting": f"{SOLVE}/tafel/bijeenkomsten/{meetings[-1].event_id}",
        }


def questions(city):
    """Questions with nothing yet, of a resident, that went into another, with two proposals, and that look back without survey."""
    platform = city.platform
    bare = an_accepted_question(platform, title="Een vraag waar nog niets is")
    own = a_question(platform, city.actor("resident"), title="Mag er een bankje bij de vijver?")
    merged = a_question(platform, title="Een vraag die al gesteld was")
    with city.write() as uow:
        merge(uow, merged.id, MergeQuestion(into_id=bare.id, reason="Dit gaat over hetzelfde.", version=merged.version))
    twice = an_accepted_question(platform, title="Een vraag met twee voorstellen")
    a_published_proposal(platform, twice)
    a_published_proposal(platform, twice, leeway="Alles kan nog anders.", level="coproduce")
    looking_back = in_step(platform, an_accepted_question(platform, title="Een vraag om op terug te kijken"), "evaluate")
    made = {"bare": bare, "own": own, "merged": merged, "twice": twice, "looking_back": looking_back}
    return {name: f"{HOME}/{question.slug}" for name, question in made.items()}


def at_the_table(city):
    """At the table of step 2: a seat of the resident, a free one, a check of the city and an activity elsewhere."""
    with city.write() as uow:
        question = uow.session.execute(select(Question).where(Question.slug == slug_of(SOLVE))).scalar_one()
        gate = create_gate(uow, CreateGate(step="solve", title="De wijkraad is gehoord", role="facilitator"))
        round_id = uow.session.execute(select(Round.id).where(Round.question_id == question.id, Round.number == 2)).scalar_one()
        elsewhere = add_offline_activity(uow, round_id, AddOfflineActivity(title="Wandeling door de wijk"))
    resident = city.actor("resident")
    seat = a_seat(city.platform, question, account_id=resident.account_id, title="Bewoner", holder_name="Test")
    free = a_seat(city.platform, question, state="open", holder_name="", title="Ondernemer", sector="business")
    path = f"{SOLVE}/tafel/stoel"
    return {"gate": gate.id, "elsewhere": elsewhere.id, "seat": f"{path}/{seat.id}", "free": f"{path}/{free.id}"}


def links_in_mails(city):
    """The pages that links in mails lead to."""
    asked = a_question(city.platform, title="Een vraag met een adres voor mail", email="noor@dorpsstraat.example", wants_mail=True)
    _seat, token = an_offer(
        city.platform, an_accepted_question(city.platform, title="Een tafel met een uitnodiging"), "sam@dorpsstraat.example"
    )
    with city.write() as uow:
        stop = stop_address(uow, uow.session.execute(select(Seat.id).where(Seat.title == "Bewoner")).scalar_one(), "nl")
    confirm = next(mail.text for mail in city.mail() if f"{HOME}/mail/ja/{asked.id.hex}" in mail.text)
    return {"token": token, "seat_mail": stop.removeprefix(city.url), "mail_link": re.search(rf"{HOME}/mail/ja/\S+", confirm)[0]}


def filled(table, things):
    """The addresses of a table with the names of the things in them."""
    return [path.format(**vars(things)) for paths in table.values() for path in paths]


def test_every_page_is_looked_at(city):
    endpoints = {name for name in page_endpoints(city.app) if name.startswith("samenspreker.")}
    assert endpoints == set(PUBLIC) | set(OF_A_PARTICIPANT) | set(OF_STAFF)


def test_public_pages(open_page, things):
    assert problems(open_page(PHONE), filled(PUBLIC, things)) == []


def test_pages_of_a_participant(open_page, things):
    assert problems(open_page(PHONE, role="resident"), filled(OF_A_PARTICIPANT, things)) == []


def test_pages_of_staff(open_page, things):
    assert problems(open_page(PHONE, role="manager"), filled(OF_STAFF, things)) == []


def test_pages_in_english(open_page, things):
    page = open_page(PHONE)
    parts = ("", "/procesvoorstel", "/tafel", "/rondes", "/opties", "/inbreng", "/stap")
    paths = [
        f"/en{path}"
        for path in (HOME, NEW, f"{HOME}/proces", *(SOLVE + part for part in parts), f"{EXECUTE}/besluit", f"{CLOSED}/eindverslag")
    ]
    assert problems(page, paths) == []
    assert page.evaluate("document.documentElement.lang") == "en"
