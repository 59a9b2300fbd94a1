"""Polls, results from elsewhere and meetings over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import Platform, system
from samen_doe_mee.models import Meeting
from samen_doe_mee.rest.common import API
from samen_doe_mee.services.poll_outcome import poll_options
from samen_doe_mee.testing_polls import a_meeting, a_poll

if TYPE_CHECKING:
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_anybody_votes_and_takes_it_back_with_a_code(platform: Platform, client: FlaskClient) -> None:
    poll = a_poll(platform)
    with platform.read(system("test")) as uow:
        yes = str(poll_options(uow, poll.id)[0].id)
    there = f"{API}/activities/{poll.id}/poll"
    before = client.get(there).json
    assert before["hidden"]
    assert {option["votes"] for option in before["options"]} == {None}
    voted = client.put(f"{there}/vote", json={"options": [yes]})
    assert voted.status_code == 200, voted.json
    assert (voted.json["people"], voted.json["options"][0]["votes"], voted.json["chosen"]) == (1, 1, [yes])
    again = client.put(f"{there}/vote", json={"options": [yes], "code": voted.json["code"]}).json
    assert (again["people"], again["code"]) == (1, voted.json["code"])
    assert client.put(f"{there}/vote", json={"options": []}).status_code == 400
    assert client.get(f"{API}/activities/{poll.id}/external-results").json == []
    new = {"channel": "social", "held_on": "2020-01-01", "people": 4, "source": "Facebook", "counts": [{"text": "Ja", "number": 4}]}
    assert client.post(f"{API}/activities/{poll.id}/external-results", json=new).status_code in (401, 403)
    assert client.post(f"{there}/withdrawal", json={"code": voted.json["code"]}).json["people"] == 0


def test_anybody_registers_by_mail_and_only_who_works_there_sees_who(platform: Platform, client: FlaskClient, clock: Any) -> None:
    id = a_meeting(platform, places=2)
    with platform.read(system("test")) as uow:
        plan_id = uow.session.get_one(Meeting, id).plan_id
    there = f"{API}/meetings/{id}"
    assert client.get(there).json["places"] == 2
    assert [row["id"] for row in client.get(f"{API}/plans/{plan_id}/meetings").json] == [str(id)]
    done = client.post(f"{there}/registrations", json={"name": "Jip", "email": "jip@voorbeeld.nl", "people": 2})
    assert (done.status_code, done.json["state"], done.json["key"]) == (201, "unconfirmed", "")
    assert client.post(f"{there}/registrations", json={"people": 2}).status_code == 400
    assert client.get(f"{there}/registrations").status_code in (401, 403)
    assert client.get(f"{API}/registrations/{'x' * 40}").status_code == 404
    assert client.put(f"{there}/report", json={"report": "x", "came": 1, "organizations": "geen", "version": 2}).status_code in (401, 403)
    clock.shift = timedelta(days=30)
    assert client.get(there).json["report_is_late"]
