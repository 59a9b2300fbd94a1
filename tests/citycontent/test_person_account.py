"""The page on which a manager ties an account to a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citycontent.models import AccountPerson, Person
from samen_core.accounts.models import User
from samen_core.actor import Actor, anonymous
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.testing.platforms import PASSWORD

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def email_of(platform: Platform, account: Actor) -> str:
    with platform.read(anonymous()) as reader:
        return str(reader.session.execute(select(User.email).where(User.id == account.account_id)).scalar_one())


def links(platform: Platform) -> int:
    with platform.read(anonymous()) as reader:
        return len(reader.session.execute(select(AccountPerson.person_id)).all())


def send(client: FlaskClient, path: str, **values: str) -> Any:
    """Fill in the form of a page and send it, with its hidden fields."""
    page = client.get(path).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(path, data={**hidden, **values}, headers=SAME_SITE)


@pytest.mark.parametrize(("ticked", "kept"), [({}, "Anna Berg"), ({"erase": "true"}, "")])
def test_a_manager_takes_away_or_erases(
    platform: Platform,
    client: FlaskClient,
    uow: UnitOfWork,
    make_person: Callable[..., Person],
    actor_as: Any,
    ticked: dict[str, str],
    kept: str,
) -> None:
    manager = email_of(platform, actor_as("manager"))
    make_person("Anna", "Berg")
    uow.commit()
    client.post("/inloggen", data={"email": manager, "password": PASSWORD}, headers=SAME_SITE)
    assert "Alles wissen, op verzoek van deze persoon" in client.get("/personen/anna-berg/verwijderen").get_data(as_text=True)
    assert send(client, "/personen/anna-berg/verwijderen", reason="verzoek", **ticked).status_code == 303
    with platform.read(anonymous()) as reader:
        assert reader.session.execute(select(Person.name, Person.state)).one() == (kept, "deleted")


def test_a_manager_links_and_unlinks(
    platform: Platform, client: FlaskClient, uow: UnitOfWork, make_person: Callable[..., Person], actor_as: Any
) -> None:
    manager, resident = email_of(platform, actor_as("manager")), email_of(platform, actor_as("resident"))
    make_person("Anna", "Berg")
    uow.commit()
    path = "/personen/anna-berg/account"
    assert client.get(path).status_code in (302, 303, 403)
    client.post("/inloggen", data={"email": manager, "password": PASSWORD}, headers=SAME_SITE)
    refused = send(client, path, email="niemand@samen.example")
    assert refused.status_code == 400
    assert "Er is geen account met dit e-mailadres." in refused.get_data(as_text=True)
    assert "niemand@samen.example" in refused.get_data(as_text=True), "what was typed is kept"
    assert send(client, path, email=resident).status_code == 303
    assert links(platform) == 1
    assert "Maak de koppeling los" in client.get(path).get_data(as_text=True)
    assert resident not in client.get(path).get_data(as_text=True)
    assert send(client, path, reason="op verzoek").status_code == 303
    assert links(platform) == 0
    assert f'href="{path}"' in client.get("/personen/anna-berg").get_data(as_text=True)
