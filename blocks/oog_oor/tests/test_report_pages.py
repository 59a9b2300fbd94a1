"""Reporting on the pages: step by step, without JavaScript, and without losing anything."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from citycontent.api import AddressBookEntry
from citycontent.testing import make_area
from samen_core.api import Platform, anonymous, system
from samen_core.testing.platforms import Outbox
from samen_core.testing.visitors import Forms, text_of
from samen_oog_oor.models import Case, Category, Signal
from samen_oog_oor.testing import a_case, a_category

REPORT = "/oog-en-oor/melden"
HERE = {"lat": "52.005", "lon": "4.415"}
AsRole = Callable[..., FlaskClient]
# What differs by database is tried in test_receiving.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def area_id(platform: Platform) -> uuid.UUID:
    """A buurt with an address."""
    with platform.unit_of_work(system("test")) as uow:
        wijk = make_area(uow, "Centrum", "wijk")
        area = make_area(uow, "Palenstein", parent_code=wijk.code)
        for number in (12, 14):
            uow.session.add(AddressBookEntry(postcode="2712AB", house_number=number, area_id=area.id, lat=52.006, lon=4.416))
        return area.id


@pytest.fixture
def lamp(platform: Platform, area_id: uuid.UUID) -> Category:
    """A category with an extra question."""
    question = {"name": "paal", "kind": "short_text", "label": "Wat is het nummer van de mast?", "required": True}
    return a_category(platform, "Straatverlichting", words="lamp\nlantaarnpaal", form={"version": 1, "questions": [question]})


def values(page: TestResponse, path: str = REPORT) -> dict[str, Any]:
    """What a browser would send of the form on a page."""
    found: dict[str, Any] = {}
    for name, value in Forms(page.text).pairs(path):
        found.setdefault(name, []).append(value)
    return {name: item[0] if len(item) == 1 else item for name, item in found.items()}


def step(client: FlaskClient, page: TestResponse, /, naar: str = "verder", path: str = REPORT, **changes: Any) -> TestResponse:
    """Fill in a step and go on."""
    return client.post(path, data={**values(page, path), "naar": naar, **changes}, content_type="multipart/form-data")


def until_check(client: FlaskClient, text: str = "De lamp brandt niet", **more: Any) -> TestResponse:
    page = step(client, client.get(REPORT), text=text)
    assert "Waar gaat het over?" in page.text
    page = step(client, page)
    assert "Waar is het?" in page.text
    page = step(client, page, **HERE)
    if "Is dit al gemeld?" in page.text:
        page = step(client, page)
    page = step(client, page, q_paal="17", **more)
    assert "Klopt alles?" in text_of(page.text), text_of(page.text)
    return page


def sent(client: FlaskClient, page: TestResponse, **changes: Any) -> TestResponse:
    answer = step(client, page, naar="versturen", **changes)
    assert answer.status_code == 303, text_of(answer.text)
    return client.get(answer.location)


def numbers(platform: Platform) -> tuple[int, int]:
    with platform.read(system("test")) as uow:
        return tuple(uow.session.execute(select(func.count()).select_from(table)).scalar_one() for table in (Case, Signal))  # type: ignore[return-value]


def test_a_report_in_a_few_steps(client: FlaskClient, platform: Platform, lamp: Category, outbox: Outbox) -> None:
    page = until_check(client, email="noor@example.org")
    said = text_of(page.text)
    assert "De lamp brandt niet" in said
    assert "Straatverlichting" in said
    assert "noor@example.org" in said
    assert "17" in said
    done = sent(client, page)
    with platform.read(system("test")) as uow:
        case, signal = uow.session.execute(select(Case, Signal).join(Signal, Signal.case_id == Case.id)).one()
    assert case.number in done.text
    assert signal.code in done.text
    assert signal.answers == {"paal": "17"}
    assert signal.channel == "web"
    assert case.category_id == lamp.id
    (mail,) = outbox.mails()
    assert "Vul dan ook dit e-mailadres in" in mail.text, "the code alone does not open what an address was left with"


def test_nothing_is_lost_with_a_mistake(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    page = step(client, client.get(REPORT), text="", type="idea")
    assert page.status_code == 400
    assert "Dit moet nog anders" in page.text
    assert values(page)["type"] == "idea"
    no_place = "Gaat het niet over één plek?"
    assert no_place in step(client, step(client, page, text="Een lamp erbij?")).text, "an idea needs none"
    page = step(client, step(client, page, text="Een lamp erbij?", type="problem"))
    assert no_place not in page.text
    page = step(client, page)
    assert page.status_code == 400, "a problem needs a place"
    page = step(client, page, postcode="2712 AB", house_number="")
    assert page.status_code == 400
    assert values(page)["postcode"] == "2712 AB"
    page = step(client, page, house_number="12")
    assert "mast" in page.text
    page = step(client, page, name="Noor")
    assert page.status_code == 400
    assert values(page)["name"] == "Noor"
    page = step(client, page, q_paal="", email="geen adres")
    assert re.findall(r'<li><a class="nl-link" href="#f-([^"]+)"', page.text) == ["q_paal", "email"], "in the order of the page"
    page = step(client, page, q_paal="4")
    assert page.status_code == 400
    assert values(page)["email"] == "geen adres"
    page = step(client, page, email="")
    assert values(page)["text"] == "Een lamp erbij?"
    assert numbers(platform) == (0, 0)
    for back in ("wat", "onderwerp", "plek", "meer"):
        again = step(client, page, naar=back)
        assert again.status_code == 200
        assert values(again)["text"] == "Een lamp erbij?"
        page = step(client, again, naar="controle")
    sent(client, page)
    assert numbers(platform) == (1, 1)


def test_sent_twice_counts_once(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    page = until_check(client)
    first, second = (step(client, page, naar="versturen") for _nth in range(2))
    assert first.location == second.location
    assert numbers(platform) == (1, 1)
    changed = step(client, page, naar="versturen", text="Iets anders, de lamp")
    assert changed.status_code == 400
    assert "met een andere tekst" in changed.text
    sent(client, changed)
    assert numbers(platform)[1] == 2


def test_private_words_are_proposed_to_be_hidden(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    page = until_check(client, text="De lamp is stuk, bel 06-12345678")
    assert "Zullen wij deze gegevens weglaten?" in page.text
    assert "[telefoonnummer]" in page.text
    sent(client, page)
    page = until_check(client, text="De lamp is stuk, bel 06-87654321")
    sent(client, page, hide="nee")
    with platform.read(system("test")) as uow:
        texts = uow.session.execute(select(Signal.text).order_by(Signal.at, Signal.id)).scalars().all()
    assert texts == ["De lamp is stuk, bel [telefoonnummer]", "De lamp is stuk, bel 06-87654321"]


def test_what_is_near_can_be_joined(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    case = a_case(platform, lamp, lat=52.005, lon=4.415, title="Straatverlichting, Palenstein")
    hidden = a_case(platform, lamp, lat=52.005, lon=4.415, title="Geheim", confidential=True)
    page = step(client, step(client, step(client, client.get(REPORT), text="De lamp brandt niet")), **HERE)
    assert "Is dit al gemeld?" in page.text
    assert case.title in page.text
    assert hidden.title not in page.text
    page = step(client, page, case_id=str(case.id), naar="")
    assert not re.search(r'name="q_paal"[^>]* required', page.text), "who reported it first answered that"
    page = step(client, page)
    assert "U sluit aan" in page.text
    done = sent(client, page)
    assert "anderen al meldden" in done.text or "Uw melding is binnen" in done.text
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).signals == 1
    assert numbers(platform) == (2, 1)


def test_a_stopper_shows_where_to_go(client: FlaskClient, platform: Platform, area_id: uuid.UUID) -> None:
    a_category(platform, "Brand", words="brand\nvlammen", stop="emergency", stop_text="Bel de brandweer.", stop_phone="112")
    page = step(client, step(client, client.get(REPORT), text="Er is brand met vlammen"))
    assert 'href="tel:112"' in page.text
    assert "Bel de brandweer." in page.text
    again = step(client, page, naar="onderwerp")
    assert values(again)["text"] == "Er is brand met vlammen"
    assert numbers(platform) == (0, 0)


def test_pictures_lose_what_the_camera_wrote(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Noor was hier"
    Image.new("RGB", (40, 30), "red").save(content, "JPEG", exif=exif)
    first = client.get(REPORT)
    assert "van hoogstens 10 MB" in first.text, "told beforehand"
    data = {**values(first), "text": "", "naar": "verder", "fotos": (io.BytesIO(content.getvalue()), "lamp.jpg")}
    page = client.post(REPORT, data=data, content_type="multipart/form-data")
    assert page.status_code == 400
    assert "Foto 1 is bewaard" in page.text, "a mistake elsewhere costs no picture"
    wrong = client.post(
        REPORT,
        data={**values(page), "naar": "verder", "text": "", "fotos": (io.BytesIO(b"geen foto"), "x.jpg")},
        content_type="multipart/form-data",
    )
    assert wrong.status_code == 400
    assert re.findall(r'<li><a class="nl-link" href="#([^"]+)"', wrong.text) == ["f-text", "f-fotos"], (
        "to the input, in the order of the page"
    )
    assert re.search(r'id="f-fotos"[^>]* aria-describedby="fotos-help f-fotos-error" aria-invalid="true"', wrong.text)
    assert "Foto 1 is bewaard" in wrong.text
    page = step(client, wrong, text="De lamp brandt niet")
    page = step(client, step(client, step(client, page), **HERE), q_paal="1")
    sent(client, page)
    from samen_core.api import File

    with platform.read(system("test")) as uow:
        file = uow.session.execute(select(File).where(File.owner_id.is_not(None))).scalar_one()
        assert file.owner_id == uow.session.execute(select(Signal.id)).scalar_one()
        assert not file.public
        assert file.alt
    assert client.get(f"/files/{file.id}").status_code in (403, 404), "a picture is for staff until somebody looked at it"


def test_a_point_on_the_map_without_scripts(client: FlaskClient, platform: Platform, lamp: Category, area_id: uuid.UUID) -> None:
    page = step(client, step(client, client.get(REPORT), text="De lamp brandt niet"))
    page = step(client, page, naar="kaart")
    assert page.status_code == 400
    assert "Kies eerst een buurt" in page.text
    page = step(client, page, naar="kaart", area_id=str(area_id))
    assert "De stippen zijn adressen" in page.text
    assert re.search(r'name="punt"[^>]* autofocus', page.text), "the map that was asked for, not the top of the page"
    picture = re.search(r'type="image" name="punt" src="([^"]+)" width="(\d+)" height="(\d+)"', page.text)
    assert picture is not None
    svg = client.get(picture[1])
    assert svg.status_code == 200
    assert svg.mimetype == "image/svg+xml"
    assert "Palenstein" in svg.text
    assert svg.text.count("h0") == 1, "addresses of one building are one dot"
    middle = {"punt.x": str(int(picture[2]) // 2), "punt.y": str(int(picture[3]) // 2)}
    page = client.post(REPORT, data={**values(page), **middle})
    found = values(page)
    assert not re.search(r'name="punt"[^>]* autofocus', page.text), "the point stands at the top"
    assert abs(float(found["lat"]) - 52.005) < 0.0005
    assert abs(float(found["lon"]) - 4.415) < 0.0005
    assert client.get(f"{REPORT}/kaart/nergens.svg").status_code == 404
    by_key = client.post(REPORT, data={**found, "punt.x": "0", "punt.y": "0"})
    assert by_key.status_code == 400, "the keyboard chooses no point"
    check = text_of(step(client, page, naar="controle").text)
    assert "Het punt dat u koos Palenstein" in check, "what a point means is told in words"
    gone = step(client, page, zonder_punt="ja", naar="kaart")
    assert not values(gone).get("lat")


def test_programs_and_nonsense_get_a_clear_answer(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    page = until_check(client)
    assert step(client, page, naar="versturen", website="https://spam.example").status_code == 400
    for nonsense in (
        {"naar": "versturen"},
        {"stap": "nergens", "naar": "verder"},
        {"stap": "controle", "naar": "meer", "category_id": "x", "lat": "nan", "lon": "1e999"},
        {"stap": "plek", "naar": "verder", "lat": "nan", "lon": "4"},
        {"stap": "plek", "naar": "verder", "area_id": str(uuid.UUID(int=1))},
        {"stap": "meer", "naar": "versturen", "text": "a\x00b", "category_id": str(lamp.id), "foto": ["x", str(uuid.UUID(int=4))]},
        {"punt.x": "99999", "punt.y": "-3"},
    ):
        assert client.post(REPORT, data=nonsense).status_code in (200, 400), nonsense
    assert numbers(platform) == (0, 0)


def test_who_sends_too_often_waits(client: FlaskClient, platform: Platform, lamp: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    page = until_check(client)
    monkeypatch.setattr("samen_oog_oor.services.limits.SENDS", 2)
    object.__setattr__(platform, "config", replace(platform.config, limits=replace(platform.config.limits, enabled=True)))
    answers = [step(client, page, naar="versturen").status_code for _nth in range(3)]
    assert answers == [303, 303, 429]


def test_a_signal_is_confirmed_with_a_button(client: FlaskClient, platform: Platform, area_id: uuid.UUID, outbox: Outbox) -> None:
    a_category(platform, "Overlast", words="lamp", confirm_by_mail=True)
    page = step(client, step(client, step(client, client.get(REPORT), text="De lamp brandt niet")), **HERE)
    page = step(client, page)
    assert page.status_code == 400
    assert "bevestiging" in page.text
    done = sent(client, step(client, page, email="noor@example.org"))
    assert "bevestig uw melding" in done.text
    link = next(word for word in outbox.mails()[0].text.split() if word.endswith("/bevestigen"))
    path = "/oog-en-oor/" + link.partition("/oog-en-oor/")[2]
    assert "Ja, ik deed deze melding" in client.get(path).text
    assert numbers(platform) == (1, 1)
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(Case.confidential)).scalar_one()
    assert client.post(path).status_code == 303
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(Case.confidential, Case.signals)).one() == (False, 1)
    assert client.get(path).status_code == 303
    assert client.post("/oog-en-oor/mijn-melding/nergens/bevestigen").status_code == 410
    assert client.get("/oog-en-oor/mijn-melding/nergens/bedankt").status_code == 410


def test_staff_enters_for_somebody(as_role: AsRole, client: FlaskClient, platform: Platform, lamp: Category) -> None:
    path = "/oog-en-oor/werk/invoeren"
    assert client.get(path).status_code in (303, 401, 403)
    officer = as_role("moderator")
    page = step(officer, officer.get(path), path=path, text="De lamp brandt niet", channel="meeting", confidential="true")
    page = step(officer, step(officer, page, path=path), path=path, **HERE)
    page = step(officer, page, path=path, q_paal="3")
    answer = step(officer, page, path=path, naar="versturen")
    assert answer.status_code == 303
    assert "Naar de zaak" in officer.get(answer.location).text
    with platform.read(system("test")) as uow:
        case, signal = uow.session.execute(select(Case, Signal).join(Signal, Signal.case_id == Case.id)).one()
    assert (signal.channel, signal.account_id, case.confidential) == ("meeting", None, True)
    assert case.number not in client.get("/oog-en-oor/zaken").text


def test_what_waited_on_a_device_comes_in_once(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    waited = {"sleutel": "0123456789abcdef", "text": "De lamp is stuk, bel 06-12345678", "category_id": str(lamp.id), **HERE}
    first = client.post(f"{REPORT}/verzenden", data=waited)
    again = client.post(f"{REPORT}/verzenden", data=waited)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert numbers(platform) == (1, 1)
    with platform.read(system("test")) as uow:
        signal = uow.session.execute(select(Signal)).scalar_one()
    assert signal.text == "De lamp is stuk, bel [telefoonnummer]"
    assert first.json is not None
    assert first.json["code"] == signal.code
    assert client.get(first.json["url"]).status_code == 200
    wrong = client.post(f"{REPORT}/verzenden", data={"sleutel": "fedcba9876543210", "text": "", "category_id": str(lamp.id)})
    assert wrong.status_code == 400
    assert wrong.json is not None
    assert set(wrong.json["errors"]) == {"text", ""}
    assert client.post(f"{REPORT}/verzenden", data={}).status_code == 400


def test_the_kept_page_and_its_worker(client: FlaskClient, platform: Platform, lamp: Category) -> None:
    for prefix in ("", "/en"):
        page = client.get(f"{prefix}{REPORT}/offline")
        assert page.status_code == 200
        assert str(lamp.id) in page.text
        assert "<script>" not in page.text
        assert " style=" not in page.text
        assert re.findall(r"\{[a-z_]+\}", page.text) == [], "what scripts fill in has marks of its own"
        worker = client.get(f"{prefix}{REPORT}/werker.js")
        assert worker.mimetype == "text/javascript"
        assert worker.headers["Service-Worker-Allowed"] == f"{prefix}{REPORT}"
        for address in re.findall(r'"(/static/[^"]+)"', worker.text):
            assert client.get(address).status_code == 200, address
        manifest = client.get(f"{prefix}{REPORT}/app.webmanifest").json
        assert manifest is not None
        assert manifest["start_url"] == f"{prefix}{REPORT}"
        assert manifest["icons"]
