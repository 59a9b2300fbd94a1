"""Feeds and the calendar: well formed, in pages, of an area, and nothing that is not for everybody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from citycontent.testing import make_area
from samen_core.api import Platform, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee import paths
from samen_doe_mee.testing import DAY, make_activities, make_ideas, make_meeting, make_plan, make_round

SECRET = "Niemand mag dit lezen"
ATOMS = [f"{paths.FEEDS}/{name}.atom" for name in ("ideeen", "plannen", "gedaan")]


@pytest.fixture
def city(platform: Platform) -> str:
    """Sixty ideas, a plan with a result, an activity and meetings, of which some in a buurt; and things that nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        make_ideas(uow, 60)
        make_ideas(uow, 2, area_id=area.id, title="Idee <b>&</b> in de buurt\u000b", status="supported", status_text="Wij doen mee.")
        for state in ("hidden", "withdrawn", "merged", "unconfirmed"):
            make_ideas(uow, 1, state=state, title=SECRET)
        plan = make_plan(uow, area_id=area.id)
        round_ = make_round(uow, plan, heard="**Veel** wensen.", done="Er komen bomen.", closed_at=uow.now - DAY)
        make_activities(uow, plan, round_)
        make_activities(uow, plan, round_, title=SECRET, removed_at=uow.now)
        make_meeting(uow, plan)
        make_meeting(uow, plan, "Afgelast", status="cancelled")
        make_meeting(uow, plan, "Vroeger", start_date=uow.now - 3 * DAY, end_date=uow.now - 3 * DAY + timedelta(hours=1))
        draft = make_plan(uow, SECRET, state="draft", published_at=None)
        make_activities(uow, draft, make_round(uow, draft, closed_at=uow.now, done=SECRET), title=SECRET)
        make_meeting(uow, draft, SECRET)
        return area.slug


@pytest.mark.parametrize("path", ATOMS)
def test_a_feed_reader_reads_it(client: Any, city: str, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    found = feedparser.parse(answer.data)
    assert not found.bozo
    assert found.version == "atom10"
    assert found.entries
    assert all(entry.link.startswith("http://127.0.0.1:8000/doe-mee/") and entry.updated and entry.id for entry in found.entries)
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert SECRET not in answer.get_data(as_text=True)


def test_a_long_feed_goes_on(client: Any, city: str) -> None:
    first = feedparser.parse(client.get(ATOMS[0]).data)
    onward = next(link.href for link in first.feed.links if link.rel == "next")
    second = feedparser.parse(client.get(onward.removeprefix("http://127.0.0.1:8000")).data)
    ids = [entry.id for entry in (*first.entries, *second.entries)]
    assert len(ids) == len(set(ids)) == 62
    assert client.get(f"{ATOMS[0]}?cursor=x").status_code == 400


def test_a_feed_is_of_an_area(client: Any, city: str) -> None:
    found = feedparser.parse(client.get(f"{ATOMS[0]}?gebied={city}").data)
    assert [entry.title for entry in found.entries] == ["Idee <b>&</b> in de buurt"] * 2 or len(found.entries) == 2
    assert "Wij doen mee." in found.entries[0].summary
    assert "Buurt Een" in found.feed.title
    assert client.get(f"{ATOMS[0]}?gebied=nergens").status_code == 400
    assert client.get(f"{paths.FEEDS}/alles.atom").status_code == 404


def test_the_same_as_json(client: Any, city: str) -> None:
    found = json.loads(client.get(f"{paths.FEEDS}/gedaan.json").data)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["items"][0]["content_text"] == "Veel wensen.\n\nEr komen bomen."


def test_a_feed_of_nothing_is_a_feed(client: Any) -> None:
    for path in ATOMS:
        found = feedparser.parse(client.get(path).data)
        assert not found.bozo
        assert not found.entries


def test_who_has_it_is_told_so(client: Any, city: str) -> None:
    answer = client.get(ATOMS[0])
    assert client.get(ATOMS[0], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_calendar_has_meetings_and_last_days(client: Any, city: str) -> None:
    answer = client.get(f"{paths.FEEDS}/agenda.ics?gebied={city}")
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert set(events) == {"Inloopavond over het plein", "Afgelast", "Laatste dag: Wat vindt u van het plein?"}
    assert events["Afgelast"]["status"] == "CANCELLED"
    assert SECRET not in answer.get_data(as_text=True)


def test_the_page_names_every_feed(client: Any, city: str) -> None:
    page = client.get(f"{paths.FEEDS}?gebied={city}").get_data(as_text=True)
    for name in ("ideeen.atom", "plannen.json", "gedaan.atom", "agenda.ics"):
        assert f"{paths.FEEDS}/{name}?gebied={city}" in page


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_feed_takes_few_statements(platform: Platform, client: Any, city: str) -> None:
    for path in (*ATOMS, f"{paths.FEEDS}/agenda.ics"):
        client.get(path)
        with sent_statements(platform) as sent:
            client.get(f"{path}?x=1")
        assert len(sent) <= 6, path
