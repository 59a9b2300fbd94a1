"""The platform with the blocks that this one needs, and visitors of its pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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
def samen_config() -> dict[str, Any]:
    """The city database and this block."""
    return {"blocks": ["citycontent", "inbreng"]}


@pytest.fixture
def as_role(app: SamenFlask, platform: Platform) -> Callable[..., FlaskClient]:
    """``as_role("facilitator", scope)``: a browser that is logged in with this role, on the city or on one thing."""

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
