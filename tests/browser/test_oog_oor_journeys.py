"""A resident with a phone: reporting without internet, and joining what was reported before instead of reporting it again.

What takes long is in the long tests; beside each of those stands a short one of the same.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from citycontent.api import AddressBookEntry, Area
from samen_core.api import File
from samen_core.testing.browser import axe_violations, sideways_scroll
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.testing import a_case, a_category, a_signal
from tests.browser.conftest import PHONE
from tests.support.paths import AXE

OFFLINE = f"{paths.REPORT}/offline"
PHONE_NUMBER = "06-12345678"


@pytest.fixture(scope="module")
def put(city):
    """A category of its own that asks something, an address, and the open case that lies there."""
    with city.write() as uow:
        buurt = uow.session.execute(select(Area).where(Area.classification == "buurt").order_by(Area.code)).scalars().first()
        where = {"lat": buurt.lat, "lon": buurt.lon, "area_id": buurt.id}
        # The addresses of the demonstration only tell the buurt.
        uow.session.add(address := AddressBookEntry(postcode="2799ZZ", house_number=7, **where))
        question = {"name": "deksel", "kind": "short_text", "label": "Welk deksel?", "required": True}
        category = a_category(uow, "Proefput", words="proefput", radius=50, form={"version": 1, "questions": [question]})
        case = a_case(uow, category, title="Proefput verzakt", public_text="Het deksel ligt scheef.", **where)
        a_signal(uow, case)
        return SimpleNamespace(postcode=address.postcode, number="7", lat=buurt.lat, lon=buurt.lon, area=buurt.name, case_id=case.id)


@pytest.fixture
def photo(tmp_path) -> Path:
    """A picture as a phone makes it: it says where it was taken."""
    image = Image.effect_noise((640, 480), 60).convert("RGB")
    exif = image.getexif()
    exif[0x010F] = "Proefcamera"
    image.save(path := tmp_path / "foto.jpg", exif=exif)
    return path


@pytest.fixture
def text() -> str:
    """What is reported: nothing else in the city says the same."""
    return f"De proefput {uuid.uuid4().hex[:8]} zakt weg, bel {PHONE_NUMBER}"


def kept(city, text: str) -> list[SimpleNamespace]:
    """What came in of a text, with or without the telephone number in it."""
    with city.write() as uow:
        rows = uow.session.execute(select(Signal).where(Signal.text.startswith(text.partition(",")[0]))).scalars()
        files = select(func.count()).select_from(File)
        return [
            SimpleNamespace(
                text=row.text,
                code=row.code,
                answers=row.answers,
                case_id=row.case_id,
                place=(row.lat, row.lon),
                files=uow.session.execute(files.where(File.owner_id == row.id)).scalar_one(),
            )
            for row in rows
        ]


def say(page: Page, name: str = "Ga verder") -> None:
    """Press the button that goes on."""
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, text: str) -> None:
    """Wait for a step."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def join(page: Page) -> None:
    """Join the case that lies there; the other tests report in the same place."""
    page.get_by_role("listitem").filter(has_text="Proefput verzakt").get_by_role("button", name="Dit is hetzelfde: sluit aan").click()


def whole(page: Page) -> None:
    """The step is for everybody, on any screen."""
    assert axe_violations(page, AXE) == [], page.get_by_role("heading", level=1).inner_text()
    assert sideways_scroll(page) == []


def until_place(page: Page, text: str, photo: Path | None = None) -> None:
    """The first two steps."""
    page.goto(paths.REPORT)
    page.get_by_label("Wat wilt u vertellen?").fill(text)
    if photo is not None:
        page.get_by_label("Kies of maak een foto").set_input_files(photo)
    say(page)
    heading(page, "Waar gaat het over?")
    expect(page.get_by_label("Proefput")).to_be_checked()
    say(page)
    heading(page, "Waar is het?")


@pytest.mark.parametrize("script", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_joining_an_existing_case(city, open_page, put, text, script):
    page = open_page(PHONE, script=script)
    until_place(page, text)
    page.get_by_label("Postcode").fill(put.postcode)
    page.get_by_label("Huisnummer").fill(put.number)
    page.keyboard.press("Enter")
    heading(page, "Is dit al gemeld?")
    expect(page.get_by_role("main")).to_contain_text("Het deksel ligt scheef.")
    if script:
        whole(page)
    join(page)
    page.get_by_label("Welk deksel?").fill("het ronde")
    say(page)
    heading(page, "Klopt alles?")
    expect(page.get_by_role("main")).to_contain_text("U sluit aan bij wat al gemeld is.")
    if script:
        whole(page)
    say(page, "Verstuur de melding")
    heading(page, "Bedankt voor uw melding")
    expect(page.get_by_role("main")).to_contain_text("hoort nu bij wat anderen al meldden")
    (signal,) = kept(city, text)
    assert signal.case_id == put.case_id
    assert signal.text.endswith("bel [telefoonnummer]")
    assert signal.answers == {"deksel": "het ronde"}
    expect(page.get_by_role("main")).to_contain_text(signal.code)
    page.get_by_role("link", name="Volg uw melding").click()
    heading(page, "Mijn melding: Proefput")


def written(page: Page, text: str, **more: str) -> None:
    """Fill in the form that the browser keeps."""
    page.get_by_label("Wat wilt u vertellen?").fill(text)
    page.get_by_label("Waar gaat het over?").select_option(label="Hoofdgroep van Proefput: Proefput")
    for label, value in more.items():
        page.get_by_label(label).fill(value)


def queue(page: Page, says: str) -> None:
    """What the page says of the report that is kept."""
    expect(page.locator("#oog-queue li").last).to_contain_text(says, timeout=20_000)


def test_a_report_without_internet_is_sent_once_there_is(city, open_page, put, text, photo):
    page = open_page(PHONE)
    page.goto(OFFLINE)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.context.set_offline(True)
    written(page, text, Postcode=put.postcode, Huisnummer=put.number)
    page.get_by_label("Foto’s").set_input_files(photo)
    say(page, "Bewaar en verstuur")
    queue(page, "Nog niet verstuurd")
    assert kept(city, text) == []
    page.context.set_offline(False)
    queue(page, "Verstuurd.")
    (signal,) = kept(city, text)
    queue(page, signal.code)
    assert signal.text.endswith("bel [telefoonnummer]")
    assert (signal.files, signal.place) == (1, (put.lat, put.lon))


@pytest.fixture
def phone(open_page) -> Page:
    """A phone that saw the form once, so that its browser keeps it."""
    page = open_page(PHONE)
    page.goto(paths.REPORT)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    if not page.context.service_workers:
        page.context.wait_for_event("serviceworker")
    return page


@pytest.mark.soak
def test_the_form_opens_without_internet_and_what_waits_survives(city, phone, put, text, photo):
    context = phone.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": put.lat, "longitude": put.lon})
    context.set_offline(True)
    phone.goto(paths.REPORT)
    heading(phone, "Melden zonder internet")
    expect(phone.locator("#oog-state")).to_contain_text("geen internet")
    say(phone, "Bewaar en verstuur")
    for told in ("Schrijf op wat u ziet of hoort", "Kies waar uw melding over gaat", "Vertel waar het is"):
        expect(phone.get_by_role("alert")).to_contain_text(told)
    written(phone, text)
    say(phone, "Gebruik mijn plek")
    expect(phone.locator("#oog-located")).to_contain_text("gevonden")
    phone.get_by_label("Foto’s").set_input_files(photo)
    say(phone, "Bewaar en verstuur")
    queue(phone, "Nog niet verstuurd")
    phone.reload()
    queue(phone, "Nog niet verstuurd")
    whole(phone)
    say(phone, "Pas deze melding aan")
    queue(phone, "U past deze melding aan")
    phone.get_by_label("Wat wilt u vertellen?").fill(f"{text}, ook op zondag")
    say(phone, "Bewaar en verstuur")
    expect(phone.locator("#oog-queue li")).to_have_count(1)
    assert kept(city, text) == []
    phone.close()
    phone = context.new_page()
    context.set_offline(False)
    phone.goto(paths.REPORT)
    phone.get_by_role("link", name="Bekijk nummer en code").click()
    queue(phone, "Verstuurd.")
    phone.goto(paths.REPORT)
    expect(phone.get_by_role("link", name="Bekijk nummer en code")).to_be_hidden()
    phone.goto(OFFLINE)
    (signal,) = kept(city, text)
    assert signal.files == 1
    assert signal.text.endswith("bel [telefoonnummer], ook op zondag")
    phone.get_by_role("link", name="Volg deze melding").click()
    expect(phone.get_by_role("main")).to_contain_text(signal.code)


@pytest.mark.soak
def test_internet_that_goes_away_at_the_last_step_loses_nothing(city, phone, put, text, photo):
    until_place(phone, text, photo)
    phone.get_by_label("Postcode").fill(put.postcode)
    phone.get_by_label("Huisnummer").fill(put.number)
    say(phone)
    join(phone)
    phone.get_by_label("Welk deksel?").fill("het ronde")
    say(phone)
    heading(phone, "Klopt alles?")
    phone.context.set_offline(True)
    say(phone, "Verstuur de melding")
    heading(phone, "Melden zonder internet")
    expect(phone.get_by_label("Wat wilt u vertellen?")).to_have_value(text)
    expect(phone.locator("#oog-along")).to_be_visible()
    say(phone, "Bewaar en verstuur")
    queue(phone, "Nog niet verstuurd")
    phone.context.set_offline(False)
    queue(phone, "Verstuurd.")
    (signal,) = kept(city, text)
    assert (signal.case_id, signal.files, signal.answers) == (put.case_id, 1, {"deksel": "het ronde"})


@pytest.mark.soak
def test_an_answer_that_is_lost_does_not_double_the_report(city, open_page, put, text):
    page = open_page(PHONE)
    page.goto(OFFLINE)

    page.route("**/verzenden", lambda route: (route.fetch(), route.abort()))
    written(page, text, Postcode=put.postcode, Huisnummer=put.number)
    with page.expect_event("requestfailed"):
        say(page, "Bewaar en verstuur")
    queue(page, "Nog niet verstuurd")
    assert len(kept(city, text)) == 1, "it came in, but the phone does not know"
    page.unroute("**/verzenden")
    page.reload()
    queue(page, "Verstuurd.")
    (signal,) = kept(city, text)
    queue(page, signal.code)


@pytest.mark.soak
def test_what_is_refused_can_be_mended_with_the_picture_that_was_chosen(city, open_page, put, text, photo):
    page = open_page(PHONE)
    page.goto(OFFLINE)
    written(page, text, Postcode="9999 ZZ", Huisnummer="1")
    page.get_by_label("Foto’s").set_input_files(photo)
    say(page, "Bewaar en verstuur")
    queue(page, "er moet iets anders")
    queue(page, "9999 ZZ")
    page.reload()
    queue(page, "er moet iets anders")
    say(page, "Pas deze melding aan")
    assert page.get_by_label("Foto’s").evaluate("input => input.files.length") == 1
    page.get_by_label("Postcode").fill("")
    page.get_by_label("Huisnummer").fill("")
    page.get_by_label("Buurt").select_option(label=f"\u2003{put.area}")
    say(page, "Bewaar en verstuur")
    queue(page, "Verstuurd.")
    (signal,) = kept(city, text)
    assert signal.files == 1


@pytest.mark.soak
def test_a_picture_in_the_form_is_kept_through_every_mistake(city, open_page, put, text, photo):
    page = open_page(PHONE)
    page.goto(paths.REPORT)
    page.get_by_label("Kies of maak een foto").set_input_files(photo)
    say(page)
    whole(page)
    expect(page.get_by_role("alert")).to_contain_text("Wat wilt u vertellen?")
    expect(page.get_by_role("main")).to_contain_text("Foto 1 is bewaard.")
    page.get_by_label("Wat wilt u vertellen?").fill(text)
    say(page)
    whole(page)
    say(page)
    say(page)
    expect(page.get_by_role("alert")).to_contain_text("Vertel waar het is")
    whole(page)
    page.get_by_label("Buurt").select_option(label=f"\u2003{put.area}")
    say(page, "Open de kaart van de buurt")
    whole(page)
    page.locator("[name=punt]").click(position={"x": 144, "y": 100})
    expect(page.get_by_role("main")).to_contain_text("Het punt dat u koos")
    whole(page)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": put.lat, "longitude": put.lon})
    say(page, "Gebruik mijn plek")
    expect(page.locator("#oog-located")).to_contain_text("gevonden")
    expect(page.get_by_role("main")).not_to_contain_text("Het punt dat u koos")
    say(page)
    if page.get_by_role("button", name="Geen van deze: ga verder").count():
        say(page, "Geen van deze: ga verder")
    say(page)
    expect(page.get_by_role("alert")).to_contain_text("Welk deksel?")
    whole(page)
    page.get_by_label("Welk deksel?").fill("het ronde")
    say(page)
    say(page, "Verstuur de melding")
    heading(page, "Bedankt voor uw melding")
    whole(page)
    (signal,) = kept(city, text)
    with city.write() as uow:
        assert uow.session.get_one(Case, signal.case_id).lat is not None
    assert signal.files == 1
