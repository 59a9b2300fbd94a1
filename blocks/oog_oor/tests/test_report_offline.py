"""A phone without internet: the report is kept, sent once when there is internet again, and everything that was typed stays."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.app import SamenFlask
from samen_core.testing.browser import axe_violations, running_browser, sideways_scroll
from samen_oog_oor.models import Signal
from samen_oog_oor.testing import a_category

pytestmark = pytest.mark.soak
AXE = Path(__file__).parents[3] / "tests" / "tools" / "node_modules" / "axe-core" / "axe.min.js"
REPORT = "/oog-en-oor/melden"
TEXT = "De lamp bij de school brandt niet, bel 06-12345678"


@pytest.fixture
def site(app: SamenFlask, platform: Platform) -> Iterator[str]:
    """The address of a server with a buurt and a category."""
    with platform.unit_of_work(system("test")) as uow:
        wijk = make_area(uow, "Centrum", "wijk")
        make_area(uow, "Palenstein", parent_code=wijk.code)
    a_category(platform, "Straatverlichting", words="lamp\nlantaarnpaal")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def phone(site: str) -> Iterator[Page]:
    """A phone in the buurt, that has seen the form once."""
    with running_browser() as browser:
        context = browser.new_context(
            base_url=site,
            viewport={"width": 390, "height": 844},
            locale="nl-NL",
            geolocation={"latitude": 52.005, "longitude": 4.415},
            permissions=["geolocation"],
        )
        page = context.new_page()
        page.goto(REPORT)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield page
        context.close()


def texts(platform: Platform) -> list[Any]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(Signal)).scalars())


def test_a_report_waits_and_is_sent_once(phone: Page, platform: Platform) -> None:
    phone.context.set_offline(True)
    phone.goto(REPORT)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Melden zonder internet")
    expect(phone.locator("#oog-state")).to_contain_text("geen internet")
    phone.get_by_role("button", name="Bewaar en verstuur").click()
    expect(phone.get_by_role("alert")).to_contain_text("Dit moet nog anders")
    phone.get_by_label("Wat wilt u vertellen?").fill(TEXT)
    phone.get_by_label("Waar gaat het over?").select_option(index=1)
    phone.get_by_role("button", name="Gebruik mijn plek").click()
    expect(phone.locator("#oog-located")).to_contain_text("gevonden")
    phone.get_by_role("button", name="Bewaar en verstuur").click()
    expect(phone.locator("#oog-queue li")).to_contain_text("Nog niet verstuurd")
    phone.reload()
    expect(phone.locator("#oog-queue li")).to_contain_text("Nog niet verstuurd")
    assert texts(platform) == []
    phone.context.set_offline(False)
    expect(phone.locator("#oog-queue li")).to_contain_text("Verstuurd.", timeout=20_000)
    [signal] = texts(platform)
    expect(phone.locator("#oog-queue li")).to_contain_text(signal.code)
    assert signal.text == TEXT.replace("06-12345678", "[telefoonnummer]")
    assert (signal.lat, signal.lon) == (52.005, 4.415)
    phone.goto(f"{REPORT}/offline")
    expect(phone.locator("#oog-queue li")).to_contain_text("Verstuurd.")
    phone.get_by_role("link", name="Volg deze melding").click()
    expect(phone.locator("main")).to_contain_text(signal.code)
    assert len(texts(platform)) == 1


def test_what_was_typed_when_the_internet_went_away_is_kept(phone: Page, platform: Platform) -> None:
    phone.get_by_label("Wat wilt u vertellen?").fill(TEXT)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Verder").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Melden zonder internet")
    expect(phone.get_by_label("Wat wilt u vertellen?")).to_have_value(TEXT)
    assert texts(platform) == []


def test_what_is_refused_can_be_mended(phone: Page, platform: Platform) -> None:
    phone.goto(f"{REPORT}/offline")
    phone.get_by_label("Wat wilt u vertellen?").fill(TEXT)
    phone.get_by_label("Waar gaat het over?").select_option(index=1)
    phone.get_by_role("button", name="Bewaar en verstuur").click()
    expect(phone.locator("#oog-queue li")).to_contain_text("er moet iets anders")
    phone.get_by_role("button", name="Pas deze melding aan").click()
    expect(phone.get_by_label("Wat wilt u vertellen?")).to_have_value(TEXT)
    phone.get_by_label("Buurt").select_option(label="\u2003Palenstein")
    phone.get_by_role("button", name="Bewaar en verstuur").click()
    expect(phone.locator("#oog-queue li")).to_contain_text("Verstuurd.")
    assert len(texts(platform)) == 1


@pytest.mark.parametrize("path", [REPORT, f"{REPORT}/offline", f"/en{REPORT}/offline"])
def test_the_pages_are_for_everybody(phone: Page, path: str) -> None:
    phone.goto(path)
    assert axe_violations(phone, AXE) == []
    assert sideways_scroll(phone) == []


def test_a_report_in_the_browser_with_the_place_of_the_phone(phone: Page, platform: Platform) -> None:
    phone.get_by_label("Wat wilt u vertellen?").fill(TEXT)
    for _step in range(5):
        assert axe_violations(phone, AXE) == [], phone.get_by_role("heading", level=1).inner_text()
        assert sideways_scroll(phone) == []
        if os.environ.get("SAMEN_PICTURES"):
            name = phone.get_by_role("heading", level=1).inner_text().replace(" ", "-").rstrip("?")
            phone.screenshot(path=f"{os.environ['SAMEN_PICTURES']}/{name}.png", full_page=True)
        locate = phone.get_by_role("button", name="Gebruik mijn plek")
        if locate.count():
            locate.click()
            expect(phone.locator("#oog-located")).to_contain_text("gevonden")
        phone.get_by_role("button", name="Verder").or_(phone.get_by_role("button", name="Verstuur de melding")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Bedankt voor uw melding")
    assert axe_violations(phone, AXE) == []
    assert len(texts(platform)) == 1
