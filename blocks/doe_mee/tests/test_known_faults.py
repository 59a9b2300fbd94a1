"""What once went wrong: origins that were not kept, ideas told of twice, what one began and left, activities over REST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from samen_core.accounts.services.privacy import erase_account
from samen_core.actor import Actor
from samen_core.api import Platform, system
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, HalfFilled, Idea, Trace
from samen_doe_mee.services.half_filled import keep_half
from samen_doe_mee.services.idea_common import today
from samen_doe_mee.services.idea_handling import idea_tasks
from samen_doe_mee.services.plans import visible_plan_by_id
from samen_doe_mee.services.poll_outcome import poll_options
from samen_doe_mee.services.reaching import reached_tasks
from samen_doe_mee.testing_activities import a_reaction, a_round, an_activity
from samen_doe_mee.testing_polls import a_poll
from samen_doe_mee.testing_support import an_idea

API = "/api/v1/doe-mee"
ActorAs = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def traced(platform: Platform) -> list[str]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(Trace.what).order_by(Trace.what)).scalars())


def test_an_idea_and_a_vote_without_account_keep_where_they_came_from(platform: Platform, client: FlaskClient) -> None:
    words = {"title": "Een bankje bij de vijver", "text": "Dan kunnen mensen daar zitten.", "where": "city"}
    assert client.post(f"{API}/ideas", json=words).status_code == 201
    poll = a_poll(platform)
    with platform.read(system("test")) as uow:
        option = poll_options(uow, poll.id)[0].id
    assert client.put(f"{API}/activities/{poll.id}/poll/vote", json={"options": [str(option)]}).status_code == 200
    assert traced(platform) == ["idea", "vote"]


def test_an_activity_elsewhere_names_no_deadline_and_no_minutes(platform: Platform, client: FlaskClient) -> None:
    activity = an_activity(platform, type="external", title="Avond in de zaal")
    html = client.get(paths.activity(activity.slug)).text
    assert "Duurt 1 minuut" not in html
    assert "Nog 1" not in html.partition("<main")[2].partition("</main>")[0]
    plan = client.get(paths.plan(_slug_of_plan(platform, activity))).text
    card = plan.partition("Avond in de zaal")[2][:600]
    assert "duurt" not in card
    assert "nog" not in card.lower()


def _slug_of_plan(platform: Platform, activity: Activity) -> str:
    with platform.read(system("test")) as uow:
        return visible_plan_by_id(uow, activity.plan_id).slug


def test_an_idea_that_has_enough_support_is_told_of_once(platform: Platform, actor_as: ActorAs) -> None:
    staff = actor_as("moderator")
    idea = an_idea(platform, title="Van mij")
    with platform.unit_of_work(system("test")) as uow:
        late, mine = uow.session.get_one(Idea, an_idea(platform, title="Te laat").id), uow.session.get_one(Idea, idea.id)
        mine.owner_id, mine.reached_at = staff.account_id, uow.now
        late.reached_at, late.answer_by = uow.now, today(uow) - timedelta(days=1)
    with platform.read(staff) as uow:
        assert [task.count for task in idea_tasks(uow)] == [1, 1]
        assert reached_tasks(uow) == []
    an_idea(platform, title="Nieuw", reached_at=idea.created_at)
    with platform.read(staff) as uow:
        assert [task.count for task in reached_tasks(uow)] == [1]


def test_what_an_account_began_goes_with_it(platform: Platform, actor_as: ActorAs) -> None:
    leaves, stays = actor_as("resident"), actor_as("resident")
    activity = an_activity(platform)
    for actor in (leaves, stays):
        with platform.unit_of_work(actor) as uow:
            keep_half(uow, uow.session.get_one(Activity, activity.id), {"a": ["half"]}, "")
    with platform.unit_of_work(system("test")) as uow:
        assert leaves.account_id is not None
        erase_account(uow, leaves.account_id)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(HalfFilled)).scalar_one() == 1


def test_activities_of_a_plan_are_listed_moved_removed_and_read_over_rest(platform: Platform, client: FlaskClient) -> None:
    round_id = a_round(platform)
    first, second = (an_activity(platform, round_id, title=title) for title in ("Een", "Twee"))
    a_reaction(platform, first, "Meer bomen.")
    url = f"{API}/plans/{first.plan_id}/activities"
    assert [row["title"] for row in client.get(url).json] == ["Een", "Twee"]
    data = client.get(f"{API}/activities/{first.id}/open-data").json
    assert "Meer bomen." in data["rows"][0]["text"]
    assert not {"name", "email", "account_id"} & set(data["columns"])
    for act, body in (("move", {"to": "up"}), ("removal", {"version": 1})):
        assert client.post(f"{API}/activities/{second.id}/{act}", json=body).status_code in (401, 403)
