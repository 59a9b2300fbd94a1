"""What the clock does by itself: reminders to who handles cases, messages to reporters when nothing was heard, the end of waiting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from citycontent.api import Organization
from samen_core.api import Actor, Invalid, Platform, UnitOfWork, system
from samen_core.platform import utc_now
from samen_core.settings import change_settings
from samen_core.testing.platforms import Clock, Outbox
from samen_oog_oor.models import Case
from samen_oog_oor.schemas.moving import MoveCase
from samen_oog_oor.services.deadlines import give_promise, latest_promise
from samen_oog_oor.services.desk import AssignCase, assign_case
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.reminders import end_waiting, remind_handlers, tell_silence
from samen_oog_oor.settings import FREE_DAYS, SILENCE_DAYS
from samen_oog_oor.testing import a_case, a_category, a_signal, an_inquiry, an_organization


def at(clock: Clock, moment: str) -> None:
    """Let it be this moment (UTC)."""
    clock.shift = datetime.fromisoformat(f"{moment}:00+00:00") - utc_now()


def run(platform: Platform, job: Callable[[UnitOfWork], int]) -> int:
    """A job as the worker runs it."""
    with platform.unit_of_work(system()) as uow:
        return job(uow)


def mail_of(actor: Actor, platform: Platform) -> str:
    """The address of an account."""
    from samen_core.accounts.models import User

    with platform.read(system()) as uow:
        return uow.session.get_one(User, actor.account_id).email


@pytest.fixture
def late_case(platform: Platform, clock: Clock) -> Case:
    """A case of a team, with a term of three working days, promised for Thursday 12 March 2026."""
    at(clock, "2026-03-09T09:00")
    team = an_organization(platform, f"Team {uuid.uuid4().hex[:6]}")
    case = a_case(platform, a_category(platform, term_days=3), organization_id=team.id, state="assigned", promised_on=date(2026, 3, 12))
    a_signal(platform, case)
    return case


def test_handlers_hear_before_at_and_three_times_late(
    platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """Each once, on working days, and only who handles cases of the organisation."""
    handler = mail_of(actor_as("facilitator", late_case.organization_id), platform)
    actor_as("facilitator", an_organization(platform, "Een ander").id)
    actor_as("manager")
    days = {
        "2026-03-09T09:00": 0,
        "2026-03-10T05:30": 0,
        "2026-03-10T09:00": 1,
        "2026-03-10T10:00": 0,
        "2026-03-12T09:00": 1,
        "2026-03-13T09:00": 0,
        "2026-03-20T09:00": 0,
        "2026-03-21T09:00": 0,
        "2026-03-23T09:00": 1,
        "2026-06-23T09:00": 0,
    }
    for moment, number in days.items():
        at(clock, moment)
        assert run(platform, remind_handlers) == number, moment
    mails = outbox.mails()
    assert [mail.to for mail in mails] == [handler] * 3
    for mail, heading in zip(mails, ("Bijna te laat:", "Dit is de laatste dag", "Veel te laat."), strict=True):
        assert heading in mail.text
        assert late_case.number in mail.text
        assert sum(other in mail.text for other in ("Bijna te laat:", "Dit is de laatste dag", "Veel te laat.")) == 1


def test_a_colleague_who_has_the_case_hears_first(
    platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """Three times late everybody of the organisation does."""
    one, other = (actor_as("facilitator", late_case.organization_id) for _nth in range(2))
    with platform.unit_of_work(actor_as("manager")) as uow:
        assign_case(uow, late_case.id, AssignCase(assignee_id=one.account_id, version=uow.session.get_one(Case, late_case.id).version))
    at(clock, "2026-03-12T09:00")
    run(platform, remind_handlers)
    assert [mail.to for mail in outbox.mails()] == [mail_of(one, platform)]
    at(clock, "2026-03-23T09:00")
    run(platform, remind_handlers)
    assert {mail.to for mail in outbox.mails()[1:]} == {mail_of(one, platform), mail_of(other, platform)}


def test_a_confidential_case_is_named_to_who_may_see_it_alone(
    platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """By its number; a handler without that right hears nothing, nor does the mailbox of the organisation."""
    actor_as("facilitator", late_case.organization_id)
    manager = mail_of(actor_as("manager"), platform)
    with platform.unit_of_work(system()) as uow:
        uow.session.get_one(Case, late_case.id).confidential = True
        uow.session.get_one(Organization, late_case.organization_id).email = "team@example.org"
    at(clock, "2026-03-12T09:00")
    run(platform, remind_handlers)
    assert [mail.to for mail in outbox.mails()] == [manager]
    assert late_case.title not in outbox.mails()[0].text
    assert late_case.number in outbox.mails()[0].text


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_where_nobody_handles_cases_the_mailbox_of_the_organisation_hears(
    platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """Not those who handle all cases of the city: they hear when nobody else can."""
    actor_as("manager")
    with platform.unit_of_work(system()) as uow:
        uow.session.get_one(Organization, late_case.organization_id).email = "team@example.org"
    at(clock, "2026-03-12T09:00")
    run(platform, remind_handlers)
    assert [mail.to for mail in outbox.mails()] == ["team@example.org"]


def test_what_stands_still_is_not_late(platform: Platform, clock: Clock, late_case: Case) -> None:
    """Closed, waiting, or without a promise."""
    at(clock, "2026-06-12T09:00")
    changes: tuple[dict[str, Any], ...] = ({"state": "resolved"}, {"state": "awaiting_reporter"}, {"state": "new", "promised_on": None})
    for values in changes:
        with platform.unit_of_work(system()) as uow:
            case = uow.session.get_one(Case, late_case.id)
            for name, value in values.items():
                setattr(case, name, value)
        assert run(platform, remind_handlers) == 0, values


def test_a_reminder_does_not_disturb_who_is_writing(
    platform: Platform, clock: Clock, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """The version of the case stays."""
    clerk = actor_as("facilitator")
    with platform.read(clerk) as uow:
        seen = uow.session.get_one(Case, late_case.id).version
    at(clock, "2026-03-31T09:00")
    assert (run(platform, remind_handlers), run(platform, tell_silence)) == (1, 1)
    with platform.unit_of_work(clerk) as uow:
        assert move_case(uow, late_case.id, MoveCase(state="in_progress", version=seen)).late_told == 3


def test_reporters_hear_when_nothing_was_heard(platform: Platform, clock: Clock, outbox: Outbox, late_case: Case) -> None:
    """After ten working days (a holiday is none), again after ten more, honestly about a promise that was not kept; it is no news."""
    moments = {"2026-03-20T12:00": 0, "2026-03-23T12:00": 1, "2026-03-24T12:00": 0, "2026-04-07T12:00": 0, "2026-04-08T12:00": 1}
    for moment, number in moments.items():
        at(clock, moment)
        assert run(platform, tell_silence) == number, moment
    first = outbox.mails()[0]
    assert first.to == "noor@example.org"
    assert "Het had klaar moeten zijn op 12 maart 2026" in " ".join(first.text.split())
    assert "Wij verwachten" not in first.text
    with platform.read(system()) as uow:
        assert uow.session.get_one(Case, late_case.id).told_at is None


def test_news_starts_the_silence_anew(platform: Platform, clock: Clock, actor_as: Callable[..., Actor], late_case: Case) -> None:
    """And a case that waits is not silent."""
    at(clock, "2026-03-20T12:00")
    with platform.unit_of_work(actor_as("manager")) as uow:
        move_case(uow, late_case.id, MoveCase(state="in_progress"))
    at(clock, "2026-03-25T12:00")
    assert run(platform, tell_silence) == 0
    with platform.unit_of_work(actor_as("manager")) as uow:
        move_case(uow, late_case.id, MoveCase(state="awaiting_third_party"))
    at(clock, "2026-05-20T12:00")
    assert run(platform, tell_silence) == 0


def test_waiting_ends_by_itself(platform: Platform, clock: Clock, actor_as: Callable[..., Actor], late_case: Case) -> None:
    """Fourteen days without an open question; while one can still be answered it waits on."""
    with platform.unit_of_work(actor_as("manager")) as uow:
        move_case(uow, late_case.id, MoveCase(state="awaiting_third_party"))
        an_inquiry(uow, late_case, due_at=uow.now + timedelta(days=20))
    moments = {"2026-03-22T12:00": 0, "2026-03-24T12:00": 0, "2026-03-30T12:00": 1, "2026-03-31T12:00": 0}
    for moment, number in moments.items():
        at(clock, moment)
        assert run(platform, end_waiting) == number, moment
    with platform.read(system()) as uow:
        case = uow.session.get_one(Case, late_case.id)
        assert (case.state, case.waited_days, case.promised_on) == ("assigned", 15, date(2026, 4, 2))


def test_the_free_days_of_the_city_move_a_promise(
    platform: Platform, clock: Clock, actor_as: Callable[..., Actor], late_case: Case
) -> None:
    """A line that is no day is refused, and nothing is stored."""
    manager = actor_as("manager")
    with platform.unit_of_work(manager) as uow, pytest.raises(Invalid) as error:
        change_settings(uow, {FREE_DAYS: "11-3-2026\nCarnaval"})
    assert "Carnaval" in str(error.value.errors[FREE_DAYS][0])
    with platform.unit_of_work(manager) as uow:
        change_settings(uow, {FREE_DAYS: "11-3-2026\n2026-03-13", SILENCE_DAYS: 5})
    with platform.unit_of_work(manager) as uow:
        case = uow.session.get_one(Case, late_case.id)
        assert give_promise(uow, case) == date(2026, 3, 16)
        move_case(uow, case.id, MoveCase(state="awaiting_third_party"))
    at(clock, "2026-03-12T09:00")
    with platform.read(manager) as uow:
        assert latest_promise(uow, uow.session.get_one(Case, late_case.id)) == date(2026, 3, 18), "Tuesday and Thursday it waited"


def test_nobody_is_reminded_of_what_was_never_confirmed(
    platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor]
) -> None:
    """It does not count; and how late the others are goes by the term that they were promised, not by that of today."""
    actor_as("manager")
    at(clock, "2026-03-09T09:00")
    category = a_category(platform, term_days=1)
    a_case(platform, category, confidential=True, promised_on=date(2026, 3, 6))
    case = a_case(platform, category, promised_on=date(2026, 3, 6), term_days=10)
    a_signal(platform, case)
    assert run(platform, remind_handlers) == 1
    with platform.read(system()) as uow:
        assert uow.session.get_one(Case, case.id).late_told == 2
    at(clock, "2026-03-16T09:00")
    assert run(platform, remind_handlers) == 0
