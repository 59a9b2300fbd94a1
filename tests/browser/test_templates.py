"""Every page of the core and the city passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px.

A page that is not in the table fails the first test. The pages of each block stand in a file of their own.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from samen_core.accounts.schemas import CreateToken
from samen_core.accounts.services.tokens import create_token
from samen_core.actor import system
from samen_core.blocks.schemas import ActivateBlock, PauseBlock
from samen_core.blocks.services import activate_block, pause_block
from samen_core.settings import change_settings
from samen_core.subjects import Subject, card_path
from samen_core.testing.browser import axe_violations, sideways_scroll
from samen_core.texts.services import ChangeText, change_text
from samen_core.webhooks.services import SaveWebhook, create_webhook, set_active
from tests.browser.conftest import PHONE
from tests.support.pages import link_on, page_endpoints, problems
from tests.support.paths import AXE

ORGANIZATION = "/organisaties/college-van-burgemeester-en-wethouders"
EVENT, PROJECT, PERSON, THEME = (
    "/agenda/fietstocht-langs-drie-plekken-in-rokkeveen",
    "/projecten/een-veilige-oude-klinkerstraat",
    "/personen/hanneke-zwartendijk",
    "/themas/wonen",
)

PUBLIC = {
    "home.index": ["/"],
    "search.results": ["/zoeken", "/zoeken?q=klinker", "/zoeken?q=xyzzy"],
    "catalogue.index": ["/bouwstenen"],
    "catalogue.block": ["/bouwstenen/citycontent"],
    "statements.accessibility": ["/toegankelijkheid"],
    "statements.contact": ["/contact"],
    "statements.privacy": ["/privacy"],
    "processing.index": ["/privacy/verwerkingen"],
    "statements.open_source": ["/open-source"],
    "log_in.form": ["/inloggen"],
    "log_in.ask_link_form": ["/inloggen/link"],
    "log_in.link_sent": ["/inloggen/link/verstuurd"],
    "log_in.link": ["/inloggen/link/verlopen"],
    "log_in.logged_out": ["/uitgelogd"],
    "registration.form": ["/registreren"],
    "registration.sent": ["/registreren/verstuurd"],
    "registration.confirm_form": ["/registreren/bevestigen/verlopen"],
    "password.ask_form": ["/wachtwoord-vergeten"],
    "password.sent": ["/wachtwoord-vergeten/verstuurd"],
    "password.reset_form": ["/wachtwoord-vergeten/verlopen"],
    "own_data.erased": ["/account-verwijderd"],
    "citycontent.area_list": ["/wijken"],
    "citycontent.area_page": ["/wijken/dorp", "/wijken/wijk-centrum", "/wijken/meerpolder"],
    "citycontent.my_area": ["/mijn-buurt"],
    "citycontent.organization_list": ["/organisaties", "/organisaties?q=xyzzy"],
    "citycontent.organization_page": [ORGANIZATION],
    "citycontent.person_list": ["/personen"],
    "citycontent.person_page": [PERSON],
    "citycontent.project_list": ["/projecten"],
    "citycontent.project_page": [PROJECT],
    "citycontent.agenda": ["/agenda", "/agenda?weergave=maand", "/agenda?weergave=geweest"],
    "citycontent.event_page": [EVENT],
    "citycontent.theme_list": ["/themas"],
    "citycontent.theme_page": [THEME],
    "logbook.index": ["<logbook>"],
    "an error": ["/bestaat-niet"],
}
OF_THE_MANAGER = {
    "home.index": ["/"],
    "account.overview": ["/account"],
    "account.profile": ["/account/profiel"],
    "account.email": ["/account/email"],
    "account.email_form": ["/account/email/verlopen"],
    "account.email_changed": ["/account/email/gewijzigd"],
    "password.change": ["/account/wachtwoord"],
    "devices.index": ["/account/sessies"],
    "tokens.index": ["/account/tokens"],
    "own_data.index": ["/account/gegevens"],
    "own_data.erase": ["/account/verwijderen"],
    "admin.index": ["/beheer"],
    "retention.index": ["/beheer/bewaartermijnen"],
    "blocks.index": ["/beheer/bouwstenen"],
    "blocks.block": ["/beheer/bouwstenen/citycontent"],
    "blocks.pause": ["/beheer/bouwstenen/citycontent/pauzeren"],
    "blocks.activate": ["/beheer/bouwstenen/citycontent/activeren"],
    "settings.index": ["/beheer/instellingen", "/beheer/instellingen?q=dagen", "/beheer/instellingen?q=xyzzy"],
    "settings.block": ["/beheer/instellingen/samenspreker"],
    "settings.changes": ["/beheer/instellingen/citycontent/geschiedenis"],
    "texts.index": ["/beheer/teksten", "/beheer/teksten?q=xyzzy"],
    "texts.edit": ["/beheer/teksten/core.mail_log_in/nl", "/beheer/teksten/core.privacy/en"],
    "texts.versions": ["/beheer/teksten/core.contact/nl/geschiedenis", "/beheer/teksten/core.privacy/nl/geschiedenis"],
    "webhooks.index": ["/beheer/webhooks"],
    "webhooks.new": ["/beheer/webhooks/nieuw"],
    "webhooks.webhook": ["<webhook>"],
    "webhooks.ask_delete": ["<webhook>/verwijderen"],
    "manage_accounts.index": ["/beheer/gebruikers"],
    "manage_accounts.user": ["<user>"],
    "manage_accounts.revoke": ["<revoke>"],
    "manage_accounts.block": ["<user>/blokkeren"],
    "manage_accounts.unblock": ["<user>/deblokkeren"],
    "roles.index": ["/beheer/rollen", "/beheer/rollen?voor=city&bouwsteen=citycontent"],
    "roles.permissions": ["/beheer/rollen/rechten"],
    "roles.token_list": ["/beheer/rollen/tokens"],
    "roles.revoke": ["<token>"],
    "citycontent.organization_page": [ORGANIZATION],
    "citycontent.organization_new": ["/organisaties/nieuw"],
    "citycontent.organization_edit": [f"{ORGANIZATION}/bewerken"],
    "citycontent.organization_delete": [f"{ORGANIZATION}/verwijderen"],
    "citycontent.people_list": [f"{ORGANIZATION}/mensen"],
    "citycontent.member_new": [f"{ORGANIZATION}/mensen/nieuw"],
    "citycontent.member_edit": ["<member>/bewerken"],
    "citycontent.member_delete": ["<member>/verwijderen"],
    "citycontent.post_new": [f"{ORGANIZATION}/functies/nieuw"],
    "citycontent.post_edit": ["<post>/bewerken"],
    "citycontent.post_delete": ["<post>/verwijderen"],
    "citycontent.person_new": ["/personen/nieuw"],
    "citycontent.person_edit": [f"{PERSON}/bewerken"],
    "citycontent.person_delete": [f"{PERSON}/verwijderen"],
    "citycontent.person_account": [f"{PERSON}/account"],
    "citycontent.project_new": ["/projecten/nieuw"],
    "citycontent.project_edit": [f"{PROJECT}/bewerken"],
    "citycontent.project_delete": [f"{PROJECT}/verwijderen"],
    "citycontent.event_new": ["/agenda/nieuw"],
    "citycontent.event_edit": [f"{EVENT}/bewerken"],
    "citycontent.event_move": [f"{EVENT}/verzetten"],
    "citycontent.event_cancel": [f"{EVENT}/afgelasten"],
    "citycontent.event_delete": [f"{EVENT}/verwijderen"],
    "citycontent.theme_new": ["/themas/nieuw"],
    "citycontent.theme_edit": [f"{THEME}/bewerken"],
    "citycontent.theme_delete": [f"{THEME}/verwijderen"],
}
OF_A_MEMBER = {"citycontent.unlink_person_of_account": ["/account/persoon"]}
"""Pages for who is a person of the city and member of an organisation."""

OF_A_PAUSED_BLOCK = {"permalinks.card": ["<card>"], "blocks.block": ["/beheer/bouwstenen/samenspreker"]}

NO_PAGES = {
    "permalinks.thing",
    "permalinks.thing_json",
    "permalinks.thing_linked",
    "permalinks.file",
    "own_data.download",
    "own_data.download_page",
    "own_data.download_all",
    "processing.as_json",
    "processing.as_csv",
    "retention.as_csv",
    "roles.index_csv",
    "roles.tokens_csv",
    "citycontent.agenda_feed",
    "citycontent.event_file",
    "postbox.index",  # only there in a demonstration
    "technical.static_file",
    "technical.live",
    "technical.ready",
    "technical.metrics",
    "technical.security_txt",
    "technical.robots",
    "technical.favicon",
}
"""Addresses that answer with something else than a page of their own."""


def test_every_page_is_looked_at(city):
    owned = ("inbreng", "samenspreker", "beleidsagenda", "oog_oor", "oog_oor_open311", "doe_mee")
    endpoints = {name for name in page_endpoints(city.app) if name.partition(".")[0] not in owned}
    assert endpoints - NO_PAGES == (set(PUBLIC) | set(OF_THE_MANAGER) | set(OF_A_MEMBER) | set(OF_A_PAUSED_BLOCK)) - {"an error"}


def test_public_pages(open_page):
    page = open_page(PHONE)
    page.goto(ORGANIZATION)
    permanent = page.eval_on_selector_all("main a[href^='/id/']", "links => links[0].getAttribute('href')")
    known = {"<logbook>": f"/logboek/{permanent.rsplit('/', 1)[1]}"}
    assert problems(page, [known.get(path, path) for paths in PUBLIC.values() for path in paths]) == []


def test_pages_of_the_manager(city, open_page):
    with city.platform.unit_of_work(city.actor("manager")) as uow:
        token = create_token(uow, CreateToken("Rapport", (), 30))
    with city.write() as uow:
        change_text(uow, ChangeText("core.contact", "nl", "", "Bel **14 079**.", 0))
        change_settings(uow, {"citycontent.days_ahead": 20})
        hook = create_webhook(uow, SaveWebhook(name="Zoekmachine van de raad", url="https://zoek.example/melding")).hook
        uow.session.flush()
        set_active(uow, hook.id, hook.version, active=False)
    page = open_page(PHONE, role="manager")
    user = link_on(page, "/beheer/gebruikers", r"(/beheer/gebruikers/[0-9a-f-]{36})")
    known = {
        "<user>": user,
        "<token>": f"/beheer/rollen/tokens/{token.id}/intrekken",
        "<webhook>": f"/beheer/webhooks/{hook.id}",
        "<revoke>": link_on(page, user, r"(/beheer/gebruikers/.*/intrekken)"),
        "<member>": link_on(page, f"{ORGANIZATION}/mensen", rf"({ORGANIZATION}/mensen/[0-9a-f-]{{36}})/bewerken"),
        "<post>": link_on(page, f"{ORGANIZATION}/mensen", rf"({ORGANIZATION}/functies/[0-9a-f-]{{36}})/bewerken"),
    }
    paths = [path for found in OF_THE_MANAGER.values() for path in found]
    assert problems(page, [re.sub("<.*>", lambda name: known[name[0]], path) for path in paths]) == []


def test_pages_of_a_paused_block(city, open_page):
    with city.platform.read(system("test")) as uow:
        question = uow.session.scalar(select(Subject.id).where(Subject.owner == "samenspreker", Subject.public).limit(1))
    with city.write() as uow:
        pause_block(uow, PauseBlock("samenspreker", "Wij zetten de gegevens over."))
    try:
        page = open_page(PHONE, role="manager")
        paths = [path.replace("<card>", card_path(question)) for paths in OF_A_PAUSED_BLOCK.values() for path in paths]
        assert problems(page, paths) == []
        answer = page.goto("/samenspreker")
        assert (answer.status, axe_violations(page, AXE), sideways_scroll(page)) == (503, [], [])
    finally:
        with city.write() as uow:
            activate_block(uow, ActivateBlock("samenspreker"))


def test_pages_of_a_member(open_page):
    page = open_page(PHONE, role="facilitator")
    assert problems(page, [path for paths in OF_A_MEMBER.values() for path in paths]) == []


@pytest.mark.parametrize("path", ["/en/", "/en/agenda?weergave=maand", "/en/wijken/dorp", f"/en{ORGANIZATION}"])
def test_pages_in_english(open_page, path):
    page = open_page(PHONE)
    assert problems(page, [path]) == []
    assert page.evaluate("document.documentElement.lang") == "en"


def test_forms_with_mistakes(open_page):
    page = open_page(PHONE, role="manager")
    for path in ("/organisaties/nieuw", "/agenda/nieuw", "/mijn-buurt"):
        page.set_viewport_size({"width": PHONE, "height": 900})
        page.goto(path)
        page.locator("main form").last.get_by_role("button").last.click()
        page.get_by_role("alert").wait_for()
        assert axe_violations(page, AXE) == [], path
        assert sideways_scroll(page) == [], path
