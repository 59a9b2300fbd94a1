"""The small drawing of where something is."""

from __future__ import annotations

import re

import pytest

from citycontent.testing import make_area
from citycontent.web.api import atlas, small_map
from samen_core.actor import anonymous
from samen_core.app import create_app
from samen_core.platform import Platform

PARIS = (48.85, 2.35)


@pytest.fixture
def draw(platform: Platform):
    def of(*points, **options):
        with create_app(platform).test_request_context("/"), platform.read(anonymous()) as reader:
            return str(small_map(atlas(reader), points, "Waar het is", **options))

    return of


def test_it_shows_the_neighbourhoods_around_a_point_and_no_others(draw, zoetermeer):
    hall = zoetermeer.by_slug["stadscentrum"]
    svg = draw((hall.lat, hall.lon), css="mine")
    assert svg.count("<circle") == 1
    assert 0 < svg.count("<path") < 15
    assert 'class="samen-map mine"' in svg
    assert svg.count("<path") < draw((hall.lat, hall.lon), around=400).count("<path")


def test_points_far_apart_are_all_in_it(draw, zoetermeer):
    places = [(area.lat, area.lon) for area in zoetermeer.of("buurt")]
    svg = draw(*places)
    left, top, width, height = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    for x, y in re.findall(r'cx="([^"]+)" cy="([^"]+)"', svg):
        assert left <= float(x) <= left + width
        assert top <= float(y) <= top + height
    assert svg.count("<path") == len(places)


def test_points_above_each_other_are_all_in_it(draw, zoetermeer):
    hall = zoetermeer.by_slug["stadscentrum"]
    svg = draw((hall.lat, hall.lon), (hall.lat + 0.02, hall.lon))
    _left, top, _width, height = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    size = float(re.search(r' r="([^"]+)"', svg)[1])
    for y in map(float, re.findall(r'cy="([^"]+)"', svg)):
        assert top + size < y < top + height - size


def test_a_point_just_outside_the_city_is_drawn(draw, zoetermeer):
    west = min(zoetermeer.of("buurt"), key=lambda area: area.lon)
    assert draw((west.lat, west.lon - 0.02)).count("<circle") == 1


def test_a_city_that_knows_no_neighbourhoods_shows_its_districts(draw, uow):
    district = make_area(uow, "Centrum", "wijk")
    uow.commit()
    assert draw((district.lat, district.lon)).count("<path") == 1


def test_nothing_is_drawn_without_a_point_or_outside_the_city(draw, zoetermeer):
    assert draw() == ""
    assert draw(PARIS) == ""
