"""What is wrong with a block: what it says itself, deliveries that failed for good, jobs that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from samen_core.actor import system
from samen_core.blocks.discovery import Installed
from samen_core.blocks.health import health
from samen_core.db.base import uuid7
from samen_core.jobs import run_due_jobs
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import Clock, make_config

HOOKS = """
from datetime import timedelta
from samen_core.api import *
from samen_core.api import _
fails = [True]

def work(uow):
    if fails:
        raise KeyError("it broke")

@hookimpl
def samen_health(uow): return [Health(_("De lijst is leeg"), "samen import list", is_problem=True)]
@hookimpl
def samen_jobs(): return [Job("mine.job", timedelta(minutes=10), work)]
"""


@pytest.fixture
def samen_config() -> dict[str, list[str]]:
    """Only core in the template."""
    return {"blocks": []}


@pytest.fixture
def platform(db_url: str, tmp_path: Path, clock: Clock, make_block: Callable[..., Installed]) -> Iterator[Platform]:
    """A block that is not well, and one that breaks when it is asked."""
    bad = "from samen_core.api import *\nfrom sqlalchemy import text\n@hookimpl\n"
    bad += "def samen_health(uow): return uow.session.execute(text('SELECT x FROM no'))"
    installed = {"mine": make_block("mine", hooks=HOOKS), "bad": make_block("bad", hooks=bad)}
    made = Platform(make_config(tmp_path, db_url, blocks=list(installed)), Parts(clock=clock, installed=installed))
    yield made
    made.close()


def sick(platform: Platform) -> dict[str, list[tuple[str, str, bool]]]:
    """What is not well, in words."""
    with platform.read(system("test")) as uow:
        return {name: [(str(item.text), str(item.mend), item.is_problem) for item in items] for name, items in health(uow).items()}


def test_what_is_not_well_is_told_by_block(platform: Platform) -> None:
    said = ("De lijst is leeg", "samen import list", True)
    assert sick(platform) == {"mine": [said]}
    holder = uuid7()
    run_due_jobs(platform, holder)
    assert sick(platform)["mine"][1:] == [("Het werk mine.job is 1 keer mislukt (KeyError)", "", False)]
    with platform.write_engine.begin() as connection:
        connection.execute(
            text("INSERT INTO core__outbox (id, type, version, payload, at) VALUES (:id, 'x', 1, '{}', :at)"),
            {"id": (event := uuid7().hex), "at": "2026-01-01 00:00:00"},
        )
        for number in range(2):
            connection.execute(
                text(
                    "INSERT INTO core__outbox_delivery (id, event_id, handler, state, attempts, next_at, last_error)"
                    " VALUES (:id, :event, :handler, 'dead', 10, :at, 'KeyError')"
                ),
                {"id": uuid7().hex, "event": event, "handler": f"mine.hear{number}", "at": "2026-01-01 00:00:00"},
            )
    assert [text for text, _mend, _bad in sick(platform)["mine"]][1:] == [
        "2 berichten werden na tien keer niet verwerkt",
        "Het werk mine.job is 1 keer mislukt (KeyError)",
    ]
    platform.jobs[-1].function.__globals__["fails"].clear()
    with platform.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__lease SET done_at = NULL WHERE name = 'mine.job'"))
    run_due_jobs(platform, holder)
    assert len(sick(platform)["mine"]) == 2, "the job succeeded"
