"""Following is one's own: nobody else learns of it, and one's own calendar stands at an address that only its owner knows."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import func, select

from citycontent.models import Area
from citycontent.testing import make_organization
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import FeedKey, Follow
from samen_beleidsagenda.queries.following import follows
from samen_beleidsagenda.schemas.participation import FollowSubject
from samen_beleidsagenda.services import following
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.entries import keep_entries_of_dossier
from samen_beleidsagenda.services.following import account_of_key, drop_feed_key, follow, new_feed_key, unfollow
from samen_beleidsagenda.testing import a_body, a_dossier, a_moment
from samen_core.accounts.models import User
from samen_core.accounts.services.privacy import erase_account
from samen_core.actor import anonymous, system
from samen_core.api import Change, Invalid, NotAllowed, NotFound, SubjectData, SubjectRef, TooMany, register, uuid7
from samen_core.testing.platforms import PASSWORD


def a_planned_dossier(platform, title, **values):
    dossier = a_dossier(platform, title=title, **values)
    a_moment(platform, dossier, title=f"Besluit over {title}")
    with platform.unit_of_work(system("test")) as uow:
        keep_entries_of_dossier(uow, dossier)
    return dossier


def start(platform, actor, id):
    with platform.unit_of_work(actor) as uow:
        return follow(uow, FollowSubject(subject_id=id))


def followed(platform, actor):
    with platform.read(actor) as uow:
        return list(follows(uow))


@pytest.fixture
def reader(actor_as):
    return actor_as("resident")


@pytest.fixture
def log_in(platform, client):
    def act(actor):
        with platform.read(system("test")) as uow:
            email = uow.session.get_one(User, actor.account_id).email
        answer = client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, answer.text
        return client

    return act


def post(client, path, **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(paths.FOLLOWING).text)[1]
    return client.post(path, data={"csrf_token": token, **data}, headers={"Sec-Fetch-Site": "same-origin"})


def test_following_twice_is_once_and_stopping_twice_is_nothing(platform, reader):
    dossier = a_dossier(platform)
    for _ in range(2):
        assert start(platform, reader, dossier.id).title == dossier.title
    assert followed(platform, reader) == [dossier.id]
    for _ in range(2):
        with platform.unit_of_work(reader) as uow:
            unfollow(uow, FollowSubject(subject_id=dossier.id))
    assert followed(platform, reader) == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_only_what_is_on_the_agenda_can_be_followed(platform, reader):
    moment = a_moment(platform)
    with platform.unit_of_work(system("test")) as uow:
        club = make_organization(uow, "Fietsclub", "civil_society")
    for id, error in (
        (moment.id, Invalid),
        (club.id, Invalid),
        (uuid7(), NotFound),
        (a_dossier(platform, state="draft").id, NotFound),
        (a_dossier(platform, confidential=True).id, NotFound),
    ):
        with pytest.raises(error):
            start(platform, reader, id)
    body = a_body(platform)
    start(platform, reader, body.organization_id)
    assert followed(platform, reader) == [body.organization_id]
    with pytest.raises(NotAllowed):
        start(platform, anonymous(), body.organization_id)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_there_is_an_end_to_what_one_account_follows(platform, reader, monkeypatch):
    monkeypatch.setattr(following, "MOST_FOLLOWED", 1)
    start(platform, reader, a_dossier(platform).id)
    with pytest.raises(Invalid):
        start(platform, reader, a_dossier(platform, title="Nog een").id)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_log_does_not_tell_what_somebody_follows(platform, reader, outbox):
    dossier = a_dossier(platform)
    before = len(outbox.events())
    start(platform, reader, dossier.id)
    with platform.unit_of_work(reader) as uow:
        key = new_feed_key(uow)
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Change).where(Change.action.startswith("beleidsagenda.following."))).scalars().all()
        assert [(row.subject_id, row.before, row.after, row.public) for row in rows] == [(None, None, None, False)] * 2
        assert uow.session.execute(select(FeedKey.key_hash)).scalar_one() != key
    assert len(outbox.events()) == before


def test_a_new_key_ends_the_old_one(platform, reader):
    with platform.unit_of_work(reader) as uow:
        old, new = new_feed_key(uow), new_feed_key(uow)
        assert account_of_key(uow, new) == reader.account_id
        for wrong in (old, "", "x" * 500, "é\x00"):
            with pytest.raises(NotFound):
                account_of_key(uow, wrong)
        drop_feed_key(uow)
        with pytest.raises(NotFound):
            account_of_key(uow, new)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_own_calendar_holds_what_is_followed_and_nothing_else(platform, reader, client):
    council = a_body(platform)
    mine, other = a_planned_dossier(platform, "Mijn straat"), a_planned_dossier(platform, "Andere straat")
    a_planned_dossier(platform, "Geheime straat", confidential=True)
    a_moment(platform, other, title="Van de raad", body_id=council.organization_id)
    with platform.unit_of_work(system("test")) as uow:
        keep_entries_of_dossier(uow, other)
    with platform.unit_of_work(reader) as uow:
        key = new_feed_key(uow)
    path = paths.own_calendar(key)
    assert summaries(client, path) == []
    start(platform, reader, mine.id)
    assert summaries(client, path) == ["Besluit over Mijn straat"]
    start(platform, reader, council.organization_id)
    assert summaries(client, path) == ["Besluit over Mijn straat", "Van de raad"]


def summaries(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    events = icalendar.Calendar.from_ical(answer.get_data(as_text=True)).walk("VEVENT")
    return sorted(str(event["summary"]).partition(" (")[0] for event in events)


def test_an_area_is_followed_with_all_that_lies_in_it(platform, reader, client):
    areas = {}
    with platform.unit_of_work(system("test")) as uow:
        for code, kind, parent in (("GM1", "gemeente", None), ("WK1", "wijk", "GM1"), ("BU1", "buurt", "WK1"), ("WK2", "wijk", "GM1")):
            id = uuid7()
            register(uow, SubjectRef("area", id), SubjectData(code, f"/gebieden/{code.lower()}"))
            values = {"slug": code.lower(), "sort_name": code.lower(), "created_at": uow.now, "updated_at": uow.now}
            uow.session.add(Area(id=id, code=code, year=2026, name=code, classification=kind, parent_id=areas.get(parent), **values))
            uow.session.flush()
            areas[code] = id
    for code in ("WK1", "BU1", "WK2"):
        a_planned_dossier(platform, code, areas=[areas[code]])
    with platform.unit_of_work(reader) as uow:
        key = new_feed_key(uow)
    start(platform, reader, areas["WK1"])
    assert summaries(client, paths.own_calendar(key)) == ["Besluit over BU1", "Besluit over WK1"]
    start(platform, reader, areas["GM1"])
    assert len(summaries(client, paths.own_calendar(key))) == 3


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_own_calendar_is_new_as_soon_as_one_follows_more(platform, reader, client):
    dossier = a_planned_dossier(platform, "Mijn straat")
    with platform.unit_of_work(reader) as uow:
        path = paths.own_calendar(new_feed_key(uow))
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    start(platform, reader, dossier.id)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("samen_config", [{"blocks": ["citycontent", "beleidsagenda"], "limits": {"enabled": True}}])
def test_machines_do_not_get_to_try_addresses(platform, reader, client):
    with platform.unit_of_work(reader) as uow:
        path = paths.own_calendar(new_feed_key(uow))
    answers = [client.get(paths.own_calendar(f"{number:040}")).status_code for number in range(21)]
    assert answers == [404] * 20 + [TooMany.status]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_page_shows_what_is_followed_what_comes_and_the_address_once(platform, reader, log_in):
    dossier = a_planned_dossier(platform, "Mijn straat")
    client = log_in(reader)
    assert "U volgt nog niets" in client.get(paths.FOLLOWING).text
    start(platform, reader, dossier.id)
    page = client.get(paths.FOLLOWING)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Besluit over Mijn straat" in page.text
    made = post(client, f"{paths.FOLLOWING}/adres")
    address = re.search(r'href="(http[^"]+/agenda/[^"]+\.ics)"', made.text)[1]
    assert client.get(address.partition(platform.config.web.base_url)[2] or address).status_code == 200
    assert address not in client.get(paths.FOLLOWING).text
    assert "Maak een nieuw adres" in client.get(paths.FOLLOWING).text
    assert post(client, f"{paths.FOLLOWING}/adres/weg").status_code == 303
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(FeedKey)).scalar_one() == 0


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_button_goes_back_to_its_page_and_nowhere_else(platform, reader, log_in):
    dossier = a_dossier(platform)
    client, page = log_in(reader), paths.dossier(dossier.slug)
    for back, goes in ((page, page), ("https://elders.example", page), ("//elders.example", page), ("/beleidsagendaX", page), ("", page)):
        answer = post(client, f"{paths.FOLLOWING}/aan", subject_id=str(dossier.id), back=back)
        assert (answer.status_code, answer.location) == (303, goes)
    assert post(client, f"{paths.FOLLOWING}/uit", subject_id=str(dossier.id)).location == paths.FOLLOWING
    assert post(client, f"{paths.FOLLOWING}/aan", subject_id="geen id").status_code == 400


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_who_is_not_logged_in_is_led_there(client):
    answer = client.get(paths.FOLLOWING)
    assert answer.status_code in (303, 401, 403)
    assert "inloggen" in (answer.location or answer.text)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_erasing_an_account_takes_its_follows_and_its_address(platform, reader):
    start(platform, reader, a_dossier(platform).id)
    with platform.unit_of_work(reader) as uow:
        new_feed_key(uow)
    with platform.unit_of_work(system("test")) as uow:
        erase_account(uow, reader.account_id)
    with platform.read(system("test")) as uow:
        for model in (Follow, FeedKey):
            assert uow.session.execute(select(func.count()).select_from(model)).scalar_one() == 0


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_comes_is_what_is_not_over(platform, reader, log_in):
    dossier = a_dossier(platform, title="Mijn straat")
    with platform.unit_of_work(system("test")) as uow:
        past = (today(uow).replace(day=1) - timedelta(days=1)).replace(day=1)
    a_moment(platform, dossier, title="Al geweest", start=past)
    with platform.unit_of_work(system("test")) as uow:
        keep_entries_of_dossier(uow, dossier)
    start(platform, reader, dossier.id)
    assert "Al geweest" not in log_in(reader).get(paths.FOLLOWING).text
