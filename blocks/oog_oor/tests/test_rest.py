"""The REST resources: signals as the website sends them, acts with versions, and nothing for who may not see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from samen_core.api import LOGGED_IN, system
from samen_core.testing.callers import make_token
from samen_oog_oor.models import Signal, Viewing
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.permissions import PERMISSIONS
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import (
    EMAIL,
    TEXT,
    a_case,
    a_category,
    a_note,
    a_pattern,
    a_signal,
    a_verdict,
    an_inquiry,
    an_organization,
    an_update,
)

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.api import Actor, Platform
    from samen_core.app import SamenFlask

    WithToken = Callable[..., FlaskClient]

API = "/api/v1/oog-oor"
# What differs by database is tried in the tests of the services.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def with_token(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> WithToken:
    """A client of the API with a token of an account with this role."""

    def make(role: str) -> FlaskClient:
        actor = actor_as(role)
        token = make_token(
            platform, actor, *(right.name for right in (*PERMISSIONS, LOGGED_IN) if right.audience != "everyone" and right.somewhere(actor))
        )
        client = app.test_client(use_cookies=False)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return make


def sent(category_id: Any, **more: Any) -> dict[str, Any]:
    return {"category_id": str(category_id), "text": TEXT, "place": {"address": "bij de Markt"}, **more}


def test_a_signal_comes_in_once(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform)
    body = sent(category.id, idempotency_key="sleutel-van-een-toestel", contact={"email": EMAIL})
    first = client.post(f"{API}/signals", json=body)
    assert first.status_code == 201, first.text
    again = client.post(f"{API}/signals", json=body)
    assert again.get_json() == {**first.get_json(), "again": True}
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Signal)).scalar_one() == 1
    receipt = client.get(f"{API}/receipts/{first.get_json()['key']}").get_json()
    assert (receipt["text"], receipt["state"], receipt["channel"]) == (TEXT, "new", "rest")
    assert EMAIL not in str(receipt)
    assert client.get(f"{API}/receipts/{'0' * 40}").status_code == 404


def test_what_is_wrong_is_told_at_once(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, stop="emergency", stop_text="Bel 112.")
    answer = client.post(f"{API}/signals", json={"category_id": str(category.id), "text": TEXT})
    assert answer.status_code == 400
    assert "Bel 112." in answer.text
    assert client.post(f"{API}/signals", json={"text": ""}).status_code == 400
    assert client.post(f"{API}/signals", json=sent(category.id, channel="staff")).status_code in (400, 401, 403)


def test_everybody_reads_only_what_has_a_page(platform: Platform, client: FlaskClient, with_token: WithToken) -> None:
    shown = a_case(platform, public_text="Een lamp is kapot.")
    kept = [a_case(platform, confidential=True), a_case(platform, publication="count"), a_case(platform, publication="point")]
    an_update(platform, shown, "Voor iedereen.")
    an_update(platform, shown, "Voor melders.", public=False)
    a_note(platform, shown)
    signal = a_signal(platform, shown)
    assert [row["number"] for row in client.get(f"{API}/cases").get_json()] == [shown.number]
    one = client.get(f"{API}/cases/{shown.id}").get_json()
    assert (one["public_text"], one["priority"], one["assignee_id"]) == ("Een lamp is kapot.", None, None)
    for case in kept:
        for part in ("", "/updates", "/routes"):
            assert client.get(f"{API}/cases/{case.id}{part}").status_code == 404
    assert [row["text"] for row in client.get(f"{API}/cases/{shown.id}/updates").get_json()] == ["Voor iedereen."]
    for part in ("notes", "tasks", "inquiries", "verdicts", "signals"):
        assert client.get(f"{API}/cases/{shown.id}/{part}").status_code == 401
    assert client.get(f"{API}/signals/{signal.id}").status_code == 401
    resident = with_token("resident")
    assert resident.get(f"{API}/signals/{signal.id}").status_code == 404
    assert resident.get(f"{API}/work/cases").status_code == 403


def test_staff_work_with_versions(platform: Platform, with_token: WithToken) -> None:
    staff = with_token("facilitator")
    case = a_case(platform)
    a_signal(platform, case)
    read = staff.get(f"{API}/cases/{case.id}")
    move = {"state": "in_progress", "text": "Wij zijn bezig.", "public": True}
    done = staff.post(f"{API}/cases/{case.id}/state", json=move, headers={"If-Match": read.headers["ETag"]})
    assert (done.status_code, done.get_json()["state"]) == (200, "in_progress")
    late = staff.post(f"{API}/cases/{case.id}/priority", json={"priority": "high"}, headers={"If-Match": read.headers["ETag"]})
    assert late.status_code == 412
    again = staff.post(f"{API}/cases/{case.id}/priority", json={"priority": "high", "version": done.get_json()["version"]})
    assert again.get_json()["priority"] == "high"
    assert [row["text"] for row in staff.get(f"{API}/cases/{case.id}/updates").get_json()] == ["Wij zijn bezig."]
    assert [row["number"] for row in staff.get(f"{API}/work/cases?priority=high&state=in_progress").get_json()] == [case.number]
    assert staff.get(f"{API}/work/cases?late=true").get_json() == []


def test_what_stands_on_a_case(platform: Platform, with_token: WithToken) -> None:
    staff = with_token("facilitator")
    case = a_case(platform, state="resolved")
    signal = a_signal(platform, case)
    a_verdict(platform, signal, content=False)
    an_inquiry(platform, case)
    other = a_case(platform)
    assert staff.post(f"{API}/cases/{other.id}/notes", json={"text": "Kijken."}).status_code == 201
    task = staff.post(f"{API}/cases/{other.id}/tasks", json={"title": "Lamp vervangen"})
    assert task.status_code == 201
    version = {"version": task.get_json()["version"]}
    done = staff.post(f"{API}/tasks/{task.get_json()['id']}/done", json={"note": "Klaar.", **version})
    assert done.get_json()["state"] == "done"
    assert staff.get(f"{API}/tasks/{task.get_json()['id']}").status_code == 200
    assert [row["reason"] for row in staff.get(f"{API}/cases/{case.id}/verdicts").get_json()] == ["Het is nog steeds donker."]
    assert [row["to"] for row in staff.get(f"{API}/cases/{case.id}/inquiries").get_json()] == ["third_party"]
    assert [row["text"] for row in staff.get(f"{API}/cases/{case.id}/signals").get_json()] == [TEXT]
    assert "email" not in staff.get(f"{API}/cases/{case.id}/inquiries").text


def test_who_looks_at_contact_details_is_kept(platform: Platform, with_token: WithToken) -> None:
    signal = a_signal(platform)
    contact, why = f"{API}/signals/{signal.id}/contact", {"reason": "ask"}
    assert with_token("facilitator").post(contact, json={}).status_code == 400, "first it is asked what for"
    assert with_token("facilitator").post(contact, json=why).get_json()["email"] == EMAIL
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Viewing.what, Viewing.reason)).all() == [("contact", "ask")]
    assert with_token("resident").post(contact, json=why).status_code == 403


@pytest.mark.parametrize("state", sorted(CLOSED - {"withdrawn"}))
def test_a_reporter_says_what_they_think_by_the_key(platform: Platform, client: FlaskClient, state: str) -> None:
    signal = a_signal(platform, a_case(platform, state=state))
    key = f"{API}/receipts/{receipt_key(platform, signal.id)}"
    judged = client.post(f"{key}/verdict", json={"content": "no", "reason": "Nog donker."})
    assert (judged.status_code, judged.get_json()["content"]) == (200, False), judged.text
    asked = client.post(f"{key}/reopening", json={"text": "Het is nog steeds donker."})
    assert asked.get_json()["state"] == "reopening_requested"
    assert client.post(f"{key}/withdrawal", json={"resolution": "already_resolved"}).status_code == 400


def test_rules_texts_and_views(platform: Platform, with_token: WithToken) -> None:
    manager = with_token("manager")
    to = an_organization(platform)
    made = manager.post(f"{API}/rules", json={"name": "Alles", "organization_id": str(to.id), "active": True, "words": ["lamp"]})
    assert made.status_code == 201, made.text
    rule = f"{API}/rules/{made.get_json()['id']}"
    assert [row["name"] for row in manager.get(f"{API}/rules").get_json()] == ["Alles"]
    assert manager.delete(rule).status_code == 428
    assert manager.delete(rule, headers={"If-Match": manager.get(rule).headers["ETag"]}).status_code == 204
    text = manager.post(f"{API}/ready-texts", json={"name": "Klaar", "state": "resolved", "text": "Het is klaar.", "active": True})
    assert text.status_code == 201, text.text
    view = manager.post(f"{API}/views", json={"name": "Nieuw", "query": "staat=new"})
    assert view.status_code == 201, view.text
    assert [row["own"] for row in manager.get(f"{API}/views").get_json()] == [True]
    assert manager.delete(f"{API}/views/{view.get_json()['id']}").status_code == 204
    assert with_token("resident").get(f"{API}/rules").status_code == 403


def test_patterns_that_were_proposed(platform: Platform, client: FlaskClient) -> None:
    shown, hidden = a_case(platform), a_case(platform, confidential=True)
    found, proposed = a_pattern(platform, shown), a_pattern(platform, shown, hidden, state="proposed")
    assert [row["id"] for row in client.get(f"{API}/patterns").get_json()] == [str(proposed.id)]
    assert client.get(f"{API}/patterns/{proposed.id}").get_json()["case_ids"] == [str(shown.id)]
    assert client.get(f"{API}/patterns/{found.id}").status_code == 404


def test_cases_close_by(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, radius=100)
    case = a_case(platform, category)
    a_case(platform, category, confidential=True)
    near = client.get(f"{API}/near?categoryId={category.id}&lat={case.lat}&lon={case.lon}").get_json()
    assert [(row["id"], row["metres"]) for row in near] == [(str(case.id), 0)]
