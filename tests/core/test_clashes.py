"""Writers who clash: who comes second gets a clear answer, and nothing personal reaches the log."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from typing import Any

import pytest
import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from samen_core import logs
from samen_core.accounts import links, queries
from samen_core.accounts.models import User
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services import log_in
from samen_core.accounts.services.accounts import new_account, set_active
from samen_core.accounts.services.grants import grant_role
from samen_core.actor import anonymous, system
from samen_core.db.base import uuid7
from samen_core.db.engine import is_clash
from samen_core.errors import Invalid
from tests.core.accounts.journeys import make_account

TAKEN = "noor in de mail"
"""No address by its looks, so that only leaving the whole line out keeps it from the log."""
HOLD = 0.5
"""Seconds that the first writer goes on while the second waits."""


def take(platform) -> None:
    """Make an account with an address that may be there already, as a second registration in the same moment does."""
    with platform.unit_of_work(system("test")) as uow:
        new_account(uow, TAKEN, "Sietske\nvan Wijngaarden", "nl")


def test_the_error_of_a_clash_names_nobody(platform, capsys):
    take(platform)
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    logs.configure(replace(platform.config, log_format="json"))
    try:
        take(platform)
    except IntegrityError as error:
        clashed = is_clash(error)
        structlog.get_logger("samen").exception("request_failed")
        logging.getLogger("gunicorn.error").exception("failed: %s", error)
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers = handlers
    assert clashed
    lines = capsys.readouterr().err
    assert len([json.loads(line) for line in lines.splitlines()]) == 2
    assert "core__user" in lines
    assert TAKEN not in lines
    assert "Wijngaarden" not in lines


@pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
def test_who_wait_for_each_other_clashed(platform, app):
    """PostgreSQL ends one of the two; SQLite lets one write at a time."""
    ids = []
    for name in ("een@clash.example", "twee@clash.example"):
        with platform.unit_of_work(system("test")) as uow:
            ids.append(new_account(uow, name, "Noor", "nl").id)
    both_hold, ended = threading.Barrier(2), []

    def hold(first, then):
        try:
            with platform.unit_of_work(system("test")) as uow:
                uow.session.execute(select(User.id).where(User.id == first).with_for_update())
                both_hold.wait(10)
                uow.session.execute(select(User.id).where(User.id == then).with_for_update())
        except OperationalError as error:
            ended.append(error)

    threads = [threading.Thread(target=hold, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (error,) = ended
    assert is_clash(error)
    with app.test_request_context("/registreren"):
        assert app.make_response(app.handle_user_exception(error)).status_code == 409


def test_a_detail_of_more_lines_is_left_out_and_what_follows_stays():
    told = (
        "X: duplicate key\nDETAIL:  Key (name)=(Sietske\nvan Wijngaarden) already exists.\n[SQL: INSERT INTO t]\nCONTEXT:  $1 = 'Sietske'"
    )
    assert logs.hide_in_text(told) == "X: duplicate key\nDETAIL: •\n[SQL: INSERT INTO t]\nCONTEXT: •"


def test_a_mistake_of_the_program_is_no_clash(platform):
    with pytest.raises(IntegrityError) as raised, platform.unit_of_work(system("test")) as uow:
        uow.session.execute(insert(User).values(id=uuid7(), display_name=None, fs_uniquifier="x", created_at=uow.now, state="active"))
    assert not is_clash(raised.value)


@pytest.mark.parametrize(("path", "kind"), [("/registreren", "text/html"), ("/api/v1/x", "application/problem+json")])
def test_who_comes_second_gets_a_conflict(platform, app, path, kind):
    take(platform)
    with pytest.raises(IntegrityError) as raised:
        take(platform)
    with app.test_request_context(path):
        answer = app.make_response(app.handle_user_exception(raised.value))
    assert (answer.status_code, answer.mimetype) == (409, kind)


def test_a_second_registration_in_the_same_moment_is_no_error_of_ours(platform, client, monkeypatch):
    """The address was free when it was looked up, but not when it was written."""
    make_account(platform, "noor@samen.example")
    monkeypatch.setattr(queries, "account_by_email", lambda _session, _email: None)
    answer = client.post("/registreren", data={"email": "noor@samen.example", "display_name": "Noor"})
    assert answer.status_code == 409


def second(work) -> tuple[threading.Thread, list[Any]]:
    """Do this in another thread; the list holds what came of it."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 told to the test
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(HOLD)
    return thread, results


def test_one_link_logs_in_once_also_when_it_is_used_twice_at_once(platform):
    account_id = make_account(platform)
    with platform.read(anonymous()) as uow:
        token = links.make(platform, "log_in", queries.link_state(uow, account_id))

    def use() -> None:
        with platform.unit_of_work(anonymous()) as uow:
            log_in.use_link(uow, token)

    with platform.unit_of_work(anonymous()) as uow:
        log_in.use_link(uow, token)
        uow.session.flush()
        thread, results = second(use)
        assert results == []
    thread.join()
    assert isinstance(results[0], links.LinkExpired)


def test_two_managers_cannot_block_each_other_at_once(platform):
    wim, els = (make_account(platform, f"{name}@samen.example") for name in ("wim", "els"))
    with platform.unit_of_work(system("test")) as uow:
        for account_id in (wim, els):
            grant_role(uow, GrantRole(account_id, "manager", reason="test"))

    def block_wim() -> None:
        with platform.unit_of_work(system("test")) as uow:
            set_active(uow, wim, False, "test")

    with platform.unit_of_work(system("test")) as uow:
        set_active(uow, els, False, "test")
        uow.session.flush()
        thread, results = second(block_wim)
        assert results == []
    thread.join()
    assert isinstance(results[0], Invalid)
    with platform.read(system("test")) as uow:
        assert uow.session.get(User, wim).active
