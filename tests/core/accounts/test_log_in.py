"""Logging in and out over HTTP: password, link, delay, session renewal, and what a visitor may not learn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from samen_core.accounts.models import LoginFailure, User, UserSession
from samen_core.accounts.services.log_in import FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS, waiting_time
from samen_core.db.changes import Change
from tests.core.accounts.journeys import EMAIL, PASSWORD, cookie, link_in, log_in, make_account, post, token_of


def count(platform, what, *conditions) -> int:
    with platform.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(what).where(*conditions)).scalar_one()


def actions(platform) -> list[tuple[str, str]]:
    with platform.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(Change.action, Change.result).order_by(Change.seq))]


def test_a_password_logs_in_and_logging_out_ends_the_session_on_the_server(platform, client):
    make_account(platform)
    answer = log_in(client)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    page = client.get("/account")
    assert page.status_code == 200
    assert "Noor Verhulst" in page.text
    stolen = cookie(client)
    assert post(client, "/uitloggen").location == "/uitgelogd"
    assert cookie(client) is None
    assert count(platform, UserSession) == 0
    client.set_cookie("samen", stolen)
    assert client.get("/account").status_code == 303
    assert [action for action, _result in actions(platform)][-2:] == ["core.account.logged_in", "core.account.logged_out"]


def test_the_database_does_not_hold_the_token_and_a_made_up_one_is_worth_nothing(platform, client):
    make_account(platform)
    client.set_cookie("samen", "chosen-by-somebody-else")
    log_in(client)
    token = cookie(client)
    assert token != "chosen-by-somebody-else"
    with platform.engine.connect() as connection:
        assert token not in connection.execute(select(UserSession.id)).scalars().all()


def test_logging_out_twice_is_logging_out(platform, client, clock):
    make_account(platform)
    log_in(client)
    clock.forward(hours=13)
    assert client.post("/uitloggen").location == "/uitgelogd"
    assert cookie(client) is None


def test_another_secret_key_ends_every_session(platform, client):
    make_account(platform)
    log_in(client)
    platform.config = replace(platform.config, secret_key="another-secret-" + "1" * 32)
    assert client.get("/account").status_code == 303


def test_logging_in_again_gives_a_new_token_and_the_old_one_stops(platform, client, other):
    make_account(platform)
    log_in(client)
    old = cookie(client)
    post(client, "/inloggen", {"email": EMAIL, "password": PASSWORD})
    assert cookie(client) != old
    assert count(platform, UserSession) == 1
    other.set_cookie("samen", old)
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    "path", ["/", "/inloggen", "/registreren", "/wachtwoord-vergeten", "/inloggen/link", "/uitgelogd", "/bestaat-niet"]
)
def test_an_anonymous_get_sets_no_cookie(client, path):
    assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("unknown@samen.example", PASSWORD), ("no@pass.example", "anything")])
def test_a_failure_looks_the_same_whatever_was_wrong(platform, client, email, password):
    make_account(platform)
    make_account(platform, "no@pass.example", None)
    answer = log_in(client, email, password)
    assert answer.status_code == 400
    assert "klopt niet" in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text.replace(email, "")
    assert "Set-Cookie" not in answer.headers
    assert ("core.account.login_failed", "refused") in actions(platform)


def test_the_log_of_a_failure_holds_no_address(platform, client):
    make_account(platform)
    log_in(client, password="wrong")
    with platform.engine.connect() as connection:
        row = connection.execute(select(Change).where(Change.action == "core.account.login_failed")).one()
        keys = connection.execute(select(LoginFailure.key)).scalars().all()
    assert EMAIL not in str(row)
    assert len(keys) == 2
    assert all(len(key) == 64 for key in keys)


def test_failures_slow_down_and_waiting_helps(platform, client, clock):
    make_account(platform)
    for _attempt in range(FREE_FOR_ACCOUNT + 1):
        assert log_in(client, password="wrong").status_code == 400
    refused = log_in(client)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 5
    assert "Wacht nog" in refused.text
    clock.forward(seconds=6)
    assert log_in(client).status_code == 303
    with platform.engine.connect() as connection:
        left = connection.execute(select(LoginFailure.failures)).scalars().all()
    assert left == [FREE_FOR_ACCOUNT + 1], "only what counts for the network address is left"


def test_the_wait_is_the_same_for_an_unknown_address(platform, client):
    for _attempt in range(FREE_FOR_ACCOUNT + 1):
        assert log_in(client, "unknown@samen.example", "wrong").status_code == 400
    assert log_in(client, "unknown@samen.example", "wrong").status_code == 429


def test_many_failures_from_one_network_address_slow_down_too(platform, client):
    make_account(platform)
    log_in(client, "someone@samen.example", "wrong")
    with platform.write_engine.begin() as connection:
        connection.execute(update(LoginFailure).values(failures=FREE_FOR_ADDRESS + 3))
    assert log_in(client).status_code == 429


def test_old_failures_are_forgotten(platform, client, clock):
    make_account(platform)
    for _attempt in range(FREE_FOR_ACCOUNT + 1):
        log_in(client, password="wrong")
    clock.forward(hours=25)
    assert log_in(client, password="wrong").status_code == 400
    with platform.engine.connect() as connection:
        assert set(connection.execute(select(LoginFailure.failures)).scalars()) == {1}


def test_the_wait_grows_to_a_quarter_of_an_hour():
    waits = [waiting_time(n, 3).total_seconds() for n in range(3, 14)]
    assert waits[:5] == [0, 5, 10, 20, 40]
    assert waits == sorted(waits)
    assert waits[-1] == 900
    assert waiting_time(10**6, 3).total_seconds() == 900


def test_too_many_tries_from_one_address_are_refused(platform, client, limited):
    make_account(platform)
    answers = [log_in(client, f"a{n}@samen.example", "wrong").status_code for n in range(6)]
    assert answers == [400] * 5 + [429]


def test_a_link_logs_in_once_and_opening_it_changes_nothing(platform, client, other, mailbox):
    make_account(platform, password=None)
    asked = client.post("/inloggen/link", data={"email": "  NOOR@samen.example "})
    assert (asked.status_code, asked.location) == (303, "/inloggen/link/verstuurd")
    (mail,) = mailbox()
    assert mail.recipients == (EMAIL,)
    assert EMAIL not in mail.subject
    path = link_in(mail.text)
    for _scanner in range(3):
        page = other.get(path)
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
    assert count(platform, UserSession) == 0
    assert client.get("/account").status_code == 303
    entered = client.post(path)
    assert (entered.status_code, entered.location) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert other.post(path).status_code == 410
    assert other.get(path).status_code == 410


def test_a_link_goes_on_to_where_the_visitor_was_going(platform, client, mailbox):
    make_account(platform)
    client.post("/inloggen/link?volgende=/account/sessies", data={"email": EMAIL})
    (mail,) = mailbox()
    assert client.post(link_in(mail.text)).location == "/account/sessies"


def test_a_link_is_asked_by_an_unknown_address_with_the_same_answer(platform, client, mailbox):
    make_account(platform)
    known = client.post("/inloggen/link", data={"email": EMAIL})
    mailbox()
    unknown = client.post("/inloggen/link", data={"email": "unknown@samen.example"})
    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    assert mailbox() == []
    assert [item for item in actions(platform) if item[0] == "core.account.link_asked"] == [
        ("core.account.link_asked", "ok"),
        ("core.account.link_asked", "refused"),
    ]


@pytest.mark.parametrize("token", ["x", "a.b.c", "W10.aaaa.bbbb", "é" * 200])
def test_a_made_up_link_is_refused_kindly(client, token):
    for answer in (client.get(f"/inloggen/link/{token}"), client.post(f"/inloggen/link/{token}")):
        assert answer.status_code == 410
        assert "Vraag een nieuwe link" in answer.text


def test_a_link_expires(platform, client, mailbox, clock):
    make_account(platform)
    client.post("/inloggen/link", data={"email": EMAIL})
    (mail,) = mailbox()
    clock.forward(minutes=31)
    assert client.post(link_in(mail.text)).status_code == 410


def test_a_link_of_one_kind_is_no_link_of_another(platform, client, mailbox):
    make_account(platform)
    client.post("/inloggen/link", data={"email": EMAIL})
    (mail,) = mailbox()
    token = link_in(mail.text).rpartition("/")[2]
    assert client.get(f"/wachtwoord-vergeten/{token}").status_code == 410
    assert client.get(f"/registreren/bevestigen/{token}").status_code == 410


def test_a_blocked_account_gets_no_mail_and_loses_its_session(platform, client, mailbox):
    make_account(platform)
    log_in(client)
    with platform.write_engine.begin() as connection:
        connection.execute(update(User).values(active=False))
    assert client.get("/account").status_code == 303
    assert log_in(client).status_code == 400
    client.post("/inloggen/link", data={"email": EMAIL})
    assert mailbox() == []


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x", "evil"]
)
def test_logging_in_never_leads_to_another_website(platform, client, address):
    make_account(platform)
    assert log_in(client, volgende=address).location == "/account"


def test_logging_in_goes_on_to_the_asked_page(platform, client):
    make_account(platform)
    asked = client.get("/en/account/sessies")
    assert asked.status_code == 303
    answer = client.post(asked.location, data={"email": EMAIL, "password": PASSWORD})
    assert answer.location == "/en/account/sessies"


def test_a_resident_may_stay_logged_in_and_a_session_ends_by_itself(platform, client, other, clock):
    make_account(platform)
    log_in(client, keep="true")
    log_in(other)
    assert "Max-Age" in str(client.get_cookie("samen").max_age) or client.get_cookie("samen").max_age
    clock.forward(hours=13)
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    clock.forward(days=31)
    assert client.get("/account").status_code == 303


def test_a_session_that_is_used_stays_until_its_absolute_end(platform, client, clock):
    make_account(platform)
    log_in(client)
    for _hour in range(11):
        clock.forward(hours=1)
        assert client.get("/account").status_code == 200
    clock.forward(hours=2)
    assert client.get("/account").status_code == 303


def test_staff_cannot_stay_logged_in(platform, client, clock, actor_as):
    from samen_core.testing.platforms import PASSWORD as STAFF_PASSWORD

    actor = actor_as("facilitator")
    with platform.engine.connect() as connection:
        email = connection.execute(select(User.email).where(User.id == actor.account_id)).scalar_one()
    log_in(client, email, STAFF_PASSWORD, keep="true")
    assert client.get("/account").status_code == 200
    clock.forward(hours=13)
    assert client.get("/account").status_code == 303


def test_a_form_without_token_or_from_another_site_is_refused(platform, client):
    make_account(platform)
    assert (
        client.post("/inloggen", data={"email": EMAIL, "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert (
        client.post("/inloggen", data={"email": EMAIL, "password": PASSWORD}, headers={"Origin": "https://evil.example"}).status_code == 403
    )
    assert cookie(client) is None
    log_in(client)
    assert client.post("/uitloggen").status_code == 403
    assert client.post("/uitloggen", data={"csrf_token": "made-up"}).status_code == 403
    token = token_of(client)
    assert client.post("/uitloggen", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert client.get("/account").status_code == 200
    assert client.post("/uitloggen", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_a_token_of_another_session_is_refused(platform, client, other):
    make_account(platform)
    make_account(platform, "other@samen.example")
    log_in(client)
    log_in(other, "other@samen.example")
    assert client.post("/uitloggen", data={"csrf_token": token_of(other)}).status_code == 403


def test_a_logged_in_page_costs_two_statements_to_know_who_it_is(platform, app, client):
    from sqlalchemy import event

    make_account(platform)
    log_in(client)
    client.get("/uitgelogd")
    seen: list[str] = []
    event.listen(platform.engine, "before_cursor_execute", lambda _c, _cur, statement, *_rest: seen.append(statement))
    client.get("/uitgelogd")
    own = [statement for statement in seen if "core__session" in statement or "core__grant" in statement or "core__user" in statement]
    assert len(own) == 2, seen


def test_only_documented_pages_exist(app):
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert not paths & {"/login", "/logout", "/register", "/reset", "/confirm", "/verify", "/change", "/us-signin", "/tf-setup"}
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")]
