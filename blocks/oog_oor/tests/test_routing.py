"""Where a case goes, and why: the rules, what they look at, and what happens when an organisation says it is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from citycontent.api import Area, Organization, PartialDate
from citycontent.testing import make_area
from samen_core.accounts.services.accounts import set_active
from samen_core.api import Conflict, Invalid, NotAllowed, Platform, UnitOfWork, system
from samen_core.settings import change_settings
from samen_oog_oor.deciding import Facts, fits
from samen_oog_oor.models import Case, Note, Route, Rule
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.schemas.routing import HandOver, SendBack
from samen_oog_oor.services.routing import check_rules, explain, facts_of, hand_over, reroute_case, route_case, send_back
from samen_oog_oor.services.routing_rules import problem_tasks, switch_rule
from samen_oog_oor.services.states import go_back
from samen_oog_oor.settings import CITY_ORGANIZATION
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
"""Half past ten in the city, in winter time."""


@pytest.fixture
def set_city(platform: Platform, actor_as: Any) -> Callable[[str], None]:
    """Say which organisation gets what nobody else gets."""

    def set_it(name: str) -> None:
        with platform.unit_of_work(actor_as("manager")) as uow:
            change_settings(uow, {CITY_ORGANIZATION.key: name})

    return set_it


def about(**values: Any) -> Facts:
    return Facts(**{"at": MONDAY, **values})


@pytest.mark.parametrize(
    ("conditions", "facts", "expected"),
    [
        ({}, about(), True),
        ({"types": ["idea"]}, about(type="idea"), True),
        ({"types": ["idea"]}, about(), False),
        ({"words": ["rat"]}, about(text="Er loopt een RAT!"), True),
        ({"words": ["rat"]}, about(text="Er lopen ratten"), False),
        ({"words": ["rat*"]}, about(text="Er lopen ratten"), True),
        ({"words": ["cafe de hoek"]}, about(text="Herrie bij café De Hoek."), True),
        ({"words": ["hoek cafe"]}, about(text="Herrie bij café De Hoek."), False),
        ({"words": ["hond", "kat"]}, about(text="een kat"), True),
        ({"answers": {"brandt": ["nee"]}}, about(answers={"brandt": False}), True),
        ({"answers": {"brandt": ["nee"]}}, about(answers={"brandt": True}), False),
        ({"answers": {"brandt": ["nee"]}}, about(answers={}), False),
        ({"answers": {"soort": ["mast", "kabel"]}}, about(answers={"soort": ["kabel", "kap"]}), True),
        ({"answers": {"aantal": ["3"]}}, about(answers={"aantal": 3.0}), True),
        ({"answers": {"a": ["1"], "b": ["2"]}}, about(answers={"a": "1", "b": "1"}), False),
        ({"weekdays": [1]}, about(), True),
        ({"weekdays": [2]}, about(), False),
        ({"from": "10:30", "until": "10:31"}, about(), True),
        ({"from": "09:00", "until": "10:30"}, about(), False),
        ({"from": "10:31"}, about(), False),
        ({"until": "10:30"}, about(), False),
        ({"types": ["problem"], "words": ["rat"]}, about(), False),
    ],
)
def test_conditions(conditions: dict[str, Any], facts: Facts, expected: bool) -> None:
    assert fits(conditions, facts) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 20, 21, 30, tzinfo=UTC), True),  # Friday 22:30
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), True),  # Saturday 05:59, the night of Friday
        (datetime(2026, 11, 21, 5, 0, tzinfo=UTC), False),  # Saturday 06:00
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), False),  # Friday 04:00, the night of Thursday
        (datetime(2026, 11, 21, 21, 30, tzinfo=UTC), False),  # Saturday 22:30
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: datetime, expected: bool) -> None:
    assert fits({"weekdays": [5], "from": "22:00", "until": "06:00"}, about(at=moment)) is expected


def test_the_time_is_that_of_the_city_also_in_summer() -> None:
    assert fits({"from": "10:00", "until": "11:00"}, about(at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC)))
    assert not fits({"from": "10:00", "until": "11:00"}, about(at=datetime(2026, 12, 1, 8, 30, tzinfo=UTC)))


def _case(uow: UnitOfWork, category: Any, text: str = "", **values: Any) -> Case:
    case = a_case(uow, category, **values)
    a_signal(uow, case, text=text or "Er is iets.")
    return case


def _name(uow: UnitOfWork, case: Case) -> str | None:
    return uow.session.get_one(Organization, case.organization_id).name if case.organization_id else None


def test_the_first_rule_that_fits_decides_then_category_main_category_and_city(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        lights, green, team, trees = (an_organization(uow, name) for name in ("Licht BV", "Groen", "Team", "Bomen"))
        main = a_category(uow, "Openbare ruimte", main=True, organization_id=team.id)
        lamp = a_category(uow, "Lamp", parent=main)
        tree = a_category(uow, "Boom", parent=main, organization_id=trees.id)
        a_rule(uow, green, name="uit", active=False, conditions={"categories": [str(lamp.id)]})
        first = a_rule(uow, lights, conditions={"categories": [str(lamp.id)], "words": ["donker"]}, explanation="Licht BV onderhoudt.")
        a_rule(uow, green, conditions={"categories": [str(main.id)], "words": ["donker", "groen"]})
        routes = {}
        for key, category, text in (("rule", lamp, "Te donker"), ("main", lamp, "Stuk"), ("own", tree, "Stuk"), ("above", tree, "Donker")):
            case = _case(uow, category, text, organization_id=None)
            routes[key] = route_case(uow, case)
            assert case.organization_id == routes[key].organization_id
    assert (routes["rule"].why, routes["rule"].organization_id, routes["rule"].rule_id) == ("rule", lights.id, first.id)
    assert routes["rule"].explanation == (
        "Dit ging naar Licht BV. Het gaat over “Lamp”. Er staan woorden in de melding die daarbij horen. Licht BV onderhoudt."
    )
    assert (routes["main"].why, routes["main"].organization_id) == ("category", team.id)
    assert (routes["own"].why, routes["own"].organization_id) == ("category", trees.id)
    assert routes["above"].organization_id == green.id  # a main category counts for what is under it


def test_nobody_gets_what_no_rule_category_or_setting_names(platform: Platform, set_city: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = _case(uow, a_category(uow))
        assert (route_case(uow, case).why, case.organization_id, case.state) == ("nobody", None, "new")
        city = an_organization(uow, "Gemeente Zoetermeer")
    set_city("Gemeente Zoetermeer")
    with platform.unit_of_work(system("test")) as uow:
        case = uow.session.get_one(Case, case.id)
        route = route_case(uow, case)
        assert (route.why, case.organization_id) == ("city", city.id)
        assert "geen andere organisatie aangewezen" in route.explanation


def test_an_area_counts_for_what_lies_in_it_and_for_its_codes_in_other_years(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        wijk = make_area(uow, "Wijk 1", "wijk")
        buurt = make_area(uow, "Buurt 1", parent_code=wijk.code)
        old = make_area(uow, "Wijk 1", "wijk")
        old.code, old.year, old.valid_until = wijk.code, wijk.year - 2, PartialDate("2023")
        other = make_area(uow, "Buurt 2")
        team = an_organization(uow, "Wijkteam")
        a_rule(uow, team, conditions={"areas": [str(old.id)]})
        category = a_category(uow)
        here, there, nowhere = (_case(uow, category, area_id=area and area.id) for area in (buurt, other, None))
        routes = [route_case(uow, case) for case in (here, there, nowhere)]
    assert [route.organization_id for route in routes] == [team.id, None, None]
    assert "Het is in Buurt 1." in routes[0].explanation


def test_what_was_typed_or_answered_is_never_in_the_explanation(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
        a_rule(uow, team, name="Geheime naam", conditions={"words": ["mishandeling"], "answers": {"wie": ["Piet"]}})
        case = a_case(uow)
        a_signal(uow, case, text="mishandeling bij de buren", answers={"wie": "Piet"})
        route = route_case(uow, case)
    for secret in ("mishandeling", "Piet", "buren", "Geheime"):
        assert secret not in route.explanation
    assert "antwoorden" in route.explanation
    assert "woorden" in route.explanation


@pytest.mark.parametrize("what", ["merged", "ended", "category", "area"])
def test_a_rule_that_names_what_is_gone_switches_itself_off(platform: Platform, actor_as: Any, what: str) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team")
        backup = an_organization(uow, "Achtervang")
        category = a_category(uow, organization_id=backup.id)
        other = a_category(uow, "Anders")
        area = make_area(uow, "Buurt 1")
        wanted = [str(category.id), str(other.id)] if what == "category" else [str(category.id)]
        rule = a_rule(uow, team, conditions={"categories": wanted, **({"areas": [str(area.id)]} if what == "area" else {})})
        case = _case(uow, category, area_id=area.id)
    with platform.unit_of_work(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert route_case(uow, found).organization_id == team.id
        if what == "merged":
            uow.session.get_one(Organization, team.id).state = "merged"
        elif what == "ended":
            uow.session.get_one(Organization, team.id).dissolution_date = PartialDate((uow.now - timedelta(days=400)).strftime("%Y"))
        elif what == "category":
            row = uow.session.get_one(type(other), other.id)
            row.active, row.changed_at = False, uow.now
        else:
            row = uow.session.get_one(Area, area.id)
            row.valid_until, row.updated_at = PartialDate("2025"), uow.now + timedelta(seconds=1)
    with platform.read(actor_as("manager")) as uow:
        decision = explain(uow, facts_of(uow, routing_desk(uow), uow.session.get_one(Case, case.id)))
        assert decision.organization_id == backup.id
        assert uow.session.get_one(Rule, rule.id).active  # looking changes nothing
    with platform.unit_of_work(system("test")) as uow:
        assert route_case(uow, uow.session.get_one(Case, case.id)).organization_id == backup.id
    with platform.unit_of_work(actor_as("manager")) as uow:
        off = uow.session.get_one(Rule, rule.id)
        expected = {"merged": "organization_gone", "ended": "organization_gone"}.get(what, f"{what}_gone")
        assert (off.active, off.problem, off.version) == (False, expected, rule.version + 1)
        assert [task.count for task in problem_tasks(uow)] == [1]
        assert check_rules(uow) == 0
    with platform.read(actor_as("facilitator")) as uow:
        assert problem_tasks(uow) == []


def test_a_rule_gives_the_case_to_a_colleague_while_there_is_one(platform: Platform, actor_as: Any) -> None:
    """Who may not work at it does not get it, nor what is confidential; a rule whose colleague stopped switches itself off."""
    clerk, elsewhere = actor_as("facilitator"), actor_as("facilitator", an_organization(platform, "Elders").id)
    with platform.unit_of_work(system("test")) as uow:
        team, backup = an_organization(uow, "Team"), an_organization(uow, "Achtervang")
        category = a_category(uow, organization_id=backup.id)
        other = a_rule(uow, team, conditions={"types": ["idea"]}, assignee_id=elsewhere.account_id)
        rule = a_rule(uow, team, conditions={"categories": [str(category.id)]}, assignee_id=clerk.account_id)
        cases = [_case(uow, category), _case(uow, category, confidential=True), _case(uow, category, type="idea")]
        for case in cases:
            assert route_case(uow, case).organization_id == team.id
        assert [case.assignee_id for case in cases] == [clerk.account_id, None, None]
    with platform.unit_of_work(actor_as("manager")) as uow:
        set_active(uow, clerk.account_id, active=False, reason="Weg.")
    with platform.unit_of_work(system("test")) as uow:
        late = _case(uow, category)
        assert (route_case(uow, late).organization_id, late.assignee_id) == (backup.id, None)
    with platform.unit_of_work(actor_as("manager")) as uow:
        off = uow.session.get_one(Rule, rule.id)
        assert (off.active, off.problem) == (False, "assignee_gone")
        assert uow.session.get_one(Rule, other.id).active
        with pytest.raises(Invalid):
            switch_rule(uow, rule.id, off.version, active=True)


def _at_desk(uow: UnitOfWork, **values: Any) -> tuple[Case, Organization, Organization]:
    first, second = an_organization(uow, "Eerste"), an_organization(uow, "Tweede")
    category = a_category(uow, organization_id=second.id)
    a_rule(uow, first, conditions={"categories": [str(category.id)]})
    case = _case(uow, category, **values)
    route_case(uow, case)
    return case, first, second


def test_the_wrong_desk_sends_on_to_the_next_and_then_to_triage(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, first, second = _at_desk(uow)
    staff = actor_as("facilitator")
    with platform.unit_of_work(staff) as uow:
        row = uow.session.get_one(Case, case.id)
        row.state, row.assignee_id = "in_progress", staff.account_id
        uow.session.flush()
        route = send_back(uow, case.id, SendBack(reason="Wij doen alleen masten.", to="next", version=row.version))
        assert (route.why, route.from_organization_id, route.organization_id) == ("wrong_desk", first.id, second.id)
        assert route.explanation.startswith("Eerste gaat hier niet over. Dit ging naar Tweede.")
        assert "masten" not in route.explanation
        assert (row.organization_id, row.state, row.assignee_id) == (second.id, "assigned", None)
        assert uow.session.execute(select(Note.text).where(Note.case_id == case.id)).scalars().all() == ["Wij doen alleen masten."]
    with platform.unit_of_work(staff) as uow:
        row = uow.session.get_one(Case, case.id)
        route = send_back(uow, case.id, SendBack(reason="Wij ook niet.", to="next", version=row.version))
        assert (row.organization_id, row.state) == (None, "triaged")
        assert route.explanation == "Tweede gaat hier niet over. Een medewerker zoekt uit wie dit oppakt."


def test_the_wrong_desk_needs_a_reason_the_right_and_an_open_case_that_nobody_changed(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, _first, _second = _at_desk(uow)
        closed, _a, _b = _at_desk(uow)
        closed.state = "resolved"
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        version = uow.session.get_one(Case, case.id).version
        with pytest.raises(Invalid):
            send_back(uow, case.id, SendBack(reason="  ", version=version))
        with pytest.raises(Conflict):
            send_back(uow, case.id, SendBack(reason="Niet van ons", version=version + 1))
        with pytest.raises(Conflict):
            send_back(uow, closed.id, SendBack(reason="Niet van ons", version=uow.session.get_one(Case, closed.id).version))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        send_back(uow, case.id, SendBack(reason="Niet van ons", version=version))


def test_a_case_is_handed_over_by_hand(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, first, second = _at_desk(uow)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        row = uow.session.get_one(Case, case.id)
        with pytest.raises(Invalid):
            hand_over(uow, case.id, HandOver(organization_id=first.id, version=row.version))
        with pytest.raises(Invalid):
            hand_over(uow, case.id, HandOver(organization_id=case.id, version=row.version))
        route = hand_over(uow, case.id, HandOver(organization_id=second.id, version=row.version, reason="Afgesproken"))
        assert (route.why, row.organization_id, row.state) == ("hand", second.id, "assigned")
        assert route.explanation == "Een medewerker stuurde dit naar Tweede."


def test_another_category_lets_the_rules_decide_again(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, first, _second = _at_desk(uow)
        third = an_organization(uow, "Derde")
        other = a_category(uow, "Iets anders", organization_id=third.id)
        case.state = "in_progress"
        assert reroute_case(uow, case) is None
        case.category_id = other.id
        route = reroute_case(uow, case)
        assert route is not None
        assert (route.why, case.organization_id, case.state) == ("category", third.id, "assigned")
        case.state, case.category_id = "resolved", a_category(uow, "Nog iets").id
        assert reroute_case(uow, case) is None
        assert [row.organization_id for row in uow.session.execute(select(Route).order_by(Route.at, Route.id)).scalars()] == [
            first.id,
            third.id,
        ]


@pytest.mark.parametrize(
    ("came_from", "to", "back_to"), [("planned", True, "assigned"), ("in_progress", False, "triaged"), ("new", False, "new")]
)
def test_a_case_that_waits_goes_on_waiting_elsewhere(platform: Platform, came_from: str, to: bool, back_to: str) -> None:
    """Its clock stands still, and it comes back to where another organisation begins."""
    with platform.unit_of_work(system("test")) as uow:
        case, _first, _second = _at_desk(uow)
        third = an_organization(uow, "Derde") if to else None
        case.state, case.came_from, case.waiting_since = "awaiting_reporter", came_from, uow.now
        case.planned_on = uow.now.date() if came_from == "planned" else None
        case.category_id = a_category(uow, "Iets anders", organization_id=third.id if third else None).id
        assert reroute_case(uow, case) is not None
        assert (case.state, case.came_from, case.planned_on) == ("awaiting_reporter", back_to, None)
        assert go_back(uow, case.id)
        assert (case.state, case.waiting_since) == (back_to, None)


def test_a_request_to_reopen_is_decided_before_anything_else(platform: Platform) -> None:
    """No desk lets go of it unanswered, and no rule takes it away."""
    with platform.unit_of_work(system("test")) as uow:
        case, _first, second = _at_desk(uow)
        case.state, case.ended_as, case.closed_at = "reopening_requested", "resolved", uow.now
        with pytest.raises(Conflict):
            send_back(uow, case.id, SendBack(reason="Niet van ons", version=case.version))
        with pytest.raises(Conflict):
            hand_over(uow, case.id, HandOver(organization_id=second.id, version=case.version))
        case.category_id = a_category(uow, "Iets anders").id
        assert reroute_case(uow, case) is not None
        assert (case.organization_id, case.state) == (None, "reopening_requested")


def test_the_rule_gives_priority(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        a_rule(uow, conditions={"categories": [str(category.id)]}, priority="high")
        case = _case(uow, category)
        route_case(uow, case)
        assert case.priority == "high"


def test_routing_costs_few_statements(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, _first, _second = _at_desk(uow)
    with platform.unit_of_work(system("test")) as uow:
        route_case(uow, uow.session.get_one(Case, case.id))
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text)

    with platform.unit_of_work(system("test")) as uow:
        row = uow.session.get_one(Case, case.id)
        event.listen(platform.engine, "before_cursor_execute", note)
        route_case(uow, row)
        uow.session.flush()
        event.remove(platform.engine, "before_cursor_execute", note)
    assert len(seen) <= 4, seen  # the rules, the categories, the signal, the route
