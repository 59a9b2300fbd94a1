"""Callers of the REST API in tests, with a token or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.test import TestResponse

from samen_core.accounts.schemas import CreateToken
from samen_core.accounts.services.tokens import create_token
from samen_core.actor import Actor
from samen_core.platform import Platform

if TYPE_CHECKING:
    from samen_core.app import SamenFlask


class Caller:
    """A client of the API with a bearer token, or without one."""

    def __init__(self, app: SamenFlask, token: str = "") -> None:
        self.client = app.test_client(use_cookies=False)
        self.token = token

    def __call__(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """Call ``path`` under ``/api/v1``; an address that holds ``/api/`` already is called as it is."""
        address = path if "/api/" in path else f"/api/v1{path}"
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(address, method=method, headers={**bearer, **(headers or {})}, **options)


def make_token(platform: Platform, actor: Actor, *scopes: str) -> str:
    """A real token of the actor's account with these scopes."""
    with platform.unit_of_work(actor) as uow:
        return create_token(uow, CreateToken(name="Test", scopes=scopes, days=30)).secret


def problem_of(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem document of an answer, after checking that it is one with this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    content: dict[str, Any] = answer.get_json()
    assert content["status"] == status
    assert content["title"]
    assert content["detail"]
    return content
