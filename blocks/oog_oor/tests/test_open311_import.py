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
from samen_oog_oor.services.open311_import import Imported, import_requests
from samen_oog_oor.testing import a_category

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SAME = ("service_request_id", "status", "service_name", "service_code", "agency_responsible", "address", "lat", "long")
ONE: dict[str, Any] = {
    "service_request_id": "12-1",
    "status": "open",
    "service_code": "lamp",
    "service_name": "Street light",
    "requested_datetime": "2026-05-01T12:00:00-05:00",
}


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
        assert {name: item[name] for name in SAME} == {name: request[name] for name in SAME}
        for name in ("requested_datetime", "updated_datetime"):
            assert datetime.fromisoformat(item[name]) == datetime.fromisoformat(request[name])
        told = {(datetime.fromisoformat(note["datetime"]), note["description"]) for note in item["notes"]}
        for note in request["notes"]:
            said = "\n".join(text for text in (note.get("summary"), note.get("description")) if text)
            assert (datetime.fromisoformat(note["datetime"]), said) in told
        if request["status"] == "closed":
            assert item["status_notes"] == request["status_notes"]
        else:
            assert request["status_notes"] in {text for _at, text in told}
    assert take(platform, requests, main) == Imported(0, 50)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Signal)).scalar_one() == 50
    tree = client.get("/open311/v2/requests/14-00684314.xml")
    assert "<agency_responsible>Division of In-House Construction CDOT</agency_responsible>" in tree.text


def test_less_is_shown_when_that_is_chosen_and_nothing_is_lost(platform: Platform, client: FlaskClient) -> None:
    main = a_category(platform, "Oud", main=True)
    whole = {**ONE, "description": "Dark.", "attributes": {"COLOR": "red"}, "media_url": "https://foto.example/1", "status_notes": "Seen."}
    take(platform, [whole], main, "point")
    (item,) = json.loads(client.get("/open311/v2/requests/12-1.json?extensions=true").data)
    assert (item["description"], item["notes"], item["attributes"]) == (None, [], {})
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Signal.text)).scalar_one() == "Dark.\nCOLOR: red\nhttps://foto.example/1"
        assert uow.session.execute(select(Update.text)).scalar_one() == "Seen."


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
