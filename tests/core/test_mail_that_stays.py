"""A real city whose mail goes to files hears so, at start-up and on the page of its manager."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from samen_core.app import create_app
from samen_core.cli import serve
from samen_core.config import Config, Mail
from samen_core.platform import Platform
from tests.support.cli import SECRET, Run

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("environment", "transport", "kept"),
    [("production", "file", True), ("production", "smtp", False), ("demo", "file", False), ("test", "file", False)],
)
def test_only_a_real_city_misses_its_mail(tmp_path: Path, environment: str, transport: str, kept: bool) -> None:
    config = Config(folder=tmp_path, environment=environment, mail=Mail(transport=transport))  # type: ignore[arg-type]
    assert config.is_mail_kept is kept


@pytest.mark.parametrize("command", ["run", "worker"])
@pytest.mark.parametrize("transport", ["file", "smtp"])
def test_the_start_says_so(city: Run, monkeypatch: pytest.MonkeyPatch, command: str, transport: str) -> None:
    monkeypatch.setattr(serve, "serve", lambda *_arguments, before: before())
    monkeypatch.setattr(serve, "work", lambda _config: None)
    monkeypatch.setenv("SAMEN_MAIL_TRANSPORT", transport)
    done = city(command)
    assert done.status == 0
    assert ("WARNING: no mail leaves this city" in done.err) == (transport == "file")
    assert done.err.count("\n") == (transport == "file")


@SQLITE
@pytest.mark.parametrize("transport", ["file", "smtp"])
def test_the_manager_reads_it(platform: Platform, transport: str) -> None:
    platform.config = replace(platform.config, environment="production", secret_key=SECRET, mail=Mail(transport=transport))  # type: ignore[arg-type]
    from samen_core.accounts.schemas import GrantRole
    from samen_core.accounts.services.accounts import CreateAccount, create_account
    from samen_core.accounts.services.grants import grant_role
    from samen_core.actor import system

    password = "vier paarse olifanten zingen"
    with platform.unit_of_work(system("test")) as uow:
        user = create_account(uow, CreateAccount("beheer@samen.example", "Bea Heer", password))
        grant_role(uow, GrantRole(account_id=user.id, role="manager", scope=None, reason="test"))
    client = create_app(platform).test_client()
    client.post("/inloggen", data={"email": "beheer@samen.example", "password": password}, headers={"Sec-Fetch-Site": "same-origin"})
    page = client.get("/beheer")
    assert page.status_code == 200
    assert ("Er gaat geen mail de deur uit" in page.text) == (transport == "file")
