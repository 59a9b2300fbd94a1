"""Points on the map: by tapping, by address or by neighbourhood, and only in the area of the plan."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from citycontent.testing import make_area
from samen_core.api import Platform, anonymous, system
from samen_core.testing.visitors import SAME_SITE, Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.testing_activities import a_round, an_activity
from samen_inbreng.api import Contribution


def the_area(platform: Platform) -> uuid.UUID:
    with platform.unit_of_work(system("test")) as uow:
        area: uuid.UUID = make_area(uow).id
        return area


@pytest.fixture
def activity(platform: Platform) -> Activity:
    return an_activity(platform, a_round(platform), type="map_points", title="Waar mist u groen?")


def form_of(client: FlaskClient, path: str, **values: str) -> MultiDict[str, str]:
    names = {name.replace("__", ".") for name in values}
    pairs = [pair for pair in Forms(client.get(path).text).pairs(path) if pair[0] not in names]
    return MultiDict([*pairs, *((name.replace("__", "."), value) for name, value in values.items())])


def test_without_a_place_nothing_is_sent_and_what_was_typed_stays(
    platform: Platform, client: FlaskClient, clock: Any, activity: Activity
) -> None:
    path = paths.activity(activity.slug)
    form = form_of(client, path, text="Hier graag een boom")
    clock.forward(seconds=10)
    answer = client.post(path, data=form, headers=SAME_SITE)
    assert answer.status_code == 400
    assert "Kies een plek" in answer.text
    assert "Hier graag een boom" in answer.text


def test_a_point_by_neighbourhood_stands_on_the_map_and_in_open_data(platform: Platform, client: FlaskClient, clock: Any) -> None:
    area_id = the_area(platform)
    activity = an_activity(platform, a_round(platform), type="map_points", title="Waar mist u groen?")
    path = paths.activity(activity.slug)
    form = form_of(client, path, text="Hier graag een boom", area_id=str(area_id))
    clock.forward(seconds=10)
    answer = client.post(path, data=form, headers=SAME_SITE)
    assert answer.status_code == 303, answer.text
    with platform.read(anonymous("test")) as uow:
        made = uow.session.execute(select(Contribution)).scalar_one()
        assert made.area_id == area_id
        assert [row["text"] for row in type_of("map_points").open_data(uow, uow.session.get_one(Activity, activity.id))] == [
            "Hier graag een boom"
        ]


def test_a_place_outside_the_area_of_the_plan_is_refused_with_its_name(platform: Platform, client: FlaskClient, clock: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        inside, outside = make_area(uow, name="Palenstein"), make_area(uow, name="Rokkeveen")
        inside_id, outside_id = inside.id, outside.id
    activity = an_activity(platform, a_round(platform, area_id=inside_id), type="map_points", title="Waar mist u groen?")
    path = paths.activity(activity.slug)
    page = client.get(path).text
    assert str(outside_id) not in page
    form = form_of(client, path, text="Hier graag een boom", area_id=str(outside_id))
    clock.forward(seconds=10)
    answer = client.post(path, data=form, headers=SAME_SITE)
    assert answer.status_code == 400
    assert "ligt buiten Palenstein" in answer.text
