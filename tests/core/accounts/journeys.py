"""What a visitor does on the account pages, as short functions over a test client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.actor import system

if TYPE_CHECKING:
    import uuid

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from samen_core.platform import Platform

EMAIL = "noor@samen.example"
PASSWORD = "vier paarse olifanten zingen"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def make_account(platform: Platform, email: str = EMAIL, password: str | None = PASSWORD, name: str = "Noor Verhulst") -> uuid.UUID:
    with platform.unit_of_work(system("test")) as uow:
        return create_account(uow, CreateAccount(email, name, password)).id


def token_of(client: FlaskClient, path: str = "/account") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, "the page has no form token"
    return found.group(1)


def log_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **form: Any) -> TestResponse:
    return client.post("/inloggen", data={"email": email, "password": password, **form}, headers=BROWSER)


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, page: str = "/account") -> TestResponse:
    """A POST by who is logged in, with the token of a page."""
    return client.post(path, data={**(data or {}), "csrf_token": token_of(client, page)})


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("samen")
    return found.value if found else None


def link_in(text: str) -> str:
    """The path of the one link in a mail."""
    found = re.findall(r"http://[^/\s]+(/\S+)", text)
    assert len(found) == 1, text
    return found[0]
