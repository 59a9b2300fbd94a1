"""Eight processes at one table at once, on PostgreSQL: nothing is lost or counted twice, and no step is made that does not exist."""

from __future__ import annotations

import multiprocessing
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from samen_core.actor import Actor, system
from samen_core.db import changes
from samen_core.db.changes import Change
from samen_core.platform import Platform, utc_now
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution, Support, Tally, Theme, ThemedContribution
from samen_inbreng.services.tally import counted
from samen_samenspreker.events import RoundClosed, RoundOpened, StepChanged
from samen_samenspreker.models import Move, Option, OptionSupport, OptionVersion, Question, Round, RoundActivity
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.schemas.proposals import InformCouncil
from samen_samenspreker.services.common import today
from samen_samenspreker.services.proposals import inform_council
from samen_samenspreker.testing import a_seat, a_table
from tests.soak.table_acts import BLOCKS, Done, Task, shared_platform, work

pytestmark = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)

PROCESSES = 8
ACTS = 400
"""Of each process."""

SECTORS = ("citizens", "business", "civil_society", "government")
WAYS = {("solve", "decide"), ("decide", "execute"), ("decide", "solve"), ("execute", "evaluate"), ("evaluate", "solve")}
BACK = {("decide", "solve"), ("evaluate", "solve")}


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": BLOCKS}


def test_eight_processes_at_one_table(
    platform: Platform, db_url: str, tmp_path: Path, organization: Any, actor_as: Callable[..., Actor]
) -> None:
    question = a_table(platform, level="consult")
    with platform.unit_of_work(system("test")) as uow:
        inform_council(uow, question.id, InformCouncil(on=today(uow), version=question.version))
    people = [actor_as("resident") for _number in range(PROCESSES)]
    seats = [
        a_seat(platform, question, account_id=person.account_id, sector=SECTORS[number % 4]).id for number, person in enumerate(people)
    ]
    staff = {
        name: actor_as(role) for name, role in (("facilitator", "facilitator"), ("decider", "decision_maker"), ("moderator", "moderator"))
    }
    start = utc_now()
    facts = {"folder": tmp_path, "url": db_url, "start": start, "question_id": question.id, "organization_id": organization.id, **staff}
    tasks = [Task(number=number, acts=ACTS, me=person, **facts) for number, person in enumerate(people)]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(work, tasks))
    accepted: Counter[str] = sum((one.accepted for one in done), Counter())
    refused: Counter[str] = sum((one.refused for one in done), Counter())
    print(f"{sum(accepted.values())} accepted {dict(accepted)}, {sum(refused.values())} refused {dict(refused)}")
    troubles = [trouble for one in done for trouble in one.troubles]
    assert not troubles, f"{len(troubles)} troubles, such as:\n" + "\n".join(troubles[:3])
    assert set(accepted) >= {"contribute", "reply", "support", "answer_theme", "revise", "speak", "close", "go_on"}
    after = shared_platform(tmp_path, db_url, start)
    try:
        look(after, question.id, done, seats)
    finally:
        after.close()


def look(platform: Platform, question_id: uuid.UUID, done: list[Done], seats: list[uuid.UUID]) -> None:
    """Count everything again."""
    with platform.engine.connect() as connection:
        everything = connection.execute(select(*Contribution.__table__.c).where(Contribution.subject_id == question_id))
        rows = {row.id: row for row in everything}
        contributions_are_counted(connection, rows, done)
        themes_and_answers_are_counted(connection, question_id, rows)
        closed_rounds_are_answered(connection, question_id, rows, done)
        steps_are_legal(connection, question_id)
    options_are_counted(platform, question_id, done, seats)
    with platform.read(system("test")) as uow:
        checked, problem = changes.verify(uow.session)
    assert problem is None
    assert checked > sum(sum(one.accepted.values()) for one in done) / 2


def contributions_are_counted(connection: Connection, rows: dict[uuid.UUID, Any], done: list[Done]) -> None:
    """None is lost; supports, replies, numbers and tallies are those of a recount."""
    assert sorted(rows) == sorted(id for one in done for id in one.given)
    supports = Counter(connection.execute(select(Support.contribution_id)).scalars())
    expected: dict[uuid.UUID, Counter[tuple[str, str]]] = {}
    replies: Counter[uuid.UUID] = Counter()
    numbers: dict[uuid.UUID, list[int]] = {}
    for row in rows.values():
        numbers.setdefault(row.activity_id, []).append(row.number)
        assert row.supports == supports[row.id]
        if row.state == "published":
            expected.setdefault(row.activity_id, Counter()).update(counted(row, 1))
            above = row.parent_id
            while above is not None:
                replies[above] += 1
                above = rows[above].parent_id
    assert {row.id: row.replies for row in rows.values() if row.replies} == dict(replies)
    for activity_id, given in numbers.items():
        kept = connection.execute(select(Tally.dimension, Tally.value, Tally.number).where(Tally.activity_id == activity_id))
        tally = {(row.dimension, row.value): row.number for row in kept if row.number}
        assert sorted(given) == list(range(1, len(given) + 1))
        assert tally == {**expected.get(activity_id, {}), ("number", ""): len(given)}


def themes_and_answers_are_counted(connection: Connection, question_id: uuid.UUID, rows: dict[uuid.UUID, Any]) -> None:
    """The number of each theme, and whether each contribution is answered."""
    inside: Counter[uuid.UUID] = Counter()
    for row in connection.execute(select(ThemedContribution.theme_id, ThemedContribution.contribution_id)):
        assert rows[row.contribution_id].parent_id is None
        inside[row.theme_id] += rows[row.contribution_id].state == "published"
    themes = connection.execute(select(Theme.id, Theme.contributions).where(Theme.subject_id == question_id)).all()
    assert {row.id: row.contributions for row in themes} == {row.id: inside[row.id] for row in themes}
    statement = select(AnswerTarget.contribution_id).join(Answer, Answer.id == AnswerTarget.answer_id).where(Answer.withdrawn_at.is_(None))
    answered = set(connection.execute(statement).scalars())
    assert {id for id, row in rows.items() if row.answered} == answered


def closed_rounds_are_answered(connection: Connection, question_id: uuid.UUID, rows: dict[uuid.UUID, Any], done: list[Done]) -> None:
    """What people gave online before a round closed has its answer; what came later was refused. Letters may come after."""
    of_rounds = select(RoundActivity.activity_id).join(Round, Round.id == RoundActivity.round_id)
    closed = set(connection.execute(of_rounds.where(Round.question_id == question_id, Round.closed_at.is_not(None))).scalars())
    assert closed
    moderated = {id for one in done for id in one.moderated}
    online = {id for one in done for id in one.online} - moderated
    late = [row for id, row in rows.items() if id in online and row.activity_id in closed and row.state == "published" and not row.answered]
    assert late == []
    shut = dict(connection.execute(select(Activity.id, Activity.closed_at).where(Activity.id.in_(closed))).all())
    assert all(shut.values())


def steps_are_legal(connection: Connection, question_id: uuid.UUID) -> None:
    """Every move is a way that exists, from where the one before led; a way back starts a cycle, and a way forward had its gate.

    The order is that of keys and of the log: the time of an act is when it began, and it may have waited for another.
    """
    moves = connection.execute(select(*Move.__table__.c).where(Move.question_id == question_id).order_by(Move.id)).all()
    at, cycle = "solve", 1
    rounds = connection.execute(select(Round.number).where(Round.question_id == question_id)).all()
    for row in moves:
        way = (row.from_step, row.to_step)
        assert way in WAYS
        assert row.from_step == at
        cycle += way in BACK
        assert row.cycle == cycle
        at = row.to_step
    assert len({(row.from_step, row.to_step) for row in moves}) >= 3, "the table got somewhere"
    question = connection.execute(select(Question.step, Question.cycle).where(Question.id == question_id)).one()
    assert (question.step, question.cycle) == (at, cycle)
    assert sorted(found.number for found in rounds) == list(range(1, len(rounds) + 1))
    unfinished: set[int] = set()
    for line in connection.execute(select(Change.action, Change.after).where(Change.subject_id == question_id).order_by(Change.seq)):
        if line.action == RoundOpened.type:
            unfinished.add(line.after["number"])
        elif line.action == RoundClosed.type:
            unfinished.remove(line.after["number"])
        elif line.action == StepChanged.type and line.after["step"] == "decide":
            assert not unfinished, "a decision while a round was going on"


def options_are_counted(platform: Platform, question_id: uuid.UUID, done: list[Done], seats: list[uuid.UUID]) -> None:
    """Each seat counts once, as what it said last; versions follow each other."""
    with platform.read(system("test")) as uow:
        options = uow.session.execute(select(Option.id, Option.current, Option.position).where(Option.question_id == question_id)).all()
        assert sorted(row.position for row in options) == list(range(1, len(options) + 1))
        counts = support_of(uow, [row.id for row in options])
        stored = uow.session.execute(select(OptionSupport.option_id, OptionSupport.seat_id, OptionSupport.position)).all()
        versions = uow.session.execute(select(OptionVersion.option_id, func.count(), func.max(OptionVersion.number)).group_by("option_id"))
        assert {row[0]: (row[1], row[2]) for row in versions} == {row.id: (row.current, row.current) for row in options}
    said = {(option, seat): position for seat, one in zip(seats, done, strict=True) for option, position in one.said.items()}
    assert {(row.option_id, row.seat_id): row.position for row in stored} == said
    assert len(stored) == len(said)
    for row in options:
        by_hand = Counter((SECTORS[seats.index(seat) % 4], position) for (option, seat), position in said.items() if option == row.id)
        assert counts[row.id].seats == dict(by_hand)
        assert not counts[row.id].others
