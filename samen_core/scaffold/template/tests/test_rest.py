"""The REST resource."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from samen_core.api import Actor, Platform, system
from samen_core.app import SamenFlask
from samen_core.testing.callers import Caller, make_token, problem_of

from samen_voorbeeld_blok.testing import a_proposal, make_many

API = "/api/v1/voorbeeld-blok/proposals"


def test_a_program_makes_a_proposal_with_a_token(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> None:
    problem_of(Caller(app)("POST", API, json={"title": "Een bankje", "text": "Om te zitten."}), 401)
    call = Caller(app, make_token(platform, actor_as("resident"), "voorbeeld_blok.propose"))
    wrong = problem_of(call("POST", API, json={"title": ""}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/title", "#/text"}
    made = call("POST", API, json={"title": "Een bankje", "text": "Om te zitten.", "phone": "06 12345678"})
    assert made.status_code == 201
    one = call("GET", made.headers["Location"]).get_json()
    assert one["title"] == "Een bankje"
    assert not {"phone", "account_id"} & set(one)


def test_lists_are_paged_and_permalinks_lead_here(client: FlaskClient, platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = a_proposal(uow).id
        make_many(uow, 3)
    page = client.get(f"{API}?limit=2")
    assert len(page.get_json()) == 2
    assert 'rel="next"' in page.headers["Link"]
    assert client.get(f"/id/voorbeeld_blok_proposal/{id}").headers["Location"] == f"/voorbeeld-blok/{id}"
