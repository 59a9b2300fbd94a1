"""The place of a plan: filled in with its area, on its page and on the map, kept by a copy and left out of a blueprint."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from citycontent.api import AddressBookEntry
from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.testing.visitors import send_form
from samen_doe_mee import paths
from samen_doe_mee.models import Plan
from samen_doe_mee.schemas.plan_parts import DuplicatePlan
from samen_doe_mee.services.plan_copies import content_of, duplicate_plan
from samen_doe_mee.testing import make_plan

STEP = paths.desk_plan("herinrichting-markt", "stap/gebied")


def of(platform: Platform) -> Plan:
    with platform.read(system("test")) as uow:
        return uow.session.query(Plan).filter_by(slug="herinrichting-markt").one()


def test_a_plan_lies_where_its_address_is(platform: Platform, as_role: Any, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Dorp")
        uow.session.add(AddressBookEntry(postcode="2712AB", house_number=12, lat=52.0571, lon=4.4935, area_id=area.id))
        plan = make_plan(uow, slug="herinrichting-markt")
    desk = as_role("facilitator")
    assert plan.lat is None
    place = {"place": "Het marktplein", "place.postcode": "2712 ab", "place.house_number": "12"}
    assert send_form(desk, STEP, scale="street", **place).status_code == 303
    found = of(platform)
    assert (found.lat, found.lon) == (52.057, 4.494)
    assert found.area_id == area.id, "the neighbourhood of the address, where none was chosen"
    assert found.proposal["place"] == {"text": "Het marktplein", "postcode": "2712AB", "house_number": "12"}
    page = client.get(paths.plan(found.slug)).text
    assert "Het marktplein, 2712AB 12" in page
    assert "Het marktplein, 2712AB 12" in client.get(paths.plan(found.slug, "procesvoorstel")).text
    assert 'value="2712AB"' in desk.get(STEP).text
    wrong = send_form(desk, STEP, scale="street", **{**place, "place.postcode": "12"})
    assert wrong.status_code == 400
    assert 'value="12"' in wrong.text
    with platform.unit_of_work(system("test")) as uow:
        plan = uow.session.get_one(Plan, found.id)
        assert "place" not in content_of(uow, plan)["texts"]
        copy = duplicate_plan(uow, plan.id, DuplicatePlan(title="Nog eens", starts_on=uow.now.date()))
        assert (copy.lat, copy.lon, copy.proposal["place"]) == (found.lat, found.lon, found.proposal["place"])
    nothing = dict.fromkeys(place, "")
    assert send_form(desk, STEP, scale="street", **nothing).status_code == 303
    found = of(platform)
    assert (found.lat, found.lon, found.proposal["place"]) == (None, None, {})


def test_a_plan_with_a_point_stands_on_the_map_and_over_rest(platform: Platform, as_role: Any, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        plan = make_plan(uow, slug="herinrichting-markt")
    desk = as_role("facilitator")
    assert send_form(desk, STEP, scale="city", **{"place.lat": "52,05", "place.lon": "4,49"}).status_code == 303
    assert (of(platform).lat, of(platform).area_id) == (52.05, None)
    shown = client.get(f"{paths.MAP}?soort=plan&staat=afgerond").text + client.get(f"{paths.MAP}?soort=plan").text
    assert "Herinrichting Markt" in shown
    body = client.get(f"/api/v1/doe-mee/plans/{plan.id}").json
    assert body is not None
    assert body["proposal"]["place"] == {"lat": 52.05, "lon": 4.49}
