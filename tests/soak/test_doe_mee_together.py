"""Sixteen processes vote in one poll and register for one meeting with few places, on PostgreSQL: one voice each, no place given twice."""

from __future__ import annotations

import multiprocessing
import random
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from samen_core.actor import Actor, anonymous, system
from samen_core.api import SamenError, new_code
from samen_core.db import changes
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import make_config
from samen_doe_mee.models import Activity, Meeting, PollChoice, PollOption, PollVote, Registration, TookPart
from samen_doe_mee.schemas.polls import CastVote
from samen_doe_mee.schemas.registrations import ChangeRegistration, Register
from samen_doe_mee.services import polls, registrations
from samen_doe_mee.testing_polls import a_meeting, a_poll

pytestmark = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)

BLOCKS = ["citycontent", "inbreng", "doe_mee"]
PROCESSES, ACTS, PLACES = 16, 60, 10


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": BLOCKS}


@dataclass(frozen=True)
class Task:
    """What a process gets to know. ``shared`` is a device code that all of them have."""

    number: int
    folder: Path
    url: str
    poll_id: uuid.UUID
    options: tuple[uuid.UUID, ...]
    meeting_id: uuid.UUID
    me: Actor
    shared: str


@dataclass
class Done:
    """What a process did; ``voted`` and ``comes`` are how it ended for its account."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    voted: frozenset[uuid.UUID] = frozenset()
    comes: int = 0


def work(task: Task) -> Done:
    """Act so many times; what the rules refuse is counted, anything else is trouble."""
    platform = Platform(make_config(task.folder, task.url, blocks=BLOCKS), Parts())
    rng, done = random.Random(task.number), Done()
    acts: tuple[Callable[[Platform, Task, random.Random, Done], None], ...] = (
        own_vote,
        shared_vote,
        no_vote,
        come,
        come_otherwise,
        stay_away,
    )
    try:
        for _act in range(ACTS):
            act = rng.choice(acts)
            try:
                act(platform, task, rng, done)
                done.accepted[act.__name__] += 1
            except SamenError as error:
                done.refused[f"{act.__name__}: {type(error).__name__}"] += 1
            except SQLAlchemyError:
                done.troubles.append(traceback.format_exc())
    finally:
        platform.close()
    return done


def own_vote(platform: Platform, task: Task, rng: random.Random, done: Done) -> None:
    """Vote, or otherwise than before."""
    chosen = tuple(rng.sample(task.options, rng.randint(1, 2)))
    with platform.unit_of_work(task.me) as uow:
        polls.vote(uow, task.poll_id, CastVote(options=chosen))
    done.voted = frozenset(chosen)


def shared_vote(platform: Platform, task: Task, rng: random.Random, _done: Done) -> None:
    """Vote on the device that all have: it is one voice."""
    with platform.unit_of_work(anonymous("test")) as uow:
        polls.vote(uow, task.poll_id, CastVote(options=(rng.choice(task.options),)), task.shared)


def no_vote(platform: Platform, task: Task, _rng: random.Random, done: Done) -> None:
    """Take it back."""
    with platform.unit_of_work(task.me) as uow:
        polls.take_back(uow, task.poll_id)
    done.voted = frozenset()


def come(platform: Platform, task: Task, rng: random.Random, done: Done) -> None:
    """Register."""
    people = rng.randint(1, 3)
    with platform.unit_of_work(task.me) as uow:
        registrations.register(uow, task.meeting_id, Register(people=people))
    done.comes = people


def come_otherwise(platform: Platform, task: Task, rng: random.Random, done: Done) -> None:
    """Come with another number of people."""
    people = rng.randint(1, 3)
    with platform.unit_of_work(task.me) as uow:
        mine = registrations.registration_of_account(uow, task.meeting_id)
        if mine is None:
            return
        key = registrations.registration_key(platform, mine.id)
        registrations.change(uow, key, ChangeRegistration(people=people, version=mine.version))
    done.comes = people


def stay_away(platform: Platform, task: Task, _rng: random.Random, done: Done) -> None:
    """Cancel."""
    with platform.unit_of_work(task.me) as uow:
        mine = registrations.registration_of_account(uow, task.meeting_id)
        if mine is not None:
            registrations.cancel(uow, registrations.registration_key(platform, mine.id))
    done.comes = 0


def test_sixteen_processes_vote_and_register(platform: Platform, db_url: str, tmp_path: Path, actor_as: Callable[..., Actor]) -> None:
    poll, meeting_id = a_poll(platform, kind="several"), a_meeting(platform, places=PLACES)
    with platform.read(system("test")) as uow:
        mine = select(PollOption.id).where(PollOption.activity_id == poll.id).order_by(PollOption.position)
        options = tuple(uow.session.execute(mine).scalars())
    facts: dict[str, Any] = {"folder": tmp_path, "url": db_url, "poll_id": poll.id, "options": options, "meeting_id": meeting_id}
    tasks = [Task(number=number, me=actor_as("resident"), shared="", **facts) for number in range(PROCESSES)]
    shared = new_code()
    tasks = [Task(number=task.number, me=task.me, shared=shared, **facts) for task in tasks]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(work, tasks))
    troubles = [trouble for one in done for trouble in one.troubles]
    assert not troubles, f"{len(troubles)} troubles, such as:\n" + "\n".join(troubles[:2])
    accepted: Counter[str] = sum((one.accepted for one in done), Counter())
    assert set(accepted) == {"own_vote", "shared_vote", "no_vote", "come", "come_otherwise", "stay_away"}
    votes_are_counted(platform, poll.id, done)
    places_are_counted(platform, meeting_id, done)
    with platform.read(system("test")) as uow:
        checked, problem = changes.verify(uow.session)
    assert problem is None
    assert checked


def votes_are_counted(platform: Platform, poll_id: uuid.UUID, done: list[Done]) -> None:
    """One voice for each account that voted last, one for the device that all shared; the numbers are those of the rows."""
    with platform.read(system("test")) as uow:
        session = uow.session
        rows = session.execute(select(PollVote.id, PollVote.account_id).where(PollVote.activity_id == poll_id)).all()
        assert len(rows) == sum(bool(one.voted) for one in done) + 1
        assert sum(row.account_id is None for row in rows) == 1
        chosen = Counter(session.execute(select(PollChoice.option_id)).scalars())
        kept = dict(session.execute(select(PollOption.id, PollOption.votes).where(PollOption.activity_id == poll_id)).tuples().all())
        assert {id: chosen[id] for id in kept} == kept
        ours = Counter(option for one in done for option in one.voted)
        assert all(kept[id] >= ours[id] for id in kept)
        taken = session.execute(select(Activity.taken_part).where(Activity.id == poll_id)).scalar_one()
        assert taken == len(rows) == session.execute(select(func.count()).select_from(TookPart)).scalar_one()


def places_are_counted(platform: Platform, meeting_id: uuid.UUID, done: list[Done]) -> None:
    """No more places are given than there are, whoever waits does not fit, and everybody comes with as many as they said last."""
    with platform.read(system("test")) as uow:
        session = uow.session
        rows = session.execute(
            select(Registration.state, Registration.people).where(Registration.state.in_(("registered", "waiting")))
        ).all()
        taken = session.execute(select(Meeting.taken).where(Meeting.id == meeting_id)).scalar_one()
        assert taken == sum(row.people for row in rows if row.state == "registered") <= PLACES
        assert all(row.people > PLACES - taken for row in rows if row.state == "waiting")
        assert len(rows) == sum(bool(one.comes) for one in done)
        assert sum(row.people for row in rows) == sum(one.comes for one in done)
