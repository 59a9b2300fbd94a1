"""Ideas, plans, activities and meetings in one list: what is in it, in which order, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from citycontent.testing import make_area
from samen_core.api import Invalid, PageRequest, Platform, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee.queries.together import KINDS, TogetherFilter, list_together, places_together
from samen_doe_mee.testing import DAY, make_activities, make_ideas, make_meeting, make_plan, make_round

FEW, MANY = 30, 10_000


def walk(uow: Any, asked: TogetherFilter, limit: int) -> list[list[Any]]:
    pages, cursor = [], ""
    while True:
        page = list_together(uow, asked, PageRequest(limit=limit, cursor=cursor), with_count=False)
        pages.append([row.id for row in page.items])
        if page.next is None:
            return pages
        cursor = page.next


@pytest.fixture
def city(platform: Platform) -> dict[str, Any]:
    """Things of every kind that run, come and are over, and some that nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        yesterday = (uow.now - DAY).date()
        make_ideas(uow, 5, area_id=area.id, lat=52.05, lon=4.49)
        make_ideas(uow, 2, ends_on=yesterday)
        make_ideas(uow, 1, ends_on=yesterday, reached_at=uow.now - 5 * DAY)
        make_ideas(uow, 1, status="carried_out")
        for state in ("hidden", "withdrawn", "merged", "unconfirmed"):
            make_ideas(uow, 1, state=state)
        plan = make_plan(uow, area_id=area.id)
        round_ = make_round(uow, plan)
        make_activities(uow, plan, round_, 3)
        make_activities(uow, plan, round_, 1, opens_at=uow.now + DAY)
        make_activities(uow, plan, round_, 1, opens_at=uow.now - 3 * DAY, closes_at=uow.now - DAY)
        make_activities(uow, plan, round_, 1, removed_at=uow.now)
        make_meeting(uow, plan)
        make_meeting(uow, plan, start_date=uow.now - 3 * DAY, end_date=uow.now - 3 * DAY + timedelta(hours=2))
        make_plan(uow, "Later", opens_at=uow.now + DAY)
        make_plan(uow, "Klaar", state="finished", closes_at=uow.now - DAY)
        draft = make_plan(uow, "Concept", state="draft", published_at=None)
        make_activities(uow, draft, make_round(uow, draft), 1)
        return {"area": area.id, "plan": plan.id}


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        ("running", {"idea": 6, "plan": 1, "activity": 3}),
        ("coming", {"plan": 1, "activity": 1, "meeting": 1}),
        ("finished", {"idea": 3, "plan": 1, "activity": 1, "meeting": 1}),
        (None, {"idea": 9, "plan": 3, "activity": 5, "meeting": 2}),
    ],
)
def test_each_thing_stands_where_it_belongs(platform: Platform, city: dict[str, Any], standing: str, expected: dict[str, int]) -> None:
    with platform.read(system("test")) as uow:
        page = list_together(uow, TogetherFilter(standing=standing), PageRequest(limit=100))
        found = {kind: number for kind in KINDS if (number := sum(row.kind == kind for row in page.items))}
        moments = [row.at for row in page.items]
    assert found == expected
    assert page.count is not None
    assert page.count.number == sum(expected.values())
    assert moments == sorted(moments, reverse=standing != "coming")


def test_the_list_is_narrowed_by_kind_area_and_place(platform: Platform, city: dict[str, Any]) -> None:
    with platform.read(system("test")) as uow:
        near = list_together(uow, TogetherFilter(standing="running", area_ids=(city["area"],)), PageRequest(limit=100))
        ideas = list_together(uow, TogetherFilter(kinds=("idea",), standing="coming"), PageRequest())
        places = places_together(uow, TogetherFilter(standing="running"), 3)
    assert {row.kind for row in near.items} == {"idea", "plan", "activity"}
    assert near.count is not None
    assert near.count.number == 9
    assert not ideas.items
    assert len(places) == 4
    assert all(row.lat for row in places)


@pytest.mark.parametrize("standing", ["running", "coming", "finished", None])
def test_pages_go_on_and_back_without_a_hole(platform: Platform, city: dict[str, Any], standing: str | None) -> None:
    asked = TogetherFilter(standing=standing)
    with platform.read(system("test")) as uow:
        whole = walk(uow, asked, 100)[0]
        assert [id for page in walk(uow, asked, 2) for id in page] == whole
        second = list_together(uow, asked, PageRequest(limit=2, cursor=list_together(uow, asked, PageRequest(limit=2)).next or ""))
        if second.previous:
            back = list_together(uow, asked, PageRequest(limit=2, cursor=second.previous))
            assert [row.id for row in back.items] == whole[:2]
        for wrong in ("x", "é", "bnVsbA", "W10"):
            with pytest.raises(Invalid):
                list_together(uow, asked, PageRequest(cursor=wrong))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_list_looks_up_no_more_than_it_shows(platform: Platform) -> None:
    """With ten thousand ideas each kind still gives only its first few, by an index in the order of the list."""
    with platform.unit_of_work(system("test")) as uow:
        make_ideas(uow, MANY)
        plan = make_plan(uow)
        make_activities(uow, plan, make_round(uow, plan), FEW)
    for standing in ("running", "finished", "coming"):
        with platform.read(system("test")) as uow, sent_statements(platform) as sent:
            list_together(uow, TogetherFilter(standing=standing), PageRequest(), with_count=False)
            assert len(sent) == 1
            explained = uow.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", tuple("x" * sent[0].count("?"))).all()
        looked = [row[3] for row in explained if "doe_mee__idea" in row[3]]
        assert all("ix_doe_mee__idea_published_at" in line for line in looked), looked
