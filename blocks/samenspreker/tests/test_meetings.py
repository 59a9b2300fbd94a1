"""Meetings of a table on the city's calendar: planning, changing, calling off, who was there, the report, the mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from citycontent.api import Event, EventCancelled, EventMoved
from citycontent.schemas import CancelEvent, Delete, MoveEvent
from citycontent.services.events import cancel_event as cancel_in_calendar
from citycontent.services.events import delete_event, move_event
from samen_core.accounts.models import User
from samen_core.actor import Actor
from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, system, uuid7
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_samenspreker.events import MeetingPlanned, MeetingReported
from samen_samenspreker.models import Meeting, Question, Seat
from samen_samenspreker.queries.meetings import attendance_of, meeting_by_id, meetings_of, taken_seats
from samen_samenspreker.schemas.meetings import CancelMeeting, PlanMeeting, RecordAttendance, ReportMeeting, UpdateMeeting
from samen_samenspreker.services.meeting_mail import meeting_changed
from samen_samenspreker.services.meetings import (
    cancel_meeting,
    find_meeting,
    meeting_values,
    plan_meeting,
    record_attendance,
    report_meeting,
    update_meeting,
)
from samen_samenspreker.testing import a_question, a_seat, an_accepted_question, queued_mail


@pytest.fixture
def question(platform: Platform) -> Question:
    return an_accepted_question(platform)


def planned(platform: Platform, question: Question, actor: Actor | None = None, **values: Any) -> Meeting:
    with platform.unit_of_work(actor or system("test")) as uow:
        start = uow.now + timedelta(days=7)
        given = {"name": "Tafelgesprek", "start_date": start, "end_date": start + timedelta(hours=2), "location": "Buurthuis", **values}
        return plan_meeting(uow, question.id, PlanMeeting(**given))


def version(platform: Platform, meeting: Meeting) -> int:
    with platform.read(system("test")) as uow:
        return int(meeting_by_id(uow, meeting.event_id).version)


def changed(platform: Platform, question: Question, meeting: Meeting, **values: Any) -> UpdateMeeting:
    """The command that changes only ``values``."""
    with platform.read(system("test")) as uow:
        found = meeting_values(uow, *find_meeting(uow, question, meeting.event_id))
    return UpdateMeeting(**{**found, "address": None, **values})


def test_a_meeting_stands_on_the_calendar_of_the_city(
    platform: Platform, question: Question, actor_as: Callable[..., Actor], outbox: Outbox
) -> None:
    meeting = planned(platform, question, actor_as("facilitator", question.id), agenda="1. Welkom", accessibility="Ringleiding")
    with platform.read(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        (row,) = meetings_of(uow, question.id)
    assert (event.name, event.classification, event.location, event.accessibility) == (
        "Tafelgesprek",
        "meeting",
        "Buurthuis",
        "Ringleiding",
    )
    assert (row.id, row.agenda, row.status) == (event.id, "1. Welkom", "confirmed")
    (told,) = outbox.events(MeetingPlanned.type)
    assert {"type": "event", "id": str(event.id)} in told["about"]


def test_only_who_facilitates_plans(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    other = an_accepted_question(platform, title="Waar komt de markt?")
    for actor in (actor_as("resident"), actor_as("facilitator", other.id)):
        with pytest.raises(NotAllowed):
            planned(platform, question, actor)
    with pytest.raises(Gone):
        planned(platform, a_question(platform, title="Nog niet aangenomen"))
    with pytest.raises(Invalid) as error:
        planned(platform, question, round_id=uuid7())
    assert set(error.value.errors) == {"round_id"}


def test_a_change_goes_to_the_event_and_keeps_the_rest_of_it(platform: Platform, question: Question, outbox: Outbox) -> None:
    meeting = planned(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        event.description, event.links = "Neem uw ideeën mee.", [{"url": "https://samen.example", "note": "Kaart"}]
    command = changed(platform, question, meeting, location="Bibliotheek", agenda="Alles")
    with platform.unit_of_work(system("test")) as uow:
        update_meeting(uow, meeting.event_id, command)
    with platform.read(system("test")) as uow:
        event, row = uow.session.get_one(Event, meeting.event_id), meeting_by_id(uow, meeting.event_id)
    assert (event.location, row.agenda) == ("Bibliotheek", "Alles")
    assert (event.description, event.links) == ("Neem uw ideeën mee.", [{"url": "https://samen.example", "note": "Kaart"}])
    assert outbox.events(EventMoved.type) == []


def test_another_editor_is_noticed_also_in_the_calendar(platform: Platform, question: Question) -> None:
    meeting = planned(platform, question)
    command = changed(platform, question, meeting, agenda="Later")
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        move_event(uow, event.id, MoveEvent(start_date=event.start_date + timedelta(days=1), version=event.version))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Conflict) as error:
        update_meeting(uow, meeting.event_id, command)
    assert error.value.version == version(platform, meeting)
    assert error.value.current["name"] == "Tafelgesprek"
    with platform.unit_of_work(system("test")) as uow:
        update_meeting(uow, meeting.event_id, changed(platform, question, meeting, agenda="Later"))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Conflict):
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=command.version))


def test_calling_off(platform: Platform, question: Question, outbox: Outbox, clock: Clock) -> None:
    meeting = planned(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=version(platform, meeting), reason="De zaal is dicht."))
    assert len(outbox.events(EventCancelled.type)) == 1
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=version(platform, meeting)))
    over = planned(platform, question, name="Geweest")
    clock.forward(days=30)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        cancel_meeting(uow, over.event_id, CancelMeeting(version=version(platform, over)))


def test_who_was_there(platform: Platform, question: Question, clock: Clock) -> None:
    seats = [a_seat(platform, question, title=f"Stoel {number}") for number in range(3)]
    elsewhere = a_seat(platform, an_accepted_question(platform, title="Waar komt de markt?"))
    meeting = planned(platform, question)
    presences = dict(zip((seat.id for seat in seats), ("present", "alternate", "absent"), strict=True))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        record_attendance(uow, meeting.event_id, RecordAttendance(presences=presences, version=version(platform, meeting)))
    clock.forward(days=7, hours=1)
    first = version(platform, meeting)
    with platform.unit_of_work(system("test")) as uow:
        record_attendance(uow, meeting.event_id, RecordAttendance(presences=presences, version=first))
    with platform.read(system("test")) as uow:
        assert attendance_of(uow, meeting.event_id) == presences
        assert taken_seats(uow, question.id) == {meeting.event_id: 2}
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Conflict):
        record_attendance(uow, meeting.event_id, RecordAttendance(presences={}, version=first))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        command = RecordAttendance(presences={elsewhere.id: "present"}, version=version(platform, meeting))
        record_attendance(uow, meeting.event_id, command)
    with platform.unit_of_work(system("test")) as uow:
        record_attendance(uow, meeting.event_id, RecordAttendance(presences={seats[0].id: "absent"}, version=version(platform, meeting)))
    with platform.read(system("test")) as uow:
        assert attendance_of(uow, meeting.event_id) == {seats[0].id: "absent"}


def test_a_report_is_published_and_may_be_corrected(platform: Platform, question: Question, clock: Clock, outbox: Outbox) -> None:
    meeting = planned(platform, question)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        report_meeting(uow, meeting.event_id, ReportMeeting(report="Te vroeg", version=version(platform, meeting)))
    clock.forward(days=8)
    for text in ("Wij spraken over de straat.", "Wij spraken over de straat en de markt.", "Wij spraken over de straat en de markt."):
        with platform.unit_of_work(system("test")) as uow:
            report_meeting(uow, meeting.event_id, ReportMeeting(report=text, visitors=12, version=version(platform, meeting)))
    assert len(outbox.events(MeetingReported.type)) == 2, "the same report twice is told once"
    with platform.read(system("test")) as uow:
        row = meeting_by_id(uow, meeting.event_id)
    assert (row.report, row.visitors, row.reported_at is not None) == ("Wij spraken over de straat en de markt.", 12, True)


def test_a_meeting_that_the_calendar_took_away_is_gone(platform: Platform, question: Question) -> None:
    meeting = planned(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        delete_event(uow, meeting.event_id, Delete(version=uow.session.get_one(Event, meeting.event_id).version, reason="vergissing"))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(NotFound):
        cancel_meeting(uow, meeting.event_id, CancelMeeting(version=2))
    with platform.read(system("test")) as uow:
        assert meetings_of(uow, question.id) == []


@pytest.fixture
def table(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> dict[str, str]:
    """Who sits at the table, by name: two who want mail, an alternate, one who wants none, one who stopped."""
    holder, english, alternate, silent, stopped = (actor_as("resident") for _number in range(5))
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(User, english.account_id).language = "en"
    a_seat(platform, question, account_id=holder.account_id, alternate_id=alternate.account_id)
    a_seat(platform, question, account_id=english.account_id)
    a_seat(platform, question, account_id=silent.account_id, wants_mail=False)
    a_seat(platform, question, account_id=stopped.account_id, state="ended")
    people = {"holder": holder, "english": english, "alternate": alternate, "silent": silent, "stopped": stopped}
    with platform.read(system("test")) as uow:
        return {name: str(uow.session.get_one(User, actor.account_id).email) for name, actor in people.items()}


def mailed(platform: Platform, outbox: Outbox) -> list[Any]:
    """The mails about meetings that the worker queued since the last look."""
    known = {mail.id for mail in queued_mail(platform)}
    _handle(platform, outbox)
    return [mail for mail in queued_mail(platform) if mail.id not in known]


def _handle(platform: Platform, outbox: Outbox) -> None:
    from samen_core.events.types import Delivered

    for payload in [*outbox.events(MeetingPlanned.type), *outbox.events(EventMoved.type), *outbox.events(EventCancelled.type)]:
        with platform.unit_of_work(system("worker")) as uow:
            meeting_changed(uow, Delivered(uuid7(), "", 1, payload, (), uuid7(), uow.now))


def test_the_table_is_told_of_a_meeting_once_each(platform: Platform, question: Question, table: dict[str, str], outbox: Outbox) -> None:
    planned(platform, question)
    found = mailed(platform, outbox)
    assert sorted(mail.recipient for mail in found) == sorted((table["holder"], table["english"], table["alternate"]))
    for mail in found:
        others = [address for address in table.values() if address != mail.recipient and address in mail.body + mail.subject]
        assert others == []
        assert "Tafelgesprek" in mail.body
        assert "Buurthuis" in mail.body
    languages = {mail.recipient: mail.language for mail in found}
    assert languages[table["english"]] == "en"
    assert languages[table["holder"]] == "nl"
    assert mailed(platform, outbox) == [], "a second delivery tells nothing new"


def test_the_table_is_told_of_another_moment_wherever_it_was_changed(
    platform: Platform, question: Question, table: dict[str, str], outbox: Outbox
) -> None:
    meeting = planned(platform, question)
    mailed(platform, outbox)
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        move_event(uow, event.id, MoveEvent(start_date=event.start_date + timedelta(days=1), version=event.version))
    before = version(platform, meeting)
    assert {mail.subject for mail in mailed(platform, outbox) if mail.language == "nl"} == {"Bijeenkomst gewijzigd"}
    assert version(platform, meeting) == before, "telling changes nothing that an open form was read at"
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, meeting.event_id)
        cancel_in_calendar(uow, event.id, CancelEvent(version=event.version))
    assert {mail.subject for mail in mailed(platform, outbox) if mail.language == "nl"} == {"Bijeenkomst gaat niet door"}


def test_no_mail_about_what_is_over(platform: Platform, question: Question, table: dict[str, str], outbox: Outbox, clock: Clock) -> None:
    planned(platform, question)
    clock.forward(days=30)
    assert mailed(platform, outbox) == []


def test_the_worker_tells_of_a_meeting(platform: Platform, question: Question, table: dict[str, str], outbox: Outbox) -> None:
    from sqlalchemy import func, select

    from samen_core.mail import QueuedMail

    meeting = planned(platform, question)
    outbox.drain()
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(QueuedMail)).scalar_one() == 3
        assert uow.session.get_one(Meeting, meeting.event_id).told_sequence == 0


def test_seats_of_another_table_get_nothing(platform: Platform, question: Question, table: dict[str, str], outbox: Outbox) -> None:
    other = an_accepted_question(platform, title="Waar komt de markt?")
    planned(platform, other)
    assert mailed(platform, outbox) == []
    assert isinstance(a_seat(platform, other), Seat)
