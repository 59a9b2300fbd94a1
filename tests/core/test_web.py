"""The web frame: language, unit of work, access, headers, validators, static files, slots."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from samen_core import logs
from samen_core.actor import system
from samen_core.app import create_app
from samen_core.blocks.discovery import Installed
from samen_core.db.changes import Change
from samen_core.errors import StartupError
from samen_core.events.worker import Worker
from samen_core.i18n import current_language
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import Clock, make_config
from samen_core.web.assets import FOREVER, Assets
from samen_core.web.language import LanguagePrefix
from tests.core.samples import count

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PAGES = """
from flask import abort, redirect
from samen_core.api import *
from samen_core.api import _
from samen_core.web.api import *
from sqlalchemy.orm.exc import StaleDataError

EDIT = Permission("mine.edit", _("bewerken"), roles=frozenset({"manager"}))
pages = BlockBlueprint("mine", __name__)

@pages.route("/mijn", public=True)
def index(): return "hallo"

@pages.route("/mijn/<what>", public=True, methods=["POST"])
def write(what):
    uow = current_uow()
    uow.record("mine.written", reason=what)
    match what:
        case "ok": return go("/mijn")
        case "created": return "gemaakt", 201
        case "invalid": return "fout", 400
        case "raise": raise ValueError("secret of the inside")
        case "refuse": raise NotAllowed
        case "conflict": raise Conflict
        case "stale": raise StaleDataError("somebody was first")
        case "abort": abort(418)
        case "gone": raise Gone
        case "many": raise TooMany(retry_after=7)
    abort(redirect("/mijn"))

@pages.route("/mijn/beheer", permission=EDIT)
def manage(): return "beheer"

@pages.route("/mijn/stuk", public=True)
def broken(): raise ValueError("secret of the inside")

@pages.route("/mijn/verborgen", public=True, cache=False)
def uncached(): return "niet bewaren"
"""
HOOKS = """
from samen_core.api import hookimpl
from samen_core.web.api import SlotFill
@hookimpl
def samen_permissions():
    from {package}.pages import EDIT
    return [EDIT]
@hookimpl
def samen_blueprints():
    from {package}.pages import pages
    return [pages]
def good(uow, **values): return "<p>goed " + str(sorted(values)) + "</p>"
def bad(uow, **values):
    from sqlalchemy import text
    uow.session.execute(text("SELECT x FROM nowhere"))
def nothing(uow, **values): return None
@hookimpl
def samen_slots():
    return [SlotFill("subject.main", good, 50), SlotFill("subject.main", bad, 10), SlotFill("subject.main", nothing, 20),
            SlotFill("subject.main", lambda uow, **values: "<p>eerst</p>", 1),
            SlotFill("subject.main", lambda uow, **values: "<p>ander</p>", 2,
                     subject_types=("project",))]
"""
Make = Callable[..., Installed]


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Nothing but the city: the pages under test come from blocks made for them."""
    return {"blocks": ["citycontent"]}


@pytest.fixture
def platform(db_url: str, tmp_path: Path, clock: Clock, make_block: Make) -> Any:
    """A platform with only a block of pages made for these tests."""
    mine = make_block("mine", pages=PAGES, hooks="")
    (Path(str(mine.folder)) / "hooks.py").write_text(HOOKS.format(package=mine.package), encoding="utf-8")
    made = Platform(make_config(tmp_path, db_url, blocks=["mine"]), Parts(clock=clock, installed={"mine": mine}))
    logs.configure(made.config)
    yield made
    made.close()


def reasons(platform: Platform) -> list[str]:
    """What the requests wrote."""
    with platform.engine.connect() as connection:
        return list(connection.execute(text("SELECT reason FROM core__change ORDER BY seq")).scalars())


# --- the unit of work of a request -----------------------------------------------------------------------------------------------


@SQLITE
@pytest.mark.parametrize(
    ("what", "status", "kept"),
    [
        ("ok", 303, True),
        ("created", 201, True),
        ("invalid", 400, False),
        ("raise", 500, False),
        ("refuse", 403, False),
        ("conflict", 409, False),
        ("stale", 409, False),
        ("abort", 418, False),
        ("gone", 410, False),
        ("many", 429, False),
        ("away", 302, False),
    ],
)
def test_a_request_is_kept_when_it_succeeds(client: FlaskClient, platform: Platform, what: str, status: int, kept: bool) -> None:
    answer = client.post(f"/mijn/{what}")
    assert answer.status_code == status
    assert reasons(platform) == ([what] if kept else [])
    assert "secret" not in answer.text


@SQLITE
def test_too_many_says_when_to_come_back(client: FlaskClient) -> None:
    assert client.post("/mijn/many").headers["Retry-After"] == "7"


def test_success_is_kept_and_failure_is_not_on_every_database(client: FlaskClient, platform: Platform) -> None:
    assert [client.post(f"/mijn/{what}").status_code for what in ("raise", "ok", "stale", "invalid")] == [500, 303, 409, 400]
    assert reasons(platform) == ["ok"]


def test_a_failing_commit_is_an_error_page(client: FlaskClient, platform: Platform) -> None:
    with platform.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__log_head SET seq = 0 WHERE id = 1"))
        connection.execute(
            text(
                "INSERT INTO core__change (seq, id, at, actor_kind, action, reason, origin, result, public, sentence, previous_hash, hash)"
                " VALUES (1, :id, :at, 'system', 'x.y', '', 'test', 'ok', false, '', '', '')"
            ),
            {"id": uuid.uuid4().hex if connection.dialect.name == "sqlite" else uuid.uuid4(), "at": "2026-01-01 00:00:00"},
        )
    assert client.post("/mijn/ok").status_code == 500
    assert reasons(platform) == [""]


# --- errors and access -----------------------------------------------------------------------------------------------------------


@SQLITE
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/niets", "GET", 404), ("/mijn", "DELETE", 405), ("/mijn/stuk", "GET", 500), ("/mijn/ok/meer", "POST", 404)],
)
def test_an_error_is_a_page_that_says_how_to_go_on(client: FlaskClient, path: str, method: str, status: int) -> None:
    for prefix, language in (("", "nl"), ("/en", "en")):
        answer = client.open(prefix + path, method=method)
        assert answer.status_code == status
        assert f'lang="{language}"' in answer.text
        assert 'href="/static/core/' in answer.text
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text


@SQLITE
def test_a_page_for_some_sends_visitors_to_the_log_in(client: FlaskClient) -> None:
    answer = client.get("/en/mijn/beheer?x=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/inloggen?volgende=/en/mijn/beheer%3Fx%3D1"


@SQLITE
@pytest.mark.parametrize(
    ("pages", "message"),
    [
        (
            "from flask import Blueprint\npages = Blueprint('foreign', __name__)\n@pages.route('/vreemd')\ndef page(): return ''",
            "route '/vreemd' (foreign.page) does not state a permission or public=True",
        ),
        (
            "from samen_core.web.api import BlockBlueprint\npages = BlockBlueprint('x', __name__)\n"
            "@pages.route('/kaal')\ndef page(): return ''",
            "route '/kaal' of 'x' needs either permission=... or public=True",
        ),
        (
            "from samen_core.web.api import BlockBlueprint\nfrom samen_core.api import PUBLIC\npages = BlockBlueprint('x', __name__)\n"
            "@pages.route('/beide', permission=PUBLIC, public=True)\ndef page(): return ''",
            "needs either",
        ),
    ],
)
def test_a_route_that_does_not_say_who_may_see_it_stops_start_up(
    make_block: Make, tmp_path: Path, db_url: str, pages: str, message: str
) -> None:
    block = make_block("open", pages=pages)
    hooks = f"""
from samen_core.api import hookimpl
@hookimpl
def samen_blueprints():
    from {block.package}.pages import pages
    return [pages]
"""
    (block.folder / "hooks.py").write_text(hooks, encoding="utf-8")
    platform = Platform(make_config(tmp_path, db_url, blocks=["open"]), Parts(installed={"open": block}))
    with pytest.raises(StartupError) as raised:
        create_app(platform)
    assert message in str(raised.value)


def test_every_route_of_the_city_states_its_access(app: SamenFlask) -> None:
    """Start-up checked the pages; the API states it in its document."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    assert len(rules) > 10
    assert all(hasattr(app.view_functions[rule.endpoint], "samen_access") for rule in rules)


# --- language --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "script", "rest", "language"),
    [
        ("/", "", "/", "nl"),
        ("/en", "/en", "/", "en"),
        ("/en/", "/en", "/", "en"),
        ("/en/agenda", "/en", "/agenda", "en"),
        ("/english", "", "/english", "nl"),
        ("/agenda/en", "", "/agenda/en", "nl"),
        ("/nl/agenda", "", "/nl/agenda", "nl"),
        ("/fr/agenda", "", "/fr/agenda", "nl"),
        ("/en/en/agenda", "/en", "/en/agenda", "en"),
        ("/en/api/v1/x", "", "/en/api/v1/x", "nl"),
        ("/en/static/core/app.css", "", "/en/static/core/app.css", "nl"),
        ("/en/id/organization/x", "", "/en/id/organization/x", "nl"),
        ("/en//elders.example", "/en", "//elders.example", "en"),
        ("", "", "", "nl"),
    ],
)
def test_the_language_is_read_from_the_path(path: str, script: str, rest: str, language: str) -> None:
    seen: dict[str, Any] = {}
    layer = LanguagePrefix(lambda environ, start: seen.update(environ) or [], ("nl", "en"))  # type: ignore[func-returns-value]
    layer({"PATH_INFO": path, "SCRIPT_NAME": ""}, lambda *_: None)
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"], seen.get("samen.language", "nl")) == (script, rest, language)


def test_a_prefix_before_ours_stays() -> None:
    seen: dict[str, Any] = {}
    layer = LanguagePrefix(lambda environ, start: seen.update(environ) or [], ("nl", "en"))  # type: ignore[func-returns-value]
    layer({"PATH_INFO": "/en/agenda", "SCRIPT_NAME": "/stad"}, lambda *_: None)
    assert seen["SCRIPT_NAME"] == "/stad/en"


@SQLITE
def test_a_page_is_in_the_language_of_its_address_and_links_to_the_other(client: FlaskClient) -> None:
    dutch, english = client.get("/privacy?a=b").text, client.get("/en/privacy?a=b").text
    assert '<html lang="nl"' in dutch
    assert '<html lang="en"' in english
    for page in (dutch, english):
        assert 'hreflang="nl" href="/privacy?a=b"' in page
        assert 'hreflang="en" href="/en/privacy?a=b"' in page
    assert 'href="/en/bouwstenen"' in english
    assert 'href="/en/bouwstenen"' not in dutch


@SQLITE
def test_the_language_of_a_request_does_not_stay(client: FlaskClient) -> None:
    """Threads of the server are used again."""
    client.get("/en/privacy")
    assert current_language() == "nl"
    client.get("/en/niets")
    assert current_language() == "nl"
    client.get("/en/mijn/stuk")
    assert current_language() == "nl"


@SQLITE
def test_a_redirect_stays_in_the_language(client: FlaskClient) -> None:
    assert client.post("/en/mijn/ok").headers["Location"] == "/en/mijn"


# --- headers and validators ------------------------------------------------------------------------------------------------------


@SQLITE
@pytest.mark.parametrize(
    "path", ["/", "/en", "/mijn", "/mijn/stuk", "/niets", "/mijn/beheer", "/static/core/layout.css", "/health/live", "/robots.txt"]
)
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert "max-age=31536000" in client.get(path, base_url="https://localhost").headers["Strict-Transport-Security"]


@SQLITE
@pytest.mark.parametrize("path", ["/", "/privacy", "/bouwstenen", "/mijn"])
def test_a_visitor_gets_no_cookie_and_may_keep_the_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]


@SQLITE
def test_a_page_that_was_kept_is_not_made_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    etag = client.get("/privacy").headers["ETag"]
    monkeypatch.setattr("samen_core.web.rendering.Renderer.render", lambda *_: 1 // 0)
    assert client.get("/privacy", headers={"If-None-Match": etag}).status_code == 304


def test_a_change_of_the_city_changes_the_validator(client: FlaskClient, platform: Platform) -> None:
    before = client.get("/mijn").headers["ETag"]
    assert client.get("/mijn").headers["ETag"] == before
    with platform.unit_of_work(system("test")) as uow:
        uow.record("mine.changed")
    after = client.get("/mijn", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_what_a_handler_writes_changes_the_validator(client: FlaskClient, platform: Platform) -> None:
    """A counter that the worker keeps stands on pages too, and no log row tells of it."""
    from samen_core.events.types import EventHandler, SubjectChanged

    platform.event_handlers = (EventHandler("mine.count", lambda uow, event: None, (SubjectChanged.type,)),)
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(SubjectChanged(subject_type="x", subject_id=uuid.uuid4()))
    before = client.get("/mijn").headers["ETag"]
    Worker(platform).drain()
    assert client.get("/mijn").headers["ETag"] != before


@SQLITE
def test_pages_that_differ_have_different_validators(client: FlaskClient, clock: Clock) -> None:
    pages = ["/mijn", "/en/mijn", "/mijn?a=1", "/privacy"]
    etags = [client.get(page).headers["ETag"] for page in pages]
    clock.forward(hours=1)
    etags.append(client.get("/mijn").headers["ETag"])
    assert len(set(etags)) == len(etags)


@SQLITE
@pytest.mark.parametrize("path", ["/mijn/verborgen", "/niets", "/mijn/stuk", "/mijn/beheer"])
def test_what_may_not_be_kept_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


@SQLITE
def test_a_page_for_who_has_a_session_is_not_kept(client: FlaskClient) -> None:
    client.set_cookie("samen", "anything")
    answer = client.get("/mijn", headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


# --- static files ----------------------------------------------------------------------------------------------------------------


@SQLITE
def test_static_files_are_kept_for_ever_under_their_hash(client: FlaskClient) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(found) >= 4
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == FOREVER, address
        assert "Set-Cookie" not in answer.headers


@SQLITE
def test_a_wrong_or_missing_hash_is_not_kept(client: FlaskClient) -> None:
    for address in ("/static/core/layout.css", "/static/core/layout.000000000000.css"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, no-cache"
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


@SQLITE
@pytest.mark.parametrize(
    "address",
    ["core/niets.css", "niemand/a.css", "core", "core/", "core/../../app.py", "core/..%2f..%2fapp.py", "core/vendor"],
)
def test_a_static_file_that_is_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(f"/static/{address}").status_code == 404


def test_a_file_without_suffix_and_a_changed_file(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("EUPL", encoding="utf-8")
    (tmp_path / "a.b.css").write_text("p {}", encoding="utf-8")
    assets = Assets({"x": tmp_path})
    assert re.fullmatch(r"/static/x/LICENSE", assets.url("x/LICENSE"))
    first = assets.url("x/a.b.css")
    assert re.fullmatch(r"/static/x/a\.b\.[0-9a-f]{12}\.css", first)
    (tmp_path / "a.b.css").write_text("p { color: red }", encoding="utf-8")
    assert Assets({"x": tmp_path}).url("x/a.b.css") != first
    with pytest.raises(FileNotFoundError):
        assets.url("x/absent.css")


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.css").write_text("x", encoding="utf-8")
    (tmp_path / "in" / "link.css").symlink_to(tmp_path / "secret.css")
    with pytest.raises(FileNotFoundError):
        Assets({"x": tmp_path / "in"}).url("x/link.css")


# --- slots -----------------------------------------------------------------------------------------------------------------------


def test_slots_are_filled_in_order_without_what_raises(app: SamenFlask, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    from samen_core.web.slots import render_slot

    with app.test_request_context("/"):
        pieces = render_slot("subject.main", subject_id=uuid.uuid4(), subject_type="organization")
    assert [str(piece) for piece in pieces] == ["<p>eerst</p>", "<p>goed ['subject_id', 'subject_type']</p>"]
    printed = capsys.readouterr()
    assert "block_failed" in printed.out + printed.err


@SQLITE
def test_a_slot_that_nobody_fills_is_empty(app: SamenFlask) -> None:
    from samen_core.web.slots import render_slot

    with app.test_request_context("/"):
        assert render_slot("home.agenda") == []


@SQLITE
def test_an_unknown_slot_stops_start_up(make_block: Make, tmp_path: Path, db_url: str) -> None:
    hooks = "from samen_core.api import hookimpl\nfrom samen_core.web.api import SlotFill\n"
    hooks += "@hookimpl\ndef samen_slots(): return [SlotFill('home.nera', print)]"
    block = make_block("wrong", hooks=hooks)
    platform = Platform(make_config(tmp_path, db_url, blocks=["wrong"]), Parts(installed={"wrong": block}))
    with pytest.raises(StartupError, match=r"block 'wrong' fills the unknown slot 'home.nera'"):
        create_app(platform)


# --- health ----------------------------------------------------------------------------------------------------------------------


def test_health_tells_whether_the_database_is_right(client: FlaskClient, platform: Platform) -> None:
    assert client.get("/health/live").get_json() == {"status": "ok"}
    assert client.get("/health/ready").status_code == 200
    with platform.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM core__migration WHERE revision = 'core_0001'"))
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_requests_at_once_do_not_share_anything(app: SamenFlask, platform: Platform) -> None:
    statuses: list[int] = []

    def ask(number: int) -> None:
        with app.test_client() as visitor:
            for _turn in range(5):
                statuses.append(visitor.post(f"/mijn/{'ok' if number % 2 else 'raise'}").status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(statuses)) == [303, 500]
    assert count(platform, Change) == 10
