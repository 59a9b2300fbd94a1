"""Open311 of a real city: a web server with its worker as a process, on a SQLite database of its own.

The released clients of GeoReport v2 talk to it over HTTP (open311.md §2.9), another city sends its cases there, the command line takes the
requests of another server over, and a program elsewhere hears of every step of a case.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import sys
import threading
import time
import uuid
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.api import CreateOrganization, create_organization
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.actor import Actor, system
from samen_core.config import load_config
from samen_core.db import migrate
from samen_core.events.worker import Worker
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_core.webhooks.services import SaveWebhook, create_webhook
from samen_oog_oor.models import Case, Category, Forward, Signal, Update
from samen_oog_oor.models.base import CLOSED, STATES
from samen_oog_oor.schemas.moving import AskReopening, MoveCase
from samen_oog_oor.schemas.open311 import MakeKey, MapCategory, SaveServer
from samen_oog_oor.schemas.receiving import ReceiveSignal, SignalPlace
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.forwarding import forward_due
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receiving import receive_signal
from samen_oog_oor.services.reopening import ask_reopening
from samen_oog_oor.services.servers import create_server, map_category
from samen_oog_oor.testing import LAT, LON, a_case, a_category, a_signal, make_cases
from tests.support.installation import Installation, Server, free_port

CONFIG = """
database_url = "sqlite:///samen.db"
blocks = ["citycontent", "oog_oor"]
environment = "test"
[city]
name = "Gemeente Verderop"
short_name = "SamenVerderop"
code = "GM9999"
[web]
workers = 1
webhook_networks = ["127.0.0.0/8"]
"""
SECRET = "open311-" + "0" * 40
FORM = {
    "questions": [
        {
            "name": "kleur",
            "kind": "several_choices",
            "label": "Welke kleur?",
            "required": True,
            "options": [{"value": "r", "label": "Rood"}, {"value": "b", "label": "Blauw"}],
        }
    ]
}
PLACE = {"lat": LAT, "long": LON, "name": "Noor Wit", "description": "Kapot."}
PATIENCE = 40
"""Seconds in which the worker of the other process does what it has to."""


@dataclass
class City:
    """A city of which the server is another process; ``platform`` is on its database, to enter things and look."""

    installation: Installation
    platform: Platform
    server: Server
    secret: str = ""

    @property
    def url(self) -> str:
        """The base of Open311."""
        return f"{self.server.url}/open311/v2"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city, with a lamp that has a question, a category that is confirmed by mail, and two cases."""
    folder = tmp_path_factory.mktemp("verderop")
    (folder / "samen.toml").write_text(CONFIG, encoding="utf-8")
    port = free_port()
    variables = {"SAMEN_SECRET_KEY": SECRET, "SAMEN_WEB_BASE_URL": f"http://127.0.0.1:{port}"}
    platform = Platform(load_config(folder / "samen.toml", variables))
    migrate.upgrade(platform)
    lamp = a_category(platform, "Lantaarn", code="lamp", form=FORM, promise="Binnen vijf dagen.")
    a_case(platform, lamp, number="2026-1", public_text="Het is donker.")
    a_case(platform, lamp, number="2026-2", state="resolved", answer="Vervangen.")
    a_category(platform, "Kuil", code="kuil", confirm_by_mail=True)
    installation = Installation(folder, variables)
    made = City(installation, platform, installation.serve(port=port), key_of(platform))
    yield made
    made.server.stop()
    platform.close()


def key_of(platform: Platform) -> str:
    """A key of a new account."""
    with platform.unit_of_work(system("test")) as uow:
        email, password = f"{uuid.uuid4().hex[:8]}@samen.example", "een lange zin die niemand raadt"
        account = create_account(uow, CreateAccount(email=email, display_name="Koppeling", password=password))
    with platform.unit_of_work(Actor("account", account.id, origin="test")) as uow:
        return make_key(uow, MakeKey(name="Client")).secret


def confirm_all(platform: Platform) -> None:
    """What reporters do with the link in their mail."""
    with platform.unit_of_work(system("test")) as uow:
        for id in uow.session.execute(select(Signal.id).where(Signal.confirmed_at.is_(None))).scalars().all():
            confirm_signal(uow, receipt_key(platform, id))


def until(done: Callable[[], Any]) -> Any:
    """Wait for something in the other process; what it gave."""
    end = time.monotonic() + PATIENCE
    while not (found := done()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


# ---------------------------------------------------------------- the released clients


@pytest.mark.parametrize("format", ["json", "xml"])
def test_georeport_reads_in_both_formats(city: City, format: str) -> None:
    georeport = pytest.importorskip("georeport")
    import requests

    client = georeport.GeoReport(city.url, output_format=format)
    assert {"lamp", "kuil"} <= {item["service_code"] for item in client.get_service_list()}
    definition = client.get_service_definition("lamp")
    attribute = definition["attributes"][0] if format == "json" else definition["attributes"]["attribute"]
    assert (attribute["code"], attribute["datatype"]) == ("kleur", "multivaluelist")
    found = client.get_service_requests(status="open,closed", service_code="lamp")
    assert {"2026-1", "2026-2"} <= {item["service_request_id"] for item in found}
    one = client.get_service_request("2026-2")
    assert (one["status"], one["status_notes"]) == ("closed", "Vervangen.")
    assert {"json": LAT, "xml": str(LAT)}[format] == one["lat"]
    with pytest.raises(requests.HTTPError):
        client.get_service_request("bestaatniet")
    with pytest.raises(requests.HTTPError):
        client.get_service_requests(status="onzin")


def test_civicbot_reads_and_writes(city: City) -> None:
    pytest.importorskip("civicbot")
    from civicbot.http import HttpError, HttpTransport, RateLimiter
    from civicbot.open311 import Open311Client, ValidationError
    from civicbot.registry import Endpoint

    at_once = HttpTransport(rate_limiter=RateLimiter(min_interval=0))
    client = Open311Client(Endpoint("ons", "Ons", city.url, write=True), at_once)
    assert {"lamp", "kuil"} <= {item["service_code"] for item in client.list_services()}
    assert "2026-1" in {item["service_request_id"] for item in client.list_requests(status="open")}
    assert client.get_request("2026-1")["description"] == "Het is donker."
    send: dict[str, Any] = {"dry_run": False, "confirm": "SEND", "api_key": city.secret, "validate_remote": True, "lat": LAT, "lng": LON}
    sent = client.create_request("lamp", description="Nog een.", attributes={"kleur": ["r", "b"]}, **send)
    number = sent.response[0]["service_request_id"]
    assert client.get_request(number)["status"] == "open"
    with pytest.raises(ValidationError):
        client.create_request("lamp", **send)
    with pytest.raises(HttpError) as refused:
        client.create_request("lamp", **{**send, "validate_remote": False})
    assert refused.value.status == 400
    waiting = client.create_request("kuil", email="noor@example.org", **send).response[0]
    with pytest.raises(HttpError) as pending:
        client.get_token(waiting["token"])
    assert pending.value.status == 404
    confirm_all(city.platform)
    assert client.get_request(client.get_token(waiting["token"])[0]["service_request_id"])["service_code"] == "kuil"


def test_three_discovers_reads_and_writes(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What it takes of Python 2.
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    monkeypatch.delitem(sys.modules, "three", raising=False)
    three = pytest.importorskip("three", exc_type=ImportError)
    from PIL import Image

    client = three.Three(city.url, api_key=city.secret)
    (endpoint,) = client.discovery()["endpoints"]
    assert (endpoint["url"], endpoint["formats"]) == (city.url, ["text/xml", "application/json"])
    assert {"lamp", "kuil"} <= {item["service_code"] for item in client.services()}
    assert client.services("lamp")["attributes"][0]["required"] is True
    today = datetime.now(UTC)
    period = {"start": (today - timedelta(days=3)).strftime("%m-%d-%Y"), "end": (today + timedelta(days=1)).strftime("%m-%d-%Y")}
    assert len(client.requests("lamp", count=1, **period)) == 1
    assert client.request("2026-1")[0]["service_request_id"] == "2026-1"
    plain = client.post("lamp", **{"attribute[kleur]": "r"}, **PLACE)
    picture = tmp_path / "foto.png"
    Image.new("RGB", (20, 20), "red").save(picture)
    with picture.open("rb") as media:
        pictured = client.post("lamp", media=media, **{"attribute[kleur]": "b"}, **PLACE)
    assert plain[0]["service_request_id"] != pictured[0]["service_request_id"]
    assert client.post("lamp", **PLACE)[0]["code"] == 400
    assert three.Three(city.url, api_key="fout").post("lamp", **PLACE)[0]["code"] == 403
    token = client.post("kuil", email="noor@example.org", **PLACE)[0]["token"]
    assert client.token(token)[0]["code"] == 404
    confirm_all(city.platform)
    assert client.token(token)[0]["token"] == token


def test_chicagorequests_reads_every_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    chicago = pytest.importorskip("chicagorequests")
    monkeypatch.setattr(chicago.Downloader, "BASE_URL", f"{city.url}/requests.json")
    with city.platform.unit_of_work(system("test")) as uow:
        numbers = {case.number for case in make_cases(uow, a_category(uow, "Boom", code="boom"), 410)}
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = chicago.day_intervals(midnight - timedelta(days=1), midnight + timedelta(days=2))
    downloader = chicago.Downloader()
    found = [item for day in days for item in downloader(day)]
    assert numbers < {item["service_request_id"] for item in found}
    assert all({"attributes", "notes", "extended_attributes"} <= set(item) for item in found)


# ---------------------------------------------------------------- the command line


def test_the_command_takes_requests_over_beside_the_server(city: City, tmp_path: Path) -> None:
    a_category(city.platform, "Uit het oude systeem", main=True, code="oud")
    path = tmp_path / "requests.json"
    request = {"service_request_id": "14-7", "status": "open", "service_code": "pothole", "requested_datetime": "2026-05-01T12:00:00-05:00"}
    path.write_text(json.dumps([request]), encoding="utf-8")
    assert city.installation.do("oog-oor", "import-open311", str(path), "--category", "oud") == "1 new, 0 already there\n"
    (found,) = json.loads(city.server.visitor().get("/open311/v2/requests/14-7.json").body)
    assert (found["service_code"], found["requested_datetime"]) == ("pothole", "2026-05-01T17:00:00Z")


# ---------------------------------------------------------------- webhooks


@dataclass
class Receiver:
    """A program elsewhere that keeps what it is told, as headers and body."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    """A program that listens, and its address."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append(
                ({name.lower(): value for name, value in self.headers.items()}, self.rfile.read(int(self.headers["Content-Length"])))
            )
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield made, f"http://127.0.0.1:{server.server_port}/hier"
    server.shutdown()
    server.server_close()


STEPS: tuple[tuple[str, str | None], ...] = (
    *(("triaged", None), ("assigned", None), ("in_progress", None), ("planned", None), ("awaiting_third_party", None)),
    *(("planned", None), ("awaiting_reporter", None), ("resolved", "repaired"), ("reopening_requested", None), ("in_progress", None)),
    *(("not_resolved", "not_found"), ("in_progress", None), ("referred", "no_authority"), ("in_progress", None)),
    ("withdrawn", "already_resolved"),
)
"""A way through all twelve states."""


def test_a_program_elsewhere_hears_of_every_state(city: City, receiver: tuple[Receiver, str]) -> None:
    heard, url = receiver
    assert {"new", *(state for state, _resolution in STEPS)} == set(STATES)
    with city.platform.unit_of_work(system("test")) as uow:
        team = create_organization(uow, CreateOrganization(name="Team Bank", sector="government"))
        category = a_category(uow, "Bank", organization_id=team.id)
    with city.platform.unit_of_work(system("test")) as uow:
        secret = create_webhook(uow, SaveWebhook(name="Elders", url=url)).secret
    with city.platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, category, number="2026-77")
        signal = a_signal(uow, case, email="")
        hidden = a_case(uow, category, number="2026-78", confidential=True)
    for state, resolution in STEPS:
        with city.platform.unit_of_work(system("test")) as uow:
            if state == "reopening_requested":
                ask_reopening(uow, signal.id, AskReopening(text="Nog stuk, bel 06-12345678."))
            else:
                planned_on = uow.now.date() + timedelta(days=3)
                move_case(uow, case.id, MoveCase(state=state, text="Wij zijn bezig.", resolution=resolution, planned_on=planned_on))
    with city.platform.unit_of_work(system("test")) as uow:
        move_case(uow, hidden.id, MoveCase(state="in_progress"))
    ended = sum(state in CLOSED for state, _resolution in STEPS)

    def types() -> Counter[str]:
        return Counter(json.loads(body)["type"].removeprefix("oog_oor.case.") for _headers, body in heard.got)

    assert until(lambda: types()["moved"] >= len(STEPS) and types()["closed"] >= ended and types()["reopened"] >= 3), types()
    assert (types()["moved"], types()["closed"], types()["reopened"]) == (len(STEPS), ended, 3)
    for headers, body in heard.got:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
        event = json.loads(body)
        assert (event["specversion"], event["source"]) == ("1.0", city.server.url)
        assert {thing["id"] for thing in event["data"]["about"]} <= {str(case.id), str(team.id)}
    assert b"12345678" not in b"".join(body for _headers, body in heard.got)


# ---------------------------------------------------------------- cases go on, and come back


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city that sends its cases on; loopback may be called."""
    return {"blocks": ["citycontent", "oog_oor"], "web": {"webhook_networks": ["127.0.0.0/8"]}}


def connected(platform: Platform, city: City, code: str) -> Category:
    """A category here of which the cases go to the other city."""
    here = a_category(platform, "Licht", code=code, form=FORM)
    with platform.unit_of_work(system("test")) as uow:
        organization = create_organization(uow, CreateOrganization(name="De buren", sector="government"))
        server = create_server(uow, SaveServer(name="Buren", url=city.url, organization_id=organization.id, key=city.secret))
        map_category(uow, server.id, MapCategory(category_id=here.id, service_code="lamp"))
    return here


def report(platform: Platform, category: Category, text: str = "Stuk.") -> Case:
    """A case from a resident, and what follows from it."""
    with platform.unit_of_work(system("test")) as uow:
        place = SignalPlace(lat=LAT, lon=LON)
        case = receive_signal(uow, ReceiveSignal(category_id=category.id, text=text, answers={"kleur": ["r"]}, place=place)).case
    Worker(platform).drain()
    return case


def forward(platform: Platform) -> Forward:
    """Do the job, as the worker does; how the one case stands."""
    with platform.unit_of_work(system("worker")) as uow:
        forward_due(uow)
    Worker(platform).drain()
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(Forward)).scalar_one()


def answer_there(city: City, number: str, text: str) -> None:
    """What the other city does with the case."""
    with city.platform.unit_of_work(system("test")) as uow:
        id = uow.session.execute(select(Case.id).where(Case.number == number)).scalar_one()
        move_case(uow, id, MoveCase(state="resolved", resolution="repaired", text=text))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_case_goes_to_another_city_and_its_answer_comes_back(platform: Platform, city: City) -> None:
    case = report(platform, connected(platform, city, "licht"))
    sent = forward(platform)
    assert (sent.state, sent.tries) == ("acknowledged", 1)
    answer_there(city, sent.external_id, "De lamp is vervangen.")
    assert forward(platform).state == "closed"
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.state, found.answer) == ("resolved", "De lamp is vervangen.")
        told = uow.session.execute(select(Update.text).where(Update.source == "Buren")).scalars().all()
    assert told == ["De lamp is vervangen."]


@pytest.mark.soak
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_city_that_is_away_is_tried_again_until_it_is_back(platform: Platform, city: City, clock: Clock) -> None:
    """Its server is killed before the case is sent, and again before its answer is fetched; nothing is lost and nothing doubled."""
    case = report(platform, connected(platform, city, "licht"), "Weer stuk.")
    city.server.kill()
    waiting = forward(platform)
    assert (waiting.state, waiting.tries, waiting.problem) == ("waiting", 1, "ConnectionRefusedError")
    city.server = city.installation.serve(port=city.server.port)
    clock.forward(minutes=3)
    sent = forward(platform)
    assert (sent.state, sent.tries, sent.problem) == ("acknowledged", 2, "")
    answer_there(city, sent.external_id, "De lamp is vervangen.")
    city.server.kill()
    assert forward(platform).state == "acknowledged"
    city.server = city.installation.serve(port=city.server.port)
    forward(platform)
    assert forward(platform).state == "closed"
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).state == "resolved"
        assert len(uow.session.execute(select(Update.id).where(Update.source == "Buren")).all()) == 1
    with city.platform.read(system("test")) as uow:
        there = select(Signal.id).where(Signal.text.contains("Weer stuk."))
        assert len(uow.session.execute(there).all()) == 1
