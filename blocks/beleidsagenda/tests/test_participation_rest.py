"""Samenspraak on a dossier and following over REST."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from citycontent.testing import make_event
from samen_beleidsagenda.permissions import FOLLOW, WRITE
from samen_beleidsagenda.testing import a_dossier
from samen_core.actor import Actor, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token, problem_of

API = "/api/v1/beleidsagenda"


@pytest.fixture
def caller(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> Callable[[str], Caller]:
    """``caller("facilitator")``: a client with a token of somebody with this role."""

    def make(role: str) -> Caller:
        actor = actor_as(role)
        scopes = [right.name for right in (WRITE, FOLLOW) if right.allows(actor)]
        return Caller(app, make_token(platform, actor, *scopes))

    return make


def test_something_is_tied_explained_and_untied(app: SamenFlask, platform: Platform, caller: Callable[[str], Caller]) -> None:
    anyone, officer = Caller(app), caller("facilitator")
    dossier = a_dossier(platform)
    with platform.unit_of_work(system("test")) as uow:
        event = make_event(uow, "Inloopavond")
    path = f"{API}/dossiers/{dossier.id}/participation"
    problem_of(anyone("POST", path, json={"thing": str(event.id)}), 401)
    wrong = problem_of(officer("POST", path, json={"thing": "/bestaat-niet"}), 400)
    assert [error["pointer"] for error in wrong["errors"]] == ["#/thing"]
    made = officer("POST", path, json={"thing": str(event.id), "asked": "Wat vindt u?"})
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert anyone("GET", path).get_json() == [body]
    assert (body["subject"]["title"], body["asked"], body["done"]) == ("Inloopavond", "Wat vindt u?", "")
    one = made.headers["Location"]
    told = officer("PUT", one, json={"asked": "Wat vindt u?", "done": "Alles is gedaan.", "version": body["version"]})
    assert told.get_json()["done"] == "Alles is gedaan."
    problem_of(officer("PUT", one, json={"done": "Niets.", "version": body["version"]}), 409)
    now = {"If-Match": told.headers["ETag"]}
    problem_of(officer("DELETE", one, headers=now), 400)
    assert officer("DELETE", f"{one}?reason=Vergissing", headers=now).status_code == 204
    assert anyone("GET", path).get_json() == []


def test_a_hidden_dossier_tells_nothing(app: SamenFlask, platform: Platform) -> None:
    hidden = a_dossier(platform, confidential=True)
    problem_of(Caller(app)("GET", f"{API}/dossiers/{hidden.id}/participation"), 404)


def test_following(app: SamenFlask, platform: Platform, caller: Callable[[str], Caller]) -> None:
    resident, other = caller("resident"), caller("resident")
    dossier = a_dossier(platform)
    path = f"{API}/follows"
    problem_of(Caller(app)("GET", path), 401)
    for _twice in range(2):
        assert resident("PUT", f"{path}/{dossier.id}").get_json()["title"] == dossier.title
    assert [found["id"] for found in resident("GET", path).get_json()] == [str(dossier.id)]
    assert other("GET", path).get_json() == []
    assert resident("DELETE", f"{path}/{dossier.id}").status_code == 204
    assert resident("GET", path).get_json() == []
    described = Caller(app)("GET", "/api/v1/openapi.json").get_json()["paths"]["/beleidsagenda/follows/{id}"]
    for method in ("put", "delete"):
        assert "parameters" not in described[method], "what one follows has no version, so no If-Match is asked"
        assert "412" not in described[method]["responses"]
