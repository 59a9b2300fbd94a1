"""Every page of Doe Mee passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content.

Each table says at which addresses an endpoint is looked at; ``{name}`` in one stands for what :func:`things` has under that name.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from samen_core.api import Form, Question, form_to_json, uuid7
from samen_doe_mee import paths
from samen_doe_mee.models import ExternalResult, Meeting, Plan, ReadyText, Round, TookPart
from samen_doe_mee.plan_steps import BY_CODE, ROUNDS
from samen_doe_mee.schemas.plan_parts import AddDocument, WriteNews
from samen_doe_mee.services.blueprints import all_blueprints
from samen_doe_mee.services.plan_documents import add_document
from samen_doe_mee.services.plan_news import write_news
from samen_doe_mee.services.result_mails import stop_link
from samen_doe_mee.testing import make_plan, make_round
from samen_doe_mee.testing_activities import a_reaction, a_round, an_activity
from samen_doe_mee.testing_pages import of_ideas, pages, wrong_file
from samen_doe_mee.testing_polls import CHOICES, a_meeting
from tests.browser.conftest import PHONE
from tests.support.pages import page_endpoints, problems

IDEA, PLAN = f"{paths.IDEAS}/{{idea}}", f"{paths.PLANS}/{{plan}}"
WORK_IDEA, WORK_PLAN = f"{paths.DESK_IDEAS}/{{idea}}", f"{paths.DESK_PLANS}/{{plan}}"
WORK, WORK_MEETING = f"{paths.DESK}/activiteiten", f"{paths.DESK}/bijeenkomsten/{{meeting}}"
KINDS = ("reactions", "text", "map_points", "questionnaire", "poll", "external")

PUBLIC: dict[str, list[str]] = {
    # what there is to do
    "doe_mee.home": [paths.HOME],
    "doe_mee.near_me": [paths.NEAR_ME],
    "doe_mee.overview_map": [paths.MAP],
    "doe_mee.feeds_page": [paths.FEEDS],
    "doe_mee.done_list": [paths.DONE, f"{paths.DONE}?q=xyzzy"],
    # ideas
    "doe_mee.idea_list": [paths.IDEAS, f"{paths.IDEAS}?q=xyzzy"],
    "doe_mee.idea_page": [IDEA, f"{paths.IDEAS}/{{bare}}"],
    "doe_mee.idea_new": [paths.NEW_IDEA, f"{paths.NEW_IDEA}?soort=uitdaging"],
    "doe_mee.idea_code": [f"{paths.IDEAS}/mijn-code"],
    "doe_mee.idea_confirm": ["{confirm}"],
    "doe_mee.voice_page": [f"{paths.CONFIRM}/{{voice}}"],
    "doe_mee.no_mail_page": ["{no_mail}", f"{paths.NO_IDEA_MAIL}/verlopen"],
    # plans
    "doe_mee.plan_list": [paths.PLANS, f"{paths.PLANS}?q=xyzzy"],
    "doe_mee.plan_page": [PLAN, f"{paths.PLANS}/{{new_plan}}"],
    "doe_mee.plan_proposal": [f"{PLAN}/procesvoorstel"],
    "doe_mee.share_page": [f"{address}/deel" for address in (IDEA, PLAN, f"{paths.ACTIVITIES}/{{reactions}}")],
    "doe_mee.stop_page": ["{stop}", f"{paths.NO_MAIL}/verlopen"],
    # taking part
    "doe_mee.activity_page": [f"{paths.ACTIVITIES}/{{{kind}}}" for kind in KINDS],
    "doe_mee.thanks_page": [f"{paths.ACTIVITIES}/{{reactions}}/bedankt"],
    "doe_mee.go_on_later": [f"{paths.ACTIVITIES}/{{questionnaire}}/verder"],
    "doe_mee.questionnaire_paper": [f"{paths.ACTIVITIES}/{{questionnaire}}/papier"],
    "doe_mee.meeting_page": [f"{paths.MEETINGS}/{{meeting}}"],
    "doe_mee.own_registration": ["{registration}"],
}
OF_A_RESIDENT: dict[str, list[str]] = {
    "doe_mee.own_page": [paths.OWN],
    "doe_mee.idea_page": [f"{paths.IDEAS}/{{own}}"],
    "doe_mee.idea_edit": [f"{paths.IDEAS}/{{own}}/bewerken"],
    "doe_mee.idea_withdraw": [f"{paths.IDEAS}/{{own}}/intrekken"],
    "doe_mee.carried_ideas": [paths.CARRY],
    "doe_mee.carry_idea": [f"{paths.CARRY}/{{carry}}"],
}
OF_STAFF: dict[str, list[str]] = {
    # ideas
    "doe_mee.desk_ideas": [paths.DESK_IDEAS, f"{paths.DESK_IDEAS}?q=xyzzy"],
    "doe_mee.desk_idea": [WORK_IDEA, f"{paths.DESK_IDEAS}/{{bare}}"],
    "doe_mee.desk_idea_merge": [f"{WORK_IDEA}/samenvoegen"],
    "doe_mee.desk_idea_unmerge": ["{unmerge}"],
    "doe_mee.desk_idea_hide": [f"{WORK_IDEA}/verbergen"],
    "doe_mee.desk_idea_show": ["{show}"],
    "doe_mee.desk_idea_pass_on": [f"{WORK_IDEA}/doorgeven"],
    "doe_mee.desk_idea_project": [f"{WORK_IDEA}/project"],
    "doe_mee.idea_news_hide": [f"{paths.IDEAS}/{{own}}/nieuws/{{idea_news}}/verbergen"],
    "doe_mee.idea_news_show": [f"{paths.IDEAS}/{{own}}/nieuws/{{hidden_news}}/tonen"],
    # a plan
    "doe_mee.desk_plan_list": [paths.DESK_PLANS, f"{paths.DESK_PLANS}?q=xyzzy"],
    "doe_mee.desk_plan_page": [WORK_PLAN, f"{paths.DESK_PLANS}/{{draft}}"],
    "doe_mee.desk_plan_tie": [f"{WORK_PLAN}/koppelen"],
    "doe_mee.plan_new": [f"{paths.DESK_PLANS}/nieuw"],
    "doe_mee.plan_step": [f"{paths.DESK_PLANS}/{{draft}}/stap/{code}" for code in BY_CODE if code != ROUNDS],
    "doe_mee.plan_check": [f"{paths.DESK_PLANS}/{{draft}}/controle", f"{WORK_PLAN}/controle"],
    "doe_mee.plan_preview": ["{preview}"],
    "doe_mee.plan_withdraw": [f"{WORK_PLAN}/intrekken"],
    "doe_mee.figures_page": [f"{WORK_PLAN}/cijfers", f"{paths.DESK_PLANS}/{{new_plan}}/cijfers"],
    "doe_mee.posters_of_plan": [f"{WORK_PLAN}/posters"],
    "doe_mee.desk_news": [f"{WORK_PLAN}/nieuws", f"{paths.DESK_PLANS}/{{new_plan}}/nieuws"],
    "doe_mee.desk_news_edit": [f"{WORK_PLAN}/nieuws/{{news}}"],
    "doe_mee.desk_documents": [f"{WORK_PLAN}/documenten", f"{paths.DESK_PLANS}/{{new_plan}}/documenten"],
    "doe_mee.desk_document_new": [f"{WORK_PLAN}/documenten/nieuw"],
    "doe_mee.desk_document_edit": [f"{WORK_PLAN}/documenten/{{document}}"],
    "doe_mee.desk_colleagues": [f"{WORK_PLAN}/collegas"],
    # its rounds
    "doe_mee.desk_rounds": [f"{WORK_PLAN}/rondes", f"{paths.DESK_PLANS}/{{draft}}/rondes"],
    "doe_mee.desk_round_new": [f"{WORK_PLAN}/rondes/nieuw"],
    "doe_mee.desk_round_edit": [f"{WORK_PLAN}/rondes/{{round}}/bewerken"],
    "doe_mee.closing_page": [f"{WORK_PLAN}/rondes/{{round}}/afsluiten", f"{WORK_PLAN}/rondes/{{closed}}/afsluiten"],
    "doe_mee.reopening_page": [f"{WORK_PLAN}/rondes/{{closed}}/heropenen"],
    # an activity
    "doe_mee.desk_activity": [f"{WORK}/{{{kind}}}" for kind in KINDS],
    "doe_mee.desk_activity_new": [
        f"{WORK}/nieuw?ronde={{round_id}}",
        *(f"{WORK}/nieuw?ronde={{round_id}}&soort={kind}" for kind in KINDS),
    ],
    "doe_mee.desk_activity_edit": [f"{WORK}/{{{kind}}}/bewerken" for kind in KINDS],
    "doe_mee.desk_activity_remove": ["{remove}"],
    "doe_mee.desk_activity_enter": [f"{WORK}/{{reactions}}/invoeren"],
    "doe_mee.desk_questionnaire_enter": [f"{WORK}/{{questionnaire}}/lijst-invoeren"],
    "doe_mee.result_page": [f"{WORK}/{{reactions}}/uitslag"],
    "doe_mee.desk_externals": [f"{WORK}/{{external}}/uitslagen", f"{WORK}/{{poll}}/uitslagen"],
    "doe_mee.desk_external_new": [f"{WORK}/{{external}}/uitslagen/nieuw"],
    "doe_mee.desk_external_edit": [f"{WORK}/{{external}}/uitslagen/{{result}}"],
    "doe_mee.desk_external_remove": [f"{WORK}/{{external}}/uitslagen/{{result}}/weg"],
    # meetings
    "doe_mee.desk_meetings": [f"{paths.DESK_PLANS}/{{meeting_plan}}/bijeenkomsten", f"{WORK_PLAN}/bijeenkomsten"],
    "doe_mee.desk_meeting_new": [f"{WORK_PLAN}/bijeenkomsten/nieuw"],
    "doe_mee.desk_meeting_tie": [f"{WORK_PLAN}/bijeenkomsten/koppelen"],
    "doe_mee.desk_meeting": [WORK_MEETING],
    "doe_mee.desk_meeting_change": [f"{WORK_MEETING}/wijzigen"],
    "doe_mee.desk_meeting_cancel": [f"{WORK_MEETING}/afgelasten"],
    "doe_mee.desk_attendance": [f"{WORK_MEETING}/aanwezigen"],
    "doe_mee.desk_report": [f"{WORK_MEETING}/verslag"],
    # answers
    "doe_mee.answer_list": [paths.DESK_ANSWERS, f"{paths.DESK_ANSWERS}?q=xyzzy"],
    "doe_mee.answer_write": [f"{paths.DESK_ANSWERS}/antwoord?bijdrage={{contribution}}"],
    "doe_mee.answers_import": [f"{paths.DESK_ANSWERS}/inlezen"],
    "doe_mee.answers_preview": [f"{paths.DESK_ANSWERS}/inlezen/{{wrong_file}}"],
    "doe_mee.text_list": [paths.DESK_TEXTS],
    "doe_mee.text_new": [f"{paths.DESK_TEXTS}/nieuw"],
    "doe_mee.text_edit": [f"{paths.DESK_TEXTS}/{{ready_text}}"],
    "doe_mee.text_remove": [f"{paths.DESK_TEXTS}/{{ready_text}}/weg"],
    "doe_mee.blueprint_list": [paths.BLUEPRINTS],
    "doe_mee.blueprint_new": [f"{paths.BLUEPRINTS}/nieuw"],
    "doe_mee.blueprint_edit": [f"{paths.BLUEPRINTS}/{{blueprint}}"],
}
IN_ENGLISH = [paths.HOME, paths.IDEAS, IDEA, paths.NEW_IDEA, PLAN, f"{paths.ACTIVITIES}/{{poll}}", paths.DONE]
"""Addresses that are looked at under /en too: one of every shape."""
NO_PAGES = {
    "doe_mee.activity_csv",
    "doe_mee.activity_json",
    "doe_mee.activity_map",
    "doe_mee.agenda",
    "doe_mee.answers_csv",
    "doe_mee.answers_xlsx",
    "doe_mee.desk",
    "doe_mee.feed",
    "doe_mee.figures_csv",
    "doe_mee.idea_point_map",
    "doe_mee.idea_sent",
    "doe_mee.meeting_list",
    "doe_mee.picture",
    "doe_mee.poster",
    "doe_mee.short_link",
}
"""Endpoints that answer with something else than a page: files, feeds, pictures, what leads on. And what is shown once after an idea was
sent, which the journeys look at.
"""
QUESTIONS = Form(
    (
        Question("komt", "one_choice", "Hoe vaak komt u er?", required=True, options=(("vaak", "Vaak"), ("soms", "Soms"))),
        Question("mist", "long_text", "Wat mist u?"),
    )
)
OPTIONS = {
    "text": {"text": "# Visie op het park\n\nHet park komt aan het water.\n\n## Verkeer\n\n- bomen\n- banken"},
    "questionnaire": {"form": form_to_json(QUESTIONS)},
    "poll": {"choices": CHOICES},
    "external": {"choices": ["Meer bomen", "Meer water"]},
}


@pytest.fixture(scope="module")
def things(city):
    """What the pages are of, as the parts of their addresses."""
    round_id = a_round(city.platform)
    activities = {kind: an_activity(city.platform, round_id, type=kind, options=OPTIONS.get(kind, {})) for kind in KINDS}
    made = {kind: activity.slug for kind, activity in activities.items()}
    made["contribution"] = a_reaction(city.platform, activities["reactions"]).id
    made["meeting"] = a_meeting(city.platform, places=20)
    resident, manager = city.actor("resident"), city.actor("manager")
    with city.write() as uow:
        made |= of_ideas(uow, resident) | of_a_plan(uow, resident, manager, round_id, activities)
    for _visitor, address in pages(city.platform):
        for name, end in (("unmerge", "/losmaken"), ("show", "/tonen"), ("preview", "/voorbeeld"), ("remove", "/weghalen")):
            if address.endswith(end):
                made[name] = address
        if address.startswith(paths.REGISTRATION):
            made["registration"] = address
    return SimpleNamespace(**made)


def of_a_plan(uow, resident, manager, round_id, activities):
    """A plan with one of everything on it, one with nothing, and a draft."""
    found = uow.session.get_one(Round, round_id)
    plan = uow.session.get_one(Plan, found.plan_id)
    closed = make_round(uow, plan, title="Ronde 0", closed_at=uow.now, heard="Meer groen.", done="Dat komt er.")
    took = TookPart(
        id=uuid7(),
        plan_id=plan.id,
        activity_id=activities["poll"].id,
        who="te bekijken",
        at=uow.now,
        account_id=resident.account_id,
    )
    result = ExternalResult(
        id=uuid7(),
        activity_id=activities["external"].id,
        channel="meeting",
        held_on=(uow.now - timedelta(days=2)).date(),
        people=12,
        source="Avond in het buurthuis",
        entered_at=uow.now,
    )
    text = ReadyText(id=uuid7(), plan_id=plan.id, name="Bedankt", text="Dank u wel voor uw reactie.")
    uow.session.add_all([took, result, text])
    meeting_plan = (
        uow.session.execute(select(Plan.slug).join(Meeting, Meeting.plan_id == Plan.id).order_by(Meeting.id.desc())).scalars().first()
    )
    uow.session.flush()
    stop = stop_link(uow, took.id, "nl")
    return {
        "plan": plan.slug,
        "round": found.slug,
        "round_id": found.id,
        "closed": closed.slug,
        "new_plan": make_plan(uow, "Een plan zonder iets").slug,
        "draft": make_plan(uow, "Een plan in de maak", state="draft", published_at=None).slug,
        "meeting_plan": meeting_plan,
        "news": write_news(uow, plan.id, WriteNews(title="Wij beginnen", text="Vandaag begint het.")).id,
        "document": add_document(uow, plan.id, AddDocument(title="Kaart", url="https://example.org/kaart")).id,
        "result": result.id,
        "ready_text": text.id,
        "wrong_file": wrong_file(uow, manager),
        "blueprint": all_blueprints(uow)[0].key,
        "stop": stop[stop.index(paths.NO_MAIL) :],
    }


def filled(table, things):
    """The addresses of a table with the names of the things in them."""
    return [path.format(**vars(things)) for paths_of_one in table.values() for path in paths_of_one]


def test_every_page_is_looked_at(city):
    endpoints = {name for name in page_endpoints(city.app) if name.startswith("doe_mee.")}
    assert endpoints - NO_PAGES == set(PUBLIC) | set(OF_A_RESIDENT) | set(OF_STAFF)


def test_public_pages(open_page, things):
    assert problems(open_page(PHONE), filled(PUBLIC, things)) == []


def test_pages_of_a_resident(open_page, things):
    assert problems(open_page(PHONE, role="resident"), filled(OF_A_RESIDENT, things)) == []


def test_pages_of_staff(open_page, things):
    """Each once; in the long run at the other addresses too, with other content."""
    firsts = {endpoint: addresses[:1] for endpoint, addresses in OF_STAFF.items()}
    assert problems(open_page(PHONE, role="manager"), filled(firsts, things)) == []


@pytest.mark.soak
def test_more_pages_of_staff(open_page, things):
    others = {endpoint: addresses[1:] for endpoint, addresses in OF_STAFF.items()}
    assert problems(open_page(PHONE, role="manager"), filled(others, things)) == []


def test_pages_in_english(open_page, things):
    page = open_page(PHONE)
    assert problems(page, [f"/en{path.format(**vars(things))}" for path in IN_ENGLISH]) == []
    assert page.evaluate("document.documentElement.lang") == "en"
