"""Questions and gates over REST: the same rules, problems as problem+json."""

from __future__ import annotations

from typing import Any

import pytest

from samen_core.testing.callers import Caller, make_token, problem_of
from samen_samenspreker.testing import TITLE, a_question, an_accepted_question

BASE = "/samenspreker/questions"
BODY = {"kind": "problem", "title": TITLE, "description": "Auto's rijden er te hard."}
EVERYBODY = ("support_question",)
STAFF = (*EVERYBODY, "judge", "see_unpublished")
SCOPES = {"resident": EVERYBODY, "facilitator": STAFF, "manager": (*STAFF, "define_process")}


@pytest.fixture
def caller(app, platform, actor_as):
    """``caller("facilitator")``: a caller with every permission of the block that the role has; without a role nobody."""

    def make(role: str = "") -> Caller:
        return Caller(app, make_token(platform, actor_as(role), *(f"samenspreker.{name}" for name in SCOPES[role])) if role else "")

    return make


def body_of(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def test_from_asking_to_the_agenda(caller):
    nobody, asker, staff = caller(), caller("resident"), caller("facilitator")
    answer = asker("POST", BASE, json=BODY)
    made = body_of(answer, 201)
    one = f"{BASE}/{made['id']}"
    assert answer.headers["Location"] == f"/api/v1{one}"
    assert (made["state"], made["receipt_code"], made["version"]) == ("submitted", "", 1)
    problem_of(nobody("GET", one), 404)
    assert body_of(asker("GET", one))["title"] == TITLE
    changed = body_of(asker("PUT", one, json={**BODY, "title": "Een veilige straat", "version": 1}))
    assert problem_of(asker("PUT", one, json={**BODY, "version": 1}), 409)["current"]["title"] == "Een veilige straat"
    problem_of(asker("POST", f"{one}/acceptance", json={"reason": "Ja.", "version": changed["version"]}), 403)
    assert [row["id"] for row in body_of(staff("GET", f"{BASE}?list=submitted"))] == [made["id"]]
    problem_of(nobody("GET", f"{BASE}?list=submitted"), 401)
    accepted = body_of(staff("POST", f"{one}/acceptance", json={"reason": "Ja.", "version": changed["version"]}))
    assert (accepted["state"], accepted["step"], accepted["reason"]) == ("accepted", "agenda", "Ja.")
    problem_of(staff("POST", f"{one}/refusal", json={"reason": "Nee.", "version": accepted["version"]}), 409)
    assert [row["title"] for row in body_of(nobody("GET", BASE))] == ["Een veilige straat"]
    assert set(body_of(nobody("GET", BASE))[0]) == set(body_of(nobody("GET", one))) - {
        "why_now",
        "author_name",
        "on_behalf_of_id",
        "merged_into_id",
        "follows_id",
        "url",
    }


def test_without_token_one_gets_a_code(caller, platform):
    made = body_of(caller()("POST", BASE, json={**BODY, "name": "Ans"}), 201)
    assert made["author_name"] == "Ans"
    assert len(made["receipt_code"]) == 14
    problem_of(caller()("POST", BASE, json={**BODY, "reason": "Meteen."}), 401)


def test_wrong_input_is_told_at_once(caller):
    nobody = caller()
    problem = problem_of(nobody("POST", BASE, json={"kind": "vraag", "title": "", "sectors": ["niemand"], "extra": 1}), 400)
    assert {"#/kind", "#/title", "#/description", "#/extra"} <= {error["pointer"] for error in problem["errors"]}
    problem_of(nobody("GET", f"{BASE}?step=nergens"), 400)
    problem_of(nobody("GET", f"{BASE}?cursor=nergens"), 400)
    problem_of(nobody("GET", f"{BASE}?areaId=geen"), 400)
    problem_of(nobody("GET", f"{BASE}/similar"), 400)
    problem_of(nobody("GET", f"{BASE}/00000000-0000-7000-8000-000000000000"), 404)


def test_withdrawing_refusing_and_supporting(caller, platform, outbox):
    asker, staff, nobody = caller("resident"), caller("facilitator"), caller()
    made = body_of(asker("POST", BASE, json=BODY), 201)
    gone = body_of(asker("POST", f"{BASE}/{made['id']}/withdrawal", json={"version": 1}))
    assert gone["state"] == "withdrawn"
    no = a_question(platform, title="Nee")
    refused = body_of(staff("POST", f"{BASE}/{no.id}/refusal", json={"reason": "Gaat niet.", "version": 1}))
    assert refused["state"] == "refused"
    assert [row["title"] for row in body_of(nobody("GET", f"{BASE}?list=refused"))] == ["Nee"]
    question = an_accepted_question(platform)
    support = f"{BASE}/{question.id}/support"
    problem_of(nobody("PUT", support), 401)
    assert [body_of(asker(method, support))["supports"] for method in ("PUT", "PUT", "DELETE", "DELETE")] == [1, 1, 0, 0]
    outbox.drain()
    found = body_of(nobody("GET", f"{BASE}/similar", query_string={"title": "Een veilige Dorpsstraat voor fietsers"}))
    assert [row["id"] for row in found] == [str(question.id)]


def test_merging_and_separating(caller, platform):
    staff = caller("facilitator")
    one, into = an_accepted_question(platform, title="Een"), an_accepted_question(platform, title="Twee")
    body = {"into_id": str(into.id), "reason": "Hetzelfde.", "version": one.version}
    problem_of(caller("resident")("POST", f"{BASE}/{one.id}/merge", json=body), 403)
    assert body_of(staff("POST", f"{BASE}/{one.id}/merge", json=body))["id"] == str(into.id)
    merged = body_of(caller()("GET", f"{BASE}/{one.id}"))
    assert (merged["state"], merged["merged_into_id"]) == ("merged", str(into.id))
    apart = body_of(staff("POST", f"{BASE}/{one.id}/separation", json={"reason": "Toch niet.", "version": merged["version"]}))
    assert (apart["state"], apart["merged_into_id"]) == ("accepted", None)


def test_pages_of_the_list_follow_each_other(caller, platform):
    for number in range(5):
        an_accepted_question(platform, title=f"Vraag {number}")
    nobody, found, path = caller(), [], f"{BASE}?limit=2&order=oldest"
    while path:
        answer = nobody("GET", path)
        found += [row["title"] for row in body_of(answer)]
        links = dict(reversed(part.split("; rel=")) for part in answer.headers["Link"].split(", "))
        path = links.get('"next"', "").strip("<>").partition("/api/v1")[2]
    assert found == [f"Vraag {number}" for number in range(5)]


def test_gates(caller):
    manager, nobody = caller("manager"), caller()
    body = {"step": "agenda", "title": "De wijkmanager las mee", "role": "facilitator"}
    problem_of(caller("facilitator")("POST", "/samenspreker/gates", json=body), 403)
    problem_of(manager("POST", "/samenspreker/gates", json={"step": "closed", "role": "baas"}), 400)
    first = body_of(manager("POST", "/samenspreker/gates", json=body), 201)
    second = body_of(manager("POST", "/samenspreker/gates", json={**body, "title": "De raad is gebeld"}), 201)
    placed = body_of(manager("POST", f"/samenspreker/gates/{second['id']}/place", json={"earlier": True, "version": 1}))
    assert placed["position"] == 1
    assert [gate["title"] for gate in body_of(nobody("GET", "/samenspreker/gates"))] == ["De raad is gebeld", "De wijkmanager las mee"]
    one = f"/samenspreker/gates/{first['id']}"
    off = body_of(manager("PUT", one, json={**body, "active": False, "version": 2}))
    assert off["active"] is False
    problem_of(manager("PUT", one, json={**body, "version": 2}), 409)
    assert body_of(nobody("GET", one)) == off
