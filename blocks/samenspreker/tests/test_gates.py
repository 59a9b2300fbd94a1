"""Every gate of every step, open and closed, on both databases."""

from __future__ import annotations

import io
import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select, update

from citycontent.testing import make_area
from samen_core.api import (
    Actor,
    Conflict,
    FileValue,
    Gone,
    Grant,
    Invalid,
    NotAllowed,
    SubjectData,
    SubjectRef,
    register,
    store_upload,
    system,
    uuid7,
)
from samen_inbreng.models import Answer, AnswerTarget, Contribution, Theme
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.models import (
    Action,
    Decision,
    Evaluation,
    FinalReport,
    Gate,
    Move,
    Option,
    OptionSupport,
    Question,
    Round,
    Seat,
    Weighing,
)
from samen_samenspreker.queries.gates import load_facts
from samen_samenspreker.schemas.proposals import InformCouncil, PublishProposal, SaveProposal
from samen_samenspreker.schemas.steps import FollowUp, MoveQuestion, TickGate, UntickGate
from samen_samenspreker.services.common import get_question, today
from samen_samenspreker.services.gates import TRANSITIONS, judge, lacking, missing, needs
from samen_samenspreker.services.proposals import inform_council, publish_proposal, save_proposal, start_proposal
from samen_samenspreker.services.steps import follow_up, move, ways
from samen_samenspreker.services.ticks import tick, untick
from samen_samenspreker.testing import a_published_proposal, a_seat, an_accepted_question

REASON = "De raad wil eerst weten wat het kost."


def an_area(platform):
    with platform.unit_of_work(system("test")) as uow:
        return make_area(uow, "Dorp", "wijk").id


class Table:
    """A table of which the next step asks nothing more, and the ways to break that."""

    def __init__(self, platform):
        self.platform = platform
        made = an_accepted_question(platform, why_now="Er is geld voor.", area_id=an_area(platform), sectors=("citizens", "business"))
        self.id = made.id
        self.citizens = a_seat(platform, made).id
        self.business = a_seat(platform, made, sector="business", state="offered", holder_name="").id
        self.facilitator = a_seat(platform, made, role="facilitator", sector="government").id
        a_published_proposal(platform, made)
        self.change(update(Question).where(Question.id == self.id).values(council_informed_at=made.at))

    def change(self, *statements):
        with self.platform.unit_of_work(system("test")) as uow:
            for statement in statements:
                uow.session.execute(statement)

    def add(self, *things):
        with self.platform.unit_of_work(system("test")) as uow:
            uow.session.add_all(things)

    def missing(self):
        with self.platform.read(system("test")) as uow:
            question = get_question(uow, self.id)
            to_step = next((way.to_step for way in TRANSITIONS if way.from_step == question.step and not way.is_back), "solve")
            return [item.code for item in missing(uow, question, to_step)]

    def move(self, to_step, actor=None, reason="", version=None):
        with self.platform.unit_of_work(actor or system("test")) as uow:
            question = get_question(uow, self.id)
            command = MoveQuestion(to_step=to_step, reason=reason, version=version or question.version)
            return move(uow, self.id, command)

    def step(self):
        with self.platform.read(system("test")) as uow:
            question = get_question(uow, self.id)
            return question.step, question.cycle

    def registered(self, uow, kind):
        id = uuid7()
        register(uow, SubjectRef(kind, id), SubjectData("iets", "/iets"))
        return id

    def solve(self):
        """Step 2 with a closed round, an answered contribution, and an option that the sector at the table said something of."""
        self.move("solve")
        with self.platform.unit_of_work(system("test")) as uow:
            day = uow.now.date()
            self.round = self.registered(uow, "round")
            facts = {"kind": "ideas", "title": "Ideeën", "opens_on": day - timedelta(days=9), "ends_on": day, "closed_at": uow.now}
            facts["agreed"] = "Het kan smaller."
            uow.session.add(Round(id=self.round, question_id=self.id, cycle=self.step()[1], number=self.number(uow), **facts))
            self.option = self.registered(uow, "option")
            facts = {"cycle": 1, "title": "Fietsstraat", "current": 2, "position": 1, "at": uow.now}
            uow.session.add(Option(id=self.option, question_id=self.id, **facts))
        self.say("can_live_with", 2)
        return self

    def number(self, uow):
        return len(uow.session.execute(select(Round.id).where(Round.question_id == self.id)).all()) + 1

    def say(self, position, version):
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"option_version": version, "sector": "citizens", "position": position, "at": uow.now}
            uow.session.add(OptionSupport(id=uuid7(), option_id=self.option, seat_id=self.citizens, **facts))

    def contribute(self):
        return a_contribution(self.platform, an_activity(self.platform, self.id)).contribution

    def answer(self, contribution, minutes=0):
        with self.platform.unit_of_work(system("test")) as uow:
            send_at = uow.now + timedelta(minutes=minutes)
            answer = Answer(id=uuid7(), subject_id=self.id, outcome="adopted", reason="Goed idee.", at=uow.now, send_at=send_at)
            uow.session.add(answer)
            uow.session.flush()
            uow.session.add(AnswerTarget(contribution_id=contribution.id, answer_id=answer.id))
            uow.session.execute(update(Contribution).where(Contribution.id == contribution.id).values(answered=True))
            return answer.id

    def decide(self):
        """Step 3 with a published decision that weighs the option."""
        self.solve()
        self.move("decide")
        self.publish_decision()
        return self

    def publish_decision(self):
        with self.platform.unit_of_work(system("test")) as uow:
            self.decision = self.registered(uow, "decision")
            facts = {"state": "published", "published_at": uow.now, "updated_at": uow.now, "option_id": self.option}
            uow.session.add(Decision(id=self.decision, question_id=self.id, cycle=self.step()[1], **facts))
            uow.session.flush()
            uow.session.add(Weighing(id=uuid7(), decision_id=self.decision, option_id=self.option, text="Veilig en betaalbaar."))

    def execute(self, organization):
        """Step 4 with two finished actions."""
        self.decide()
        self.move("execute")
        with self.platform.unit_of_work(system("test")) as uow:
            day = uow.now.date()
            for position, state in enumerate(("done", "dropped"), 1):
                facts = {"cycle": 1, "title": f"Actie {position}", "organization_id": organization.id, "first_due_on": day, "due_on": day}
                id = self.registered(uow, "action")
                uow.session.add(Action(id=id, question_id=self.id, state=state, position=position, **facts))
        return self

    def evaluate(self, organization):
        """Step 5 with a published evaluation and final report."""
        self.execute(organization)
        self.move("evaluate")
        with self.platform.unit_of_work(system("test")) as uow:
            facts = {"cycle": 1, "published_at": uow.now, "updated_at": uow.now}
            uow.session.add(Evaluation(id=uuid7(), question_id=self.id, **facts))
            id = self.registered(uow, "final_report")
            facts = {"cycle": 1, "number": 1, "deviations": {}, "parts": {}, "published_at": uow.now}
            uow.session.add(FinalReport(id=id, question_id=self.id, **facts))
        return self


@pytest.fixture
def table(platform):
    return Table(platform)


AGENDA = {
    "accepted": lambda t: update(Question).where(Question.id == t.id).values(reason=""),
    "why_now": lambda t: update(Question).where(Question.id == t.id).values(why_now=""),
    "area": lambda t: update(Question).where(Question.id == t.id).values(area_id=None),
    "sectors": lambda t: update(Question).where(Question.id == t.id).values(sectors=[]),
    "facilitator": lambda t: update(Seat).where(Seat.id == t.facilitator).values(state="declined"),
    "participant": lambda t: update(Seat).where(Seat.id == t.citizens).values(state="offered"),
    "sector.business": lambda t: update(Seat).where(Seat.id == t.business).values(state="open"),
    "sector.citizens": lambda t: update(Seat).where(Seat.id == t.citizens).values(sector="government"),
    "council": lambda t: update(Question).where(Question.id == t.id).values(council_informed_at=None),
}


@pytest.mark.parametrize("code", AGENDA)
def test_agenda_to_solve(table, code):
    assert table.missing() == []
    table.change(AGENDA[code](table))
    assert table.missing() == [code]
    with pytest.raises(Invalid) as refused:
        table.move("solve")
    assert len(refused.value.errors[""]) == 1
    assert table.step() == ("agenda", 1)


def test_agenda_needs_a_published_proposal(platform):
    question = an_accepted_question(platform)
    with platform.read(system("test")) as uow:
        codes = [item.code for item in missing(uow, get_question(uow, question.id), "solve")]
    assert codes == ["why_now", "area", "sectors", "proposal", "facilitator", "participant", "council"]


def test_a_facilitator_of_the_city_or_of_the_table_is_enough(table, actor_as):
    table.change(AGENDA["facilitator"](table))
    assert table.missing() == ["facilitator"]
    actor_as("facilitator", table.id)
    assert table.missing() == []


def test_a_complete_question_goes_on_and_says_so(table, outbox):
    with pytest.raises(NotAllowed):
        table.move("solve", actor=Actor(kind="account", account_id=uuid.uuid4(), origin="test"))
    question = table.move("solve", reason="Alles is er.")
    assert (question.step, question.cycle) == ("solve", 1)
    with table.platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Move)).scalars().all()
    assert [(row.from_step, row.to_step, row.cycle) for row in rows] == [("agenda", "solve", 1)]
    [told] = outbox.events("samenspreker.step.changed")
    assert (told["step"], told["cycle"], told["question_id"]) == ("solve", 1, str(table.id))
    assert told["thing_id"] == str(rows[0].id)


def test_solve_to_decide(table):
    table.solve()
    assert table.missing() == []
    table.change(update(Round).where(Round.id == table.round).values(closed_at=None))
    assert table.missing() == ["round", "round.1"]
    table.change(delete(Round).where(Round.id == table.round))
    assert table.missing() == ["round"]


def test_solve_to_decide_asks_that_the_council_knows_the_proposal_that_holds(table):
    """A version with less influence, published on the way, is no way round the memo."""
    table.solve()
    with table.platform.unit_of_work(system("test")) as uow:
        draft = start_proposal(uow, table.id)
        save_proposal(uow, draft.id, SaveProposal(version=draft.version, values={"level": "inform"}))
        publish_proposal(uow, draft.id, PublishProposal(version=draft.version, reason="De raad wil zelf beslissen."))
    assert table.missing() == ["council"]
    with pytest.raises(Invalid):
        table.move("decide")
    with table.platform.unit_of_work(system("test")) as uow:
        question = get_question(uow, table.id)
        inform_council(uow, table.id, InformCouncil(on=today(uow), version=question.version))
    assert table.missing() == []
    table.move("decide")


def test_a_round_that_is_planned_keeps_the_question_too(table):
    table.solve()
    with table.platform.unit_of_work(system("test")) as uow:
        facts = {
            "kind": "test",
            "title": "Toetsen",
            "opens_on": uow.now.date() + timedelta(days=9),
            "ends_on": uow.now.date() + timedelta(days=20),
        }
        uow.session.add(Round(id=table.registered(uow, "round"), question_id=table.id, cycle=1, number=2, **facts))
    assert table.missing() == ["round.2"]


def test_rounds_of_an_earlier_cycle_do_not_count(table):
    table.decide()
    table.move("solve", reason=REASON)
    assert table.step() == ("solve", 2)
    assert table.missing() == ["round"]


def test_every_contribution_is_answered(table, clock):
    table.solve()
    contribution = table.contribute()
    assert table.missing() == ["answers"]
    answer = table.answer(contribution, minutes=10)
    assert table.missing() == ["answers"], "an answer counts when it is sent"
    clock.forward(minutes=11)
    assert table.missing() == []
    table.change(update(Answer).where(Answer.id == answer).values(withdrawn_at=contribution.at))
    table.change(update(Contribution).where(Contribution.id == contribution.id).values(answered=False))
    assert table.missing() == ["answers"]
    table.change(update(Contribution).where(Contribution.id == contribution.id).values(state="hidden"))
    assert table.missing() == [], "what is hidden or withdrawn needs no answer"


def test_an_older_answer_counts_while_a_new_one_waits(table):
    table.solve()
    contribution = table.contribute()
    table.answer(contribution)
    table.answer(contribution, minutes=10)
    assert table.missing() == []


def test_one_option_has_the_word_of_every_sector_at_the_table(table):
    table.solve()
    table.change(update(OptionSupport).values(option_version=1))
    assert table.missing() == ["options"], "said of an older text"
    table.change(update(OptionSupport).values(option_version=2, position="against"))
    assert table.missing() == [], "against is a word too"
    table.change(update(Seat).where(Seat.id == table.business).values(state="accepted"))
    assert table.missing() == ["options"]
    table.change(update(Seat).where(Seat.id == table.business).values(role="observer"))
    assert table.missing() == []
    table.change(update(Option).values(state="withdrawn"))
    assert table.missing() == ["options"]


def test_decide_to_execute(table):
    table.decide()
    assert table.missing() == []
    table.change(update(Decision).values(state="superseded"))
    assert table.missing() == ["decision"]
    table.change(update(Decision).values(state="published", cycle=2))
    assert table.missing() == ["decision"], "a decision of another cycle does not count"


def test_a_decision_weighs_every_option_and_from_consult_up_every_theme(table):
    table.decide()
    table.change(update(Weighing).values(text=""))
    assert table.missing() == ["weighing"]
    table.change(update(Weighing).values(text="Veilig."))
    table.add(Theme(id=uuid7(), subject_id=table.id, title="Parkeren", position=1, contributions=3))
    assert table.missing() == ["weighing"]
    with table.platform.unit_of_work(system("test")) as uow:
        theme = uow.session.execute(select(Theme.id)).scalar_one()
        uow.session.add(Weighing(id=uuid7(), decision_id=table.decision, theme_id=theme, text="Er blijven 20 plaatsen."))
    assert table.missing() == []


def test_a_deviation_has_its_reason(table):
    table.decide()
    table.change(update(Decision).values(deviates=True))
    assert table.missing() == ["deviation"]
    table.change(update(Decision).values(deviation="De provincie betaalt niet mee."))
    assert table.missing() == []


def test_execute_to_evaluate(table, organization):
    table.execute(organization)
    assert table.missing() == []
    table.change(update(Action).where(Action.position == 1).values(state="in_progress"))
    assert table.missing() == ["action"]
    table.change(update(Action).values(cycle=2))
    assert table.missing() == ["actions"], "actions of another cycle do not count"


def test_evaluate_to_closed(table, organization):
    table.evaluate(organization)
    assert table.missing() == []
    table.change(update(Evaluation).values(published_at=None))
    assert table.missing() == ["evaluation"]
    table.change(update(FinalReport).values(cycle=2))
    assert table.missing() == ["evaluation", "report"]
    table.change(update(FinalReport).values(cycle=1), update(Evaluation).values(published_at=Evaluation.updated_at))
    assert table.move("closed").step == "closed"
    with pytest.raises(Invalid):
        table.move("solve", reason=REASON)


def test_back_needs_a_reason_and_starts_a_cycle(table, organization, actor_as):
    table.decide()
    with pytest.raises(Invalid) as refused:
        table.move("solve", reason="nee")
    assert set(refused.value.errors) == {"reason"}
    with pytest.raises(NotAllowed):
        table.move("solve", actor=actor_as("facilitator"), reason=REASON)
    assert table.move("solve", actor=actor_as("decision_maker"), reason=REASON).cycle == 2


def test_who_decides_by_a_seat_may_return_it(table, actor_as):
    table.decide()
    actor = actor_as("resident")
    with pytest.raises(NotAllowed):
        table.move("solve", actor=actor, reason=REASON)
    with table.platform.read(actor) as uow:
        assert ways(uow, get_question(uow, table.id)) == []
    a_seat(table.platform, get(table), role="decision_maker", sector="government", account_id=actor.account_id)
    with table.platform.read(actor) as uow:
        assert [way.to_step for way in ways(uow, get_question(uow, table.id))] == ["solve"]
    assert table.move("solve", actor=actor, reason=REASON).step == "solve"


def get(table):
    with table.platform.read(system("test")) as uow:
        return get_question(uow, table.id)


def test_ways_that_do_not_exist_and_old_versions_are_refused(table):
    with pytest.raises(Invalid) as refused:
        table.move("execute")
    assert set(refused.value.errors) == {"to_step"}
    with pytest.raises(Conflict) as conflict:
        table.move("solve", version=99)
    assert conflict.value.current == {"step": "agenda", "cycle": 1}


def test_what_is_not_on_the_table_does_not_move(table):
    table.change(update(Question).where(Question.id == table.id).values(state="refused"))
    with pytest.raises(Gone):
        table.move("solve")


def a_gate(table, **values):
    gate = Gate(id=uuid7(), **{"step": "agenda", "title": "De wijkmanager las mee", "role": "facilitator", "position": 1, **values})
    table.add(gate)
    return gate


def test_a_gate_of_the_city_counts_for_its_step_and_cycle(table, actor_as):
    gate = a_gate(table)
    a_gate(table, step="solve", title="Later")
    a_gate(table, title="Oud", active=False)
    assert table.missing() == [f"gate.{gate.id}"]
    facilitator = actor_as("facilitator", table.id)
    with pytest.raises(NotAllowed), table.platform.unit_of_work(actor_as("moderator")) as uow:
        tick(uow, table.id, gate.id, TickGate(cycle=1))
    with table.platform.unit_of_work(facilitator) as uow:
        tick(uow, table.id, gate.id, TickGate(cycle=1, note="Akkoord."))
    assert table.missing() == []
    with pytest.raises(Conflict), table.platform.unit_of_work(facilitator) as uow:
        tick(uow, table.id, gate.id, TickGate(cycle=1))
    with pytest.raises(Conflict), table.platform.unit_of_work(facilitator) as uow:
        untick(uow, table.id, gate.id, UntickGate(cycle=2, reason="Te vroeg."))
    with table.platform.unit_of_work(facilitator) as uow:
        untick(uow, table.id, gate.id, UntickGate(cycle=1, reason="Te vroeg."))
    assert table.missing() == [f"gate.{gate.id}"]


def test_a_gate_has_to_be_ticked_again_in_a_new_cycle(table):
    gate = a_gate(table, step="decide", role="decision_maker")
    table.solve()
    table.move("decide")
    table.publish_decision()
    with table.platform.unit_of_work(system("test")) as uow:
        tick_by_manager(uow, table, gate, 1)
    assert table.missing() == []
    table.move("solve", reason=REASON)
    table.change(update(Round).values(cycle=2))
    table.move("decide")
    assert table.missing() == ["decision", f"gate.{gate.id}"]


def tick_by_manager(uow, table, gate, cycle):
    """The system has no role, so a manager ticks."""
    with uow.acting(Actor(kind="account", grants=(Grant("manager"),), origin="test")):
        tick(uow, table.id, gate.id, TickGate(cycle=cycle))


def test_a_gate_may_ask_a_document(table, actor_as):
    gate = a_gate(table, needs_document=True)
    actor = actor_as("facilitator", table.id)
    with pytest.raises(Invalid) as refused, table.platform.unit_of_work(actor) as uow:
        tick(uow, table.id, gate.id, TickGate(cycle=1))
    assert set(refused.value.errors) == {"document"}
    with table.platform.unit_of_work(actor) as uow:
        file = store_upload(uow, io.BytesIO(b"Akkoord van de wijkmanager."), "akkoord.txt")
        tick(uow, table.id, gate.id, TickGate(cycle=1, document=FileValue(file.id)))
    with table.platform.read(actor) as uow:
        [found] = load_facts(uow, [get_question(uow, table.id)])[table.id].gates
    assert found.file_id == file.id


def test_a_question_that_follows_takes_its_place_along(table, organization, actor_as):
    table.evaluate(organization)
    facilitator = actor_as("facilitator")
    with table.platform.unit_of_work(facilitator) as uow:
        made = follow_up(uow, table.id, FollowUp(kind="problem", title="Waar parkeren we nu?", description="Er is minder plek.")).question
        before = get_question(uow, table.id)
        assert (made.follows_id, made.area_id, made.sectors, made.state) == (table.id, before.area_id, before.sectors, "submitted")
    with pytest.raises(NotAllowed), table.platform.unit_of_work(actor_as("resident")) as uow:
        follow_up(uow, table.id, FollowUp(kind="problem", title="x", description="y"))


@contextmanager
def statements(platform):
    """The statements that are sent while the block runs."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(platform.engine, "before_cursor_execute", note)


def test_what_is_missing_costs_the_same_for_one_table_and_for_many(platform, organization):
    tables = [Table(platform), Table(platform).solve(), Table(platform).decide(), Table(platform).execute(organization)]
    tables.append(Table(platform).evaluate(organization))
    numbers = []
    for found in (tables, [*tables, *(Table(platform).solve() for _ in range(4))]):
        with platform.read(system("test")) as uow:
            questions = [get_question(uow, table.id) for table in found]
            with statements(platform) as seen:
                facts = load_facts(uow, questions)
                assert [lacking(judge(question, facts[question.id])) for question in questions] == [[] for _ in found]
            numbers.append(len(seen))
    assert numbers[0] == numbers[1] <= 12
    with platform.read(system("test")) as uow, statements(platform) as seen:
        assert all(need.done for need in needs(uow, uow.session.get(Question, tables[1].id)))
    assert len(seen) <= 7
