"""What somebody could do to others: fill their mailbox, leave their address here for good, or send a key to a server of their own."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sqlalchemy import select

from samen_core.api import FileValue, Invalid, Platform, anonymous, store_upload, system
from samen_core.testing.privacy import keep_to_terms
from samen_core.testing.visitors import SAME_SITE, Forms, send_form
from samen_core.webhooks.posting import Answer
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Note, Reporter, Server, Signal, Verdict, Viewing
from samen_oog_oor.schemas.open311 import MakeKey, MapCategory, SaveServer
from samen_oog_oor.schemas.own_signals import AddToSignal
from samen_oog_oor.schemas.receiving import Contact, ReceiveSignal, SignalPlace
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.forwarding import fields_of
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.services.open311_client import Remote
from samen_oog_oor.services.own_signals import add_to_signal
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receiving import receive_once
from samen_oog_oor.services.servers import create_server, map_category, server_values, update_server
from samen_oog_oor.testing import EMAIL, LAT, LON, a_case, a_category, a_note, a_signal, an_organization

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from samen_core.testing.platforms import Clock

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
HERE = SignalPlace(lat=LAT, lon=LON)
_STREAM = io.BytesIO()
Image.new("RGB", (20, 10), "white").save(_STREAM, "PNG")
PICTURE = _STREAM.getvalue()


@pytest.fixture
def limited(platform: Platform) -> Platform:
    """The platform, which counts."""
    limits = replace(platform.config.limits, enabled=True, posts_per_minute=1_000)
    object.__setattr__(platform, "config", replace(platform.config, limits=limits))
    return platform


def test_nobody_fills_the_mailbox_of_another_by_any_way_in(limited: Platform, client: FlaskClient, actor_as: Callable[..., Any]) -> None:
    category = a_category(limited, code="lamp")
    with limited.unit_of_work(actor_as("resident")) as uow:
        secret = make_key(uow, MakeKey(name="App")).secret
    body = {"category_id": str(category.id), "text": "Donker.", "place": {"lat": LAT, "lon": LON}, "contact": {"email": EMAIL}}
    form = {"api_key": secret, "service_code": "lamp", "description": "Donker.", "lat": LAT, "long": LON, "email": EMAIL.upper()}
    rest = [client.post("/api/v1/oog-oor/signals", json=body).status_code for _nth in range(6)]
    open311 = [client.post(f"{paths.OPEN311}/requests.json", data=form).status_code for _nth in range(6)]
    assert rest == [201] * 6
    assert open311 == [200] * 4 + [429] * 2
    assert client.post("/api/v1/oog-oor/signals", json=body).status_code == 429
    assert client.post("/api/v1/oog-oor/signals", json={**body, "contact": {"email": "ander@example.org"}}).status_code == 201


def test_a_visitor_reports_over_rest_no_more_often_than_on_the_website(
    limited: Platform, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samen_oog_oor.services.limits.SENDS", 2)
    body = {"category_id": str(a_category(limited).id), "text": "Donker.", "place": {"lat": LAT, "lon": LON}}
    assert [client.post("/api/v1/oog-oor/signals", json=body).status_code for _nth in range(3)] == [201, 201, 429]


def test_what_nobody_confirmed_goes_with_the_address(platform: Platform, clock: Clock) -> None:
    category = a_category(platform, confirm_by_mail=True)
    with platform.unit_of_work(anonymous("web")) as uow:
        command = ReceiveSignal(category_id=category.id, text="Lawaai.", place=HERE, contact=Contact(email="slachtoffer@example.org"))
        received = receive_once(uow, command)
    clock.forward(days=13)
    assert "oog_oor.unconfirmed" not in keep_to_terms(platform)
    clock.forward(days=2)
    assert keep_to_terms(platform)["oog_oor.unconfirmed"] == 1
    with platform.read(system("test")) as uow:
        assert uow.session.get(Reporter, received.signal.id) is None
        signal, case = uow.session.get_one(Signal, received.signal.id), uow.session.get_one(Case, received.case.id)
        assert (signal.text, case.state, case.confidential, case.signals) == ("", "withdrawn", True, 0)
    with platform.unit_of_work(anonymous("web")) as uow:
        assert confirm_signal(uow, received.key) is None


def test_how_to_reach_somebody_goes_out_of_notes_too(platform: Platform, clock: Clock) -> None:
    case, running = a_case(platform, state="resolved"), a_case(platform)
    said = "Gebeld met mevrouw De Wit op 06-12345678, mail noor@example.org. De lamp is oud."
    note, other = a_note(platform, case, said), a_note(platform, running, said)
    clock.forward(days=91)
    assert keep_to_terms(platform) == {"oog_oor.contact": 1}
    with platform.read(system("test")) as uow:
        text = uow.session.get_one(Note, note.id).text
        assert text == "Gebeld met mevrouw [naam] op [telefoonnummer], mail [e-mailadres]. De lamp is oud."
        assert uow.session.get_one(Note, other.id).text == said
    assert keep_to_terms(platform) == {}


def test_what_goes_to_another_server_is_of_who_still_reports_it_and_without_personal_data(platform: Platform) -> None:
    questions = [{"name": "waar", "kind": "short_text", "label": "Waar?", "required": False}]
    category = a_category(platform, code="lamp", form={"questions": questions})
    case = a_case(platform, category)
    left = a_signal(platform, case, text="Van wie het introk.", withdrawn_at=case.reported_at, name="Weg", email="weg@example.org")
    a_signal(platform, case, answers={"waar": "bel 06-12345678"}, text="De lamp is stuk.")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Reporter, left.id).share = True
        server = create_server(uow, SaveServer(name="Buren", url="https://open311.example.org/v2", organization_id=an_organization(uow).id))
        map_category(uow, server.id, MapCategory(category_id=category.id, service_code="lamp"))
        sent = dict(fields_of(uow, uow.session.get_one(Case, case.id), server) or [])
    assert "De lamp is stuk." in sent["description"]
    assert "introk" not in sent["description"]
    assert "email" not in sent
    assert sent["attribute[waar]"] == "bel [telefoonnummer]"


def test_a_key_does_not_go_along_to_another_server(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        first = SaveServer(name="Buren", url="https://open311.example.org/v2", organization_id=an_organization(uow).id, key="geheim")
        id = create_server(uow, first).id

    def change(**values: Any) -> Server:
        with platform.unit_of_work(system("test")) as uow:
            now = uow.session.get_one(Server, id)
            return update_server(uow, id, SaveServer(**{**server_values(now), "key": "", **values}))

    assert change(url="https://open311.example.org/v3").key
    with pytest.raises(Invalid) as raised:
        change(url="https://boef.example.net/v2")
    assert set(raised.value.errors) == {"key"}
    assert change(url="https://boef.example.net/v2", key="een andere").base_url == "https://boef.example.net/v2"
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Server.id)).scalars().all() == [id]
    assert isinstance(id, uuid.UUID)


def test_an_address_goes_with_what_was_written_and_the_streets_stay(platform: Platform, clock: Clock) -> None:
    exact = {"lat": 52.00634, "lon": 4.40561, "public_lat": 52.006, "public_lon": 4.406, "address_id": "0637200000000001"}
    case, running = a_case(platform, state="resolved", **exact), a_case(platform, **exact)
    signal = a_signal(platform, case, address="2712 AB 12")
    clock.forward(days=731)
    assert keep_to_terms(platform)["oog_oor.signals"] == 2
    with platform.read(system("test")) as uow:
        now, mine = uow.session.get_one(Case, case.id), uow.session.get_one(Signal, signal.id)
        assert (now.address, now.address_id, now.lat, now.lon) == ("", "", 52.006, 4.406)
        assert (mine.address, mine.lat, mine.lon) == ("", None, None)
        assert uow.session.get_one(Case, running.id).address == "Markt 10"


def test_who_lets_go_of_a_report_lets_go_of_the_address_too(platform: Platform, client: FlaskClient) -> None:
    case = a_case(platform, state="resolved", lat=52.00634, public_lat=52.006)
    signal = a_signal(platform, case, address=case.address)
    address = paths.receipt(receipt_key(platform, signal.id), "gegevens")
    assert client.get(f"{address}.json").get_json()["address"] == "Markt 10"
    client.post(address, headers=SAME_SITE)
    assert client.get(f"{address}.json").get_json()["address"] == ""
    with platform.read(system("test")) as uow:
        assert (uow.session.get_one(Case, case.id).address, uow.session.get_one(Case, case.id).lat) == ("", 52.006)


def test_a_signal_takes_no_pictures_without_end(platform: Platform) -> None:
    signal = a_signal(platform)

    def add() -> None:
        with platform.unit_of_work(anonymous("web")) as uow:
            stored = [store_upload(uow, io.BytesIO(PICTURE), "a.png", decorative=True, pictures=True, public=False) for _nth in range(3)]
            add_to_signal(uow, signal.id, AddToSignal(files=tuple(FileValue(file.id) for file in stored)))

    for _nth in range(4):
        add()
    with pytest.raises(Invalid) as raised:
        add()
    assert set(raised.value.errors) == {"files"}


def test_who_tries_rules_on_what_is_confidential_is_written_down(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    case, other = a_case(platform, confidential=True), a_case(platform, confidential=True)
    a_signal(platform, case)
    boss, bench = as_role("manager"), f"{paths.RULES}/proef"
    assert send_form(boss, f"{bench}#uitkomst", page=bench, number=case.number).status_code == 200
    assert boss.get(paths.work(case.number, "categorie-en-plek")).status_code == 200
    form = dict(Forms(boss.get(bench).text).pairs(f"{bench}#uitkomst"))
    refused = boss.post(paths.work(other.number, "verder"), data={**form, "state": "resolved", "version": other.version}, headers=SAME_SITE)
    assert refused.status_code == 400
    assert other.number in refused.text, "who looks through a form that is refused has looked"
    with platform.read(system("test")) as uow:
        assert set(uow.session.execute(select(Viewing.case_id, Viewing.what)).all()) == {
            (case.id, "confidential"),
            (other.id, "confidential"),
        }


def test_a_key_stands_in_no_address(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(_platform: Platform, _method: str, url: str, *_more: object) -> Answer:
        asked.append(url)
        return Answer(200, "application/json", b"[]")

    monkeypatch.setattr("samen_oog_oor.services.open311_client.call_outside", answer)
    remote = Remote(platform, "https://open311.example.org/v2", "", "geheim")
    now = platform.clock()
    assert remote.updates(now, now) == []
    assert remote.requests(["1"]) == []
    assert len(asked) == 2
    assert "geheim" not in "".join(asked)


def test_who_did_not_confirm_neither_judges_nor_opens_again(platform: Platform, client: FlaskClient) -> None:
    case = a_case(platform, state="resolved")
    a_signal(platform, case)
    key = receipt_key(platform, a_signal(platform, case, confirmed_at=None).id)
    for part, body in (("verdict", {"content": "yes"}), ("reopening", {"text": "Het is niet klaar."})):
        assert client.post(f"/api/v1/oog-oor/receipts/{key}/{part}", json=body).status_code == 400, part
    assert client.post(paths.receipt(key, "oordeel"), data={"content": "yes"}, headers=SAME_SITE).status_code == 400
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).state == "resolved"
        assert uow.session.execute(select(Verdict.id)).first() is None
