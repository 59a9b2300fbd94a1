"""Contributions over REST: the same rules, problem documents, and an import that loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select

from citycontent.models import Project
from samen_core.api import MODERATE, Actor, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_inbreng.api import WriteAnswer, write_answer
from samen_inbreng.models import Contribution
from samen_inbreng.permissions import PERMISSIONS
from samen_inbreng.queries.activities import tallies
from samen_inbreng.testing import FORM, a_contribution, an_activity

As = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SCOPES = (*PERMISSIONS, MODERATE)


@pytest.fixture
def nobody(app: SamenFlask) -> Caller:
    return Caller(app)


@pytest.fixture
def caller_as(app: SamenFlask, platform: Platform, actor_as: As) -> Callable[..., Caller]:
    def make(role: str) -> Caller:
        actor = actor_as(role)
        return Caller(
            app, make_token(platform, actor, *(scope.name for scope in SCOPES if scope.audience != "everyone" and scope.somewhere(actor)))
        )

    return make


def new_activity(project: Project, **values: Any) -> dict[str, Any]:
    return {"title": "Wat mist u?", "subject_id": str(project.id), "opens_at": "2026-01-01T10:00:00+01:00", **values}


@SQLITE
def test_an_activity_from_opening_to_closing(
    platform: Platform, project: Project, nobody: Caller, caller_as: Callable[..., Caller]
) -> None:
    staff = caller_as("facilitator")
    form = {"questions": [{"name": "cijfer", "kind": "scale", "label": "Welk cijfer?"}]}
    made = staff("POST", "/inbreng/activities", json=new_activity(project, form=form))
    assert made.status_code == 201, made.text
    one = made.get_json()
    assert one["state"] == "open"
    assert nobody("GET", f"/inbreng/activities/{one['id']}").get_json()["form"]["questions"][0]["kind"] == "scale"
    given = nobody("POST", f"/inbreng/activities/{one['id']}/contributions", json={"text": "Een bank", "answers": {"cijfer": 4}})
    assert given.status_code == 201, given.text
    change = {**new_activity(project), "version": one["version"], "form": {"questions": []}}
    del change["subject_id"]
    wrong = problem_of(staff("PUT", f"/inbreng/activities/{one['id']}", json=change), 400)
    assert "kan niet meer weg" in str(wrong["errors"])
    renamed = {**change, "title": "Wat mist u in de straat?", "form": form}
    changed = staff("PUT", f"/inbreng/activities/{one['id']}", json=renamed)
    assert changed.get_json()["title"] == "Wat mist u in de straat?"
    problem_of(staff("PUT", f"/inbreng/activities/{one['id']}", json=renamed), 409)
    assert [item["id"] for item in nobody("GET", "/inbreng/activities?state=open").get_json()] == [one["id"]]
    closed = staff("POST", f"/inbreng/activities/{one['id']}/close", json={"version": changed.get_json()["version"]})
    assert closed.get_json()["state"] == "closed"
    assert nobody("GET", "/inbreng/activities?state=open").get_json() == []
    assert nobody("GET", f"/inbreng/activities/{one['id']}").get_json()["counts"]["total"] == {"": 1}
    problem_of(nobody("POST", f"/inbreng/activities/{one['id']}/contributions", json={"text": "Te laat"}), 410)


@SQLITE
def test_wrong_input_is_told_all_at_once(platform: Platform, project: Project, nobody: Caller, caller_as: Callable[..., Caller]) -> None:
    staff = caller_as("facilitator")
    wrong = new_activity(project, title="", closes_at="2025-01-01T10:00:00Z", kind="x", form={"questions": [{"name": "A"}]})
    pointers = {error["pointer"] for error in problem_of(staff("POST", "/inbreng/activities", json=wrong), 400)["errors"]}
    assert {"#/title", "#/kind"} <= pointers
    assert any(pointer.startswith("#/form") for pointer in pointers)
    problem_of(staff("POST", "/inbreng/activities", json=new_activity(project, subject_id=str(uuid.uuid4()))), 404)
    activity = an_activity(platform, project.id, form=FORM)
    path = f"/inbreng/activities/{activity.id}/contributions"
    body = {"text": "", "answers": {"cijfer": 9, "gebruik": "nooit"}, "area_id": str(project.id)}
    pointers = {error["pointer"] for error in problem_of(nobody("POST", path, json=body), 400)["errors"]}
    assert pointers == {"#/text", "#/answers/cijfer", "#/answers/gebruik", "#/area_id"}
    for content in ({"text": 1}, {"tekst": "x"}, {"text": "x", "place": "\x00"}, {"text": "x", "answers": []}):
        problem_of(nobody("POST", path, json=content), 400)
    problem_of(nobody("GET", f"{path}?sector=x"), 400)
    problem_of(nobody("GET", f"{path}?cursor=x"), 400)
    problem_of(nobody("POST", "/inbreng/activities", json=new_activity(project)), 401)
    problem_of(caller_as("resident")("POST", "/inbreng/activities", json=new_activity(project)), 403)


@SQLITE
def test_the_life_of_a_contribution(platform: Platform, project: Project, nobody: Caller, caller_as: Callable[..., Caller]) -> None:
    activity = an_activity(platform, project.id)
    path = f"/inbreng/activities/{activity.id}/contributions"
    given = nobody("POST", path, json={"text": "Meer bomen", "name": "Jan"}).get_json()
    one = f"/inbreng/contributions/{given['id']}"
    assert nobody("GET", one).get_json()["author_name"] == "Jan"
    replied = nobody("POST", f"{one}/replies", json={"text": "Eens"})
    assert replied.status_code == 201
    assert replied.get_json()["parent_id"] == given["id"]
    resident = caller_as("resident")
    assert resident("PUT", f"{one}/support").get_json() == {"supports": 1}
    assert resident("PUT", f"{one}/support").get_json() == {"supports": 1}
    assert resident("DELETE", f"{one}/support").get_json() == {"supports": 0}
    edit = {"text": "Meer bomen en gras", "version": 1}
    problem_of(nobody("PUT", one, json=edit), 403)
    changed = nobody("PUT", one, json={**edit, "code": given["receipt_code"]})
    assert changed.get_json()["text"] == "Meer bomen en gras"
    moderator = caller_as("moderator")
    hidden = moderator("POST", f"{one}/hide", json={"code": "other", "reason": "test", "version": 2})
    assert hidden.status_code == 200, hidden.text
    assert (hidden.get_json()["text"], hidden.get_json()["author_name"]) == ("", "")
    assert nobody("GET", one).get_json()["state"] == "hidden"
    assert moderator("POST", f"{one}/show", json={"reason": "test", "version": 3}).get_json()["text"] == "Meer bomen en gras"
    claimed = resident("POST", "/inbreng/contributions/claim", json={"code": given["receipt_code"]})
    assert claimed.status_code == 200, claimed.text
    problem_of(resident("PUT", f"{one}/support"), 400)
    gone = resident("POST", f"{one}/withdraw", json={"version": claimed.get_json()["version"]})
    assert (gone.get_json()["state"], gone.get_json()["text"]) == ("withdrawn", "")
    listed = nobody("GET", f"{path}?replies=true&order=oldest").get_json()
    assert [item["state"] for item in listed] == ["withdrawn", "published"]


@SQLITE
def test_every_act_on_a_contribution_answers_with_its_outcome(
    platform: Platform, project: Project, nobody: Caller, caller_as: Callable[..., Caller], clock: Any
) -> None:
    activity = an_activity(platform, project.id)
    given = a_contribution(platform, activity)
    one = f"/inbreng/contributions/{given.contribution.id}"
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="Dat doen wij.", contribution_ids=(given.contribution.id,)))
    clock.forward(minutes=11)
    moderator, resident = caller_as("moderator"), caller_as("resident")

    def version() -> int:
        return int(nobody("GET", one).get_json()["version"])

    acts: list[Callable[[], Any]] = [
        lambda: moderator("POST", f"{one}/hide", json={"code": "other", "reason": "test", "version": version()}),
        lambda: moderator("POST", f"{one}/show", json={"reason": "test", "version": version()}),
        lambda: resident("POST", "/inbreng/contributions/claim", json={"code": given.receipt_code}),
        lambda: resident("POST", f"{one}/withdraw", json={"version": version()}),
    ]
    for act in acts:
        answer = act()
        assert answer.status_code == 200, answer.text
        assert (answer.get_json()["outcome"], answer.get_json()["outcome_reason"]) == ("adopted", "Dat doen wij.")
        assert answer.get_json() == nobody("GET", one).get_json()


def entry(number: int, **values: Any) -> dict[str, Any]:
    return {"text": f"Reactie {number}", "channel": "online", "received_on": "2026-01-02", "external_ref": f"m-{number}", **values}


def test_an_import_keeps_threads_and_can_be_repeated(platform: Platform, project: Project, caller_as: Callable[..., Caller]) -> None:
    activity = an_activity(platform, project.id)
    path = f"/inbreng/activities/{activity.id}/contributions/import"
    staff = caller_as("facilitator")
    items: list[dict[str, Any]] = [entry(0)]
    items += [entry(number, parent_ref=f"m-{number - 1}") for number in range(1, 7)]
    items += [entry(7, channel="x", received_on="geen datum"), entry(8, parent_ref="onbekend"), entry(9, sector="business")]
    answer = staff("POST", path, json={"contributions": items})
    assert answer.status_code == 200, answer.text
    results = answer.get_json()
    assert [result["is_new"] for result in results] == [True] * 7 + [False, False, True]
    assert set(results[7]["errors"]) == {"channel", "received_on"}
    assert set(results[8]["errors"]) == {"parent_ref"}
    assert [result["number"] for result in results if result["is_new"]] == list(range(1, 9))
    with platform.engine.connect() as connection:
        rows = {row.external_ref: row for row in connection.execute(select(Contribution.__table__))}
    assert [rows[f"m-{number}"].depth for number in range(7)] == [0, 1, 2, 3, 3, 3, 3]
    assert [rows[f"m-{number}"].replies for number in range(4)] == [6, 5, 4, 0]
    again = staff("POST", path, json={"contributions": [*items, entry(10, parent_ref="m-0")]}).get_json()
    assert [result["is_new"] for result in again] == [False] * 10 + [True]
    assert again[0]["id"] == results[0]["id"]
    with platform.read(Actor("system")) as uow:
        numbers = tallies(uow, activity.id)
        assert (numbers["total"][""], numbers["replies"][""], numbers["number"][""]) == (2, 7, 9)
        assert uow.session.execute(select(Contribution.replies).where(Contribution.external_ref == "m-0")).scalar() == 7
    problem_of(caller_as("resident")("POST", path, json={"contributions": items}), 403)
    problem_of(staff("POST", path, json={"contributions": []}), 400)
    problem_of(staff("POST", path, json={"contributions": [{}] * 501}), 400)


@SQLITE
def test_entering_one_with_its_number_elsewhere(platform: Platform, project: Project, caller_as: Callable[..., Caller]) -> None:
    activity = an_activity(platform, project.id)
    staff = caller_as("facilitator")
    path = f"/inbreng/activities/{activity.id}/contributions/entry"
    made = staff("POST", path, json=entry(1, channel="letter"))
    assert made.status_code == 201, made.text
    assert made.get_json()["external_ref"] == "m-1"
    assert made.get_json()["received_on"] == "2026-01-02"
    problem_of(staff("POST", path, json=entry(1)), 400)
    reply = staff("POST", path, json=entry(2, parent_ref="m-1"))
    assert reply.get_json()["parent_id"] == made.get_json()["id"]


def test_giving_one_costs_at_most_ten_statements(platform: Platform, project: Project, caller_as: Callable[..., Caller]) -> None:
    activity = an_activity(platform, project.id)
    resident = caller_as("resident")
    path = f"/inbreng/activities/{activity.id}/contributions"
    assert resident("POST", path, json={"text": "Eerst"}).status_code == 201
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    assert resident("POST", path, json={"text": "Dan"}).status_code == 201
    event.remove(platform.engine, "before_cursor_execute", note)
    assert len(sent) <= 10, "\n".join(sent)


@SQLITE
def test_pages_of_a_long_list_hold_each_once(platform: Platform, project: Project, nobody: Caller) -> None:
    activity = an_activity(platform, project.id)
    made = {str(a_contribution(platform, activity, f"Idee {number}").contribution.id) for number in range(7)}
    found: list[str] = []
    address = f"/api/v1/inbreng/activities/{activity.id}/contributions?limit=3&order=supported"
    while address:
        answer = nobody("GET", address)
        found += [item["id"] for item in answer.get_json()]
        links = dict(reversed(part.split("; rel=")) for part in answer.headers["Link"].split(", "))
        address = (
            links.get('"next"', "").strip("<>").partition("localhost:5000")[2]
            or links.get('"next"', "").strip("<>").partition("//")[2].partition("/")[2]
        )
        address = f"/{address.lstrip('/')}" if address else ""
    assert len(found) == 7
    assert set(found) == made
    with platform.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Contribution)).scalar() == 7
