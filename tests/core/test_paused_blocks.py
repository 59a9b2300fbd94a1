"""A block that a manager paused shows and does nothing, keeps its data and its cards, and comes back as it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from samen_core import logs
from samen_core.actor import Actor, anonymous, system
from samen_core.app import create_app
from samen_core.blocks.discovery import Installed
from samen_core.blocks.schemas import ActivateBlock, PauseBlock
from samen_core.blocks.services import activate_block, block_history, dependants, pause_block, state_now
from samen_core.blocks.state import BlockPaused
from samen_core.db.changes import Change
from samen_core.errors import Conflict, Invalid, NotAllowed, NotFound
from samen_core.events.worker import Worker
from samen_core.jobs import run_due_jobs
from samen_core.platform import Parts, Platform
from samen_core.privacy.retention import rules
from samen_core.subjects import SubjectData, SubjectRef, cards, register
from samen_core.testing.platforms import Clock, make_config
from samen_core.testing.privacy import keep_to_terms
from samen_core.web.navigation import menu, tasks

if TYPE_CHECKING:
    from samen_core.app import SamenFlask
    from samen_core.testing.platforms import Outbox

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
REASON = "Wij zetten de gegevens over."
Make = Callable[..., Installed]

PAGES = """
from flask import Response
from samen_core.api import *
from samen_core.rest.api import *
from samen_core.web.api import *
from samen_core.api import _

pages = BlockBlueprint("mine", __name__)
rest = RestBlueprint("mine", __name__)
MAY = Permission("mine.see", _("zien"), roles=frozenset({"manager"}))

@pages.route("/mijn", public=True)
def index(): return "hallo"

@pages.route("/mijn/beheer", permission=MAY)
def manage(): return "beheer"

@pages.route("/mijn/schrijf", public=True, methods=["GET", "POST"])
def write(): return "geschreven"

@rest.route("/things", public=True)
def things(): return reply([])
"""
HOOKS = """
from datetime import timedelta
from samen_core.api import *
from samen_core.api import _
from samen_core.web.api import SlotFill
from {package} import pages as p

def work(uow, event=None): uow.record("mine.done", reason="wakker")
def hear(uow, account_id): uow.record("mine.heard", reason="gehoord")

@hookimpl
def samen_blueprints(): return [p.pages]
@hookimpl
def samen_resources(): return [p.rest]
@hookimpl
def samen_permissions(): return [p.MAY]
@hookimpl
def samen_slots(): return [SlotFill("home.join", lambda uow: "<p>doe mee</p>", more="/mijn")]
@hookimpl
def samen_navigation(actor): return [NavigationItem(_("Mijn"), "/mijn")]
@hookimpl
def samen_tasks(uow): return [Task(_("Wacht"), "/mijn")]
@hookimpl
def samen_subject_types(): return [SubjectType("ding", _("Ding"), _("Dingen"), "heart", api_path="/api/v1/mine/things?id={{id}}")]
@hookimpl
def samen_search_sources(): return [SearchSource("ding", documents)]
def documents(uow, ids): return ()
@hookimpl
def samen_jobs(): return [Job("mine.job", timedelta(hours=1), work)]
@hookimpl
def samen_event_handlers(): return [EventHandler("mine.hear", work, ("core.subject.changed",))]
@hookimpl
def samen_signal_receivers(): return [SignalReceiver(ACCOUNT_ERASED, hear)]
@hookimpl
def samen_render_log(change): return "in mijn woorden"
@hookimpl
def samen_retention(): return [RetentionRule("mine.term", _("Ding"), _("een dag"), lambda uow: Due(0), lambda uow, limit: 0)]
"""


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The template of the database has only core."""
    return {"blocks": []}


@pytest.fixture
def platform(db_url: str, tmp_path: Path, clock: Clock, make_block: Make) -> Iterator[Platform]:
    """Two blocks without tables: ``mine``, which does something everywhere, and ``other``, which requires it."""
    mine = make_block("mine", pages=PAGES, hooks="")
    (Path(str(mine.folder)) / "hooks.py").write_text(HOOKS.format(package=mine.package), encoding="utf-8")
    other = make_block("other", manifest={"requires": ("mine",)}, hooks="from samen_core.api import *\nfrom samen_core.api import _\n"
        "@hookimpl\ndef samen_navigation(actor): return [NavigationItem(_('Ander'), '/ander')]")  # fmt: skip
    alone = make_block("alone")
    installed = {"mine": mine, "other": other, "alone": alone}
    made = Platform(make_config(tmp_path, db_url, blocks=list(installed)), Parts(clock=clock, installed=installed))
    logs.configure(made.config)
    yield made
    made.close()


def pause(platform: Platform, name: str = "mine", reason: str = REASON) -> None:
    """Pause a block as the system."""
    with platform.unit_of_work(system("test")) as uow:
        pause_block(uow, PauseBlock(name, reason))


def activate(platform: Platform, name: str = "mine") -> None:
    """Activate a block as the system."""
    with platform.unit_of_work(system("test")) as uow:
        activate_block(uow, ActivateBlock(name))


def a_thing(platform: Platform) -> uuid.UUID:
    """A public thing of ``mine``, in the register and in the log."""
    ref = SubjectRef("ding", uuid.uuid4())
    with platform.unit_of_work(system("test")) as uow:
        register(uow, ref, SubjectData("Het bankje", "/mijn/bankje", "Een bankje in het park"))
        uow.record("mine.thing.made", ref.id, public=True, sentence="Er kwam een bankje.")
    return ref.id


def done(platform: Platform, action: str) -> int:
    """How often the log has an action."""
    with platform.engine.connect() as connection:
        return len(connection.execute(select(Change.seq).where(Change.action == action)).all())


# --- what it does not do ---------------------------------------------------------------------------------------------------------


def test_a_paused_block_shows_nothing_and_comes_back(platform: Platform, client: FlaskClient) -> None:
    def seen() -> tuple[int, int, bool, list[str]]:
        with platform.read(anonymous()) as uow:
            paths = [item.path for item in (*menu(uow, anonymous()), *tasks(uow))]
        home = client.get("/").text
        return client.get("/mijn").status_code, client.get("/api/v1/mine/things").status_code, "doe mee" in home, paths

    awake = (200, 200, True, ["/mijn", "/ander", "/mijn"])
    assert seen() == awake
    pause(platform)
    assert seen() == (503, 503, False, [])
    activate(platform)
    assert seen() == awake


@SQLITE
def test_the_home_page_does_not_say_that_what_is_paused_is_not_there(platform: Platform, client: FlaskClient) -> None:
    assert "Er zijn nog geen antwoorden" in client.get("/").text
    pause(platform)
    home = client.get("/").text
    assert "Er zijn nog geen antwoorden" not in home
    assert "Een deel van deze website staat op pauze" in home
    assert f'<p class="nl-paragraph" lang="nl">{REASON}</p>' in client.get("/en/").text
    assert REASON in home


@SQLITE
def test_the_page_of_a_paused_block_is_kind(platform: Platform, client: FlaskClient) -> None:
    pause(platform)
    page = client.get("/mijn")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "300")
    assert "no-store" in page.headers["Cache-Control"]
    assert "ETag" not in page.headers
    assert "<h1" in page.text
    assert REASON in page.text
    assert "mine staat op pauze" in page.text
    english = client.get("/en/mijn")
    assert english.status_code == 503
    assert f'<span lang="nl">{REASON}</span>' in english.text
    assert client.head("/mijn").status_code == 503
    assert client.get("/mijn/beheer").status_code == 503, "nobody is asked to log in for what is not there"
    assert client.get("/mijn/onbekend").status_code == 404
    answer = client.post("/mijn/schrijf", data={"text": "Een heel verhaal over de straat", "choice": "ja"})
    assert answer.status_code == 503
    assert "Een heel verhaal over de straat" in answer.text


@SQLITE
def test_the_api_of_a_paused_block_says_when_to_come_back(platform: Platform, client: FlaskClient) -> None:
    pause(platform)
    answer = client.get("/api/v1/mine/things")
    assert (answer.status_code, answer.headers["Retry-After"], answer.content_type) == (503, "300", "application/problem+json")
    assert REASON in answer.get_json()["detail"]
    assert client.options("/api/v1/mine/things").status_code == 200
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_jobs_and_handlers_of_a_paused_block_wait(platform: Platform, outbox: Outbox) -> None:
    worker = Worker(platform)
    pause(platform)
    a_thing(platform)
    run_due_jobs(platform, worker.holder)
    outbox.drain()
    assert done(platform, "mine.done") == 0
    with platform.engine.connect() as connection:
        waiting = connection.execute(text("SELECT handler, attempts FROM core__outbox_delivery WHERE state = 'pending'")).all()
    assert [tuple(row) for row in waiting] == [("mine.hear", 0)]
    activate(platform)
    assert (run_due_jobs(platform, worker.holder), outbox.drain()) == (1, 1)
    assert done(platform, "mine.done") == 2


def test_a_delivery_that_was_claimed_before_the_pause_is_given_back(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    a_thing(platform)
    worker = Worker(platform)
    claim = worker._claim

    def claim_and_pause() -> Any:
        claimed = claim()
        pause(platform)
        return claimed

    monkeypatch.setattr(worker, "_claim", claim_and_pause)
    worker.work_once()
    assert done(platform, "mine.done") == 0
    with platform.engine.connect() as connection:
        row = connection.execute(text("SELECT state, attempts, lease_until FROM core__outbox_delivery WHERE handler = 'mine.hear'")).one()
    assert tuple(row) == ("pending", 0, None)


# --- what goes on ----------------------------------------------------------------------------------------------------------------


def test_its_things_keep_their_cards(platform: Platform, client: FlaskClient, outbox: Outbox) -> None:
    thing = a_thing(platform)
    address = f"/id/ding/{thing}"
    assert client.get(address).headers["Location"] == "/mijn/bankje"
    pause(platform)
    path = f"/onderwerp/{thing}"
    assert client.get(address).headers["Location"] == path
    for page in (client.get(path), client.get(f"/en{path}")):
        assert page.status_code == 200
        for words in ("Het bankje", "Een bankje in het park", REASON):
            assert words in page.text
    assert client.get(f"{address}.json").status_code == 503
    with platform.read(anonymous()) as uow:
        assert cards(uow, [thing])[thing].url == path
    logbook = client.get(f"/logboek/{thing}")
    assert "Er kwam een bankje." in logbook.text
    assert path in logbook.text
    assert client.get(f"/api/v1/core/subjects/{thing}").get_json()["title"] == "Het bankje"
    activate(platform)
    assert client.get(address).headers["Location"] == client.get(path).headers["Location"] == "/mijn/bankje"
    assert "in mijn woorden" in client.get(f"/logboek/{thing}").text


def test_what_must_hold_inside_a_transaction_goes_on(platform: Platform) -> None:
    pause(platform)
    with platform.unit_of_work(system("test")) as uow:
        uow.send("core.account_erased", account_id=uuid.uuid4())
    assert done(platform, "mine.heard") == 1
    assert keep_to_terms(platform) == {}
    with platform.read(system("test")) as uow:
        assert "mine.term" in [rule.name for rule in rules(uow)]


# --- kept pages and other processes ----------------------------------------------------------------------------------------------


def test_kept_pages_become_stale(platform: Platform, app: SamenFlask) -> None:
    """The home page has a slot of the block: a browser that kept it must not be told that nothing changed."""
    home = app.test_client().get("/", headers={"Accept-Language": "nl"})
    kept = {"If-None-Match": home.headers["ETag"]}
    assert app.test_client().get("/", headers=kept).status_code == 304
    pause(platform)
    fresh = app.test_client().get("/", headers=kept)
    assert (fresh.status_code, "doe mee" in fresh.text) == (200, False)
    kept = {"If-None-Match": fresh.headers["ETag"]}
    activate(platform)
    assert "doe mee" in app.test_client().get("/", headers=kept).text


def test_another_process_knows_within_two_seconds(platform: Platform, tmp_path: Path) -> None:
    """Its own memory, and at once where a kept page is asked for."""
    other = Platform(platform.config, Parts(clock=platform.clock, installed=dict(platform.installed)))
    moment = other.monotonic()
    other.monotonic = lambda: moment
    client = create_app(other).test_client()
    assert [client.get("/mijn").status_code for _time in range(2)] == [200, 200]
    pause(platform)
    assert client.get("/mijn").status_code == 200
    assert "doe mee" not in client.get("/").text, "the end of the log moved"
    assert client.get("/mijn").status_code == 503
    activate(platform)
    moment += 2.1
    assert client.get("/mijn").status_code == 200
    other.close()


def test_the_state_costs_a_page_no_statement(platform: Platform, client: FlaskClient) -> None:
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(platform.engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    client.get("/mijn")
    client.get("/mijn")
    assert not any("block_state" in statement for statement in seen)


@SQLITE
def test_a_database_that_does_not_answer_does_not_end_a_pause(platform: Platform, client: FlaskClient) -> None:
    pause(platform)
    assert client.get("/mijn").status_code == 503
    with platform.write_engine.begin() as connection:
        connection.execute(text("ALTER TABLE core__block_state RENAME TO away"))
    platform.block_states.forget()
    assert client.get("/mijn").status_code == 503


# --- what requires it ------------------------------------------------------------------------------------------------------------


def test_what_requires_a_paused_block_is_paused_with_it(platform: Platform) -> None:
    assert [block.name for block in dependants(platform.blocks, "mine")] == ["other"]
    pause(platform)
    paused = platform.block_states.paused()
    assert {name: (item.cause, item.reason) for name, item in paused.items()} == {"mine": ("mine", REASON), "other": ("mine", REASON)}
    assert platform.block_states.is_active("alone")
    assert platform.block_states.is_active("core")
    assert not platform.block_states.is_active("nowhere")
    with pytest.raises(BlockPaused):
        platform.block_states.require_active("other")
    with pytest.raises(Invalid, match="Activeer eerst"), platform.unit_of_work(system("test")) as uow:
        activate_block(uow, ActivateBlock("other"))
    pause(platform, "other", "Ook deze.")
    activate(platform)
    assert {name: item.cause for name, item in platform.block_states.paused().items()} == {"other": "other"}


# --- the decision ----------------------------------------------------------------------------------------------------------------


def test_a_pause_has_a_reason_and_stands_in_the_log(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    manager = actor_as("manager")
    for reason in ("", "x", "r" * 301):
        with pytest.raises(Invalid), platform.unit_of_work(manager) as uow:
            pause_block(uow, PauseBlock("mine", reason))
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("moderator")) as uow:
        pause_block(uow, PauseBlock("mine", REASON))
    with pytest.raises(NotFound), platform.unit_of_work(manager) as uow:
        pause_block(uow, PauseBlock("absent", REASON))
    with pytest.raises(Invalid, match="niet op pauze"), platform.unit_of_work(manager) as uow:
        activate_block(uow, ActivateBlock("mine"))
    with platform.unit_of_work(manager) as uow:
        pause_block(uow, PauseBlock("mine", REASON, version=0))
    with platform.unit_of_work(manager) as uow:
        assert (state_now(uow, "mine").version, state_now(uow, "mine").reason) == (1, REASON)
        activate_block(uow, ActivateBlock("mine", "Het is klaar.", version=1))
    with platform.read(manager) as uow:
        rows = [(row.action, row.reason, row.actor_id, row.public) for row in block_history(uow, "mine")]
    assert rows == [
        ("core.block.activated", "Het is klaar.", manager.account_id, False),
        ("core.block.paused", REASON, manager.account_id, False),
    ]


def test_the_second_of_two_managers_is_told(platform: Platform) -> None:
    pause(platform)
    with pytest.raises(Conflict) as raised, platform.unit_of_work(system("test")) as uow:
        pause_block(uow, PauseBlock("mine", "Iets anders.", version=0))
    assert raised.value.current == {"paused": True, "reason": REASON}


# --- the pages of the manager ----------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(platform: Platform, client: FlaskClient, actor_as: Callable[..., Actor]) -> FlaskClient:
    """A browser in which a manager is logged in."""
    from samen_core.accounts.models import User
    from samen_core.testing.platforms import PASSWORD

    account = actor_as("manager").account_id
    with platform.read(system("test")) as uow:
        email = uow.session.scalar(select(User.email).where(User.id == account))
    assert client.post("/inloggen", data={"email": email, "password": PASSWORD}).status_code == 303
    return client


def token(page: str) -> dict[str, str]:
    """The hidden fields of the form of a decision."""
    import re

    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page[page.index('class="samen-form"') :]))


def test_a_manager_pauses_and_activates_on_a_page(platform: Platform, manager: FlaskClient) -> None:
    overview = manager.get("/beheer/bouwstenen")
    assert overview.status_code == 200
    assert all(name in overview.text for name in ("mine", "other", "alone", "in gebruik"))
    page = manager.get("/beheer/bouwstenen/mine").text
    for words in ("/mijn/beheer", "/api/v1/mine/things", "home.join", "Mijn (/mijn)", "mine.see", "mine.job", "mine.hear", "Ding (ding)"):
        assert words in page
    asked = manager.get("/beheer/bouwstenen/mine/pauzeren").text
    assert "<li>other</li>" in asked, "what pauses along is named before"
    fields = token(asked)
    wrong = manager.post("/beheer/bouwstenen/mine/pauzeren", data={**fields, "reason": ""})
    assert wrong.status_code == 400
    done = manager.post("/beheer/bouwstenen/mine/pauzeren", data={**fields, "reason": REASON}, follow_redirects=True)
    assert "mine staat nu op pauze" in done.text
    assert REASON in done.text
    assert "Op pauze gezet" in done.text, "it stands in its history"
    assert "Bouwsteen beheren" in manager.get("/mijn").text
    late = manager.post("/beheer/bouwstenen/mine/pauzeren", data={**fields, "reason": "Een andere reden"})
    assert (late.status_code, "Een andere reden" in late.text, REASON in late.text) == (409, True, True)
    assert "omdat mine op pauze staat" in manager.get("/beheer/bouwstenen/other").text
    assert (
        manager.post("/beheer/bouwstenen/other/activeren", data=token(manager.get("/beheer/bouwstenen/other/activeren").text)).status_code
        == 400
    )
    catalogue = manager.get("/bouwstenen/mine").text
    assert REASON in catalogue
    assert "/beheer/bouwstenen/mine" in catalogue
    fields = token(manager.get("/beheer/bouwstenen/mine/activeren").text)
    assert "mine is weer actief" in manager.post("/beheer/bouwstenen/mine/activeren", data=fields, follow_redirects=True).text
    assert manager.get("/beheer/bouwstenen/absent").status_code == 404
    assert manager.get("/beheer/bouwstenen/absent/pauzeren").status_code == 404


def test_what_an_absent_block_left_is_shown_to_the_manager(platform: Platform, manager: FlaskClient) -> None:
    from sqlalchemy import event

    def cost() -> int:
        seen: list[str] = []

        def note(*facts: Any) -> None:
            seen.append(facts[2])

        event.listen(platform.engine, "before_cursor_execute", note)
        assert manager.get("/beheer/bouwstenen").status_code == 200
        event.remove(platform.engine, "before_cursor_execute", note)
        return len(seen)

    cost()
    before = cost()
    with platform.write_engine.begin() as connection:
        for name in ("gone__alembic_version", *(f"gone__thing_{number}" for number in range(5))):
            connection.execute(text(f"CREATE TABLE {name} (version_num VARCHAR(40))"))
        connection.execute(text("INSERT INTO gone__thing_1 VALUES ('x'), ('y')"))
    page = manager.get("/beheer/bouwstenen").text
    assert "samen blocks purge gone --export" in page
    assert "5 tabellen, 2 rijen" in page
    assert cost() == before


def test_nobody_else_sees_these_pages(platform: Platform, client: FlaskClient) -> None:
    for path in ("", "/mine", "/mine/pauzeren", "/mine/activeren"):
        assert client.get(f"/beheer/bouwstenen{path}").status_code == 303
        assert client.get(f"/beheer/bouwstenen{path}").headers["Location"].startswith("/inloggen")
