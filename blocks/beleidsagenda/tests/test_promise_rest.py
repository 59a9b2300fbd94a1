"""Motions, commitments and questions over REST."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from citycontent.testing import make_organization
from samen_beleidsagenda.testing import a_body, a_commitment, a_document, a_dossier, a_meeting, a_motion, a_point, a_post, a_question
from samen_core.api import system
from samen_core.testing.callers import Caller, make_token, problem_of

MOTIONS, COMMITMENTS, QUESTIONS = (f"/beleidsagenda/{name}" for name in ("motions", "commitments", "council-questions"))
# What differs by database is tried in test_promises.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
RIGHTS = ("record", "decide", "approve", "see_confidential")


@pytest.fixture
def anybody(app):
    return Caller(app)


@pytest.fixture
def clerk(app, platform, actor_as):
    return Caller(app, make_token(platform, actor_as("decision_maker"), *(f"beleidsagenda.{name}" for name in RIGHTS)))


@pytest.fixture
def officer(app, platform, actor_as):
    return Caller(app, make_token(platform, actor_as("facilitator"), "beleidsagenda.record"))


def test_a_motion_from_put_to_settled(platform, anybody, officer, clerk):
    body, holder = a_body(platform), a_post(platform)
    with platform.unit_of_work(system("test")) as uow:
        group = make_organization(uow, "Fractie Groen").id
    values = {
        "title": "Meer bankjes",
        "text": "Verzoekt het college om bankjes.",
        "submitted_on": "2026-11-02",
        "body_id": str(body.organization_id),
        "group_ids": [str(group)],
    }
    problem_of(anybody("POST", MOTIONS, json=values), 401)
    problem_of(officer("POST", MOTIONS, json={**values, "publish": True}), 403)
    wrong = problem_of(officer("POST", MOTIONS, json={**values, "kind": "amendment", "text": "", "type": "feest"}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/amends_id", "#/text", "#/type"}
    made = officer("POST", MOTIONS, json=values)
    assert made.status_code == 201
    motion = made.get_json()
    one = f"{MOTIONS}/{motion['id']}"
    assert made.headers["Location"].endswith(one)
    problem_of(anybody("GET", one), 404)
    public = clerk("POST", f"{one}/publication", json={"version": motion["version"]}).get_json()
    assert anybody("GET", one).get_json()["group_ids"] == [str(group)]
    problem_of(officer("PUT", f"{one}/votes", json={"version": public["version"]}), 403)
    votes = {"version": public["version"], "groups": [{"group_id": str(group), "votes_for": 4, "votes_against": 1}]}
    voted = clerk("PUT", f"{one}/votes", json=votes).get_json()
    assert (voted["suggested_result"], voted["groups"][0]["result"], voted["totals"]["votes_for"]) == ("adopted", "divided", 4)
    both = {**votes, "version": voted["version"], "persons": [{"person_id": str(uuid.uuid4()), "value": "for", "group_id": str(group)}]}
    problem_of(clerk("PUT", f"{one}/votes", json=both), 400)
    problem_of(clerk("POST", f"{one}/move", json={"move": "reject", "version": voted["version"]}), 400)
    adopt = {"move": "adopt", "version": voted["version"], "due_date": "2027-03-01", "holder_id": str(holder.id)}
    adopted = clerk("POST", f"{one}/move", json=adopt).get_json()
    assert (adopted["status"], adopted["follow_up"], adopted["light"]) == ("adopted", "open", "on_schedule")
    problem_of(clerk("POST", f"{one}/move", json={"move": "withdraw", "reason": "x", "version": adopted["version"]}), 400)
    problem_of(officer("POST", f"{one}/follow-up", json={"step": "start", "version": 1}), 409)
    started = officer("POST", f"{one}/follow-up", json={"step": "start", "version": adopted["version"]}).get_json()
    moved = {"due_date": "2027-05-01", "reason": "Onderzoek", "version": started["version"]}
    later = officer("POST", f"{one}/due-date", json=moved).get_json()
    assert [(step["before"], step["after"], step["due_date"]) for step in later["steps"]] == [
        (None, "open", None),
        ("open", "in_progress", "2027-03-01"),
        ("in_progress", "in_progress", "2027-03-01"),
    ]
    values["version"] = later["version"]
    problem_of(officer("PUT", one, json={**{name: values[name] for name in values if name != "body_id"}, "text": "Anders"}), 400)
    found = anybody("GET", f"{MOTIONS}?partyId={group}&state=in_progress&q=bankjes").get_json()
    assert [item["id"] for item in found] == [motion["id"]]
    assert anybody("GET", f"{MOTIONS}?light=late").get_json() == []
    problem_of(anybody("GET", f"{MOTIONS}?light=paars"), 400)


def test_a_commitment_from_made_to_settled(platform, anybody, officer, clerk):
    body = a_body(platform)
    key = str(uuid.uuid4())
    values = {"title": "Een brief", "made_on": "2026-11-02", "body_id": str(body.organization_id), "key": key}
    first, second = (officer("POST", COMMITMENTS, json=values) for _time in range(2))
    assert first.get_json()["id"] == second.get_json()["id"] == key, "sent twice, it is one"
    one = f"{COMMITMENTS}/{key}"
    public = clerk("POST", f"{one}/publication", json={"version": first.get_json()["version"]}).get_json()
    changed = officer("PUT", one, json={"title": "Een lange brief", "made_on": "2026-11-02", "version": public["version"]})
    assert changed.get_json()["title"] == "Een lange brief"
    version = changed.get_json()["version"]
    for step, extra in (("start", {}), ("propose", {"note": "De brief is er."})):
        version = officer("POST", f"{one}/follow-up", json={"step": step, "version": version, **extra}).get_json()["version"]
    point = a_point(platform, a_meeting(platform, body))
    agree = {"step": "agree", "version": version, "agenda_item_id": str(point.id)}
    problem_of(officer("POST", f"{one}/follow-up", json=agree), 403)
    settled = clerk("POST", f"{one}/follow-up", json=agree).get_json()
    assert (settled["follow_up"], settled["light"], settled["steps"][-1]["agenda_item_id"]) == ("settled", "done", str(point.id))
    assert anybody("GET", f"{COMMITMENTS}?state=settled").get_json()[0]["id"] == key


def test_a_question_is_asked_extended_and_answered(platform, anybody, officer, clerk):
    day = platform.clock().date()
    values = {"title": "Bankjes", "text": "Wanneer?", "asked_on": str(day - timedelta(days=40))}
    made = clerk("POST", QUESTIONS, json={**values, "publish": True}).get_json()
    assert made["late"]
    one = f"{QUESTIONS}/{made['id']}"
    assert anybody("GET", f"{QUESTIONS}?state=late").get_json()[0]["id"] == made["id"]
    later = {"due_date": str(day + timedelta(days=9)), "version": made["version"]}
    problem_of(officer("POST", f"{one}/extension", json=later), 400)
    extended = officer("POST", f"{one}/extension", json={**later, "reason": "Onderzoek"}).get_json()
    assert (extended["late"], extended["original_due"]) == (False, made["original_due"])
    problem_of(officer("POST", f"{one}/answer", json={"answered_on": str(day), "version": extended["version"]}), 400)
    answered = officer("POST", f"{one}/answer", json={"answered_on": str(day), "answer": "In mei.", "version": extended["version"]})
    assert answered.get_json()["answer"] == "In mei."
    version = answered.get_json()["version"]
    problem_of(officer("POST", f"{one}/withdrawal", json={"withdrawn_on": str(day), "version": version}), 400)
    problem_of(officer("PUT", one, json={"title": "Bankjes", "text": "Wanneer?", "version": version}), 400)


def test_what_is_confidential_is_not_there_for_who_may_not_see_it(platform, anybody, officer, clerk):
    for path, make in ((MOTIONS, a_motion), (COMMITMENTS, a_commitment), (QUESTIONS, a_question)):
        not_there(platform, anybody, officer, clerk, path, make)


def not_there(platform, anybody, officer, clerk, path, make):
    secret, draft = make(platform, confidential=True), make(platform, state="draft")
    hidden = a_dossier(platform, confidential=True)
    document = a_document(platform, state="draft")
    public = make(platform, dossier_id=hidden.id, answer_document_id=document.id)
    for caller in (anybody, officer):
        found = caller("GET", path).get_json()
        assert [(item["id"], item["dossier_id"]) for item in found] == [(str(public.id), None)]
        problem_of(caller("GET", f"{path}/{secret.id}"), 404)
    assert anybody("GET", f"{path}/{public.id}").get_json()["answer_document_id"] is None
    problem_of(anybody("GET", f"{path}/{draft.id}"), 404)
    assert {item["id"] for item in clerk("GET", path).get_json()} == {str(public.id), str(secret.id)}


def test_who_mirrors_reads_what_changed(platform, anybody, clock):
    body = a_body(platform)
    made = [(path, make, make(platform, body)) for path, make in ((MOTIONS, a_motion), (COMMITMENTS, a_commitment))]
    clock.forward(hours=2)
    since = platform.clock().isoformat().replace("+00:00", "Z")
    for path, make, _first in made:
        later = make(platform, body)
        found = anybody("GET", path, query_string={"changedSince": since}).get_json()
        assert [item["id"] for item in found] == [str(later.id)]
