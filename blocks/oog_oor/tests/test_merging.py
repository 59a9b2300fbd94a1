"""Cases become one and two again: every signal keeps its reporter and receipt, and nothing else changes hands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, Subject, UnitOfWork, anonymous, system, uuid7
from samen_core.testing.platforms import Outbox
from samen_oog_oor.models import Case, CaseTask, Inquiry, Merge, Reporter, Signal, Support
from samen_oog_oor.queries.public import told_to_reporter
from samen_oog_oor.schemas.merging import MergeCase, UnmergeCase
from samen_oog_oor.schemas.moving import AskReopening, DecideReopening, MoveCase, Withdraw
from samen_oog_oor.schemas.open311 import TakeUpdate
from samen_oog_oor.schemas.receiving import ReceiveSignal
from samen_oog_oor.schemas.work import WriteUpdate
from samen_oog_oor.services.common import find_case
from samen_oog_oor.services.desk import write_update
from samen_oog_oor.services.inquiries import answer
from samen_oog_oor.services.merging import merge_case, unmerge_case
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.open311_updates import take_update
from samen_oog_oor.services.receiving import receive_signal
from samen_oog_oor.services.reopening import ask_reopening, decide_reopening
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.testing import a_case, a_signal, a_task, an_inquiry, an_update

COLUMNS = ("state", "came_from", "waiting_since", "planned_on", "promised_on", "resolution", "closed_at", "answer", "signals", "supports")


def picture(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    """All of a case that merging may not change for good."""
    uow.session.flush()
    uow.session.refresh(case)
    return {
        **{name: getattr(case, name) for name in (*COLUMNS, "late_told", "waited_days", "merged_into_id")},
        **{
            table.__name__: sorted(uow.session.execute(select(table.id).where(table.case_id == case.id)).scalars())
            for table in (Signal, Support, CaseTask, Inquiry)
        },
    }


def a_support(uow: UnitOfWork, case: Case, who: str) -> None:
    uow.session.add(Support(id=uuid7(), case_id=case.id, who=who, at=uow.now))
    case.supports += 1


def two(uow: UnitOfWork) -> tuple[Case, Case]:
    """Two cases with all that can stand on one; one waits for an answer, and one person supported both."""
    first = a_case(
        uow, state="awaiting_third_party", came_from="assigned", waiting_since=uow.now - timedelta(days=3), promised_on=date(2030, 1, 7)
    )
    second = a_case(uow, state="in_progress", promised_on=date(2030, 1, 9))
    for case, name in ((first, "noor"), (first, "anna"), (second, "sam")):
        a_signal(uow, case, email=f"{name}@example.org")
    a_task(uow, first)
    a_task(uow, first, "Gedaan", state="done")
    an_inquiry(uow, first)
    for case, who in ((first, "a"), (first, "b"), (second, "a")):
        a_support(uow, case, who)
    uow.session.flush()
    return first, second


def test_merging_is_undone_exactly(uow: UnitOfWork) -> None:
    """Signals, supports, open tasks and questions come along, and go back; what is done, and who supported both, stays."""
    first, second = two(uow)
    before = [picture(uow, case) for case in (first, second)]
    receipts = uow.session.execute(select(Signal.id, Signal.code, Signal.key_hash, Reporter.email).join(Reporter).order_by(Signal.id)).all()
    merge_case(uow, first.id, MergeCase(into=second.number))
    merged = picture(uow, first)
    assert (merged["state"], merged["resolution"], merged["signals"], merged["supports"]) == ("not_resolved", "merged", 0, 1)
    assert (second.signals, second.supports) == (3, 2)
    assert len(merged["CaseTask"]) == 1, "what is done stays"
    assert first.merged_into_id == second.id
    now = uow.session.execute(select(Signal.id, Signal.code, Signal.key_hash, Reporter.email).join(Reporter).order_by(Signal.id)).all()
    assert now == receipts
    unmerge_case(uow, first.id, UnmergeCase())
    assert [picture(uow, case) for case in (first, second)] == before
    assert first.merged_into_id is None
    merge_case(uow, second.id, MergeCase(into=first.number))
    assert first.signals == 3


def test_what_came_later_stays(uow: UnitOfWork) -> None:
    """A signal on the whole is not of the part."""
    first, second = two(uow)
    merge_case(uow, first.id, MergeCase(into=second.number))
    late = a_signal(uow, second)
    unmerge_case(uow, first.id, UnmergeCase())
    assert (late.case_id, first.signals, second.signals) == (second.id, 2, 2)


def test_the_reporters_of_a_part_get_the_answer_of_the_whole(platform: Platform, outbox: Outbox, actor_as: Callable[..., Actor]) -> None:
    """They hear that they are together, and then what became of it; apart again, they hear that too."""
    clerk = actor_as("moderator")
    with platform.unit_of_work(system("test")) as uow:
        first, second = two(uow)
    with platform.unit_of_work(clerk) as uow:
        merge_case(uow, first.id, MergeCase(into=second.number, reason="Zelfde lamp.", version=first.version))
    assert sorted(mail.to for mail in outbox.mails()) == ["anna@example.org", "noor@example.org"]
    assert all(second.number in mail.text for mail in outbox.mails())
    with platform.unit_of_work(clerk) as uow:
        move_case(uow, second.id, MoveCase(state="resolved", text="Gemaakt.", resolution="repaired", drop_tasks=True))
    assert sorted(mail.to for mail in outbox.mails()[2:]) == ["anna@example.org", "noor@example.org", "sam@example.org"]
    with platform.unit_of_work(clerk) as uow:
        unmerge_case(uow, first.id, UnmergeCase(reason="Toch een andere."))
    assert sorted(mail.to for mail in outbox.mails()[5:]) == ["anna@example.org", "noor@example.org"]
    assert len(outbox.events("oog_oor.case.merged")) == 2


def test_a_part_is_not_public_and_not_worked_at(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """Its page is gone for everybody, its card in the register too, and no step can be taken."""
    clerk = actor_as("moderator")
    with platform.unit_of_work(system("test")) as uow:
        first, second = two(uow)
        assert uow.session.get_one(Subject, first.id).public
        merge_case(uow, first.id, MergeCase(into=second.number))
    with platform.read(actor_as("resident")) as uow, pytest.raises(NotFound):
        find_case(uow, first.number)
    with platform.read(clerk) as uow:
        assert not uow.session.get_one(Subject, first.id).public
    with platform.unit_of_work(clerk) as uow, pytest.raises(Invalid):
        move_case(uow, first.id, MoveCase(state="in_progress", text="Toch."))


def test_a_reporter_keeps_what_they_were_told_and_reads_nothing_that_was_told_to_others_before(uow: UnitOfWork) -> None:
    """What is for everybody they read of both; of the rest each what was told while it was about their signal."""
    first, second = two(uow)
    start = uow.now
    mine, theirs = (
        uow.session.execute(select(Signal).where(Signal.case_id == case.id).order_by(Signal.id)).scalars().first()
        for case in (first, second)
    )
    assert mine is not None
    assert theirs is not None
    for minute, case, text, public in (
        (1, first, "Alleen aan deel.", False),
        (2, second, "Alleen aan geheel.", False),
        (3, second, "Aan iedereen.", True),
    ):
        an_update(uow, case, text, public=public, at=start + timedelta(minutes=minute))
    with uow.at(start + timedelta(minutes=4)):
        merge_case(uow, first.id, MergeCase(into=second.number))
    an_update(uow, second, "Aan allemaal.", public=False, at=start + timedelta(minutes=5))
    told = {name: [row.text for row in told_to_reporter(uow, signal)] for name, signal in (("mine", mine), ("theirs", theirs))}
    assert told == {
        "mine": ["Alleen aan deel.", "Aan iedereen.", "Aan allemaal."],
        "theirs": ["Alleen aan geheel.", "Aan iedereen.", "Aan allemaal."],
    }
    unmerge_case(uow, first.id, UnmergeCase())
    assert [row.text for row in told_to_reporter(uow, mine)] == ["Alleen aan deel."]


def test_a_chain_comes_apart_from_its_end(uow: UnitOfWork) -> None:
    """What is part of a part goes along, and comes back with it."""
    first, second = two(uow)
    third = a_case(uow)
    a_signal(uow, third)
    merge_case(uow, first.id, MergeCase(into=second.number))
    merge_case(uow, second.id, MergeCase(into=third.number))
    assert third.signals == 4
    with pytest.raises(Invalid):
        unmerge_case(uow, first.id, UnmergeCase())
    unmerge_case(uow, second.id, UnmergeCase())
    unmerge_case(uow, first.id, UnmergeCase())
    assert [case.signals for case in (first, second, third)] == [2, 1, 1]
    with pytest.raises(Invalid):
        unmerge_case(uow, first.id, UnmergeCase())


def test_what_is_closed_is_not_merged(uow: UnitOfWork) -> None:
    """Neither way: somebody would hear nothing any more."""
    first, second = two(uow)
    for state in ("resolved", "withdrawn", "reopening_requested"):
        second.state, second.closed_at, second.ended_as = state, uow.now, "resolved" if state == "reopening_requested" else None
        for one, other in ((first, second), (second, first)):
            with pytest.raises(Invalid):
                merge_case(uow, one.id, MergeCase(into=other.number))


def test_what_cannot_be_merged_is_said(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """No such number, itself, one that is confidential (which does not become known), and what somebody else changed."""
    clerk = actor_as("moderator")
    with platform.unit_of_work(system("test")) as uow:
        first, second = two(uow)
        secret = a_case(uow, confidential=True)
    said = []
    for number in ("2026-1", first.number, secret.number):
        with platform.unit_of_work(clerk) as uow, pytest.raises(Invalid) as error:
            merge_case(uow, first.id, MergeCase(into=number))
        said.append(str(error.value.errors["into"][0]))
    assert said[0] == said[2]
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        merge_case(uow, first.id, MergeCase(into=secret.number))
    with platform.unit_of_work(clerk) as uow, pytest.raises(Conflict):
        merge_case(uow, first.id, MergeCase(into=second.number, version=first.version + 1))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        merge_case(uow, first.id, MergeCase(into=second.number))


def test_apart_again_a_case_that_nobody_wants_ends(uow: UnitOfWork) -> None:
    """All who reported the part took it back while it was part of the whole."""
    first, second = two(uow)
    second.state = "in_progress"
    mine = uow.session.execute(select(Signal.id).where(Signal.case_id == first.id)).scalars().all()
    merge_case(uow, first.id, MergeCase(into=second.number))
    for id in mine:
        withdraw(uow, id, Withdraw())
    assert second.state == "in_progress"
    unmerge_case(uow, first.id, UnmergeCase())
    assert (first.state, second.state) == ("withdrawn", "in_progress")
    assert uow.session.execute(select(Merge.undone_at)).scalar_one() == uow.now


def test_who_joins_while_it_is_merged_is_not_lost(platform: Platform) -> None:
    """The merge waits for the signal that is coming in, and takes it along."""
    with platform.unit_of_work(system("test")) as uow:
        first, second = two(uow)
    with platform.unit_of_work(anonymous()) as joining:
        received = receive_signal(joining, ReceiveSignal(category_id=first.category_id, text="Nog steeds donker.", case_id=first.id))
        joining.session.flush()

        def merge() -> None:
            with platform.unit_of_work(system("test")) as merging:
                merge_case(merging, first.id, MergeCase(into=second.number))

        other = threading.Thread(target=merge)
        other.start()
        other.join(0.3)
        assert other.is_alive(), "it does not go before us"
    other.join()
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Signal, received.signal.id).case_id == second.id
        assert [uow.session.get_one(Case, case.id).signals for case in (first, second)] == [0, 4]


def test_what_was_answered_meanwhile_is_not_waited_for(uow: UnitOfWork) -> None:
    """The case goes on when it stands on its own again; one that nobody asked anything goes on waiting."""
    first, second = two(uow)
    by_hand = a_case(uow, state="awaiting_third_party", came_from="planned", waiting_since=uow.now)
    a_signal(uow, by_hand)
    for case in (first, by_hand):
        merge_case(uow, case.id, MergeCase(into=second.number))
    inquiry = uow.session.execute(select(Inquiry)).scalar_one()
    answer(uow, inquiry.id, {"q1": "Morgen."})
    assert second.state == "in_progress"
    for case in (first, by_hand):
        unmerge_case(uow, case.id, UnmergeCase())
    assert (first.state, first.waiting_since, by_hand.state) == ("assigned", None, "awaiting_third_party")


def test_who_asked_to_reopen_the_whole_gets_the_decision_first(uow: UnitOfWork) -> None:
    """Apart again, the one who asked would stand on another case than the request."""
    first, second = two(uow)
    mine = uow.session.execute(select(Signal.id).where(Signal.case_id == first.id)).scalars().first()
    assert mine is not None
    merge_case(uow, first.id, MergeCase(into=second.number))
    move_case(uow, second.id, MoveCase(state="resolved", text="Gemaakt.", resolution="repaired", drop_tasks=True))
    ask_reopening(uow, mine, AskReopening(text="Nog donker."))
    with pytest.raises(Invalid):
        unmerge_case(uow, first.id, UnmergeCase())
    decide_reopening(uow, second.id, DecideReopening(reopen=False, text="Hij brandt."))
    # The question that it waited for ended with the whole, so it does not wait any more.
    assert unmerge_case(uow, first.id, UnmergeCase()).state == "assigned"


def test_news_of_a_part_reaches_its_reporters_on_the_whole(platform: Platform, outbox: Outbox) -> None:
    """From another server; it moves nothing. Staff are told to write there."""
    with platform.unit_of_work(system("test")) as uow:
        first, second = two(uow)
        merge_case(uow, first.id, MergeCase(into=second.number))
    before = len(outbox.mails())
    news = TakeUpdate(number=first.number, source="Ander", source_id="1", status="FIXED", text="De mast staat er weer.")
    with platform.unit_of_work(system("test")) as uow:
        assert take_update(uow, news) is not None
        assert take_update(uow, news) is None
        assert uow.session.get_one(Case, second.id).state == "in_progress"
        with pytest.raises(Invalid):
            write_update(uow, first.id, WriteUpdate(text="Hallo?"))
    mails = outbox.mails()[before:]
    assert sorted(mail.to for mail in mails) == ["anna@example.org", "noor@example.org", "sam@example.org"]
    assert all("De mast staat er weer." in mail.text for mail in mails)
