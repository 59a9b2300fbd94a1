"""Patterns: clusters on a grid, found again, proposed as a question, and what comes back; neighbourhoods against their own past."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from citycontent.testing import make_area
from samen_core.api import Conflict, Event, Invalid, NotAllowed, SubjectRef, anonymous, system, uuid7
from samen_core.events.outbox import OutboxEvent
from samen_oog_oor import paths
from samen_oog_oor.clusters import Spot, clusters, metres_between
from samen_oog_oor.models import Case, Category, Pattern, PatternCase
from samen_oog_oor.queries.patterns import Trend, trends
from samen_oog_oor.schemas.patterns import DismissPattern, ProposePattern
from samen_oog_oor.services import pattern_events, patterns
from samen_oog_oor.settings import PROPOSE_FROM
from samen_oog_oor.testing import LAT, LON, a_case, a_category, a_pattern, a_signal, make_cases

METRE = 1 / 111_320


def spots(number: int, lat: float = LAT, lon: float = LON, step: float = 10) -> list[Spot]:
    """So many spots in a row to the north, so many metres apart."""
    return [Spot(uuid7(), lat + at * step * METRE, lon) for at in range(number)]


def test_what_lies_close_together_is_a_cluster_and_the_rest_is_not() -> None:
    near, far, few = spots(6), spots(7, lat=LAT + 0.02), spots(3, lat=LAT - 0.02)
    found = clusters([*near, *few, *far], reach=50, least=5)
    assert [set(cluster.ids) for cluster in found] == [{spot.id for spot in far}, {spot.id for spot in near}]
    assert found[0].radius == pytest.approx(30, abs=2)
    assert clusters(few, 50, 5) == []


def test_a_row_grows_into_one_cluster_and_its_order_does_not_matter() -> None:
    row = spots(30, step=40)
    mixed = list(row)
    random.Random(3).shuffle(mixed)
    assert [len(cluster.ids) for cluster in clusters(row, 50, 3)] == [30]
    assert clusters(row, 50, 3) == clusters(mixed, 50, 3)


def test_the_grid_finds_what_comparing_all_pairs_finds() -> None:
    source = random.Random(11)
    cloud = [Spot(uuid7(), LAT + source.random() * 0.01, LON + source.random() * 0.015) for _spot in range(300)]
    reach, least = 70.0, 4
    near = {one.id: {two.id for two in cloud if metres_between(one.lat, one.lon, two.lat, two.lon) <= reach} for one in cloud}
    cores = {id for id, around in near.items() if len(around) >= least}
    for cluster in clusters(cloud, reach, least):
        members = set(cluster.ids)
        assert members & cores
        assert all(near[id] & cores & members for id in members)
        assert not any(near[id] & cores - members for id in members & cores)
    clustered = {id for cluster in clusters(cloud, reach, least) for id in cluster.ids}
    assert cores <= clustered


@pytest.fixture
def heap(platform: Any) -> list[Case]:
    """Six cases of one category close together."""
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow, "Kapotte lampen")
        return make_cases(uow, category, 6, lat=LAT, lon=LON)


def found(platform: Any) -> list[Pattern]:
    """All patterns after looking for them."""
    with platform.unit_of_work(system("test")) as uow:
        patterns.find_patterns(uow)
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(Pattern).order_by(Pattern.id)).scalars())


def test_much_of_the_same_in_one_place_is_a_pattern_that_is_found_again(platform: Any, heap: list[Case]) -> None:
    (first,) = found(platform)
    assert (first.title, first.weight, first.state) == ("Kapotte lampen", 6, "found")
    with platform.unit_of_work(system("test")) as uow:
        a_case(uow, uow.session.get_one(Category, heap[0].category_id), lat=LAT + 30 * METRE, lon=LON)
    (again,) = found(platform)
    assert (again.id, again.weight) == (first.id, 7)
    with platform.read(system("test")) as uow:
        assert len(list(uow.session.execute(select(PatternCase)))) == 7


def test_a_pattern_is_over_when_its_season_is(platform: Any, heap: list[Case], clock: Any) -> None:
    found(platform)
    clock.forward(days=200)
    assert [pattern.state for pattern in found(platform)] == ["over"]


def test_what_not_everybody_may_know_makes_no_pattern(platform: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_cases(uow, a_category(uow, "Alleen geteld", publication="count"), 8, lat=LAT, lon=LON)
        make_cases(uow, a_category(uow, "Vertrouwelijk", confidential=True), 8, lat=LAT, lon=LON)
        make_cases(uow, a_category(uow, "Complimenten"), 8, lat=LAT, lon=LON, type="compliment")
        make_cases(uow, a_category(uow, "Ingetrokken"), 8, lat=LAT, lon=LON, state="withdrawn")
    assert found(platform) == []


def test_proposing_takes_the_cases_along_and_who_reported_hears_it(platform: Any, outbox: Any, actor_as: Any) -> None:
    cases = [a_case(platform) for _case in range(2)]
    for case in cases:
        a_signal(platform, case, email="noor@example.org")
    secret = a_case(platform, confidential=True)
    a_signal(platform, secret, email="agent@example.org")
    pattern = a_pattern(platform, *cases, secret)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        patterns.propose(uow, pattern.id, ProposePattern(question="Hoe dan?"))
    with platform.unit_of_work(actor_as("moderator")) as uow:
        with pytest.raises(Conflict):
            patterns.propose(uow, pattern.id, ProposePattern(question="Hoe dan?", version=pattern.version + 1))
        with pytest.raises(Invalid):
            patterns.propose(uow, pattern.id, ProposePattern(question="  "))
        patterns.propose(uow, pattern.id, ProposePattern(question="Hoe houden we het licht?", version=pattern.version))
    with platform.read(system("test")) as uow:
        (event,) = uow.session.execute(select(OutboxEvent.payload).where(OutboxEvent.type == "oog_oor.pattern.proposed")).scalars()
        named = {ref["id"] for ref in event["about"]}
        assert {str(case.id) for case in cases} < named
        assert str(secret.id) not in named
    outbox.drain()
    assert [mail.to for mail in outbox.mails() if "vraag aan de stad" in mail.subject] == ["noor@example.org"]
    with platform.unit_of_work(actor_as("moderator")) as uow, pytest.raises(Invalid):
        patterns.propose(uow, pattern.id, ProposePattern(question="Nog eens"))


def test_a_rule_proposes_by_itself(platform: Any, heap: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    usual = patterns.number
    monkeypatch.setattr(patterns, "number", lambda uow, key: 6 if key == PROPOSE_FROM else usual(uow, key))
    (pattern,) = found(platform)
    assert (pattern.state, pattern.question) == ("proposed", "Wat kunnen we samen doen aan: kapotte lampen?")


def test_what_is_left_stays_left(platform: Any, heap: list[Case], actor_as: Any) -> None:
    (pattern,) = found(platform)
    with platform.unit_of_work(actor_as("moderator")) as uow:
        patterns.dismiss(uow, pattern.id, DismissPattern(reason="De lampen worden al vervangen."))
    assert [(again.id, again.state) for again in found(platform)] == [(pattern.id, "dismissed")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Event):
    type: ClassVar[str] = pattern_events.MADE
    question_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Event):
    type: ClassVar[str] = "samenspreker.question.accepted"
    question_id: uuid.UUID


def test_another_season_is_another_pattern(platform: Any, heap: list[Case], clock: Any) -> None:
    """What was proposed or left last year does not keep the same from being seen and proposed again."""
    (first,) = found(platform)
    with platform.unit_of_work(system("test")) as uow:
        patterns.propose(uow, first.id, ProposePattern(question="Hoe houden we het licht?", version=first.version))
    assert [pattern.state for pattern in found(platform)] == ["proposed"]
    clock.forward(days=200)
    with platform.unit_of_work(system("test")) as uow:
        make_cases(uow, uow.session.get_one(Category, heap[0].category_id), 7, lat=LAT, lon=LON)
    seen = {pattern.state: pattern for pattern in found(platform)}
    assert seen.keys() == {"proposed", "found"}
    assert (seen["proposed"].id, seen["proposed"].weight, seen["found"].weight) == (first.id, 6, 7)


def test_what_became_of_the_question_comes_back(platform: Any, outbox: Any, client: Any) -> None:
    pattern = a_pattern(platform, state="proposed")
    question = a_case(platform, title="Staat voor een vraag elders")
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Made(question_id=question.id, about=(SubjectRef("oog_oor_pattern", pattern.id),)))
    outbox.drain()
    body = client.get(paths.pattern(pattern.id)).get_data(as_text=True)
    assert "Er is een vraag van gemaakt. Die wacht op een besluit." in body
    assert "Staat voor een vraag elders" in body
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Accepted(question_id=question.id))
    outbox.drain()
    assert "De vraag is aangenomen en ligt nu op tafel." in client.get(paths.pattern(pattern.id)).get_data(as_text=True)


def test_a_found_pattern_is_for_who_decides(platform: Any, client: Any, as_role: Any) -> None:
    case = a_case(platform, a_category(platform, publication="point"))
    pattern, open_one = a_pattern(platform, title="Nog niet bekeken"), a_pattern(platform, case, title="Al voorgelegd", state="proposed")
    assert client.get(paths.pattern(pattern.id)).status_code == 404
    assert client.get(paths.pattern(open_one.id)).status_code == 200
    everybody = client.get(paths.PATTERNS).get_data(as_text=True)
    assert ("Nog niet bekeken" in everybody, "Al voorgelegd" in everybody) == (False, True)
    assert client.get(f"{paths.PATTERNS}?staat=voorbij").status_code == 200
    desk = as_role("moderator")
    assert "Nog niet bekeken" in desk.get(paths.PATTERNS).get_data(as_text=True)
    assert desk.get(paths.pattern(pattern.id, "voorleggen")).status_code == 200
    assert client.get(paths.pattern(pattern.id, "voorleggen")).status_code in (302, 303, 403)
    # who decides can open what they decide about, also when not everybody can
    there = f'href="{paths.work(case.number)}"'
    assert there in desk.get(paths.pattern(open_one.id)).get_data(as_text=True)
    assert there not in client.get(paths.pattern(open_one.id)).get_data(as_text=True)


def test_a_pattern_shows_nothing_of_a_case_that_became_confidential(platform: Any, client: Any) -> None:
    case = a_case(platform, title="Dit wordt geheim", confidential=True)
    pattern = a_pattern(platform, case, state="proposed")
    assert "Dit wordt geheim" not in client.get(paths.pattern(pattern.id)).get_data(as_text=True)


def test_only_what_is_clearly_more_or_less_is_said() -> None:
    assert Trend(uuid7(), 20, 8).is_more
    assert not Trend(uuid7(), 9, 8).is_more
    assert not Trend(uuid7(), 3, 0).is_more
    assert Trend(uuid7(), 2, 12).is_less
    assert not Trend(uuid7(), 10, 12).is_less


def test_trends_count_periods_before_this_one(platform: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow)
        category = a_category(uow)
        for days, times in ((100, 3), (70, 3), (5, 9)):
            for _time in range(times):
                a_case(uow, category, area_id=area.id, reported_at=uow.now - timedelta(days=days))
        a_case(uow, category, area_id=area.id, confidential=True)
    with platform.read(anonymous()) as uow:
        (trend,) = trends(uow)
        assert trend.area_id == area.id
        assert trend.now == 9
        assert 2 < trend.usual < 3
        assert trend.is_more
