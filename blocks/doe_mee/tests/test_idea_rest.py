"""Ideas over REST."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from samen_core.api import Platform, system
from samen_doe_mee.models import Idea
from samen_doe_mee.testing_support import an_idea

API = "/api/v1/doe-mee/ideas"
WORDS = {"title": "Een bankje bij de vijver", "text": "Dan kunnen mensen daar zitten.", "where": "city"}


def test_anybody_proposes_changes_and_withdraws_with_the_code(client: FlaskClient) -> None:
    made = client.post(API, json=WORDS)
    assert made.status_code == 201, made.json
    body = made.json
    code, url = body["receipt_code"], f"{API}/{body['id']}"
    assert (body["state"], body["term"], body["status"]) == ("published", "running", "received")
    wrong = client.post(API, json={"title": "x", "where": "place"})
    assert wrong.status_code == 400
    one = client.get(url).json
    assert [step["kind"] for step in one["steps"]] == ["received"]
    change = {**WORDS, "title": "Twee bankjes", "version": one["version"]}
    assert client.put(url, json=change).status_code in (401, 403)
    changed = client.put(url, json={**change, "code": code})
    assert (changed.status_code, changed.json["title"]) == (200, "Twee bankjes")
    gone = client.post(f"{url}/withdrawal", json={"version": changed.json["version"], "code": code})
    assert (gone.status_code, gone.json["text"]) == (200, "")
    assert client.get(API).json == []


def test_lists_filter_and_hide_what_is_not_for_everybody(platform: Platform, client: FlaskClient) -> None:
    an_idea(platform, "Een speeltuin", kind="challenge", state="hidden")
    shown = an_idea(platform, "Een fietspad", status="supported")
    assert [row["id"] for row in client.get(f"{API}?status=supported&order=supports").json] == [str(shown.id)]
    assert client.get(f"{API}?term=nonsense").status_code == 400
    assert client.get(f"{API}/work").status_code in (401, 403)


def test_acts_of_staff_need_the_right(platform: Platform, client: FlaskClient) -> None:
    idea: Any = an_idea(platform)
    body = {"status": "supported", "text": "Wij doen mee.", "version": idea.version}
    assert client.post(f"{API}/{idea.id}/status", json=body).status_code in (401, 403)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Idea, idea.id).status == "received"
