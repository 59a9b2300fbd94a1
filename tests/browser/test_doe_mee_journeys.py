"""Doe Mee in a browser: reacting within a minute, an idea that ends at the table, a plan from its first word to what was done with it.

The clock of this city is moved by hand: time to read before sending, minutes in which an answer can be taken back, the weeks of a round.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from samen_core.api import CITY_TIME_ZONE
from samen_core.events.worker import Worker
from samen_core.platform import Parts
from samen_core.testing.browser import axe_violations, sideways_scroll
from samen_core.testing.platforms import Clock
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, Plan
from samen_inbreng.api import Contribution
from tests.browser.conftest import DESK, PHONE, City, demo_city
from tests.support.paths import AXE

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock of this city."""
    return Clock()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[City]:
    """A demonstration city with a clock of its own."""
    with demo_city(tmp_path_factory, Parts(clock=clock)) as city:
        yield city


def heading(page: Page, text: str) -> None:
    """Wait for a page."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def whole(page: Page, text: str) -> None:
    """Wait for a page, which is for everybody on any screen."""
    heading(page, text)
    assert axe_violations(page, AXE) == [], text
    assert sideways_scroll(page) == []


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def main(page: Page) -> str:
    """What the page says."""
    return page.get_by_role("main").inner_text()


@pytest.mark.parametrize("script", [False, True])
def test_reacting_takes_three_taps_and_one_sentence(city: City, clock: Clock, open_page: Open, script: bool) -> None:
    """On a phone, without account: what to do is on the front page, and nothing but the reaction itself has to be filled in."""
    text = f"Bij de bocht is het donker, {uuid.uuid4().hex[:6]}."
    page = open_page(PHONE, script=script)
    page.goto(paths.HOME)
    page.get_by_role("region", name="Nu meedoen").get_by_role("link", name="Wat moet er beter in de straat?").click()
    expect(page.get_by_role("main")).to_contain_text("Duurt 1 minuut. U hebt geen account nodig.")
    required = page.locator("main [required]:visible, main [aria-required=true]:visible")
    assert required.count() <= 1
    page.get_by_label("Uw reactie").fill(text)
    clock.forward(seconds=10)
    press(page, "Plaats uw reactie")
    heading(page, "Bedankt dat u meedeed")
    code = page.locator(".inbreng-code").inner_text()
    with city.write() as uow:
        kept = uow.session.execute(select(Contribution).where(Contribution.text == text)).scalar_one()
        assert (kept.state, kept.account_id) == ("published", None)
    page.goto("/doe-mee/meedoen/wat-moet-er-beter-in-de-straat")
    expect(page.get_by_role("article").first).to_contain_text(text)
    assert code not in main(page)


def test_an_empty_reaction_says_what_lacks_and_nothing_is_lost(clock: Clock, open_page: Open) -> None:
    page = open_page(PHONE, script=False)
    page.goto("/doe-mee/meedoen/wat-moet-er-beter-in-de-straat")
    page.get_by_label("Uw naam").fill("Sam")
    clock.forward(seconds=10)
    press(page, "Plaats uw reactie")
    expect(page.get_by_role("alert")).to_contain_text("Dit moet nog anders")
    expect(page.get_by_label("Uw naam")).to_have_value("Sam")


def test_an_idea_is_supported_answered_and_goes_to_the_table(city: City, clock: Clock, open_page: Open) -> None:
    title = f"Een bank bij bushalte {uuid.uuid4().hex[:6]}"
    author = open_page(PHONE, script=False)
    idea = proposed(author, clock, title)
    for _person in range(3):
        supported(open_page(PHONE, script=False), idea)
    with city.write() as uow:
        found = uow.session.execute(select(Idea).where(Idea.title == title)).scalar_one()
        assert (found.supports, found.open_supports) == (0, 3)
        slug = found.slug
    staff = open_page(DESK, role="moderator")
    answered(staff, clock, title, slug)
    author.goto(idea)
    expect(author.get_by_role("main")).to_contain_text("Wij gaan bij de halte kijken.")
    question = passed_on(staff, title)
    Worker(city.platform).drain()
    accepted(open_page(DESK, role="facilitator"), question)
    Worker(city.platform).drain()
    author.goto(idea)
    expect(author.get_by_role("main")).to_contain_text("ligt nu op tafel")
    author.get_by_role("main").get_by_role("link", name=question).first.click()
    heading(author, question)


def proposed(page: Page, clock: Clock, title: str) -> str:
    """Propose an idea without account; the address of its page."""
    page.goto(paths.IDEAS)
    page.get_by_role("link", name="Dien een idee in").click()
    page.get_by_label("Wat is uw idee, in één zin?").fill(title)
    page.get_by_label("Vertel er meer over").fill("Wie op de bus wacht kan dan zitten. Er is plaats naast de paal.")
    press(page, "Ga naar stap 2")
    expect(page.get_by_role("heading", name="Lijkt uw idee op een van deze?")).to_be_visible()
    clock.forward(seconds=10)
    press(page, "Mijn idee is anders: verstuur het")
    expect(page.get_by_role("alert")).to_contain_text("Dit moet nog anders")
    page.get_by_label("De hele stad").check()
    clock.forward(seconds=10)
    press(page, "Mijn idee is anders: verstuur het")
    expect(page.get_by_role("heading", level=2, name="Bewaar uw code")).to_be_visible()
    page.get_by_role("link", name="Bekijk uw idee").click()
    heading(page, title)
    return page.url


def supported(page: Page, idea: str) -> None:
    """Support an idea in a browser of somebody without account, twice: it is one voice."""
    page.goto(idea)
    press(page, "Ik steun dit idee")
    expect(page.get_by_role("region", name="Steun")).to_contain_text("U steunt dit idee.")
    page.goto(idea)
    expect(page.get_by_role("button", name="Ik steun dit idee")).to_have_count(0)


def answered(page: Page, clock: Clock, title: str, slug: str) -> None:
    """Staff finds the idea, takes it on and answers it."""
    page.goto(f"{paths.DESK_IDEAS}?q={slug.rpartition('-')[2]}")
    page.get_by_role("link", name=title).click()
    whole(page, title)
    press(page, "Plaats het antwoord")
    expect(page.get_by_role("alert")).to_contain_text("Dit moet nog anders")
    page.get_by_label("In gesprek").check()
    page.get_by_label("Uw antwoord").fill("Wij gaan bij de halte kijken.")
    press(page, "Plaats het antwoord")
    expect(page.get_by_role("status").first).to_be_visible()


def passed_on(page: Page, title: str) -> str:
    """Lay the idea before the table as a question; the question."""
    question = f"Hoe krijgt elke bushalte een zitplaats? ({title[-6:]})"
    page.get_by_role("link", name="Naar de tafel").click()
    page.get_by_label("Welke vraag legt u voor?").fill(question)
    page.get_by_label("Uw antwoord").fill("Dit geldt voor meer haltes. Daarom praten wij er samen over.")
    press(page, "Leg de vraag voor")
    whole(page, title)
    return question


def accepted(page: Page, question: str) -> None:
    """The facilitator takes the question on."""
    page.goto("/samenspreker/begeleiding")
    page.get_by_role("link", name=question).first.click()
    page.get_by_role("link", name="Beoordeel de vraag").first.click()
    page.locator("main [name=decision][value=accept]").check()
    page.locator("main [name=reason]").fill("Dit speelt bij veel haltes.")
    press(page, "Leg het besluit vast")
    expect(page.get_by_role("status").first).to_contain_text("De vraag staat op de agenda.")


def test_a_plan_from_the_wizard_to_what_was_done(city: City, clock: Clock, open_page: Open) -> None:
    story = SimpleNamespace(title=f"De Proefstraat {uuid.uuid4().hex[:6]}", text="Leg een drempel bij de school.")
    staff, visitor = open_page(DESK, role="manager"), open_page(PHONE, script=False)
    begun(staff, clock, story)
    published(staff, story)
    reacted(visitor, clock, story)
    clock.forward(days=29)
    # Whoever was logged in four weeks ago is not any more.
    staff = open_page(DESK, role="manager")
    replied(staff, clock, story)
    Worker(city.platform).drain()
    closed(staff, story)
    visitor.goto(paths.DONE)
    card = visitor.get_by_role("region", name="Resultaten").get_by_role("listitem").filter(has_text=story.title)
    expect(card).to_contain_text("Mensen willen een drempel.")
    expect(card).not_to_contain_text("te laat")
    visitor.goto(story.plan)
    expect(visitor.get_by_role("main")).to_contain_text("Er komt een drempel.")
    with city.write() as uow:
        assert uow.session.execute(select(func.count()).select_from(Plan).where(Plan.title == story.title)).scalar_one() == 1


def begun(page: Page, clock: Clock, story: SimpleNamespace) -> None:
    """Begin a plan from a blueprint; its first round starts today."""
    page.goto(paths.DESK_PLANS)
    page.get_by_role("link", name="Maak een plan").first.click()
    page.get_by_label("Titel").fill(story.title)
    page.get_by_label("Straat herinrichten").check()
    page.get_by_label("Wanneer begint de eerste ronde?").fill(clock().astimezone(CITY_TIME_ZONE).date().isoformat())
    press(page, "Begin met het plan")
    whole(page, story.title)
    story.desk = page.url.partition("/stap/")[0]
    story.plan = story.desk.replace(paths.DESK_PLANS, paths.PLANS)


def published(page: Page, story: SimpleNamespace) -> None:
    """Fill in what the check names, one thing after the other, look at the plan as it will be, and make it public."""
    page.goto(f"{story.desk}/controle")
    whole(page, story.title)
    page.get_by_role("link", name="Invloed: Schrijf wie beslist, en wanneer.").click()
    page.get_by_label("Wie beslist, en wanneer?").fill("Het college, in maart 2027.")
    press(page, "Bewaar en ga naar stap 6")
    page.goto(f"{story.desk}/controle")
    page.get_by_role("link", name=re.compile("^Contact:")).click()
    page.get_by_label("E-mailadres").fill("geen adres")
    press(page, "Bewaar en controleer alles")
    expect(page.get_by_label("E-mailadres")).to_have_value("geen adres")
    page.get_by_label("E-mailadres").fill("straat@zoetermeer.example")
    press(page, "Bewaar en controleer alles")
    expect(page.get_by_role("heading", name="Alles is ingevuld")).to_be_visible()
    page.get_by_role("link", name="Voorbeeld op een telefoon").click()
    whole(page, "Voorbeeld op een telefoon")
    expect(page.get_by_role("region", name="Voorbeeld van de pagina")).to_contain_text(story.title)
    page.go_back()
    press(page, "Maak het plan openbaar")
    expect(page.get_by_role("status").first).to_contain_text("Het plan is openbaar.")


def reacted(page: Page, clock: Clock, story: SimpleNamespace) -> None:
    """Somebody without account reacts in the first round."""
    page.goto(story.plan)
    page.get_by_role("link", name="Wat moeten wij weten over deze straat?").first.click()
    page.get_by_label("Uw reactie").fill(story.text)
    clock.forward(seconds=10)
    press(page, "Plaats uw reactie")
    heading(page, "Bedankt dat u meedeed")


def replied(page: Page, clock: Clock, story: SimpleNamespace) -> None:
    """What came in gets its answer from the work list, and every activity its result."""
    page.goto(story.desk)
    page.get_by_role("link", name="Antwoorden", exact=True).last.click()
    expect(page.get_by_role("region", name="Resultaten")).to_contain_text(story.text)
    page.get_by_label("Kies bijdrage 1").check()
    press(page, "Beantwoord de keuze")
    page.get_by_label("Overgenomen", exact=True).check()
    page.get_by_label("Waarom?").fill("Er komt een drempel bij de school.")
    press(page, "Zet dit antwoord klaar")
    expect(page.get_by_role("status").first).to_be_visible()
    clock.forward(minutes=11)
    page.goto(f"{story.desk}/rondes")
    page.get_by_role("link", name=re.compile("^Schrijf het resultaat en sluit af")).first.click()
    story.closing = page.url
    while (left := page.get_by_role("link", name=re.compile("^Schrijf de uitslag"))).count():
        left.first.click()
        page.get_by_label("Wat kwam eruit?").fill("Mensen willen een drempel bij de school.")
        press(page, "Maak de uitslag openbaar")
        page.goto(story.closing)


def closed(page: Page, story: SimpleNamespace) -> None:
    """Close the round; first without what is done with it."""
    page.goto(story.closing)
    page.get_by_label("Wat hebben wij gehoord?").fill("Mensen willen een drempel.")
    press(page, "Sluit de ronde af")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf wat u ermee doet, of waarom niet.")
    expect(page.get_by_label("Wat hebben wij gehoord?")).to_have_value("Mensen willen een drempel.")
    page.get_by_label("Wat doen wij ermee?").fill("Er komt een drempel.")
    press(page, "Sluit de ronde af")
    expect(page.get_by_role("status").first).to_contain_text("De ronde is afgesloten.")
