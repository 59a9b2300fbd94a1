"""Seats and meetings over REST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from citycontent.models import Organization
from samen_core.accounts.schemas import CreateToken, GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.accounts.services.tokens import create_token
from samen_core.actor import Actor, Grant
from samen_core.api import system, uuid7
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_samenspreker.models import Question
from samen_samenspreker.testing import a_question, a_seat, an_accepted_question, an_offer, queued_mail

API = "/api/v1/samenspreker"
ADDRESS = "sam.bakker@dorpsstraat.example"
STAFF = ("samenspreker.facilitate", "samenspreker.take_seat", "citycontent.edit_event")
FREE = {"title": "Bewoner", "sector": "citizens", "role": "participant"}
Call = Callable[..., Any]


@pytest.fixture
def question(platform: Platform) -> Question:
    return an_accepted_question(platform)


@pytest.fixture
def call_as(client: FlaskClient, platform: Platform) -> Callable[..., Call]:
    """``call_as(email, role="", scope=None)`` gives ``call(method, path, json)`` with a token of a new account."""

    def make(email: str = "", role: str = "", scope: Any = None, scopes: tuple[str, ...] = ()) -> Call:
        with platform.unit_of_work(system("test")) as uow:
            account = create_account(uow, CreateAccount(email or f"iemand-{uuid7().hex}@samen.example", "Sam"))
            if role:
                grant_role(uow, GrantRole(account_id=account.id, role=role, scope=scope, reason="test"))
        grants = (Grant(role, scope),) if role else ()
        with platform.unit_of_work(Actor(kind="account", account_id=account.id, grants=grants, origin="test")) as uow:
            token = create_token(uow, CreateToken("test", scopes or (STAFF if role else ("samenspreker.take_seat",)), 30)).secret

        def call(method: str, path: str, json: Any = None, **headers: str) -> Any:
            sent = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
            return client.open(API + path, method=method, json=json, headers=sent)

        return call

    return make


def test_the_life_of_a_seat(client: FlaskClient, platform: Platform, question: Question, call_as: Callable[..., Call]) -> None:
    staff = call_as(role="facilitator", scope=question.id)
    made = staff("POST", f"/questions/{question.id}/seats", {**FREE, "responsibility": "Denk mee."})
    assert made.status_code == 201, made.text
    seat = made.get_json()
    assert made.headers["Location"] == f"{API}/seats/{seat['id']}"
    assert (seat["name"], seat["state"], seat["holder_name"]) == ("Bewoner", "open", "")
    path = f"/seats/{seat['id']}"
    seat = staff("PUT", path, {**FREE, "role": "expert", "version": seat["version"]}).get_json()
    assert (seat["role"], seat["responsibility"]) == ("expert", "")
    offered = staff("POST", f"{path}/offer", {"email": ADDRESS, "version": seat["version"]})
    assert (offered.status_code, offered.get_json()["state"], ADDRESS in offered.text) == (200, "offered", False)
    assert queued_mail(platform)[-1].recipient == ADDRESS
    assert staff("POST", f"{path}/reminder", {"version": offered.get_json()["version"]}).status_code == 400
    sam = call_as(ADDRESS)
    answer = sam("POST", f"{path}/answer", {"accept": True, "name": "Sam", "wants_mail": True})
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["holder_name"]) == (200, "accepted", "Sam")
    own = sam("PUT", f"{path}/own", {"name": "", "wants_mail": False, "version": answer.get_json()["version"]}).get_json()
    assert own["holder_name"] == ""
    asked = sam("POST", f"{path}/alternate", {"email": "robin@dorpsstraat.example", "version": own["version"]})
    assert (asked.status_code, "robin" in asked.text) == (200, False)
    assert sam("DELETE", f"{path}/alternate", If_Match=asked.headers["ETag"]).status_code == 204
    version = client.get(API + path).get_json()["version"]
    ended = sam("POST", f"{path}/end", {"reason": "Ik verhuis.", "version": version})
    assert (ended.status_code, ended.get_json()["state"]) == (200, "ended")
    assert client.get(API + path).status_code == 404


def test_a_list_holds_no_address_and_no_name_before_yes(
    client: FlaskClient, platform: Platform, question: Question, organization: Organization, call_as: Callable[..., Call]
) -> None:
    a_seat(platform, question, organization_id=organization.id, sector="civil_society", holder_name="Robin")
    an_offer(platform, question, ADDRESS)
    a_seat(platform, question, state="declined", reason="Geen tijd", holder_name="")
    path = f"/questions/{question.id}/seats"
    found = client.get(API + path)
    assert [(seat["name"], seat["state"], seat["holder_name"]) for seat in found.get_json()] == [
        ("Buurthuis De Ster", "accepted", "Robin"),
        ("Bewoner van de Dorpsstraat", "offered", ""),
    ]
    for answer in (found, call_as(role="facilitator")("GET", path)):
        assert ADDRESS not in answer.text
        assert "Geen tijd" not in answer.text
    assert len(call_as(role="facilitator")("GET", path).get_json()) == 3
    submitted = a_question(platform, title="Nog niet gelezen")
    for missing in (submitted.id, uuid7()):
        assert client.get(f"{API}/questions/{missing}/seats").status_code == 404


def test_refusals_are_problems(client: FlaskClient, platform: Platform, question: Question, call_as: Callable[..., Call]) -> None:
    staff, resident, narrow = call_as(role="facilitator"), call_as(), call_as(role="facilitator", scopes=("samenspreker.take_seat",))
    seat, _token = an_offer(platform, question, ADDRESS)
    path = f"/seats/{seat.id}"
    expected = [
        (client.post(f"{API}/questions/{question.id}/seats", json=FREE), 401),
        (resident("POST", f"/questions/{question.id}/seats", FREE), 403),
        (narrow("POST", f"/questions/{question.id}/seats", FREE), 403),
        (staff("POST", f"/questions/{question.id}/seats", {"role": "koning", "onbekend": 1}), 400),
        (staff("POST", f"/questions/{question.id}/seats", {"role": "expert"}), 400),
        (staff("PUT", path, {**FREE, "version": 99}), 409),
        (staff("PUT", f"/seats/{uuid7()}", {**FREE, "version": 1}), 404),
        (staff("POST", f"{path}/offer", {"email": "geen adres", "version": 1}), 400),
        (resident("POST", f"{path}/answer", {"accept": True}), 403),
        (resident("POST", f"{path}/answer", {}), 400),
        (resident("POST", f"{path}/end", {"reason": "Weg", "version": 1}), 403),
        (staff("DELETE", f"{path}/offer"), 428),
    ]
    for answer, status in expected:
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
        assert ADDRESS not in answer.text
    wrong = staff("POST", f"/questions/{question.id}/seats", {"role": "expert"}).get_json()
    assert {error["pointer"] for error in wrong["errors"]} == {"#/title", "#/sector"}


def test_a_token_of_a_mail_answers_nothing_here(platform: Platform, question: Question, call_as: Callable[..., Call]) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    answer = call_as()("POST", f"/seats/{seat.id}/answer", {"accept": True, "token": token})
    assert answer.status_code == 400


def test_meetings(client: FlaskClient, platform: Platform, question: Question, clock: Clock, call_as: Callable[..., Call]) -> None:
    staff = call_as(role="facilitator", scope=question.id)
    seat = a_seat(platform, question, title="Bewoner")
    with platform.read(system("test")) as uow:
        start = uow.now + timedelta(days=2)
    given = {"name": "Tafelgesprek", "start_date": start.isoformat(), "location": "Buurthuis", "agenda": "1. Welkom"}
    made = staff("POST", f"/questions/{question.id}/meetings", given)
    assert made.status_code == 201, made.text
    meeting = made.get_json()
    path = f"/meetings/{meeting['id']}"
    assert client.get(f"/api/v1/citycontent/events/{meeting['id']}").get_json()["name"] == "Tafelgesprek"
    changed = staff("PUT", path, {**given, "location": "Bibliotheek", "version": meeting["version"]})
    assert (changed.status_code, changed.get_json()["location"]) == (200, "Bibliotheek")
    stale = staff("PUT", path, {**given, "version": meeting["version"]})
    assert (stale.status_code, stale.get_json()["current"]["location"]) == (409, "Bibliotheek")
    version = changed.get_json()["version"]
    assert staff("PUT", f"{path}/report", {"report": "Te vroeg", "version": version}).status_code == 400
    clock.forward(days=3)
    kept = [{"seat_id": str(seat.id), "presence": "alternate"}]
    there = staff("PUT", f"{path}/attendance", {"attendance": kept, "version": version})
    assert (there.status_code, there.get_json()["attendance"]) == (200, kept)
    assert client.get(f"{API}{path}/attendance").get_json() == there.get_json()
    wrong = {"attendance": [{"seat_id": str(seat.id), "presence": "misschien"}], "version": there.get_json()["version"]}
    assert staff("PUT", f"{path}/attendance", wrong).status_code == 400
    report = staff("PUT", f"{path}/report", {"report": "Wij kozen.", "visitors": 7, "version": there.get_json()["version"]})
    assert (report.status_code, report.get_json()["visitors"]) == (200, 7)
    (listed,) = client.get(f"{API}/questions/{question.id}/meetings").get_json()
    assert listed == client.get(API + path).get_json()
    assert call_as()("PUT", f"{path}/report", {"report": "Nee", "version": 1}).status_code == 403
    assert staff("POST", f"{path}/cancel", {"version": report.get_json()["version"]}).status_code == 400
    assert client.get(f"{API}/meetings/{uuid7()}").status_code == 404


def test_planning_needs_the_calendar_too(platform: Platform, question: Question, call_as: Callable[..., Call]) -> None:
    narrow = call_as(role="facilitator", scopes=("samenspreker.facilitate",))
    with platform.read(system("test")) as uow:
        given = {"name": "Tafelgesprek", "start_date": (uow.now + timedelta(days=2)).isoformat()}
    assert narrow("POST", f"/questions/{question.id}/meetings", given).status_code == 403
    staff = call_as(role="facilitator")
    meeting = staff("POST", f"/questions/{question.id}/meetings", given).get_json()
    cancelled = staff("POST", f"/meetings/{meeting['id']}/cancel", {"version": meeting["version"], "reason": "Ziek", "postpone": True})
    assert (cancelled.status_code, cancelled.get_json()["status"]) == (200, "postponed")
