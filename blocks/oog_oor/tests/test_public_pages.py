"""What everybody sees: the front, the list with its filters, a case, the map, figures, feeds and the places on other pages."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from icalendar import Calendar

from samen_core.api import anonymous, system
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.testing import a_case, a_category, a_signal, a_verdict, an_organization, an_update

SECRET = "Een tekst die niemand mag lezen"


@pytest.fixture
def hidden(platform: Any) -> list[Any]:
    """Cases that have no page for everybody: counted only, a point only, confidential, part of another."""
    count = a_category(platform, "Overlast thuis", publication="count")
    point = a_category(platform, "Zwerfafval", publication="point")
    secret = a_category(platform, "Zorgen van professionals", confidential=True)
    into = a_case(platform, title="Waar het in opging")
    return [
        a_case(platform, count, title=SECRET, public_text=SECRET),
        a_case(platform, point, title=SECRET, public_text=SECRET),
        a_case(platform, secret, title=SECRET, public_text=SECRET),
        a_case(platform, title=SECRET, merged_into_id=into.id),
    ]


PAGES = (
    paths.HOME,
    paths.CASES,
    f"{paths.CASES}?q=niemand",
    paths.MAP,
    paths.FIGURES,
    f"{paths.FIGURES}/zaken.csv",
    f"{paths.FIGURES}/zaken.json",
    f"{paths.FIGURES}/organisaties.csv",
    f"{paths.FIGURES}/categorieen.json",
    f"{paths.FIGURES}/gebieden.json",
    f"{paths.FEEDS}/zaken.atom",
    f"{paths.FEEDS}/zaken.json",
    f"{paths.FEEDS}/gepland-werk.ics",
    "/",
)


def test_what_is_not_for_everybody_stays_out_of_every_page(client: Any, hidden: list[Any]) -> None:
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = answer.get_data(as_text=True)
        assert not [case.number for case in hidden if case.number in body], path
        assert SECRET not in body, path
        assert "Zorgen van professionals" not in body, path


def test_a_case_without_a_page_is_not_found(client: Any, hidden: list[Any]) -> None:
    for case in hidden:
        assert client.get(paths.case(case.number)).status_code == 404
        assert client.post(paths.case(case.number, "zie-ik-ook")).status_code == 404


def test_the_list_is_narrowed(platform: Any, client: Any) -> None:
    lights, holes = a_category(platform, "Lampen"), a_category(platform, "Gaten")
    office = an_organization(platform, "Team Licht")
    a_case(platform, lights, title="Lamp kapot", organization_id=office.id)
    a_case(platform, holes, title="Gat in de weg", state="resolved")

    def shown(query: str) -> tuple[bool, bool]:
        body = client.get(f"{paths.CASES}?{query}").get_data(as_text=True)
        return "Lamp kapot" in body, "Gat in de weg" in body

    assert shown("") == (True, True)
    assert shown(f"categorie={lights.code}") == (True, False)
    assert shown("staat=afgesloten") == (False, True)
    assert shown("staat=open") == (True, False)
    assert shown("organisatie=team-licht") == (True, False)
    assert shown("q=gat+weg") == (False, True)
    assert shown("van=2100-01-01") == (False, False)
    assert shown("tot=2001-01-01") == (False, False)


def test_a_compliment_is_shared_and_not_seen(platform: Any, client: Any) -> None:
    cases = {kind: a_case(platform, type=kind, signals=1, supports=3) for kind in ("problem", "compliment", "idea")}
    rows = client.get(paths.CASES).text
    assert (rows.count("4 mensen zien dit"), rows.count("4 mensen vinden dit")) == (1, 2)
    for kind, case in cases.items():
        page = client.get(paths.case(case.number)).text
        assert ("Ik zie dit ook" in page) is ("3 mensen zien dit ook." in page) is (kind == "problem")
        assert ("Ik vind dit ook" in page) is ("3 mensen vinden dit ook." in page) is (kind != "problem")


def test_a_filter_that_does_not_exist_is_an_error_of_the_reader(client: Any) -> None:
    for query in (
        "categorie=nee",
        "staat=nee",
        "gebied=nee",
        "organisatie=nee",
        "van=gisteren",
        "van=0001-01-01",
        "tot=9999-12-31",
        "cursor=x",
        "volgorde=x",
    ):
        assert client.get(f"{paths.CASES}?{query}").status_code == 400, query


def test_a_confidential_category_cannot_be_chosen(platform: Any, client: Any) -> None:
    secret = a_category(platform, "Zorgen van professionals", confidential=True)
    assert client.get(f"{paths.CASES}?categorie={secret.code}").status_code == 400


def test_pages_go_on_where_the_last_ended(platform: Any, client: Any) -> None:
    category = a_category(platform)
    for number in range(21):
        a_case(platform, category, title=f"Zaak nummer {number}.")
    first = client.get(paths.CASES).get_data(as_text=True)
    url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(url).get_data(as_text=True)
    assert sum(f"Zaak nummer {number}." in first for number in range(21)) == 20
    assert sum(f"Zaak nummer {number}." in second for number in range(21)) == 1


def test_a_case_tells_what_happened_and_who_has_it(platform: Any, client: Any) -> None:
    office = an_organization(platform, "Team Licht")
    case = a_case(
        platform,
        public_text="De lamp bij het bankje is kapot.",
        organization_id=office.id,
        state="resolved",
        answer="De lamp is vervangen.",
    )
    an_update(platform, case, "Wij bestelden een lamp.", state="in_progress")
    an_update(platform, case, "Alleen voor de melder.", public=False)
    body = client.get(paths.case(case.number)).get_data(as_text=True)
    for text in ("De lamp bij het bankje is kapot.", "Wij bestelden een lamp.", "De lamp is vervangen.", "Team Licht", "Hersteld"):
        assert text in body
    assert "Alleen voor de melder." not in body


def test_a_late_case_says_so(platform: Any, client: Any) -> None:
    with platform.read(anonymous()) as uow:
        past = (uow.now - timedelta(days=3)).date()
    case = a_case(platform, promised_on=past)
    assert "Dat is niet gelukt." in client.get(paths.case(case.number)).get_data(as_text=True)
    closed = a_case(platform, promised_on=past, state="resolved")
    assert "Dat is niet gelukt." not in client.get(paths.case(closed.number)).get_data(as_text=True)


def test_what_a_reporter_typed_is_on_no_page(platform: Any, client: Any) -> None:
    case = a_case(platform)
    a_signal(platform, case, text=SECRET)
    for path in (paths.case(case.number), *PAGES):
        assert SECRET not in client.get(path).get_data(as_text=True)


def test_feeds_are_read_by_readers_of_feeds_and_not_sent_twice(platform: Any, client: Any) -> None:
    case = a_case(platform, title="Lamp & bankje", state="resolved", answer="Klaar.")
    atom = client.get(f"{paths.FEEDS}/zaken.atom")
    names = {"a": "http://www.w3.org/2005/Atom"}
    entry = Tree.fromstring(atom.data).find("a:entry", names)
    assert entry is not None
    assert entry.findtext("a:title", namespaces=names) == "Lamp & bankje"
    assert entry.findtext("a:summary", namespaces=names) == "Klaar."
    feed = json.loads(client.get(f"{paths.FEEDS}/zaken.json").data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"].endswith(paths.case(case.number)) for item in feed["items"]] == [True]
    again = client.get(f"{paths.FEEDS}/zaken.atom", headers={"If-None-Match": atom.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    a_case(platform, title="Nog een")
    assert client.get(f"{paths.FEEDS}/zaken.atom", headers={"If-None-Match": atom.headers["ETag"]}).status_code == 200


def test_a_feed_of_a_category_holds_nothing_else(platform: Any, client: Any) -> None:
    lights = a_category(platform, "Lampen")
    a_case(platform, lights, title="Lamp kapot")
    a_case(platform, title="Iets anders")
    body = client.get(f"{paths.FEEDS}/zaken.json?categorie={lights.code}").get_data(as_text=True)
    assert "Lamp kapot" in body
    assert "Iets anders" not in body


def test_planned_work_stands_in_calendars_on_its_day(platform: Any, client: Any) -> None:
    """Of what everybody may read alone; a day that is moved is the same event with a higher number."""
    lights = a_category(platform, "Lampen")
    day = date(2026, 12, 3)
    case = a_case(platform, lights, title="Lamp; kapot", state="planned", planned_on=day, public_text="Eén lamp is stuk.")
    a_case(platform, lights, title="Nog bezig", state="in_progress", planned_on=day)
    for more in ({"publication": "point"}, {"publication": "count"}, {"confidential": True}, {"merged_into_id": case.id}):
        a_case(platform, lights, title=SECRET, state="planned", planned_on=day, **more)
    found = client.get(f"{paths.FEEDS}/gepland-werk.ics?categorie={lights.code}")
    (event,) = Calendar.from_ical(found.data).events
    assert f"gepland-werk.ics?categorie={lights.code}" in client.get(f"{paths.FEEDS}?categorie={lights.code}").get_data(as_text=True)
    assert (str(event["summary"]), event["dtstart"].dt, event["dtend"].dt) == ("Lamp; kapot", day, day + timedelta(days=1))
    assert "Eén lamp is stuk." in event["description"]
    assert str(event["url"]).endswith(paths.case(case.number))
    with platform.unit_of_work(system("test")) as uow:
        row = uow.session.get_one(Case, case.id)
        row.planned_on, row.changed_at = day + timedelta(days=4), uow.now + timedelta(minutes=1)
    again = client.get(f"{paths.FEEDS}/gepland-werk.ics", headers={"If-None-Match": found.headers["ETag"]})
    (moved,) = Calendar.from_ical(again.data).events
    assert (moved["uid"], moved["dtstart"].dt) == (event["uid"], day + timedelta(days=4))
    assert moved["sequence"] > event["sequence"]


def test_figures_count_days_and_content_reporters(platform: Any, client: Any) -> None:
    office = an_organization(platform, "Team Licht")
    closed = [a_case(platform, organization_id=office.id, state="resolved", answer_days=1, close_days=days) for days in (2, 3, 9)]
    for content in (True, True, True, True, False):
        a_verdict(platform, a_signal(platform, closed[0]), content)
    with platform.read(anonymous()) as uow:
        told, past = uow.now - timedelta(days=12), (uow.now - timedelta(days=1)).date()
    a_case(platform, organization_id=office.id, told_at=told, promised_on=past)
    a_case(platform, organization_id=office.id, state="awaiting_reporter", told_at=told - timedelta(days=40), promised_on=past)
    (row,) = json.loads(client.get(f"{paths.FIGURES}/organisaties.json").data)
    assert row["name"] == "Team Licht"
    assert (row["reported"], row["open"], row["late"], row["closed"]) == (5, 2, 1, 3)
    assert (row["answer_days_median"], row["close_days_median"]) == (1, 3)
    assert (row["judged"], row["content_percentage"]) == (5, 80)
    body = client.get(paths.FIGURES).get_data(as_text=True)
    assert "12 dagen" in body
    assert "80%" in body


def test_few_verdicts_give_no_share(platform: Any, client: Any) -> None:
    case = a_case(platform, state="resolved", answer_days=0, close_days=0)
    a_verdict(platform, a_signal(platform, case), False)
    (row,) = json.loads(client.get(f"{paths.FIGURES}/organisaties.json").data)
    assert (row["judged"], row["content_percentage"]) == (None, None)
    assert "Op dezelfde dag" in client.get(paths.FIGURES).get_data(as_text=True), "nothing comes after the same day"


def test_a_city_without_cases_has_its_pages_in_both_languages(client: Any) -> None:
    for path in (paths.HOME, paths.CASES, paths.MAP, paths.FIGURES, paths.FEEDS):
        for language in ("", "/en"):
            assert client.get(language + path).status_code == 200, path
