"""Trying and replaying rules, and publishing, over REST."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from samen_core.api import LOGGED_IN, MODERATE, Platform, store_upload, system
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_oog_oor.permissions import DEFINE, TRIAGE
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

API = "/api/v1/oog-oor"
# What differs by database is tried in test_routing_rules.py and test_publishing.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def caller(app: Any, platform: Platform, actor_as: Any) -> Callable[[str], Caller]:
    """A client of the API with the rights of a role."""

    def make(role: str) -> Caller:
        actor = actor_as(role)
        rights = [right.name for right in (DEFINE, TRIAGE, MODERATE, LOGGED_IN) if right.somewhere(actor)]
        return Caller(app, make_token(platform, actor, *rights))

    return make


def test_rules_are_tried_and_replayed(platform: Platform, caller: Callable[[str], Caller]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team, pests = an_organization(uow, "Team"), an_organization(uow, "Plaagdieren")
        category = a_category(uow, organization_id=team.id)
        rule = a_rule(uow, pests, conditions={"words": ["muis"]})
        case = a_case(uow, category, reported_at=uow.now - timedelta(days=1))
        a_signal(uow, case, text="een rat", at=case.reported_at)
    manager = caller("manager")
    found = manager("POST", f"{API}/rules/try", json={"number": case.number}).get_json()
    assert (found["organization_id"], found["why"], found["rule_id"]) == (str(team.id), "category", None)
    assert found["tried"][0]["because"] == [{"kind": "words", "fits": False}]
    wanted = {"name": "Ratten", "organization_id": str(pests.id), "words": ["rat*"], "active": True}
    for path in ("/rules/replay", f"/rules/{rule.id}/replay"):
        answer = manager("POST", f"{API}{path}", json=wanted)
        assert answer.status_code == 200, answer.text
        assert [(one["number"], one["after_organization_id"]) for one in answer.get_json()["moved"]] == [(case.number, str(pests.id))]
    problem_of(manager("POST", f"{API}/rules/try", json={"number": "1-1"}), 400)
    problem_of(caller("facilitator")("POST", f"{API}/rules/try", json={}), 403)


def test_a_case_is_published_hidden_and_shown(platform: Platform, caller: Callable[[str], Caller]) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(stream, "PNG")
    stream.seek(0)
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        signal = a_signal(uow, case)
        picture = store_upload(uow, stream, "foto.png", alt="Een straat", owner=signal.id, public=False)
    staff = caller("moderator")
    texts = {"publication": "full", "title": "Vuil", "public_text": "Er ligt vuil", "signals": {str(signal.id): "Vuil hier"}}
    answer = staff("POST", f"{API}/cases/{case.id}/publication", json={**texts, "version": 2})
    assert answer.status_code == 200, answer.text
    assert (answer.get_json()["title"], answer.get_json()["signals"]) == ("Vuil", ["Vuil hier"])
    problem_of(staff("POST", f"{API}/cases/{case.id}/publication", json={**texts, "version": 2}), 409)
    version = answer.get_json()["version"]
    path = f"{API}/cases/{case.id}/pictures/{picture.id}"
    answer = staff("PUT", path, json={"alt": "Een straat", "boxes": [[0, 0, 50, 50]], "version": version})
    assert answer.status_code == 200, answer.text
    version = answer.get_json()["version"]
    assert staff("DELETE", path, headers={"If-Match": answer.headers["ETag"]}).status_code == 204
    answer = staff("POST", f"{API}/cases/{case.id}/hiding", json={"code": "insult", "reason": "Schelden", "version": version + 1})
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["nobody"]
    answer = staff("POST", f"{API}/cases/{case.id}/showing", json={"reason": "Aangepast", "version": answer.get_json()["version"]})
    assert (answer.status_code, answer.get_json()["publication"]) == (200, "full")
    problem_of(caller("resident")("POST", f"{API}/cases/{case.id}/hiding", json={"code": "insult", "reason": "x", "version": 1}), 403)
