"""The demonstration city on a real server, and visitors with a real browser."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from samen_core.accounts.models import User
from samen_core.actor import Actor, system
from samen_core.app import SamenFlask, create_app
from samen_core.blocks.discovery import default_blocks
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events.worker import Worker
from samen_core.mail.mailbox import MailboxMessage, read_mailbox
from samen_core.platform import Parts, Platform
from samen_core.seed import LOGINS_FILE
from samen_core.testing.platforms import make_config
from tests.support.demo import copy_demo
from tests.support.installation import free_port

PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class City:
    """The running demonstration city."""

    url: str
    app: SamenFlask
    platform: Platform

    def write(self) -> UnitOfWork:
        """A unit of work of the system."""
        return self.platform.unit_of_work(system("test"))

    def log_in_of(self, role: str) -> tuple[str, str]:
        """The address and the password of the demonstration account with this role."""
        lines = (self.platform.config.folder / LOGINS_FILE).read_text(encoding="utf-8").splitlines()
        email, password = next(line.split()[-2:] for line in lines if line.split()[-2].startswith(f"{role}@"))
        return email, password

    def actor(self, role: str) -> Actor:
        """The demonstration account with this role, without the rights of the role."""
        with self.write() as uow:
            user = uow.session.execute(select(User).where(User.email == self.log_in_of(role)[0])).scalar_one()
            return Actor(kind="account", account_id=user.id, label=user.display_name, origin="test")

    def mail(self) -> list[MailboxMessage]:
        """The mail that was sent so far, newest first."""
        Worker(self.platform).drain()
        return read_mailbox(self.platform.config.path(self.platform.config.mail.folder))


@contextmanager
def demo_city(factory: pytest.TempPathFactory, parts: Parts | None = None) -> Iterator[City]:
    """A demonstration city of its own on a real server."""
    folder: Path = factory.mktemp("city") / "demo"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"web": {"base_url": url}, "mail": {"transport": "file", "sender": "samen@zoetermeer.example"}, "blocks": default_blocks()}
    platform = Platform(make_config(folder, copy_demo(factory, folder), **settings), parts)
    app = create_app(platform)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield City(url, app, platform)
    server.shutdown()
    thread.join()
    platform.close()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One demonstration city for all tests of this folder; a test that changes something makes its own thing first."""
    with demo_city(tmp_path_factory) as city:
        yield city


@pytest.fixture
def open_page(browser: Browser, city: City) -> Iterator[Callable[..., Page]]:
    """``open_page(width=…, script=…, role=…)``: a page in a browser of its own, perhaps logged in with a role."""
    contexts = []

    def make(width: int = DESK, *, script: bool = True, role: str = "") -> Page:
        context = browser.new_context(
            base_url=city.url, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="nl-NL", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        if role:
            email, password = city.log_in_of(role)
            page.goto("/inloggen")
            page.get_by_label("E-mailadres").fill(email)
            page.get_by_label("Wachtwoord", exact=True).fill(password)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url("**/account")
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def new_organization(city: City) -> Callable[..., str]:
    """``new_organization(**values)``: the path of a fresh organisation, so that a test can change it."""
    from citycontent.schemas import CreateOrganization
    from citycontent.services.organizations import create_organization

    def make(**values: str) -> str:
        name = f"Proefgroep {uuid.uuid4().hex[:6]}"
        with city.write() as uow:
            organization = create_organization(uow, CreateOrganization(**{"name": name, "sector": "citizens", **values}))
            return f"/organisaties/{organization.slug}"

    return make
