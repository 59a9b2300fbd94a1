"""The pages about keys and servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import Platform, system
from samen_core.testing.visitors import send_form, text_of
from samen_oog_oor.models import ApiKey, Forward, ForwardedCategory, Server
from samen_oog_oor.testing import a_case, a_category

if TYPE_CHECKING:
    from flask.testing import FlaskClient

KEYS, SERVERS = "/oog-en-oor/sleutels", "/oog-en-oor/werk/koppelingen"
# What differs by database is tried in test_open311_writing.py and test_forwarding.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def rows_of(platform: Platform, model: type[Any]) -> list[Any]:
    """The rows of a table."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(model)).scalars())


def test_a_key_is_made_shown_once_used_and_revoked(platform: Platform, as_role: Any) -> None:
    visitor: FlaskClient = as_role("resident")
    assert "nog geen sleutels" in text_of(visitor.get(KEYS).text)
    empty = send_form(visitor, KEYS, name=" ")
    assert empty.status_code == 400
    made = send_form(visitor, KEYS, name="Buurtapp")
    assert made.status_code == 200
    found = re.search(r'id="secret"[^>]*>(oog_[\w-]+)<', made.text)
    assert found is not None
    secret = found[1]
    again = visitor.get(KEYS).text
    assert secret not in again
    assert secret[:10] in again
    wrong = visitor.application.test_client().post("/open311/v2/requests.json", data={"api_key": secret})
    assert wrong.status_code == 400
    (key,) = rows_of(platform, ApiKey)
    send_form(visitor, f"{KEYS}/{key.id}/intrekken", page=KEYS)
    assert "Ingetrokken op" in text_of(visitor.get(KEYS).text)
    assert visitor.application.test_client().post("/open311/v2/requests.json", data={"api_key": secret}).status_code == 403


def test_keys_ask_to_log_in_and_servers_take_a_manager(client: FlaskClient, as_role: Any) -> None:
    assert client.get(KEYS).status_code == 303
    assert as_role("facilitator").get(SERVERS).status_code == 403


def test_a_manager_adds_a_server_and_sends_a_category(platform: Platform, as_role: Any, organization: Organization) -> None:
    category = a_category(platform, "Licht", code="licht")
    manager: FlaskClient = as_role("manager")
    assert "nog geen zaken" in text_of(manager.get(SERVERS).text)
    fields = {
        "name": "Buren",
        "url": "https://buren.example/open311/v2",
        "organization_id": organization.name,
        "key": "geheim",
        "active": "true",
    }
    wrong = send_form(manager, f"{SERVERS}/nieuw", **{**fields, "url": "http://10.0.0.1/"})
    assert wrong.status_code == 400
    assert send_form(manager, f"{SERVERS}/nieuw", **fields).status_code == 303
    (server,) = rows_of(platform, Server)
    path = f"{SERVERS}/{server.id}"
    assert "geheim" not in manager.get(f"{path}/bewerken").text
    assert send_form(manager, f"{path}/categorieen", page=path, category_id="", service_code="").status_code == 400
    sent = send_form(manager, f"{path}/categorieen", page=path, category_id=str(category.id), service_code="lamp")
    assert sent.status_code == 303
    assert [row.service_code for row in rows_of(platform, ForwardedCategory)] == ["lamp"]
    assert "lamp" in text_of(manager.get(path).text)
    edited = send_form(manager, f"{path}/bewerken", **{**fields, "name": "Buurgemeente", "key": ""})
    assert edited.status_code == 303
    assert "Buurgemeente" in text_of(manager.get(SERVERS).text)
    send_form(manager, f"{path}/categorieen/{category.id}/weghalen", page=path)
    assert rows_of(platform, ForwardedCategory) == []


def test_a_case_that_could_not_be_sent_is_shown_and_tried_again(platform: Platform, as_role: Any, organization: Organization) -> None:
    from samen_core.api import uuid7

    case = a_case(platform, number="2026-1")
    with platform.unit_of_work(system("test")) as uow:
        server = Server(id=uuid7(), name="Buren", base_url="https://buren.example/v2", organization_id=organization.id)
        uow.session.add(server)
        uow.session.flush()
        failed = Forward(id=uuid7(), case_id=case.id, server_id=server.id, state="failed", problem="403 api_key ontbreekt", tries=3)
        uow.session.add(failed)
    manager: FlaskClient = as_role("manager")
    path = f"{SERVERS}/{server.id}"
    page = text_of(manager.get(path).text)
    assert "2026-1" in page
    assert "De server antwoordde: 403 api_key ontbreekt" in page
    send_form(manager, f"{path}/zaken/{failed.id}/opnieuw", page=path)
    assert [(row.state, row.tries) for row in rows_of(platform, Forward)] == [("waiting", 0)]


def test_a_manager_lets_a_key_send_messages_and_ends_it(platform: Platform, as_role: Any) -> None:
    send_form(as_role("resident"), KEYS, name="Aannemer")
    (key,) = rows_of(platform, ApiKey)
    manager: FlaskClient = as_role("manager")
    send_form(manager, f"{SERVERS}/sleutels/{key.id}", page=SERVERS)
    assert [row.may_update for row in rows_of(platform, ApiKey)] == [True]
    ended = send_form(manager, f"{KEYS}/{key.id}/intrekken", page=SERVERS)
    assert ended.headers["Location"].endswith(SERVERS)
    assert "Niemand heeft een sleutel" in text_of(manager.get(SERVERS).text)


@pytest.mark.parametrize("path", [KEYS, SERVERS, f"{SERVERS}/nieuw"])
def test_pages_stand_in_english(as_role: Any, path: str) -> None:
    assert as_role("manager").get(f"/en{path}").status_code == 200
