"""A plan from beginning to end by another system: over REST alone, with a token."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.actor import Actor
from samen_core.api import Platform, system
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.platforms import Clock
from samen_doe_mee.models import Trace
from samen_doe_mee.rest.common import API
from samen_doe_mee.testing_activities import an_activity

ActorAs = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
TEXTS: dict[str, Any] = {
    "summary": "De straat wordt veiliger.",
    "about": "Over de straat.",
    "fixed": "De bus blijft.",
    "open": "Waar de fietsers rijden.",
    "goals": {"collect_ideas": "Bewoners weten het best waar het misgaat."},
    "scale": "city",
    "participants": {"citizens": "Alle bewoners krijgen een brief."},
    "decided_by": "Het college, in maart 2027",
    "approach": "Eerst ophalen, dan kiezen.",
    "methods_online": "Reacties.",
    "contact_email": "openbareruimte@gemeente.example",
}


@pytest.fixture
def call(app: Any, platform: Platform, actor_as: ActorAs) -> Callable[..., Any]:
    """``call(method, path, status, **body)``: what the API says to who makes plans, after checking the status."""
    caller = Caller(app, make_token(platform, actor_as("facilitator"), "doe_mee.plan", "doe_mee.answer"))

    def send(method: str, path: str, status: int = 200, **body: Any) -> Any:
        answer = caller(method, f"{API}{path}", **({"json": body} if body else {}))
        assert answer.status_code == status, (method, path, answer.get_data(as_text=True))
        return answer.json if status != 204 else None

    return send


def test_anybody_reacts_to_a_paragraph(app: Any, platform: Platform) -> None:
    visitor = Caller(app)
    text = "# Visie op het park\n\nHet park komt aan het water.\n\n## Verkeer\n\nEr komen bomen en banken."
    activity = an_activity(platform, type="text", options={"text": text})
    there = f"{API}/activities/{activity.id}/paragraphs"
    first, second = visitor("GET", there).json
    assert (first["heading"], second["heading"], second["text"]) == ("Visie op het park", "Verkeer", "Er komen bomen en banken.")
    given = visitor("POST", f"{API}/paragraphs/{second['id']}/contributions", json={"text": "Liever meer bomen."})
    assert given.status_code == 201, given.json
    assert given.json["receipt_code"]
    assert [one["reactions"] for one in visitor("GET", there).json] == [0, 1]
    stored = visitor("GET", given.headers["Location"]).json
    assert (stored["text"], stored["id"]) == ("Liever meer bomen.", given.json["contribution_id"])
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Trace.thing_id)).scalar_one() == uuid.UUID(stored["id"]), "where it came from is kept for a while"
    empty = visitor("POST", f"{API}/paragraphs/{second['id']}/contributions", json={"text": "", "parent_id": stored["id"]})
    assert empty.status_code == 400
    assert {error["pointer"] for error in empty.json["errors"]} >= {"#/parent_id"}
    assert visitor("POST", f"{API}/paragraphs/{uuid.uuid4()}/contributions", json={"text": "Niets."}).status_code == 404
    assert visitor("GET", f"{API}/activities/{an_activity(platform).id}/paragraphs").json == []


def test_a_plan_from_beginning_to_end(call: Callable[..., Any], app: Any, clock: Clock, platform: Platform) -> None:
    visitor = Caller(app)
    plan = call("POST", "/plans", 201, title="De Dorpsstraat wordt veiliger")
    here = f"/plans/{plan['id']}"
    assert visitor("GET", f"{API}{here}").status_code == 404
    assert {lack["field"] for lack in call("GET", f"{here}/lacking")} >= {"summary", "rondes"}
    written = call("PUT", here, version=plan["version"], **{**call("GET", f"{here}/texts"), **TEXTS})
    term = {"opens_at": platform.clock().isoformat(), "closes_at": (platform.clock() + timedelta(days=14)).isoformat()}
    round_ = call("POST", f"{here}/rounds", 201, title="Wat kan beter?", **term)
    there = f"/rounds/{round_['id']}"
    titles = ("Waar gaat het mis?", "Wat mist u?", "Nog iets?")
    made = [call("POST", f"{there}/activities", 201, type="reactions", title=title) for title in titles]
    assert call("GET", f"{here}/lacking") == []

    moved = call("POST", f"/activities/{made[1]['id']}/move", to="up")
    assert [one["title"] for one in call("GET", f"{here}/activities")] == [titles[1], titles[0], titles[2]]
    assert call("POST", f"/activities/{made[2]['id']}/removal", version=made[2]["version"]) == {"removed": True}
    assert len(call("GET", f"{here}/activities")) == 2
    changed = call("PUT", f"/activities/{made[1]['id']}", version=moved["version"], title="Wat mist u op straat?")
    assert changed["title"] == "Wat mist u op straat?"
    call("PUT", f"/activities/{made[1]['id']}", 409, version=moved["version"], title="Te laat")

    published = call("POST", f"{here}/publish", version=call("GET", here)["version"])
    assert (published["state"], visitor("GET", f"{API}{here}").status_code) == ("published", 200)
    first = call("GET", f"/activities/{made[0]['id']}")
    closed = call("POST", f"/activities/{first['id']}/close", version=first["version"])
    assert closed["state"] == "closed"
    assert call("POST", f"/activities/{first['id']}/open", version=closed["version"])["state"] == "open"
    call("POST", f"{here}/finish", 400, version=published["version"])

    clock.forward(days=15)
    for activity in call("GET", f"{here}/activities"):
        told = call("PUT", f"/activities/{activity['id']}/result", result="Niemand heeft gereageerd.", version=activity["version"])
        assert told["result"] == "Niemand heeft gereageerd."
    assert not any(todo["result"] or todo["unanswered"] for todo in call("GET", f"{there}/lacking"))
    round_ = call("GET", there)
    wrong = call("POST", f"{there}/close", 400, heard="", done="", version=round_["version"])
    assert {error["pointer"] for error in wrong["errors"]} >= {"#/heard", "#/done"}
    texts = {"heard": "Weinig.", "done": "Wij gaan de straat op.", "agreed": "-", "disagreed": "-", "minority": "-"}
    assert call("POST", f"{there}/close", version=round_["version"], **texts)["done"] == "Wij gaan de straat op."
    assert call("POST", f"{here}/finish", version=call("GET", here)["version"])["state"] == "finished"
    assert [one["title"] for one in visitor("GET", f"{API}/done").json] == ["Wat kan beter?"]
    assert written["id"] == plan["id"]
