"""The agenda: list, month, past, feed; one event, moved and called off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from citycontent.schemas import CreateEvent, CreateProject
from citycontent.services.events import create_event
from citycontent.services.projects import create_project
from samen_core.api import CITY_TIME_ZONE
from tests.citycontent.web.conftest import links, read, send, text_of, titles

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def now(clock):
    """The clock stands on Tuesday 10 November 2026, noon in Zoetermeer."""
    wanted = datetime(2026, 11, 10, 11, 0, tzinfo=UTC)
    clock.shift = wanted - datetime.now(UTC)
    return wanted


@pytest.fixture
def make_event(now, platform, zoetermeer):
    """``make_event(name, days, hours=1, …)``: an event that begins this many days from now."""
    from samen_core.actor import system

    def make(name, days, hours=1, **values):
        start = now + timedelta(days=days)
        with platform.unit_of_work(system("test")) as unit:
            return create_event(unit, CreateEvent(name=name, start_date=start, end_date=start + timedelta(hours=hours), **values))

    return make


def test_list_by_month_upcoming_and_past(uow, client, make_event):
    uow.commit()
    for name, days, hours in (
        ("Gaat nu door", -0.02, 2),
        ("Straks", 1, 1),
        ("December", 25, 1),
        ("Vorige week", -7, 1),
        ("Lang geleden", -40, 1),
    ):
        make_event(name, days, hours)
    page = client.get("/agenda")
    assert titles(page.text) == ["Gaat nu door", "Straks", "December"]
    said = text_of(page.text)
    assert "3 bijeenkomsten november 2026" in said
    assert said.index("Straks") < said.index("december 2026 December")
    assert "woensdag 11 november 2026, 12.00 tot 13.00 uur" in said
    assert titles(client.get("/agenda?weergave=geweest").text) == ["Vorige week", "Lang geleden"]
    assert "Wednesday 11 November 2026, 12:00 to 13:00" in read(client, "/en/agenda")


@SQLITE
def test_filters_hold_in_every_view_and_in_the_feed(uow, client, zoetermeer, make_event, make_organization):
    area = next(area for area in zoetermeer.current if area.name == "Dorp")
    group = make_organization("Wandelclub")
    project = create_project(uow, CreateProject(name="Park", status="idea"))
    uow.commit()
    make_event("Wandeling", 3, classification="walk", area_id=area.id, organization_id=group.id, project_id=project.id)
    make_event("Overlegje", 3)
    for query in ("soort=walk", "gebied=dorp", "gebied=wijk-centrum", "organisatie=wandelclub", "project=park", "q=wandel"):
        page = client.get(f"/agenda?{query}")
        assert titles(page.text) == ["Wandeling"], query
        tabs = [link for link in links(page.text) if "weergave=maand" in link]
        assert query.split("=")[1] in tabs[0]
        month = text_of(client.get(tabs[0]).text)
        assert "Wandeling" in month
        assert "Overlegje" not in month
        if not query.startswith("q="):
            feed = next(link for link in links(page.text) if link.startswith("/agenda.ics"))
            calendar = client.get(feed).get_data(as_text=True)
            assert "SUMMARY:Wandeling" in calendar
            assert "SUMMARY:Overlegje" not in calendar
    assert client.get("/agenda?organisatie=nooit").status_code == 400


@SQLITE
def test_month(uow, client, make_event):
    uow.commit()
    make_event("Langs de nacht", 1.5, 30)
    make_event("Tot middernacht", 3, 12)
    for number in range(6):
        make_event(f"Druk {number}", 9)
    page = client.get("/agenda?weergave=maand")
    said = text_of(page.text)
    assert "november 2026" in said
    assert said.count("Langs de nacht") == 2, "on both of its days"
    assert said.count("Tot middernacht") == 1
    assert "en nog 3" in said
    day = next(link for link in links(page.text) if "dag=" in link)
    assert len(titles(client.get(day).text)) == 6
    following = next(link for link in links(page.text) if "maand=2026-12" in link)
    assert "In deze maand staat er niets op de agenda." in read(client, following)
    last = client.get("/agenda?weergave=maand&maand=2028-11")
    assert last.status_code == 200
    assert "maand=2028-12" not in last.text, "the calendar ends"
    for wrong in ("maand=2028-12", "maand=2026-13", "maand=vandaag"):
        assert client.get(f"/agenda?weergave=maand&{wrong}").status_code == 400
    assert client.get("/agenda?dag=2026-02-30").status_code == 400


@SQLITE
def test_month_costs_as_many_statements_when_it_is_full(uow, client, make_event, statements):
    uow.commit()
    counts = []
    for number in (3, 40):
        for at in range(number):
            make_event(f"Druk {number} {at}", at % 20)
        for path in ("/agenda", "/agenda?weergave=maand"):
            client.get(path)
            with statements() as sent:
                client.get(path)
            counts.append(len(sent))
    assert counts[1] == counts[3]
    assert counts[2] - counts[0] <= 1, "the count, once there is a second page"
    assert max(counts) <= 8


@SQLITE
def test_event_page_and_its_file(uow, client, make_event, zoetermeer):
    uow.commit()
    make_event(
        "Feest", 2, location="Dorpshuis, Kade 1", registration_url="https://feest.example/aanmelden", capacity=1500, summary="Kom ook"
    )
    page = client.get("/agenda/feest")
    said = text_of(page.text)
    for words in ("Kom ook", "donderdag 12 november 2026, 12.00 tot 13.00 uur", "Dorpshuis, Kade 1", "1.500", "Meld u aan"):
        assert words in said
    file = client.get("/agenda/feest.ics")
    assert file.mimetype == "text/calendar"
    assert "URL:http://localhost/agenda/feest" in file.text or "/agenda/feest" in file.text
    make_event("Geweest feest", -3, registration_url="https://feest.example/aanmelden")
    over = read(client, "/agenda/geweest-feest")
    assert "Geweest" in over
    assert "Meld u aan" not in over


@SQLITE
def test_move_and_call_off(uow, client, as_role, make_event, clock):
    uow.commit()
    make_event("Feest", 2)
    facilitator = as_role("facilitator")
    answer = send(facilitator, "/agenda/feest/verzetten", start_date="2026-11-20T20:00", end_date="2026-11-20T22:00", reason="Zaal bezet")
    assert (answer.status_code, answer.location) == (303, "/agenda/feest")
    said = read(client, "/agenda/feest")
    assert "Verplaatst" in said
    assert "vrijdag 20 november 2026, 20.00 tot 22.00 uur" in said
    assert "Eerder stond hier donderdag 12 november 2026, 12.00 uur" in said
    assert "Reden: Zaal bezet" in said
    assert "SEQUENCE:1" in client.get("/agenda/feest.ics").text

    answer = send(facilitator, "/agenda/feest/verzetten", start_date="2026-11-20T20:00", end_date="2026-11-19T20:00")
    assert answer.status_code == 400
    assert "Het einde ligt niet na het begin." in text_of(answer.text)

    assert send(facilitator, "/agenda/feest/afgelasten", reason="Storm").status_code == 303
    assert "Deze bijeenkomst gaat niet door." in read(client, "/agenda/feest")
    assert "Gaat niet door" in read(client, "/agenda")
    assert "STATUS:CANCELLED" in client.get("/agenda.ics").text


@SQLITE
def test_new_event_and_delete(uow, client, as_role, zoetermeer, now):
    uow.commit()
    facilitator = as_role("facilitator")
    assert client.get("/agenda/nieuw").status_code == 303
    answer = send(facilitator, "/agenda/nieuw", name="Schoonmaak", start_date="2026-12-05T10:00", classification="volunteering")
    assert (answer.status_code, answer.location) == (303, "/agenda/schoonmaak")
    assert "zaterdag 5 december 2026, 10.00 uur" in read(client, "/agenda/schoonmaak")
    assert send(facilitator, "/agenda/schoonmaak/bewerken", status="tentative").status_code == 303
    assert "Onder voorbehoud" in read(client, "/agenda/schoonmaak")
    assert send(facilitator, "/agenda/schoonmaak/verwijderen").status_code == 303
    assert client.get("/agenda/schoonmaak").status_code == 410
    assert now.astimezone(CITY_TIME_ZONE).hour == 12
