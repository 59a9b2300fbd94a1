"""Planned moments: every act, what each refuses, and that no date that was public is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from citycontent.api import CancelEvent, Event, cancel_event
from citycontent.schemas import MoveEvent
from citycontent.services.events import move_event
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import Entry, Meeting, PlanningItem
from samen_beleidsagenda.periods import parse_period, period_of, whole
from samen_beleidsagenda.queries.planning import chain_of, earlier_of
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.meetings import ChangeMeeting
from samen_beleidsagenda.schemas.planning import ChangeMoment, Drop, PlanMoment, Postpone, Schedule, Treat
from samen_beleidsagenda.services import planning
from samen_beleidsagenda.services.meetings import change_meeting, find_meeting, meeting_values
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, UnitOfWork, anonymous, system

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PRECISIONS = ("day", "week", "month", "quarter", "year")


def plan(uow: UnitOfWork, period: str = "2027-03", **values: Any) -> PlanningItem:
    dossier = values.pop("dossier", None) or testing.a_dossier(uow)
    given = {"kind": "decision", "title": "De raad besluit", "publish": True, **values}
    return planning.plan_moment(uow, PlanMoment(dossier_id=dossier.id, period=parse_period(period), **given))


def change(item: PlanningItem, **values: Any) -> ChangeMoment:
    now = {name: getattr(item, name) for name in planning.FIELDS}
    period = values.pop("period", None) or period_of(item.start_date, item.end_date).code
    given = {**now, "status": item.status, "confidential": item.confidential, "version": item.version, **values}
    return ChangeMoment(period=parse_period(period), **given)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12-3-2027", "2027-03-12"),
        ("12 maart 2027", "2027-03-12"),
        ("vrijdag 12 maart 2027", "2027-03-12"),
        ("vr. 12-3-2027", "2027-03-12"),
        ("May 2027", "2027-05"),
        ("week 14 2027", "2027-W14"),
        ("Maart  2027", "2027-03"),
        ("3-2027", "2027-03"),
        ("3e kwartaal 2027", "2027-Q3"),
        ("Q3 2027", "2027-Q3"),
        ("2027", "2027"),
    ],
)
def test_a_period_is_typed_as_people_say_it(typed: str, code: str) -> None:
    found = parse_period(typed)
    assert found.code == code
    assert parse_period(code) == found


@pytest.mark.parametrize(
    "typed", ["", "morgen", "31-2-2027", "week 54 2027", "13-2027", "5e kwartaal 2027", "1-1-1492", "2027-00", "maandag 2027"]
)
def test_what_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_period(typed)


@given(st.dates(date(1900, 2, 1), date(2199, 11, 30)), st.sampled_from(PRECISIONS))
def test_a_period_is_the_whole_of_its_precision_and_is_known_by_its_ends(day: date, precision: str) -> None:
    found = whole(day, precision)
    assert found.start <= day <= found.end
    assert period_of(found.start, found.end) == found == parse_period(found.code)
    assert whole(found.start - timedelta(days=1), precision).end == found.start - timedelta(days=1)


@SQLITE
def test_a_new_moment_is_a_draft_that_is_in_no_calendar_until_it_is_approved(platform: Platform, uow: UnitOfWork) -> None:
    item = plan(uow, publish=False)
    assert (item.state, item.status) == ("draft", "planned")
    assert uow.session.get(Entry, item.id) is None
    planning.publish_moment(uow, item.id, Approve(version=item.version))
    entry = uow.session.get_one(Entry, item.id)
    assert entry.visible
    assert "DTSTART;VALUE=DATE:20270301" in entry.vevent


def test_another_period_makes_a_successor_and_keeps_the_old_one_with_the_reason(uow: UnitOfWork) -> None:
    item = plan(uow, "2027-03")
    later = planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2027-Q3"), reason=" Meer tijd nodig. "))
    assert (item.status, item.slip_reason, item.start_date) == ("postponed", "Meer tijd nodig.", date(2027, 3, 1))
    assert (later.previous_id, later.slips, later.original_start, later.original_end) == (item.id, 1, date(2027, 3, 1), date(2027, 3, 31))
    assert (later.start_date, later.end_date, later.precision, later.state) == (date(2027, 7, 1), date(2027, 9, 30), "quarter", "published")
    earlier = planning.postpone(uow, later.id, Postpone(version=later.version, period=parse_period("2027-05"), reason="Toch sneller."))
    assert (earlier.slips, earlier.original_start) == (1, date(2027, 3, 1))
    assert [step.id for step in chain_of(uow, item)] == [item.id, later.id, earlier.id]
    old, new = uow.session.get_one(Entry, item.id), uow.session.get_one(Entry, earlier.id)
    assert (old.status, new.status) == ("cancelled", "tentative")
    assert old.uid != new.uid
    assert "Meer tijd nodig." in old.vevent.replace("\r\n ", "")
    secret = uow.session.get_one(Entry, later.id)
    assert str(earlier.id) in secret.vevent.replace("\r\n ", "")
    planning.change_moment(uow, earlier.id, change(earlier, confidential=True))
    assert str(earlier.id) not in secret.vevent.replace("\r\n ", "")
    with uow.acting(anonymous()):
        assert [step.id for step in chain_of(uow, item)] == [item.id, later.id], "what became confidential keeps its period to itself"
    planning.change_moment(uow, earlier.id, change(earlier, confidential=False))
    planning.change_moment(uow, item.id, change(item, confidential=True))
    with uow.acting(anonymous()):
        assert [step.id for step in chain_of(uow, earlier)] == [later.id, earlier.id]
        assert [step.id for step in earlier_of(uow, [earlier.id])[earlier.id]] == [later.id]


@SQLITE
def test_putting_off_needs_a_reason_and_another_period(uow: UnitOfWork) -> None:
    item = plan(uow)
    with pytest.raises(Invalid) as error:
        planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2027-05"), reason="  "))
    assert "reason" in error.value.errors
    with pytest.raises(Invalid) as error:
        planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2027-03"), reason="Zomaar."))
    assert "period" in error.value.errors
    assert item.status == "planned"


@SQLITE
def test_a_public_period_can_only_become_more_precise_by_changing(uow: UnitOfWork) -> None:
    item = plan(uow, "2027")
    for code in ("2027-Q3", "2027-09", "2027-09-14"):
        planning.change_moment(uow, item.id, change(item, period=code))
    assert item.narrowed_from == ["2027", "2027-Q3", "2027-09"]
    assert (item.start_date, item.original_start, item.original_end) == (date(2027, 9, 14), date(2027, 1, 1), date(2027, 12, 31))
    assert uow.session.get_one(Entry, item.id).sequence == 3
    for code in ("2027-09-15", "2027-09", "2028"):
        with pytest.raises(Invalid) as error:
            planning.change_moment(uow, item.id, change(item, period=code))
        assert "period" in error.value.errors


@SQLITE
def test_what_was_never_public_takes_any_period_and_keeps_nothing(uow: UnitOfWork) -> None:
    item = plan(uow, "2027-03", publish=False)
    planning.change_moment(uow, item.id, change(item, period="2028-01"))
    same = planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2028-02"), reason="Later."))
    assert same.id == item.id
    assert (item.original_start, item.narrowed_from, item.slips, item.status) == (date(2028, 2, 1), [], 0, "planned")


@SQLITE
@pytest.mark.parametrize("end", ["treat", "drop", "postpone"])
def test_what_is_over_goes_no_further(uow: UnitOfWork, end: str) -> None:
    item = plan(uow)
    move = {
        "treat": lambda: planning.treat(uow, item.id, Treat(version=item.version)),
        "drop": lambda: planning.drop(uow, item.id, Drop(version=item.version, reason="Niet meer nodig.")),
        "postpone": lambda: planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2028"), reason="Later.")),
    }
    move[end]()
    uow.session.flush()
    for act in move.values():
        with pytest.raises(Invalid):
            act()
    assert item.status == {"treat": "treated", "drop": "lapsed", "postpone": "postponed"}[end]


@SQLITE
def test_a_public_moment_is_not_taken_away_a_draft_is(uow: UnitOfWork) -> None:
    public, draft = plan(uow), plan(uow, publish=False)
    with pytest.raises(Invalid):
        planning.remove_moment(uow, public.id, Approve(version=public.version, reason="Weg."))
    planning.remove_moment(uow, draft.id, Approve(version=draft.version))
    assert (public.state, draft.state) == ("published", "deleted")


def test_who_may_not_plan_or_was_second_is_refused(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow)
        item = plan(uow, dossier=dossier)
        secret = plan(uow, dossier=dossier, confidential=True)
        stale = item.version
        planning.change_moment(uow, item.id, change(item, title="De raad besluit nu"))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        plan(uow, dossier=dossier)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        assert plan(uow, dossier=dossier, publish=False).state == "draft"
        with pytest.raises(NotAllowed):
            plan(uow, dossier=dossier, publish=True)
        with pytest.raises(NotFound):
            planning.treat(uow, secret.id, Treat(version=secret.version))
        with pytest.raises(Conflict):
            planning.treat(uow, item.id, Treat(version=stale))
        uow.rollback()


def test_on_an_agenda_a_moment_takes_the_day_of_the_meeting(uow: UnitOfWork) -> None:
    body = testing.a_body(uow)
    meeting = testing.a_meeting(uow, body)
    point = testing.points_of(uow, meeting)[0]
    day = _day(uow, meeting)
    item = plan(uow, whole(day, "year").code)
    on = planning.schedule(uow, item.id, Schedule(version=item.version, agenda_item_id=point.id))
    assert on.id == item.id
    assert (on.status, on.start_date, on.precision, on.body_id) == ("scheduled", day, "day", body.organization_id)
    assert on.narrowed_from == [str(day.year)]
    far = plan(uow, str(day.year + 2))
    with pytest.raises(Invalid) as error:
        planning.schedule(uow, far.id, Schedule(version=far.version, agenda_item_id=point.id))
    assert "reason" in error.value.errors
    moved = planning.schedule(uow, far.id, Schedule(version=far.version, agenda_item_id=point.id, reason="Het kan eerder."))
    assert (moved.previous_id, moved.status, moved.start_date, moved.original_start.year) == (far.id, "scheduled", day, day.year + 2)
    other = plan(uow, body_id=testing.a_body(uow, "college").organization_id)
    with pytest.raises(Invalid) as error:
        planning.schedule(uow, other.id, Schedule(version=other.version, agenda_item_id=point.id, reason="Kan."))
    assert "agenda_item_id" in error.value.errors
    with pytest.raises(Invalid) as error:
        planning.change_moment(uow, moved.id, change(moved, body_id=None))
    assert "body_id" in error.value.errors
    hidden = plan(uow, day.isoformat(), publish=False)
    planning.schedule(uow, hidden.id, Schedule(version=hidden.version, agenda_item_id=point.id))
    with pytest.raises(Invalid) as error:
        planning.change_moment(uow, hidden.id, change(hidden, period="2029"))
    assert "period" in error.value.errors
    planning.postpone(uow, hidden.id, Postpone(version=hidden.version, period=parse_period("2029"), reason="Later."))
    assert (hidden.status, hidden.agenda_item_id, hidden.start_date.year) == ("planned", None, 2029)


@SQLITE
def test_who_moves_a_meeting_moves_what_one_may_not_see_or_write(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        meeting = testing.a_meeting(uow)
        point, day = testing.points_of(uow, meeting)[0], _day(uow, meeting)
        item = plan(uow, day.isoformat(), confidential=True)
        planning.schedule(uow, item.id, Schedule(version=item.version, agenda_item_id=point.id))
        values = meeting_values(uow, *find_meeting(uow, meeting.event_id))
    values["start_date"] += timedelta(days=3)
    values["end_date"] += timedelta(days=3)
    with platform.unit_of_work(actor_as("facilitator", meeting.body_id)) as uow, platform.translations.use("en"):
        change_meeting(uow, meeting.event_id, ChangeMeeting(**values))
    with platform.read(system("test")) as uow:
        moved = uow.session.execute(select(PlanningItem).where(PlanningItem.previous_id == item.id)).scalar_one()
        assert (moved.status, moved.confidential, moved.start_date) == ("scheduled", True, day + timedelta(days=3))
        assert uow.session.get_one(PlanningItem, item.id).slip_reason == "De vergadering is verzet."


def test_a_moment_follows_its_meeting_and_says_so(uow: UnitOfWork) -> None:
    meeting = testing.a_meeting(uow)
    point = testing.points_of(uow, meeting)[0]
    day = _day(uow, meeting)
    item = plan(uow, day.isoformat())
    planning.schedule(uow, item.id, Schedule(version=item.version, agenda_item_id=point.id))
    event = uow.session.get_one(Event, meeting.event_id)
    move_event(uow, event.id, MoveEvent(version=event.version, start_date=event.start_date + timedelta(days=3)))
    planning.follow_meeting(uow, meeting)
    moved = uow.session.execute(select(PlanningItem).where(PlanningItem.previous_id == item.id)).scalar_one()
    assert (item.status, item.start_date, item.slip_reason) == ("postponed", day, "De vergadering is verzet.")
    assert (moved.status, moved.agenda_item_id, moved.start_date) == ("scheduled", point.id, day + timedelta(days=3))
    planning.follow_meeting(uow, meeting)
    assert uow.session.execute(select(PlanningItem).where(PlanningItem.previous_id == moved.id)).first() is None
    cancel_event(uow, event.id, CancelEvent(version=event.version))
    planning.follow_meeting(uow, meeting)
    assert (moved.status, moved.agenda_item_id, moved.start_date) == ("planned", None, day + timedelta(days=3))


def _day(uow: UnitOfWork, meeting: Meeting) -> date:
    from samen_core.api import CITY_TIME_ZONE

    return uow.session.get_one(Event, meeting.event_id).start_date.astimezone(CITY_TIME_ZONE).date()


ACTS = st.tuples(
    st.sampled_from(["change", "postpone", "treat", "drop", "schedule", "move_meeting", "cancel_meeting", "unschedule", "remove"]),
    st.dates(date(2027, 1, 1), date(2028, 12, 31)),
    st.sampled_from(PRECISIONS),
)


@SQLITE
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.tuples(st.dates(date(2027, 1, 1), date(2028, 12, 31)), st.sampled_from(PRECISIONS)), acts=st.lists(ACTS, max_size=8))
def test_whatever_happens_every_period_that_was_public_stays_readable(
    platform: Platform, first: tuple[date, str], acts: list[tuple[str, date, str]]
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        meeting = testing.a_meeting(uow, start=uow.now + timedelta(days=400))
        item = plan(uow, whole(*first).code)
        root = item.id
        told = [period_of(item.start_date, item.end_date).code]
        for act, day, precision in acts:
            latest = chain_of(uow, item)[-1]
            item = uow.session.get_one(PlanningItem, latest.id)
            try:
                with uow.session.begin_nested():
                    _act(uow, item, meeting, act, whole(day, precision).code)
            except Invalid:
                uow.session.expire_all()
            latest = chain_of(uow, item)[-1]
            code = period_of(latest.start_date, latest.end_date).code
            if code != told[-1]:
                told.append(code)
        steps = chain_of(uow, uow.session.get_one(PlanningItem, root))
        readable = [code for step in steps for code in (*step.narrowed_from, period_of(step.start_date, step.end_date).code)]
        assert readable == told
        assert all(step.slip_reason for step in steps[:-1])
        assert {(step.original_start, step.original_end) for step in steps} == {(whole(*first).start, whole(*first).end)}
        stored = uow.session.execute(select(Entry).where(Entry.subject_id.in_([step.id for step in steps]))).scalars().all()
        assert len(stored) == len(steps)
        assert all(entry.visible for entry in stored)
        uow.rollback()


def _act(uow: UnitOfWork, item: PlanningItem, meeting: Meeting, act: str, code: str) -> None:
    event = uow.session.get_one(Event, meeting.event_id)
    point = testing.points_of(uow, meeting)[0]
    if act == "change":
        planning.change_moment(uow, item.id, change(item, period=code))
    elif act == "postpone":
        planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period(code), reason="Later."))
    elif act == "treat":
        planning.treat(uow, item.id, Treat(version=item.version))
    elif act == "drop":
        planning.drop(uow, item.id, Drop(version=item.version, reason="Niet nodig."))
    elif act == "schedule":
        planning.schedule(uow, item.id, Schedule(version=item.version, agenda_item_id=point.id, reason="Op deze agenda."))
    elif act == "move_meeting":
        move_event(uow, event.id, MoveEvent(version=event.version, start_date=event.start_date + timedelta(days=9)))
        planning.follow_meeting(uow, meeting)
    elif act == "cancel_meeting":
        cancel_event(uow, event.id, CancelEvent(version=event.version))
        planning.follow_meeting(uow, meeting)
    elif act == "unschedule":
        planning.unschedule(uow, point.id)
    else:
        planning.remove_moment(uow, item.id, Approve(version=item.version, reason="Weg."))
