"""Dossiers, bodies, themes and goals over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from citycontent.api import CreateTheme, create_theme
from citycontent.testing import make_organization
from samen_beleidsagenda import testing
from samen_beleidsagenda.permissions import APPROVE, DEFINE, WRITE
from samen_core.api import Actor, Platform, system
from samen_core.testing.callers import Caller, make_token, problem_of

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


API = "/beleidsagenda"


@pytest.fixture
def caller(platform: Platform, app: SamenFlask, actor_as: Callable[..., Actor]) -> Callable[[str], Caller]:
    """``caller("manager")``: a client with a token of somebody with this role."""

    def make(role: str) -> Caller:
        actor = actor_as(role)
        scopes = [right.name for right in (WRITE, APPROVE, DEFINE) if right.allows(actor)]
        return Caller(app, make_token(platform, actor, *scopes))

    return make


@SQLITE
def test_a_dossier_is_made_moved_and_published(app: SamenFlask, caller: Callable[[str], Caller]) -> None:
    anyone, officer, clerk = Caller(app), caller("facilitator"), caller("decision_maker")
    problem_of(anyone("POST", f"{API}/dossiers", json={"title": "Bankjes"}), 401)
    wrong = problem_of(officer("POST", f"{API}/dossiers", json={"title": "", "phase": "later", "expected_end": "morgen"}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/title", "#/phase", "#/expected_end"}
    made = officer(
        "POST", f"{API}/dossiers", json={"title": "Bankjes", "summary": "Meer bankjes.", "expected_end": "2030-06", "tags": ["zitten"]}
    )
    assert made.status_code == 201, made.text
    body = made.get_json()
    path = made.headers["Location"]
    assert (body["state"], body["light"], body["tags"], body["expected_end"]) == ("draft", "on_schedule", ["zitten"], "2030-06")
    problem_of(anyone("GET", path), 404)
    problem_of(officer("POST", f"{path}/publication", json={"version": body["version"]}), 403)
    body = clerk("POST", f"{path}/publication", json={"version": body["version"]}).get_json()
    assert anyone("GET", path).get_json() == body
    lasting = app.test_client().get(f"/id/dossier/{body['id']}.json", follow_redirects=True)
    assert lasting.get_json()["title"] == "Bankjes"
    problem_of(officer("POST", f"{path}/phase", json={"phase": "on_hold", "version": body["version"]}), 400)
    moved = officer("POST", f"{path}/phase", json={"phase": "on_hold", "version": body["version"], "reason": "Geen geld."}).get_json()
    assert [(step["after"], step["reason"]) for step in moved["phases"]] == [("exploration", ""), ("on_hold", "Geen geld.")]
    assert moved["light"] == "attention"
    problem_of(officer("PUT", path, json={"title": "Bankjes", "version": body["version"]}), 409)
    level = {"level": "none", "reason": "De wet regelt dit.", "version": moved["version"]}
    body = officer("POST", f"{path}/level", json=level).get_json()
    assert (body["level"], body["level_reason"]) == ("none", "De wet regelt dit.")
    put = officer("PUT", path, json={"title": "Bankjes en bomen", "summary": "Meer.", "version": body["version"]})
    assert put.get_json()["title"] == "Bankjes en bomen"
    listed = anyone("GET", f"{API}/dossiers?light=attention").get_json()
    assert [row["title"] for row in listed] == ["Bankjes en bomen"]
    assert anyone("GET", f"{API}/dossiers?phase=opinion").get_json() == []
    removal = {"version": put.get_json()["version"], "reason": "Dubbel."}
    assert clerk("POST", f"{path}/removal", json=removal).status_code == 204
    assert anyone("GET", f"{API}/dossiers").get_json() == []


def test_bodies_themes_and_goals(platform: Platform, app: SamenFlask, caller: Callable[[str], Caller]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        theme, council = create_theme(uow, CreateTheme(name="Verkeer")), make_organization(uow, "Gemeenteraad", "government")
        post = testing.a_post(uow)
        theme_id, council_id, post_id = str(theme.id), str(council.id), str(post.id)
    anyone, manager, officer = Caller(app), caller("manager"), caller("facilitator")
    problem_of(officer("POST", f"{API}/bodies", json={"organization_id": council_id, "kind": "council"}), 403)
    made = manager("POST", f"{API}/bodies", json={"organization_id": council_id, "kind": "council"})
    assert made.status_code == 201
    path = made.headers["Location"]
    put = manager("PUT", path, json={"kind": "council", "position": -1, "version": made.get_json()["version"]})
    problem_of(put, 400)
    put = manager("PUT", path, json={"kind": "council", "position": 9, "version": made.get_json()["version"]})
    assert put.get_json()["position"] == 9
    assert [row["name"] for row in anyone("GET", f"{API}/bodies").get_json()] == ["College", "Gemeenteraad"]
    assert manager("DELETE", path, headers={"If-Match": put.headers["ETag"]}).status_code == 204
    problem_of(anyone("GET", path), 404)
    themes = f"{API}/themes/{theme_id}"
    assert manager("PUT", themes, json={"version": 0, "task_field": "2.1"}).get_json()["task_field"] == "2.1"
    problem_of(manager("PUT", themes, json={"version": 0}), 409)
    held = manager("POST", f"{themes}/holders", json={"post_id": post_id, "start_date": "2022"}).get_json()["holders"]
    assert [(one["post_id"], one["now"]) for one in held] == [(post_id, True)]
    ended = manager("POST", f"{API}/holders/{held[0]['id']}/end", json={"end_date": "2023"}).get_json()["holders"]
    assert [(one["end_date"], one["now"]) for one in ended] == [("2023", False)]
    assert anyone("GET", f"{API}/themes").get_json()[0]["holders"] == ended
    goal = officer("POST", f"{API}/goals", json={"theme_id": theme_id, "title": "Minder ongelukken"})
    there, body = goal.headers["Location"], goal.get_json()
    problem_of(anyone("GET", there), 404)
    body = manager("POST", f"{there}/publication", json={"version": body["version"]}).get_json()
    change = {"theme_id": theme_id, "title": "Minder ongelukken", "progress": "reached", "version": body["version"]}
    assert officer("PUT", there, json=change).get_json()["progress"] == "reached"
    assert [row["progress"] for row in anyone("GET", f"{API}/goals?themeId={theme_id}").get_json()] == ["reached"]
