"""What a manager sets up and what people do besides, over REST: categories, connections, patterns, seeing the same, adding to a signal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import LOGGED_IN, Platform, system
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_oog_oor.models import Forward
from samen_oog_oor.permissions import PERMISSIONS
from samen_oog_oor.schemas.open311 import MakeKey
from samen_oog_oor.services.forwarding import FAILED
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import TEXT, a_case, a_category, a_pattern, a_signal, an_inquiry, an_organization

if TYPE_CHECKING:
    from flask.testing import FlaskClient

API = "/api/v1/oog-oor"
COLOUR = {
    "name": "kleur",
    "kind": "one_choice",
    "label": "Kleur?",
    "options": [{"value": "r", "label": "Rood"}, {"value": "b", "label": "Blauw"}],
}


@pytest.fixture
def caller(app: Any, platform: Platform, actor_as: Callable[..., Any]) -> Callable[[str], Caller]:
    """A client of the API with the rights of a role."""

    def make(role: str) -> Caller:
        actor = actor_as(role)
        rights = {right.name for right in (*PERMISSIONS, LOGGED_IN) if right.audience != "everyone" and right.somewhere(actor)}
        return Caller(app, make_token(platform, actor, *sorted(rights)))

    return make


def test_a_category_is_made_changed_switched_off_and_taken_away(
    platform: Platform, client: FlaskClient, caller: Callable[[str], Caller]
) -> None:
    manager = caller("manager")
    main = manager("POST", f"{API}/categories", json={"name": "Straat", "icon": "lightbulb"})
    assert main.status_code == 201, main.text
    sub = {"name": "Lamp", "code": "lamp", "parent_id": main.get_json()["id"], "words": ["licht", "paal"], "questions": [COLOUR]}
    made = manager("POST", f"{API}/categories", json=sub)
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["words"], body["icon"], body["questions"][0]["options"]) == (["licht", "paal"], "lightbulb", COLOUR["options"])
    assert [one["service_code"] for one in client.get("/open311/v2/services.json").get_json()] == ["lamp"]
    path = made.headers["Location"]
    changed = {"name": "Lantaarn", "parent_id": sub["parent_id"], "words": [], "version": body["version"]}
    answer = manager("PUT", path, json=changed)
    assert (answer.status_code, answer.get_json()["name"], len(answer.get_json()["questions"])) == (200, "Lantaarn", 1), answer.text
    problem_of(manager("PUT", path, json=changed), 409)
    problem_of(manager("PUT", path, json={**changed, "version": None}, headers={"If-Match": made.headers["ETag"]}), 400)
    etag = {"If-Match": manager("GET", path).headers["ETag"]}
    answer = manager(
        "PUT", path, json={name: value for name, value in changed.items() if name != "version"} | {"questions": []}, headers=etag
    )
    assert answer.get_json()["questions"] == []
    answer = manager("POST", f"{path}/off", json={"reason": "Even niet.", "version": answer.get_json()["version"]})
    assert answer.get_json()["active"] is False
    problem_of(client.get(path), 404)
    answer = manager("POST", f"{path}/on", json={"version": answer.get_json()["version"]})
    assert client.get(path).get_json()["active"] is True
    problem_of(manager("DELETE", path), 428)
    problem_of(manager("DELETE", path, headers=etag), 412)
    assert manager("DELETE", path, headers={"If-Match": answer.headers["ETag"]}).status_code == 204
    problem_of(manager("GET", path), 404)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_category_is_said_by_its_field(caller: Callable[[str], Caller]) -> None:
    manager = caller("manager")
    main = manager("POST", f"{API}/categories", json={"name": "Straat"}).get_json()["id"]
    for wrong, field in (
        ({"questions": [COLOUR, COLOUR]}, "questions"),
        ({"questions": [{**COLOUR, "options": []}]}, "questions"),
        ({"parent_id": str(uuid.uuid4())}, "parent_id"),
        ({"code": "Hoofdletters"}, "code"),
        ({"stop": "emergency"}, "stop_text"),
        ({"organization_id": str(uuid.uuid4())}, "organization_id"),
    ):
        problem = problem_of(manager("POST", f"{API}/categories", json={"name": "Lamp", "parent_id": main, **wrong}), 400)
        assert any(field in str(error) for error in problem["errors"]), problem
    problem_of(caller("facilitator")("POST", f"{API}/categories", json={"name": "Lamp"}), 403)


def test_categories_are_ordered_and_the_delivered_ones_added(platform: Platform, caller: Callable[[str], Caller]) -> None:
    manager = caller("manager")
    first = a_category(platform, "Een")
    second = a_category(platform, "Twee")
    ids = [str(second.parent_id), str(first.parent_id)]
    answer = manager("POST", f"{API}/categories/order", json={"ids": ids})
    assert [row["id"] for row in answer.get_json()] == ids, answer.text
    problem_of(manager("POST", f"{API}/categories/order", json={"ids": ids[:1]}), 400)
    assert manager("POST", f"{API}/categories/delivered").get_json()["made"] > 50
    assert manager("POST", f"{API}/categories/delivered").get_json() == {"made": 0}


def test_patterns_are_proposed_and_left(platform: Platform, caller: Callable[[str], Caller]) -> None:
    staff = caller("moderator")
    for act, words, state in (
        ("question", {"question": "Hoe wordt het licht?"}, "proposed"),
        ("dismissal", {"reason": "Al opgelost."}, "dismissed"),
    ):
        pattern = a_pattern(platform, a_case(platform))
        path = f"{API}/patterns/{pattern.id}/{act}"
        problem_of(staff("POST", path, json={**words, "version": 9}), 409)
        answer = staff("POST", path, json={**words, "version": pattern.version})
        assert (answer.status_code, answer.get_json()["state"]) == (200, state), answer.text
        problem_of(caller("resident")("POST", path, json={**words, "version": pattern.version}), 403)


def test_who_sees_the_same_says_so_once(platform: Platform, client: FlaskClient, caller: Callable[[str], Caller]) -> None:
    case, hidden = a_case(platform), a_case(platform, confidential=True)
    resident = caller("resident")
    assert resident("POST", f"{API}/cases/{case.id}/support").get_json() == {"supports": 1, "new": True}
    assert resident("POST", f"{API}/cases/{case.id}/support").get_json() == {"supports": 1, "new": False}
    assert resident("DELETE", f"{API}/cases/{case.id}/support").status_code == 204
    assert client.get(f"{API}/cases/{case.id}").get_json()["supports"] == 0
    problem_of(resident("POST", f"{API}/cases/{hidden.id}/support"), 404)
    assert client.post(f"{API}/cases/{case.id}/support").status_code == 401


def test_a_reporter_adds_something_and_chooses_about_mail(platform: Platform, client: FlaskClient) -> None:
    signal = a_signal(platform)
    key = f"{API}/receipts/{receipt_key(platform, signal.id)}"
    added = client.post(f"{key}/additions", json={"text": "Nu zijn het er twee."})
    assert added.status_code == 200, added.text
    assert added.get_json()["text"].startswith(TEXT)
    assert added.get_json()["text"].endswith("Nu zijn het er twee.")
    problem_of(client.post(f"{key}/additions", json={}), 400)
    assert client.post(f"{key}/mail", json={"wants_mail": False}).status_code == 200
    problem_of(client.post(f"{API}/receipts/geen/additions", json={"text": "x"}), 404)


def test_a_question_is_ended(platform: Platform, caller: Callable[[str], Caller]) -> None:
    case = a_case(platform, state="awaiting_third_party", came_from="in_progress")
    path = f"{API}/cases/{case.id}/inquiries/{an_inquiry(platform, case).id}/end"
    staff = caller("facilitator")
    answer = staff("POST", path)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "in_progress"), answer.text
    problem_of(staff("POST", path), 410)


def test_keys_are_listed_allowed_more_and_ended(platform: Platform, actor_as: Callable[..., Any], caller: Callable[[str], Caller]) -> None:
    with platform.unit_of_work(actor_as("resident")) as uow:
        made = make_key(uow, MakeKey(name="Mijn app"))
    manager = caller("manager")
    (listed,) = manager("GET", f"{API}/keys").get_json()
    assert made.secret.startswith(listed["start"])
    assert made.secret not in manager("GET", f"{API}/keys").text
    path = f"{API}/keys/{made.id}"
    problem_of(caller("resident")("POST", f"{path}/updates", json={"may": True}), 403)
    assert manager("POST", f"{path}/updates", json={"may": True}).get_json()["may_update"] is True
    problem_of(caller("facilitator")("DELETE", path), 404)
    assert manager("DELETE", path).status_code == 204
    problem_of(manager("DELETE", path), 404)
    assert manager("GET", f"{API}/keys").get_json() == []


def test_servers_are_set_up_and_what_failed_is_sent_again(platform: Platform, caller: Callable[[str], Caller]) -> None:
    manager = caller("manager")
    to, category = an_organization(platform), a_category(platform)
    server = {"name": "Buren", "url": "https://buren.example/open311/v2", "organization_id": str(to.id), "key": "geheim", "active": True}
    made = manager("POST", f"{API}/servers", json=server)
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    assert "geheim" not in manager("GET", path).text
    renamed = manager("PUT", path, json={**server, "name": "De buren", "key": "", "version": made.get_json()["version"]})
    assert (renamed.status_code, renamed.get_json()["name"]) == (200, "De buren"), renamed.text
    problem_of(manager("PUT", path, json={**server, "version": made.get_json()["version"]}), 409)
    assert [row["name"] for row in manager("GET", f"{API}/servers").get_json()] == ["De buren"]
    mapped = [{"server_id": made.get_json()["id"], "category_id": str(category.id), "service_code": "lamp"}]
    assert (
        manager("POST", f"{path}/categories", json={"category_id": str(category.id), "service_code": "lamp"}).get_json()
        == mapped
        == manager("GET", f"{path}/categories").get_json()
    )
    case = a_case(platform, category)
    with platform.unit_of_work(system("test")) as uow:
        forward = Forward(id=uuid.uuid4(), case_id=case.id, server_id=uuid.UUID(made.get_json()["id"]), state=FAILED, problem="403")
        uow.session.add(forward)
        uow.session.flush()
        id = forward.id
    (row,) = manager("GET", f"{path}/forwards").get_json()
    assert (row["number"], row["state"]) == (case.number, "failed")
    again = manager("POST", f"{API}/forwards/{id}/again")
    assert (again.status_code, again.get_json()["state"]) == (200, "waiting"), again.text
    problem_of(manager("POST", f"{API}/forwards/{id}/again"), 409)
    assert manager("DELETE", f"{path}/categories/{category.id}").status_code == 204
    problem_of(manager("DELETE", f"{path}/categories/{category.id}"), 404)
    problem_of(caller("facilitator")("GET", f"{API}/servers"), 403)
