"""Writing the session after the answer: beside other requests, and while the database is busy."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from samen_core.accounts.models import UserSession
from samen_core.accounts.sessions import ServerSession
from samen_core.db import engine
from tests.core.accounts.journeys import cookie, log_in, make_account


def stored(platform):
    with platform.engine.connect() as connection:
        return connection.execute(select(UserSession.id, UserSession.last_seen_at, UserSession.renew)).one()


def test_of_two_requests_that_renew_the_token_one_gives_a_cookie(platform, app, client, other, clock, monkeypatch):
    """The second read the session before the first replaced its token."""
    make_account(platform)
    log_in(client)
    before = stored(platform)
    with platform.write_engine.begin() as connection:
        connection.execute(update(UserSession).values(renew=True))
    other.set_cookie("samen", cookie(client))
    clock.forward(minutes=6)
    write, answers = ServerSession._update, []

    def beside(session, now):
        monkeypatch.setattr(ServerSession, "_update", write)
        thread = threading.Thread(target=lambda: answers.append(other.get("/account")))
        thread.start()
        thread.join()
        return write(session, now)

    monkeypatch.setattr(ServerSession, "_update", beside)
    answer = client.get("/account")
    assert (answer.status_code, answers[0].status_code) == (200, 200)
    assert "Set-Cookie" in answers[0].headers
    assert "Set-Cookie" not in answer.headers
    after = stored(platform)
    assert after.id != before.id
    assert after.last_seen_at > before.last_seen_at
    assert other.get("/account").status_code == 200


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_busy_database_does_not_spoil_a_page_that_is_ready(platform, client, clock, monkeypatch):
    make_account(platform)
    log_in(client)
    before = stored(platform)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 20)
    platform.engine.dispose()
    clock.forward(minutes=6)
    with platform.write_engine.begin():
        assert client.get("/account").status_code == 200
    assert stored(platform).last_seen_at == before.last_seen_at
    assert client.get("/account").status_code == 200
    assert stored(platform).last_seen_at > before.last_seen_at
