"""Pytest fixtures for what a test needs besides the platform: a database server, a mail server, a browser, a closed network.

``--databases=sqlite`` leaves PostgreSQL out. Where its programs are not installed that goes by itself, except in CI; a line at the end
says so.

Loaded by :mod:`samen_core.testing.plugin`. Nothing is started before a test asks for it, except that a parallel run starts its one
PostgreSQL server at once, since its workers share it.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.testing.network import loopback_only
from samen_core.testing.postgres import PostgresFailed, PostgresMissing, PostgresServer, find_binaries, temporary_postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from samen_core.testing.mailsink import MailSink

DATABASES = ("sqlite", "postgresql")
_shared = pytest.StashKey[tuple[ExitStack, dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that chooses the databases."""
    parser.getgroup("samen").addoption(
        "--databases", default="", metavar="NAMES", help=f"databases that tests run on, by default {','.join(DATABASES)}"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse databases that do not exist."""
    if unknown := set(_asked(config)) - set(DATABASES):
        raise pytest.UsageError(f"--databases: {', '.join(sorted(unknown))} is none of {', '.join(DATABASES)}")


def _asked(config: pytest.Config) -> tuple[str, ...]:
    return tuple(name.strip() for name in str(config.getoption("databases")).split(",") if name.strip())


def _left_out(config: pytest.Config) -> tuple[tuple[str, ...], str]:
    """The databases that this run leaves out, and why."""
    if asked := _asked(config):
        return tuple(name for name in DATABASES if name not in asked), "by --databases"
    if os.environ.get("CI"):
        return (), ""
    try:
        find_binaries()
    except PostgresMissing as error:
        return ("postgresql",), str(error)
    return (), ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests on databases that this run does without."""
    names, _why = _left_out(config)
    if not names:
        return
    out = {item for item in items if isinstance(item, pytest.Function) and _database_of(item) in names}
    if out:
        config.hook.pytest_deselected(items=list(out))
        items[:] = [item for item in items if item not in out]


def _database_of(item: pytest.Function) -> Any:
    return item.callspec.params.get("db_url") if hasattr(item, "callspec") else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was not tested."""
    names, why = _left_out(config)
    if names:
        terminalreporter.write_line(f"samen: nothing was tested on {', '.join(names)}: {why}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In a parallel run: start the server once in the controlling process and tell each worker where it is."""
    if "postgresql" in _left_out(node.config)[0]:
        return
    if _shared not in node.config.stash:
        stack = ExitStack()
        try:
            told: dict[str, Any] = {"server": dataclasses.asdict(stack.enter_context(temporary_postgres()))}
        except (PostgresMissing, PostgresFailed) as error:
            told = {"error": str(error)}
        node.config.stash[_shared] = (stack, told)
    node.workerinput["samen_postgres"] = node.config.stash[_shared][1]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server of a parallel run."""
    if _shared in config.stash:
        config.stash[_shared][0].close()


@pytest.fixture(scope="session", autouse=True)
def network_guard() -> Iterator[None]:
    """Forbid every test to reach beyond this machine (NetworkForbidden)."""
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """The run's one temporary PostgreSQL; a test without it fails, it is never skipped silently."""
    told = getattr(request.config, "workerinput", {}).get("samen_postgres")
    if told is None:
        with temporary_postgres() as server:
            yield server
    elif "error" in told:
        raise PostgresFailed(told["error"])
    else:
        yield PostgresServer(**told["server"])


@pytest.fixture(scope="session")
def _mail_sink() -> Iterator[MailSink]:
    from samen_core.testing.mailsink import running_mail_sink

    with running_mail_sink() as sink:
        yield sink


@pytest.fixture
def mail_sink(_mail_sink: MailSink) -> MailSink:
    """A real SMTP server on loopback, empty at the start of the test."""
    _mail_sink.clear()
    return _mail_sink


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium, headless; one for all tests of the process."""
    from samen_core.testing.browser import running_browser

    with running_browser() as running:
        yield running
