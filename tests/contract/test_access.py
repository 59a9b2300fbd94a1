"""Every route of the platform with the city and the example says who may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from samen_core.permissions import Permission
from samen_core.platform import Platform
from samen_core.web.blueprint import ACCESS, UNCHECKED_ENDPOINTS

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PUBLIC_DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city and the example block."""
    return {"blocks": ["citycontent", "gereedschap"]}


@SQLITE
def test_every_route_states_its_access(app: SamenFlask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule != PUBLIC_DOCUMENT and rule.endpoint not in UNCHECKED_ENDPOINTS]
    assert len(rules) > 80
    assert [rule.rule for rule in rules if not hasattr(app.view_functions[rule.endpoint], ACCESS)] == []


@SQLITE
def test_what_a_route_asks_is_a_permission_that_exists(app: SamenFlask, platform: Platform) -> None:
    """So that it can be granted, and become the scope of a token."""
    asked = {getattr(view, ACCESS, None) for view in app.view_functions.values()}
    for permission in asked - {None}:
        assert isinstance(permission, Permission)
        assert platform.permissions.get(permission.name) is permission, permission.name


def test_every_library_endpoint_that_is_let_through_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in UNCHECKED_ENDPOINTS.values())


@SQLITE
def test_nothing_that_writes_is_public_without_a_reason(app: SamenFlask) -> None:
    """A form for everybody is an exception: logging in, registering, finding the own neighbourhood."""
    writing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods
        and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and getattr(app.view_functions[rule.endpoint], ACCESS, None) is None
    }
    allowed = (
        *("/inloggen", "/registreren", "/wachtwoord", "/uitloggen", "/account/email/<token>"),  # who is not logged in yet
        *("/mijn-buurt", "/api/v1/core/_zoek", "/api/v1/citycontent/addresses/_zoek"),  # what was asked stays out of addresses
    )
    assert {rule for rule in writing if not rule.startswith(allowed)} == set()


@SQLITE
def test_every_permission_has_a_label_and_somebody_who_can_have_it(platform: Platform) -> None:
    for permission in platform.permissions.values():
        assert str(permission.label)
        assert permission.roles or permission.audience != "nobody", permission.name
