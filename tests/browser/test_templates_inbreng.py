"""Every page of the block of contributions passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from samen_inbreng.api import (
    Activity,
    AddTheme,
    ChooseContributions,
    WriteAnswer,
    add_theme,
    put_in_theme,
    write_answer,
)
from samen_inbreng.schemas.contribution import HideContribution
from samen_inbreng.services.moderating import hide_contribution
from samen_inbreng.testing import FORM, a_contribution, an_activity
from tests.browser.conftest import PHONE
from tests.support.pages import page_endpoints, problems

OPEN, CLOSED, SURVEY = "uw-idee-voor-meerzicht", "vertel-wat-u-merkt-van-het-parkeren", "hoe-vond-u-het-meepraten-over-de-kornoeljelaan"

PUBLIC = {
    "inbreng.overview_page": ["/inbreng"],
    "inbreng.activity_page": [f"/inbreng/{OPEN}", f"/inbreng/{CLOSED}", "/inbreng/{empty}", "/inbreng/{asking}", f"/inbreng/{SURVEY}"],
    "inbreng.contribution_page": [f"/inbreng/{OPEN}/bijdragen/1", f"/inbreng/{CLOSED}/bijdragen/1", "/inbreng/{empty}/bijdragen/{hidden}"],
    "inbreng.thanks_page": [f"/inbreng/{OPEN}/bedankt"],
    "inbreng.questionnaire": [f"/inbreng/{SURVEY}/invullen"],
    "inbreng.questionnaire_result": [f"/inbreng/{SURVEY}/uitslag"],
    "inbreng.all_answers": ["/inbreng/antwoorden"],
    "inbreng.report": ["/inbreng/onderwerp/{subject}/verslag"],
    "inbreng.follow_page": ["/inbreng/volgen"],
    "inbreng.confirm_page": ["/inbreng/bevestigen/verlopen"],
    "inbreng.stop_page": ["/inbreng/geen-mail/verlopen"],
}
OF_THE_AUTHOR = {
    "inbreng.mine_page": ["/inbreng/mijn"],
    "inbreng.edit_page": ["/inbreng/{asking}/bijdragen/{own}/aanpassen"],
    "inbreng.withdraw_page": ["/inbreng/{asking}/bijdragen/{own}/intrekken"],
    "inbreng.activity_page": [f"/inbreng/{OPEN}"],
}
OF_STAFF = {
    "inbreng.mine_page": ["/inbreng/mijn"],
    "inbreng.new_page": ["/inbreng/nieuw?onderwerp={subject}"],
    "inbreng.edit_activity_page": [f"/inbreng/{OPEN}/bewerken", "/inbreng/{empty}/bewerken"],
    "inbreng.close_page": [f"/inbreng/{OPEN}/sluiten"],
    "inbreng.enter_page": [f"/inbreng/{OPEN}/invoeren"],
    "inbreng.hide_page": [f"/inbreng/{OPEN}/bijdragen/1/verbergen"],
    "inbreng.show_again_page": ["/inbreng/{empty}/bijdragen/{hidden}/tonen"],
    "inbreng.questionnaire_entry": [f"/inbreng/{SURVEY}/lijst-invoeren"],
    "inbreng.questionnaire_open": [f"/inbreng/{SURVEY}/open-antwoorden"],
    "inbreng.questionnaire_paper": [f"/inbreng/{SURVEY}/papier"],
    "inbreng.desks": ["/inbreng/beantwoorden"],
    "inbreng.desk": ["/inbreng/onderwerp/{subject}/beantwoorden?stand=all", "/inbreng/onderwerp/{bare}/beantwoorden"],
    "inbreng.answer": ["/inbreng/onderwerp/{subject}/antwoord?bijdrage={waiting}", "/inbreng/onderwerp/{subject}/antwoord?thema={theme}"],
    "inbreng.queue": ["/inbreng/onderwerp/{subject}/klaar", "/inbreng/onderwerp/{bare}/klaar"],
    "inbreng.theme_list": ["/inbreng/onderwerp/{subject}/themas", "/inbreng/onderwerp/{bare}/themas"],
    "inbreng.theme_edit": ["/inbreng/onderwerp/{subject}/themas/{theme}/bewerken"],
    "inbreng.theme_merge": ["/inbreng/onderwerp/{subject}/themas/{theme}/samenvoegen"],
    "inbreng.report": ["/inbreng/onderwerp/{subject}/verslag", "/inbreng/onderwerp/{bare}/verslag"],
}
NO_PAGES = {"inbreng.questionnaire_csv", "inbreng.report_csv"}


def filled(table, things):
    """The addresses of a table with the names of the things in them."""
    return [path.format(**vars(things)) for paths in table.values() for path in paths]


@pytest.fixture(scope="module")
def things(city):
    """What the demonstration has, and what the pages need besides: something empty, hidden, written but not sent, and of a resident."""
    platform = city.platform
    with city.write() as uow:
        shown = uow.session.execute(select(Activity).where(Activity.slug == OPEN)).scalar_one()
        bare = uow.session.execute(select(Activity.subject_id).where(Activity.slug == "uw-idee-voor-het-veld")).scalar_one()
    subject = shown.subject_id
    empty = an_activity(platform, subject, title="Een lege activiteit")
    asking = an_activity(platform, subject, title="Een activiteit met vragen", form=FORM)
    said = a_contribution(platform, empty, "Dit staat hier niet lang.").contribution
    answered = a_contribution(platform, asking, "Hier komt een antwoord op.", answers={"gebruik": "soms", "cijfer": 4}).contribution
    waiting = a_contribution(platform, asking, "Dit wacht.", answers={"gebruik": "soms", "cijfer": 2}).contribution
    own = a_contribution(platform, asking, "Dit is van mij.", city.actor("resident"), answers={"gebruik": "soms", "cijfer": 3}).contribution
    with city.write() as uow:
        hide_contribution(uow, said.id, HideContribution(code="other", reason="Dit was een proef.", version=said.version))
        theme = add_theme(uow, subject, AddTheme(title="Proefthema"))
        put_in_theme(uow, theme.id, ChooseContributions(contribution_ids=(waiting.id,)))
        write_answer(uow, subject, WriteAnswer(outcome="partly", reason="Een deel nemen wij over.", contribution_ids=(answered.id,)))
    return SimpleNamespace(
        subject=subject,
        bare=bare,
        empty=empty.slug,
        asking=asking.slug,
        hidden=said.number,
        own=own.number,
        waiting=waiting.id,
        theme=theme.id,
    )


def test_every_page_is_looked_at(city):
    endpoints = {name for name in page_endpoints(city.app) if name.startswith("inbreng.")}
    assert endpoints - NO_PAGES == set(PUBLIC) | set(OF_THE_AUTHOR) | set(OF_STAFF)


def test_public_pages(open_page, things):
    assert problems(open_page(PHONE), filled(PUBLIC, things)) == []


def test_pages_of_the_author(open_page, things):
    assert problems(open_page(PHONE, role="resident"), filled(OF_THE_AUTHOR, things)) == []


def test_pages_of_staff(open_page, things):
    assert problems(open_page(PHONE, role="manager"), filled(OF_STAFF, things)) == []


def test_pages_in_english(open_page, things):
    page = open_page(PHONE)
    paths = [
        f"/en{path}"
        for path in ("/inbreng", f"/inbreng/{OPEN}", f"/inbreng/{SURVEY}/uitslag", f"/inbreng/onderwerp/{things.subject}/verslag")
    ]
    assert problems(page, paths) == []
    assert page.evaluate("document.documentElement.lang") == "en"
