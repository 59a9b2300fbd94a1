"""Steps, checks and actions over REST."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from samen_core.accounts.schemas import CreateToken, GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.accounts.services.tokens import create_token
from samen_core.actor import Actor, Grant
from samen_core.api import system, uuid7
from samen_samenspreker.models import Gate, Question
from samen_samenspreker.testing import a_published_decision, a_question, a_table

API = "/api/v1/samenspreker"
STAFF = ("samenspreker.facilitate", "samenspreker.move", "samenspreker.update_action")


@pytest.fixture
def call_as(client, platform):
    """``call_as(role, scopes=...)`` gives ``call(method, path, json)`` with a token of a new account; without role an anonymous one."""

    def make(role="", scopes=STAFF):
        secret = ""
        if role:
            with platform.unit_of_work(system("test")) as uow:
                account = create_account(uow, CreateAccount(f"iemand-{uuid7().hex}@samen.example", "Sam"))
                if role != "resident":
                    grant_role(uow, GrantRole(account_id=account.id, role=role, scope=None, reason="test"))
            grants = () if role == "resident" else (Grant(role),)
            with platform.unit_of_work(Actor(kind="account", account_id=account.id, grants=grants, origin="test")) as uow:
                asked = scopes if role != "resident" else ("samenspreker.move", "samenspreker.update_action")
                secret = create_token(uow, CreateToken("test", asked, 30)).secret

        def call(method, path, json=None):
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            return client.open(API + path, method=method, json=json, headers=headers)

        return call

    return make


def version_of(platform, question):
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Question, question.id).version


def test_a_move_names_everything_that_is_missing(platform, call_as):
    question = a_table(platform, step="evaluate")
    staff, path = call_as("facilitator"), f"/questions/{question.id}"
    missing = call_as()("GET", f"{path}/missing").json
    assert [item["code"] for item in missing] == ["evaluation", "report"]
    assert missing[0]["url"].endswith(f"/samenspreker/{question.slug}/evaluatie")
    assert call_as()("GET", f"{path}/missing?toStep=solve").json == []
    assert call_as()("GET", f"{path}/missing?toStep=moon").status_code == 400
    refused = staff("POST", f"{path}/moves", {"to_step": "closed", "version": version_of(platform, question)})
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"
    assert len(refused.json["errors"]) == 2


def test_a_move_back_and_its_record(platform, call_as):
    question = a_table(platform, step="evaluate")
    path = f"/questions/{question.id}/moves"
    body = {"to_step": "solve", "version": version_of(platform, question), "reason": "De drempels zijn te hoog."}
    assert call_as()("POST", path, body).status_code == 401
    assert call_as("resident")("POST", path, body).status_code == 403
    assert call_as("facilitator", scopes=("samenspreker.move",))("POST", path, body).status_code == 403
    staff = call_as("facilitator")
    assert staff("POST", path, {**body, "reason": ""}).status_code == 400
    assert staff("POST", path, {**body, "to_step": "execute"}).status_code == 400
    assert staff("POST", path, {**body, "surprise": 1}).status_code == 400
    made = staff("POST", path, body)
    assert made.status_code == 201
    assert (made.json["step"], made.json["cycle"]) == ("solve", 2)
    again = staff("POST", path, {**body, "to_step": "decide"})
    assert again.status_code == 409
    assert again.json["current"]["step"] == "solve"
    [row] = call_as()("GET", path).json
    assert (row["from_step"], row["to_step"], row["cycle"], row["reason"]) == ("evaluate", "solve", 2, "De drempels zijn te hoog.")
    assert call_as()("GET", f"/questions/{uuid7()}/moves").status_code == 404
    hidden = a_question(platform, title="Nog niet gelezen")
    for part in ("moves", "missing", "actions", "ticks"):
        assert call_as()("GET", f"/questions/{hidden.id}/{part}").status_code == 404


def test_checks_of_the_city(platform, call_as):
    question = a_table(platform, step="solve")
    gate = Gate(id=uuid7(), step="solve", title="De wijkmanager las mee", role="facilitator", position=1)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(gate)
    path = f"/questions/{question.id}/ticks"
    [row] = call_as()("GET", path).json
    assert (row["gate_id"], row["ticked_at"]) == (str(gate.id), None)
    staff = call_as("facilitator")
    assert call_as("resident")("POST", f"{path}/{gate.id}", {"cycle": 1}).status_code == 403
    assert staff("POST", f"{path}/{gate.id}", {"cycle": 2}).status_code == 409
    assert staff("POST", f"{path}/{gate.id}", {"cycle": 1, "note": "Akkoord."}).status_code == 204
    [row] = call_as()("GET", path).json
    assert row["note"] == "Akkoord."
    assert row["ticked_at"]
    assert staff("POST", f"{path}/{gate.id}/withdrawal", {"cycle": 1}).status_code == 400
    assert staff("POST", f"{path}/{gate.id}/withdrawal", {"cycle": 1, "reason": "Te vroeg."}).status_code == 204
    assert staff("POST", f"{path}/{uuid7()}", {"cycle": 1}).status_code == 404


def test_the_life_of_an_action(platform, call_as, organization):
    question = a_table(platform, step="execute")
    a_published_decision(platform, question)
    staff, path = call_as("facilitator"), f"/questions/{question.id}/actions"
    body = {"title": "Drempels leggen", "organization_id": str(organization.id), "due_on": "2030-06-01", "budget": 12000}
    assert call_as("resident")("POST", path, body).status_code == 403
    wrong = staff("POST", path, {**body, "organization_id": str(uuid7()), "weight": 0})
    assert wrong.status_code == 400
    made = staff("POST", path, body)
    assert made.status_code == 201
    assert (made.json["state"], made.json["total_progress"], made.json["days_late"]) == ("planned", 0, 0)
    part = staff("POST", path, {**body, "title": "Stenen", "parent_id": made.json["id"], "weight": 3})
    assert part.status_code == 201
    news = f"/actions/{part.json['id']}/updates"
    told = {"state": "in_progress", "progress": 40, "due_on": "2030-06-01", "version": part.json["version"]}
    assert call_as("resident")("POST", news, told).status_code == 403
    assert staff("POST", news, {**told, "due_on": "2030-07-01"}).status_code == 400
    moved = staff("POST", news, {**told, "due_on": "2030-07-01", "text": "De stenen komen later."})
    assert moved.status_code == 201
    assert staff("POST", news, told).status_code == 409
    [row] = call_as()("GET", news).json
    assert (row["due_before"], row["due_after"], row["text"]) == ("2030-06-01", "2030-07-01", "De stenen komen later.")
    whole = call_as()("GET", f"/actions/{made.json['id']}")
    assert whole.json["total_progress"] == 40
    changed = staff(
        "PUT", f"/actions/{made.json['id']}", {**{k: body[k] for k in ("title", "organization_id")}, "version": made.json["version"]}
    )
    assert changed.status_code == 200
    assert changed.json["budget"] is None
    rows = call_as()("GET", f"{path}?limit=1")
    assert len(rows.json) == 1
    assert 'rel="next"' in rows.headers["Link"]
    assert call_as()("GET", f"/actions/{uuid7()}").status_code == 404


def test_a_question_that_follows(platform, call_as):
    question = a_table(platform, step="closed")
    path = f"/questions/{question.id}/following"
    body = {"kind": "problem", "title": "Waar parkeren we nu?", "description": "Er is minder plek."}
    assert call_as("resident")("POST", path, body).status_code == 403
    made = call_as("facilitator")("POST", path, body)
    assert made.status_code == 201
    assert (made.json["follows_id"], made.json["state"]) == (str(question.id), "submitted")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Question).where(Question.id == question.id).values(step="solve"))
    assert call_as("facilitator")("POST", path, body).status_code == 400
