"""At the desk: the day of an officer with a case and its reporter, and somebody without account who answers at a link."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from citycontent.api import Area
from samen_core.api import stored_files
from samen_core.testing.browser import axe_violations
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Inquiry, Signal
from samen_oog_oor.schemas.inquiries import AskThirdParty
from samen_oog_oor.services.inquiries import ask_third_party, inquiry_key
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import EMAIL, a_case, a_category, a_signal
from samen_oog_oor.working_days import today
from tests.browser.conftest import PHONE
from tests.support.paths import AXE

SAID = "Bij de proeflamp is het donker."


@pytest.fixture
def reported(city):
    """A case that nobody has yet, with a reporter who can be reached, and the key of their link."""
    with city.write() as uow:
        area = uow.session.execute(select(Area).where(Area.classification == "buurt").order_by(Area.code)).scalars().first()
        title = f"Proeflamp {uuid.uuid4().hex[:6]}"
        case = a_case(uow, a_category(uow, "Proeflamp"), title=title, state="assigned", area_id=area.id)
        signal = a_signal(uow, case, text=SAID)
        tomorrow = today(uow) + timedelta(days=1)
        return SimpleNamespace(id=case.id, number=case.number, title=title, key=receipt_key(uow.platform, signal.id), tomorrow=tomorrow)


def state_of(city, case) -> str:
    """How a case stands."""
    with city.write() as uow:
        return uow.session.get_one(Case, case.id).state


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def write(page: Page, text: str) -> None:
    """Say what the reporter will read: it is looked at first, then sent."""
    page.get_by_label("Bericht aan de melders").fill(text)
    press(page, "Ga verder")
    expect(page.get_by_role("heading", name="Zo leest elke melder het")).to_be_visible()
    press(page, "Verstuur en bewaar")
    expect(page.get_by_role("heading", name="Wat er gemeld is")).to_be_visible()


@pytest.mark.soak
def test_the_day_of_an_officer(city, open_page, reported):
    desk, reporter = open_page(role="facilitator"), open_page(PHONE)
    main, told = desk.get_by_role("main"), reporter.get_by_role("main")
    desk.goto(f"{paths.DESK}?behandelaar=geen&q={reported.number}")
    main.get_by_role("link", name=reported.title, exact=True).click()
    expect(main).to_contain_text(SAID)
    press(desk, "Neem deze zaak zelf")
    desk.goto(f"{paths.DESK}?behandelaar=ik")
    main.get_by_role("link", name=reported.title, exact=True).click()
    desk.get_by_role("link", name="Vraag de melder iets").click()
    desk.get_by_label("Bericht", exact=True).fill("Welke lamp is het?")
    press(desk, "Verstuur de vraag")
    expect(main).to_contain_text("Wacht op de melder")

    reporter.goto(paths.receipt(reported.key))
    expect(told).to_contain_text("Welke lamp is het?")
    reporter.get_by_role("link", name="Geef antwoord").click()
    reporter.get_by_label("Uw antwoord").fill("De lamp naast het bankje.")
    press(reporter, "Verstuur uw antwoord")
    expect(reporter.get_by_role("heading", level=1)).to_have_text("Dank u wel")

    desk.reload()
    expect(main).to_contain_text("De lamp naast het bankje.")
    desk.get_by_role("link", name="Plan het werk in").click()
    desk.get_by_label("Op welke dag gebeurt het werk?").fill(reported.tomorrow.isoformat())
    write(desk, "Morgen komt de monteur.")
    reporter.goto(paths.receipt(reported.key))
    expect(told).to_contain_text("Morgen komt de monteur.")
    expect(told).to_contain_text("Er is een dag afgesproken")

    desk.get_by_role("link", name="Sluit af: opgelost").click()
    press(desk, "Ga verder")
    expect(desk.get_by_label("Bericht aan de melders")).to_have_attribute("aria-invalid", "true")
    assert state_of(city, reported) == "planned", "nothing is closed without words"
    write(desk, "De lamp brandt weer.")
    expect(main).to_contain_text("Opgelost")
    assert axe_violations(desk, AXE) == []
    reporter.reload()
    expect(told).to_contain_text("De lamp brandt weer.")
    expect(told.get_by_role("heading", name="Bent u tevreden?")).to_be_visible()


@pytest.fixture
def asked(city, reported):
    """A question about it to somebody without account, at a key that works once."""
    with city.write() as uow:
        ask = AskThirdParty(email="huismeester@example.org", text="Kunt u de lamp vervangen?", questions=("Wanneer?",), photos=True, days=7)
        inquiry = ask_third_party(uow, reported.id, ask)
        return SimpleNamespace(id=inquiry.id, path=paths.inquiry(inquiry_key(uow.platform, inquiry.id)))


def test_a_link_for_somebody_without_account_works_once(city, open_page, reported, asked, tmp_path: Path):
    Image.new("RGB", (64, 48), "green").save(picture := tmp_path / "lamp.png")
    page = open_page(PHONE, script=False)
    main = page.get_by_role("main")
    page.goto(asked.path)
    for shown in (reported.title, reported.number, "Markt 10", "Kunt u de lamp vervangen?"):
        expect(main).to_contain_text(shown)
    for secret in (SAID, EMAIL, "Noor"):
        expect(main).not_to_contain_text(secret)
    page.get_by_label("Wanneer?").fill("Donderdag om tien uur.")
    page.get_by_label("Bestand 1").set_input_files(picture)
    page.get_by_label("Wat is er te zien op foto 1?").fill("De nieuwe lamp")
    press(page, "Verstuur uw antwoord")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dank u wel")
    again = page.goto(asked.path)
    assert again.status == 410
    expect(main).not_to_contain_text(reported.title)
    assert state_of(city, reported) == "assigned", "it goes on where it was"
    with city.write() as uow:
        inquiry = uow.session.get_one(Inquiry, asked.id)
        (signal_id,) = uow.session.execute(select(Signal.id).where(Signal.case_id == reported.id)).scalars()
        (file,) = stored_files(uow, [signal_id])[signal_id]
        assert inquiry.answers == {"q1": "Donderdag om tien uur.", "photos": [str(file.id)]}
    assert page.goto(f"/files/{file.id}").status == 404, "for staff alone"
