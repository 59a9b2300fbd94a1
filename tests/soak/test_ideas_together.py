"""Sixteen processes support one idea at once, on PostgreSQL: one voice each, counted exactly, reached once."""

from __future__ import annotations

import multiprocessing
import random
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_core.actor import Actor, anonymous, system
from samen_core.api import new_code
from samen_core.db import changes
from samen_core.events.outbox import OutboxEvent
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import make_config
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.support import give_voice, take_back
from samen_doe_mee.testing_support import an_idea

pytestmark = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)

BLOCKS = ["citycontent", "inbreng", "doe_mee"]
PROCESSES, DEVICES, TIMES = 16, 20, 3


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The block, and what it needs."""
    return {"blocks": BLOCKS}


@dataclass(frozen=True)
class Task:
    """What one process does: its own account, the one account that all share, and its own devices and those of all."""

    number: int
    folder: Path
    url: str
    idea_id: uuid.UUID
    mine: Actor
    shared: Actor
    own_codes: tuple[str, ...]
    shared_codes: tuple[str, ...]


def work(task: Task) -> Counter[str]:
    """Support with every account and device several times, in an order of its own, and take some back; how often what was said."""
    platform = Platform(make_config(task.folder, task.url, blocks=BLOCKS), Parts())
    said: Counter[str] = Counter()
    acts = [(task.mine, ""), (task.shared, ""), *((anonymous(), code) for code in (*task.own_codes, *task.shared_codes))] * TIMES
    random.Random(task.number).shuffle(acts)
    try:
        for actor, code in acts:
            with platform.unit_of_work(actor) as uow:
                said[give_voice(uow, task.idea_id, GiveVoice(), device=code).state] += 1
        for code in task.own_codes[::2]:
            with platform.unit_of_work(anonymous()) as uow:
                said["back"] += take_back(uow, task.idea_id, device=code)
    finally:
        platform.close()
    return said


def test_sixteen_processes_support_one_idea(platform: Platform, db_url: str, tmp_path: Path, actor_as: Callable[..., Actor]) -> None:
    idea = an_idea(platform, needed=100)
    shared, shared_codes = actor_as("resident"), tuple(new_code() for _n in range(DEVICES))
    tasks = [
        Task(number, tmp_path, db_url, idea.id, actor_as("resident"), shared, tuple(new_code() for _n in range(DEVICES)), shared_codes)
        for number in range(PROCESSES)
    ]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        said: Counter[str] = sum(pool.map(work, tasks), Counter())
    accounts, devices, back = PROCESSES + 1, PROCESSES * DEVICES + DEVICES, PROCESSES * DEVICES // 2
    assert said["counted"] == accounts + devices
    assert said["back"] == back
    assert said["again"] == PROCESSES * TIMES * (2 + 2 * DEVICES) - accounts - devices
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Idea, idea.id)
        voices = dict(uow.session.execute(select(Voice.way, func.count()).group_by(Voice.way)).all())
        assert voices == {"account": accounts, "code": devices - back}
        assert (found.supports, found.open_supports, found.all_supports) == (accounts, devices - back, accounts + devices - back)
        assert uow.session.execute(select(func.count()).where(IdeaStep.kind == "reached")).scalar_one() == 1
        told = select(func.count()).where(OutboxEvent.type == "doe_mee.idea.reached")
        assert uow.session.execute(told).scalar_one() == 1
    with platform.read(system("test")) as uow:
        checked, problem = changes.verify(uow.session)
    assert problem is None
    assert checked
