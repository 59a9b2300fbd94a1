"""Whatever is done in whatever order: no question reaches a step on a way that does not exist, or past a gate that is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from citycontent.api import Area
from citycontent.models import PartialDate
from samen_core.api import Actor, Grant, SamenError, SubjectData, SubjectRef, register, system, uuid7
from samen_samenspreker.models import (
    STEPS,
    Action,
    Decision,
    Evaluation,
    FinalReport,
    Gate,
    GateTick,
    Move,
    Option,
    OptionSupport,
    Proposal,
    Question,
    Round,
    Seat,
    Weighing,
)
from samen_samenspreker.schemas.steps import MoveQuestion
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.steps import move
from samen_samenspreker.testing import an_accepted_question

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)

WAYS = {
    ("agenda", "solve"): {"facilitator"},
    ("solve", "decide"): {"facilitator"},
    ("decide", "execute"): {"facilitator"},
    ("decide", "solve"): {"decision_maker"},
    ("execute", "evaluate"): {"facilitator"},
    ("evaluate", "closed"): {"facilitator"},
    ("evaluate", "solve"): {"facilitator"},
}
"""Written out again from DOMAIN.md, so that a slip in the table of the block shows."""

BACK = {("decide", "solve"), ("evaluate", "solve")}
ACTORS = ("facilitator", "decision_maker", "moderator", "resident")


class Steps(RuleBasedStateMachine):
    """A question with everything that can be done to it; ``facts`` is what must hold for each gate, kept apart from the database."""

    platform = None
    organization_id = None

    @initialize()
    def ask(self):
        """A new question, of which nothing is filled in."""
        self.id = an_accepted_question(self.platform).id
        self.step, self.cycle, self.history = "agenda", 1, []
        self.facts = dict.fromkeys(("why_now", "area", "sectors", "proposal", "facilitator", "participant", "council"), False)
        self.rounds, self.option, self.said, self.actions = [], None, False, []
        self.decided = self.evaluated = self.reported = False
        with self.platform.unit_of_work(system("test")) as uow:
            self.area = uuid7()
            register(uow, SubjectRef("area", self.area), SubjectData("Dorp", "/wijken/dorp"))
            named = {"slug": f"dorp-{self.area.hex}", "sort_name": "dorp", "name": "Dorp", "classification": "wijk"}
            dated = {"valid_from": PartialDate("2026"), "created_at": uow.now, "updated_at": uow.now}
            uow.session.add(Area(id=self.area, code=f"WK{self.area.hex}", year=2026, **named, **dated))
            self.seats = {role: uuid7() for role in ("facilitator", "participant")}
            for role, id in self.seats.items():
                uow.session.add(Seat(id=id, question_id=self.id, role=role, sector="citizens", state="declined", at=uow.now))
            uow.session.execute(delete(GateTick))
            uow.session.execute(delete(Gate))
            self.gate = uuid7()
            uow.session.add(Gate(id=self.gate, step="solve", title="Gelezen", role="facilitator", position=1))
        self.ticked = set()

    def change(self, *statements):
        """Do this to the database."""
        with self.platform.unit_of_work(system("test")) as uow:
            for statement in statements:
                uow.session.execute(statement)

    def new(self, uow, kind):
        """The id of a new thing."""
        id = uuid7()
        register(uow, SubjectRef(kind, id), SubjectData("iets", "/iets"))
        return id

    @rule(name=st.sampled_from(("why_now", "area", "sectors", "council")), on=st.booleans())
    def fill_in(self, name, on):
        """Fill in a part of the question, or make it empty."""
        moment = self.platform.clock()
        values = {
            "why_now": {"why_now": "Er is geld." if on else ""},
            "area": {"area_id": self.area if on else None},
            "sectors": {"sectors": ["citizens"] if on else []},
            "council": {"council_informed_at": moment if on else None},
        }[name]
        self.change(update(Question).where(Question.id == self.id).values(**values))
        self.facts[name] = on

    @rule(role=st.sampled_from(("facilitator", "participant")), on=st.booleans())
    def sit_down(self, role, on):
        """Take a seat, or give it up."""
        self.change(update(Seat).where(Seat.id == self.seats[role]).values(state="accepted" if on else "ended"))
        self.facts[role] = on

    @precondition(lambda self: not self.facts["proposal"])
    @rule()
    def publish_proposal(self):
        """Publish the process proposal."""
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"number": 1, "level": "consult", "published_at": uow.now, "updated_at": uow.now}
            uow.session.add(Proposal(id=uuid7(), question_id=self.id, **facts))
        self.facts["proposal"] = True

    @precondition(lambda self: self.step == "solve" and len(self.rounds) < 4)
    @rule(closed=st.booleans())
    def hold_round(self, closed):
        """Open a round, possibly close it too."""
        with self.platform.unit_of_work(system("test")) as uow:
            id, day = self.new(uow, "round"), uow.now.date()
            number = len(uow.session.execute(select(Round.id).where(Round.question_id == self.id)).all()) + 1
            facts = {"kind": "ideas", "title": "Ideeën", "opens_on": day, "ends_on": day + timedelta(days=9)}
            facts |= {"closed_at": uow.now, "agreed": "geen"} if closed else {}
            uow.session.add(Round(id=id, question_id=self.id, cycle=self.cycle, number=number, **facts))
        self.rounds.append([id, self.cycle, closed])

    @precondition(lambda self: any(not closed for _id, _cycle, closed in self.rounds))
    @rule()
    def close_rounds(self):
        """Close every round."""
        mine = update(Round).where(Round.question_id == self.id, Round.closed_at.is_(None))
        self.change(mine.values(closed_at=self.platform.clock(), agreed="geen"))
        for row in self.rounds:
            row[2] = True

    @precondition(lambda self: self.option is None)
    @rule()
    def put_option(self):
        """Put an option on the table."""
        with self.platform.unit_of_work(system("test")) as uow:
            self.option = self.new(uow, "option")
            facts = {"cycle": self.cycle, "title": "Fietsstraat", "current": 1, "position": 1, "at": uow.now}
            uow.session.add(Option(id=self.option, question_id=self.id, **facts))

    @precondition(lambda self: self.option is not None and not self.said)
    @rule(position=st.sampled_from(("for", "can_live_with", "against")))
    def say(self, position):
        """Say what the participant thinks of it."""
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"seat_id": self.seats["participant"], "sector": "citizens", "position": position, "at": uow.now}
            uow.session.add(OptionSupport(id=uuid7(), option_id=self.option, option_version=1, **facts))
        self.said = True

    @rule(on=st.booleans())
    def tick(self, on):
        """Tick the gate of the city for this cycle, or untick it."""
        here = (GateTick.gate_id == self.gate, GateTick.cycle == self.cycle)
        with self.platform.unit_of_work(system("test")) as uow:
            uow.session.execute(delete(GateTick).where(*here))
            if on:
                uow.session.add(GateTick(gate_id=self.gate, question_id=self.id, cycle=self.cycle, at=uow.now))
        (self.ticked.add if on else self.ticked.discard)(self.cycle)

    @precondition(lambda self: self.step == "decide" and not self.decided)
    @rule()
    def decide(self):
        """Publish a decision that weighs the option."""
        with self.platform.unit_of_work(system("test")) as uow:
            id = self.new(uow, "decision")
            facts = {"state": "published", "published_at": uow.now, "updated_at": uow.now}
            uow.session.add(Decision(id=id, question_id=self.id, cycle=self.cycle, **facts))
            uow.session.flush()
            uow.session.add(Weighing(id=uuid7(), decision_id=id, option_id=self.option, text="Veilig."))
        self.decided = True

    @precondition(lambda self: self.step == "execute" and len(self.actions) < 3)
    @rule(state=st.sampled_from(("planned", "done", "dropped")))
    def act(self, state):
        """Put an action on the list."""
        with self.platform.unit_of_work(system("test")) as uow:
            id, day = self.new(uow, "action"), uow.now.date()
            facts = {"title": "Doen", "organization_id": self.organization_id, "first_due_on": day, "due_on": day, "position": 1}
            uow.session.add(Action(id=id, question_id=self.id, cycle=self.cycle, state=state, **facts))
        self.actions.append(state)

    @precondition(lambda self: "planned" in self.actions)
    @rule()
    def finish_actions(self):
        """Finish every action."""
        self.change(update(Action).where(Action.question_id == self.id, Action.state == "planned").values(state="done"))
        self.actions = ["done" if state == "planned" else state for state in self.actions]

    @precondition(lambda self: self.step == "evaluate" and not self.evaluated)
    @rule()
    def evaluate(self):
        """Publish the evaluation."""
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"published_at": uow.now, "updated_at": uow.now}
            uow.session.add(Evaluation(id=uuid7(), question_id=self.id, cycle=self.cycle, **facts))
        self.evaluated = True

    @precondition(lambda self: self.step == "evaluate" and not self.reported)
    @rule()
    def report(self):
        """Publish the final report."""
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"number": self.cycle, "deviations": {}, "parts": {}, "published_at": uow.now}
            uow.session.add(FinalReport(id=self.new(uow, "final_report"), question_id=self.id, cycle=self.cycle, **facts))
        self.reported = True

    def is_open(self, to_step):
        """Whether DOMAIN.md lets the question go there now."""
        now = [closed for _id, cycle, closed in self.rounds if cycle == self.cycle]
        sectors = not self.facts["participant"] or self.said
        gates = {
            "solve": all(self.facts.values()),
            "decide": self.facts["council"]
            and bool(now)
            and all(now)
            and self.option is not None
            and sectors
            and self.cycle in self.ticked,
            "execute": self.decided,
            "evaluate": bool(self.actions) and "planned" not in self.actions,
            "closed": self.evaluated and self.reported,
        }
        return (self.step, to_step) in BACK or gates[to_step]

    @rule(
        to_step=st.sampled_from(STEPS),
        role=st.sampled_from(ACTORS),
        reason=st.sampled_from(("", "De raad wil eerst weten wat het kost.")),
        stale=st.booleans(),
    )
    def go(self, to_step, role, reason, stale):
        """Try to go to any step as anybody, also with an old version."""
        way = (self.step, to_step)
        may = way in WAYS and role in WAYS[way] and not stale and self.is_open(to_step) and (way not in BACK or bool(reason))
        actor = Actor(kind="account", grants=() if role == "resident" else (Grant(role),), origin="test")
        try:
            with self.platform.unit_of_work(actor) as uow:
                version = get_question(uow, self.id).version
                move(uow, self.id, MoveQuestion(to_step=to_step, reason=reason, version=version - 1 if stale else version))
        except SamenError:
            assert not may, f"{way} should have been possible"
            return
        assert may, f"{way} was made"
        self.history.append(way)
        self.step = to_step
        if way in BACK:
            self.cycle += 1
            self.decided = self.evaluated = self.reported = False
            self.actions = []

    @rule()
    def everything_is_there(self):
        """Do what is needed, so that far steps are reached too."""
        for name in ("why_now", "area", "sectors", "council"):
            self.fill_in(name, on=True)
        for role in self.seats:
            self.sit_down(role, on=True)
        if not self.facts["proposal"]:
            self.publish_proposal()
        if self.option is None:
            self.put_option()
        if not self.said:
            self.say("for")
        self.tick(on=True)
        if self.step == "solve" and not any(cycle == self.cycle for _id, cycle, _closed in self.rounds):
            self.hold_round(closed=True)
        if self.step == "decide" and not self.decided:
            self.decide()
        if self.step == "execute" and not self.actions:
            self.act("done")

    @precondition(lambda self: self.step != "closed")
    @rule(role=st.sampled_from(("facilitator", "facilitator", "resident")))
    def go_on(self, role):
        """Do what is needed and take the next step."""
        self.everything_is_there()
        self.close_rounds()
        self.finish_actions()
        if self.step == "evaluate" and not self.evaluated:
            self.evaluate()
        if self.step == "evaluate" and not self.reported:
            self.report()
        self.go(STEPS[STEPS.index(self.step) + 1], role, "", stale=False)

    @invariant()
    def the_record_is_whole(self):
        """The question stands where its moves led, each move is a way, and every way back is a cycle with a reason."""
        with self.platform.read(system("test")) as uow:
            question = get_question(uow, self.id)
            rows = uow.session.execute(select(Move).where(Move.question_id == self.id).order_by(Move.id)).scalars().all()
        assert (question.step, question.cycle) == (self.step, self.cycle)
        assert [(row.from_step, row.to_step) for row in rows] == self.history
        at, cycle = "agenda", 1
        for row in rows:
            assert row.from_step == at
            cycle += (row.from_step, row.to_step) in BACK
            assert row.cycle == cycle
            assert row.reason or (row.from_step, row.to_step) not in BACK
            at = row.to_step


@pytest.mark.usefixtures("platform")
def test_no_sequence_of_acts_skips_a_gate(platform, organization):
    reached = set()

    class Run(Steps):
        def teardown(self):
            reached.update(step for _before, step in getattr(self, "history", ()))

    Run.platform, Run.organization_id = platform, organization.id
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Run, settings=settings(max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=checks, database=None)
    )
    assert {"solve", "decide", "execute"} <= reached, "the walk gets somewhere"
