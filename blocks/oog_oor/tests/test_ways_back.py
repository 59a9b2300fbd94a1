"""The ways back: a case that should not have been closed, who came in while it was asked to open again, who is no longer asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from samen_core.api import Actor, Gone, Invalid, Platform, UnitOfWork, system
from samen_core.platform import utc_now
from samen_core.testing.platforms import Clock, Outbox
from samen_core.testing.visitors import SAME_SITE, Forms, send_form
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Inquiry, Signal
from samen_oog_oor.schemas.inquiries import AskReporter
from samen_oog_oor.schemas.moving import AskReopening, DecideReopening, MoveCase, Withdraw
from samen_oog_oor.schemas.own_signals import Judge
from samen_oog_oor.services.inquiries import answer, ask_reporter
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.own_signals import judge
from samen_oog_oor.services.reopening import ask_reopening, decide_reopening
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.testing import a_case, a_signal, a_task, an_inquiry

ANSWER = "De lamp is vervangen."
CLOSE = MoveCase(state="resolved", text=ANSWER, resolution="repaired", drop_tasks=True)
SORRY = MoveCase(state="in_progress", text="Wij sloten dit per ongeluk af.", mistake=True)


def set_clock(clock: Clock, moment: str) -> None:
    """Let it be this moment."""
    clock.shift = datetime.fromisoformat(moment) - utc_now()


def a_closed_case(uow: UnitOfWork) -> Case:
    """A case that was closed with one reporter."""
    case = a_case(uow, state="in_progress")
    a_signal(uow, case)
    move_case(uow, case.id, CLOSE)
    return case


def test_a_case_closed_by_mistake_is_as_it_was(platform: Platform, clock: Clock, outbox: Outbox, actor_as: Callable[..., Actor]) -> None:
    """The promised day is no later for it, and what ended with it goes on; reporters got the answer, so they hear this too."""
    clerk = actor_as("facilitator")
    set_clock(clock, "2026-03-02T10:00+00:00")
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, state="planned", promised_on=date(2026, 3, 6), planned_on=date(2026, 3, 5), late_told=1)
        a_signal(uow, case)
        work, noted = a_task(uow, case), a_task(uow, case, note="Gebeld.")
        done = a_task(uow, case, state="done", done_at=uow.now)
        asked = an_inquiry(uow, case)
        over = an_inquiry(uow, case, closed_at=uow.now - timedelta(days=1))
    set_clock(clock, "2026-03-04T10:00+00:00")
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, CLOSE)
    set_clock(clock, "2026-03-04T10:05+00:00")
    with platform.unit_of_work(clerk) as uow:
        found = move_case(uow, case.id, SORRY)
        assert (found.state, found.promised_on, found.planned_on, found.late_told) == ("in_progress", date(2026, 3, 6), date(2026, 3, 5), 1)
        assert (found.closed_at, found.resolution, found.answer, found.close_days) == (None, None, "", None)
        tasks = {id: uow.session.get_one(type(work), id) for id in (work.id, noted.id, done.id)}
        assert [(tasks[one.id].state, tasks[one.id].note) for one in (work, noted, done)] == [
            ("open", ""),
            ("open", "Gebeld."),
            ("done", ""),
        ]
        assert [uow.session.get_one(Inquiry, one.id).closed_at is None for one in (asked, over)] == [True, False]
    assert ["per ongeluk" in mail.text for mail in outbox.mails()] == [False, True]
    assert len(outbox.events("oog_oor.case.reopened")) == 1


def test_only_what_is_closed_can_have_been_closed_by_mistake(uow: UnitOfWork) -> None:
    """A request to reopen can be the reporter's way to say so; a case that is open is no mistake."""
    case = a_closed_case(uow)
    signal_id = uow.session.execute(select(Signal.id).where(Signal.case_id == case.id)).scalar_one()
    case.promised_on = date(2026, 3, 6)
    ask_reopening(uow, signal_id, AskReopening(text="Er is niets gebeurd."))
    move_case(uow, case.id, SORRY)
    assert (case.state, case.promised_on) == ("in_progress", date(2026, 3, 6))
    for command in (
        SORRY,
        MoveCase(state="assigned", mistake=True),
        MoveCase(state="resolved", text="x", resolution="repaired", mistake=True),
    ):
        with pytest.raises(Invalid) as error:
            move_case(uow, case.id, command)
        assert set(error.value.errors) & {"mistake", "state"}


def test_who_came_in_while_it_was_asked_to_reopen_hears_how_it_ended(platform: Platform, clock: Clock, outbox: Outbox) -> None:
    """They did not ask, and did not get the answer; after a second request they are not told twice."""
    with platform.unit_of_work(system("test")) as uow:
        case = a_closed_case(uow)
        first = uow.session.execute(select(Signal.id).where(Signal.case_id == case.id)).scalar_one()
    told: list[list[str]] = []
    for email in ("later@example.org", "nog.later@example.org"):
        before = len(outbox.mails())
        clock.shift += timedelta(minutes=1)
        with platform.unit_of_work(system("test")) as uow:
            ask_reopening(uow, first, AskReopening(text="Het is er nog."))
            a_signal(uow, uow.session.get_one(Case, case.id), email=email)
        clock.shift += timedelta(minutes=1)
        with platform.unit_of_work(system("test")) as uow:
            decide_reopening(uow, case.id, DecideReopening(reopen=False, text="Hij brandt echt."))
        mails = outbox.mails()[before:]
        told.append(sorted(mail.to for mail in mails))
        assert all("Hij brandt echt." in mail.text for mail in mails)
        (own,) = (mail.text for mail in mails if mail.to == email)
        assert ANSWER in own
        assert "Hersteld" in own
    assert told == [["later@example.org", "noor@example.org"], ["nog.later@example.org", "noor@example.org"]]


def test_a_case_that_stays_closed_asks_nothing_more(uow: UnitOfWork) -> None:
    """A question that was asked to decide about a request ends with the decision."""
    case = a_closed_case(uow)
    signal_id = uow.session.execute(select(Signal.id).where(Signal.case_id == case.id)).scalar_one()
    ask_reopening(uow, signal_id, AskReopening(text="Het is er nog."))
    (inquiry,) = ask_reporter(uow, case.id, AskReporter(text="Welke lamp?"))
    decide_reopening(uow, case.id, DecideReopening(reopen=False, text="Hij brandt."))
    uow.session.refresh(inquiry)
    assert inquiry.closed_at is not None
    with pytest.raises(Gone):
        answer(uow, inquiry.id, {"q1": "Die bij het bankje."})


def test_who_took_it_back_is_asked_no_more(uow: UnitOfWork) -> None:
    """The case waited for nobody else, so it goes on; one that waits for somebody else too goes on waiting."""
    waits = {"state": "awaiting_reporter", "came_from": "assigned", "waiting_since": uow.now}
    alone, together = a_case(uow, **waits), a_case(uow, **waits)
    for case, number in ((alone, 1), (together, 2)):
        signals = [a_signal(uow, case), a_signal(uow, case)]
        for signal in signals[:number]:
            an_inquiry(uow, case, to="reporter", signal_id=signal.id)
        withdraw(uow, signals[0].id, Withdraw())
    assert (alone.state, together.state) == ("assigned", "awaiting_reporter")
    assert len(uow.session.execute(select(Inquiry).where(Inquiry.closed_at.is_(None))).scalars().all()) == 1


def test_a_signal_that_was_never_confirmed_keeps_no_case_open(uow: UnitOfWork) -> None:
    """Nobody can be answered about it."""
    case = a_case(uow)
    mine = a_signal(uow, case)
    a_signal(uow, case, confirmed_at=None)
    withdraw(uow, mine.id, Withdraw())
    assert case.state == "withdrawn"


def test_the_same_verdict_again_is_told_once(platform: Platform, outbox: Outbox) -> None:
    """Another one is told again."""
    with platform.unit_of_work(system("test")) as uow:
        case = a_closed_case(uow)
        signal_id = uow.session.execute(select(Signal.id).where(Signal.case_id == case.id)).scalar_one()
    for command in (Judge(content="yes"), Judge(content="yes"), Judge(content="no", reason="Nog donker.")):
        with platform.unit_of_work(system("test")) as uow:
            judge(uow, signal_id, command)
    assert len(outbox.events("oog_oor.case.judged")) == 2


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_an_officer_says_on_the_form_that_it_was_a_mistake(platform: Platform, as_role: Any) -> None:
    """Only where a case opens again; a message is sent to nobody when a colleague was first."""
    with platform.unit_of_work(system("test")) as uow:
        case, other = a_closed_case(uow), a_case(uow, state="in_progress")
        day = case.promised_on = date(2030, 3, 6)
    desk, path = as_role("facilitator"), f"{paths.work(case.number)}/verder"
    assert "Het afsluiten was een vergissing" in desk.get(f"{path}?naar=in_progress").text
    assert "Het afsluiten was een vergissing" not in desk.get(f"{paths.work(other.number)}/verder?naar=planned").text
    filled = {"state": "in_progress", "text": "Per ongeluk.", "gezien": "Per ongeluk.", "mistake": "true"}
    assert send_form(desk, f"{path}?naar=in_progress", **filled).status_code == 303
    with platform.unit_of_work(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.state, found.promised_on) == ("in_progress", day)
    message = f"{paths.work(case.number)}/bericht"
    late = desk.get(message).text
    with platform.unit_of_work(system("test")) as uow:
        move_case(uow, case.id, CLOSE)
    data = [(name, value) for name, value in Forms(late).pairs(message) if name not in ("text", "gezien")]
    sent = desk.post(message, data=MultiDict([*data, ("text", "Wij kijken."), ("gezien", "Wij kijken.")]), headers=SAME_SITE)
    assert sent.status_code == 409
    assert "Wij kijken." in sent.text
