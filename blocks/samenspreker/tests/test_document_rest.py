"""Process proposals, evaluations and final reports over REST."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samen_core.api import anonymous, system
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_inbreng.api import Contribution, WriteAnswer, contribute, write_answer
from samen_inbreng.schemas.contribution import Contribute
from samen_inbreng.testing import an_activity
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.testing import (
    EVALUATION_VALUES,
    PROPOSAL_VALUES,
    REPORT_TEXTS,
    a_final_report,
    a_published_decision,
    a_table,
    an_accepted_question,
)

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
API = "/samenspreker"


@pytest.fixture
def staff(app, platform, actor_as):
    return Caller(app, make_token(platform, actor_as("facilitator"), FACILITATE.name, "inbreng.manage_activity"))


@pytest.fixture
def nobody(app):
    return Caller(app)


def test_a_proposal_from_draft_to_memo(platform, staff, nobody):
    question = an_accepted_question(platform)
    path = f"{API}/questions/{question.id}/proposals"
    assert nobody("POST", path).status_code == 401
    made = staff("POST", path)
    assert made.status_code == 201
    draft = made.get_json()
    one = f"{API}/proposals/{draft['id']}"
    assert made.location.endswith(one)
    assert len(draft["missing"]) == 12
    assert nobody("GET", one).status_code == 404
    assert nobody("GET", path).get_json() == []
    assert [item["number"] for item in staff("GET", path).get_json()] == [1]

    problem = problem_of(staff("POST", f"{one}/publication", json={"version": draft["version"]}), 400)
    assert "subject" in str(problem)
    problem_of(staff("PUT", one, json={"version": draft["version"], "goals": {"fun": "x"}}), 400)
    problem_of(staff("PUT", one, json={"version": draft["version"], "level": "all"}), 400)
    changed = staff("PUT", one, json={"version": draft["version"], **PROPOSAL_VALUES})
    assert changed.status_code == 200
    body = changed.get_json()
    assert {name: body[name] for name in PROPOSAL_VALUES} == PROPOSAL_VALUES
    assert body["missing"] == []
    again = staff("PUT", one, json={"version": body["version"], **{name: body[name] for name in PROPOSAL_VALUES}})
    assert again.get_json()["version"] == body["version"], "what was read can be sent back"
    problem_of(staff("PUT", one, json={"version": draft["version"], "costs": "Meer"}), 409)
    done = staff("POST", f"{one}/publication", json={"version": body["version"]})
    assert done.get_json()["published_at"]
    assert nobody("GET", one).get_json()["level"] == "advise"
    problem_of(staff("PUT", one, json={"version": done.get_json()["version"], "costs": "Meer"}), 400)

    memo = f"{API}/questions/{question.id}/council-memo"
    today = platform.clock().date()
    problem_of(staff("POST", memo, json={"on": (today + timedelta(days=2)).isoformat(), "version": question.version}), 400)
    told = staff("POST", memo, json={"on": today.isoformat(), "version": question.version})
    assert told.get_json()["on"] == today.isoformat()
    problem_of(nobody("POST", memo, json={"on": today.isoformat(), "version": 1}), 401)


def test_an_evaluation_with_its_survey(platform, staff, nobody):
    question = a_table(platform, step="evaluate")
    path = f"{API}/questions/{question.id}/evaluations"
    made = staff("PUT", path, json={"lessons": "Begin eerder."})
    assert made.status_code == 200
    assert nobody("GET", path).get_json() == []
    problem_of(staff("PUT", path, json={"lessons": "Anders"}), 409)
    problem_of(staff("PUT", path, json={"goals": {"fun": {"reached": "yes"}}, "version": 1}), 400)
    changed = staff("PUT", path, json={**EVALUATION_VALUES, "version": made.get_json()["version"]}).get_json()
    survey = {
        "title": "Hoe was het?",
        "closes_on": (platform.clock().date() + timedelta(days=9)).isoformat(),
        "question_heard": "Luisterden wij?",
    }
    opened = staff("POST", f"{API}/questions/{question.id}/survey", json=survey)
    assert opened.status_code == 201
    version = staff("GET", f"{API}/evaluations/{changed['id']}").get_json()["version"]
    done = staff("POST", f"{path}/publication", json={"version": version}).get_json()
    assert done["survey_id"] == opened.get_json()["activity_id"]
    assert [item["lessons"] for item in nobody("GET", path).get_json()] == [EVALUATION_VALUES["lessons"]]
    problem_of(staff("POST", f"{path}/publication", json={"version": done["version"]}), 410)


def test_a_report_with_its_rows(platform, clock, staff, nobody):
    question = a_table(platform, step="evaluate")
    activity = an_activity(platform, question.id)
    with platform.unit_of_work(anonymous()) as uow:
        ids = [contribute(uow, activity.id, Contribute(text=f"Nummer {n}", name="Jan Jansen")).contribution.id for n in range(5)]
    clock.forward(days=10)
    draft = f"{API}/questions/{question.id}/report-draft"
    assert len(staff("GET", draft).get_json()["missing"]) == 8
    problem_of(nobody("GET", draft), 401)
    written = staff("PUT", draft, json={"deviations": REPORT_TEXTS}).get_json()
    assert written["missing"] == ["5 bijdragen hebben nog geen antwoord.", "Er is nog geen gepubliceerd besluit."]
    reports = f"{API}/questions/{question.id}/reports"
    assert "gepubliceerd besluit" in str(problem_of(staff("POST", reports, json={"version": written["version"]}), 400))
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, question.id, WriteAnswer(outcome="answered", reason="Ja.", contribution_ids=tuple(ids)))
    clock.forward(minutes=11)
    a_published_decision(platform, question)
    problem_of(staff("POST", reports, json={"version": 99}), 409)
    made = staff("POST", reports, json={"version": written["version"]})
    assert made.status_code == 201
    report = nobody("GET", made.location).get_json()
    assert report["parts"]["counts"]["outcome"] == {"answered": 5}
    assert [item["number"] for item in nobody("GET", reports).get_json()] == [1]

    rows = nobody("GET", f"{made.location}/rows?limit=3")
    assert [row["text"] for row in rows.get_json()] == ["Nummer 0", "Nummer 1", "Nummer 2"]
    assert "Jan Jansen" not in rows.text
    following = next(part for part in rows.headers["Link"].split(", ") if 'rel="next"' in part)
    address = following.partition("<")[2].partition(">")[0].partition("/api/")[2]
    assert [row["outcome"] for row in nobody("GET", f"/api/{address}").get_json()] == ["answered", "answered"]
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get(Contribution, ids[0]).state = "hidden"
    first = nobody("GET", f"{made.location}/rows").get_json()[0]
    assert (first["state"], first["text"], first["response"]) == ("hidden", None, "Ja.")
    problem_of(nobody("GET", f"{made.location}/rows?cursor=x"), 400)
    problem_of(nobody("GET", f"{API}/reports/{question.id}"), 404)


def test_one_may_not_without_the_right(platform, app, actor_as):
    question = a_table(platform, step="evaluate")
    a_published_decision(platform, question)
    a_final_report(platform, question)
    resident = Caller(app, make_token(platform, actor_as("resident")))
    for method, path in (
        ("POST", "proposals"),
        ("PUT", "evaluations"),
        ("POST", "survey"),
        ("PUT", "report-draft"),
        ("POST", "reports"),
        ("POST", "council-memo"),
    ):
        problem_of(resident(method, f"{API}/questions/{question.id}/{path}", json={"version": 1}), 403)
