"""Planned moments over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from citycontent.api import CreateTheme, create_theme
from samen_beleidsagenda import testing
from samen_core.api import Actor, Platform, system
from samen_core.testing.callers import Caller, make_token, problem_of

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

API = "/beleidsagenda"
MOMENTS = f"{API}/moments"


@pytest.fixture
def callers(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> tuple[Caller, Caller, Caller]:
    """Anybody, a policy officer, and who approves."""
    officer, clerk = actor_as("facilitator"), actor_as("decision_maker")
    write, approve = (
        make_token(platform, officer, "beleidsagenda.write"),
        make_token(platform, clerk, "beleidsagenda.write", "beleidsagenda.approve", "beleidsagenda.see_confidential"),
    )
    return Caller(app), Caller(app, write), Caller(app, approve)


def test_a_moment_from_draft_to_dropped(platform: Platform, callers: tuple[Caller, Caller, Caller]) -> None:
    anybody, officer, clerk = callers
    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow)
        dossier_id = str(dossier.id)
    body: dict[str, Any] = {"dossier_id": dossier_id, "kind": "decision", "title": "De raad besluit", "period": "2097-Q3"}
    assert problem_of(anybody("POST", MOMENTS, json=body), 401)
    wrong = problem_of(officer("POST", MOMENTS, json={**body, "period": "ooit", "kind": "feest"}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/period", "#/kind"}
    problem_of(officer("POST", MOMENTS, json={**body, "publish": True}), 403)
    made = officer("POST", MOMENTS, json=body)
    assert made.status_code == 201
    moment = made.get_json()
    assert (moment["state"], moment["period"], moment["precision"]) == ("draft", "2097-Q3", "quarter")
    one = f"{MOMENTS}/{moment['id']}"
    problem_of(anybody("GET", one), 404)
    assert anybody("GET", MOMENTS).get_json() == []
    submitted = officer("POST", f"{one}/submission", json={"version": moment["version"]}).get_json()
    problem_of(officer("POST", f"{one}/publication", json={"version": submitted["version"]}), 403)
    public = clerk("POST", f"{one}/publication", json={"version": submitted["version"]}).get_json()
    assert public["state"] == "published"
    assert [item["id"] for item in anybody("GET", MOMENTS).get_json()] == [moment["id"]]
    values = {name: public[name] for name in ("title", "kind", "text", "confidence", "status")}
    narrower = officer("PUT", one, json={**values, "period": "2097-09", "version": public["version"]})
    assert narrower.get_json()["history"][0]["narrowed_from"] == ["2097-Q3"]
    version = narrower.get_json()["version"]
    problem_of(officer("PUT", one, json={**values, "period": "2098", "version": version}), 400)
    problem_of(officer("POST", f"{one}/postponement", json={"period": "2098-01", "version": version}), 400)
    problem_of(officer("POST", f"{one}/postponement", json={"period": "2098-01", "reason": "Later.", "version": public["version"]}), 409)
    moved = officer("POST", f"{one}/postponement", json={"period": "2098-01", "reason": "Later.", "version": version})
    assert moved.status_code == 201
    later = moved.get_json()
    assert (later["previous_id"], later["slips"], later["light"]) == (moment["id"], 1, "attention")
    assert [step["period"] for step in later["history"]] == ["2097-09", "2098-01"]
    assert later["history"][0]["slip_reason"] == "Later."
    assert [item["id"] for item in anybody("GET", MOMENTS).get_json()] == [later["id"]]
    dropped = officer("POST", f"{MOMENTS}/{later['id']}/drop", json={"reason": "Niet nodig.", "version": later["version"]}).get_json()
    assert (dropped["status"], dropped["light"]) == ("lapsed", "done")
    problem_of(officer("DELETE", f"{MOMENTS}/{later['id']}", headers={"If-Match": f'"{dropped["version"]}-x"'}), 400)


def test_the_list_is_filtered_and_paged(platform: Platform, callers: tuple[Caller, Caller, Caller]) -> None:
    anybody = callers[0]
    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow)
        body = testing.a_body(uow)
        for at in range(5):
            testing.a_moment(uow, dossier, title=f"Moment {at}", has_say=at == 3, body_id=body.organization_id if at == 4 else None)
        testing.a_moment(uow, dossier, title="Geheim", confidential=True)
        testing.a_moment(uow, testing.a_dossier(uow, confidential=True), title="Ook geheim")
        testing.a_moment(uow, dossier, title="Voorbij", status="treated")
        body_id, dossier_id = body.organization_id, dossier.id

    def found(query: str) -> list[str]:
        answer = anybody("GET", f"{MOMENTS}?{query}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [item["title"] for item in answer.get_json()]

    assert sorted(found("status=coming")) == [f"Moment {at}" for at in range(5)]
    assert found("hasSay=true") == ["Moment 3"]
    assert found(f"bodyId={body_id}") == ["Moment 4"]
    assert found("status=treated&light=done") == ["Voorbij"]
    assert len(found(f"dossierId={dossier_id}&limit=100")) == 6
    assert found("q=moment+2") == ["Moment 2"]
    assert found("period=1999") == []
    first = anybody("GET", f"{MOMENTS}?limit=4")
    assert 'rel="next"' in first.headers["Link"]
    problem_of(anybody("GET", f"{MOMENTS}?light=rood"), 400)
    problem_of(anybody("GET", f"{MOMENTS}?period=ooit"), 400)


def test_what_a_moment_point_or_goal_is_tied_to_is_named_only_to_who_may_know_of_it(
    platform: Platform, callers: tuple[Caller, Caller, Caller]
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        meeting, dossier = testing.a_meeting(uow), testing.a_dossier(uow)
        closed = testing.a_point(uow, meeting, confidential=True)
        under = testing.a_point(uow, meeting, parent_id=closed.id)
        before = testing.a_moment(uow, dossier, status="postponed", slip_reason="Dit is geheim.", confidential=True)
        moment = testing.a_moment(uow, dossier, status="scheduled", agenda_item_id=closed.id, previous_id=before.id)
        paper = testing.a_document(uow, confidential=True)
        goal = testing.a_goal(uow, create_theme(uow, CreateTheme(name="Verkeer")).id, document_id=paper.id)
    addresses = [f"{MOMENTS}/{moment.id}", MOMENTS, f"{API}/meetings/{meeting.event_id}", f"{API}/agenda-items/{under.id}"]
    for address in (*addresses, f"{API}/goals", f"{API}/goals/{goal.id}"):
        said = [caller("GET", address).get_data(as_text=True) for caller in (callers[0], callers[2])]
        for hidden in (closed, before, paper):
            assert str(hidden.id) not in said[0], address
        assert "geheim" not in said[0]
        assert any(str(hidden.id) in said[1] for hidden in (closed, before, paper)), f"{address} never tells"
