"""One's own account: sessions, tokens, data, on whose behalf; and the manager's pages."""

from __future__ import annotations

import json
import re
import uuid
from base64 import urlsafe_b64decode
from urllib.parse import unquote

import pytest
from sqlalchemy import select, update

from samen_core.accounts.models import ApiToken, RoleGrant, User, UserSession
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.grants import grant_role
from samen_core.actor import system
from samen_core.capacities import Capacity
from samen_core.db.base import Base
from samen_core.db.changes import Change, verify
from samen_core.privacy import NOT_PERSONAL, declaration, owner_column
from tests.core.accounts.journeys import EMAIL, PASSWORD, cookie, log_in, make_account, post, token_of


@pytest.fixture
def manager(platform, app):
    """A manager who is logged in."""
    account_id = make_account(platform, "wim@samen.example", name="Wim Beheer")
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(account_id, "manager", reason="test"))
    client = app.test_client()
    log_in(client, "wim@samen.example")
    client.account_id = account_id
    return client


def test_the_list_of_sessions_logs_out_there(platform, client, other):
    make_account(platform)
    log_in(client)
    log_in(other)
    page = client.get("/account/sessies").text
    assert page.count("Firefox, Linux") == 2
    (path,) = re.findall(r'action="(/account/sessies/[0-9a-f-]{36}/uitloggen)"', page)
    assert post(client, path).location == "/account/sessies"
    assert other.get("/account").status_code == 303
    assert client.get("/account/sessies").status_code == 200
    assert post(client, path).status_code == 404


def test_log_out_everywhere_but_here(platform, client, app):
    make_account(platform)
    log_in(client)
    others = [app.test_client() for _device in range(2)]
    for device in others:
        log_in(device)
    post(client, "/account/sessies/overal-uitloggen")
    assert [device.get("/account").status_code for device in others] == [303, 303]
    assert client.get("/account").status_code == 200


def test_a_session_of_another_account_is_not_mine_to_end(platform, client, other):
    make_account(platform)
    make_account(platform, "other@samen.example")
    log_in(client)
    log_in(other, "other@samen.example")
    with platform.engine.connect() as connection:
        theirs = connection.execute(select(UserSession.public_id).join(User).where(User.email == "other@samen.example")).scalar_one()
    assert post(client, f"/account/sessies/{theirs}/uitloggen").status_code == 404
    assert other.get("/account").status_code == 200


def test_name_and_language(platform, client):
    make_account(platform)
    log_in(client)
    assert post(client, "/account/profiel", {"display_name": "", "language": "xx"}).status_code == 400
    assert post(client, "/account/profiel", {"display_name": "Nieuwe Naam", "language": "en"}).location == "/account"
    assert "Nieuwe Naam" in client.get("/account").text
    with platform.engine.connect() as connection:
        row = connection.execute(select(Change).where(Change.action == "core.account.changed")).one()
    assert "Naam" not in str(row.after), "a personal value is not logged"


def test_a_token_is_shown_once_works_and_is_revoked(platform, client):
    make_account(platform)
    log_in(client)
    assert post(client, "/account/tokens", {"name": "", "days": "7"}).status_code == 400
    page = post(client, "/account/tokens", {"name": "Buurtapp", "days": "30", "scopes": "core.use_account"}).text
    secret = re.search(r'value="(samen_[^"]+)"', page).group(1)
    assert secret not in client.get("/account/tokens").text
    with platform.engine.connect() as connection:
        token = connection.execute(select(ApiToken.id, ApiToken.hash)).one()
    assert secret not in token.hash
    assert post(client, f"/account/tokens/{token.id}/intrekken").location == "/account/tokens"
    assert "Ingetrokken" in client.get("/account/tokens").text
    assert post(client, f"/account/tokens/{token.id}/intrekken").status_code == 404


def test_a_resident_cannot_give_a_token_more_than_one_has(platform, client):
    make_account(platform)
    log_in(client)
    assert "core.manage" not in client.get("/account/tokens").text
    assert post(client, "/account/tokens", {"name": "x", "days": "30", "scopes": "core.manage"}).status_code == 400


def test_what_is_sensitive_asks_to_log_in_again(platform, client, monkeypatch):
    import time

    make_account(platform)
    log_in(client)
    assert client.get("/account/verwijderen").status_code == 200
    later = time.time() + 3600
    monkeypatch.setattr(
        "flask_security.utils.naive_utcnow",
        lambda: __import__("datetime").datetime.fromtimestamp(later, __import__("datetime").UTC).replace(tzinfo=None),
    )
    for path in ("/account/verwijderen", "/account/email", "/account/gegevens.json"):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.location.startswith("/inloggen?volgende=/account/")
    assert post(client, "/account/tokens", {"name": "x", "days": "30"}).location.startswith("/inloggen?")
    form = client.get("/inloggen?volgende=/account/email&opnieuw=1")
    assert "Log voor de zekerheid" in form.text


def test_seeing_and_downloading_own_data(platform, client):
    account_id = make_account(platform)
    log_in(client)
    page = client.get("/account/gegevens").text
    assert EMAIL in page
    assert re.search(r">\s*Nederlands\s*</dd>", page), "a language is told in words"
    assert "$argon2" not in page
    answer = client.get("/account/gegevens.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.data)
    assert data["account"] == str(account_id)
    (account,) = [things for things in data["data"] if things["table"] == "core__user"]
    assert account["records"][0]["values"]["email"] == EMAIL
    assert account["fields"]["email"]["purpose"]
    assert "password" not in account["fields"]
    assert [row["action"] for row in data["log"]] == ["core.account.logged_in"] or data["log"] == []


def test_deleting_the_account_asks_to_be_sure_and_leaves_nothing(platform, client, other, mailbox):
    account_id = make_account(platform)
    log_in(client)
    log_in(other)
    post(client, "/account/tokens", {"name": "Buurtapp", "days": "30"})
    assert post(client, "/account/verwijderen").status_code == 400
    assert "Helemaal verwijderd" in client.get("/account/verwijderen").text
    receipt = post(client, "/account/verwijderen", {"sure": "true"}).location
    shown = client.get(receipt).text
    assert "API-token" in shown
    assert "Leeggemaakt: " in shown
    assert "API-token" not in client.get(f"{receipt}x").text
    assert cookie(client) is None
    assert other.get("/account").status_code == 303
    with platform.read(system("test")) as uow:
        row = uow.session.get(User, account_id)
        assert (row.email, row.password, row.display_name, row.active, row.state) == (None, None, "", False, "erased")
        assert uow.session.scalars(select(UserSession)).all() == []
        assert uow.session.scalars(select(ApiToken)).all() == []
    with platform.read(system("test")) as uow:
        assert verify(uow.session)[1] is None
    assert log_in(client).status_code == 400
    make_account(platform)


def test_every_table_about_an_account_is_declared():
    """AVG art. 30: a text column in a table about people says what it is for, or why it is not personal."""
    from samen_core.accounts import models  # noqa: F401 fills the metadata

    for table in Base.metadata.sorted_tables:
        if not table.name.startswith("core__") or owner_column(table) is None:
            continue
        for column in table.columns:
            if column.primary_key or column.foreign_keys or column.type.python_type is not str:
                continue
            assert declaration(column) or column.info.get(NOT_PERSONAL), f"{table.name}.{column.name}"


def test_acting_for_an_organisation_needs_membership_and_renews_the_token(platform, client, monkeypatch):
    from samen_core.db.base import uuid7
    from samen_core.subjects import Subject

    make_account(platform)
    log_in(client)
    club = uuid7()
    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(Subject(id=club, type="organization", owner="citycontent", title="Tennisclub Noord", updated_at=uow.now))
    before = cookie(client)
    assert post(client, "/account/namens", {"subject": str(club)}).status_code == 403
    assert post(client, "/account/namens", {"subject": "geen"}).status_code == 400
    monkeypatch.setattr(
        type(platform.registry),
        "ask",
        lambda _self, hook, *_kind, **_args: (
            [("citycontent", Capacity(club, "Tennisclub Noord", "civil_society"))] if hook == "samen_capacities" else []
        ),
    )
    assert post(client, "/account/namens", {"subject": str(club)}).location == "/account"
    assert cookie(client) != before
    page = client.get("/account").text
    assert "U handelt nu namens Tennisclub Noord" in page
    page = client.get("/zoeken").text
    assert "namens Tennisclub Noord" in page, "every page says on whose behalf one is there"
    post(client, "/account/namens", {"subject": ""})
    assert "namens Tennisclub Noord" not in client.get("/account").text
    with platform.engine.connect() as connection:
        rows = connection.execute(
            select(Change.after, Change.on_behalf_of).where(Change.action == "core.account.acts_for").order_by(Change.seq)
        ).all()
    assert rows[0].after == {"on_behalf_of": str(club)}
    assert rows[1].on_behalf_of == club


def search(client, words, path="/beheer/gebruikers", **filters):
    """The page that follows on searching these words."""
    return client.get(post(client, path, {"q": words, **filters}, page=path).location)


@pytest.mark.parametrize("path", ["/beheer/gebruikers", "/beheer/rollen"])
def test_whom_a_manager_looks_for_stands_in_no_address(platform, manager, app, clock, path):
    """Addresses end up in the logs of proxies."""
    make_account(platform, "piet@samen.example", name="Piet Nijenhuis")
    assert 'method="get"' not in manager.get(path).text.partition("<main")[2]
    sent = post(manager, path, {"q": " wim@samen.example\x00 ", "rol": "manager"}, page=path)
    assert sent.status_code == 303
    address = sent.location
    for text in (address, address + "=" * 3, unquote(address)):
        assert "wim" not in text
    assert b"wim" not in urlsafe_b64decode(address.partition("zoek=")[2] + "===")
    found = manager.get(address).text
    assert "Wim Beheer" in found.partition("<main")[2]
    assert "Piet" not in found
    assert "wim@samen.example" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', found))
    assert 'value="wim@samen.example"' in found
    assert manager.get(f"{path}?q=piet").text.count("Wim Beheer") >= 1, "words in an address are not listened to"
    assert manager.post(path, data={"q": "wim"}).status_code == 403, "without the token of the form"
    assert manager.get(f"{path}?zoek=onzin").location == path
    other = make_account(platform, "mia@samen.example", name="Mia")
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(other, "manager", reason="test"))
    second = app.test_client()
    log_in(second, "mia@samen.example")
    assert second.get(address).location == path, "it is the search of who made it"
    clock.forward(hours=2)
    assert manager.get(address).location == path
    assert "Deze zoekopdracht is verlopen" in manager.get(path).text


def test_the_manager_finds_people_and_gives_and_revokes_roles(platform, manager, client):
    account_id = make_account(platform)
    log_in(client)
    before = cookie(client)
    assert "Noor Verhulst" in search(manager, "noor").text
    assert "Noor Verhulst" not in search(manager, "100%").text
    assert "Noor Verhulst" not in search(manager, "noor", rol="manager").text
    here = f"/beheer/gebruikers/{account_id}"
    assert manager.get(here).status_code == 200
    assert post(manager, f"{here}/rollen", {"role": "moderator"}).status_code == 400
    assert post(manager, f"{here}/rollen", {"role": "moderator", "reason": "nieuwe taak"}).location == here
    again = post(manager, f"{here}/rollen", {"role": "moderator", "reason": "nog eens"})
    assert again.status_code == 400
    assert "heeft deze rol al" in again.text
    client.get("/account")
    assert cookie(client) != before, "the rights changed, so the token does"
    assert "Moderator" in client.get("/account").text
    (path,) = re.findall(r'href="(\S+/intrekken)"', manager.get(here).text)
    assert manager.get(path).status_code == 200
    assert post(manager, path, {"reason": ""}).status_code == 400
    assert post(manager, path, {"reason": "taak voorbij"}).location == here
    assert manager.get(path).status_code == 404
    with platform.engine.connect() as connection:
        rows = connection.execute(
            select(Change.action, Change.reason)
            .where(Change.subject_id == account_id, Change.action.like("core.grant.%"))
            .order_by(Change.seq)
        )
        assert [tuple(row) for row in rows] == [("core.grant.given", "nieuwe taak"), ("core.grant.revoked", "taak voorbij")]


def test_a_role_on_one_thing_by_its_address(platform, manager):
    from samen_core.db.base import uuid7
    from samen_core.subjects import Subject

    account_id, thing = make_account(platform), uuid7()
    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(
            Subject(id=thing, type="project", owner="citycontent", title="Dorpsstraat", url="/projecten/dorpsstraat", updated_at=uow.now)
        )
    where = f"/beheer/gebruikers/{account_id}/rollen"
    unknown = post(manager, where, {"role": "facilitator", "scope": "https://x.example/projecten/niets", "reason": "test"})
    assert unknown.status_code == 400
    assert "https://x.example/projecten/niets" in unknown.text
    assert (
        post(
            manager, where, {"role": "facilitator", "scope": "http://127.0.0.1:8000/en/projecten/dorpsstraat", "reason": "test"}
        ).status_code
        == 303
    )
    with platform.engine.connect() as connection:
        assert connection.execute(select(RoleGrant.scope_id).where(RoleGrant.user_id == account_id)).scalar_one() == thing


def test_blocking_ends_sessions_and_can_be_undone(platform, manager, client):
    account_id = make_account(platform)
    log_in(client)
    here = f"/beheer/gebruikers/{account_id}"
    assert post(manager, f"{here}/blokkeren", {"reason": "misbruik"}).location == here
    assert client.get("/account").status_code == 303
    assert log_in(client).status_code == 400
    assert post(manager, f"{here}/deblokkeren", {"reason": "opgelost"}).location == here
    assert log_in(client).status_code == 303


def test_the_only_manager_stays(platform, manager):
    here = f"/beheer/gebruikers/{manager.account_id}"
    (path,) = re.findall(r'href="(\S+/intrekken)"', manager.get(here).text)
    assert post(manager, path, {"reason": "weg ermee"}).status_code == 400
    assert post(manager, f"{here}/blokkeren", {"reason": "weg ermee"}).status_code == 400
    assert post(manager, "/account/verwijderen", {"sure": "true"}).status_code == 400
    assert manager.get("/beheer/gebruikers").status_code == 200


def test_the_overview_of_rights_as_page_and_table(platform, manager):
    make_account(platform, name="=HYPERLINK(1)")
    with platform.write_engine.begin() as connection:
        connection.execute(update(User).where(User.email == "wim@samen.example").values(display_name="=HYPERLINK(1)"))
    assert "Functioneel beheerder" in manager.get("/beheer/rollen").text
    table = manager.get("/beheer/rollen.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table


@pytest.mark.parametrize("path", ["/beheer/gebruikers", "/beheer/rollen", "/beheer/rollen.csv", f"/beheer/gebruikers/{uuid.UUID(int=7)}"])
def test_a_resident_sees_no_management(platform, client, path):
    make_account(platform)
    log_in(client)
    assert client.get(path).status_code == 403


def test_users_are_paged(platform, manager):
    with platform.write_engine.begin() as connection:
        from samen_core.db.base import uuid7

        now = platform.clock()
        rows = [
            {"id": uuid7(), "email": f"p{n}@samen.example", "display_name": f"Persoon {n}", "fs_uniquifier": f"u{n}", "created_at": now}
            for n in range(45)
        ]
        connection.execute(User.__table__.insert(), [{**row, "language": "nl", "active": True, "state": "active"} for row in rows])
    seen, url = set(), search(manager, "persoon").request.full_path
    for _page in range(3):
        page = manager.get(url).text
        assert 'value="persoon"' in page, "the search stays in the form"
        seen |= set(re.findall(r"Persoon \d+", page))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        url = more.group(1).replace("&amp;", "&") if more else ""
    assert len(seen) == 45
    assert not url
    assert manager.get("/beheer/gebruikers?cursor=onzin").status_code == 400


def test_the_password_is_not_in_any_page(platform, client):
    make_account(platform)
    log_in(client)
    assert PASSWORD not in client.get("/account").text
    assert token_of(client)
