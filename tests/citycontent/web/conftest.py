"""Visitors of the pages of the city: clients that are logged in with a role, and short ways to read a page."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.actor import system
from samen_core.app import SamenFlask
from samen_core.platform import Platform

PASSWORD = "vier paarse olifanten zingen"


@pytest.fixture
def as_role(app: SamenFlask, platform: Platform) -> Callable[..., FlaskClient]:
    """``as_role("manager", scope)``: a browser that is logged in with this role, on the city or on one thing."""

    def make(role: str, scope: uuid.UUID | None = None) -> FlaskClient:
        email = f"{role}-{uuid.uuid4().hex[:8]}@samen.example"
        with platform.unit_of_work(system("test")) as unit:
            user = create_account(unit, CreateAccount(email, f"Test {role}", PASSWORD))
            if role != "resident":
                grant_role(unit, GrantRole(account_id=user.id, role=role, scope=scope, reason="test"))
        client = app.test_client()
        answer = client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, answer.text
        return client

    return make


def text_of(html: str) -> str:
    """What a page says: without its head, tags and surplus spaces."""
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    """The text of a page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def links(html: str) -> list[str]:
    """Every address that the main part of a page leads to, in order."""
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html.partition("<main")[2].partition("</main>")[0])]


def titles(html: str) -> list[str]:
    """The titles of the rows of a list."""
    return [text_of(f"<main>{found}</main>") for found in re.findall(r'samen-rows__title">(.*?)</h', html)]


def form_values(html: str, action: str) -> list[tuple[str, str]]:
    """What a browser would send for the form with this action."""
    from tests.support.visitor import Forms

    return Forms(html).pairs(action)


def send(client: FlaskClient, path: str, **values: Any) -> Any:
    """Open a form, change these values (a list gives several) and send it as a browser does; the answer."""
    pairs = [(name, value) for name, value in form_values(client.get(path).text, path) if name.replace(".", "__") not in values]
    for name, value in values.items():
        pairs += [(name.replace("__", "."), item) for item in (value if isinstance(value, list) else [value])]
    return post(client, path, pairs)


def post(client: FlaskClient, path: str, pairs: list[tuple[str, str]]) -> Any:
    """Send values to an address as a page of the site does."""
    from werkzeug.datastructures import MultiDict

    return client.post(path, data=MultiDict(pairs), headers={"Sec-Fetch-Site": "same-origin"})
