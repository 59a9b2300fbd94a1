"""Visitors of pages in tests: a browser that is logged in with a role, the forms of a page, and what a page says."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.actor import system

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from samen_core.app import SamenFlask
    from samen_core.platform import Platform

PASSWORD = "vier paarse olifanten zingen"  # noqa: S105 - of accounts that live as long as a test
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request that a page of the site itself makes."""

Pairs = list[tuple[str, str]]
_SKIPPED = ("submit", "button", "image", "file")


@pytest.fixture
def as_role(app: SamenFlask, platform: Platform) -> Callable[..., FlaskClient]:
    """``as_role("facilitator", scope)``: a browser that is logged in with this role, on the city or on one thing."""
    from samen_core.accounts.schemas import GrantRole
    from samen_core.accounts.services.accounts import CreateAccount, create_account
    from samen_core.accounts.services.grants import grant_role

    def make(role: str, scope: uuid.UUID | None = None) -> FlaskClient:
        email = f"{role}-{uuid.uuid4().hex[:8]}@samen.example"
        with platform.unit_of_work(system("test")) as unit:
            user = create_account(unit, CreateAccount(email, f"Test {role}", PASSWORD))
            if role != "resident":
                grant_role(unit, GrantRole(account_id=user.id, role=role, scope=scope, reason="test"))
        client = app.test_client()
        answer = client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers=SAME_SITE)
        assert answer.status_code == 303, answer.text
        return client

    return make


def text_of(html: str) -> str:
    """What a page says: its main part without tags and surplus spaces."""
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def send_form(client: FlaskClient, path: str, *, page: str = "", **values: Any) -> TestResponse:
    """Open a form, change these values (a list gives several; ``__`` stands for a dot) and send it as a browser does; the answer.

    ``path`` is where the form is sent to, ``page`` the address that shows it when that is another. Raises LookupError without the form.
    """
    from werkzeug.datastructures import MultiDict

    pairs = Forms(client.get(page or path).text).pairs(path.partition("?")[0])
    kept = [(name, value) for name, value in pairs if name.replace(".", "__") not in values]
    for name, value in values.items():
        kept += [(name.replace("__", "."), item) for item in (value if isinstance(value, list) else [value])]
    return client.post(path, data=MultiDict(kept), headers=SAME_SITE)


@dataclass
class Control:
    """An input of a form as it stands in a page."""

    name: str
    kind: str
    value: str


class Forms(HTMLParser):
    """The forms of a page: for each its action and the values that a browser would send without a click."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[Control]]] = []
        self._open: Control | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the controls."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), []))
        if not self.forms:
            return
        controls = self.forms[-1][1]
        match tag:
            case "input" if values.get("name"):
                kind = values.get("type", "text")
                if kind not in _SKIPPED and (kind not in ("checkbox", "radio") or "checked" in values):
                    controls.append(Control(values["name"], kind, values.get("value", "on" if kind == "checkbox" else "")))
            case "textarea" if values.get("name"):
                self._open = Control(values["name"], "textarea", "")
                controls.append(self._open)
            case "select":
                self._select = values.get("name", "")
            case "option" if self._select and "selected" in values:
                controls.append(Control(self._select, "select", values.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """End what is open."""
        if tag == "textarea" and self._open is not None:
            # A browser drops the line break that directly follows the tag.
            self._open.value = self._open.value.removeprefix("\n")
            self._open = None
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """The text of a textarea."""
        if self._open is not None:
            self._open.value += data

    def pairs(self, action: str) -> Pairs:
        """The names and values of the form that is sent to ``action``. Raises LookupError."""
        for found, controls in self.forms:
            if found.partition("?")[0] == action:
                return [(control.name, control.value) for control in controls]
        raise LookupError(f"no form for {action} among {[found for found, _controls in self.forms]}")
