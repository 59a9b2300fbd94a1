"""Requests of another server are taken over and come back as they were."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from samen_core.api import Invalid, NotAllowed, Platform, system
from samen_core.cli import main as console
from samen_oog_oor.models import Case, Category, Signal, Update
from samen_oog_oor.schemas.publishing import Publish
from samen_oog_oor.services.open311_import import Imported, import_requests
from samen_oog_oor.services.publishing import publish
from samen_oog_oor.testing import a_category

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ONE: dict[str, Any] = {
    "service_request_id": "12-1",
    "status": "open",
    "service_code": "lamp",
    "service_name": "Street light",
    "requested_datetime": "2026-05-01T12:00:00-05:00",
}


def as_moments(value: Any, name: str = "") -> Any:
    """The same with moments for what says one, whatever its offset."""
    if isinstance(value, dict):
        return {key: as_moments(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_moments(inner) for inner in value]
    return datetime.fromisoformat(value) if name.endswith("datetime") and value else value


def take(platform: Platform, requests: list[dict[str, Any]], main: Category, publication: str = "full") -> Imported:
    """Take requests over."""
    with platform.unit_of_work(system("test")) as uow:
        return import_requests(uow, requests, main.id, publication)


def test_real_requests_come_back_equal(platform: Platform, client: FlaskClient, shared_data: Path) -> None:
    requests = json.loads((shared_data / "open311-requests" / "chicago_requests.json").read_text("utf-8"))
    main = a_category(platform, "Chicago", main=True)
    assert take(platform, requests, main) == Imported(50, 0)
    asked = ",".join(request["service_request_id"] for request in requests)
    answer = client.get(f"/open311/v2/requests.json?extensions=true&service_request_id={asked}")
    found = {item["service_request_id"]: item for item in json.loads(answer.data)}
    assert len(found) == len(requests) == 50
    for request in requests:
        item = found[request["service_request_id"]]
        assert item["extended_attributes"].items() >= request["extended_attributes"].items()
        assert as_moments({name: item[name] for name in request if name != "extended_attributes"}) == as_moments(
            {name: value for name, value in request.items() if name != "extended_attributes"}
        )
    assert take(platform, requests, main) == Imported(0, 50)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Signal)).scalar_one() == 50
    tree = client.get("/open311/v2/requests/14-00684314.xml")
    assert "<agency_responsible>Division of In-House Construction CDOT</agency_responsible>" in tree.text


def test_what_was_public_there_is_shown_until_staff_say_anew_what_is(platform: Platform, client: FlaskClient) -> None:
    main = a_category(platform, "Oud", main=True)
    given = {"attributes": {"COLOR": ["red", 2], "not a name": "x"}, "media_url": "javascript:alert(1)", "status_notes": "Seen."}
    take(platform, [{**ONE, **given, "extended_attributes": {"ward": {"1x": 1, "number": "4"}}}], main)
    path = "/open311/v2/requests/12-1"
    (item,) = json.loads(client.get(f"{path}.json?extensions=true").data)
    assert (item["attributes"], item["media_url"], item["status_notes"]) == ({"COLOR": ["red", 2]}, None, "Seen.")
    assert item["extended_attributes"]["ward"] == {"number": "4"}
    assert "<ward><number>4</number></ward>" in client.get(f"{path}.xml?extensions=true").text
    with platform.unit_of_work(system("test")) as uow:
        case = uow.session.execute(select(Case)).scalar_one()
        publish(uow, case.id, Publish(publication="full", title="Lamp", public_text="Donker.", reason="", signals={}, version=case.version))
    (item,) = json.loads(client.get(f"{path}.json?extensions=true").data)
    assert (item["attributes"], item["status_notes"], "ward" in item["extended_attributes"]) == ({}, "Nieuw", False)


def test_less_is_shown_when_that_is_chosen_and_nothing_is_lost(platform: Platform, client: FlaskClient) -> None:
    main = a_category(platform, "Oud", main=True)
    whole = {**ONE, "description": "Dark.", "attributes": {"COLOR": "red"}, "media_url": "https://foto.example/1", "status_notes": "Seen."}
    take(platform, [whole], main, "point")
    (item,) = json.loads(client.get("/open311/v2/requests/12-1.json?extensions=true").data)
    assert (item["description"], item["notes"], item["attributes"]) == (None, [], {})
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Signal.text)).scalar_one() == "Dark.\nCOLOR: red\nhttps://foto.example/1"
        assert uow.session.execute(select(Update.text)).scalar_one() == "Seen."


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "wrong",
    [
        {"service_request_id": ""},
        {"service_code": None},
        {"status": "busy"},
        {"requested_datetime": "yesterday"},
        {"lat": "x", "long": "4"},
    ],
)
def test_one_mistake_and_nothing_is_taken_over(platform: Platform, wrong: dict[str, Any]) -> None:
    main = a_category(platform, "Oud", main=True)
    with pytest.raises(Invalid) as refused:
        take(platform, [ONE, {**ONE, **wrong}], main)
    assert next(iter(refused.value.errors)).startswith("1.")
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Case)).scalar_one() == 0


def test_it_is_for_who_sets_up_the_block(platform: Platform, actor_as: Any) -> None:
    main = a_category(platform, "Oud", main=True)
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        import_requests(uow, [ONE], main.id)


# ---------------------------------------------------------------- from the command line


@pytest.fixture
def samen(platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Any]:
    """``samen(text, options…)``: send a file of this text through the console script; its status, output and lines of errors."""

    @contextmanager
    def open_platform() -> Iterator[Platform]:
        yield platform

    monkeypatch.setattr("samen_core.cli.of_blocks.load_config", lambda: platform.config)
    monkeypatch.setattr("samen_core.cli.api.open_platform", open_platform)

    def run(text: str, *options: str) -> tuple[Any, str, list[str]]:
        (tmp_path / "meldingen.json").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["samen", "oog-oor", "import-open311", str(tmp_path / "meldingen.json"), *options])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            console()
        out, err = capsys.readouterr()
        return end.value.code, out.strip(), [line for line in err.splitlines() if line.startswith("samen:")]

    return run


def number_of_cases(platform: Platform) -> int:
    """How many cases there are."""
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(func.count()).select_from(Case)).scalar_one()


def test_a_file_is_taken_over_by_the_command(platform: Platform, client: FlaskClient, samen: Callable[..., Any]) -> None:
    a_category(platform, "Oud", main=True, code="oud")
    content = "\ufeff" + json.dumps([{**ONE, "description": "Dark."}, {**ONE, "service_request_id": "12-2", "agency_responsible": "Dept"}])
    assert samen(content, "--category", "oud", "--dry-run") == (0, "nothing is taken over yet: 2 new, 0 already there", [])
    assert number_of_cases(platform) == 0
    assert samen(content, "--category", "oud", "--publication", "full") == (0, "2 new, 0 already there", [])
    assert samen(content, "--category", "oud") == (0, "0 new, 2 already there", [])
    assert number_of_cases(platform) == 2
    assert json.loads(client.get("/open311/v2/requests/12-1.json").data)[0]["description"] == "Dark."


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_command_says_what_is_wrong_and_takes_nothing_over(platform: Platform, samen: Callable[..., Any]) -> None:
    a_category(platform, "Oud", main=True, code="oud")
    wrong = [ONE, {**ONE, "service_request_id": "12-2", "status": "busy"}, {**ONE, "service_request_id": "", "service_code": ""}]
    assert samen(json.dumps(wrong), "--category", "oud")[::2] == (
        1,
        [
            "samen: request 2 (12-2), status: status must be open or closed.",
            "samen: request 3, service_request_id: service_request_id is missing.",
            "samen: request 3, service_code: service_code is missing.",
        ],
    )
    status, _out, lines = samen(json.dumps([{**ONE, "status": ""}] * 25), "--category", "oud")
    assert (status, len(lines), lines[-1]) == (1, 21, "samen: and 5 more")
    for text, options in (("{}", ("oud",)), ("[1]", ("oud",)), ("geen json", ("oud",)), (json.dumps([ONE]), ("onbekend",))):
        status, out, lines = samen(text, "--category", *options)
        assert (status, out, len(lines)) == (1, "", 1), text
    assert samen(json.dumps([ONE]))[0] == 2
    assert number_of_cases(platform) == 0
