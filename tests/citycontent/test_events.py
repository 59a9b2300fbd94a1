"""The calendar: moving, calling off, and the iCalendar feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from citycontent.exchange.addresses import import_address_book
from citycontent.exchange.ical import calendar_feed
from citycontent.models import Event, Organization
from citycontent.queries import counters, events
from citycontent.queries.events import EventFilter
from citycontent.schemas import AddressValue, CancelEvent, CreateEvent, CreateEventSchema, CreateProject, Delete, MoveEvent, UpdateEvent
from citycontent.services.events import cancel_event, create_event, delete_event, event_values, move_event, update_event
from citycontent.services.projects import create_project
from samen_core.actor import anonymous
from samen_core.api import PageRequest, load
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Invalid, NotAllowed
from samen_core.platform import Platform
from tests.citycontent.conftest import DATA

EVENING = datetime(2027, 3, 10, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make(uow: UnitOfWork, **values: Any) -> Event:
    return create_event(uow, CreateEvent(**{"name": "Inloopavond", "start_date": EVENING, "end_date": EVENING + 2 * HOUR, **values}))


def feed(uow: UnitOfWork, **filter: Any) -> icalendar.Calendar:
    rows = events.events_for_feed(uow, EventFilter(**filter))
    made = calendar_feed(rows, name="Agenda", page_url=lambda slug: f"https://samen.example/agenda/{slug}")
    parsed = icalendar.Calendar.from_ical(made)
    assert isinstance(parsed, icalendar.Calendar)
    return parsed


def test_moving_raises_the_sequence_and_keeps_the_length(uow: UnitOfWork, outbox: Any) -> None:
    made = make(uow)
    uow.commit()
    move_event(uow, made.id, MoveEvent(start_date=EVENING + 24 * HOUR, version=1, reason="de zaal is bezet"))
    uow.commit()
    assert (made.sequence, made.status, made.previous_start_date) == (1, "rescheduled", EVENING)
    assert made.end_date == EVENING + 26 * HOUR
    assert outbox.events("citycontent.event.moved")[0]["id"] == str(made.id)
    assert outbox.events("citycontent.event.updated") == []
    row = uow.session.execute(select(Change).where(Change.action == "citycontent.event.moved")).scalar_one()
    assert (row.public, row.reason) == (True, "de zaal is bezet")
    assert counters.facet(uow, "event.status") == {"confirmed": 0, "rescheduled": 1}


def test_what_a_calendar_does_not_show_leaves_the_sequence(uow: UnitOfWork, outbox: Any) -> None:
    made = make(uow)
    base: dict[str, Any] = {"name": "Inloopavond", "start_date": EVENING, "end_date": EVENING + 2 * HOUR}
    update_event(uow, made.id, UpdateEvent(**base, description="Met koffie", version=1))
    assert made.sequence == 0
    update_event(uow, made.id, UpdateEvent(**base, description="Met koffie", location="Buurthuis", version=2))
    assert made.sequence == 1
    update_event(uow, made.id, UpdateEvent(**{**base, "start_date": EVENING + HOUR}, location="Buurthuis", version=3))
    assert (made.sequence, made.status) == (2, "rescheduled")
    update_event(
        uow, made.id, UpdateEvent(**{**base, "start_date": EVENING + HOUR, "status": "cancelled"}, location="Buurthuis", version=4)
    )
    assert (made.sequence, made.status) == (3, "cancelled")
    uow.commit()
    for kind, number in (("updated", 2), ("moved", 1), ("cancelled", 1)):
        assert len(outbox.events(f"citycontent.event.{kind}")) == number


def test_calling_off_putting_off_and_on_again(platform: Platform, uow: UnitOfWork, clock: Any) -> None:
    made = make(uow, start_date=platform.clock() + 24 * HOUR, end_date=None)
    cancel_event(uow, made.id, CancelEvent(version=1, postpone=True))
    assert made.status == "postponed"
    cancel_event(uow, made.id, CancelEvent(version=2, reason="te weinig aanmeldingen"))
    assert (made.status, made.sequence) == ("cancelled", 2)
    move_event(uow, made.id, MoveEvent(start_date=made.start_date, version=3))
    assert (made.status, made.sequence) == ("confirmed", 3)
    with pytest.raises(Conflict):
        cancel_event(uow, made.id, CancelEvent(version=1))
    uow.commit()
    clock.forward(days=3)
    with platform.unit_of_work(uow.actor) as unit:
        with pytest.raises(Invalid):
            cancel_event(unit, made.id, CancelEvent(version=4))
        delete_event(unit, made.id, Delete(version=4))
    assert counters.facet(uow, "event.status") == {"confirmed": 0, "postponed": 0, "cancelled": 0}


def test_the_area_follows_from_the_address(uow: UnitOfWork, zoetermeer: Any) -> None:
    import_address_book(uow, DATA / "pc6hnr_synthetisch.csv", municipality="GM0637")
    address = AddressValue(street="Markt", house_number=126, postcode="2711AA", locality="Zoetermeer")
    made = make(uow, address=address)
    assert made.area_id == zoetermeer.find("BU06370002").id
    point = make(uow, address=AddressValue(street="Ergens", lat=52.0499353, lon=4.4952457))
    assert point.area_id == zoetermeer.find("BU06370001").id
    assert make(uow, address=address).address_id == made.address_id
    assert make(uow, address=address, area_id=zoetermeer.find("GM0637").id).area_id == zoetermeer.find("GM0637").id
    assert event_values(uow, made)["address"]["postcode"] == "2711AA"


def test_the_organizer_may_edit(platform: Platform, uow: UnitOfWork, make_organization: Callable[..., Organization], actor_as: Any) -> None:
    organizer = make_organization()
    made = make(uow, organization_id=organizer.id)
    uow.commit()
    with platform.unit_of_work(actor_as("manager", organizer.id)) as unit:
        cancel_event(unit, made.id, CancelEvent(version=1))
        with pytest.raises(NotAllowed):
            make(unit)
    with platform.unit_of_work(actor_as("resident")) as unit:
        with pytest.raises(NotAllowed):
            make(unit, organization_id=organizer.id)
        unit.rollback()


def test_the_end_lies_after_the_start() -> None:
    with pytest.raises(Invalid) as caught:
        load(CreateEventSchema, {"name": "X", "start_date": "2027-03-10T19:30", "end_date": "2027-03-10T19:30"})
    assert set(caught.value.errors) == {"end_date"}
    with pytest.raises(Invalid) as caught:
        load(CreateEventSchema, {"name": "X", "start_date": "2027-03-10T19:30", "timezone": "Mars/Olympus"})
    assert set(caught.value.errors) == {"timezone"}
    assert load(CreateEventSchema, {"name": "X", "start_date": "2027-03-10T19:30"}).start_date == EVENING


def test_upcoming_and_past(platform: Platform, uow: UnitOfWork) -> None:
    now = platform.clock()
    for name, start, end in (("geweest", -48, -47), ("bezig", -24, 1), ("straks", 2, None), ("later", 400, 401)):
        make(uow, name=name, start_date=now + start * HOUR, end_date=now + end * HOUR if end else None)
    uow.commit()
    with platform.read(anonymous()) as reader:

        def names(order: str = "soonest", **filter: Any) -> list[str]:
            return [row.name for row in events.list_events(reader, EventFilter(**filter), PageRequest(), order=order).items]

        assert names(period="upcoming") == ["bezig", "straks", "later"]
        assert names(period="past") == ["geweest"]
        assert names(order="latest") == ["later", "straks", "bezig", "geweest"]
        assert names(start=now, end=now + 48 * HOUR) == ["straks"]
        assert names(text="straks") == ["straks"]
        assert names(status="cancelled") == []


def test_the_feed_is_icalendar_that_others_read(uow: UnitOfWork) -> None:
    summer = datetime(2027, 7, 1, 18, 0, tzinfo=UTC)
    made = make(
        uow, name="Feest; met taart, en\nmeer", start_date=summer, end_date=None, location="Plein", description="Regel\n" + "é" * 200
    )
    whole_day = make(uow, name="Burendag", start_date=datetime(2027, 9, 24, 22, tzinfo=UTC), end_date=None, all_day=True)
    off = make(uow, name="Afgelast", status="cancelled")
    uow.commit()
    calendar = feed(uow)
    found = {str(component["uid"]): component for component in calendar.walk("VEVENT")}
    assert set(found) == {made.ical_uid, whole_day.ical_uid, off.ical_uid}
    first = found[made.ical_uid]
    assert str(first["summary"]) == "Feest; met taart, en meer" or str(first["summary"]) == "Feest; met taart, en\nmeer"
    assert first.decoded("dtstart") == summer
    assert str(first["dtstart"].params["TZID"]) == "Europe/Amsterdam"
    assert str(first["url"]) == f"https://samen.example/agenda/{made.slug}"
    assert found[whole_day.ical_uid].decoded("dtstart").isoformat() == "2027-09-25"
    assert found[whole_day.ical_uid].decoded("dtend").isoformat() == "2027-09-26"
    assert str(found[off.ical_uid]["status"]) == "CANCELLED"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert {str(component["sequence"]) for component in found.values()} == {"0"}


def test_a_move_reaches_subscribers(uow: UnitOfWork) -> None:
    made = make(uow)
    uid = made.ical_uid
    move_event(uow, made.id, MoveEvent(start_date=EVENING + HOUR, version=1))
    component = feed(uow).walk("VEVENT")[0]
    assert (str(component["uid"]), int(component["sequence"]), str(component["status"])) == (uid, 1, "CONFIRMED")
    assert component.decoded("dtstart") == EVENING + HOUR


def test_an_empty_calendar_is_valid(uow: UnitOfWork) -> None:
    assert feed(uow).walk("VEVENT") == []


def test_nobody_publishes_in_the_name_of_another_organisation(
    platform: Platform, uow: UnitOfWork, make_organization: Callable[..., Organization], actor_as: Any
) -> None:
    own, other = make_organization("Eigen"), make_organization("Ander")
    led = create_project(uow, CreateProject(name="Van ons", status="idea", lead_organization_id=own.id))
    foreign = create_project(uow, CreateProject(name="Van een ander", status="idea", lead_organization_id=other.id))
    own_id, other_id, led_id, foreign_id = own.id, other.id, led.id, foreign.id
    uow.commit()
    member = actor_as("manager", own_id)
    mine = {"name": "Inloopavond", "start_date": EVENING, "organization_id": own_id}
    with platform.unit_of_work(member) as unit:
        made = create_event(unit, CreateEvent(**mine, project_id=led_id))
        for named in ({"organization_id": other_id, "project_id": led_id}, {"project_id": foreign_id}):
            with pytest.raises(NotAllowed):
                create_event(unit, CreateEvent(**{**mine, **named}))
            with pytest.raises(NotAllowed):
                update_event(unit, made.id, UpdateEvent(**{**mine, "project_id": led_id, "version": 1, **named}))
        made_id = made.id
    both = {**mine, "project_id": foreign_id}
    update_event(uow, made_id, UpdateEvent(**both, version=1))
    uow.commit()
    with platform.unit_of_work(member) as unit:
        kept = update_event(unit, made_id, UpdateEvent(**{**both, "name": "Inloopmiddag", "version": 2}))
        assert kept.project_id == foreign_id, "what stood there may stay"


def test_a_block_plans_for_whoever_has_a_grant_on_its_own_subject(
    platform: Platform, uow: UnitOfWork, make_organization: Callable[..., Organization], actor_as: Any
) -> None:
    """The facilitator of one table plans its meetings, on its project too, but not in the name of an organisation."""
    table, other = make_organization("Tafel"), make_organization("Stichting Vlieg")
    project = create_project(uow, CreateProject(name="Park", status="idea"))
    uow.commit()
    values: dict[str, Any] = {"name": "Tafelgesprek", "start_date": platform.clock() + 24 * HOUR, "project_id": project.id}
    with platform.unit_of_work(actor_as("facilitator", table.id)) as unit:
        with pytest.raises(NotAllowed):
            create_event(unit, CreateEvent(**values))
        made = create_event(unit, CreateEvent(**values), scopes=(table.id,))
        with pytest.raises(NotAllowed):
            update_event(unit, made.id, UpdateEvent(**values, version=1))
        update_event(unit, made.id, UpdateEvent(**values, location="Zaal 2", version=1), scopes=(table.id,))
        with pytest.raises(NotAllowed):
            update_event(unit, made.id, UpdateEvent(**values, organization_id=other.id, version=2), scopes=(table.id,))
        cancel_event(unit, made.id, CancelEvent(version=2), scopes=(table.id,))
    with platform.unit_of_work(actor_as("resident")) as unit, pytest.raises(NotAllowed):
        create_event(unit, CreateEvent(**values), scopes=(table.id,))
