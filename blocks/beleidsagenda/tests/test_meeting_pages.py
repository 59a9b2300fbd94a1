"""Pages of meetings and agendas, as residents and clerks use them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from citycontent.api import Event
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import AgendaItem, Meeting
from samen_beleidsagenda.testing import a_body, a_commitment, a_decision, a_document, a_dossier, a_meeting, a_motion, a_point, points_of
from samen_core.api import Platform, UnitOfWork, system
from samen_core.testing.visitors import send_form, text_of

pytestmark = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""

Visit = Callable[..., FlaskClient]


def _items(platform: Platform, meeting_id: Any) -> list[tuple[str, str, str]]:
    with platform.read(system("test")) as uow:
        statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state != "deleted")
        found = uow.session.execute(statement.order_by(AgendaItem.position)).scalars()
        return [(item.number, item.title, item.state) for item in found]


def test_the_list_tells_what_comes_and_what_was(platform: Platform, client: FlaskClient) -> None:
    body = a_body(platform, "committee", "Commissie Stad")
    a_meeting(platform, name="Raad in de toekomst")
    with platform.unit_of_work(system("test")) as uow:
        a_meeting(uow, body, name="Commissie van toen", type="committee_meeting", start=uow.now - timedelta(days=9))
    coming, past = (text_of(client.get(f"{paths.MEETINGS}{query}").text) for query in ("", "?weergave=geweest"))
    assert "1 vergadering" in coming
    assert "Raad in de toekomst" in coming
    assert "Commissie van toen" not in coming
    assert "Commissie van toen" in past
    assert "Raad in de toekomst" not in past
    assert "Commissie van toen" in text_of(
        client.get(f"{paths.MEETINGS}?weergave=geweest&orgaan=commissie-stad&soort=committee_meeting").text
    )
    assert "Niets past bij wat u zoekt" in text_of(client.get(f"{paths.MEETINGS}?q=brandweer").text)
    assert client.get(f"{paths.MEETINGS}?orgaan=nergens").status_code == 400
    assert client.get(f"{paths.MEETINGS}?cursor=x").status_code == 400
    assert client.get(f"/en{paths.MEETINGS}").status_code == 200


def test_a_meeting_shows_its_agenda_with_everything_on_it(platform: Platform, client: FlaskClient) -> None:
    dossier = a_dossier(platform)
    meeting = a_meeting(platform, points=("Opening",), livestream_url="https://raad.example/live")
    point = a_point(platform, meeting, title="Fietsstraat", dossier_id=dossier.id, hammer_item=True)
    a_motion(platform, title="Motie bankjes", agenda_item_id=point.id, body_id=meeting.body_id)
    a_commitment(platform, title="Brief voor de zomer", agenda_item_id=point.id, body_id=meeting.body_id)
    a_decision(platform, title="Het wordt een fietsstraat", agenda_item_id=point.id, body_id=meeting.body_id)
    page = client.get(paths.meeting(meeting.event_id))
    said = text_of(page.text)
    for words in (
        "Opening",
        "Hamerstuk",
        dossier.title,
        "Motie bankjes",
        "Brief voor de zomer",
        "Het wordt een fietsstraat",
        "Kijk live mee",
    ):
        assert words in said
    assert ".ics" in page.text
    with platform.read(system("test")) as uow:
        in_calendar = text_of(client.get(f"/agenda/{uow.session.get_one(Event, meeting.event_id).slug}").text)
    assert "2 Fietsstraat" in in_calendar
    assert "Bekijk de hele agenda met de stukken" in in_calendar
    assert "Agenda maken" not in said
    one = text_of(client.get(paths.agenda_item(point.id)).text)
    assert "Fietsstraat" in one
    assert "Motie bankjes" in one
    assert "Opening" in one


def test_an_agenda_that_is_being_made_is_nobody_elses_business(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    meeting = a_meeting(platform, points=("Proefballon",), agenda_published_at=None)
    point = points_of(platform, meeting)[0]
    path = paths.meeting(meeting.event_id)
    assert "Proefballon" not in client.get(path).text
    assert "De agenda is er nog niet" in client.get(path).text
    assert client.get(paths.agenda_item(point.id)).status_code == 404
    clerk = as_role("facilitator", meeting.body_id)
    assert "Proefballon" in clerk.get(path).text
    assert clerk.get(f"{path}/agenda").status_code == 200
    other = as_role("facilitator", a_body(platform, "other").organization_id)
    assert "Proefballon" not in other.get(path).text
    assert other.get(f"{path}/agenda").status_code == 403


def test_a_clerk_plans_a_meeting_makes_its_agenda_and_makes_it_public(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    body = a_body(platform)
    clerk = as_role("decision_maker", body.organization_id)
    day = {"start_date": "2027-02-01T19:30", "end_date": "2027-02-01T22:00"}
    answer = send_form(clerk, f"{paths.MEETINGS}/nieuw", body_id=str(body.organization_id), type="council_meeting", **day)
    assert answer.status_code == 303, text_of(answer.text)
    agenda = answer.location
    for title in ("Opening", "Fietsstraat"):
        added = send_form(clerk, f"{agenda}/nieuw", title=title)
        assert added.status_code == 303, text_of(added.text)
    page = clerk.get(agenda).text
    assert "2 punten zijn nog niet openbaar" in text_of(page)
    token, version = re.search(r'name="csrf_token" value="([^"]+)"', page), re.search(r'name="version" value="(\d+)"', page)
    assert token is not None
    assert version is not None
    fields = {"csrf_token": token[1], "version": version[1]}
    second = re.findall(r'data-id="([0-9a-f-]+)"', page)[1]
    moved = clerk.post(f"{paths.MEETINGS}/punten/{second}/verplaatsen", data={**fields, "direction": "up"})
    assert moved.status_code == 303
    stale = clerk.post(f"{agenda}/openbaar", data=fields, follow_redirects=True)
    assert "Iemand anders heeft dit intussen gewijzigd" in text_of(stale.text)
    fields["version"] = re.search(r'name="version" value="(\d+)"', clerk.get(agenda).text)[1]  # type: ignore[index]
    assert "De agenda is openbaar" in text_of(clerk.post(f"{agenda}/openbaar", data=fields, follow_redirects=True).text)
    assert _items(platform, uuid.UUID(agenda.split("/")[-2])) == [("1", "Fietsstraat", "published"), ("2", "Opening", "published")]
    seen = text_of(client.get(agenda.removesuffix("/agenda")).text)
    assert seen.index("Fietsstraat") < seen.index("Opening", seen.index("Fietsstraat"))


def test_points_are_dragged_with_the_same_form(platform: Platform, as_role: Visit) -> None:
    meeting = a_meeting(platform, points=("Een", "Twee", "Drie"))
    clerk = as_role("facilitator", meeting.body_id)
    agenda = paths.meeting(meeting.event_id, "agenda")
    page = clerk.get(agenda).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    version = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    ids = re.findall(r'data-id="([0-9a-f-]+)"', page)
    data = {"csrf_token": token, "version": version, "order": [ids[2], ids[0], ids[1]]}
    assert clerk.post(f"{agenda}/volgorde", data=data).status_code == 303
    assert [title for _number, title, _state in _items(platform, meeting.event_id)] == ["Drie", "Een", "Twee"]
    assert [number for number, _title, _state in _items(platform, meeting.event_id)] == ["1", "2", "3"]


@pytest.mark.soak
def test_mistakes_keep_what_was_typed(platform: Platform, as_role: Visit) -> None:
    body = a_body(platform)
    clerk = as_role("facilitator", body.organization_id)
    wrong = {"body_id": str(body.organization_id), "type": "council_meeting", "name": "Raad", "start_date": "2027-02-01T19:30"}
    answer = send_form(clerk, f"{paths.MEETINGS}/nieuw", end_date="2027-02-01T18:00", livestream_url="hier", **wrong)
    said = text_of(answer.text)
    assert answer.status_code == 400
    assert "Het einde ligt niet na het begin." in said
    assert 'value="Raad"' in answer.text
    assert 'value="hier"' in answer.text
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Meeting.event_id)).first() is None


def test_a_clerk_changes_calls_off_and_records(platform: Platform, client: FlaskClient, as_role: Visit, clock: Any) -> None:
    meeting = a_meeting(platform)
    clerk = as_role("decision_maker", meeting.body_id)
    path = paths.meeting(meeting.event_id)
    assert send_form(clerk, f"{path}/bewerken", location="Bibliotheek").status_code == 303
    assert "Bibliotheek" in text_of(client.get(path).text)
    point = paths.agenda_item(points_of(platform, meeting)[1].id)
    document = a_document(platform)
    assert send_form(clerk, f"{point}/stukken", document_id=str(document.id), role="decision").status_code == 303
    assert document.title in text_of(client.get(point).text)
    assert "Hier wordt erover besloten" in text_of(client.get(paths.document(document.id)).text)
    assert send_form(clerk, f"{point}/bewerken", title="Fietsstraat of niet").status_code == 303
    assert send_form(clerk, f"{point}/uitkomst", result="adopted").status_code == 400
    clock.forward(days=8)
    clerk = as_role("facilitator", meeting.body_id)
    assert send_form(clerk, f"{point}/uitkomst", result="adopted", resolution="De raad stemt in.").status_code == 303
    said = text_of(client.get(point).text)
    assert "Aangenomen" in said
    assert "De raad stemt in." in said
    assert "Fietsstraat of niet" in said


def test_a_meeting_that_is_called_off_says_so(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    meeting = a_meeting(platform)
    clerk = as_role("facilitator", meeting.body_id)
    path = paths.meeting(meeting.event_id)
    assert "Waarom? (niet verplicht)" not in text_of(clerk.get(f"{path}/afgelasten").text)
    assert send_form(clerk, f"{path}/afgelasten").status_code == 400
    assert send_form(clerk, f"{path}/afgelasten", reason="Te weinig stukken").status_code == 303
    said = text_of(client.get(path).text)
    assert "Deze vergadering gaat niet door." in said
    assert "Reden: Te weinig stukken" in said
    assert "Gaat niet door" in text_of(client.get(paths.MEETINGS).text)


@pytest.mark.soak
def test_a_point_is_taken_off_and_its_page_is_gone(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    meeting = a_meeting(platform)
    point = points_of(platform, meeting)[0]
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(AgendaItem, point.id).published_at = uow.now
    clerk = as_role("decision_maker", meeting.body_id)
    path = paths.agenda_item(point.id)
    assert send_form(clerk, f"{path}/weghalen", reason="Dubbel").status_code == 303
    assert client.get(path).status_code == 410
    assert [number for number, _title, _state in _items(platform, meeting.event_id)] == ["1"]


def test_a_meeting_costs_the_same_however_long_its_agenda(platform: Platform, client: FlaskClient) -> None:
    body = a_body(platform)

    def fill(uow: UnitOfWork, number: int) -> Meeting:
        meeting = a_meeting(uow, body, points=[f"Punt {at}" for at in range(number)], name=f"Raad {number}")
        for point in points_of(uow, meeting):
            point.dossier_id = a_dossier(uow, title=f"Dossier {point.id}").id
            a_motion(uow, body, agenda_item_id=point.id)
        return meeting

    with platform.unit_of_work(system("test")) as uow:
        short, long = fill(uow, 2), fill(uow, 9)
    counts = []
    for meeting in (short, long):
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = sent) -> None:
            into.append(statement)

        event.listen(platform.engine, "before_cursor_execute", note)
        try:
            assert client.get(paths.meeting(meeting.event_id)).status_code == 200
        finally:
            event.remove(platform.engine, "before_cursor_execute", note)
        counts.append(len([statement for statement in sent if statement.startswith(("SELECT", "WITH"))]))
    assert counts[0] == counts[1]


def test_what_is_no_meeting_or_no_longer_one(platform: Platform, client: FlaskClient) -> None:
    meeting = a_meeting(platform)
    assert client.get(paths.meeting(points_of(platform, meeting)[0].id)).status_code == 404
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Event, meeting.event_id).state = "deleted"
    assert client.get(paths.meeting(meeting.event_id)).status_code == 410
