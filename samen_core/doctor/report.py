"""All checks, in the order in which a person would look; what one of them breaks does not stop the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from samen_core.config import Config, load_config
from samen_core.doctor import blocks, data, machine
from samen_core.doctor.findings import Finding, ok, problem
from samen_core.errors import StartupError
from samen_core.platform import Platform

Check = Callable[[Any], Iterator[Finding]]

OF_MACHINE: tuple[Check, ...] = (machine.time_zone, machine.documents)
OF_CONFIG: tuple[Check, ...] = (machine.addresses, machine.secret, machine.folders, machine.mail)
OF_PLATFORM: tuple[Check, ...] = (data.migrations, blocks.start)
OF_DATA: tuple[Check, ...] = (blocks.state, data.worker, blocks.left_behind)
"""What reads tables of which the columns must be as the code expects."""


def examine() -> Iterator[Finding]:
    """Everything that can be found out here. Never raises."""
    try:
        config = load_config()
    except StartupError as error:
        yield problem("configuration", str(error))
        config = None
    if config is not None:
        yield ok("configuration", str(config.folder))
        yield from _run(OF_CONFIG, config)
    yield from _run(OF_MACHINE, config)
    if config is not None:
        yield from _of_city(config)


def _of_city(config: Config) -> Iterator[Finding]:
    answers = list(_run((data.database,), config))
    yield from answers
    yield from _run((blocks.installed,), config)
    try:
        platform = Platform(config)
    except StartupError as error:
        yield problem("start", str(error))
        return
    try:
        if any(item.state == "problem" for item in answers):
            return
        current = list(_run(OF_PLATFORM, platform))
        yield from current
        if not any(item.state == "problem" and item.check == "migrations" for item in current):
            yield from _run(OF_DATA, platform)
        yield from _run((data.backups,), config)
    finally:
        platform.close()


def _run(checks: tuple[Check, ...], of: Any) -> Iterator[Finding]:
    for check in checks:
        try:
            yield from check(of)
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, and the others are still wanted
            name = check.__name__.replace("_", " ")
            yield problem(name, f"could not be looked at: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
