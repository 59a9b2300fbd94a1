"""A block that gives rubbish or raises while running is logged with its name and left out; every page still renders."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from samen_core import logs
from samen_core.actor import Actor, system
from samen_core.blocks.discovery import Installed
from samen_core.capacities import capacities
from samen_core.logbook import latest_lines
from samen_core.platform import Parts, Platform
from samen_core.subjects import SubjectData, SubjectRef, register
from samen_core.testing.platforms import Clock, make_config
from samen_core.web.navigation import menu, tasks

START = """
import uuid
from markupsafe import Markup
from samen_core.api import *
from samen_core.api import _, hookimpl
from samen_core.web.api import *
from sqlalchemy import text
def break_it(uow): uow.session.execute(text("SELECT x FROM nowhere"))
"""
BAD_NAVIGATION = {
    "no slash": "[NavigationItem(_('x'), 'beheer')]",
    "another site": "[NavigationItem(_('x'), '//elders.example')]",
    "no path": "[NavigationItem(_('x'), None)]",
    "no label": "[NavigationItem(None, '/x')]",
    "no such icon": "[NavigationItem(_('x'), '/x', 'geen-icoon')]",
    "order": "[NavigationItem(_('x'), '/x', order=None)]",
    "placeholder": "[NavigationItem(_('Hallo {naam}', wie='x'), '/x')]",
    "rubbish": "['x', 7, None]",
    "no list": "7",
    "half": "(item if item else 1 / 0 for item in (NavigationItem(_('x'), '/x'), None))",
}
BAD_TASKS = {
    "count": "[Task(_('x'), '/x', 'veel')]",
    "rubbish": "[{'title': 'x'}]",
    "breaks": "break_it(uow)",
    "half": "(task if task else break_it(uow) for task in (Task(_('x'), '/x'), None))",
}
BAD_SLOTS = {
    "number": "7",
    "bytes": "b'<p>x</p>'",
    "dict": "{'html': 'x'}",
    "generator": "(x for x in ('<p>x</p>',))",
    "raises": "1 / 0",
    "breaks": "break_it(uow)",
    "template": "render_part('nowhere/absent.html')",
}
GOOD = """
pages = BlockBlueprint("good", __name__)

@pages.route("/goed", public=True, methods=["GET", "POST"])
def page():
    uow = current_uow()
    if uow.write:
        uow.record("good.written", reason="bewaard")
    from samen_core.web.slots import render_slot
    return Markup("<main>{}</main>").format(Markup("").join(render_slot("home.join")))

@hookimpl
def samen_blueprints(): return [pages]
@hookimpl
def samen_navigation(actor): return [NavigationItem(_("Goed"), "/goed")]
@hookimpl
def samen_tasks(uow): return [Task(_("Goed"), "/goed", int(uow.session.execute(text("SELECT 3")).scalar_one()))]
@hookimpl
def samen_slots(): return [SlotFill("home.join", lambda uow: f"<p>goed {uow.session.execute(text('SELECT 3')).scalar_one()}</p>")]
@hookimpl
def samen_subject_types(): return [SubjectType("ding", _("Ding"), _("Dingen"))]
@hookimpl
def samen_render_log(change): return "in woorden"
"""


def bad_hooks() -> str:
    """A block that does everything wrong that one can."""
    lines = [START, "@hookimpl\ndef samen_slots(): return ["]
    lines += [f"    SlotFill('home.join', lambda uow: {code}, 1)," for code in BAD_SLOTS.values()]
    lines += ["]", "@hookimpl\ndef samen_capacities(uow): return [('x', 'y')]", "@hookimpl\ndef samen_render_log(change): return 7"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Only core in the template."""
    return {"blocks": []}


@pytest.fixture
def platform(db_url: str, tmp_path: Path, clock: Clock, make_block: Callable[..., Installed]) -> Iterator[Platform]:
    """One block per way of being wrong, all before one that is right."""
    installed = {"bad": make_block("bad", hooks=bad_hooks())}
    for kind, cases in (("navigation(actor)", BAD_NAVIGATION), ("tasks(uow)", BAD_TASKS)):
        for number, code in enumerate(cases.values()):
            name = f"bad_{kind[:3]}{number}"
            installed[name] = make_block(name, hooks=f"{START}@hookimpl\ndef samen_{kind}: return {code}\n")
    installed["good"] = make_block("good", hooks=START + GOOD, manifest={"after": tuple(installed)})
    made = Platform(make_config(tmp_path, db_url, blocks=list(installed)), Parts(clock=clock, installed=installed))
    logs.configure(made.config)
    yield made
    made.close()


def failed(printed: str) -> set[str]:
    """The blocks that the log names as failed."""
    rows = [json.loads(line) for line in printed.splitlines() if line.startswith("{") and "block_failed" in line]
    return {row["block"] for row in rows}


def test_pages_render_without_what_is_wrong(
    platform: Platform, client: FlaskClient, actor_as: Callable[..., Actor], capsys: pytest.CaptureFixture[str]
) -> None:
    home = client.get("/")
    assert home.status_code == 200
    assert "goed 3" in home.text
    assert 'href="/goed"' in home.text
    assert "elders.example" not in home.text
    actor = actor_as("manager")
    with platform.read(actor) as uow:
        assert [item.path for item in menu(uow, actor)] == ["/goed"]
        assert [(item.path, item.count) for item in tasks(uow)] == [("/goed", 3)]
        assert capacities(uow) == []
    printed = capsys.readouterr()
    named = failed(printed.out + printed.err)
    assert named == {block.name for block in platform.blocks} - {"good"}, "every one is logged with its name"


def test_what_a_request_wrote_is_kept_when_a_slot_breaks_the_transaction(platform: Platform, client: FlaskClient) -> None:
    """PostgreSQL refuses everything after an error in a transaction."""
    answer = client.post("/goed")
    assert (answer.status_code, answer.text) == (200, "<main><p>goed 3</p></main>")
    with platform.engine.connect() as connection:
        assert connection.execute(text("SELECT reason FROM core__change WHERE action = 'good.written'")).scalars().all() == ["bewaard"]


def test_a_sentence_that_is_no_text_is_passed_over(platform: Platform) -> None:
    from uuid import uuid4

    ref = SubjectRef("ding", uuid4())
    with platform.unit_of_work(system("test")) as uow:
        register(uow, ref, SubjectData("Ding", "/goed"))
        uow.record("good.made", ref.id, public=True)
    with platform.read(system("test")) as uow:
        assert [line.sentence for line in latest_lines(uow, ref.id)[0]] == ["in woorden"]
