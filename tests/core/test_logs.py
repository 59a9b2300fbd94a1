"""Logging: one line per event, with the request's id, without personal data."""

from __future__ import annotations

import json
import logging
import uuid
from pathlib import Path

import pytest
import structlog
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from samen_core import logs
from samen_core.config import Config


@pytest.fixture
def lines(capsys):
    """Log as in production; the function gives the lines so far as objects."""
    before = structlog.get_config()
    handlers = list(logging.getLogger().handlers)
    logs.configure(Config(folder=Path(), log_format="json"))
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.contextvars.clear_contextvars()
    structlog.configure(**before)
    logging.getLogger().handlers = handlers


PRIVATE = [
    "noor@voorbeeld.nl",
    "Noor.Ümlaut+x@sub.voorbeeld.example",
    "2711 AB 12",
    "2711ab",
    "203.0.113.7",
    "2001:db8:85a3:0:0:8a2e:370:7334",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1",
    "1f" * 30,
]


@pytest.mark.parametrize("private", PRIVATE)
def test_personal_data_does_not_reach_the_log(lines, private):
    log = structlog.get_logger("samen")
    log.info(f"mail to {private} failed", about=private, deep={"list": [{"x": private}]})
    try:
        raise ValueError(f"refused: {{'{private}': 1}}")
    except ValueError:
        log.exception("delivery_failed")
    logging.getLogger("gunicorn.error").warning("from %s: %r", private, {"to": private})
    assert private not in json.dumps(found := lines(), ensure_ascii=False)
    assert len(found) == 3
    assert "mail to • failed" in found[0]["event"]


@pytest.mark.parametrize("key", ["email", "Password", "token", "authorization", "recipient", "remote_addr"])
def test_some_keys_are_never_logged(lines, key):
    structlog.get_logger("samen").info("x", **{key: "kort"}, inner={key: "kort"})
    assert "kort" not in json.dumps(lines())


def test_what_helps_to_find_a_problem_stays(lines):
    number = uuid.uuid4()
    structlog.get_logger("samen").info(
        "delivery_failed", delivery=number, handler="core.mail", attempts=3, at_phase="2026-11-21 21:30:00", took="8000 ms"
    )
    [line] = lines()
    assert line.pop("at")
    assert line == {
        "event": "delivery_failed",
        "level": "info",
        "logger": "samen",
        "delivery": str(number),
        "handler": "core.mail",
        "attempts": 3,
        "at_phase": "2026-11-21 21:30:00",
        "took": "8000 ms",
    }


def test_the_traceback_of_an_error_is_one_line_of_json(lines):
    try:
        raise LookupError("gone")
    except LookupError:
        structlog.get_logger("samen").exception("request_failed")
    [line] = lines()
    assert "LookupError: gone" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_every_line_of_a_request_has_its_id(lines):
    request = Request(EnvironBuilder("/inloggen?email=noor@voorbeeld.nl", headers={"X-Request-ID": "proxy-4711-abc"}).get_environ())
    request.url_rule = None
    assert logs.bind_request(request) == "proxy-4711-abc"
    structlog.get_logger("samen").info("one")
    logging.getLogger("sqlalchemy.pool").warning("two")
    logs.request_done(200, 0.01234)
    one, two, done = lines()
    assert {line["request"] for line in (one, two, done)} == {"proxy-4711-abc"}
    assert (done["event"], done["status"], done["milliseconds"], done["method"]) == ("request", 200, 12.3, "GET")
    assert "voorbeeld" not in json.dumps([one, two, done])


@pytest.mark.parametrize("given", ["", "kort", "x" * 65, "a b c d e f", 'id"\n{"event":"x"}'.replace("\n", " ")])
def test_a_strange_request_id_is_replaced(given):
    request = Request(EnvironBuilder("/", headers={"X-Request-ID": given}).get_environ())
    request.url_rule = None
    assert len(logs.bind_request(request)) == 32
    structlog.contextvars.clear_contextvars()


def test_setting_up_twice_logs_once(lines):
    logs.configure(Config(folder=Path(), log_format="json"))
    logging.getLogger("samen").warning("once")
    assert len(lines()) == 1


def test_the_console_format_is_for_reading(capsys):
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    logs.configure(Config(folder=Path(), log_format="console"))
    structlog.get_logger("samen").info("hallo", mail="noor@voorbeeld.nl")
    line = capsys.readouterr().err
    assert "hallo" in line
    assert "voorbeeld" not in line
    assert not line.startswith("{")
    structlog.configure(**before)
    logging.getLogger().handlers = handlers
