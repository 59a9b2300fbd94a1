"""Live answers: headers, problem details for every status, negotiation, conditional requests."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from samen_core.accounts.models import User
from samen_core.actor import Actor, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.rest.headers import MAX_BODY, SECURITY
from samen_core.rest.version import REST_VERSION
from samen_core.subjects import SubjectData, SubjectRef, update_card
from samen_core.testing.callers import Caller, problem_of
from samen_core.testing.platforms import PASSWORD, Clock, Outbox

MISSING = "00000000-0000-7000-8000-000000000000"


def followed(caller: Caller, answer: TestResponse, relation: str) -> TestResponse | None:
    """The page that ``Link`` names."""
    found = re.search(rf'<([^>]+)>; rel="{relation}"', answer.headers["Link"])
    return caller("GET", found[1]) if found else None


# --- headers -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/notes/notes", "/openapi.json", "/nergens", "/notes/breakdowns", "/notes/notes?limit=x"])
def test_every_answer_has_the_headers(nobody: Caller, path: str) -> None:
    answer = nobody("GET", path)
    assert answer.headers["API-Version"] == REST_VERSION
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    assert "Content-Type" in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_the_document_may_be_read_by_any_site(nobody: Caller) -> None:
    assert nobody("GET", "/openapi.json").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("samen_config", [{"web": {"api_origins": ["https://kaart.example"]}}])
def test_only_listed_sites_may_call_from_a_browser(nobody: Caller) -> None:
    allowed = nobody("GET", "/notes/notes", {"Origin": "https://kaart.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://kaart.example"
    assert "ETag" in allowed.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    other = nobody("GET", "/notes/notes", {"Origin": "https://ander.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    asked = {"Origin": "https://kaart.example", "Access-Control-Request-Method": "POST"}
    before = nobody("OPTIONS", "/notes/notes", asked)
    assert before.status_code == 200
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]


# --- paths and methods -------------------------------------------------------------------------------------------------------


NOWHERE = ["/notes/notes/", "/notes//notes", "/notes", "/nergens", "/notes/notes/geen-id", f"/notes/notes/{MISSING}"]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_404_without_redirect(nobody: Caller, path: str) -> None:
    problem_of(nobody("GET", path), 404)


def test_the_api_has_no_language_prefix(nobody: Caller) -> None:
    assert nobody("GET", "/en/api/v1/notes/notes").status_code == 404


def test_a_method_that_is_not_there_names_those_that_are(nobody: Caller) -> None:
    answer = nobody("DELETE", "/notes/notes")
    problem_of(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


# --- who calls ---------------------------------------------------------------------------------------------------------------


def test_writing_needs_a_token(nobody: Caller) -> None:
    answer = nobody("POST", "/notes/notes", json={"title": "x"})
    problem_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="SamenZoetermeer"'


@pytest.mark.parametrize("value", ["Bearer fout", "Bearer samen_x", "Bearer", "Basic YTpi", "", "Bearer \u00e9"])
def test_a_token_that_is_not_good_is_refused_everywhere(nobody: Caller, value: str) -> None:
    answer = nobody("GET", "/notes/notes", {"Authorization": value})
    problem_of(answer, 401)
    assert "error=" in answer.headers["WWW-Authenticate"]


def test_a_token_without_the_right_is_refused(reader: Caller) -> None:
    problem_of(reader("POST", "/notes/notes", json={"title": "x"}), 403)
    assert reader("GET", "/notes/notes").status_code == 200


def test_a_scope_limits_the_rights_of_its_owner(app: SamenFlask, actor_as: Callable[..., Actor], token_of: Callable[..., str]) -> None:
    limited = Caller(app, token_of(actor_as("manager"), "core.staff"))
    problem_of(limited("POST", "/notes/notes", json={"title": "x"}), 403)
    assert limited("GET", "/notes/notes").status_code == 200


def test_a_token_expires(writer: Caller, clock: Clock) -> None:
    clock.forward(days=31)
    problem_of(writer("GET", "/notes/notes"), 401)


def test_the_cookie_of_the_pages_is_not_accepted(app: SamenFlask, platform: Platform, actor_as: Callable[..., Actor]) -> None:
    manager = actor_as("manager")
    with platform.read(system("test")) as uow:
        email = uow.session.execute(select(User.email).where(User.id == manager.account_id)).scalar_one()
    client = app.test_client()
    assert client.post("/inloggen", data={"email": email, "password": PASSWORD}).status_code == 303
    assert client.get_cookie("samen") is not None
    assert client.post("/api/v1/notes/notes", json={"title": "x"}).status_code == 401


# --- input -------------------------------------------------------------------------------------------------------------------


def test_all_wrong_fields_are_told_at_once(writer: Caller) -> None:
    content = problem_of(writer("POST", "/notes/notes", json={"stars": 9, "extra/veld": 1}), 400)
    assert {error["pointer"] for error in content["errors"]} == {"#/title", "#/stars", "#/extra~1veld"}
    assert all(error["in"] == "body" and error["detail"] for error in content["errors"])


def test_all_wrong_parameters_are_told_at_once(nobody: Caller) -> None:
    content = problem_of(nobody("GET", "/notes/notes?limit=0&minStars=x&sort=1"), 400)
    assert {(error["in"], error["name"]) for error in content["errors"]} == {("query", "limit"), ("query", "minStars"), ("query", "sort")}


@pytest.mark.parametrize("cursor", ["x", "WyJ4Iiwibj", "%F0%9F%98%80", "a" * 5000])
def test_a_wrong_cursor_is_told(nobody: Caller, cursor: str) -> None:
    content = problem_of(nobody("GET", f"/notes/notes?cursor={cursor}"), 400)
    assert content["errors"][0]["name"] == "cursor"


BODIES = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"title": "\xff"}',
    "deep": b"[" * 200_000,
    "NaN": b'{"title": "x", "stars": NaN}',
    "a number of many digits": b'{"title": "x", "stars": ' + b"9" * 5000 + b"}",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "NUL": b'{"title": "a\\u0000b"}',
    "half a character": b'{"title": "\\ud800"}',
    "half a character as name": b'{"\\ud800": 1}',
    "a float": b'{"title": "x", "stars": 1.5}',
    "a boolean": b'{"title": true}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_used_is_told(writer: Caller, body: bytes) -> None:
    content = problem_of(writer("POST", "/notes/notes", data=body, content_type="application/json"), 400)
    assert content["errors"]


def test_a_body_in_another_form_is_415(writer: Caller) -> None:
    problem_of(writer("POST", "/notes/notes", data={"title": "x"}), 415)
    problem_of(writer("POST", "/notes/notes", data="<x/>", content_type="application/xml"), 415)


def test_a_body_that_is_too_large_is_413(writer: Caller) -> None:
    body = json.dumps({"title": "x" * MAX_BODY})
    problem_of(writer("POST", "/notes/notes", data=body, content_type="application/json"), 413)


@pytest.mark.parametrize(("size", "status"), [(100, 400), (MAX_BODY - 1, 400), (MAX_BODY, 413), (2 * MAX_BODY, 413)])
def test_a_body_in_chunks_is_bounded_too(app: SamenFlask, size: int, status: int) -> None:
    environ = EnvironBuilder("/api/v1/core/_zoek", method="POST", content_type="application/json").get_environ()
    environ.pop("CONTENT_LENGTH", None)
    environ |= {"wsgi.input": io.BytesIO(b"x" * size), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    content, answered, _headers = run_wsgi_app(app, environ)
    assert (answered[:3], json.loads(b"".join(content))["status"]) == (str(status), status)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0"])
def test_a_form_that_is_not_there_is_406(nobody: Caller, accept: str) -> None:
    problem_of(nobody("GET", "/notes/notes", {"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/*", "application/json", "text/html, application/json;q=0.1"])
def test_what_can_be_accepted_is_given(nobody: Caller, accept: str) -> None:
    assert nobody("GET", "/notes/notes", {"Accept": accept}).content_type == "application/json"


def test_an_error_inside_tells_nothing_of_the_inside(nobody: Caller) -> None:
    answer = nobody("GET", "/notes/breakdowns")
    problem_of(answer, 500)
    assert "secret" not in answer.get_data(as_text=True)
    assert "Error" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("samen_config", [{"limits": {"enabled": True, "posts_per_minute": 2}}])
def test_too_many_writes_are_told_when_to_come_back(app: SamenFlask, actor_as: Callable[..., Actor], token_of: Callable[..., str]) -> None:
    writer = Caller(app, token_of(actor_as("manager"), "notes.write"))
    statuses = [writer("POST", "/notes/notes", json={"title": "x"}).status_code for _turn in range(3)]
    assert statuses == [201, 201, 429]
    answer = writer("POST", "/notes/notes", json={"title": "x"})
    problem_of(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_errors_are_told_in_the_language_of_the_caller(nobody: Caller) -> None:
    dutch = nobody("GET", "/nergens")
    english = nobody("GET", "/nergens", {"Accept-Language": "en-GB, nl;q=0.5"})
    other = nobody("GET", "/nergens", {"Accept-Language": "fr"})
    assert (dutch.get_json()["title"], dutch.headers["Content-Language"]) == ("Niet gevonden", "nl")
    assert (english.get_json()["title"], english.headers["Content-Language"]) == ("Not found", "en")
    assert other.get_json() == dutch.get_json()


# --- lists -------------------------------------------------------------------------------------------------------------------


def test_a_list_comes_in_pages_that_link_to_each_other(nobody: Caller, titles: list[str]) -> None:
    answer: TestResponse | None = nobody("GET", "/notes/notes?limit=3&minStars=0")
    pages = []
    while answer is not None:
        pages.append([note["title"] for note in answer.get_json()])
        last, answer = answer, followed(nobody, answer, "next")
    assert pages == [titles[:3], titles[3:6], titles[6:]]
    back = followed(nobody, last, "prev")
    assert back is not None
    assert [note["title"] for note in back.get_json()] == titles[3:6]
    first = followed(nobody, back, "first")
    assert first is not None
    assert [note["title"] for note in first.get_json()] == titles[:3]
    assert 'rel="prev"' not in first.headers["Link"]
    assert "minStars=0" in first.headers["Link"]


def test_a_list_is_written_as_its_schema_says(nobody: Caller, titles: list[str]) -> None:
    listed = nobody("GET", "/notes/notes").get_json()
    assert [note["title"] for note in listed] == titles
    for note in listed:
        assert nobody("GET", f"/notes/notes/{note['id']}").get_json() == note
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", note["written_at"])


def test_a_list_that_was_kept_is_answered_304(nobody: Caller, writer: Caller, titles: list[str]) -> None:
    etag = nobody("GET", "/notes/notes").headers["ETag"]
    same = nobody("GET", "/notes/notes", {"If-None-Match": etag})
    assert (same.status_code, same.get_data()) == (304, b"")
    writer("POST", "/notes/notes", json={"title": "nieuw"})
    assert nobody("GET", "/notes/notes", {"If-None-Match": etag}).status_code == 200


# --- changes -----------------------------------------------------------------------------------------------------------------


def test_what_is_made_can_be_found(writer: Caller, nobody: Caller) -> None:
    made = writer("POST", "/notes/notes", json={"title": "Eén"})
    assert made.status_code == 201
    found = nobody("GET", made.headers["Location"])
    assert found.get_json() == made.get_json()
    assert found.headers["ETag"] == made.headers["ETag"]
    card = nobody("GET", f"/core/subjects/{made.get_json()['id']}").get_json()
    assert (card["title"], card["type"], card["owner"], card["type_label"]) == ("Eén", "note", "notes", "Notitie")


def test_a_version_that_is_no_longer_current_is_409_with_the_current_state(writer: Caller) -> None:
    made = writer("POST", "/notes/notes", json={"title": "een"}).get_json()
    path = f"/notes/notes/{made['id']}"
    assert writer("PUT", path, json={"title": "twee", "version": 1}).get_json()["version"] == 2
    content = problem_of(writer("PUT", path, json={"title": "drie", "version": 1}), 409)
    assert content["version"] == 2
    assert content["current"]["title"] == "twee"


def test_if_match_stands_for_the_version(writer: Caller) -> None:
    made = writer("POST", "/notes/notes", json={"title": "een"})
    path, etag = made.headers["Location"], made.headers["ETag"]
    changed = writer("PUT", path, {"If-Match": etag}, json={"title": "twee"})
    assert changed.get_json()["version"] == 2
    assert problem_of(writer("PUT", path, {"If-Match": etag}, json={"title": "drie"}), 412)["version"] == 2
    assert writer("PUT", path, {"If-Match": changed.headers["ETag"]}, json={"title": "drie"}).status_code == 200


def test_an_update_without_version_is_400(writer: Caller) -> None:
    made = writer("POST", "/notes/notes", json={"title": "een"}).get_json()
    content = problem_of(writer("PUT", f"/notes/notes/{made['id']}", json={"title": "twee"}), 400)
    assert content["errors"][0]["pointer"] == "#/version"
    content = problem_of(writer("PUT", f"/notes/notes/{made['id']}", {"If-Match": '"abc"'}, json={"title": "twee"}), 400)
    assert content["errors"][0]["name"] == "If-Match"


def test_a_failed_call_leaves_nothing(writer: Caller, nobody: Caller) -> None:
    before = nobody("GET", "/notes/notes").get_json()
    problem_of(writer("POST", "/notes/notes", json={"title": "x" * 51}), 400)
    assert nobody("GET", "/notes/notes").get_json() == before


# --- core --------------------------------------------------------------------------------------------------------------------


def test_the_catalogue_names_the_blocks(nobody: Caller) -> None:
    blocks = {block["name"]: block for block in nobody("GET", "/core/blocks").get_json()}
    assert blocks["notes"]["enabled"] is True
    assert blocks["notes"]["label"] == "Notities"
    assert blocks["citycontent"]["enabled"] is False
    assert nobody("GET", "/core/blocks/notes").get_json() == blocks["notes"]
    problem_of(nobody("GET", "/core/blocks/onbekend"), 404)


def test_a_card_that_is_not_public_is_not_there(platform: Platform, nobody: Caller, writer: Caller, app: SamenFlask) -> None:
    made = writer("POST", "/notes/notes", json={"title": "geheim"}).get_json()
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("note", uuid.UUID(made["id"])), SubjectData("geheim", "/x", public=False))
    problem_of(nobody("GET", f"/core/subjects/{made['id']}"), 404)
    assert writer("GET", f"/core/subjects/{made['id']}").get_json()["title"] == "geheim"
    problem_of(nobody("GET", f"/core/subjects/{MISSING}"), 404)


def test_search_finds_what_the_caller_may_see(nobody: Caller, titles: list[str], outbox: Outbox) -> None:
    outbox.drain()
    found = nobody("POST", "/core/_zoek", json={"query": "notities", "limit": 3}).get_json()
    assert (len(found["results"]), found["total"], found["more"], found["previous"]) == (3, 7, False, None)
    following = nobody("POST", "/core/_zoek", json={"query": "notities", "limit": 3, "cursor": found["next"]}).get_json()
    assert {item["id"] for item in found["results"]}.isdisjoint(item["id"] for item in following["results"])
    assert nobody("POST", "/core/_zoek", json={"query": "notitie", "type": "note"}).get_json()["total"] == 7
    content = problem_of(nobody("POST", "/core/_zoek", json={"query": "notitie", "type": "onbekend"}), 400)
    assert content["errors"][0]["pointer"] == "#/type"
    problem_of(nobody("GET", "/core/_zoek?query=notitie"), 405)


def test_reading_only_what_is_still_the_same(writer: Caller, titles: list[str]) -> None:
    etag = writer("GET", "/notes/notes").headers["ETag"]
    assert writer("GET", "/notes/notes", {"If-Match": etag}).status_code == 200
    problem_of(writer("GET", "/notes/notes", {"If-Match": '"other"'}), 412)
