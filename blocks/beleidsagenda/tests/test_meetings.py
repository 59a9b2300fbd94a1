"""Meetings follow the city's calendar, and the calendar follows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.api import Event, cancel_event, event_command, update_event
from citycontent.schemas import CancelEvent, Delete
from citycontent.services.events import delete_event
from samen_beleidsagenda.models import AgendaItem, Body, Entry, Meeting
from samen_beleidsagenda.schemas.agendas import AddItem
from samen_beleidsagenda.schemas.meetings import CancelMeeting, ChangeMeeting, PlanMeeting, PublishAgenda
from samen_beleidsagenda.services.agendas import add_item
from samen_beleidsagenda.services.meetings import (
    cancel_meeting,
    change_meeting,
    find_meeting,
    meeting_values,
    plan_meeting,
    publish_agenda,
    status_of,
    version_of,
)
from samen_beleidsagenda.testing import a_body, a_document, a_dossier, a_meeting, a_moment, points_of
from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, Subject, system
from samen_core.db.changes import Change
from samen_core.events.outbox import OutboxEvent

on_one = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""


@pytest.fixture
def council(platform: Platform) -> Body:
    return a_body(platform)


def _plan(platform: Platform, body: Body, actor: Any = None, **values: Any) -> Meeting:
    with platform.unit_of_work(actor or system("test")) as uow:
        start = values.pop("start_date", uow.now + timedelta(days=7))
        facts = {"type": "council_meeting", "start_date": start, "end_date": start + timedelta(hours=3), **values}
        return plan_meeting(uow, PlanMeeting(body_id=body.organization_id, **facts))


def _change(platform: Platform, meeting: Meeting, **values: Any) -> Meeting:
    with platform.unit_of_work(system("test")) as uow:
        found, event = find_meeting(uow, meeting.event_id)
        facts = meeting_values(uow, found, event)
        facts["address"] = None
        return change_meeting(uow, meeting.event_id, ChangeMeeting(**{**facts, **values}))


def _events(platform: Platform, type: str) -> list[Any]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(OutboxEvent).where(OutboxEvent.type == type)).scalars())


def test_a_meeting_is_an_event_with_its_body_as_organizer(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council, location="Raadzaal")
    with platform.read(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        entry = uow.session.get_one(Entry, meeting.event_id)
        assert (event.name, event.classification, event.organization_id) == ("Raadsvergadering", "meeting", council.organization_id)
        assert (entry.kind, entry.body_id, entry.location, entry.status) == ("meeting", council.organization_id, "Raadzaal", "confirmed")
        assert entry.visible
        assert "BEGIN:VEVENT" in entry.vevent


@on_one
def test_a_committee_gives_its_name_to_its_meeting(platform: Platform) -> None:
    body = a_body(platform, "committee", "Commissie Ruimte")
    meeting = _plan(platform, body, type="committee_meeting")
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Event, meeting.event_id).name == "Commissievergadering Commissie Ruimte"


@on_one
def test_who_keeps_the_agenda_of_a_body_plans_only_for_that_body(platform: Platform, council: Body, actor_as: Any) -> None:
    clerk = actor_as("decision_maker", council.organization_id)
    assert _plan(platform, council, clerk).body_id == council.organization_id
    other = a_body(platform, "committee")
    with pytest.raises(NotAllowed):
        _plan(platform, other, clerk)
    with pytest.raises(NotAllowed):
        _plan(platform, council, actor_as("resident"))


@on_one
def test_a_body_that_is_not_on_the_agenda_is_refused(platform: Platform, organization: Any) -> None:
    with pytest.raises(Invalid) as problem, platform.unit_of_work(system("test")) as uow:
        plan_meeting(uow, PlanMeeting(body_id=organization.id, type="other", start_date=uow.now))
    assert list(problem.value.errors) == ["body_id"]


@on_one
def test_a_moved_meeting_moves_in_the_calendar_and_in_the_feed(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with platform.read(system("test")) as uow:
        before = uow.session.get_one(Entry, meeting.event_id)
    moved = before.start_at + timedelta(days=2)
    _change(platform, meeting, start_date=moved, end_date=None, location="Bibliotheek")
    with platform.read(system("test")) as uow:
        after, event = uow.session.get_one(Entry, meeting.event_id), uow.session.get_one(Event, meeting.event_id)
        assert (after.start_at, after.location, after.uid) == (moved, "Bibliotheek", before.uid)
        assert after.sequence == before.sequence + 1
        assert (event.start_date, event.status, event.previous_start_date) == (moved, "rescheduled", before.start_at)


@on_one
def test_a_change_of_what_the_meeting_adds_leaves_the_event_alone(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with platform.read(system("test")) as uow:
        version = uow.session.get_one(Event, meeting.event_id).version
    changed = _change(platform, meeting, livestream_url="https://raad.zoetermeer.example/live", closed=True)
    assert (changed.livestream_url, changed.closed) == ("https://raad.zoetermeer.example/live", True)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Event, meeting.event_id).version == version


@on_one
def test_two_clerks_at_once(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with platform.read(system("test")) as uow:
        found, event = find_meeting(uow, meeting.event_id)
        seen = meeting_values(uow, found, event)
    _change(platform, meeting, location="Bibliotheek")
    with pytest.raises(Conflict) as problem, platform.unit_of_work(system("test")) as uow:
        change_meeting(uow, meeting.event_id, ChangeMeeting(**{**seen, "address": None, "location": "Zaal 2"}))
    assert problem.value.current["location"] == "Bibliotheek"


def test_the_calendar_moves_a_meeting_too(platform: Platform, council: Body, outbox: Any) -> None:
    meeting = _plan(platform, council)
    outbox.drain()
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        start = event.start_date + timedelta(days=1)
        update_event(uow, event.id, replace(event_command(uow, event), start_date=start, end_date=None))
    outbox.drain()
    with platform.read(system("test")) as uow:
        entry, kept = uow.session.get_one(Entry, meeting.event_id), uow.session.get_one(Meeting, meeting.event_id)
        assert (entry.start_at, entry.sequence) == (start, 1)
        assert kept.changed_at > meeting.changed_at
        assert kept.version == meeting.version


@on_one
def test_the_worker_changes_nothing_after_a_change_of_our_own(platform: Platform, council: Body, outbox: Any) -> None:
    meeting = _plan(platform, council)
    _change(platform, meeting, location="Bibliotheek")
    with platform.read(system("test")) as uow:
        found, event = find_meeting(uow, meeting.event_id)
        before = (version_of(found, event), found.changed_at, uow.session.get_one(Entry, meeting.event_id).sequence)
    outbox.drain()
    with platform.read(system("test")) as uow:
        found, event = find_meeting(uow, meeting.event_id)
        assert (version_of(found, event), found.changed_at, uow.session.get_one(Entry, meeting.event_id).sequence) == before


@on_one
def test_a_meeting_is_called_off_with_a_reason(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with platform.read(system("test")) as uow:
        version = version_of(*find_meeting(uow, meeting.event_id))
    with pytest.raises(Invalid) as problem, platform.unit_of_work(system("test")) as uow:
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=version, reason=" "))
    assert list(problem.value.errors) == ["reason"]
    with platform.unit_of_work(system("test")) as uow:
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=version, reason="Te weinig stukken"))
    with platform.read(system("test")) as uow:
        event, entry = uow.session.get_one(Event, meeting.event_id), uow.session.get_one(Entry, meeting.event_id)
        assert (event.status, entry.status, entry.sequence, entry.visible) == ("cancelled", "cancelled", 1, True)
        assert status_of(event.status, event.start_date, event.end_date, uow.now) == "cancelled"
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        version = version_of(*find_meeting(uow, meeting.event_id))
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=version, reason="Nog eens"))


@on_one
def test_what_is_called_off_in_the_calendar_leaves_the_agenda_waiting(platform: Platform, council: Body, outbox: Any) -> None:
    meeting = a_meeting(platform, council)
    point = points_of(platform, meeting)[1]
    moment = a_moment(platform, body_id=council.organization_id, status="scheduled", agenda_item_id=point.id)
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        cancel_event(uow, event.id, CancelEvent(version=event.version, reason="Ziekte"))
    outbox.drain()
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Entry, meeting.event_id).status == "cancelled"
        kept = uow.session.get_one(type(moment), moment.id)
        assert (kept.status, kept.agenda_item_id) == ("planned", None)


@on_one
def test_a_meeting_that_the_calendar_takes_away_is_gone_with_its_agenda(platform: Platform, council: Body, outbox: Any) -> None:
    meeting = a_meeting(platform, council)
    point = points_of(platform, meeting)[0]
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        delete_event(uow, event.id, Delete(version=event.version, reason="Dubbel"))
    outbox.drain()
    with platform.read(system("test")) as uow:
        with pytest.raises(Gone):
            find_meeting(uow, meeting.event_id)
        assert uow.session.get_one(AgendaItem, point.id).state == "deleted"
        assert uow.session.get_one(Subject, point.id).state == "deleted"
        entry = uow.session.get_one(Entry, meeting.event_id)
        assert (entry.status, entry.visible) == ("cancelled", False)


def test_a_published_agenda_is_told_with_its_dossiers_but_not_the_confidential_ones(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    known, hidden = a_dossier(platform), a_dossier(platform, title="Geheime grondaankoop", confidential=True)
    with platform.unit_of_work(system("test")) as uow:
        for title, dossier, confidential in (("Fietsstraat", known, False), ("Grond", hidden, False), ("Kluis", known, True)):
            add_item(uow, meeting.event_id, AddItem(title=title, dossier_id=dossier.id, confidential=confidential))
        publish_agenda(uow, meeting.event_id, PublishAgenda(version=version_of(*find_meeting(uow, meeting.event_id))))
    points = points_of(platform, meeting)
    assert [point.state for point in points] == ["published"] * 3
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Meeting, meeting.event_id).agenda_published_at is not None
        assert [uow.session.get_one(Subject, point.id).public for point in points] == [True, True, False]
    (event,) = _events(platform, "beleidsagenda.agenda.published")
    about = {ref["id"] for ref in event.payload["about"]}
    assert about == {str(meeting.event_id), str(council.organization_id), str(known.id)}


@on_one
def test_an_agenda_without_new_points_is_not_published(platform: Platform, council: Body, actor_as: Any) -> None:
    meeting = _plan(platform, council)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        publish_agenda(uow, meeting.event_id, PublishAgenda(version=version_of(*find_meeting(uow, meeting.event_id))))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        add_item(uow, meeting.event_id, AddItem(title="Opening"))
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("facilitator")) as uow:
        publish_agenda(uow, meeting.event_id, PublishAgenda(version=version_of(*find_meeting(uow, meeting.event_id))))


@on_one
def test_minutes_are_a_paper_that_is_there(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with pytest.raises(Invalid) as problem:
        _change(platform, meeting, minutes_id=meeting.event_id)
    assert list(problem.value.errors) == ["minutes_id"]
    minutes = a_document(platform, type="minutes")
    assert _change(platform, meeting, minutes_id=minutes.id).minutes_id == minutes.id


@on_one
def test_what_is_no_meeting_is_not_found(platform: Platform, organization: Any) -> None:
    with platform.read(system("test")) as uow, pytest.raises(NotFound):
        find_meeting(uow, organization.id)


@on_one
def test_the_log_of_a_meeting_is_that_of_its_event(platform: Platform, council: Body) -> None:
    meeting = _plan(platform, council)
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Change.action).where(Change.subject_id == meeting.event_id, Change.public)).scalars().all()
    assert "beleidsagenda.meeting.planned" in rows
