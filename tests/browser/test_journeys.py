"""What people come for, from the first page to the last, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from samen_core.testing.browser import axe_violations, sideways_scroll
from tests.support.paths import AXE

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@SCRIPT
@pytest.mark.parametrize("width", [390, 1280])
def test_find_my_area(open_page, script, width):
    page = open_page(width, script=script)
    page.goto("/")
    page.get_by_label("Postcode").fill("1012 AB")
    page.get_by_label("Huisnummer").fill("1")
    page.get_by_role("button", name="Toon mijn buurt").click()
    expect(page.get_by_role("alert")).to_contain_text("Postcode 1012 AB ligt niet in")
    expect(page.get_by_label("Postcode")).to_have_value("1012 AB")
    assert "1012" not in page.url
    page.get_by_label("Postcode").fill("2712 ab")
    page.get_by_label("Huisnummer").fill("104")
    page.get_by_role("button", name="Toon mijn buurt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dorp")
    assert page.url.endswith("/wijken/dorp")
    page.get_by_role("link", name="Een veilige Oude Klinkerstraat").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Een veilige Oude Klinkerstraat")


@SCRIPT
def test_search(open_page, script):
    page = open_page(script=script)
    page.goto("/")
    page.get_by_role("searchbox", name="Zoek op deze website").fill("klinkerstraat")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_role("link", name="Een veilige Oude Klinkerstraat").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Een veilige Oude Klinkerstraat")


@SCRIPT
def test_narrow_a_list_on_a_phone(open_page, script):
    page = open_page(390, script=script)
    page.goto("/organisaties")
    page.get_by_text("Zoeken en filteren").click()
    page.get_by_label("Sector").select_option("government")
    page.get_by_role("button", name="Toon resultaten").click()
    assert "sector=government" in page.url
    first = page.locator(".samen-rows__item").first
    expect(first).to_contain_text("Overheid")
    page.get_by_role("link", name=re.compile("Overheid")).first.click()
    assert "sector" not in page.url


@SCRIPT
def test_edit_an_organization(open_page, new_organization, script):
    path = new_organization()
    page = open_page(script=script, role="manager")
    page.goto(path)
    page.get_by_role("link", name="Bewerken").click()
    page.get_by_label("In één zin").fill("Wij doen iets goeds")
    page.get_by_label("Naam", exact=True).fill("")
    page.get_by_role("button", name="Bewaar de wijzigingen").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Naam: Vul dit in.")
    expect(page.get_by_label("In één zin")).to_have_value("Wij doen iets goeds")
    alert.get_by_role("link", name="Naam").click()
    page.keyboard.type("Goede buren")
    page.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Goede buren")
    expect(page.get_by_role("status").filter(has_text="Uw wijzigingen zijn bewaard.")).to_be_visible()
    expect(page.locator(".samen-log")).to_contain_text("Gewijzigd: naam, korte beschrijving.")


@SCRIPT
def test_two_editors(open_page, new_organization, script):
    path = new_organization(abstract="Zoals het was")
    mine, theirs = open_page(script=script, role="manager"), open_page(script=script, role="manager")
    for page in (mine, theirs):
        page.goto(f"{path}/bewerken")
    theirs.get_by_label("In één zin").fill("Van de ander")
    theirs.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(theirs.get_by_role("status").filter(has_text="bewaard")).to_be_visible()

    mine.get_by_label("In één zin").fill("Van mij")
    mine.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(mine.get_by_role("alert")).to_contain_text("Iemand anders heeft dit intussen gewijzigd")
    expect(mine.get_by_label("In één zin")).to_have_value("Van mij")
    expect(mine.get_by_text("Van de ander")).to_be_visible()
    mine.get_by_label("In één zin").fill("Van ons samen")
    mine.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(mine.locator("main")).to_contain_text("Van ons samen")


@SCRIPT
def test_log_in_by_link(open_page, city, script):
    email, _password = city.log_in_of("resident")
    page = open_page(script=script)
    page.goto("/inloggen")
    page.get_by_role("link", name="Mail mij een link").click()
    page.get_by_label("E-mailadres").fill(email)
    page.locator("main form").get_by_role("button").click()
    page.wait_for_url("**/verstuurd")
    message = city.mail()[0]
    assert message.to.endswith(email) or email in message.to
    link = re.search(r"http://\S+/inloggen/link/\S+", message.text)[0]
    page.goto(link)
    log_out = page.get_by_role("button", name="Uitloggen")
    expect(log_out).not_to_be_attached()
    page.locator("main form").get_by_role("button").click()
    expect(log_out).to_be_attached()
    log_out.click()
    page.goto(link)
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("niet meer")


def test_by_keyboard(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Postcode")).to_be_focused()
    page.keyboard.type("2712AB")
    page.keyboard.press("Tab")
    page.keyboard.type("104")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dorp")


def test_every_area_on_the_map_by_keyboard(open_page):
    page = open_page()
    page.goto("/wijken")
    page.get_by_role("link", name="Zoek mijn buurt").focus()
    names = []
    for _step in range(9):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('path')).strokeWidth")
        assert float(outline.removesuffix("px")) >= 3, "one sees where one is"
    assert "Rokkeveen" in names
    assert None not in names
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[-1])


def test_focus_goes_to_the_mistakes(open_page):
    page = open_page()
    page.goto("/mijn-buurt")
    page.get_by_role("button", name="Toon mijn buurt").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Postcode")).to_be_focused()


def test_calendar_month_on_a_phone_shows_only_days_with_something_on(open_page):
    wide, narrow = open_page(1280), open_page(390)
    for page in (wide, narrow):
        page.goto("/agenda?weergave=maand")
        page.get_by_role("link", name=re.compile("20")).last.click()
    assert wide.url == narrow.url
    events = wide.locator(".city-calendar__day a").count()
    assert narrow.locator(".city-calendar__day a:visible").count() == events
    assert narrow.locator(".city-calendar__day:visible").count() < wide.locator(".city-calendar__day:visible").count()


def test_print_leaves_out_what_paper_cannot_do(open_page):
    page = open_page()
    page.goto("/organisaties/college-van-burgemeester-en-wethouders")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Burgemeester")


def check_page(page, script):
    """Axe waits for promises, which never come to who has scripts off."""
    if script:
        assert axe_violations(page, AXE) == []
        assert sideways_scroll(page) == []


@SCRIPT
def test_give_an_organization_a_picture(open_page, new_organization, tmp_path, script):
    path = new_organization()
    page = open_page(390, script=script, role="manager")
    photo = tmp_path / "buurthuis.png"
    Image.new("RGB", (1200, 800), "teal").save(photo)
    page.goto(f"{path}/bewerken")
    page.get_by_label("Kies een bestand").set_input_files(photo)
    page.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(page.get_by_role("alert")).to_contain_text("Foto: Beschrijf wat er op de foto te zien is")
    expect(page.locator("main")).to_contain_text("buurthuis.png is bewaard. U hoeft dit bestand niet opnieuw te kiezen.")
    check_page(page, script)
    page.get_by_label("Wat is er te zien op de foto?").fill("Het buurthuis van buiten")
    page.get_by_role("button", name="Bewaar de wijzigingen").click()
    picture = page.get_by_role("img", name="Het buurthuis van buiten")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("height", "800")
    check_page(page, script)
    page.goto(f"{path}/bewerken")
    page.get_by_label("Haal dit bestand weg").check()
    page.get_by_role("button", name="Bewaar de wijzigingen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Proefgroep")
    expect(picture).to_have_count(0)
