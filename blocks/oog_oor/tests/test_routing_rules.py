"""Rules as a manager keeps them: making, ordering, trying, replaying; and that what decides is what an independent reading says."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from citycontent.api import AreaRow, AreaTree, Organization
from samen_core.api import Conflict, Invalid, NotAllowed, NotFound, Platform, load, parse, system
from samen_core.db.changes import Change
from samen_oog_oor.deciding import Facts
from samen_oog_oor.models import Route, Rule
from samen_oog_oor.queries.categories import CategoryTree
from samen_oog_oor.queries.routing import Desk, OrganizationView, RuleView
from samen_oog_oor.schemas.routing import MoveRule, OrderRules, SaveRule, SaveRuleSchema, TryRules
from samen_oog_oor.services.routing import decide, route_case
from samen_oog_oor.services.routing_rules import (
    create_rule,
    delete_rule,
    find_rule,
    list_rules,
    move_rule,
    order_rules,
    replay,
    switch_rule,
    try_rules,
    update_rule,
)
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

IDS = [uuid.UUID(int=number) for number in range(1, 20)]
ORGANIZATIONS, MAINS, SUBS, AREAS = IDS[:4], IDS[4:6], IDS[6:10], IDS[10:14]
"""Two main categories with two under each; a wijk (the first area) with two buurten, and one outside it."""
DAY = date(2026, 11, 20)
WORDS = ("rat", "ratten", "lamp", "café", "de hoek", "donker")


def _desk(rules: list[RuleView], owners: dict[uuid.UUID, uuid.UUID | None], gone: set[uuid.UUID], city: uuid.UUID | None) -> Desk:
    def category(id: uuid.UUID, parent: uuid.UUID | None) -> Any:
        return SimpleNamespace(id=id, parent_id=parent, code=str(id), active=True, organization_id=owners.get(id))

    def area(index: int, kind: str, parent: uuid.UUID | None) -> AreaRow:
        id = AREAS[index]
        return AreaRow(id, f"a{index}", f"{kind}{index}", 2026, f"Gebied {index}", f"gebied {index}", kind, parent, 0, 0, 1, None, None)

    tree = CategoryTree([category(id, None) for id in MAINS] + [category(id, MAINS[at // 2]) for at, id in enumerate(SUBS)])
    areas = AreaTree([area(0, "wijk", None), area(1, "buurt", AREAS[0]), area(2, "buurt", AREAS[0]), area(3, "buurt", None)])
    named = {id: OrganizationView(id, str(id), str(id), "merged" if id in gone else "active", None) for id in ORGANIZATIONS}
    return Desk(tuple(rules), named, city, tree, areas)


def _one_of(values: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


clocks = st.sampled_from(["", "00:00", "06:00", "12:30", "22:00", "23:59"])
conditions = st.fixed_dictionaries(
    {},
    optional={
        "categories": _one_of([str(id) for id in (*MAINS, *SUBS)]),
        "areas": _one_of([str(id) for id in AREAS]),
        "types": _one_of(["problem", "idea"]),
        "answers": st.dictionaries(st.sampled_from(["q", "r"]), st.lists(st.sampled_from(["ja", "nee", "3", "mast"]), min_size=1)),
        "words": _one_of([*WORDS, "rat*"]),
        "weekdays": _one_of([1, 2, 3, 4, 5, 6, 7]),
        "from": clocks,
        "until": clocks,
    },
)
rules = st.lists(st.tuples(conditions, st.sampled_from(ORGANIZATIONS), st.booleans()), max_size=5)
answers = st.dictionaries(st.sampled_from(["q", "r"]), st.sampled_from([True, False, 3, "mast", ["mast", "x"], None]))
moments = st.integers(0, 14_000).map(lambda minutes: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=minutes))
"""Also around the night in which the clock goes forward."""


def _reads(wanted: dict[str, Any], case: dict[str, Any]) -> bool:
    """The conditions read again in another way: sets of everything that would do."""
    parents = {SUBS[at]: MAINS[at // 2] for at in range(4)}
    inside = {AREAS[1]: AREAS[0], AREAS[2]: AREAS[0]}
    for key, id, up in (("categories", case["category"], parents), ("areas", case["area"], inside)):
        if wanted.get(key) and not {str(id), str(up.get(id))} & set(wanted[key]):
            return False
    if wanted.get("types") and case["type"] not in wanted["types"]:
        return False
    said = {True: ["ja"], False: ["nee"], None: [], 3: ["3"]}
    for question, values in (wanted.get("answers") or {}).items():
        answer = case["answers"].get(question)
        given_ = answer if isinstance(answer, list) else said[answer] if answer in (True, False, None, 3) else [answer]
        if not set(values) & set(given_):
            return False
    if wanted.get("words"):
        text = case["text"].lower().replace("é", "e")
        found = [re.search(rf"\b{re.escape(word.rstrip('*').replace('é', 'e'))}{'' if word.endswith('*') else chr(92) + 'b'}", text)
                 for word in wanted["words"]]  # fmt: skip
        if not any(found):
            return False
    days, start, end = set(wanted.get("weekdays") or range(1, 8)), wanted.get("from") or "00:00", wanted.get("until") or "24:00"
    if not wanted.get("from") or not wanted.get("until") or start <= end:
        windows = [(0, start, end)]
    else:
        windows = [(0, start, "24:00"), (1, "00:00", end)]
    local = case["at"].astimezone(ZoneInfo("Europe/Amsterdam"))
    clock = f"{local.hour:02}:{local.minute:02}"
    return any((local - timedelta(days=back)).isoweekday() in days and low <= clock < high for back, low, high in windows)


@settings(max_examples=300, deadline=None)
@given(
    rules,
    st.sampled_from([*SUBS, None]),
    st.sampled_from([*AREAS, None]),
    st.sampled_from(["problem", "idea"]),
    st.lists(st.sampled_from([*WORDS, "en", "weer"]), max_size=4).map(" ".join),
    answers,
    moments,
    st.dictionaries(st.sampled_from([*MAINS, *SUBS]), st.sampled_from([*ORGANIZATIONS, None])),
    st.sets(st.sampled_from(ORGANIZATIONS)),
    st.sampled_from([*ORGANIZATIONS, None]),
)
def test_what_decides_is_what_an_independent_reading_says(
    made: Any, category: Any, area: Any, kind: str, text: str, given_answers: Any, at: Any, owners: Any, gone: Any, city: Any
) -> None:
    views = [
        RuleView(uuid.UUID(int=100 + index), 1, index, f"r{index}", "", wanted, to, None, None, active, "", None)
        for index, (wanted, to, active) in enumerate(made)
    ]
    desk = _desk(views, owners, gone, city)
    facts = Facts(
        category_id=category,
        categories=desk.above(category),
        area_id=area,
        areas=desk.around(area),
        type=kind,
        text=text,
        answers=given_answers,
        at=at,
    )
    case = {"category": category, "area": area, "type": kind, "text": text, "answers": given_answers, "at": at}
    reading = [_reads(rule.conditions, case) for rule in views]
    first = next(
        (rule for rule, fits in zip(views, reading, strict=True) if fits and rule.active and rule.organization_id not in gone), None
    )
    if first is not None:
        expected: Any = (first, first.organization_id, "rule")
    else:
        above = [category, MAINS[SUBS.index(category) // 2]] if category else []
        owner = next((owners[id] for id in above if owners.get(id) and owners[id] not in gone), None)
        last = (city, "city") if city and city not in gone else (None, "nobody")
        expected = (None, owner, "category") if owner else (None, *last)
    short, whole = decide(desk, facts, DAY), decide(desk, facts, DAY, every=True)
    assert (whole.rule, whole.organization_id, whole.why) == (short.rule, short.organization_id, short.why) == expected
    assert [tried.fits for tried in whole.tried] == reading
    assert all(tried.fits == all(check.fits for check in tried.because) for tried in whole.tried)


def save(organization: Organization, **values: Any) -> SaveRule:
    return SaveRule(**{"name": "Regel", "organization_id": organization.id, "types": ("idea",), **values})


def test_a_manager_makes_changes_switches_and_deletes_rules(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
    manager = actor_as("manager")
    with platform.unit_of_work(manager) as uow:
        id = create_rule(uow, save(team, words=("rat",), start="22:00", end="06:00")).id
    with platform.unit_of_work(manager) as uow:
        rule = find_rule(uow, id)
        assert rule.conditions == {"types": ["idea"], "words": ["rat"], "from": "22:00", "until": "06:00"}
        update_rule(uow, id, save(team, name="Ideeën", version=rule.version))
    with platform.unit_of_work(manager) as uow:
        with pytest.raises(Conflict) as caught:
            update_rule(uow, id, save(team, name="Te laat", version=rule.version))
        assert caught.value.current["name"] == "Ideeën"
        rule = find_rule(uow, id)
        switch_rule(uow, id, rule.version, active=False)
    with platform.unit_of_work(manager) as uow:
        assert not find_rule(uow, id).active
        case = a_case(uow)
        uow.session.add(Route(id=uuid.uuid4(), case_id=case.id, at=uow.now, why="rule", rule_id=id))
        uow.session.flush()
        delete_rule(uow, id, find_rule(uow, id).version)
        with pytest.raises(NotFound):
            find_rule(uow, id)
    with platform.unit_of_work(manager) as uow:
        assert uow.session.execute(select(Route.rule_id)).scalars().all() == [None]
        acts = uow.session.execute(select(Change.action).where(Change.action.like("oog_oor.rule.%")).order_by(Change.seq)).scalars().all()
        assert acts == ["oog_oor.rule.created", "oog_oor.rule.changed", "oog_oor.rule.switched", "oog_oor.rule.deleted"]


def test_only_a_manager_sees_or_keeps_rules(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
        rule = a_rule(uow, team)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        for act in (
            lambda: list_rules(uow),
            lambda: create_rule(uow, save(team)),
            lambda: update_rule(uow, rule.id, save(team)),
            lambda: switch_rule(uow, rule.id, 1, active=False),
            lambda: delete_rule(uow, rule.id, 1),
            lambda: order_rules(uow, OrderRules(order=(rule.id,))),
            lambda: try_rules(uow, TryRules()),
            lambda: replay(uow, save(team)),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_order_is_changed_by_one_place_or_whole(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
        a, b, c = (a_rule(uow, team, name=name).id for name in "abc")
    with platform.unit_of_work(actor_as("manager")) as uow:
        move_rule(uow, c, MoveRule(direction="up"))
        move_rule(uow, a, MoveRule(direction="up"))  # it is the first already
        assert [rule.name for rule in list_rules(uow)] == ["a", "c", "b"]
        order_rules(uow, OrderRules(order=(b, a, c)))
        assert [rule.name for rule in list_rules(uow)] == ["b", "a", "c"]
        for wrong in ((a, b), (a, b, c, c), (a, b, uuid.uuid4())):
            with pytest.raises(Conflict):
                order_rules(uow, OrderRules(order=wrong))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "categories"),
        ({"types": ["nothing"]}, "types"),
        ({"weekdays": ["8"]}, "weekdays"),
        ({"start": "25:00"}, "start"),
        ({"start": "10:00", "end": "10.00"}, "end"),
        ({"words": "!!"}, "words"),
        ({"answers": "brandt"}, "answers"),
        ({"answers": {"Q?": ["x"]}}, "answers"),
        ({"categories": ["no id"]}, "categories"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(values: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(SaveRuleSchema(), {"name": "Regel", "organization_id": str(uuid.uuid4()), **values})
    assert any(key.split(".")[0] == field for key in caught.value.errors), caught.value.errors


def test_what_a_form_sends_becomes_conditions() -> None:
    typed = {"name": "R", "organization_id": str(IDS[0]), "words": "rat*\nmuis, vlo", "answers": "soort = lamp | mast\nbrandt=nee"}
    command = parse(SaveRuleSchema, MultiDict([*typed.items(), ("start", "9.30"), ("weekdays", "7"), ("weekdays", "6")]))
    assert command.conditions == {
        "words": ["rat*", "muis", "vlo"],
        "answers": {"soort": ["lamp", "mast"], "brandt": ["nee"]},
        "weekdays": [6, 7],
        "from": "09:30",
    }


def test_a_rule_cannot_name_what_is_not_there(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
        off = a_category(uow, active=False)
    with platform.unit_of_work(actor_as("manager")) as uow:
        with pytest.raises(Invalid) as caught:
            create_rule(uow, SaveRule(name="x", organization_id=uuid.uuid4(), categories=(off.id,), areas=(uuid.uuid4(),)))
        assert set(caught.value.errors) == {"organization_id", "categories", "areas"}
        rule = uow.session.get_one(Rule, a_rule(uow, team, active=False, conditions={"categories": [str(off.id)]}).id)
        with pytest.raises(Invalid):
            switch_rule(uow, rule.id, rule.version, active=True)


def test_the_bench_tells_of_every_rule_whether_it_fits(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow)
        a_rule(uow, team, name="nacht", conditions={"from": "22:00", "until": "06:00", "weekdays": [5]})
        chosen = a_rule(uow, team, name="rat", conditions={"words": ["rat"]})
        a_rule(uow, team, name="uit", active=False, conditions={"words": ["rat"]})
        case = a_case(uow)
        a_signal(uow, case, text="een rat")
    with platform.read(actor_as("manager")) as uow:
        for command in (TryRules(text="Een rat", day=2, clock="12:00"), TryRules(number=case.number, text="telt niet")):
            _facts, decision = try_rules(uow, command)
            assert decision.rule is not None
            assert decision.rule.id == chosen.id
            assert [tried.fits for tried in decision.tried] == [False, True, True]
        _facts, decision = try_rules(uow, TryRules(text="Een rat", day=6, clock="05:59"))
        assert decision.rule is not None
        assert decision.rule.name == "nacht"
        with pytest.raises(Invalid):
            try_rules(uow, TryRules(number="2020-1"))


def test_a_replay_lists_what_would_go_elsewhere_and_writes_nothing(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team, pests = an_organization(uow, "Team"), an_organization(uow, "Plaagdieren")
        category = a_category(uow, organization_id=team.id)
        texts = {"rat": 1, "lamp": 2, "rat en lamp": 3, "oude rat": 60}
        made = {}
        for text, days in texts.items():
            case = a_case(uow, category, reported_at=uow.now - timedelta(days=days), title=text)
            a_signal(uow, case, text=text, at=case.reported_at)
            made[text] = case
        hidden = a_case(uow, category, confidential=True, title="vertrouwelijk")
        a_signal(uow, hidden, text="rat")
        for case in made.values():
            route_case(uow, case)
    with platform.read(actor_as("manager")) as uow:
        found = replay(uow, save(pests, types=(), words=("rat",)))
        assert (found.looked_at, found.fitting, found.cut) == (4, 3, False)
        assert [one.title for one in found.moved] == ["vertrouwelijk", "rat", "rat en lamp"]
        assert {(one.before.name, one.after.name) for one in found.moved if one.before and one.after} == {("Team", "Plaagdieren")}
        assert list_rules(uow) == ()
        assert replay(uow, save(pests, types=(), words=("rat",), active=False)).moved == ()
    with platform.unit_of_work(system("test")) as uow:
        rule = a_rule(uow, pests, conditions={"words": ["rat"]})
    with platform.read(actor_as("manager")) as uow:
        found = replay(uow, save(pests, types=(), words=("lamp",)), rule.id)
        assert [(one.title, one.before and one.before.name) for one in found.moved] == [
            ("vertrouwelijk", "Plaagdieren"),
            ("rat", "Plaagdieren"),
            ("lamp", "Team"),
        ]
