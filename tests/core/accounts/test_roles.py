"""The overview of roles: who has what where, from whom and why, what each role may, tokens, and the tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, select, update

from samen_core.accounts import rights
from samen_core.accounts.models import ApiToken, RoleGrant, User
from samen_core.accounts.rights import GrantFilter
from samen_core.accounts.schemas import CreateToken, GrantRole
from samen_core.accounts.services import grants, tokens
from samen_core.actor import Actor, anonymous, system
from samen_core.db.base import uuid7
from samen_core.errors import Invalid, NotAllowed
from samen_core.pagination import PageRequest, encode_cursor
from samen_core.subjects import Subject
from samen_core.testing.visitors import send_form, text_of
from tests.core.accounts.journeys import make_account

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.platform import Platform

PAGE = "/beheer/rollen"
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    """A table for a spreadsheet, as its rows."""
    return list(csv.DictReader(io.StringIO(client.get(path).data.decode("utf-8-sig")), delimiter=";"))


@SQLITE
def test_the_overview_tells_who_what_where_from_whom_and_why(
    platform: Platform, as_role: Callable[..., FlaskClient], actor_as: Callable[..., Actor], project: Any
) -> None:
    manager = as_role("manager")
    noor = make_account(platform, name="=Noor")
    giver = actor_as("manager")
    with platform.unit_of_work(giver) as uow:
        grants.grant_role(uow, GrantRole(noor, "facilitator", project.id, reason="begeleidt dit project"))
        grants.grant_role(uow, GrantRole(noor, "moderator", reason="vervangt Wim"))
    seen = text_of(manager.get(f"{PAGE}?rol=facilitator").text)
    assert "begeleidt dit project" in seen
    assert project.name in seen
    assert "vervangt Wim" not in seen
    found = send_form(manager, PAGE, q="noor", voor="city").headers["Location"]
    assert "vervangt Wim" in text_of(manager.get(found).text)
    assert "begeleidt dit project" not in text_of(manager.get(found).text)
    assert "Niemand gevonden" in text_of(manager.get(f"{PAGE}?bouwsteen=citycontent&voor=city").text)
    found = send_form(manager, PAGE, q="noor").headers["Location"]
    rows = table(manager, found.replace(PAGE, f"{PAGE}.csv"))
    assert [(row["Naam"], row["Rol"], row["Voor"], row["Reden"]) for row in rows] == [
        ("'=Noor", "Procesbegeleider", project.name, "begeleidt dit project"),
        ("'=Noor", "Moderator", "hele stad", "vervangt Wim"),
    ]
    assert rows[0]["Gegeven door"] == giver.label
    assert manager.get(f"{PAGE}?cursor=nonsense").status_code == 400
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}/rechten", f"{PAGE}/tokens", f"{PAGE}/tokens.csv"):
        assert as_role("moderator").get(path).status_code == 403


@SQLITE
def test_no_name_can_be_read_in_a_place_in_the_list(platform: Platform) -> None:
    """A cursor stands in an address, and addresses in logs."""
    accounts = [make_account(platform, f"u{number}@samen.example", name=f"Piet {number}") for number in range(4)]
    with platform.unit_of_work(system("test")) as uow:
        for account_id in accounts:
            grants.grant_role(uow, GrantRole(account_id, "moderator", reason="test"))
    with platform.read(system("test")) as uow:
        first = rights.grant_page(uow, PageRequest(2), GrantFilter())
        assert first.next
        assert b"Piet" not in urlsafe_b64decode(first.next + "===")
        second = rights.grant_page(uow, PageRequest(2, first.next), GrantFilter())
        assert [row.display_name for row in (*first.items, *second.items)] == [f"Piet {number}" for number in range(4)]
        plain = encode_cursor(rights._GRANT_ORDER, "next", ("moderator", "Piet 1", first.items[1].id))
        for made_up in (plain, first.next[:-3], "é", "x" * 5000):
            with pytest.raises(Invalid):
                rights.grant_page(uow, PageRequest(2, made_up), GrantFilter())


@SQLITE
def test_a_role_on_a_thing_without_name_is_not_one_on_the_city(
    platform: Platform, as_role: Callable[..., FlaskClient], project: Any
) -> None:
    """A purged block leaves its things in the register, without title and page."""
    facilitator, manager = as_role("facilitator", project.id), as_role("manager")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Subject).where(Subject.id == project.id).values(title="", state="gone", public=False))
        account_id = uow.session.scalars(select(RoleGrant.user_id).where(RoleGrant.scope_id == project.id)).one()
    assert [row["Voor"] for row in table(manager, f"{PAGE}.csv?voor=part")] == ["(geen naam)"]
    for client, path in ((manager, f"{PAGE}?voor=part"), (manager, f"/beheer/gebruikers/{account_id}"), (facilitator, "/account")):
        seen = text_of(client.get(path).text)
        assert "(geen naam)" in seen, path
        assert "hele stad, sinds" not in seen
        assert "Procesbegeleider: hele stad" not in seen


@SQLITE
def test_rights_that_nobody_uses_are_marked(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    manager = as_role("manager")
    old, new = make_account(platform, name="Oud Gebruik"), make_account(platform, "new@samen.example", name="Net Begonnen")
    with platform.unit_of_work(system("test")) as uow:
        for account in (old, new):
            grants.grant_role(uow, GrantRole(account, "moderator", reason="test"))
        long_ago = uow.now - rights.UNUSED_AFTER - timedelta(days=1)
        uow.session.execute(update(RoleGrant).where(RoleGrant.user_id == old).values(granted_at=long_ago))
    unused = text_of(manager.get(f"{PAGE}?ongebruikt=ja").text)
    assert "Oud Gebruik" in unused
    assert "180 dagen niet gebruikt" in unused.partition("Laatst ingelogd")[2]
    assert "Net Begonnen" not in unused
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(User).where(User.id == old).values(last_login_at=uow.now))
    assert "Oud Gebruik" not in text_of(manager.get(f"{PAGE}?ongebruikt=ja").text)


def test_ten_thousand_grants_cost_a_page_what_ten_do(platform: Platform) -> None:
    """Keyset pages, a constant number of statements, nobody skipped or shown twice."""
    with platform.unit_of_work(system("test")) as uow:
        users = [
            {"id": uuid7(), "display_name": f"Naam {number % 700:03}", "email": f"u{number}@samen.example"} for number in range(10_000)
        ]
        common = {"language": "nl", "active": True, "state": "active", "created_at": uow.now}
        uow.session.execute(insert(User), [{**user, **common, "fs_uniquifier": uuid.uuid4().hex} for user in users])
        given = {"role": "moderator", "granted_at": uow.now}
        uow.session.execute(insert(RoleGrant), [{"id": uuid7(), "user_id": user["id"], **given} for user in users])
    statements: list[str] = []

    @event.listens_for(platform.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    with platform.read(system("test")) as uow:
        seen: list[uuid.UUID] = []
        cursor, pages = "", 0
        while pages < 5:
            statements.clear()
            page = rights.grant_page(uow, PageRequest(100, cursor), GrantFilter(role="moderator"))
            rights.grant_reasons(uow, page.items)
            assert len(statements) == 3
            seen += [row.id for row in page.items]
            cursor, pages = page.next or "", pages + 1
        assert len(set(seen)) == 500
        assert page.count is not None
        assert page.count.more
        back = rights.grant_page(uow, PageRequest(100, page.previous or ""), GrantFilter(role="moderator"))
        assert [row.id for row in back.items] == seen[300:400]
        assert len(rights.all_grants(uow, GrantFilter(role="moderator"))) == 10_000
        assert uow.session.scalar(select(func.count()).select_from(RoleGrant)) >= 10_000


@SQLITE
def test_what_each_role_may_follows_from_what_blocks_declare(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    page = as_role("manager").get(f"{PAGE}/rechten")
    seen = text_of(page.text)
    for permission in platform.permissions.values():
        assert str(permission.label) in seen
    assert seen.count("iedereen, ook zonder account") == sum(item.audience == "everyone" for item in platform.permissions.values())


@SQLITE
def test_tokens_of_everybody_are_listed_and_can_be_revoked(
    platform: Platform, as_role: Callable[..., FlaskClient], actor_as: Callable[..., Actor]
) -> None:
    manager, owner = as_role("manager"), actor_as("moderator")
    with platform.unit_of_work(owner) as uow:
        token = tokens.create_token(uow, CreateToken("=Rapport", ("core.moderate",), 30))
    seen = text_of(manager.get(f"{PAGE}/tokens").text)
    assert "=Rapport" in seen
    assert str(platform.permissions["core.moderate"].label) in seen
    assert token.secret not in manager.get(f"{PAGE}/tokens").text
    assert table(manager, f"{PAGE}/tokens.csv")[0]["Token"] == "'=Rapport"
    act = f"{PAGE}/tokens/{token.id}/intrekken"
    assert send_form(manager, act, reason="").status_code == 400
    assert send_form(manager, act, reason="programma bestaat niet meer").status_code == 303
    assert manager.get(act).status_code == 404
    assert "=Rapport" not in text_of(manager.get(f"{PAGE}/tokens").text)
    assert "ingetrokken" in text_of(manager.get(f"{PAGE}/tokens?alles=ja").text)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(ApiToken, token.id).revoked_at is not None
    for actor in (anonymous(), owner):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            tokens.revoke_as_manager(uow, token.id, "weg")
