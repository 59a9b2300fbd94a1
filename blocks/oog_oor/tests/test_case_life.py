"""No sequence of acts loses a signal, or leaves a case without a reporter who can be answered."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select

from samen_core.api import Conflict, Gone, Invalid, Platform, UnitOfWork, system
from samen_core.mail.models import QueuedMail
from samen_oog_oor.models import Case, CaseTask, Inquiry, Merge, Numbers, Signal
from samen_oog_oor.models.base import CLOSED, OPEN, STATES, WAITING
from samen_oog_oor.queries.statistics import Period, closed, judged, reported
from samen_oog_oor.schemas.inquiries import AskReporter
from samen_oog_oor.schemas.merging import AddTask, EndTask, MergeCase, UnmergeCase
from samen_oog_oor.schemas.moving import AskReopening, DecideReopening, MoveCase, Withdraw
from samen_oog_oor.schemas.relocating import Relocate
from samen_oog_oor.schemas.routing import HandOver, SendBack
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.counting import COUNTERS, count_days, write_days
from samen_oog_oor.services.deadlines import give_promise
from samen_oog_oor.services.inquiries import answer, ask_reporter, remind
from samen_oog_oor.services.merging import merge_case, unmerge_case
from samen_oog_oor.services.moving import move_case, possible_states
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.relocating import relocate
from samen_oog_oor.services.reminders import end_waiting, remind_handlers, tell_silence
from samen_oog_oor.services.reopening import ask_reopening, decide_reopening
from samen_oog_oor.services.routing import hand_over, send_back
from samen_oog_oor.services.states import go_back
from samen_oog_oor.services.tasks import add_task, finish_task
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.testing import a_case, a_category, a_signal, an_organization

NUMBERS = st.integers(0, 30)
ASKED = ("reopening_requested",)
HONEST = {"resolved": "repaired", "not_resolved": "not_found", "referred": "no_authority", "withdrawn": "already_resolved"}


class Life(RuleBasedStateMachine):
    """Reporters, staff and the clock, in any order, in one transaction that is taken back at the end."""

    platform: ClassVar[Platform]

    done: ClassVar[int] = 0
    """Acts of all lives together that were not refused."""

    def __init__(self) -> None:
        super().__init__()
        self.uow: UnitOfWork = self.platform.unit_of_work(system("test"))
        self.signals: dict[Any, tuple[str, str]] = {}
        self.cases: list[Case] = []
        self.began = self.uow.now.date() - timedelta(days=1)

    @initialize()
    def start(self) -> None:
        """A category and somebody responsible, and a first signal."""
        self.organization, self.other = an_organization(self.uow), an_organization(self.uow, "Een ander team")
        self.category = a_category(self.uow, organization_id=self.organization.id)
        self.nobodys = a_category(self.uow, "Iets van niemand", term_days=9)
        self.report(0)

    def teardown(self) -> None:
        """Nothing of it stays. What was counted ahead, whenever that was, says what a count says."""
        try:
            told = self.told()
            self.uow.session.execute(delete(Numbers))
            assert told == self.told()
        finally:
            self.uow.rollback()
            self.uow.close()

    def told(self) -> Any:
        """The numbers by day."""
        period = Period(self.began, self.uow.now.date())
        return [numbers(self.uow, period) for numbers in (reported, closed, judged)]

    def act(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Do something as its own transaction would: all of it, or nothing; each a minute later, so that it shows what came first."""
        self.uow.now += timedelta(minutes=1)
        part = self.uow.session.begin_nested()
        try:
            function(self.uow, *arguments)
            self.uow.session.flush()
        except (Invalid, Conflict, Gone):
            part.rollback()
            return False
        part.commit()
        type(self).done += 1
        return True

    def case(self, number: int, states: Collection[str] = STATES) -> Case:
        """One of the cases, in one of these states if there is one."""
        found = [case for case in self.cases if case.state in states] or self.cases
        return found[number % len(found)]

    def there_is(self, states: Collection[str]) -> bool:
        """Whether a case is in one of these states."""
        return any(case.state in states for case in self.cases)

    def signal(self, number: int) -> Any:
        """The id of one of the signals."""
        return list(self.signals)[number % len(self.signals)]

    @rule(number=NUMBERS, proves=st.booleans())
    def report(self, number: int, proves: bool = True) -> None:
        """Somebody reports, on a case of their own or, when it is open, on one that is there; perhaps the address is not proved yet."""
        joined = self.case(number, ASKED if number % 3 == 2 else STATES) if self.cases and (number % 3 or len(self.cases) > 3) else None
        if joined is None or joined.state in CLOSED or joined.merged_into_id is not None:
            joined = a_case(self.uow, self.category, organization_id=self.organization.id)
            give_promise(self.uow, joined)
            self.cases.append(joined)
        waits = not proves and joined.signals > 0
        moment = None if waits else self.uow.now
        signal = a_signal(self.uow, joined, email=f"melder{len(self.signals)}@example.org", confirmed_at=moment)
        joined.signals -= int(waits)
        self.uow.session.flush()
        self.signals[signal.id] = (signal.code, signal.key_hash)

    @rule(number=NUMBERS)
    def prove(self, number: int) -> None:
        """Somebody proves their address, perhaps long after."""
        unproved = select(Signal.id).where(Signal.confirmed_at.is_(None)).order_by(Signal.id)
        ids = self.uow.session.execute(unproved).scalars().all()
        if ids and self.act(confirm_signal, receipt_key(self.platform, ids[number % len(ids)])):
            case_id = self.uow.session.get_one(Signal, ids[number % len(ids)]).case_id
            if all(case.id != case_id for case in self.cases):
                self.cases.append(self.uow.session.get_one(Case, case_id))

    @rule(number=NUMBERS, way=st.sampled_from(("next", "triage", "hand", "category")))
    def goes_elsewhere(self, number: int, way: str) -> None:
        """The wrong desk, by hand, or because it is about something else."""
        case = self.case(number, WAITING if way == "category" else OPEN)
        before = case.state
        if way == "hand":
            to = self.other if case.organization_id == self.organization.id else self.organization
            self.act(hand_over, case.id, HandOver(organization_id=to.id, version=case.version))
        elif way == "category":
            category = self.nobodys if case.category_id == self.category.id else self.category
            self.act(relocate, case.id, Relocate(category_id=category.id, version=case.version))
        else:
            self.act(send_back, case.id, SendBack(reason="Niet van ons.", to=way, version=case.version))
        assert (case.state in CLOSED) is (before in CLOSED)
        assert case.state == before or before not in (*WAITING, *ASKED)

    @rule(number=NUMBERS)
    def question(self, number: int) -> None:
        """Staff ask the reporters something."""
        self.act(ask_reporter, self.case(number, OPEN).id, AskReporter(text="Waar is het?"))

    @rule(number=NUMBERS)
    def answered(self, number: int) -> None:
        """Somebody answers a question, perhaps one that is over."""
        ids = self.uow.session.execute(select(Inquiry.id).order_by(Inquiry.closed_at.is_not(None), Inquiry.id)).scalars().all()
        if ids:
            self.act(answer, ids[number % len(ids)], {"q1": "Bij het bankje."})

    @rule(number=NUMBERS, choice=NUMBERS, drop=st.booleans(), mistake=st.booleans())
    def move(self, number: int, choice: int, drop: bool, mistake: bool) -> None:
        """Staff take a step; when it closes the case, every reporter who did not take back gets a mail."""
        case, mails = self.case(number), self._mails()
        possible = possible_states(case)
        states = sorted(possible & CLOSED if choice % 3 == 0 else possible) or STATES
        state = states[choice % len(states)]
        was_open = case.state not in CLOSED and case.state != "reopening_requested"
        day = self.uow.now.date() + timedelta(days=2)
        wrongly = mistake and state == "in_progress" and not was_open
        command = MoveCase(state=state, text="Zo zit het.", resolution=HONEST.get(state), planned_on=day, drop_tasks=drop, mistake=wrongly)
        if self.act(move_case, case.id, command) and state in CLOSED and was_open:
            assert self._mails() - mails == self._to_answer(case)
            assert case.closed_at == self.uow.now

    @rule(number=NUMBERS)
    def take_back(self, number: int) -> None:
        """A reporter takes a signal back."""
        self.act(withdraw, self.signal(number), Withdraw(resolution="not_found", text="Laat maar."))

    @precondition(lambda self: self.there_is(CLOSED))
    @rule(number=NUMBERS)
    def ask(self, number: int) -> None:
        """A reporter asks to look at it again."""
        mine = select(Signal.id).where(Signal.case_id == self.case(number, CLOSED).id).order_by(Signal.id).limit(1)
        signal = self.uow.session.execute(mine).scalar_one_or_none() or self.signal(number)
        self.act(ask_reopening, signal, AskReopening(text="Het is er nog."))

    @precondition(lambda self: self.there_is(ASKED))
    @rule(number=NUMBERS, reopen=st.booleans())
    def decide(self, number: int, reopen: bool) -> None:
        """Staff decide about that."""
        self.act(decide_reopening, self.case(number, ASKED).id, DecideReopening(reopen=reopen, text="Daarom."))

    @precondition(lambda self: len(self.cases) > 1)
    @rule(number=NUMBERS, further=st.integers(1, 5), asks=st.booleans())
    def merge(self, number: int, further: int, asks: bool) -> None:
        """Two cases become one, perhaps while one waits for its reporters: mostly open ones, as others are refused."""
        found = [case for case in self.cases if case.state not in CLOSED]
        found = found if len(found) > 1 else self.cases
        if asks:
            self.act(ask_reporter, found[number % len(found)].id, AskReporter(text="Is dit dezelfde lamp?"))
        self.act(merge_case, found[number % len(found)].id, MergeCase(into=found[(number + further) % len(found)].number))

    @precondition(lambda self: any(case.merged_into_id for case in self.cases))
    @rule(number=NUMBERS)
    def unmerge(self, number: int) -> None:
        """One becomes two: every signal that came along is back."""
        parts = [case for case in self.cases if case.merged_into_id]
        case = parts[number % len(parts)]
        merge = self.uow.session.execute(select(Merge).where(Merge.from_id == case.id, Merge.undone_at.is_(None))).scalar_one_or_none()
        if self.act(unmerge_case, case.id, UnmergeCase()) and merge is not None:
            mine = select(Signal.id).where(Signal.case_id == case.id)
            assert sorted(str(id) for id in self.uow.session.execute(mine).scalars()) == sorted(merge.signal_ids)
            assert case.state in (merge.former_state, merge.former["came_from"], "withdrawn")

    @rule(number=NUMBERS, finish=st.booleans())
    def work(self, number: int, finish: bool) -> None:
        """Part of the work is given out, and perhaps done."""
        case = self.case(number)
        if self.act(add_task, case.id, AddTask(title="Kijken")) and finish:
            task = self.uow.session.execute(select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.state == "open")).scalars().first()
            assert task is not None
            self.act(finish_task, task.id, EndTask(note="Klaar.", version=task.version))

    @precondition(lambda self: self.there_is(WAITING))
    @rule(number=NUMBERS)
    def answer_comes(self, number: int) -> None:
        """What a case waited for is there."""
        self.act(go_back, self.case(number, WAITING).id)

    @rule()
    def count_ahead(self) -> None:
        """The worker counts."""
        for kind in COUNTERS:
            write_days(self.uow, kind, count_days(self.uow, kind))

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        """And the clock does its work."""
        self.uow.now += timedelta(days=days)
        for job in (remind_handlers, tell_silence, remind, end_waiting):
            self.act(job)
        # A question is open for a week at most, and without one a case waits no longer than two.
        assert days <= 30 or not any(case.state in WAITING and case.merged_into_id is None for case in self.cases)

    @invariant()
    def no_signal_is_lost(self) -> None:
        """Each stands on one case that is not part of another, with its own receipt, and both cases know how many they have."""
        if not self.signals:
            return
        rows = self.uow.session.execute(
            select(Signal.id, Signal.code, Signal.key_hash, Signal.case_id, Signal.confirmed_at, Case.merged_into_id).join(
                Case, Case.id == Signal.case_id
            )
        ).all()
        assert {row.id: (row.code, row.key_hash) for row in rows} == self.signals
        assert not any(row.merged_into_id for row in rows)
        for case in self.cases:
            assert case.signals == sum(row.case_id == case.id and row.confirmed_at is not None for row in rows)

    @invariant()
    def somebody_can_be_answered(self) -> None:
        """An open case has a reporter who did not take back; a closed one has a resolution, and says so."""
        for case in self.cases:
            if case.merged_into_id is not None:
                assert (case.state, case.resolution) == ("not_resolved", "merged")
            elif case.state in CLOSED:
                assert case.resolution is not None
                assert case.answer
                assert case.closed_at is not None
            else:
                assert self._to_answer(case) > 0
                assert (case.state == "reopening_requested") is (case.closed_at is not None)
                assert case.promised_on is not None
            assert (case.waiting_since is not None) is (case.state in WAITING)
            assert (case.came_from is not None) is (case.state in WAITING)
            assert (case.ended_as is not None) is (case.state == "reopening_requested")

    @invariant()
    def everybody_heard_how_it_ended(self) -> None:
        """Who reported something that is closed now, and did not take it back, got a mail since: also who came in later."""
        ended = {case.id: case.closed_at for case in self.cases if case.state in CLOSED and case.merged_into_id is None}
        counts = (Signal.withdrawn_at.is_(None), Signal.confirmed_at.is_not(None))
        last = dict(self.uow.session.execute(select(QueuedMail.recipient, func.max(QueuedMail.at)).group_by(QueuedMail.recipient)).all())
        numbers = {id: at for at, id in enumerate(self.signals)}
        for row in self.uow.session.execute(select(Signal.id, Signal.case_id).where(Signal.case_id.in_(ended), *counts)):
            heard, closed = last.get(f"melder{numbers[row.id]}@example.org"), ended[row.case_id]
            assert heard is not None
            assert closed is not None
            assert heard >= closed

    @invariant()
    def nobody_is_asked_about_what_is_closed(self) -> None:
        """Closing ends every question, merging takes it along."""
        asked = select(Case.state).join(Inquiry, Inquiry.case_id == Case.id).where(Inquiry.closed_at.is_(None))
        assert not set(self.uow.session.execute(asked).scalars()) & CLOSED

    @invariant()
    def no_work_is_open_on_what_is_closed(self) -> None:
        """Closing finished or dropped it; merging took it along."""
        open_work = select(Case.state).join(CaseTask, CaseTask.case_id == Case.id).where(CaseTask.state == "open")
        assert not set(self.uow.session.execute(open_work).scalars()) & CLOSED

    def _to_answer(self, case: Case) -> int:
        counts = (Signal.withdrawn_at.is_(None), Signal.confirmed_at.is_not(None))
        left = select(func.count()).select_from(Signal).where(Signal.case_id == case.id, *counts)
        return self.uow.session.execute(left).scalar_one()

    def _mails(self) -> int:
        to_reporters = select(func.count()).select_from(QueuedMail).where(QueuedMail.recipient.like("melder%"))
        return self.uow.session.execute(to_reporters).scalar_one()


def live(platform: Platform, examples: int, steps: int) -> int:
    """Run the machine so often, which looks after every act whether all is as it must be; how many acts were done."""
    own = type("OwnLife", (Life,), {"platform": platform})
    checks = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(own, settings=checks)  # type: ignore[no-untyped-call]
    return own.done


def test_no_signal_is_lost_whatever_happens(platform: Platform) -> None:
    """A few lives."""
    assert live(platform, 3, 25) > 10


@pytest.mark.soak
def test_no_signal_is_lost_in_many_lives(platform: Platform) -> None:
    """Many long ones."""
    assert live(platform, 60, 50) > 500
