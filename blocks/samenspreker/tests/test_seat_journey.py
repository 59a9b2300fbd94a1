"""The way of an invitation in a real browser on a phone, without JavaScript: from the mail to the seat, and saying no."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import system
from samen_core.app import create_app
from samen_core.db import migrate
from samen_core.events.worker import Worker
from samen_core.platform import Platform
from samen_core.testing.browser import sideways_scroll
from samen_core.testing.mailsink import MailSink
from samen_core.testing.platforms import PASSWORD, make_config
from samen_samenspreker.models import Question
from samen_samenspreker.testing import an_accepted_question
from tests.support.installation import free_port

SAM, NOOR = "sam.bakker@dorpsstraat.example", "noor@dorpsstraat.example"


@pytest.fixture
def city(tmp_path: Path, mail_sink: MailSink) -> Iterator[tuple[str, Platform]]:
    """A city on a real server that sends its mail to the sink."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "web": {"base_url": url},
        "mail": {"transport": "smtp", "sender": "samen@zoetermeer.example", "host": mail_sink.host, "port": mail_sink.port},
        "blocks": ["citycontent", "inbreng", "samenspreker"],
    }
    platform = Platform(make_config(tmp_path, f"sqlite:///{tmp_path / 'samen.db'}", **settings))
    migrate.upgrade(platform)
    server = make_server("127.0.0.1", port, create_app(platform), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield url, platform
    server.shutdown()
    thread.join()
    platform.close()


@pytest.fixture
def phone(browser: Browser, city: tuple[str, Platform]) -> Iterator[Callable[[], Page]]:
    """``phone()``: a page in a browser of its own, 390 px wide, without JavaScript."""
    contexts = []

    def make() -> Page:
        context = browser.new_context(
            base_url=city[0], viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="nl-NL", reduced_motion="reduce"
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def link_in(platform: Platform, sink: MailSink, to: str) -> str:
    """The one link in the newest mail to this address."""
    Worker(platform).drain()
    mail = next(mail for mail in reversed(sink.messages) if mail.recipients == (to,))
    (found,) = re.findall(r"http://127\.0\.0\.1:\d+(/\S+)", mail.text)
    return str(found)


def a_table(platform: Platform) -> Question:
    question = an_accepted_question(platform, sectors=("citizens",))
    with platform.unit_of_work(system("test")) as uow:
        staff = create_account(uow, CreateAccount("kim@samen.example", "Kim de Boer", PASSWORD))
        grant_role(uow, GrantRole(account_id=staff.id, role="facilitator", scope=question.id, reason="test"))
    return question


def offer(page: Page, table: str, whom: str, email: str) -> None:
    """Put a free seat at the table and offer it."""
    page.goto(f"{table}/stoel/nieuw")
    page.get_by_label("Of: voor wie is de stoel?").fill(whom)
    page.get_by_label("Sector", exact=False).select_option("citizens")
    page.get_by_label("Rol", exact=False).select_option("participant")
    page.get_by_label("Wat wordt van deze stoel verwacht?").fill("Vertel wat u elke dag in de straat ziet.")
    page.get_by_role("button", name="Zet de stoel bij").click()
    page.get_by_role("link", name="Bied de stoel aan").click()
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur de uitnodiging").click()
    page.get_by_text("De uitnodiging is verstuurd.").wait_for()


def test_from_the_mail_to_the_table(city: tuple[str, Platform], phone: Callable[[], Page], mail_sink: MailSink) -> None:
    _url, platform = city
    question = a_table(platform)
    table = f"/samenspreker/{question.slug}/tafel"
    staff = phone()
    staff.goto(f"/inloggen?volgende={table}")
    staff.get_by_label("E-mailadres").fill("kim@samen.example")
    staff.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    staff.get_by_role("button", name="Log in").click()
    assert "Er zit nog niemand aan tafel" in staff.inner_text("main")
    offer(staff, table, "Bewoner van de Dorpsstraat", SAM)
    offer(staff, table, "Winkelier", NOOR)

    sam = phone()
    sam.goto(link_in(platform, mail_sink, SAM))
    assert question.title in sam.inner_text("main")
    assert "Vertel wat u elke dag in de straat ziet." in sam.inner_text("main")
    assert SAM not in sam.content()
    sam.get_by_label("Uw naam").fill("Sam Bakker")
    sam.get_by_role("button", name="Ja, ik doe mee").click()
    assert "Kijk in uw mail" in sam.inner_text("h1")
    sam.goto(link_in(platform, mail_sink, SAM))
    sam.get_by_role("button", name="Bevestig mijn account").click()
    assert "Wilt u een stoel aan tafel?" in sam.inner_text("h1")
    assert sam.get_by_label("Uw naam bij de stoel").input_value() == "Sam Bakker"
    sam.get_by_role("button", name="Ja, ik neem de stoel aan").click()
    assert "U zit aan tafel. Fijn dat u meedoet." in sam.inner_text("main")
    assert sideways_scroll(sam, 390) == []
    sam.goto(table)
    assert "Hier zit: Sam Bakker" in sam.inner_text("main")
    assert "U zit aan deze tafel." in sam.inner_text("main")

    noor = phone()
    noor.goto(link_in(platform, mail_sink, NOOR))
    noor.get_by_text("Nee, ik doe niet mee").click()
    noor.get_by_label("Wilt u zeggen waarom niet?").fill("Ik heb geen tijd.")
    noor.get_by_role("button", name="Zeg nee").click()
    assert "Bedankt voor uw antwoord" in noor.inner_text("h1")
    noor.go_back()
    noor.reload()
    assert "Deze uitnodiging werkt niet meer" in noor.inner_text("h1")

    staff.goto(table)
    shown = staff.inner_text("main")
    assert "Zeiden nee" in shown
    assert "Hier zit: Sam Bakker" in shown
    assert _addresses(staff, sam, noor) == []


def _addresses(*pages: Page) -> list[Any]:
    """The invited addresses that stand on these pages."""
    return [address for page in pages for address in (SAM, NOOR) if address in page.content()]
