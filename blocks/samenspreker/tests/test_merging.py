"""Support and merging: nobody counts twice, nobody is lost, and a merge can be taken back exactly."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from samen_core.api import Actor, Change, Conflict, Gone, Invalid, NotAllowed, NotFound, Subject, anonymous, system
from samen_core.mail.models import QueuedMail
from samen_core.platform import Platform
from samen_samenspreker.models import Question, QuestionSupport
from samen_samenspreker.queries.questions import merged_into
from samen_samenspreker.schemas.questions import JudgeQuestion, MergeQuestion, UndoMerge, UpdateQuestion
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.judging import accept
from samen_samenspreker.services.merging import merge, undo_merge
from samen_samenspreker.services.question_support import support, take_back
from samen_samenspreker.services.questions import update
from samen_samenspreker.testing import a_question, a_seat, an_accepted_question

WHY = "Ze gaan over hetzelfde."
Act = Callable[..., Question]


def act(platform: Platform, actor: Actor, service: Act, id: uuid.UUID, *rest: object) -> Question:
    with platform.unit_of_work(actor) as uow:
        return service(uow, id, *rest)


def version(platform: Platform, id: uuid.UUID) -> int:
    with platform.read(system("test")) as uow:
        return get_question(uow, id).version


def join(platform: Platform, one: Question, into: Question) -> Question:
    command = MergeQuestion(into_id=into.id, reason=WHY, version=version(platform, one.id))
    return act(platform, system("test"), merge, one.id, command)


def part(platform: Platform, one: Question) -> Question:
    return act(platform, system("test"), undo_merge, one.id, UndoMerge(reason="Toch anders.", version=version(platform, one.id)))


def supporters(platform: Platform, question: Question) -> set[uuid.UUID]:
    with platform.read(system("test")) as uow:
        rows = select(QuestionSupport.account_id).where(QuestionSupport.question_id == question.id)
        return set(uow.session.execute(rows).scalars())


def number(platform: Platform, question: Question) -> int:
    with platform.read(system("test")) as uow:
        return get_question(uow, question.id).supports


def test_support_counts_once_and_is_taken_back(platform, actor_as, outbox):
    question, resident = an_accepted_question(platform), actor_as("resident")
    for _time in range(2):
        assert act(platform, resident, support, question.id).supports == 1
    assert act(platform, actor_as("resident"), support, question.id).supports == 2
    assert version(platform, question.id) == question.version
    for _time in range(2):
        assert act(platform, resident, take_back, question.id).supports == 1
    assert len(outbox.events("samenspreker.question.supported")) == 2


def test_support_is_for_accounts_and_for_what_is_on_the_table(platform, actor_as):
    with pytest.raises(NotAllowed) as caught:
        act(platform, anonymous(), support, an_accepted_question(platform).id)
    assert caught.value.log_in
    asker = actor_as("resident")
    with pytest.raises(Gone):
        act(platform, asker, support, a_question(platform, asker, title="Wacht nog").id)
    with pytest.raises(NotFound):
        act(platform, actor_as("resident"), support, a_question(platform, title="Wacht ook nog").id)


def test_a_merged_question_leads_on_and_the_trail_is_on_both(platform, actor_as):
    one = an_accepted_question(platform, actor_as("resident"), title="Fietsers in de Dorpsstraat", wants_mail=True)
    into = an_accepted_question(platform, actor_as("resident"), wants_mail=True)
    join(platform, one, into)
    with platform.read(anonymous()) as uow:
        merged = get_question(uow, one.id)
        assert (merged.state, merged.merged_into_id, merged.reason) == ("merged", into.id, one.reason)
        card = uow.session.get(Subject, one.id)
        assert (card.state, card.successor_id, card.public) == ("merged", into.id, True)
        assert [row.id for row in merged_into(uow, into.id)] == [one.id]
        said = {}
        for id in (one.id, into.id):
            rows = select(Change.sentence, Change.reason).where(Change.subject_id == id, Change.public).order_by(Change.seq.desc())
            said[id] = tuple(uow.session.execute(rows.limit(1)).one())
        assert said == {
            one.id: ("De vraag is samengevoegd met een andere vraag en gaat daar verder.", WHY),
            into.id: ("Een andere vraag is bij deze vraag gevoegd.", WHY),
        }
        subjects = [str(mail.subject) for mail in uow.session.execute(select(QueuedMail).order_by(QueuedMail.id)).scalars()]
        assert subjects[2:] == ["Uw vraag aan de stad gaat verder met een andere vraag", "Een andere vraag is bij uw vraag gevoegd"]


@pytest.mark.parametrize("start", [a_question, an_accepted_question])
def test_undo_brings_everything_back(platform, actor_as, start):
    one, into = start(platform, title="Fietsers in de Dorpsstraat"), an_accepted_question(platform)
    both, other = actor_as("resident"), actor_as("resident")
    act(platform, both, support, into.id)
    if one.state == "accepted":
        act(platform, both, support, one.id)
        act(platform, other, support, one.id)
    before = {question.id: supporters(platform, question) for question in (one, into)}
    join(platform, one, into)
    assert number(platform, into) == len(before[one.id] | before[into.id])
    assert part(platform, one).state == one.state
    assert {question.id: supporters(platform, question) for question in (one, into)} == before
    assert number(platform, into) == 1


def test_undo_is_over_once_something_happened(platform, actor_as):
    one, into = an_accepted_question(platform, title="Fietsers"), an_accepted_question(platform)
    join(platform, one, into)
    act(platform, actor_as("resident"), support, into.id)
    changed = UpdateQuestion(kind="problem", title="Iets anders", description="Anders.", version=version(platform, into.id))
    act(platform, system("test"), update, into.id, changed)
    with pytest.raises(Gone):
        part(platform, one)


def test_merges_are_undone_in_any_order(platform):
    one, two, into = (an_accepted_question(platform, title=title) for title in ("Een", "Twee", "Drie"))
    join(platform, one, into)
    join(platform, two, into)
    assert part(platform, one).state == "accepted"
    assert part(platform, two).state == "accepted"
    with pytest.raises(Conflict):
        part(platform, two)


def test_what_cannot_be_merged_says_why(platform, actor_as):
    one, into = an_accepted_question(platform, title="Een"), an_accepted_question(platform)
    waiting = a_question(platform, title="Wacht nog")
    worked = an_accepted_question(platform, title="Met een stoel")
    a_seat(platform, worked)
    for wrong in (one, waiting):
        with pytest.raises(Invalid) as caught:
            join(platform, one, wrong)
        assert set(caught.value.errors) == {"into_id"}
    with pytest.raises(Invalid) as caught:
        join(platform, worked, into)
    assert set(caught.value.errors) == {""}
    with pytest.raises(Invalid):
        act(platform, system("test"), merge, one.id, MergeQuestion(into_id=uuid.uuid4(), reason=WHY, version=one.version))
    with pytest.raises(NotAllowed):
        act(platform, actor_as("resident"), merge, one.id, MergeQuestion(into_id=into.id, reason=WHY, version=one.version))
    with pytest.raises(Conflict):
        act(platform, system("test"), merge, one.id, MergeQuestion(into_id=into.id, reason=WHY, version=99))
    join(platform, one, into)
    with pytest.raises(Conflict):
        join(platform, one, into)
    with pytest.raises(Conflict):
        act(platform, system("test"), accept, one.id, JudgeQuestion(reason="Toch.", version=version(platform, one.id)))


@dataclass
class Model:
    """What should be true: who stands behind which question, and which question went into which."""

    behind: dict[int, set[int]] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)

    def shown(self, question: int) -> set[int]:
        """Who supports a question or one that went into it."""
        found = set(self.behind[question])
        for one, other in self.into.items():
            if other == question:
                found |= self.shown(one)
        return found

    def drop(self, question: int, person: int) -> None:
        self.behind[question].discard(person)
        for one, other in self.into.items():
            if other == question:
                self.drop(one, person)


STEPS = st.lists(st.tuples(st.sampled_from(["support", "take_back", "merge", "undo"]), st.integers(0, 3), st.integers(0, 3)), max_size=14)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=STEPS)
def test_support_is_never_counted_twice_nor_lost(platform, people, acts):
    questions = [an_accepted_question(platform, title=f"Vraag {number}") for number in range(4)]
    model = Model({number: set() for number in range(4)})
    for what, question, other in acts:
        one = questions[question]
        if what in ("support", "take_back") and question in model.into:
            with pytest.raises(Gone):
                act(platform, people[other], support if what == "support" else take_back, one.id)
        elif what == "support":
            act(platform, people[other], support, one.id)
            if other not in model.shown(question):
                model.behind[question].add(other)
        elif what == "take_back":
            act(platform, people[other], take_back, one.id)
            model.drop(question, other)
        elif what == "merge" and question != other and question not in model.into and other not in model.into:
            join(platform, one, questions[other])
            model.into[question] = other
        elif what == "undo" and question in model.into and model.into[question] not in model.into:
            part(platform, one)
            model.into.pop(question)
        for each in set(range(4)) - set(model.into):
            expected = {people[person].account_id for person in model.shown(each)}
            assert supporters(platform, questions[each]) == expected
            assert number(platform, questions[each]) == len(expected)


@pytest.fixture
def people(actor_as) -> list[Actor]:
    return [actor_as("resident") for _person in range(4)]
