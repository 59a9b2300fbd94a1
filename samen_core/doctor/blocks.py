"""Checks of the building blocks."""

from __future__ import annotations

import os
from collections.abc import Iterator

from samen_core.actor import system
from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.blocks.health import health
from samen_core.blocks.orphans import orphans, row_counts
from samen_core.config import Config
from samen_core.doctor.findings import Finding, ok, problem, warning
from samen_core.platform import Platform


def installed(config: Config) -> Iterator[Finding]:
    """Every enabled block is installed, can be imported and supports this platform; one line each."""
    found = installed_blocks()
    for name in config.blocks:
        check = f"block {name}"
        item = found.get(name)
        if item is None:
            yield problem(check, "enabled but not installed", f"pip install samen-{name}, or samen blocks disable {name}")
        elif item.problem:
            yield problem(check, item.problem, f"samen blocks disable {name}")
        elif folder := _unreadable(item):
            yield problem(check, f"{folder} cannot be read", f"chmod -R a+rX {item.folder}")
        else:
            yield from _texts(check, item, config)
    for name in sorted(set(found) - set(config.blocks)):
        if found[name].problem:
            yield warning(f"block {name}", f"installed, not enabled: {found[name].problem}", f"pip uninstall {found[name].distribution}")


def _unreadable(item: Installed) -> str:
    for folder in (item.folder, item.migrations, item.templates, item.static, item.translations):
        if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
            return str(folder)
    return ""


def _texts(check: str, item: Installed, config: Config) -> Iterator[Finding]:
    """Whether each language of the city has a catalogue that can be read."""
    from babel.messages.pofile import PoFileError, read_po

    for language in config.city.languages:
        path = item.translations / f"{language}.po"
        if language == "nl" or not item.templates.is_dir():
            continue
        try:
            with path.open("rb") as stream:
                messages = [message for message in read_po(stream, locale=language, abort_invalid=True) if message.id]
        except FileNotFoundError:
            yield warning(check, f"has no texts in '{language}': its pages are Dutch there", "ask its maker for a version with them")
            return
        except (PoFileError, ValueError, UnicodeDecodeError) as error:
            yield problem(check, f"its texts in '{language}' cannot be read: {error}", f"install {item.distribution} again")
            return
        empty = sum(not all(message.string if isinstance(message.string, tuple) else (message.string,)) for message in messages)
        if empty:
            yield warning(check, f"{empty} of {len(messages)} texts have no '{language}'", "ask its maker for a newer version")
            return
    yield ok(check, f"{item.version}, {item.block.label if item.block else ''}")


def start(platform: Platform) -> Iterator[Finding]:
    """The web application can be made: routes, slots, templates."""
    from samen_core.app import create_app
    from samen_core.errors import StartupError

    try:
        create_app(platform)
    except StartupError as error:
        yield problem("start", str(error))
    else:
        yield ok("start", f"the platform starts with {len(platform.blocks)} blocks")


def state(platform: Platform) -> Iterator[Finding]:
    """Blocks that are paused, and what blocks say of themselves."""
    for name, pause in platform.block_states.paused().items():
        text = f"paused: {pause.reason}" if pause.cause == name else f"paused along with '{pause.cause}'"
        yield warning(f"block {name}", text, f"samen blocks activate {pause.cause}")
    with platform.translations.use("en"), platform.read(system("cli")) as uow:
        for name, items in health(uow).items():
            for item in items:
                yield Finding(f"block {name}", "problem" if item.is_problem else "warning", str(item.text), str(item.mend))


def left_behind(platform: Platform) -> Iterator[Finding]:
    """Data of blocks that are not installed."""
    with platform.engine.connect() as connection:
        for found in orphans(platform, connection):
            rows = sum(row_counts(connection, found.tables).values())
            mend = f"pip install samen-{found.block}, or samen blocks purge {found.block} --export DIR"
            yield warning(f"data of {found.block}", f"{len(found.tables)} tables with {rows} rows of a block that is not installed", mend)
