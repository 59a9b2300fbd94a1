"""The last moment to have a say follows from what is planned and from what is open, never later than the first decision."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from citycontent.api import CreateEvent, create_event
from samen_beleidsagenda.models import ParticipationEvent, ParticipationLink
from samen_beleidsagenda.queries.say import last_say
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.testing import a_dossier, a_moment
from samen_core.actor import anonymous, system
from samen_core.api import CITY_TIME_ZONE, uuid7


def say_of(platform, dossier):
    with platform.read(anonymous()) as uow:
        return last_say(uow, [dossier.id]).get(dossier.id)


def day_of(platform, days):
    with platform.read(anonymous()) as uow:
        return today(uow) + timedelta(days=days)


def on(platform, dossier, days, **values):
    """A moment on the day so many days from today."""
    day = day_of(platform, days)
    return a_moment(platform, dossier, **{"start_date": day, "end_date": day, "precision": "day", "kind": "discussion", **values})


def test_the_last_moment_with_a_say_before_the_decision_counts(platform):
    dossier = a_dossier(platform)
    on(platform, dossier, 5, has_say=True, title="Avond")
    last = on(platform, dossier, 20, has_say=True, title="Spreken bij de commissie", say_how="Meld u aan bij de griffie.")
    on(platform, dossier, 30, kind="decision")
    on(platform, dossier, 40, has_say=True, title="Na het besluit")
    on(platform, dossier, 60, kind="decision")
    found = say_of(platform, dossier)
    assert (found.subject_id, found.day, found.say_how, found.now) == (
        last.id,
        day_of(platform, 20),
        "Meld u aan bij de griffie.",
        False,
    )
    assert found.path.endswith(str(last.id))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_decision_itself_may_be_the_last_moment(platform):
    dossier = a_dossier(platform)
    on(platform, dossier, 5, has_say=True)
    decision = on(platform, dossier, 30, kind="decision", has_say=True)
    assert say_of(platform, dossier).subject_id == decision.id


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_wide_period_ends_with_the_decision(platform):
    dossier = a_dossier(platform)
    first = day_of(platform, 0).replace(day=1)
    a_moment(platform, dossier, kind="views", has_say=True, start_date=first, end_date=first + timedelta(days=364), precision="year")
    on(platform, dossier, 10, kind="decision")
    assert say_of(platform, dossier).day == day_of(platform, 10)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "values",
    [
        {"status": "lapsed"},
        {"status": "postponed"},
        {"status": "treated"},
        {"state": "draft"},
        {"state": "submitted"},
        {"confidential": True},
        {"has_say": False},
    ],
    ids=str,
)
def test_what_does_not_go_on_or_nobody_may_see_does_not_count(platform, values):
    dossier = a_dossier(platform)
    on(platform, dossier, 5, **{"has_say": True, **values})
    assert say_of(platform, dossier) is None


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_over_does_not_count_and_today_does(platform):
    dossier = a_dossier(platform)
    on(platform, dossier, -1, has_say=True)
    assert say_of(platform, dossier) is None
    on(platform, dossier, 0, has_say=True)
    assert say_of(platform, dossier).now


@pytest.fixture
def evening(platform):
    """Something in the register that is linked to a dossier, and the dossier."""
    dossier = a_dossier(platform)
    with platform.unit_of_work(system("test")) as uow:
        made = create_event(uow, CreateEvent(name="Inloopavond", start_date=uow.now + timedelta(days=3)))
        uow.session.add(ParticipationLink(id=uuid7(), dossier_id=dossier.id, subject_id=made.id, at=uow.now))
    return dossier, made


def told(platform, thing, kind, *, from_days=-1.0, until_days=None, until=None, hours=0):
    with platform.unit_of_work(system("test")) as uow:
        at = uow.now + timedelta(hours=hours)
        uow.session.add(
            ParticipationEvent(
                subject_id=thing.id,
                told_id=uuid7(),
                thing_id=thing.id,
                type=f"inbreng.activity.{kind}",
                at=at,
                open_from=uow.now + timedelta(days=from_days),
                open_until=until if until_days is None else uow.now + timedelta(days=until_days),
            )
        )


def test_what_is_open_at_a_linked_thing_counts(platform, evening):
    dossier, thing = evening
    told(platform, thing, "created", until_days=9)
    found = say_of(platform, dossier)
    assert (found.title, found.day, found.now, found.path) == ("Inloopavond", day_of(platform, 9), True, f"/agenda/{thing.slug}")
    told(platform, thing, "updated", until_days=4, hours=1)
    assert say_of(platform, dossier).day == day_of(platform, 4)
    told(platform, thing, "closed", hours=2)
    assert say_of(platform, dossier) is None
    told(platform, thing, "updated", until=datetime.combine(day_of(platform, 5), time(), CITY_TIME_ZONE), hours=3)
    assert say_of(platform, dossier).day == day_of(platform, 4), "who closes at midnight closes with the day before it"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_open_without_an_end_lasts_until_the_decision(platform, evening):
    dossier, thing = evening
    told(platform, thing, "created", from_days=2)
    found = say_of(platform, dossier)
    assert (found.day, found.now) == (None, False)
    on(platform, dossier, 20, kind="decision")
    assert say_of(platform, dossier).day == day_of(platform, 20)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_over_by_its_date_does_not_count(platform, evening):
    dossier, thing = evening
    told(platform, thing, "created", from_days=-9, until_days=-1)
    assert say_of(platform, dossier) is None


MOMENTS = st.lists(
    st.tuples(
        st.integers(-10, 60),
        st.integers(0, 40),
        st.booleans(),
        st.sampled_from(["decision", "discussion", "views"]),
        st.sampled_from(["intended", "planned", "scheduled", "postponed", "lapsed", "treated"]),
    ),
    max_size=8,
)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=MOMENTS)
def test_an_independent_recount_gives_the_same_day(platform, moments):
    """Counted here day by day: the last day that a coming moment with a say covers and that no coming decision has passed."""
    dossier = a_dossier(platform)
    now = day_of(platform, 0)
    with platform.unit_of_work(system("test")) as uow:
        for start, length, has_say, kind, status in moments:
            first = now + timedelta(days=start)
            span = {"start_date": first, "end_date": first + timedelta(days=length), "precision": "day"}
            a_moment(uow, dossier, has_say=has_say, kind=kind, status=status, **span)
    found = say_of(platform, dossier)
    assert (found.day if found else None) == recount(now, moments)


def recount(now: date, moments: list[tuple[int, int, bool, str, str]]) -> date | None:
    coming = [
        (now + timedelta(days=start), now + timedelta(days=start + length), say, kind)
        for start, length, say, kind, status in moments
        if status in ("intended", "planned", "scheduled") and start + length >= 0
    ]
    decisions = sorted((first, last) for first, last, _say, kind in coming if kind == "decision")
    stop = decisions[0][1] if decisions else date.max
    days = {
        first + timedelta(days=at)
        for first, last, say, _kind in coming
        if say
        for at in range((last - first).days + 1)
        if now <= first + timedelta(days=at) <= stop
    }
    return max(days, default=None)


@contextmanager
def statements(platform):
    """The statements that are done inside the block."""
    found = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    yield found
    event.remove(platform.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [0, 1, 8])
def test_the_number_of_statements_is_constant(platform, number):
    dossiers = [a_dossier(platform) for _ in range(number)]
    for dossier in dossiers:
        on(platform, dossier, 3, has_say=True)
    with platform.read(anonymous()) as uow, statements(platform) as done:
        assert len(last_say(uow, [dossier.id for dossier in dossiers])) == number
    assert len([line for line in done if line.startswith("SELECT")]) == (1 if number else 0)
