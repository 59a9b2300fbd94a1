"""``SAMEN_TRACE_HOOKS=1`` tells which block was asked what; without it nothing is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from samen_core.actor import anonymous
from samen_core.app import create_app
from samen_core.blocks.discovery import Installed
from samen_core.config import build_config
from samen_core.db import migrate
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import make_config
from tests.support.blocks import BlockMaker

HOOKS = """
from samen_core.api import NavigationItem, Task, _, hookimpl
from samen_core.web.api import SlotFill

@hookimpl
def samen_navigation(actor):
    yield NavigationItem(_("Een"), "/een")
    yield NavigationItem(_("Twee"), "/twee")

@hookimpl
def samen_tasks(uow):
    raise LookupError("not here")

@hookimpl
def samen_slots():
    return [SlotFill("home.join", lambda uow: "<p>Hier.</p>")]
"""


@pytest.fixture
def talking(tmp_path: Path) -> Iterator[Installed]:
    """A block that answers, and one hook that fails."""
    maker = BlockMaker(tmp_path / "blocks")
    (tmp_path / "blocks").mkdir()
    yield maker("talking", hooks=HOOKS)
    maker.forget()


@pytest.fixture
def lines(talking: Installed, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """What is logged while a page is shown and tasks are asked, with these values of samen.toml."""

    def get(**values: Any) -> list[dict[str, Any]]:
        config = make_config(tmp_path, f"sqlite:///{tmp_path / 'samen.db'}", blocks=["talking"], **values)
        platform = Platform(config, Parts(installed={"talking": talking}))
        migrate.upgrade(platform)
        with structlog.testing.capture_logs() as logged:
            assert create_app(platform).test_client().get("/").status_code == 200
            with platform.read(anonymous()) as uow:
                assert list(platform.registry.ask("samen_tasks", uow=uow)) == []
        platform.close()
        return [dict(line) for line in logged if line["event"] == "block_asked"]

    return get


def test_every_hook_and_slot_is_told(lines: Callable[..., list[dict[str, Any]]]) -> None:
    told = lines(trace_hooks=True)
    assert all(line["milliseconds"] >= 0 and line["block"] == "talking" for line in told)
    gave = {(line.get("hook"), line.get("slot")): line["gave"] for line in told}
    assert gave["samen_slots", None] == 1
    assert gave["samen_navigation", None] == 2
    assert gave[None, "home.join"] == 1
    assert gave["samen_tasks", None] == "LookupError"


def test_nothing_is_told_otherwise(lines: Callable[..., list[dict[str, Any]]]) -> None:
    assert lines() == []


def test_the_variable_is_read(tmp_path: Path) -> None:
    environ = {"SAMEN_SECRET_KEY": "0" * 40, "SAMEN_TRACE_HOOKS": "1"}
    assert build_config({}, folder=tmp_path, environ=environ).trace_hooks is True
