"""Importing over REST: send, read what would change, take over; and what is refused."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.services.imports.lists import create_list
from samen_beleidsagenda.testing import a_body
from samen_core.api import Actor, Platform, system
from samen_core.testing.callers import Caller, make_token, problem_of

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

LISTS = "/beleidsagenda/import-lists"
FILES = "/beleidsagenda/import-files"
SCOPES = ("import", "write", "record", "approve")
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
MEETING = {
    "id": 7,
    "plannings": [{"start_date": "2097-02-11 19:30:00"}],
    "attributes": {"Titel": "Commissie"},
    "agenda_items": [{"id": 1, "type_data": {"title_prefix": "1.", "attributes": [{"id": 1, "value": "Opening"}]}}],
}


@pytest.fixture
def clerk(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> Caller:
    """A program that may import."""
    token = make_token(platform, actor_as("manager"), *(f"beleidsagenda.{scope}" for scope in SCOPES), "citycontent.edit_event")
    return Caller(app, token)


def a_list(platform: Platform) -> uuid.UUID:
    """A list of meetings of a committee."""
    body = a_body(platform, "committee")
    with platform.unit_of_work(system("test")) as uow:
        return create_list(uow, CreateList(name="Notubiz", format="notubiz", body_id=body.organization_id)).id


def send(caller: Caller, list_id: uuid.UUID, data: Any, name: str = "vergadering.json") -> Any:
    """Send a file."""
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return caller("POST", f"{LISTS}/{list_id}/files", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


@SQLITE
def test_from_file_to_agenda(platform: Platform, clerk: Caller) -> None:
    list_id = a_list(platform)
    assert [item["name"] for item in clerk("GET", LISTS).json] == ["Notubiz"]
    sent = send(clerk, list_id, MEETING)
    assert sent.status_code == 201, sent.text
    assert (sent.json["state"], sent.json["counts"]) == ("checked", {"new": 2})
    path = f"{FILES}/{sent.json['id']}"
    rows = clerk("GET", f"{path}/rows?outcome=new").json
    assert [(row["kind"], row["title"]) for row in rows] == [("meeting", "Commissie"), ("agenda_item", "Opening")]
    problem_of(clerk("POST", f"{path}/apply", json={"version": 0, "choices": {}}), 409)
    problem_of(clerk("POST", f"{path}/apply", json={"version": sent.json["version"], "choices": {"1": "misschien"}}), 400)
    done = clerk("POST", f"{path}/apply", json={"version": sent.json["version"], "choices": {}})
    assert (done.json["state"], done.json["counts"]) == ("applied", {"new": 2})
    assert clerk("GET", path).json["done"] == 2
    assert send(clerk, list_id, MEETING).json["counts"] == {"same": 2}
    problem_of(clerk("POST", f"{path}/undo", json={"version": 0}), 409)
    undone = clerk("POST", f"{path}/undo", json={"version": done.json["version"]})
    assert (undone.json["state"], undone.json["undone_at"] is None) == ("undone", False)
    assert [row["undo"] for row in clerk("GET", f"{path}/rows").json] == ["undone", "undone"]
    problem_of(clerk("POST", f"{path}/undo", json={"version": undone.json["version"]}), 400)


@SQLITE
def test_what_is_refused(app: SamenFlask, platform: Platform, clerk: Caller, actor_as: Callable[..., Actor]) -> None:
    list_id = a_list(platform)
    officer = Caller(app, make_token(platform, actor_as("facilitator"), "beleidsagenda.write"))
    problem_of(send(officer, list_id, MEETING), 403)
    problem_of(Caller(app)("GET", LISTS), 401)
    for content in (b"", b"geen json", b"[" * 5000, b'{"a": 1}'):
        problem_of(send(clerk, list_id, content), 400)
    problem_of(clerk("POST", f"{LISTS}/{list_id}/files", data={"file": "tekst"}, content_type="multipart/form-data"), 400)
    problem_of(clerk("GET", f"{FILES}/{uuid.uuid4()}"), 404)
    problem_of(send(clerk, uuid.uuid4(), MEETING), 404)
