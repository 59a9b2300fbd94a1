"""Meetings: places that are exact, a waiting list that moves up, mails that go once, who came, and the report."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from citycontent.api import Event, MoveEvent, move_event
from citycontent.testing import make_event
from samen_core.api import Actor, Conflict, Gone, Grant, Invalid, NotAllowed, NotFound, Platform, anonymous, system
from samen_core.mail.models import QueuedMail
from samen_doe_mee.models import Meeting, Plan, Registration
from samen_doe_mee.schemas.meetings import CancelMeeting, RecordAttendance, ReportMeeting, TieMeeting, UpdateMeeting
from samen_doe_mee.schemas.registrations import ChangeRegistration, Register
from samen_doe_mee.services import meetings, registrations
from samen_doe_mee.services.meeting_common import visible_meeting
from samen_doe_mee.services.meeting_mails import remind_due
from samen_doe_mee.testing_polls import a_meeting, a_round

ActorAs = Callable[..., Actor]
STAFF = Actor(kind="account", label="Staf", grants=(Grant("facilitator"),), origin="test")
VISITOR = anonymous("test")


def come(platform: Platform, actor: Actor, id: uuid.UUID, **values: Any) -> tuple[str, str]:
    """The state and the key of a new registration."""
    with platform.unit_of_work(actor) as uow:
        done = registrations.register(uow, id, Register(**values))
        return done.registration.state, done.key


def confirmed(platform: Platform, id: uuid.UUID, email: str, people: int = 1, **values: Any) -> tuple[str, str]:
    _state, key = come(platform, VISITOR, id, name="Jip", email=email, people=people, **values)
    with platform.unit_of_work(VISITOR) as uow:
        return registrations.confirm(uow, key).registration.state, key


def state_of(platform: Platform, key: str) -> str:
    with platform.read(VISITOR) as uow:
        return registrations.own_registration(uow, key).registration.state


def taken(platform: Platform, id: uuid.UUID) -> int:
    """The number of places taken, which is that of a recount."""
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Meeting, id).taken
        counted = select(func.coalesce(func.sum(Registration.people), 0)).where(
            Registration.meeting_id == id, Registration.state.in_(("registered", "attended", "absent"))
        )
        assert found == uow.session.execute(counted).scalar_one()
        return found


def mails(platform: Platform) -> list[tuple[str, str]]:
    """To whom mail was queued, with its subject, first to last."""
    with platform.read(system("test")) as uow:
        return [(row.recipient, row.subject) for row in uow.session.execute(select(QueuedMail).order_by(QueuedMail.id)).scalars()]


def version(platform: Platform, id: uuid.UUID) -> int:
    with platform.read(STAFF) as uow:
        return meetings.version_of(visible_meeting(uow, id))


def test_places_go_to_who_confirms_and_the_waiting_list_moves_up(platform: Platform, actor_as: ActorAs) -> None:
    id = a_meeting(platform, places=3)
    state, key = come(platform, VISITOR, id, name="Jip", email="jip@voorbeeld.nl", people=2)
    assert (state, taken(platform, id)) == ("unconfirmed", 0)
    # The same again sends the link again and makes no second registration.
    assert come(platform, VISITOR, id, name="Jip", email="JIP@voorbeeld.nl ", people=2) == ("unconfirmed", key)
    with platform.unit_of_work(VISITOR) as uow:
        assert registrations.confirm(uow, key).registration.state == "registered"
    resident = actor_as("resident")
    state, own = come(platform, resident, id, people=1, needs="Een tolk")
    assert (state, taken(platform, id)) == ("registered", 3)
    assert confirmed(platform, id, "an@voorbeeld.nl", 2) == ("waiting", confirmed(platform, id, "an@voorbeeld.nl", 2)[1])
    small = confirmed(platform, id, "bo@voorbeeld.nl", 1)
    assert small[0] == "waiting"
    with platform.unit_of_work(resident) as uow:
        assert registrations.cancel(uow, own).registration.state == "cancelled"
    # The two who wait first do not fit; the one behind them does.
    assert state_of(platform, small[1]) == "registered"
    assert taken(platform, id) == 3
    with platform.unit_of_work(VISITOR) as uow:
        registrations.cancel(uow, key)
    with platform.read(system("test")) as uow:
        gone = uow.session.execute(select(Registration).where(Registration.state == "cancelled")).scalars().all()
        assert [(row.account_id, row.name, row.email, row.needs) for row in gone] == [(None, "", "", "")] * 2
        states = uow.session.execute(select(Registration.state).order_by(Registration.at)).scalars().all()
        assert sorted(states) == ["cancelled", "cancelled", "registered", "registered"]
    assert taken(platform, id) == 3
    subjects = [subject for _to, subject in mails(platform)]
    assert subjects.count("Er is plaats voor u") == 2
    assert come(platform, resident, id, people=1)[0] == "waiting"


def test_who_has_the_link_changes_what_was_said(platform: Platform) -> None:
    id = a_meeting(platform, places=4)
    _state, key = confirmed(platform, id, "jip@voorbeeld.nl", 2)
    assert confirmed(platform, id, "an@voorbeeld.nl", 1)[0] == "registered"

    def change(people: int, number: int) -> None:
        with platform.unit_of_work(VISITOR) as uow:
            registrations.change(uow, key, ChangeRegistration(people=people, version=number))

    with platform.read(VISITOR) as uow:
        number = registrations.own_registration(uow, key).registration.version
    with pytest.raises(Invalid) as refused:
        change(4, number)
    assert set(refused.value.errors) == {"people"}
    change(3, number)
    with pytest.raises(Conflict):
        change(1, number)
    assert taken(platform, id) == 4
    for wrong in ("x" * 40, "y" * 500, key[:-1]):
        with platform.read(VISITOR) as uow, pytest.raises(NotFound):
            registrations.own_registration(uow, wrong)


def test_what_cannot_be_is_refused(platform: Platform, clock: Any) -> None:
    id = a_meeting(platform, places=2, register_hours=24)
    with pytest.raises(Invalid) as refused:
        come(platform, VISITOR, id, people=3)
    assert set(refused.value.errors) == {"name", "email", "people"}
    _state, key = come(platform, VISITOR, id, name="Jip", email="jip@voorbeeld.nl")
    clock.shift = timedelta(days=6, hours=1)
    with pytest.raises(Gone):
        come(platform, VISITOR, id, name="An", email="an@voorbeeld.nl")
    # Who registered in time may still confirm.
    with platform.unit_of_work(VISITOR) as uow:
        assert registrations.confirm(uow, key).registration.state == "registered"
    clock.shift = timedelta(days=8)
    with platform.unit_of_work(VISITOR) as uow, pytest.raises(Gone):
        registrations.cancel(uow, key)
    draft = a_meeting(platform, public=False)
    with pytest.raises(NotFound):
        come(platform, VISITOR, draft, name="Jip", email="jip@voorbeeld.nl")
    open_to_all = a_meeting(platform, registration=False)
    with pytest.raises(Gone):
        come(platform, VISITOR, open_to_all, name="Jip", email="jip@voorbeeld.nl")


def test_a_reminder_goes_once_in_the_language_of_who_registered(platform: Platform, clock: Any) -> None:
    id = a_meeting(platform, places=1)
    with platform.translations.use("en"):
        confirmed(platform, id, "jip@voorbeeld.nl")
    confirmed(platform, id, "wacht@voorbeeld.nl")
    before = len(mails(platform))

    def remind() -> int:
        with platform.unit_of_work(system("test")) as uow:
            return remind_due(uow)

    assert remind() == 0
    clock.shift = timedelta(days=6, hours=2)
    assert (remind(), remind()) == (1, 0)
    sent = mails(platform)[before:]
    assert [to for to, _subject in sent] == ["jip@voorbeeld.nl"]
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(QueuedMail.language).order_by(QueuedMail.id.desc()).limit(1)).scalar_one() == "en"


def test_who_registered_hears_once_of_another_moment_and_that_it_is_off(platform: Platform, outbox: Any) -> None:
    id = a_meeting(platform)
    confirmed(platform, id, "jip@voorbeeld.nl")
    outbox.drain()
    before = len(mails(platform))
    with platform.unit_of_work(system("test")) as uow:
        event = uow.session.get_one(Event, id)
        move_event(uow, id, MoveEvent(start_date=event.start_date + timedelta(days=1), version=event.version))
    outbox.drain()
    assert [subject for _to, subject in mails(platform)[before:]] == ["Andere tijd of plek"]
    with platform.unit_of_work(STAFF) as uow:
        meetings.cancel_meeting(uow, id, CancelMeeting(version=version(platform, id), reason="De zaal is dicht"))
    outbox.drain()
    assert [subject for _to, subject in mails(platform)[before + 1 :]] == ["De bijeenkomst gaat niet door"]
    with pytest.raises(Gone):
        come(platform, VISITOR, id, name="An", email="an@voorbeeld.nl")


def test_who_came_is_kept_and_the_report_goes_to_who_wants_it(platform: Platform, actor_as: ActorAs, clock: Any) -> None:
    id = a_meeting(platform)
    confirmed(platform, id, "jip@voorbeeld.nl", 2, wants_report=True)
    confirmed(platform, id, "an@voorbeeld.nl", 1, wants_report=True)
    confirmed(platform, id, "bo@voorbeeld.nl", 1)
    report = ReportMeeting(report="Wij praatten over bomen.", came=5, organizations="Bewonersgroep", version=0)
    with platform.unit_of_work(STAFF) as uow, pytest.raises(Invalid):
        meetings.record_attendance(uow, id, RecordAttendance(version=version(platform, id)))
    clock.shift = timedelta(days=8)
    with platform.read(STAFF) as uow:
        held = visible_meeting(uow, id)
        assert held.misses_report(uow.now)
        assert not held.is_late(uow.now)
        assert meetings.without_report(uow, plan_id=held.plan.id) == [id]
        ids = {row.people: row.id for row in uow.session.execute(select(Registration)).scalars()}
    with platform.unit_of_work(STAFF) as uow:
        number = version(platform, id)
        meetings.record_attendance(uow, id, RecordAttendance(version=number, came=(ids[2],), walk_ins=3))
        with pytest.raises(Conflict):
            meetings.record_attendance(uow, id, RecordAttendance(version=number))
    with platform.read(STAFF) as uow:
        assert meetings.people_who_came(uow, uow.session.get_one(Meeting, id)) == 5
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        meetings.report_meeting(uow, id, report)
    before = len(mails(platform))
    for text in ("Wij praatten over bomen.", "Wij praatten over bomen en banken."):
        with platform.unit_of_work(STAFF) as uow:
            values = {"came": 5, "organizations": "geen", "version": version(platform, id)}
            meetings.report_meeting(uow, id, ReportMeeting(report=text, **values))
    assert mails(platform)[before:] == [("jip@voorbeeld.nl", "Het verslag is er")]
    assert taken(platform, id) == 4


def test_more_places_let_in_who_waits_and_fewer_than_taken_cannot_be(platform: Platform) -> None:
    id = a_meeting(platform, places=1)
    confirmed(platform, id, "jip@voorbeeld.nl")
    _state, key = confirmed(platform, id, "an@voorbeeld.nl")

    def change(**values: Any) -> None:
        with platform.unit_of_work(STAFF) as uow:
            shown = {**meetings.meeting_values(uow, visible_meeting(uow, id)), **values}
            shown["address"] = None
            meetings.update_meeting(uow, id, UpdateMeeting(**shown))

    change(places=2)
    assert state_of(platform, key) == "registered"
    with pytest.raises(Invalid) as refused:
        change(places=1)
    assert set(refused.value.errors) == {"places"}
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Event, id).capacity == 2


def test_an_event_of_the_calendar_is_tied_once_and_stays_of_who_owns_it(platform: Platform, actor_as: ActorAs) -> None:
    round_id = a_round(platform)
    with platform.unit_of_work(system("test")) as uow:
        event = make_event(uow, start_date=uow.now + timedelta(days=3))
        plan = uow.session.execute(select(Plan)).scalars().one()
    editor = actor_as("facilitator", plan.id)
    with platform.unit_of_work(editor) as uow:
        made = meetings.tie_meeting(uow, plan.id, TieMeeting(event_id=event.id, round_id=round_id, places=5))
        assert made.id == event.id
        with pytest.raises(Invalid):
            meetings.tie_meeting(uow, plan.id, TieMeeting(event_id=event.id))
    with platform.unit_of_work(editor) as uow, pytest.raises(NotAllowed):
        meetings.cancel_meeting(uow, event.id, CancelMeeting(version=version(platform, event.id)))
