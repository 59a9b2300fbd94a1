"""The released clients of GeoReport v2 against a server of ours, over HTTP (open311.md §2.9)."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from samen_core.api import Platform, system
from samen_oog_oor.models import Category, Signal
from samen_oog_oor.schemas.open311 import MakeKey
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receiving import confirm_signal
from samen_oog_oor.testing import LAT, LON, a_case, a_category, make_cases

ONCE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
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


@pytest.fixture
def lamp(platform: Platform) -> Category:
    """A category with a question, and two cases of it; and one that waits for a confirmation by mail."""
    made = a_category(platform, "Lantaarn", code="lamp", form=FORM, promise="Binnen vijf dagen.")
    a_case(platform, made, number="2026-1", public_text="Het is donker.")
    a_case(platform, made, number="2026-2", state="resolved", answer="Vervangen.")
    a_category(platform, "Kuil", code="kuil", confirm_by_mail=True)
    return made


@pytest.fixture
def url(platform: Platform, lamp: Category, serve: Callable[[Platform], str]) -> str:
    """The base of the server."""
    return f"{serve(platform)}/open311/v2"


@pytest.fixture
def secret(platform: Platform, actor_as: Any) -> str:
    """A key."""
    with platform.unit_of_work(actor_as("resident")) as uow:
        return make_key(uow, MakeKey(name="Client")).secret


def confirm_all(platform: Platform) -> None:
    """What reporters do with the link in their mail."""
    from sqlalchemy import select

    with platform.unit_of_work(system("test")) as uow:
        for id in uow.session.execute(select(Signal.id)).scalars().all():
            confirm_signal(uow, receipt_key(platform, id))


@ONCE
@pytest.mark.parametrize("format", ["json", "xml"])
def test_georeport_reads_in_both_formats(url: str, format: str) -> None:
    georeport = pytest.importorskip("georeport")
    import requests

    client = georeport.GeoReport(url, output_format=format)
    assert [item["service_code"] for item in client.get_service_list()] == ["lamp", "kuil"]
    definition = client.get_service_definition("lamp")
    attribute = definition["attributes"][0] if format == "json" else definition["attributes"]["attribute"]
    assert (attribute["code"], attribute["datatype"]) == ("kleur", "multivaluelist")
    found = client.get_service_requests(status="open,closed", service_code="lamp")
    assert {item["service_request_id"] for item in found} == {"2026-1", "2026-2"}
    one = client.get_service_request("2026-2")
    assert (one["status"], one["status_notes"]) == ("closed", "Vervangen.")
    assert {"json": LAT, "xml": str(LAT)}[format] == one["lat"]
    with pytest.raises(requests.HTTPError):
        client.get_service_request("bestaatniet")
    with pytest.raises(requests.HTTPError):
        client.get_service_requests(status="onzin")


@ONCE
def test_civicbot_reads_and_writes(platform: Platform, url: str, secret: str) -> None:
    pytest.importorskip("civicbot")
    from civicbot.http import HttpError, HttpTransport, RateLimiter
    from civicbot.open311 import Open311Client, ValidationError
    from civicbot.registry import Endpoint

    at_once = HttpTransport(rate_limiter=RateLimiter(min_interval=0))
    client = Open311Client(Endpoint("ons", "Ons", url, write=True), at_once)
    assert [item["service_code"] for item in client.list_services()] == ["lamp", "kuil"]
    assert len(client.list_requests(status="open")) == 1
    assert client.get_request("2026-1")["description"] == "Het is donker."
    send: dict[str, Any] = {"dry_run": False, "confirm": "SEND", "api_key": secret, "validate_remote": True, "lat": LAT, "lng": LON}
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
    confirm_all(platform)
    assert client.get_request(client.get_token(waiting["token"])[0]["service_request_id"])["service_code"] == "kuil"


@ONCE
def test_three_discovers_reads_and_writes(
    platform: Platform, url: str, secret: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it takes of Python 2.
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    monkeypatch.delitem(sys.modules, "three", raising=False)
    three = pytest.importorskip("three", exc_type=ImportError)
    from PIL import Image

    client = three.Three(url, api_key=secret)
    assert client.discovery()["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert [item["service_code"] for item in client.services()] == ["lamp", "kuil"]
    assert client.services("lamp")["attributes"][0]["required"] is True
    today = datetime.now(UTC)
    period = {"start": (today - timedelta(days=3)).strftime("%m-%d-%Y"), "end": (today + timedelta(days=1)).strftime("%m-%d-%Y")}
    assert len(client.requests("lamp", count=1, **period)) == 1
    assert client.request("2026-1")[0]["service_request_id"] == "2026-1"
    place = {"lat": LAT, "long": LON, "name": "Noor Wit", "description": "Kapot."}
    plain = client.post("lamp", **{"attribute[kleur]": "r"}, **place)
    picture = tmp_path / "foto.png"
    Image.new("RGB", (20, 20), "red").save(picture)
    with picture.open("rb") as media:
        pictured = client.post("lamp", media=media, **{"attribute[kleur]": "b"}, **place)
    assert plain[0]["service_request_id"] != pictured[0]["service_request_id"]
    assert client.post("lamp", **place)[0]["code"] == 400
    assert three.Three(url, api_key="fout").post("lamp", **place)[0]["code"] == 403
    token = client.post("kuil", email="noor@example.org", **place)[0]["token"]
    assert client.token(token)[0]["code"] == 404
    confirm_all(platform)
    assert client.token(token)[0]["token"] == token


@ONCE
def test_chicagorequests_reads_every_page(platform: Platform, lamp: Category, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chicago = pytest.importorskip("chicagorequests")
    monkeypatch.setattr(chicago.Downloader, "BASE_URL", f"{url}/requests.json")
    with platform.unit_of_work(system("test")) as uow:
        number = len(make_cases(uow, lamp, 410))
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = chicago.day_intervals(midnight - timedelta(days=1), midnight + timedelta(days=2))
    downloader = chicago.Downloader()
    found = [item for day in days for item in downloader(day)]
    assert len({item["service_request_id"] for item in found}) == number + 2
    assert all({"attributes", "notes", "extended_attributes"} <= set(item) for item in found)
    assert json.dumps(found)
