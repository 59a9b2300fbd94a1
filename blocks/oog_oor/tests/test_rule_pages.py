"""The pages of the rules: list, form with replay, test bench; and the wrong desk on a case."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.api import Platform, system
from samen_core.testing.visitors import send_form
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Note, Rule
from samen_oog_oor.services.routing import route_case
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

# What differs by database is tried in test_routing.py and test_routing_rules.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def sent(client: Any, path: str, values: dict[str, Any], page: str = "") -> Any:
    """Send a form with the token of a page with one."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page or f"{paths.RULES}/nieuw").text)
    tokens = {"csrf_token": token[1]} if token else {}
    return client.post(path, data={**tokens, **values}, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def manager(as_role: Any) -> Any:
    return as_role("manager")


def test_the_rules_are_listed_in_their_order_and_moved_with_buttons(platform: Platform, manager: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team Groen")
        category = a_category(uow, "Bomen")
        a_rule(uow, team, name="Eerste", conditions={"categories": [str(category.id)], "weekdays": [1, 2], "from": "22:00"})
        second = a_rule(uow, team, name="Tweede", active=False, problem="area_gone", conditions={"words": ["rat"]})
    page = manager.get(paths.RULES).text
    assert page.index("Eerste") < page.index("Tweede")
    for shown in ("Team Groen", "Bomen", "maandag of dinsdag, vanaf 22:00", "heeft zichzelf uitgezet", "gebied uit deze regel"):
        assert shown in page
    assert sent(manager, f"{paths.RULES}/{second.id}/verplaatsen", {"direction": "up"}).status_code == 303
    page = manager.get(paths.RULES).text
    assert page.index("Tweede") < page.index("Eerste")


def test_a_rule_is_made_replayed_and_saved_with_what_was_typed(platform: Platform, manager: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team")
        an_organization(uow, "Plaagdieren")
        category = a_category(uow, "Overlast", organization_id=team.id)
        case = a_case(uow, category, reported_at=uow.now - timedelta(days=2))
        a_signal(uow, case, text="een rat", at=case.reported_at)
    typed = {
        "name": "Ratten",
        "organization_id": "Plaagdieren",
        "words": "rat*",
        "active": "true",
        "weekdays": ["1", "2", "3", "4", "5", "6", "7"],
    }
    answer = sent(manager, f"{paths.RULES}/nieuw", {**typed, "replay": "1"})
    assert answer.status_code == 200
    for shown in ("De regel past bij 1 zaak", "van de 1 die", case.number, 'value="Ratten"', "rat*", "nog niet bewaard"):
        assert shown in answer.text, shown
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Rule)).first() is None
    assert sent(manager, f"{paths.RULES}/nieuw", typed).status_code == 303
    with platform.read(system("test")) as uow:
        rule = uow.session.execute(select(Rule)).scalar_one()
    assert rule.conditions == {"words": ["rat*"], "weekdays": [1, 2, 3, 4, 5, 6, 7]}
    page = manager.get(f"{paths.RULES}/{rule.id}").text
    assert 'value="Plaagdieren"' in page
    assert page.count(" checked") == 8
    stale = sent(manager, f"{paths.RULES}/{rule.id}", {**typed, "name": "Muizen", "version": "7"})
    assert stale.status_code == 409
    assert "Muizen" in stale.text
    assert sent(manager, f"{paths.RULES}/{rule.id}", {**typed, "name": "Muizen", "version": "1"}).status_code == 303
    assert sent(manager, f"{paths.RULES}/{rule.id}/schakelen", {"active": "false", "version": "2"}).status_code == 303
    assert ">Uit<" in manager.get(paths.RULES).text
    assert manager.get(f"{paths.RULES}/{rule.id}/weg").status_code == 200
    assert sent(manager, f"{paths.RULES}/{rule.id}/weg", {"version": "3"}).status_code == 303
    assert "nog geen regels" in manager.get(paths.RULES).text


def test_mistakes_in_a_rule_are_all_told_at_once(manager: Any) -> None:
    answer = sent(manager, f"{paths.RULES}/nieuw", {"organization_id": "Onbekend", "start": "nooit"})
    assert answer.status_code == 400
    for shown in ("Wij kennen geen organisatie", "Vul een tijd in"):
        assert shown in answer.text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_bench_shows_which_rule_decides_and_why(platform: Platform, manager: Any, prefix: str) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team")
        a_rule(uow, team, name="Ideeën", conditions={"types": ["idea"]})
        a_rule(uow, team, name="Ratten", conditions={"words": ["rat"], "answers": {"hoeveel": ["veel"]}})
    bench = f"{prefix}{paths.RULES}/proef"
    assert manager.get(bench).status_code == 200
    answer = sent(manager, bench, {"type": "problem", "text": "Een rat <b>", "answers": "hoeveel = veel"})
    assert answer.status_code == 200
    assert answer.text.count("oog-rule--decides") == 1
    assert "Een rat &lt;b&gt;" in answer.text
    if not prefix:
        for shown in ("Dit gaat naar Team", "“Ratten” past als eerste", "Past niet", "Gevraagd: Idee. Dit is: Probleem."):
            assert shown in answer.text, shown
    assert sent(manager, bench, {"number": "1999-1"}).status_code == 400


def test_only_a_manager_sees_the_rules(client: Any, as_role: Any) -> None:
    for path in (paths.RULES, f"{paths.RULES}/nieuw", f"{paths.RULES}/proef"):
        assert as_role("facilitator").get(path).status_code == 403
        assert client.get(path).status_code in (302, 303, 401)


def test_an_officer_says_that_a_case_is_at_the_wrong_desk(platform: Platform, as_role: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team")
        other = an_organization(uow, "Ander")
        case = a_case(uow, a_category(uow, organization_id=team.id))
        a_signal(uow, case)
        route_case(uow, case)
    officer = as_role("facilitator")
    path = paths.work(case.number, "verkeerd-bureau")
    assert officer.get(path).status_code == 200
    assert sent(officer, path, {"to": "triage", "version": case.version}, path).status_code == 400
    assert sent(officer, path, {"to": "triage", "reason": "Niet van ons", "version": case.version}, path).status_code == 303
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.organization_id, found.state) == (None, "triaged")
    path = paths.work(case.number, "overdragen")
    assert officer.get(path).status_code == 200
    assert sent(officer, path, {"organization_id": "Ander", "version": found.version}, path).status_code == 303
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).organization_id == other.id
    page, tap = paths.work(case.number), paths.work(case.number, "verkeerd-bureau/meteen")
    assert send_form(officer, tap, page=page).status_code == 303, "in one tap"
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.organization_id, found.state) == (None, "triaged")
        notes = uow.session.execute(select(Note.text).where(Note.case_id == case.id).order_by(Note.at)).scalars().all()
        assert notes == ["Niet van ons", "Verkeerd bureau: dit hoort niet bij ons."]
    assert tap not in officer.get(page).text, "nobody has it"


def test_a_rule_keeps_what_was_switched_off_until_somebody_takes_it_away(platform: Platform, manager: Any, actor_as: Any) -> None:
    # Without the box of the category, saving the form would leave a rule for every case of the city.
    left = actor_as("resident").account_id
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team Groen")
        category = a_category(uow, "Bomen", active=False)
        gone = str(uuid.uuid4())
        conditions = {"categories": [str(category.id)], "areas": [gone]}
        rule = a_rule(uow, team, active=False, problem="category_gone", assignee_id=left, conditions=conditions)
    page = manager.get(f"{paths.RULES}/{rule.id}").text
    assert re.search(rf'value="{left}" selected[^>]*>een collega die geen meldingen meer behandelt<', page)
    for value in (str(category.id), gone):
        assert re.search(rf'value="{value}" checked', page)
    assert "Bomen (staat uit)" in page
    typed = {"name": "Groen", "organization_id": "Team Groen", "categories": str(category.id), "active": "true", "version": "1"}
    typed |= {"assignee_id": str(left)}
    answer = sent(manager, f"{paths.RULES}/{rule.id}", typed)
    assert "Deze collega behandelt geen meldingen." in answer.text, "not dropped without a word"
    assert answer.status_code == 400
    assert "er niet meer of staat uit" in answer.text
    assert re.search(rf'value="{category.id}" checked', answer.text)


def test_the_form_of_a_rule_is_folded_by_main_category_and_names_what_was_picked(platform: Platform, manager: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = an_organization(uow, "Team Groen")
        green = a_category(uow, "Groen", main=True)
        trees, _hedges = (a_category(uow, name, parent=green) for name in ("Bomen", "Heggen"))
        a_category(uow, "Lampen", parent=a_category(uow, "Licht", main=True))
        rule = a_rule(uow, team, conditions={"categories": [str(trees.id)]})
    page = manager.get(f"{paths.RULES}/{rule.id}").text
    folds = re.findall(r"<details[^>]*data-choices[^>]*>\s*<summary[^>]*>(.*?)</summary>", page, re.DOTALL)
    said = [" ".join(re.sub(r"<[^>]+>", " ", fold).split()) for fold in folds]
    assert said == ["Groen gekozen: Bomen", "Licht"]
    assert page.count("Groen: alles") == 1
