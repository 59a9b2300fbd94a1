"""The feeds, as other programs read them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import feedparser
import icalendar
import pytest
import recurring_ical_events
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from samen_beleidsagenda import paths
from samen_beleidsagenda.exchange.ical import CalendarHead, calendar_feed
from samen_beleidsagenda.models import Dossier, Entry, Follow, PlanningItem
from samen_beleidsagenda.periods import whole
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL
from samen_beleidsagenda.queries.feeds import FeedFilter, vevents
from samen_beleidsagenda.schemas.planning import Drop, Postpone
from samen_beleidsagenda.services.common import keep_card
from samen_beleidsagenda.services.entries import keep_entries_of_dossier, keep_entry_of_item, keep_entry_of_meeting
from samen_beleidsagenda.services.planning import drop, postpone
from samen_beleidsagenda.services.vevent import MomentDetails, vevent
from samen_beleidsagenda.testing import a_body, a_commitment, a_decision, a_dossier, a_meeting, a_moment, a_motion
from samen_core.api import Platform, system, uuid7

FEED = f"{paths.FEEDS}/agenda.ics"
BASE = "http://127.0.0.1:8000"
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
CHANGES = f"{paths.FEEDS}/wijzigingen.atom"
HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200) | st.sampled_from(
    ["Plan; met, komma's\nen regels", "😀" * 100, "é" * 199, "END:VEVENT\r\nBEGIN:VALARM", "\u2028a\x0bb\x85c", '"a:b";X=1', "\\n\\,\\;"]
)


def entry(**values):
    """A planned moment of December, as it is kept."""
    return Entry(
        **{
            "subject_id": uuid4(),
            "kind": "decision",
            "title": "Besluit over de Dorpsstraat",
            "path": "/beleidsagenda/planning/x",
            "start_date": date(2026, 12, 1),
            "end_date": date(2026, 12, 31),
            "precision": "month",
            "start_at": None,
            "end_at": None,
            "location": "",
            "status": "tentative",
            "has_say": False,
            "uid": f"{uuid4()}@samen.example",
            "sequence": 0,
            "changed_at": datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
            **values,
        }
    )


def wrapped(*texts):
    head = CalendarHead(name="Agenda", description="Alles", source="https://s.example/a.ics", page="https://s.example/a", changed_at=None)
    return "".join(calendar_feed(head, texts))


def told(**values):
    details = {name: values.pop(name) for name in list(values) if name in MomentDetails.__slots__}
    text = vevent(entry(**values), MomentDetails(**details), base_url="https://samen.example")
    return icalendar.Calendar.from_ical(wrapped(text)).walk("VEVENT")[0]


def test_a_month_is_the_whole_month_and_says_that_the_day_is_open():
    event = told(last_say=date(2026, 11, 30), say_how="Spreek in.", has_say=True, themes=("Wonen, bouwen",), body="Raad")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 1), date(2027, 1, 1))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert "nog niet vastgesteld" in event["summary"]
    assert "december 2026" in event["description"]
    assert "Spreek in." in event["description"]
    assert "30 november 2026" in event["description"]
    assert event.categories == ["Besluit", "Raad", "Wonen, bouwen"]
    assert str(event["status"]) == "TENTATIVE"
    assert str(event["transp"]) == "TRANSPARENT"
    assert str(event["url"]) == "https://samen.example/beleidsagenda/planning/x"


@pytest.mark.parametrize(
    ("precision", "start", "end", "words"),
    [
        ("week", date(2026, 12, 7), date(2026, 12, 13), "week 50"),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), "4e kwartaal van 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "Verwacht: 2026."),
    ],
)
def test_every_precision_spans_its_period(precision, start, end, words):
    event = told(precision=precision, start_date=start, end_date=end)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start, end + timedelta(days=1))
    assert words in event["description"]


def test_a_known_day_is_one_day_and_leaves_only_the_time_open():
    event = told(precision="day", start_date=date(2026, 12, 3), end_date=date(2026, 12, 3))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 3), date(2026, 12, 4))
    assert "nog niet vastgesteld" not in event["summary"]
    assert "tijd is nog niet vastgesteld" in event["description"]


def test_a_meeting_has_its_time_in_utc_its_place_and_point():
    start = datetime(2026, 12, 3, 18, 30, tzinfo=UTC)
    event = told(
        kind="meeting",
        precision="day",
        start_at=start,
        end_at=start + timedelta(hours=3),
        location="Raadszaal, Markt 1",
        status="confirmed",
        point=(52.05, 4.49),
        meeting_type="council_meeting",
    )
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start, start + timedelta(hours=3))
    assert event["dtstart"].to_ical() == b"20261203T183000Z"
    assert str(event["location"]) == "Raadszaal, Markt 1"
    assert event["geo"].to_ical() == "52.05;4.49"
    assert event.categories == ["Raadsvergadering"]
    assert str(event["status"]) == "CONFIRMED"


def test_what_is_off_says_why_and_where_it_went():
    event = told(status="cancelled", reason="Het onderzoek duurt langer.", moved_to="/beleidsagenda/planning/y", has_say=True)
    assert str(event["status"]) == "CANCELLED"
    assert str(event["summary"]).startswith("Gaat niet door: ")
    assert "Het onderzoek duurt langer." in event["description"]
    assert "https://samen.example/beleidsagenda/planning/y" in event["description"]
    assert "meepraten" not in event["description"]


@settings(max_examples=60, deadline=None)
@given(title=HOSTILE, text=HOSTILE, place=HOSTILE, theme=HOSTILE)
def test_no_text_breaks_a_feed(title, text, place, theme):
    made = vevent(entry(title=title, location=place), MomentDetails(text=text, themes=(theme,)), base_url="https://samen.example")
    assert made.startswith("BEGIN:VEVENT\r\n")
    assert made.endswith("END:VEVENT\r\n")
    for line in made.encode().split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()
    after = vevent(entry(title="Daarna"), MomentDetails(), base_url="https://samen.example")
    found = icalendar.Calendar.from_ical(wrapped(made, after))
    assert [component.name for component in found.walk()] == ["VCALENDAR", "VEVENT", "VEVENT"]
    kept = "".join(str(found.walk("VEVENT")[0]["description"]).split())
    assert {letter for letter in text if letter.isalnum()} <= set(kept)
    second = vobject.readOne(wrapped(made, after))
    assert [item.summary.value for item in second.vevent_list][1:] == ["Daarna (datum nog niet vastgesteld)"]


@pytest.fixture
def city(platform: Platform):
    """A dossier with a moment and a meeting in the calendar, of two bodies; and what nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        council, committee = a_body(uow, "council"), a_body(uow, "committee")
        dossier, other = a_dossier(uow), a_dossier(uow, title="Ander dossier")
        moment = a_moment(uow, dossier, body_id=council.organization_id)
        a_moment(uow, other, body_id=committee.organization_id, title="Ander besluit")
        secret = a_dossier(uow, title="Geheim dossier", confidential=True)
        a_moment(uow, secret, title="Geheim moment")
        a_moment(uow, dossier, title="Vertrouwelijk moment", confidential=True)
        a_moment(uow, dossier, title="Concept van een moment", state="draft")
        for each in (dossier, other, secret):
            keep_entries_of_dossier(uow, each)
        meeting = a_meeting(uow, council)
        keep_entry_of_meeting(uow, meeting)
        return SimpleNamespace(
            dossier=dossier.id, slug=dossier.slug, moment=moment.id, council=council.organization_id, meeting=meeting.event_id
        )


def read(client, url=FEED, **headers):
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text
    return icalendar.Calendar.from_ical(answer.text), answer


def titles(calendar):
    return sorted(str(event["summary"]) for event in calendar.walk("VEVENT"))


@SQLITE
def test_the_whole_agenda_is_one_calendar_without_secrets(client, city):
    calendar, answer = read(client)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert titles(calendar) == [
        "Ander besluit (datum nog niet vastgesteld)",
        "Besluit over Een veilige Dorpsstraat (datum nog niet vastgesteld)",
        "Vergadering gemeenteraad",
    ]
    for word in ("eheim", "ertrouwelijk", "oncept"):
        assert word not in answer.text
    assert "method" not in calendar
    assert str(calendar["version"]) == "2.0"
    assert str(calendar["prodid"]) == "-//Samen//Beleidsagenda//NL"
    assert str(calendar["name"]) == str(calendar["x-wr-calname"])
    assert "Beleidsagenda" in calendar["name"]
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert calendar.decoded("refresh-interval") == timedelta(hours=6)
    assert str(calendar["source"]) == f"{BASE}{FEED}"
    assert str(calendar["url"]) == f"{BASE}/beleidsagenda"
    assert str(calendar["color"])
    assert calendar.decoded("last-modified")
    assert str(calendar["description"])
    text = client.get(FEED).text
    assert len(vobject.readOne(text).vevent_list) == 3
    today = datetime.now(UTC).date()
    coming = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(today, today + timedelta(days=20))
    assert "Vergadering gemeenteraad" in [str(event["summary"]) for event in coming]


@SQLITE
def test_a_part_of_the_agenda_is_a_calendar_too(client, city):
    calendar, _answer = read(client, f"{FEED}?dossier={city.slug}")
    assert titles(calendar) == ["Besluit over Een veilige Dorpsstraat (datum nog niet vastgesteld)"]
    assert "Een veilige Dorpsstraat" in calendar["name"]
    calendar, _answer = read(client, f"{FEED}?orgaan=gemeenteraad")
    assert len(calendar.walk("VEVENT")) == 2
    for unknown in ("dossier=geheim-dossier", "dossier=bestaat-niet", "orgaan=x", "thema=x", "gebied=x"):
        assert client.get(f"{FEED}?{unknown}").status_code == 400
    page = client.get(paths.FEEDS).text
    for address in (f"webcal://127.0.0.1:8000{FEED}", f"{BASE}{FEED}", f"{BASE}{CHANGES}", "momenten.csv", "/ori/v2"):
        assert address in page
    chosen = client.get(f"{paths.FEEDS}?dossier={city.slug}").text
    assert f"{FEED}?dossier={city.slug}" in chosen
    assert "Geheim dossier" not in chosen
    assert SEE_CONFIDENTIAL.name not in page


@SQLITE
def test_themes_and_areas_choose_by_dossier(platform, client, uow):
    from citycontent.api import CreateTheme, create_theme

    theme = create_theme(uow, CreateTheme(name="Verkeer"))
    about = a_dossier(uow, themes=[theme.id])
    for dossier in (about, a_dossier(uow, title="Ander dossier")):
        a_moment(uow, dossier)
        keep_entries_of_dossier(uow, dossier)
    uow.commit()
    calendar, _answer = read(client, f"{FEED}?thema=verkeer")
    assert titles(calendar) == ["Besluit over Een veilige Dorpsstraat (datum nog niet vastgesteld)"]
    assert calendar.walk("VEVENT")[0].categories[-1] == "Verkeer"


def test_follows_choose_what_everybody_may_see_of_them(platform, actor_as, city):
    reader, other = actor_as("resident"), actor_as("resident")
    with platform.unit_of_work(system("test")) as uow:
        for id in (city.council, uow.session.query(Dossier.id).filter(Dossier.confidential).scalar()):
            uow.session.add(Follow(id=uuid7(), account_id=reader.account_id, subject_id=id, at=uow.now))
        uow.session.flush()
        found = vevents(uow, FeedFilter(follower_id=reader.account_id), date(2020, 1, 1))
        assert len(found) == 2
        assert not any("eheim" in text for text in found)
        assert vevents(uow, FeedFilter(follower_id=other.account_id), date(2020, 1, 1)) == []


@SQLITE
def test_postponing_and_dropping_reach_who_subscribed(platform, client, city, clock):
    uid = str(read(client, f"{FEED}?dossier={city.slug}")[0].walk("VEVENT")[0]["uid"])
    clock.forward(minutes=5)
    with platform.unit_of_work(system("test")) as uow:
        item = uow.session.get_one(PlanningItem, city.moment)
        later = whole(item.end_date + timedelta(days=40), "month")
        successor = postpone(uow, item.id, Postpone(version=item.version, period=later, reason="Er is meer onderzoek nodig."))
        successor_id = successor.id
    events = {str(event["uid"]): event for event in read(client, f"{FEED}?dossier={city.slug}")[0].walk("VEVENT")}
    assert len(events) == 2
    assert str(events[uid]["status"]) == "CANCELLED"
    assert int(events[uid]["sequence"]) == 1
    assert "Er is meer onderzoek nodig." in events[uid]["description"]
    assert str(successor_id) in events[uid]["description"]
    new = next(event for key, event in events.items() if key != uid)
    assert new.decoded("dtstart") == later.start
    assert str(new["status"]) == "TENTATIVE"
    with platform.unit_of_work(system("test")) as uow:
        item = uow.session.get_one(PlanningItem, successor_id)
        drop(uow, item.id, Drop(version=item.version, reason="Het plan is ingetrokken."))
    events = read(client, f"{FEED}?dossier={city.slug}")[0].walk("VEVENT")
    assert [str(event["status"]) for event in events] == ["CANCELLED", "CANCELLED"]


def test_what_did_not_change_is_not_sent_again(platform, client, city, clock):
    _calendar, first = read(client)
    tag, day = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(FEED, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == tag
    assert client.get(FEED, headers={"If-Modified-Since": day}).status_code == 304
    assert client.get(f"{FEED}?dossier={city.slug}", headers={"If-None-Match": tag}).status_code == 200
    clock.forward(seconds=5)
    with platform.unit_of_work(system("test")) as uow:
        item = uow.session.get_one(PlanningItem, city.moment)
        item.confidential = True
        keep_entry_of_item(uow, item)
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": day}):
        changed = client.get(FEED, headers=headers)
        assert changed.status_code == 200
        assert "Besluit over Een veilige" not in changed.text
    clock.forward(seconds=5)
    with platform.unit_of_work(system("test")) as uow:
        keep_card(uow, uow.session.get_one(Dossier, city.dossier))
    tied = client.get(FEED, headers={"If-Modified-Since": changed.headers["Last-Modified"]})
    assert tied.status_code == 200, "the areas of a dossier choose what is in a calendar"


def test_changes_are_an_atom_feed_in_pages(platform, client, city):
    with platform.unit_of_work(system("test")) as uow:
        body = a_body(uow, "college")
        a_decision(uow, body, title="Besluit <b>& meer</b>")
        a_motion(uow, body, title="Meer bankjes")
        a_commitment(uow, body, title="Een brief voor de zomer")
        a_commitment(uow, body, title="Geheime toezegging", confidential=True)
        for number in range(60):
            a_motion(uow, body, title=f"Motie {number}")
    url, seen = CHANGES, []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.content_type.startswith("application/atom+xml")
        found = feedparser.parse(answer.data)
        assert not found.bozo
        assert found.feed.title
        assert found.feed.author
        seen += [(item.id, item.title, item.link) for item in found.entries]
        url = next((link.href.removeprefix(BASE) for link in found.feed.links if link.rel == "next"), None)
    names = [title for _id, title, _link in seen]
    assert len(seen) == len({id for id, _title, _link in seen}) == 66
    assert {"Meer bankjes", "Een brief voor de zomer", "Vergadering gemeenteraad"} < set(names)
    assert not any("eheim" in name or "ertrouwelijk" in name for name in names)
    assert all(link.startswith(f"{BASE}/beleidsagenda/") for _id, _title, link in seen)
    for wrong in ("x", "20260101T000000.000000Z_zz", "20269999T000000.000000Z_" + "0" * 32):
        assert client.get(f"{CHANGES}?na={wrong}").status_code == 400


def test_tables_hold_the_same_in_both_forms_and_no_secrets(platform, client, city):
    with platform.unit_of_work(system("test")) as uow:
        body = a_body(uow, "college")
        secret = uow.session.query(Dossier).filter(Dossier.confidential).one()
        for confidential in (False, True):
            values = {"title": "=SUM(1)" if not confidential else "Geheime zaak", "confidential": confidential, "dossier_id": secret.id}
            a_decision(uow, body, **values)
            a_motion(uow, body, **values)
            a_commitment(uow, body, **values)
    for name in ("momenten", "dossiers", "toezeggingen-en-moties", "besluiten", "vergaderingen"):
        answer = client.get(f"{paths.FEEDS}/{name}.json")
        assert answer.status_code == 200
        assert answer.json
        table = client.get(f"{paths.FEEDS}/{name}.csv")
        lines = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")), delimiter=";"))
        assert [line["id"] for line in lines] == [row["id"] for row in answer.json]
        assert [line["title"].removeprefix("'") for line in lines] == [row["title"] for row in answer.json]
        assert not any(line["title"].startswith("=") for line in lines)
        assert "eheim" not in table.text + answer.text
        assert str(secret.id) not in table.text + answer.text
        for row in answer.json:
            UUID(row["id"])
            assert row["url"].startswith(f"{BASE}/id/")
            assert client.get(row["url"].removeprefix(BASE)).status_code == 303
    assert client.get(f"{paths.FEEDS}/onzin.json").status_code == 404
