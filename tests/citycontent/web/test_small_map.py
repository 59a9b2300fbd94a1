"""The small drawing of where something is."""

from __future__ import annotations

import re

import pytest

from citycontent.queries.areas import AreaTree
from citycontent.web.api import atlas, small_map
from samen_core.actor import anonymous
from samen_core.app import create_app
from samen_core.platform import Platform

PARIS = (48.85, 2.35)


@pytest.fixture
def draw(platform: Platform, zoetermeer: AreaTree):
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


def test_nothing_is_drawn_without_a_point_or_outside_the_city(draw):
    assert draw() == ""
    assert draw(PARIS) == ""
