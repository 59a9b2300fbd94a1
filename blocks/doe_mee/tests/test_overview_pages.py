"""The front page, the list near me, the map and what stands on pages of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee import paths
from samen_doe_mee.testing import DAY, make_activities, make_ideas, make_meeting, make_plan, make_round

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FEW, MANY = 25, 10_000


@pytest.fixture
def city(platform: Platform) -> dict[str, Any]:
    """A buurt with ideas, and a plan in it with an open activity, a meeting and a round that was closed."""
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        make_ideas(uow, FEW, area_id=area.id, lat=52.05, lon=4.49, all_supports=3)
        plan = make_plan(uow, area_id=area.id)
        make_activities(uow, plan, make_round(uow, plan), FEW)
        make_meeting(uow, plan)
        made = {"heard": "Veel mensen willen groen.", "done": "Er komen bomen.", "closed_at": uow.now - DAY}
        make_round(uow, plan, title="Ronde nul", **made)
        return {"area": area.slug, "area_id": area.id, "plan": plan.slug, "project_id": plan.project_id}


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def test_the_front_page_says_what_one_can_do_now(client: FlaskClient, city: dict[str, Any]) -> None:
    page = text_of(client, paths.HOME)
    assert "Nog 5 dagen, duurt 2 minuten" in page
    assert paths.NEW_IDEA in page
    assert "3 van 100 steunen dit" in page
    assert "Er komen bomen." in page
    assert "Inloopavond over het plein" in page
    assert "Buurt Een" in page


def test_the_front_page_of_a_new_city_says_what_will_come(client: FlaskClient) -> None:
    page = text_of(client, paths.HOME)
    for words in ("Er staat nu niets open", "Nog geen ideeën", "Nog geen resultaten", "geen bijeenkomsten gepland"):
        assert words in page


def test_the_list_is_narrowed_in_its_address(client: FlaskClient, city: dict[str, Any]) -> None:
    assert "meer bomen" in text_of(client, f"{paths.NEAR_ME}?gebied={city['area']}&soort=idee")
    assert "Wat vindt u" not in text_of(client, f"{paths.NEAR_ME}?soort=idee")
    assert "Inloopavond" in text_of(client, f"{paths.NEAR_ME}?staat=straks")
    assert "Er is nog niets afgerond" in text_of(client, f"{paths.NEAR_ME}?staat=afgerond")
    assert "Niets past" in text_of(client, f"{paths.NEAR_ME}?staat=straks&soort=idee")
    for wrong in ("soort=fiets", "gebied=nergens", "thema=niets", "staat=soms", "cursor=x"):
        assert client.get(f"{paths.NEAR_ME}?{wrong}").status_code == 400, wrong


def test_the_map_shows_the_places_and_the_same_list(client: FlaskClient, city: dict[str, Any]) -> None:
    page = text_of(client, f"{paths.MAP}?soort=idee")
    assert page.count("doe-point--idea") == FEW
    assert "meer bomen" in page


def test_an_address_leads_to_its_neighbourhood_and_stands_nowhere(platform: Platform, client: FlaskClient, city: dict[str, Any]) -> None:
    from citycontent.api import AddressBookEntry

    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(AddressBookEntry(postcode="2712AB", house_number=5, area_id=city["area_id"]))
    found = client.post(paths.NEAR_ME, data={"postcode": "2712 ab", "house_number": "5"})
    assert found.status_code == 303
    assert found.headers["Location"] == f"{paths.NEAR_ME}?gebied={city['area']}"
    wrong = client.post(paths.NEAR_ME, data={"postcode": "9999ZZ", "house_number": "x"})
    assert wrong.status_code == 400
    assert 'value="9999ZZ"' in wrong.get_data(as_text=True)


PAGES = {
    # The most statements that each may take, those of the frame included.
    paths.HOME: 8,
    paths.NEAR_ME: 6,
    f"{paths.NEAR_ME}?gebied={{area}}&staat=afgerond": 6,
    paths.MAP: 7,
}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_no_page_costs_more_when_there_is_more(
    platform: Platform, client: FlaskClient, city: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = platform.monotonic()
    monkeypatch.setattr(platform, "monotonic", lambda: now)  # what is read again every few seconds is not meant here

    def visit() -> dict[str, int]:
        counts = {}
        for path in PAGES:
            for _time in range(2):
                with sent_statements(platform) as sent:
                    text_of(client, f"{path.format(**city)}{'&' if '?' in path else '?'}x={_time}")
            counts[path] = len(sent)
        return counts

    few = visit()
    with platform.unit_of_work(system("test")) as uow:
        make_ideas(uow, MANY, area_id=city["area_id"], all_supports=2)
        plan = make_plan(uow, "Tweede plan")
        make_activities(uow, plan, make_round(uow, plan), 200)
    many = visit()
    assert few == many
    assert {path: (many[path], most) for path, most in PAGES.items() if many[path] > most} == {}
