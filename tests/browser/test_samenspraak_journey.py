"""One question from the first word to the last, in a browser: everybody does their own part, in the order of the five steps.

The stages share one city and follow each other; each is a test, so that a failure says where the journey stops.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from citycontent.models import AccountPerson
from citycontent.schemas import CreateMembership, CreateOrganization, CreatePerson
from citycontent.services.memberships import create_membership
from citycontent.services.organizations import create_organization
from citycontent.services.persons import create_person
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.api import CITY_TIME_ZONE
from samen_core.app import create_app
from samen_core.blocks.discovery import default_blocks
from samen_core.db import migrate
from samen_core.events.worker import Worker
from samen_core.platform import Parts, Platform
from samen_core.seed import seed_demo
from samen_core.testing.mailsink import MailSink, running_mail_sink
from samen_core.testing.platforms import PASSWORD, Clock, make_config
from tests.browser.conftest import City
from tests.support.installation import free_port

PHONE, DESK = 390, 1280
TITLE = "Hoe maken we de Vlamingstraat veilig voor fietsers?"
OPTION = "Fietsstraat met auto te gast"
REACTION = "Maak de oversteek bij de school breder."
ANSWER = "Er komt een brede oversteek met een verhoging."
NOOR, ACHMED = "noor@vlamingstraat.example", "achmed@fietsclub.example"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city with its own content, but without a single question; its mail goes to a real mail server, and its clock can be moved."""
    folder = tmp_path_factory.mktemp("journey")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    database = f"sqlite:///{folder / 'samen.db'}"
    with running_mail_sink() as sink:
        mail = {"transport": "smtp", "sender": "samen@zoetermeer.example", "host": sink.host, "port": sink.port}
        before = Platform(make_config(folder, database, blocks=["citycontent"], web={"base_url": url}, mail=mail))
        migrate.upgrade(before)
        seed_demo(before)
        before.close()
        clock = Clock()
        platform = Platform(make_config(folder, database, blocks=default_blocks(), web={"base_url": url}, mail=mail), Parts(clock=clock))
        migrate.upgrade(platform)
        Worker(platform).drain()
        made = JourneyCity(url, create_app(platform), platform, clock, sink)
        server = make_server("127.0.0.1", port, made.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()
        platform.close()


@dataclass(frozen=True)
class JourneyCity(City):
    """The city of the journey, with its clock and its mail server."""

    clock: Clock
    sink: MailSink

    def link_to(self, address: str, part: str) -> str:
        """The path of the newest link with this in it, in the mail to this address."""
        Worker(self.platform).drain()
        texts = [mail.text for mail in reversed(self.sink.messages) if mail.recipients == (address,)]
        return next(found[1] for text in texts if (found := re.search(rf"{self.url}(\S*{part}\S*)", text)))

    def day(self, days: int = 0) -> str:
        """A day from today on the clock of the city, as a date field takes it."""
        return (self.clock().astimezone(CITY_TIME_ZONE).date() + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def people(city: JourneyCity, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``people("facilitator")``: the browser of somebody, the same one in every stage; not of staff: a phone without JavaScript."""
    opened: dict[str, Page] = {}
    staff = ("facilitator", "decision_maker")

    def page_of(name: str) -> Page:
        if name not in opened:
            context = browser.new_context(
                base_url=city.url,
                viewport={"width": DESK if name in staff else PHONE, "height": 900},
                java_script_enabled=name in staff,
                locale="nl-NL",
                reduced_motion="reduce",
            )
            context.set_default_timeout(15_000)
            opened[name] = context.new_page()
            if name in staff:
                log_in(opened[name], *city.log_in_of(name.replace("_", "-")))
        return opened[name]

    yield page_of
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def story() -> SimpleNamespace:
    """What later stages must know: the address of the table and the codes of receipts."""
    return SimpleNamespace()


def log_in(page: Page, email: str, password: str) -> None:
    """Log in by password."""
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/account")


def fill(page: Page, **values: str) -> None:
    """Fill in fields by their name."""
    for name, value in values.items():
        page.locator(f'main [name="{name.replace("__", ".")}"]').fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Choose an answer by the name of its field."""
    field = page.locator(f'main select[name="{name}"]')
    if field.count():
        field.select_option(value)
    else:
        page.locator(f'main [name="{name}"][value="{value}"]').check()


def press(page: Page, name: str) -> None:
    """Press a button, or follow a link that looks like one."""
    page.locator("main").get_by_role("button", name=name).or_(page.locator("main").get_by_role("link", name=name)).first.click()


def says(page: Page, text: str) -> None:
    """The page says this."""
    expect(page.locator("main")).to_contain_text(text)


def test_a_resident_puts_a_question(city, people, story):
    sam = people("sam")
    sam.goto("/")
    sam.get_by_text("Menu", exact=True).click()
    sam.get_by_role("link", name="Samenspreker").first.click()
    press(sam, "Stel een vraag")
    choose(sam, "kind", "problem")
    press(sam, "Ga naar stap 2")
    expect(sam.get_by_role("alert")).to_contain_text("Wat is uw vraag? Vul dit in.")
    fill(sam, title=TITLE, description="Auto's rijden er te hard, ook langs de school.", name="Sam")
    press(sam, "Ga naar stap 2")
    says(sam, TITLE)
    press(sam, "Verstuur mijn vraag")
    expect(sam.get_by_role("heading", level=1)).to_have_text("Uw vraag is verstuurd")
    code = sam.locator("[translate=no]").inner_text()
    press(sam, "Volg uw vraag met de code")
    fill(sam, code=code.lower().replace("-", " "))
    sam.locator("main").get_by_role("button").click()
    says(sam, TITLE)
    says(sam, "Iemand van de gemeente leest uw vraag")
    assert code not in sam.url


def test_the_facilitator_puts_it_on_the_agenda(city, people, story):
    ruth = people("facilitator")
    ruth.goto("/samenspreker/begeleiding")
    press(ruth, TITLE)
    press(ruth, "Beoordeel de vraag")
    choose(ruth, "decision", "accept")
    fill(ruth, reason="Veel mensen maken zich hier zorgen over.")
    press(ruth, "Leg het besluit vast")
    says(ruth, "De vraag staat op de agenda.")
    story.table = ruth.url.removeprefix(city.url)
    press(ruth, "Bewerk de vraag")
    fill(ruth, why_now="In het voorjaar wordt de straat opengebroken.")
    choose(ruth, "area_id", ruth.locator('main select[name="area_id"] option', has_text="Dorp").first.get_attribute("value"))
    for sector in ("citizens", "civil_society"):
        choose(ruth, "sectors", sector)
    press(ruth, "Bewaar")
    expect(ruth.get_by_role("heading", level=1)).to_have_text(TITLE)


PROPOSAL = (
    {"subject": "De inrichting van de Vlamingstraat.", "not_about": "Niet de parkeertarieven.", "leeway": "Waar fietsers rijden."},
    {"goals__collect_ideas": "Wie er elke dag fietst, weet waar het misgaat."},
    {},
    {"participants__citizens": "Een brief aan alle bewoners.", "participants__civil_society": "Een gesprek met de fietsclub."},
    {"level_reason": "De raad geeft het geld."},
    {
        "approach": "Eerst kijken, dan ideeën, dan kiezen.",
        "methods_online": "Reacties op deze website.",
        "methods_offline": "Een avond op school.",
        "planning": "Eén ronde in dit kwartaal.",
        "communication": "Een brief bij elke ronde.",
        "costs": "€ 4.000 en 60 uur.",
    },
)


def test_the_proposal_is_written_in_six_steps(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/procesvoorstel")
    press(ruth, "Begin met het procesvoorstel")
    for number, values in enumerate(PROPOSAL):
        fill(ruth, **values)
        if number == 2:
            choose(ruth, "scale", "street")
            press(ruth, "Bewaar en ga later verder")
            says(ruth, "Uw tekst is bewaard.")
            ruth.goto(story.table)
            people("sam").goto(f"{story.table}/procesvoorstel")
            expect(people("sam").locator("main")).not_to_contain_text("parkeertarieven")
            ruth.goto(f"{story.table}/procesvoorstel")
            press(ruth, "Bekijk wat nog ontbreekt")
            press(ruth, "D. ")
            continue
        if number == 4:
            choose(ruth, "level", "advise")
        press(ruth, "Bewaar en ga naar stap" if number < 5 else "Bewaar en controleer alles")
    press(ruth, "Publiceer het procesvoorstel")
    says(ruth, "Versie 1 van het procesvoorstel is gepubliceerd.")
    press(ruth, "Lees de memo")
    fill(ruth, on=city.day())
    ruth.locator("main form").last.get_by_role("button").click()
    says(ruth, "Genoteerd dat de raad is geïnformeerd.")


def test_the_step_is_refused_until_everything_is_there(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/stap")
    expect(ruth.locator("main").get_by_role("link", name="Ga naar stap")).to_have_count(0)
    ruth.goto(f"{story.table}/stap/oplossing")
    says(ruth, "Nodig deelnemers uit. Minstens één moet de stoel hebben aangenomen.")
    says(ruth, "Bied een stoel aan voor de sector “Inwoners en burgerorganisaties”.")
    press(ruth, "Nodig deelnemers uit")
    assert ruth.url.endswith("/tafel")


def test_seats_are_offered_and_taken(city, people, story):
    ruth, noor, achmed = people("facilitator"), people("noor"), people("achmed")
    member(city)
    offer(ruth, story.table, NOOR, role="participant", title="Bewoner van de Vlamingstraat", sector="citizens")
    offer(ruth, story.table, ACHMED, role="participant", organization_id="Fietsclub Zoetermeer")
    noor.goto(city.link_to(NOOR, "/samenspreker/uitnodiging/"))
    says(noor, TITLE)
    noor.get_by_label("Uw naam").fill("Noor")
    press(noor, "Ja, ik doe mee")
    noor.goto(city.link_to(NOOR, "/registreren/bevestigen/"))
    press(noor, "Bevestig mijn account")
    press(noor, "Ja, ik neem de stoel aan")
    says(noor, "U zit aan tafel. Fijn dat u meedoet.")
    log_in(achmed, ACHMED, PASSWORD)
    achmed.goto(city.link_to(ACHMED, "/samenspreker/uitnodiging/"))
    press(achmed, "Ja, ik neem de stoel aan")
    says(achmed, "U zit aan tafel. Fijn dat u meedoet.")
    ruth.goto(f"{story.table}/stap")
    says(ruth, "Alles is er.")
    press(ruth, "Ga naar stap")
    ruth.locator("main form").last.get_by_role("button").click()
    says(ruth, "De vraag is nu in stap")


def member(city):
    """An account that speaks for an organisation."""
    with city.write() as uow:
        club = create_organization(uow, CreateOrganization(name="Fietsclub Zoetermeer", sector="civil_society"))
        person = create_person(uow, CreatePerson(given_name="Achmed", family_name="Fietser"))
        create_membership(uow, CreateMembership(person_id=person.id, organization_id=club.id))
        account = create_account(uow, CreateAccount(ACHMED, "Achmed Fietser", PASSWORD))
        uow.session.add(AccountPerson(account_id=account.id, person_id=person.id, linked_at=uow.now))


def offer(page, table, email, *, role, **values):
    """Put a seat at the table and offer it by mail."""
    page.goto(f"{table}/tafel")
    press(page, "Zet een stoel bij")
    choose(page, "role", role)
    if sector := values.pop("sector", ""):
        choose(page, "sector", sector)
    fill(page, responsibility="Vertel wat u elke dag in de straat ziet.", **values)
    press(page, "Zet de stoel bij")
    press(page, "Bied de stoel aan")
    fill(page, email=email)
    press(page, "Verstuur de uitnodiging")
    says(page, "De uitnodiging is verstuurd.")


def test_a_round_opens(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/rondes")
    press(ruth, "Plan een ronde")
    choose(ruth, "kind", "explore")
    fill(ruth, title="Waar gaat het mis?", purpose="Weten waar mensen zich onveilig voelen.", opens_on=city.day(), ends_on=city.day(14))
    press(ruth, "Plan de ronde")
    press(ruth, "Voeg een online activiteit toe")
    fill(ruth, title="Waar voelt u zich onveilig?", intro="Noem de plek, en wat er gebeurt.")
    press(ruth, "Zet de activiteit klaar")
    says(ruth, "De activiteit staat klaar.")


def test_a_resident_reacts_within_a_minute(city, people, story):
    """From the page of the table: open, type, send."""
    sam = people("sam")
    sam.goto(story.table)
    press(sam, "Geef uw mening")
    fill(sam, text=REACTION)
    city.clock.forward(seconds=20)
    press(sam, "Plaats uw reactie")
    says(sam, "Bedankt voor uw reactie")
    story.receipt = sam.locator("[translate=no]").inner_text()
    press(sam, "Bekijk uw reactie")
    says(sam, REACTION)
    sam.goto("/inbreng/volgen")
    fill(sam, code=story.receipt)
    press(sam, "Toon wat ermee is gedaan")
    says(sam, "Wacht op antwoord")


def test_the_answer_goes_by_theme_after_ten_minutes(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/inbreng")
    press(ruth, re.compile("Beantwoord"))
    ruth.get_by_role("checkbox", name="Kies bijdrage 1").check()
    ruth.get_by_label("Nieuw thema").fill("Oversteken bij de school")
    press(ruth, "Zet in dit thema")
    ruth.locator("main").get_by_role("link", name="Thema's").first.click()
    press(ruth, re.compile("Beantwoord dit thema"))
    choose(ruth, "outcome", "adopted")
    fill(ruth, reason=ANSWER)
    press(ruth, "Zet dit antwoord klaar")
    says(ruth, "Tot dan kunt u het intrekken.")
    ruth.goto(f"{story.table}/stap")
    says(ruth, "Wacht tot 1 antwoord is verstuurd.")
    city.clock.forward(minutes=11)
    Worker(city.platform).drain()
    ruth.goto(f"{story.table}/stap")
    expect(ruth.locator("main")).not_to_contain_text("Wacht tot 1 antwoord")


def test_the_table_weighs_an_option(city, people, story):
    ruth, noor, achmed = people("facilitator"), people("noor"), people("achmed")
    ruth.goto(f"{story.table}/opties")
    press(ruth, "Leg een oplossing op tafel")
    fill(ruth, title=OPTION, text="De auto mag erdoor, maar fietsers gaan voor.", costs="€ 40.000")
    press(ruth, "Leg de oplossing op tafel")
    says(ruth, "De oplossing ligt op tafel.")
    for page, position, reason in ((noor, "for", ""), (achmed, "against", "Maak hem ook breder.")):
        page.goto(f"{story.table}/opties")
        press(page, OPTION)
        choose(page, "position", position)
        press(page, "Bewaar wat u vindt")
        if reason:
            expect(page.get_by_role("alert").first).to_contain_text("Schrijf waarom u tegen bent.")
            fill(page, reason=reason)
            press(page, "Bewaar wat u vindt")
        says(page, "Wat u vindt, telt mee.")
    ruth.goto(f"{story.table}/opties/1")
    says(ruth, "Fietsclub Zoetermeer")
    says(ruth, "Maak hem ook breder.")


def test_the_round_closes_and_the_decision_begins(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/rondes/1")
    press(ruth, "Rond de ronde af")
    fill(ruth, agreed="De oversteek moet breder.", disagreed="Of de auto erdoor mag.", minority="De fietsclub wil geen auto's.")
    ruth.locator("main form").last.get_by_role("button").click()
    says(ruth, "De ronde is afgerond.")
    ruth.goto(f"{story.table}/stap")
    says(ruth, "Alles is er.")
    press(ruth, "Ga naar stap")
    ruth.locator("main form").last.get_by_role("button").click()
    says(ruth, "De vraag is nu in stap")


def test_the_decision_maker_weighs_and_publishes(city, people, story):
    joost = people("decision_maker")
    joost.goto(f"{story.table}/besluit")
    press(joost, "Schrijf het besluit")
    fill(joost, text="Er komt een fietsstraat.", reasons="Dat is veilig en past binnen het geld.", decided_by="college")
    joost.locator("main form").last.get_by_role("button").first.click()
    says(joost, "Het concept is bewaard.")
    expect(joost.locator("main").get_by_role("button", name="Publiceer het besluit")).to_have_count(0)
    press(joost, "Schrijf verder")
    fill(joost, organization_id="College van burgemeester en wethouders", decided_on=city.day())
    joost.get_by_label(f"Oplossing: {OPTION}").fill("Dit is de veiligste oplossing.")
    joost.get_by_label("Thema: Oversteken bij de school").fill("De oversteek wordt breder.")
    choose(joost, "option_id", joost.locator('main [name="option_id"]').locator("option").last.get_attribute("value"))
    joost.locator("main form").last.get_by_role("button").first.click()
    press(joost, "Publiceer het besluit")
    says(joost, "Het besluit is gepubliceerd.")
    sam = people("sam")
    sam.goto(f"{story.table}/besluit")
    says(sam, "De oversteek wordt breder.")


def test_the_decision_is_carried_out_with_a_delay(city, people, story):
    ruth = people("facilitator")
    move_on(ruth, story)
    ruth.goto(f"{story.table}/uitvoering")
    press(ruth, "Voeg een actie toe")
    fill(ruth, title="Oversteek verbreden", organization_id="Fietsclub Zoetermeer", due_on=city.day(30))
    press(ruth, "Zet dit op de lijst")
    action = ruth.url
    press(ruth, "Schrijf hoe het gaat")
    choose(ruth, "state", "in_progress")
    fill(ruth, due_on=city.day(60), progress="40", text="")
    press(ruth, "Zet dit nieuws erbij")
    expect(ruth.get_by_role("alert").first).to_be_visible()
    fill(ruth, text="De tegels zijn later geleverd.")
    press(ruth, "Zet dit nieuws erbij")
    people("sam").goto(action)
    says(people("sam"), "De tegels zijn later geleverd.")
    ruth.goto(action)
    press(ruth, "Schrijf hoe het gaat")
    choose(ruth, "state", "done")
    fill(ruth, progress="100", text="De oversteek is klaar.")
    press(ruth, "Zet dit nieuws erbij")
    says(ruth, "Uw nieuws staat erbij.")
    move_on(ruth, story)


def move_on(page, story):
    """Go to the next step: everything is there."""
    page.goto(f"{story.table}/stap")
    says(page, "Alles is er.")
    page.locator("main a.nl-button--primary").last.click()
    page.locator("main form").last.get_by_role("button").click()
    says(page, "De vraag is nu in stap")


def test_the_table_looks_back(city, people, story):
    ruth, sam = people("facilitator"), people("sam")
    ruth.goto(f"{story.table}/evaluatie")
    press(ruth, "Vraag de deelnemers")
    press(ruth, "Open de vragenlijst en nodig iedereen uit")
    says(ruth, "De vragenlijst is open.")
    sam.goto(f"{story.table}/evaluatie")
    sam.locator("main a[href*='/inbreng/']").first.click()
    press(sam, "Vul de vragenlijst in")
    sam.locator('main [type="radio"][value="5"]').first.check()
    press(sam, "Verstuur uw antwoorden")
    ruth.goto(f"{story.table}/evaluatie")
    press(ruth, re.compile("evaluatie$"))
    choose(ruth, "goals.collect_ideas.reached", "yes")
    fill(
        ruth, goals__collect_ideas__text="Er kwam één goed idee.", result="De straat is veilig.", process="Rustig.", lessons="Begin eerder."
    )
    press(ruth, "Bewaar en controleer alles")
    press(ruth, "Publiceer de evaluatie")
    says(ruth, "De evaluatie is gepubliceerd.")


def test_the_final_report_closes_the_question(city, people, story):
    ruth = people("facilitator")
    ruth.goto(f"{story.table}/eindverslag")
    press(ruth, "Schrijf deel A")
    for letter in "ABCDEF":
        fill(ruth, **{f"deviations.{letter}.went": "Zoals afgesproken."})
    press(ruth, "Bewaar en controleer alles")
    press(ruth, "Publiceer het eindverslag")
    says(ruth, "Het eindverslag is gepubliceerd.")
    ruth.goto(f"{story.table}/stap")
    press(ruth, "Rond de vraag af")
    ruth.locator("main form").last.get_by_role("button").click()
    says(ruth, "Deze vraag is afgerond")


def test_the_resident_reads_what_became_of_the_reaction(city, people, story):
    sam = people("sam")
    sam.goto(f"{story.table}/mijn-inbreng")
    fill(sam, code=story.receipt)
    press(sam, "Toon wat ermee is gedaan")
    says(sam, ANSWER)
    says(sam, "De oversteek wordt breder.")
    press(sam, "Volg de weg van deze bijdrage")
    says(sam, "De bijdrage staat in het eindverslag van")
    assert story.receipt not in sam.url
