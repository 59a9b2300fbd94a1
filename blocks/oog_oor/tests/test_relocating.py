"""Another category or place for a case, and who gets it then; and the same acts over REST."""

from __future__ import annotations

from typing import Any

import pytest

from citycontent.testing import make_area
from samen_core.api import Invalid, NotAllowed, Platform, system
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.schemas.relocating import Relocate
from samen_oog_oor.services.relocating import relocate
from samen_oog_oor.services.routing import route_case
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

API = "/api/v1/oog-oor"


def test_another_category_brings_title_level_and_organization(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        lights, parks = an_organization(uow, "Licht"), an_organization(uow, "Groen")
        lamp = a_category(uow, "Lamp", publication="full", organization_id=lights.id)
        tree = a_category(uow, "Boom", publication="point", organization_id=parks.id)
        secret = a_category(uow, "Zorg", publication="count", confidential=True)
        area = make_area(uow, "Centrum")
        case = a_case(uow, lamp, title="Lamp, Centrum", area_id=area.id)
        chosen = a_case(uow, lamp, title="Wat staff schreef", publication="count")
        for one in (case, chosen):
            a_signal(uow, one)
            route_case(uow, one)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        row = relocate(uow, case.id, Relocate(category_id=tree.id, version=uow.session.get_one(Case, case.id).version))
        assert (row.title, row.publication, row.organization_id, row.confidential) == ("Boom, Centrum", "point", parks.id, False)
        row = relocate(uow, chosen.id, Relocate(category_id=tree.id, reroute=False, version=uow.session.get_one(Case, chosen.id).version))
        assert (row.title, row.publication, row.organization_id) == ("Wat staff schreef", "count", lights.id)
    with platform.unit_of_work(actor_as("manager")) as uow:
        row = relocate(uow, case.id, Relocate(category_id=secret.id, version=uow.session.get_one(Case, case.id).version))
        assert (row.publication, row.confidential) == ("count", True)
        row = relocate(uow, case.id, Relocate(category_id=tree.id, version=row.version))
        assert row.confidential


def test_another_place_lets_the_rules_decide_again(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team, other = an_organization(uow, "Team"), an_organization(uow, "Wijk 2")
        here, there = make_area(uow, "Hier"), make_area(uow, "Daar")
        category = a_category(uow, organization_id=team.id)
        a_rule(uow, other, conditions={"areas": [str(there.id)]})
        case = a_case(uow, category, area_id=here.id)
        a_signal(uow, case)
        route_case(uow, case)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        version = uow.session.get_one(Case, case.id).version
        with pytest.raises(Invalid) as caught:
            relocate(uow, case.id, Relocate(category_id=category.parent_id or category.id, lat=1.0, lon=1.0, version=version))
        assert set(caught.value.errors) == {"category_id", "postcode"}
        row = relocate(uow, case.id, Relocate(category_id=category.id, area_id=there.id, version=version))
        assert (row.area_id, row.organization_id) == (there.id, other.id)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        relocate(uow, case.id, Relocate(category_id=category.id, version=row.version))


def test_the_page_that_does_it(platform: Platform, as_role: Any) -> None:
    from samen_core.testing.visitors import send_form

    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        a_signal(uow, case)
        other = a_category(uow, "Iets anders")
    officer = as_role("facilitator")
    path = paths.work(case.number, "categorie-en-plek")
    assert send_form(officer, path, postcode="nee").status_code == 400
    assert send_form(officer, path, category_id=str(other.id)).status_code == 303
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).category_id == other.id
