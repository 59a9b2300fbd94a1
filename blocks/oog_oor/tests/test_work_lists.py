"""The list of the desk on both databases: its filters, what is searched, and its orders."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.events.worker import Worker
from samen_oog_oor import paths, testing
from samen_oog_oor.models import Case, Category
from samen_oog_oor.queries.work import ORDERS
from samen_oog_oor.services.reminders import VERY_LATE

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]


def titles(html: str) -> list[str]:
    return re.findall(r'samen-rows__title"><a[^>]*>([^<]+)', html)


def test_the_list_is_narrowed_by_each_filter(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        team = testing.an_organization(uow, "Groenbeheer")
        lamp, tree = testing.a_category(uow, "Lampen", code="lampen"), testing.a_category(uow, "Bomen", code="bomen")
        testing.a_signal(uow, testing.a_case(uow, lamp, title="Lamp stuk", area_id=area.id, priority="high"), text="Het flikkert raar.")
        late = {"promised_on": (uow.now - timedelta(days=3)).date(), "state": "in_progress"}
        testing.a_case(uow, tree, title="Boom om", organization_id=team.id, type="idea", reported_at=uow.now - timedelta(days=40), **late)
        done = testing.a_case(uow, tree, title="Boom klaar", state="resolved")
        testing.a_verdict(uow, testing.a_signal(uow, done), content=False, reason="Er ligt nog een tak.")
        testing.a_case(uow, lamp, title="Lamp wacht", state="awaiting_reporter", promised_on=late["promised_on"])
    desk = as_role("facilitator")

    def found(query: str) -> set[str]:
        return set(titles(desk.get(f"{paths.DESK}?{query}").text))

    assert found("") == {"Lamp stuk", "Boom om", "Lamp wacht"}
    assert found("staat=alles") == {"Lamp stuk", "Boom om", "Lamp wacht", "Boom klaar"}
    assert found("staat=dicht") == {"Boom klaar"}
    assert found("staat=awaiting_reporter") == found("staat=wacht") == {"Lamp wacht"}
    assert found("rubriek=bomen") == {"Boom om"}
    assert found("organisatie=groenbeheer") == {"Boom om"}
    assert found("organisatie=geen") == {"Lamp stuk", "Lamp wacht"}
    assert found(f"gebied={area.slug}") == {"Lamp stuk"}
    assert found("behandelaar=geen") == {"Lamp stuk", "Boom om", "Lamp wacht"}
    assert found("behandelaar=ik") == set()
    assert found("urgentie=high") == {"Lamp stuk"}
    assert found("soort=idea") == {"Boom om"}
    assert found("te-laat=ja") == {"Boom om"}, "while a case waits, its clock stands still"
    assert found("te-laat=heel") == set(), "nobody was told that it is three times late"
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Case).where(Case.title == "Boom om").values(late_told=VERY_LATE))
    assert found("te-laat=heel") == {"Boom om"}
    assert found("oordeel=ontevreden") == {"Boom klaar"}, "what was closed too, without asking for it"
    assert found("oordeel=ontevreden&staat=open") == found("oordeel=tevreden") == set()
    Worker(platform).drain()
    assert found("q=flikkert+RAAR") == {"Lamp stuk"}, "what was reported is found too"
    assert found("q=lamp+flik") == {"Lamp stuk"}, "the beginning of a word is enough, wherever each stands"
    assert found("q=kapot") == found("q=%22%22") == set()
    today = late["promised_on"] + timedelta(days=3)
    assert found(f"van={today}") == {"Lamp stuk", "Lamp wacht"}
    assert found(f"tot={today - timedelta(days=10)}") == {"Boom om"}
    assert found("vak=52.05,4.49,52.06,4.50") == {"Lamp stuk", "Boom om", "Lamp wacht"}
    assert found("vak=52.15,4.49,52.16,4.50") == set()
    for wrong in (
        "staat=x",
        "rubriek=x",
        "organisatie=x",
        "gebied=x",
        "behandelaar=x",
        "oordeel=x",
        "van=gisteren",
        "vak=1,2",
        "volgorde=x",
        "cursor=x",
    ):
        assert desk.get(f"{paths.DESK}?{wrong}").status_code == 400, wrong


def test_pages_of_the_list_follow_each_other_in_every_order(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        testing.make_cases(uow, testing.a_category(uow), 60)
    desk = as_role("facilitator")
    for order in ORDERS:
        url, seen = f"{paths.DESK}?volgorde={order}", []
        while url:
            html = desk.get(url).text
            seen += titles(html)
            following = re.search(r'rel="next" href="([^"]+)"', html)
            url = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == 60, order


def test_a_line_is_drawn_anew_when_something_of_it_changed(platform: Platform, as_role: Visit) -> None:
    """Lines are kept, for every reader of one language; filters are, until an organisation, colleague or category changes."""
    with platform.unit_of_work(system("test")) as uow:
        category = testing.a_category(uow, "Lampen")
        case = testing.a_case(uow, category, title="Lamp stuk")
    desk, other = as_role("facilitator"), as_role("manager")
    for _time in range(2):
        assert titles(desk.get(paths.DESK).text) == titles(other.get(paths.DESK).text) == ["Lamp stuk"]
    assert 'lang="nl">Lamp stuk' in desk.get(f"/en{paths.DESK}").text
    assert 'lang="nl">Lamp stuk' not in desk.get(paths.DESK).text
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, case.id).title = "Lamp flikkert"
        uow.session.get_one(Category, category.id).name = "Straatlampen"
        uow.session.get_one(Category, category.id).version += 1
    page = desk.get(paths.DESK).text
    assert titles(page) == ["Lamp flikkert"]
    assert page.count('id="filter-q-help"') == page.count('aria-describedby="filter-q-help"') == 1, "what is searched is said"
    assert page.count("Straatlampen") == 2, "in the line and in the filter"
    with platform.unit_of_work(system("test")) as uow:
        team = testing.an_organization(uow, "Groenbeheer")
        uow.session.get_one(Case, case.id).organization_id = team.id
    page = desk.get(f"{paths.DESK}?organisatie=groenbeheer").text
    assert titles(page) == ["Lamp flikkert"], "also when the answers of the filter were just read"
    assert "Groenbeheer" in page
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, case.id).confidential = True
    assert titles(desk.get(paths.DESK).text) == []
