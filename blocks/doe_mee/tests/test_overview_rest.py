"""The list of everything and short addresses over REST; what is found on pages of others and in the search."""

from __future__ import annotations

from typing import Any

import pytest

from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.queries.search import activity_documents, idea_documents, plan_documents
from samen_doe_mee.testing import DAY, make_activities, make_ideas, make_meeting, make_plan, make_round

API = "/api/v1/doe-mee/overview"


@pytest.fixture
def city(platform: Platform) -> dict[str, Any]:
    """Things of every kind about a buurt, and some that nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        shown = make_ideas(uow, 30, area_id=area.id)
        secret = [make_ideas(uow, 1, state=state, area_id=area.id)[0] for state in ("hidden", "withdrawn", "merged", "unconfirmed")]
        plan = make_plan(uow, area_id=area.id)
        round_ = make_round(uow, plan, done="Er komen bomen.", closed_at=uow.now - DAY)
        open_, gone = make_activities(uow, plan, round_)[0], make_activities(uow, plan, round_, removed_at=uow.now)[0]
        make_meeting(uow, plan)
        draft = make_plan(uow, "Concept", state="draft", published_at=None, area_id=area.id)
        hidden = make_activities(uow, draft, make_round(uow, draft))[0]
        return {
            "area": area,
            "shown": shown,
            "secret": secret,
            "plan": plan.id,
            "draft": draft.id,
            "activities": [open_.id, gone.id, hidden.id],
            "open": open_.id,
        }


def test_the_list_is_read_over_rest(client: Any, city: dict[str, Any]) -> None:
    found = client.get(f"{API}?standing=running&limit=100&areaId={city['area'].id}").get_json()
    assert {row["kind"] for row in found} == {"idea", "plan", "activity"}
    assert len(found) == 32
    assert all(row["url"].startswith("http://127.0.0.1:8000/doe-mee/") for row in found)
    assert [row["kind"] for row in client.get(f"{API}?standing=coming").get_json()] == ["meeting"]
    for wrong in ("kind=fiets", "standing=soms", "areaId=x", "cursor=x"):
        assert client.get(f"{API}?{wrong}").status_code in (400, 422), wrong


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_list_takes_few_statements(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    client.get(API)
    with sent_statements(platform) as sent:
        client.get(f"{API}?limit=20")
    assert len(sent) <= 5


def test_short_addresses_are_for_who_works_at_it(client: Any, city: dict[str, Any]) -> None:
    assert client.post(f"/api/v1/doe-mee/short-links/{city['plan']}").status_code in (401, 403)
    assert client.post(f"/api/v1/doe-mee/short-links/{city['draft']}").status_code in (401, 403, 404)


def test_only_what_everybody_may_read_is_found(platform: Platform, city: dict[str, Any]) -> None:
    with platform.read(system("test")) as uow:
        assert {row.subject_id for row in idea_documents(uow, [*city["shown"], *city["secret"]])} == set(city["shown"])
        assert {row.subject_id for row in plan_documents(uow, [city["plan"], city["draft"]])} == {city["plan"]}
        assert {row.subject_id for row in activity_documents(uow, city["activities"])} == {city["open"]}
        words = idea_documents(uow, city["shown"][:1])[0]
    assert "Buurt Een" in words.keywords


def test_it_stands_on_pages_of_others(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    front = client.get("/").get_data(as_text=True)
    for words in ("Wat vindt u van het plein?", "Er komen bomen.", paths.NEW_IDEA):
        assert words in front, words
    area = client.get(f"/wijken/{city['area'].slug}").get_data(as_text=True)
    assert "meer bomen" in area
    assert "Herinrichting Markt" in area
    assert "Concept" not in area
    with platform.read(system("test")) as uow:
        for id in city["secret"]:
            assert f'href="{paths.idea(uow.session.get_one(Idea, id).slug)}"' not in area


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_pages_of_others_cost_the_same_with_more(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    def statements(path: str) -> int:
        client.get(path)
        with sent_statements(platform) as sent:
            client.get(f"{path}?x=1")
        return len(sent)

    area = f"/wijken/{city['area'].slug}"
    few = [statements(path) for path in ("/", area)]
    with platform.unit_of_work(system("test")) as uow:
        make_ideas(uow, 500, area_id=city["area"].id)
    assert [statements(path) for path in ("/", area)] == few
