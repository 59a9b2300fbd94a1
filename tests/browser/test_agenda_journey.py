"""One dossier over the blocks: made and planned, tied to a table, decided at the table, decided by the council, and everybody is told.

The stages share one city and follow each other; each is a test, so that a failure says where the journey stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from samen_core.api import CITY_TIME_ZONE
from samen_core.events.worker import Worker
from samen_core.platform import Platform
from samen_core.testing.mailsink import MailSink, running_mail_sink
from samen_inbreng.models import Contribution
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.testing import a_table
from tests.browser.conftest import City

PHONE, DESK = 390, 1280
TITLE = "Een veilige Vlamingstraat"
MOMENT = "De raad besluit over de Vlamingstraat"
DONE = "De oversteek bij de school wordt breder."
SUBJECT = "Er is besloten over iets waarover u meepraatte"
PEOPLE = ("noor@vlamingstraat.example", "achmed@fietsclub.example")


@dataclass(frozen=True)
class Post:
    """A worker of the city whose mail goes to a real mail server."""

    platform: Platform
    sink: MailSink

    def drain(self) -> None:
        """Do what is due."""
        Worker(self.platform).drain()

    def receipts(self) -> list[tuple[str, str]]:
        """To whom and with what text the receipts went."""
        self.drain()
        return sorted((mail.recipients[0], mail.text) for mail in self.sink.messages if mail.subject == SUBJECT)


@pytest.fixture(scope="module")
def post(city: City) -> Iterator[Post]:
    """A second process of the city, as ``samen worker`` is."""
    config = city.platform.config
    with running_mail_sink() as sink:
        mail = replace(config.mail, transport="smtp", host=sink.host, port=sink.port)
        platform = Platform(replace(config, mail=mail))
        yield Post(platform, sink)
        platform.close()


def day(city: City, days: int = 0) -> str:
    """A day from today as a date field takes it."""
    return (city.platform.clock().astimezone(CITY_TIME_ZONE).date() + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def people(city: City, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """``people("facilitator")``: the browser of somebody; ``sam`` is a resident with a phone without JavaScript."""
    opened: dict[str, Page] = {}

    def page_of(name: str) -> Page:
        if name not in opened:
            width, script = (PHONE, False) if name == "sam" else (DESK, True)
            context = browser.new_context(
                base_url=city.url, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="nl-NL"
            )
            context.set_default_timeout(15_000)
            page = opened[name] = context.new_page()
            if name != "sam":
                email, password = city.log_in_of(name.replace("_", "-"))
                page.goto("/inloggen")
                page.get_by_label("E-mailadres").fill(email)
                page.get_by_label("Wachtwoord", exact=True).fill(password)
                page.get_by_role("button", name="Log in").click()
                page.wait_for_url("**/account")
        return opened[name]

    yield page_of
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def story(city: City) -> SimpleNamespace:
    """A table that is about to decide, with two people who gave their opinion and want mail, and one who does not."""
    question = a_table(city.platform, step="decide", level="inform", title="Hoe maken we de Vlamingstraat veilig?")
    activity = an_activity(city.platform, question.id)
    for address, wants_mail in ((PEOPLE[0], True), (PEOPLE[1], True), ("stil@vlamingstraat.example", False)):
        given = a_contribution(city.platform, activity)
        with city.write() as uow:
            values = {"email": address, "email_confirmed_at": uow.now, "wants_mail": wants_mail}
            uow.session.execute(update(Contribution).where(Contribution.id == given.contribution.id).values(**values))
    return SimpleNamespace(table=f"/samenspreker/{question.slug}", dossier="", moment="")


def fill(page: Page, **values: str) -> None:
    """Fill in fields by their name."""
    for name, value in values.items():
        page.locator(f'main [name="{name}"]').fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Choose an answer by the name of its field."""
    field = page.locator(f'main select[name="{name}"]')
    if field.count():
        field.select_option(value)
    else:
        page.locator(f'main [name="{name}"][value="{value}"]').check()


def send(page: Page) -> None:
    """Press the button of the form that the page is for."""
    page.locator("main #form button.nl-button--primary").click()


def says(page: Page, text: str) -> None:
    """The page says this."""
    expect(page.locator("main")).to_contain_text(text)


def test_a_dossier_is_made_and_becomes_public(city, people, story):
    ruth, joost = people("facilitator"), people("decision_maker")
    ruth.goto("/beleidsagenda/dossiers/nieuw")
    fill(ruth, title=TITLE, summary="De gemeente maakt de straat veilig. U merkt dat als u er fietst.")
    send(ruth)
    says(ruth, "Het dossier is bewaard als concept.")
    story.dossier = ruth.url.removeprefix(city.url)
    assert people("sam").goto(story.dossier).status == 404
    joost.goto(story.dossier)
    joost.locator("main").get_by_role("link", name="Openbaar maken").first.click()
    send(joost)
    says(joost, "Het is nu openbaar.")
    assert people("sam").goto(story.dossier).status == 200


def test_the_council_plans_a_moment_with_a_say(city, people, story):
    joost, sam = people("decision_maker"), people("sam")
    joost.goto(f"/beleidsagenda/planning/nieuw?dossier={story.dossier.rpartition('/')[2]}")
    fill(joost, title=MOMENT, period=day(city, 30), say_how="Spreek in bij de raad.")
    choose(joost, "kind", "decision")
    choose(joost, "body_id", joost.locator('main select[name="body_id"] option', has_text="raad").first.get_attribute("value"))
    choose(joost, "has_say", "true")
    choose(joost, "publish", "true")
    send(joost)
    says(joost, "Het moment is gepland.")
    story.moment = joost.url.rpartition("/")[2]
    sam.goto(story.dossier)
    says(sam, MOMENT)
    says(sam, "U kunt hierover meepraten")
    says(sam, "Spreek in bij de raad.")


def test_the_table_is_tied_to_the_dossier_and_shows_it(city, people, story):
    ruth, sam = people("facilitator"), people("sam")
    ruth.goto(story.dossier)
    ruth.locator("main").get_by_role("link", name="Koppel samenspraak").click()
    fill(ruth, thing="geen adres", asked="Hoe wordt de straat veilig?")
    send(ruth)
    expect(ruth.get_by_role("alert").first).to_contain_text("niets dat iedereen kan zien")
    fill(ruth, thing=f"{city.url}{story.table}/tafel")
    send(ruth)
    says(ruth, "De samenspraak is gekoppeld.")
    sam.goto(story.dossier)
    says(sam, "Het procesvoorstel is gepubliceerd")
    sam.goto(story.table)
    says(sam, "Op de beleidsagenda")
    says(sam, MOMENT)


def test_the_table_decides_and_the_dossier_says_so(city, people, post, story):
    joost, sam = people("decision_maker"), people("sam")
    joost.goto(f"{story.table}/besluit")
    joost.locator("main").get_by_role("link", name="Schrijf het besluit").first.click()
    fill(joost, text="Er komt een fietsstraat.", reasons="Dat is veilig.", decided_by="college", decided_on=day(city))
    fill(joost, organization_id="College van burgemeester en wethouders")
    joost.locator("main form").last.get_by_role("button").first.click()
    joost.locator("main").get_by_role("button", name="Publiceer het besluit").or_(
        joost.locator("main").get_by_role("link", name="Publiceer het besluit")
    ).first.click()
    says(joost, "Het besluit is gepubliceerd.")
    post.drain()
    sam.goto(story.dossier)
    says(sam, "De tafel heeft besloten")
    assert post.receipts() == []


def test_the_council_decides_and_everybody_who_took_part_is_told_once(city, people, post, story):
    joost, sam = people("decision_maker"), people("sam")
    joost.goto(f"/beleidsagenda/besluiten/nieuw?moment={story.moment}")
    fill(joost, title="De Vlamingstraat wordt een fietsstraat", text="De raad stemt in.", participation=DONE, decided_on=day(city))
    choose(joost, "result", "adopted")
    if joost.locator('main [name="publish"]').count():
        choose(joost, "publish", "true")
    send(joost)
    says(joost, "Het besluit is vastgelegd.")
    decision = joost.url.removeprefix(city.url)
    receipts = post.receipts()
    assert [address for address, _text in receipts] == sorted(PEOPLE)
    for _address, text in receipts:
        for part in ("De Vlamingstraat wordt een fietsstraat", "De raad stemt in.", DONE, f"{city.url}{decision}"):
            assert part in text
    assert post.receipts() == receipts
    sam.goto(story.table)
    says(sam, "De Vlamingstraat wordt een fietsstraat")
    says(sam, "Besluit van")
    sam.goto(story.dossier)
    says(sam, "De Vlamingstraat wordt een fietsstraat")
    expect(sam.locator("main")).not_to_contain_text("Spreek in bij de raad.")
