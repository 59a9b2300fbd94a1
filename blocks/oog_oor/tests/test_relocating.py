"""Another category or place for a case, and who gets it then; and the same acts over REST."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from citycontent.testing import make_area
from samen_core.api import Invalid, NotAllowed, Platform, system
from samen_core.platform import utc_now
from samen_core.testing.platforms import Clock, Outbox
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Category
from samen_oog_oor.schemas.relocating import Relocate
from samen_oog_oor.schemas.routing import HandOver
from samen_oog_oor.services.deadlines import give_promise
from samen_oog_oor.services.relocating import relocate
from samen_oog_oor.services.routing import hand_over, route_case
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal, an_organization

API = "/api/v1/oog-oor"


def set_clock(clock: Clock, moment: str) -> None:
    """Let it be this moment."""
    clock.shift = datetime.fromisoformat(moment) - utc_now()


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


def test_another_category_promises_its_own_day_and_the_reporter_hears_it(platform: Platform, clock: Clock, outbox: Outbox) -> None:
    """Counted from when it came in, with what it waited; never a day that is over."""
    set_clock(clock, "2026-03-02T10:00+00:00")
    with platform.unit_of_work(system("test")) as uow:
        five, ten, two = (a_category(uow, f"Binnen {n}", term_days=n) for n in (5, 10, 2))
        case = a_case(uow, five)
        a_signal(uow, case)
        give_promise(uow, case)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Category, five.id).term_days = 7
    days = []
    for moment, category in (("2026-03-04T10:00+00:00", ten), ("2026-03-05T10:00+00:00", two), ("2026-03-16T10:00+00:00", five)):
        set_clock(clock, moment)
        with platform.unit_of_work(system("test")) as uow:
            row = uow.session.get_one(Case, case.id)
            days.append(relocate(uow, case.id, Relocate(category_id=category.id, version=row.version)).promised_on)
    assert days == [date(2026, 3, 16), date(2026, 3, 6), date(2026, 3, 13)], "ten days; the next working day; seven from the first"
    assert ["16 maart 2026" in mail.text for mail in outbox.mails()] == [True, False, False]
    assert all("een andere termijn" in mail.text for mail in outbox.mails())


def test_a_category_with_the_same_term_is_no_news(platform: Platform, outbox: Outbox) -> None:
    """Nor is one for a case that is closed: what was promised then is over."""
    with platform.unit_of_work(system("test")) as uow:
        lamp, same, longer = a_category(uow, term_days=5), a_category(uow, "Ook vijf", term_days=5), a_category(uow, "Tien", term_days=10)
        running, closed = a_case(uow, lamp), a_case(uow, lamp, state="resolved", promised_on=date(2026, 3, 9))
        for case in (running, closed):
            a_signal(uow, case)
        give_promise(uow, running)
        uow.session.flush()
        relocate(uow, running.id, Relocate(category_id=same.id, version=running.version))
        relocate(uow, closed.id, Relocate(category_id=longer.id, version=closed.version))
        assert closed.promised_on == date(2026, 3, 9)
    assert outbox.mails() == []


def test_what_was_handed_over_stays_where_the_rules_say_nothing_new(platform: Platform) -> None:
    """A better address does not send a case back to the desk that it came from."""
    with platform.unit_of_work(system("test")) as uow:
        team, other = an_organization(uow, "Team"), an_organization(uow, "Wie het doet")
        category = a_category(uow, organization_id=team.id)
        area = make_area(uow, "Hier")
        case = a_case(uow, category)
        a_signal(uow, case)
        route_case(uow, case)
        hand_over(uow, case.id, HandOver(organization_id=other.id, version=case.version))
        relocate(uow, case.id, Relocate(category_id=category.id, area_id=area.id, version=case.version))
        assert (case.area_id, case.organization_id) == (area.id, other.id)
