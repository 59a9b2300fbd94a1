"""Rounds, options and decisions over REST: the same rules, problems as problem+json."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from samen_core.api import Actor, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_inbreng.api import AddTheme, Theme, add_theme
from samen_samenspreker.models import Question
from samen_samenspreker.testing import a_seat, a_table, an_option, in_step

BASE = "/samenspreker"
TODAY = datetime.now(UTC).date()
SCOPES = {
    "resident": ("samenspreker.make_option", "samenspreker.write_decision", "samenspreker.support_question"),
    "facilitator": (
        "samenspreker.facilitate",
        "samenspreker.make_option",
        "samenspreker.write_decision",
        "samenspreker.support_question",
        "inbreng.manage_activity",
    ),
    "decision_maker": ("samenspreker.decide", "samenspreker.write_decision"),
}
PLAN = {"kind": "explore", "title": "Waar gaat het mis?", "opens_on": str(TODAY), "ends_on": str(TODAY + timedelta(days=5))}
Callers = Callable[..., tuple[Caller, Actor]]


@pytest.fixture
def caller(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> Callers:
    """``caller("facilitator")``: a caller with every permission that the role has here, or with these scopes, and who it is."""

    def make(role: str, *scopes: str) -> tuple[Caller, Actor]:
        actor = actor_as(role)
        return Caller(app, make_token(platform, actor, *(scopes or SCOPES[role]))), actor

    return make


@pytest.fixture
def nobody(app: SamenFlask) -> Caller:
    """A caller without a token."""
    return Caller(app)


def body_of(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def of(question: Question, part: str) -> str:
    return f"{BASE}/questions/{question.id}/{part}"


def test_a_round_with_its_activities(platform: Platform, caller: Callers, nobody: Caller) -> None:
    question, (staff, _actor), (resident, _other) = a_table(platform), caller("facilitator"), caller("resident")
    problem_of(nobody("POST", of(question, "rounds"), json=PLAN), 401)
    problem_of(resident("POST", of(question, "rounds"), json=PLAN), 403)
    wrong = problem_of(staff("POST", of(question, "rounds"), json={**PLAN, "kind": "party", "ends_on": "2020-01-01"}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/kind", "#/ends_on"}
    answer = staff("POST", of(question, "rounds"), json=PLAN)
    made = body_of(answer, 201)
    one = f"{BASE}/rounds/{made['id']}"
    assert answer.headers["Location"] == f"/api/v1{one}"
    assert (made["state"], made["number"], made["activities"]) == ("open", 1, [])
    online = {"title": "Waar is het eng?", "form": "questions", "questions": "Hoe vaak? | elke dag | soms"}
    activity = body_of(staff("POST", f"{one}/online-activities", json=online), 201)
    problem_of(staff("POST", f"{one}/online-activities", json={"title": "x", "form": "questions"}), 400)
    walk = body_of(staff("POST", f"{one}/offline-activities", json={"title": "Wandeling", "people": 30}), 201)
    told = body_of(staff("PUT", f"{BASE}/round-activities/{walk['id']}", json={"title": "Wandeling", "report": "Regen.", "version": 1}))
    assert (told["report"], told["people"]) == ("Regen.", None)
    problem_of(staff("PUT", f"{BASE}/round-activities/{walk['id']}", json={"title": "x", "version": 1}), 409)
    problem_of(staff("PUT", f"{BASE}/round-activities/{activity['id']}", json={"title": "x", "version": 1}), 404)
    whole = body_of(nobody("GET", one))
    assert [row["mode"] for row in whole["activities"]] == ["online", "offline"]
    assert body_of(nobody("GET", f"{BASE}/round-activities/{walk['id']}")) == told
    changed = body_of(staff("PUT", one, json={**PLAN, "purpose": "Weten.", "version": 1}))
    assert problem_of(staff("PUT", one, json={**PLAN, "version": 1}), 409)["current"]["purpose"] == "Weten."
    texts = {"agreed": "Langzamer.", "disagreed": "geen", "minority": "geen", "version": changed["version"]}
    problem_of(staff("POST", f"{one}/close", json={**texts, "minority": ""}), 400)
    closed = body_of(staff("POST", f"{one}/close", json=texts))
    assert (closed["state"], closed["agreed"]) == ("closed", "Langzamer.")
    problem_of(staff("POST", f"{one}/close", json={**texts, "version": closed["version"]}), 410)
    rows = body_of(nobody("GET", f"{of(question, 'rounds')}?limit=1"))
    assert [row["number"] for row in rows] == [1]
    problem_of(nobody("GET", f"{BASE}/rounds/{uuid.uuid4()}"), 404)
    problem_of(nobody("GET", f"{of(question, 'rounds')}?cursor=nergens"), 400)


def test_a_planned_round_is_called_off(platform: Platform, caller: Callers, nobody: Caller) -> None:
    question, (staff, _actor), (resident, _other) = a_table(platform), caller("facilitator"), caller("resident")
    later = {**PLAN, "opens_on": str(TODAY + timedelta(days=3)), "ends_on": str(TODAY + timedelta(days=9))}
    made = body_of(staff("POST", of(question, "rounds"), json=later), 201)
    cancel, why = f"{BASE}/rounds/{made['id']}/cancel", {"reason": "De zaal is dicht.", "version": made["version"]}
    problem_of(resident("POST", cancel, json=why), 403)
    problem_of(staff("POST", cancel, json={**why, "reason": ""}), 400)
    assert body_of(staff("POST", cancel, json=why))["state"] == "cancelled"
    problem_of(staff("POST", cancel, json={**why, "version": made["version"] + 1}), 410)
    assert body_of(nobody("GET", f"{BASE}/rounds/{made['id']}"))["state"] == "cancelled"


def test_an_option_with_its_support(platform: Platform, caller: Callers, nobody: Caller) -> None:
    question, (member, actor), (resident, _other), (staff, _staff) = (
        a_table(platform),
        caller("resident"),
        caller("resident"),
        caller("facilitator"),
    )
    seat = a_seat(platform, question, account_id=actor.account_id, sector="business")
    body = {"title": "Fietsstraat", "text": "Auto is te gast."}
    problem_of(nobody("POST", of(question, "options"), json=body), 401)
    problem_of(resident("POST", of(question, "options"), json=body), 403)
    problem_of(member("POST", of(question, "options"), json={"title": "x", "kleur": "rood"}), 400)
    made = body_of(member("POST", of(question, "options"), json=body), 201)
    one = f"{BASE}/options/{made['id']}"
    problem_of(nobody("PUT", f"{one}/support", json={"position": "for", "option_version": 1}), 401)
    problem_of(member("PUT", f"{one}/support", json={"position": "against", "option_version": 1}), 400)
    given = body_of(member("PUT", f"{one}/support", json={"position": "for", "option_version": 1}))
    assert (given["seat_id"], given["sector"]) == (str(seat.id), "business")
    problem_of(resident("PUT", f"{one}/support", json={"position": "for", "option_version": 1, "seat_id": str(seat.id)}), 403)
    body_of(resident("PUT", f"{one}/support", json={"position": "against", "reason": "Druk.", "option_version": 1}))
    body_of(resident("PUT", f"{one}/support", json={"position": "can_live_with", "option_version": 1}))
    revised = body_of(member("PUT", one, json={**body, "text": "Beter.", "note": "Beter.", "version": made["version"]}))
    assert (revised["current"], revised["older_seats"], revised["older_others"]) == (2, 1, 1)
    assert revised["support"] == [
        {"who": "seats", "sector": "business", "position": "for", "number": 1},
        {"who": "others", "sector": "citizens", "position": "can_live_with", "number": 1},
    ]
    problem_of(member("PUT", one, json={**body, "note": "x", "version": made["version"]}), 409)
    problem_of(resident("PUT", f"{one}/support", json={"position": "for", "option_version": 1}), 409)
    assert resident("DELETE", f"{one}/support").status_code == 204
    assert [row["who"] for row in body_of(nobody("GET", one))["support"]] == ["seats"]
    assert [row["number"] for row in body_of(nobody("GET", f"{one}/versions"))] == [2, 1]
    assert "Druk." not in nobody("GET", one).get_data(as_text=True)
    problem_of(member("POST", f"{one}/withdraw", json={"reason": "x", "version": revised["version"]}), 403)
    gone = body_of(staff("POST", f"{one}/withdraw", json={"reason": "Kan niet.", "version": revised["version"]}))
    assert (gone["state"], gone["reason"]) == ("withdrawn", "Kan niet.")
    problem_of(member("PUT", f"{one}/support", json={"position": "for", "option_version": 2}), 410)
    assert [row["state"] for row in body_of(nobody("GET", of(question, "options")))] == ["withdrawn"]


def test_criteria_and_judgements(platform: Platform, caller: Callers, nobody: Caller) -> None:
    question, (staff, _actor) = a_table(platform), caller("facilitator")
    option = an_option(platform, question)
    problem_of(staff("PUT", of(question, "criteria"), json={"criteria": [{"title": ""}]}), 400)
    criteria = body_of(staff("PUT", of(question, "criteria"), json={"criteria": [{"title": "Veilig"}, {"title": "Kosten"}]}))
    assert [row["title"] for row in body_of(nobody("GET", of(question, "criteria")))] == ["Veilig", "Kosten"]
    renamed = {"criteria": [{"id": criteria[0]["id"], "version": 1, "title": "Veiligheid"}]}
    body_of(staff("PUT", of(question, "criteria"), json=renamed))
    problem_of(staff("PUT", of(question, "criteria"), json={"criteria": [{**renamed["criteria"][0], "title": "Anders"}]}), 409)
    path = f"{BASE}/options/{option.id}/judgements"
    problem_of(staff("PUT", path, json={"judgements": [{"criterion_id": criteria[0]["id"], "score": 6}], "version": 1}), 400)
    problem_of(staff("PUT", path, json={"judgements": [{"criterion_id": str(uuid.uuid4()), "score": 3}], "version": 1}), 400)
    judged = body_of(
        staff("PUT", path, json={"judgements": [{"criterion_id": criteria[0]["id"], "score": 4, "text": "Ja."}], "version": 1})
    )
    assert judged["judgements"] == [{"criterion_id": criteria[0]["id"], "score": 4, "text": "Ja."}]


def test_a_decision_is_published_once(platform: Platform, caller: Callers, nobody: Caller, organization: Any) -> None:
    question = a_table(platform)
    option = an_option(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        theme = add_theme(uow, question.id, AddTheme(title="Te hard rijden", summary=""))
        uow.session.execute(update(Theme).where(Theme.id == theme.id).values(contributions=3))
    (decider, _who), (staff, _staff), (resident, _other) = caller("decision_maker"), caller("facilitator"), caller("resident")
    problem_of(staff("POST", of(question, "decisions"), json={"text": "Te vroeg."}), 400)
    in_step(platform, question, "decide")
    problem_of(resident("POST", of(question, "decisions"), json={"text": "x"}), 403)
    problem_of(staff("POST", of(question, "decisions"), json={"option_id": str(uuid.uuid4())}), 400)
    problem_of(staff("POST", of(question, "decisions"), json={"weighings": [{"text": "x"}]}), 400)
    draft = body_of(staff("POST", of(question, "decisions"), json={"text": "De straat wordt een fietsstraat."}), 201)
    assert {item["code"] for item in draft["missing"]} >= {
        "organization_id",
        "decided_by",
        "decided_on",
        "reasons",
        "weighing",
        "deviation",
    }
    problem_of(staff("POST", of(question, "decisions"), json={"text": "Nog een."}), 409)
    one = f"{BASE}/decisions/{draft['id']}"
    problem_of(nobody("GET", one), 404)
    assert body_of(nobody("GET", of(question, "decisions"))) == []
    assert [row["state"] for row in body_of(staff("GET", of(question, "decisions")))] == ["draft"]
    problem_of(staff("POST", f"{one}/publish", json={"version": draft["version"]}), 403)
    refused = problem_of(decider("POST", f"{one}/publish", json={"version": draft["version"]}), 400)
    assert len(refused["errors"]) == len(draft["missing"])
    whole = {
        "organization_id": str(organization.id),
        "decided_by": "college",
        "decided_on": str(TODAY - timedelta(days=1)),
        "option_id": str(option.id),
        "text": "De straat wordt een fietsstraat.",
        "reasons": "Veilig.",
        "weighings": [{"option_id": str(option.id), "text": "Goed."}, {"theme_id": str(theme.id), "text": "Drempels."}],
    }
    written = body_of(staff("PUT", one, json={**whole, "version": draft["version"]}))
    assert written["missing"] == []
    assert problem_of(staff("PUT", one, json={**whole, "version": draft["version"]}), 409)["version"] == written["version"]
    published = body_of(decider("POST", f"{one}/publish", json={"version": written["version"]}))
    assert published["state"] == "published"
    problem_of(decider("POST", f"{one}/publish", json={"version": published["version"]}), 410)
    problem_of(staff("PUT", one, json={**whole, "version": published["version"]}), 410)
    assert len(body_of(nobody("GET", one))["weighings"]) == 2
    second = body_of(staff("POST", of(question, "decisions"), json=whole), 201)
    body_of(decider("POST", f"{BASE}/decisions/{second['id']}/publish", json={"version": second["version"]}))
    assert [(row["state"], row["supersedes_id"]) for row in body_of(nobody("GET", of(question, "decisions")))] == [
        ("published", draft["id"]),
        ("superseded", None),
    ]


def test_a_token_makes_options_and_decisions_only_with_the_scope_for_it(platform: Platform, caller: Callers) -> None:
    question, deciding = a_table(platform), a_table(platform, step="decide")
    narrow, broad = ("samenspreker.facilitate", "samenspreker.make_option"), ("core.use_account", "samenspreker.facilitate")
    (maker, _one), (other, _two) = caller("facilitator", *narrow), caller("facilitator", *broad)
    body = {"title": "Fietsstraat", "text": "Auto is te gast."}
    refused = problem_of(other("POST", of(question, "options"), json=body), 403)
    assert "oplossingen maken" in str(refused)
    made = body_of(maker("POST", of(question, "options"), json=body), 201)
    one = f"{BASE}/options/{made['id']}"
    problem_of(other("PUT", one, json={**body, "note": "x", "version": made["version"]}), 403)
    problem_of(other("PUT", of(question, "criteria"), json={"criteria": [{"title": "Veilig"}]}), 403)
    problem_of(other("PUT", f"{one}/judgements", json={"judgements": [], "version": made["version"]}), 403)
    for caller_ in (maker, other):
        problem_of(caller_("POST", of(deciding, "decisions"), json={"text": "x"}), 403)
    (writer, actor) = caller("resident", "samenspreker.write_decision")
    problem_of(writer("POST", of(deciding, "decisions"), json={"text": "x"}), 403)
    a_seat(platform, deciding, account_id=actor.account_id, role="decision_maker")
    draft = body_of(writer("POST", of(deciding, "decisions"), json={"text": "Wij doen het."}), 201)
    changed = body_of(writer("PUT", f"{BASE}/decisions/{draft['id']}", json={"text": "Wij doen het zo.", "version": draft["version"]}))
    assert changed["text"] == "Wij doen het zo."


@pytest.mark.parametrize("kind", ["rounds", "options", "decisions", "round-activities"])
def test_what_is_not_there_is_not_found(platform: Platform, nobody: Caller, kind: str) -> None:
    other = a_table(platform)
    problem_of(nobody("GET", f"{BASE}/{kind}/{other.id}"), 404)
