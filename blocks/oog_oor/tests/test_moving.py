"""The steps of a case: every allowed and refused move, what each needs, who hears it, and what nobody may learn."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, UnitOfWork, system
from samen_core.db.changes import Change
from samen_core.platform import utc_now
from samen_core.testing.platforms import Clock, Outbox
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import Case, CaseTask, Inquiry, Note, Signal, Update, Verdict
from samen_oog_oor.models.base import CLOSED, MOVES, OPEN, STATES, WAITING, targets
from samen_oog_oor.schemas.moving import AskReopening, DecideReopening, MoveCase, Withdraw
from samen_oog_oor.services.moving import move_case, possible_states
from samen_oog_oor.services.reopening import ask_reopening, decide_reopening
from samen_oog_oor.services.states import go_back
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.testing import a_case, a_category, a_signal, a_task, an_inquiry, an_organization

WORDS = "De lamp is vervangen."


def set_clock(clock: Clock, moment: str) -> None:
    """Let it be this moment."""
    clock.shift = datetime.fromisoformat(moment) - utc_now()


HONEST = {"resolved": "repaired", "not_resolved": "not_found", "referred": "no_authority", "withdrawn": "already_resolved"}
"""A resolution that fits each end."""


@pytest.fixture
def clerk(actor_as: Callable[..., Actor]) -> Actor:
    """Somebody who handles cases."""
    return actor_as("facilitator")


def at(uow: UnitOfWork, state: str, **values: Any) -> Case:
    """A case in a state, as it comes there."""
    before = {"came_from": "in_progress", "waiting_since": uow.now} if state in WAITING else {}
    if state == "reopening_requested":
        before = {"ended_as": "not_resolved", "closed_at": uow.now, "resolution": "not_found", "answer": "Niets gevonden."}
    case = a_case(uow, state=state, organization_id=an_organization(uow, f"Team {uuid.uuid4().hex[:8]}").id, **{**before, **values})
    a_signal(uow, case)
    return case


def step(uow: UnitOfWork, case: Case, state: str, **values: Any) -> MoveCase:
    """A step with everything that it may need."""
    given = {"text": WORDS, "resolution": HONEST.get(state), "planned_on": uow.now.date() + timedelta(days=3), "version": case.version}
    return MoveCase(state=state, **{**given, **values})


TABLE = {
    "new": {"triaged", "assigned", "in_progress"},
    "triaged": {"assigned", "in_progress"},
    "assigned": {"triaged", "in_progress", "planned"},
    "in_progress": {"assigned", "planned"},
    "planned": {"in_progress"},
}
"""The steps between the states in which work goes on, written out here once more (oog_oor.md §1.5)."""


def is_allowed(source: str, target: str) -> bool:
    """Whether staff may take a step; a case that waits came from "in progress", one to reopen was "not resolved"."""
    if source in TABLE:
        return target in TABLE[source] | WAITING | CLOSED
    if source in WAITING:
        return target in CLOSED | {"in_progress"}
    return target in ({"in_progress", "not_resolved"} if source == "reopening_requested" else {"in_progress"})


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("source", STATES)
def test_staff_may_take_the_steps_of_the_table(source: str, target: str) -> None:
    """Each of the 144."""
    came_from = "in_progress" if source in WAITING else None
    ended_as = "not_resolved" if source == "reopening_requested" else None
    case = Case(state=source, came_from=came_from, ended_as=ended_as, merged_into_id=None)
    assert (target in possible_states(case)) is is_allowed(source, target)
    assert possible_states(Case(state=source, came_from=came_from, ended_as=ended_as, merged_into_id=uuid.uuid4())) == frozenset()


def test_every_step_is_taken_or_refused(uow: UnitOfWork) -> None:
    """Each of the 144 for real; what is refused changes nothing."""
    for source, target in product(STATES, STATES):
        case = at(uow, source)
        if is_allowed(source, target):
            assert move_case(uow, case.id, step(uow, case, target)).state == target, (source, target)
        else:
            with pytest.raises(Invalid) as error:
                move_case(uow, case.id, step(uow, case, target))
            assert set(error.value.errors) == {"state"}
            assert case.state == source


def test_the_table_is_that_of_the_reference() -> None:
    """Each open state can end; an end can be opened again; nothing leads nowhere."""
    assert set(MOVES) == set(STATES)
    for state in OPEN - {"reopening_requested"}:
        assert MOVES[state] >= CLOSED
    for state in CLOSED:
        assert MOVES[state] == {"reopening_requested", "in_progress"}
    assert targets("awaiting_reporter", "planned", None) == CLOSED | {"planned"}
    assert targets("reopening_requested", None, "referred") == {"in_progress", "referred"}


def test_closing_needs_a_resolution_and_a_reason(uow: UnitOfWork) -> None:
    """All that is missing is said at once, and nothing changes."""
    case = at(uow, "in_progress")
    for end in sorted(CLOSED):
        with pytest.raises(Invalid) as error:
            move_case(uow, case.id, step(uow, case, end, text="  ", resolution=None))
        assert set(error.value.errors) == {"text", "resolution"}
        assert (case.state, case.closed_at) == ("in_progress", None)


FITS = {
    ("problem", "resolved", "repaired"): True,
    ("problem", "resolved", "already_resolved"): True,
    ("problem", "resolved", "no_action_policy"): False,
    ("safety_concern", "resolved", "not_found"): False,
    ("compliment", "resolved", "no_action_policy"): True,
    ("problem", "not_resolved", "repaired"): False,
    ("problem", "not_resolved", "no_action_policy"): True,
    ("problem", "referred", "no_authority"): True,
    ("problem", "not_resolved", "merged"): False,
    ("problem", "not_resolved", "gone"): False,
}


def test_closed_is_not_called_fixed(uow: UnitOfWork) -> None:
    """What is called resolved is gone, and merging is no resolution to choose."""
    for (type, state, resolution), fits in FITS.items():
        case = at(uow, "in_progress", type=type)
        if fits:
            assert move_case(uow, case.id, step(uow, case, state, resolution=resolution)).resolution == resolution
        else:
            with pytest.raises(Invalid) as error:
                move_case(uow, case.id, step(uow, case, state, resolution=resolution))
            assert set(error.value.errors) == {"resolution"}


def test_the_answer_reaches_every_reporter_each_at_their_own_link(platform: Platform, outbox: Outbox, clerk: Actor) -> None:
    """One answer, a mail for each address, in their own words and with their own code."""
    case = a_case(platform, state="in_progress")
    first = a_signal(platform, case, email="noor@example.org")
    second = a_signal(platform, case, email="sam@example.org")
    a_signal(platform, case, email="NOOR@example.org")
    a_signal(platform, case, email="")
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired"))
    mails = {mail.to: mail for mail in outbox.mails()}
    assert set(mails) == {"noor@example.org", "sam@example.org"}
    assert all(WORDS in mail.text and "Hersteld" in mail.text for mail in mails.values())
    assert all("Het gaat over wat u meldde op" in mail.text and ": Straatverlichting." in mail.text for mail in mails.values())
    assert first.code in mails["noor@example.org"].text
    assert second.code in mails["sam@example.org"].text
    assert "noor" not in mails["sam@example.org"].text


def test_closing_is_kept_told_and_logged(platform: Platform, outbox: Outbox, clerk: Actor) -> None:
    """State, resolution, answer and moment; a message for everybody; events without words."""
    case = at_platform(platform, "planned")
    with platform.unit_of_work(clerk) as uow:
        closed = move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired"))
        assert (closed.state, closed.resolution, closed.answer, closed.closed_at) == ("resolved", "repaired", WORDS, uow.now)
    with platform.read(clerk) as uow:
        told = uow.session.execute(select(Update).where(Update.case_id == case.id)).scalars().one()
        assert (told.state, told.text, told.public) == ("resolved", WORDS, True)
        line = uow.session.execute(select(Change).where(Change.action == "oog_oor.case.moved")).scalars().one()
        assert (line.public, line.reason, line.before, line.after) == (
            True,
            WORDS,
            {"state": "planned"},
            {"state": "resolved", "resolution": "repaired"},
        )
        assert line.sentence == "De zaak is nu: Opgelost."
    assert [len(outbox.events(f"oog_oor.case.{what}")) for what in ("moved", "closed", "reopened", "updated")] == [1, 1, 0, 1]
    assert WORDS not in str(outbox.events())


def at_platform(platform: Platform, state: str, **values: Any) -> Case:
    """A committed case in a state, with a reporter."""
    with platform.unit_of_work(system("test")) as uow:
        return at(uow, state, **values)


def test_a_text_for_reporters_alone_stands_nowhere_in_public(platform: Platform, outbox: Outbox, clerk: Actor) -> None:
    """The mail has it; the page, the answer and the logbook do not."""
    case = at_platform(platform, "in_progress")
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired", public=False))
    assert WORDS in outbox.mails()[0].text
    with platform.read(clerk) as uow:
        assert uow.session.get_one(Case, case.id).answer == ""
        assert not uow.session.execute(select(Update.public).where(Update.case_id == case.id)).scalar_one()
        assert WORDS not in str(uow.session.execute(select(Change.reason)).scalars().all())


def test_nothing_of_a_confidential_case_leaks(platform: Platform, outbox: Outbox, clerk: Actor, actor_as: Callable[..., Actor]) -> None:
    """Who may not see it does not learn that it is there; its reporter gets the answer; no event, no public line, no public message."""
    case = at_platform(platform, "in_progress", confidential=True)
    with pytest.raises(NotFound), platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="triaged"))
    with platform.unit_of_work(actor_as("manager")) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired"))
    assert WORDS in outbox.mails()[0].text
    assert "Het gaat over" not in outbox.mails()[0].text
    assert not [event for event in outbox.events() if "case_id" in event]
    with platform.read(clerk) as uow:
        assert uow.session.execute(select(Update.public)).scalars().all() == [False]
        assert not uow.session.execute(select(Change).where(Change.action.like("oog_oor.case.%"), Change.public)).all()


def test_only_who_handles_cases_moves_them(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """A resident may not; a grant on the organisation of the case is enough, on another it is not."""
    case = at_platform(platform, "new")
    other = an_organization(platform, "Een ander")
    for actor in (actor_as("resident"), actor_as("facilitator", other.id)):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            move_case(uow, case.id, MoveCase(state="triaged"))
    with platform.unit_of_work(actor_as("facilitator", case.organization_id)) as uow:
        assert move_case(uow, case.id, MoveCase(state="triaged")).state == "triaged"


def test_two_officers_editing_one_case_are_told(platform: Platform, clerk: Actor, actor_as: Callable[..., Actor]) -> None:
    """The second sees what the first made of it, and nothing of the first is lost."""
    case = at_platform(platform, "assigned")
    seen = case.version
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="in_progress", version=seen))
    with pytest.raises(Conflict) as error, platform.unit_of_work(actor_as("moderator")) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired", version=seen))
    assert error.value.current["state"] == "in_progress"
    assert error.value.version is not None
    assert error.value.version > seen
    with platform.read(clerk) as uow:
        assert uow.session.get_one(Case, case.id).state == "in_progress"


def test_reporters_hear_on_which_day_the_work_is(platform: Platform, outbox: Outbox, clerk: Actor) -> None:
    """And by when it is promised."""
    case = at_platform(platform, "in_progress", promised_on=date(2040, 1, 9))
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="planned", planned_on=date(2040, 1, 5)))
    text = outbox.mails()[0].text
    assert "Het werk gebeurt op 5 januari 2040." in text
    assert "uiterlijk klaar is op 9 januari 2040." in text


def test_planning_needs_a_day_and_assigning_an_organisation(uow: UnitOfWork) -> None:
    """Not a day that is over, nor one so far away that it was mistyped."""
    case = at(uow, "in_progress")
    for day in (None, uow.now.date() - timedelta(days=2), date.max):
        with pytest.raises(Invalid) as error:
            move_case(uow, case.id, step(uow, case, "planned", planned_on=day))
        assert set(error.value.errors) == {"planned_on"}
    case.organization_id = None
    uow.session.flush()
    with pytest.raises(Invalid) as error:
        move_case(uow, case.id, step(uow, case, "assigned"))
    assert set(error.value.errors) == {"state"}


def test_closing_waits_for_tasks_or_drops_them_with_the_reason(uow: UnitOfWork) -> None:
    """A task that is done stays done."""
    case = at(uow, "in_progress")
    left, done = a_task(uow, case), a_task(uow, case, "Kijken", state="done", note="Gekeken.")
    with pytest.raises(Invalid) as error:
        move_case(uow, case.id, step(uow, case, "resolved"))
    assert set(error.value.errors) == {"drop_tasks"}
    assert str(error.value.errors["drop_tasks"][0]).startswith("Er staat nog 1 taak open.")
    move_case(uow, case.id, step(uow, case, "resolved", drop_tasks=True))
    assert [(task.state, task.note) for task in (left, done)] == [("dropped", WORDS), ("done", "Gekeken.")]
    assert uow.session.get_one(CaseTask, left.id).done_at == uow.now


def test_closing_ends_the_questions(uow: UnitOfWork) -> None:
    """Nobody is kept busy with a question about what is over."""
    case = at(uow, "awaiting_third_party")
    asked = an_inquiry(uow, case)
    uow.session.flush()
    move_case(uow, case.id, step(uow, case, "resolved"))
    assert uow.session.get_one(Inquiry, asked.id, populate_existing=True).closed_at == uow.now


def test_waiting_stops_the_clock_and_goes_back(platform: Platform, clock: Clock, clerk: Actor) -> None:
    """From Thursday until Wednesday it waits four working days, and the promise moves on as many."""
    set_clock(clock, "2026-03-05T09:00:00+00:00")
    case = at_platform(platform, "assigned", promised_on=date(2026, 3, 10), late_told=1)
    with platform.unit_of_work(clerk) as uow:
        waiting = move_case(uow, case.id, MoveCase(state="awaiting_third_party", text="Wij wachten op de aannemer."))
        assert (waiting.came_from, waiting.waiting_since) == ("assigned", uow.now)
    set_clock(clock, "2026-03-11T09:00:00+00:00")
    with platform.unit_of_work(system()) as uow:
        assert go_back(uow, case.id)
        assert not go_back(uow, case.id)
    with platform.read(clerk) as uow:
        back = uow.session.get_one(Case, case.id)
        assert (back.state, back.came_from, back.waiting_since) == ("assigned", None, None)
        assert (back.waited_days, back.promised_on, back.late_told) == (4, date(2026, 3, 16), 0)


def test_a_reporter_takes_a_signal_back_until_work_is_planned(platform: Platform, outbox: Outbox, clerk: Actor) -> None:
    """With others on the case it goes on for them; the last one ends it. What they wrote is for staff alone."""
    case = a_case(platform, state="in_progress")
    first, second = a_signal(platform, case, email="noor@example.org"), a_signal(platform, case, email="sam@example.org")
    with platform.unit_of_work(system()) as uow:
        assert withdraw(uow, first.id, Withdraw(text="Mijn buurman heet Jan.")).state == "in_progress"
        assert withdraw(uow, first.id, Withdraw()).state == "in_progress"
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="planned", planned_on=uow.now.date()))
    assert [mail.to for mail in outbox.mails()] == ["sam@example.org"]
    with pytest.raises(Invalid), platform.unit_of_work(system()) as uow:
        withdraw(uow, second.id, Withdraw())
    with platform.read(clerk) as uow:
        assert uow.session.execute(select(Note.text)).scalars().all() == ["Mijn buurman heet Jan."]
        assert "Jan" not in str([(line.reason, line.after) for line in uow.session.execute(select(Change)).scalars()])


def test_the_last_reporter_who_takes_back_ends_the_case(uow: UnitOfWork) -> None:
    """With the reason that they chose as resolution, and its open tasks dropped."""
    case = at(uow, "awaiting_reporter")
    task = a_task(uow, case)
    signal = uow.session.execute(select(Signal)).scalars().one()
    withdraw(uow, signal.id, Withdraw(resolution="not_found"))
    assert (case.state, case.resolution, case.closed_at, task.state) == ("withdrawn", "not_found", uow.now, "dropped")
    with pytest.raises(Invalid):
        move_case(uow, case.id, step(uow, case, "in_progress", text=""))
    move_case(uow, case.id, step(uow, case, "in_progress"))
    assert uow.session.get_one(Signal, signal.id, populate_existing=True).withdrawn_at is None, "somebody must be answered"


def test_later_a_signal_is_not_taken_back(uow: UnitOfWork) -> None:
    """Nor from waiting when work was planned before."""
    for state in ("planned", *sorted(CLOSED), "reopening_requested", "awaiting_third_party"):
        case = at(uow, state, **({"came_from": "planned"} if state in WAITING else {}))
        signal = uow.session.execute(select(Signal).where(Signal.case_id == case.id)).scalars().one()
        with pytest.raises(Invalid):
            withdraw(uow, signal.id, Withdraw())
        assert signal.withdrawn_at is None
    begun = at(uow, "in_progress", planned_on=uow.now.date())
    signal = uow.session.execute(select(Signal).where(Signal.case_id == begun.id)).scalars().one()
    with pytest.raises(Invalid):
        withdraw(uow, signal.id, Withdraw())


def test_a_reporter_asks_to_reopen_and_hears_why_not(platform: Platform, outbox: Outbox, clerk: Actor, clock: Clock) -> None:
    """The former end stays, with its answer; only who asked gets the motivation."""
    case = at_platform(platform, "in_progress")
    asker = a_signal(platform, case, email="sam@example.org")
    with platform.unit_of_work(clerk) as uow:
        closed = move_case(uow, case.id, MoveCase(state="not_resolved", text="Geen geld.", resolution="no_action_policy"))
        moment = closed.closed_at
    outbox.mails()
    clock.forward(days=3)
    with platform.unit_of_work(system()) as uow:
        ask_reopening(uow, asker.id, AskReopening(text="Het is gevaarlijk."))
        ask_reopening(uow, asker.id, AskReopening(text="Het is echt gevaarlijk."))
    sent = len(outbox.mails())
    with platform.unit_of_work(clerk) as uow:
        with pytest.raises(Invalid):
            decide_reopening(uow, case.id, DecideReopening(reopen=False, text=" "))
        kept = decide_reopening(uow, case.id, DecideReopening(reopen=False, text="Volgend jaar is er geld."))
        assert (kept.state, kept.ended_as, kept.closed_at, kept.answer) == ("not_resolved", None, moment, "Geen geld.")
        verdict = uow.session.execute(select(Verdict)).scalars().one()
        assert (verdict.reason, verdict.decided, verdict.decision) == ("Het is echt gevaarlijk.", False, "Volgend jaar is er geld.")
        with pytest.raises(Invalid):
            decide_reopening(uow, case.id, DecideReopening(reopen=True, text="Toch wel."))
    told = outbox.mails()[sent:]
    assert [mail.to for mail in told] == ["sam@example.org"]
    assert "Volgend jaar is er geld." in told[0].text
    assert "gevaarlijk" not in str(outbox.events())


def test_a_case_that_opens_again_gets_a_new_promise(platform: Platform, outbox: Outbox, clerk: Actor, clock: Clock) -> None:
    """Every reporter hears why; what ended it is gone from the case, and stays in its history."""
    set_clock(clock, "2026-03-02T09:00:00+00:00")
    case = at_platform(platform, "in_progress", promised_on=date(2026, 3, 3), planned_on=date(2026, 3, 2), late_told=2)
    signal = a_signal(platform, case, email="sam@example.org")
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired"))
    with platform.unit_of_work(system()) as uow:
        ask_reopening(uow, signal.id, AskReopening(text="Hij is weer stuk."))
    sent = len(outbox.mails())
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="in_progress", text="Wij komen weer."))
        case = uow.session.get_one(Case, case.id)
        assert (case.resolution, case.answer, case.closed_at, case.ended_as) == (None, "", None, None)
        assert (case.promised_on, case.planned_on, case.late_told) == (date(2026, 3, 9), None, 0)
        assert uow.session.execute(select(Verdict.decided)).scalar_one() is True
    assert len(outbox.mails()) - sent == 2
    assert len(outbox.events("oog_oor.case.reopened")) == 1


def test_asking_to_reopen_has_an_end(platform: Platform, clerk: Actor, clock: Clock) -> None:
    """On the last day it can, a day later it cannot; nor for what is open, nor without a reason."""
    case = at_platform(platform, "in_progress")
    signal = a_signal(platform, case)
    with pytest.raises(Invalid), platform.unit_of_work(system()) as uow:
        ask_reopening(uow, signal.id, AskReopening(text="Graag."))
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, case.id, MoveCase(state="resolved", text=WORDS, resolution="repaired"))
    with pytest.raises(Invalid), platform.unit_of_work(system()) as uow:
        ask_reopening(uow, signal.id, AskReopening(text=" "))
    clock.forward(days=29)
    with pytest.raises(Invalid), platform.unit_of_work(system()) as uow:
        ask_reopening(uow, signal.id, AskReopening(text="Graag."))
    clock.forward(days=-1)
    with platform.unit_of_work(system()) as uow:
        uow.session.get_one(Signal, signal.id).withdrawn_at = uow.now
        ask_reopening(uow, signal.id, AskReopening(text="Graag."))
        assert uow.session.get_one(Signal, signal.id).withdrawn_at is None, "who asks is to be answered"
    with pytest.raises(NotFound), platform.unit_of_work(system()) as uow:
        ask_reopening(uow, uuid.uuid4(), AskReopening(text="Graag."))


def test_every_state_can_be_said(uow: UnitOfWork) -> None:
    """Reporters get the state in words, at each step that they hear of, with the day that was promised."""
    category = a_category(uow)
    case = a_case(uow, category, state="new", promised_on=date(2030, 1, 7), organization_id=an_organization(uow).id)
    a_signal(uow, case)
    move_case(uow, case.id, MoveCase(state="triaged"))
    assert case.told_at is None, "reading it is no news"
    move_case(uow, case.id, MoveCase(state="assigned"))
    assert case.told_at == uow.now
    assert case.answered_at is None, "nobody wrote anything yet"
    move_case(uow, case.id, MoveCase(state="in_progress", text="Wij gaan kijken."))
    assert (case.answered_at, case.answer_days) == (uow.now, 0)
    assert set(STATE_LABELS) == set(STATES)
