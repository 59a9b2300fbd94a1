"""``samen blocks``: which building blocks are here, switching them on and off, pausing them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from samen_core.actor import system
from samen_core.blocks import lifecycle, services
from samen_core.blocks.inventory import Entry, inventory
from samen_core.blocks.schemas import ActivateBlock, PauseBlock
from samen_core.cli import blocks_check, blocks_new, blocks_purge, doctor
from samen_core.cli.common import open_platform
from samen_core.config import CONFIG_NAME, Config, load_config
from samen_core.db import migrate
from samen_core.errors import Invalid, SamenError, StartupError
from samen_core.platform import Platform


def _config_path() -> Path:
    return Path(os.environ.get("SAMEN_CONFIG", CONFIG_NAME))


@click.group()
def blocks() -> None:
    """See, enable, pause and disable building blocks."""


@blocks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_(as_json: bool) -> None:
    """List every block that is installed, enabled or has data here, with its state.

    installed: no data here; enabled; paused; disabled: its data is kept; orphan: data of a block that is not installed; broken: it stops
    the start.
    """
    found, problem = inventory(load_config())
    if as_json:
        click.echo(json.dumps([_facts(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    width = max((len(entry.name) for entry in found), default=0)
    for entry in found:
        version = entry.found.version if entry.found else "-"
        click.echo(f"{entry.name:{width}}  {entry.state:9}  {version:9}  {_note(entry)}".rstrip())
    if problem:
        click.echo(f"samen: {problem}; blocks that are paused, disabled or orphan are not known", err=True)


def _note(entry: Entry) -> str:
    if entry.problem:
        return f"{entry.problem} (samen blocks disable {entry.name})"
    if entry.pause:
        return entry.pause.reason if entry.pause.cause == entry.name else f"with '{entry.pause.cause}': {entry.pause.reason}"
    if entry.state == "orphan":
        return f"its data is here, its code is not: pip install samen-{entry.name}, or samen blocks purge {entry.name} --export DIR"
    return str(entry.found.block.label) if entry.found and entry.found.block else ""


def _facts(entry: Entry) -> dict[str, Any]:
    """What is known of a block, by name, as JSON types."""
    facts: dict[str, Any] = {"name": entry.name, "state": entry.state}
    found = entry.found
    if found:
        facts |= {
            "distribution": found.distribution,
            "version": found.version,
            "licence": found.licence,
            "authors": found.authors,
            "package": found.package,
        }
    if found and (block := found.block):
        facts |= {
            "label": str(block.label),
            "summary": str(block.summary),
            "maturity": block.maturity,
            "api": list(block.api),
            "requires": list(block.requires),
            "after": list(block.after),
            "personal_data": block.personal_data,
        }
    if entry.pause:
        facts |= {"paused_with": entry.pause.cause, "reason": entry.pause.reason}
    if entry.problem:
        facts["problem"] = entry.problem
    return facts


@blocks.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(name: str, as_json: bool) -> None:
    """Show what is known of block NAME."""
    found, problem = inventory(load_config())
    entry = next((entry for entry in found if entry.name == name), None)
    if entry is None:
        raise StartupError(f"block '{name}' is not installed")
    if as_json:
        click.echo(json.dumps(_facts(entry), ensure_ascii=False, indent=2))
        return
    for key, value in _facts(entry).items():
        words = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        words = " to ".join(map(str, value)) if key == "api" else ", ".join(words) if isinstance(words, list) else words
        click.echo(f"{key.replace('_', ' ') + ':':15} {words or '-'}")
    if problem:
        click.echo(f"samen: {problem}", err=True)


@blocks.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable block NAME and what it requires, and run its migrations; takes effect at the next start."""
    config = lifecycle.enable(load_config(), name)
    with open_platform(config, current=False) as platform:
        ran = migrate.upgrade(platform)
    if not _store(config):
        return
    click.echo(f"'{name}' is enabled ({len(ran)} migrations ran); restart the server")


@blocks.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable block NAME; its data stays. Takes effect at the next start."""
    before = load_config()
    config = lifecycle.disable(before, name)
    if not _store(config):
        return
    gone = " and ".join(f"'{block}'" for block in before.blocks if block not in config.blocks)
    click.echo(f"{gone} {'is' if gone.count(' and ') == 0 else 'are'} disabled, all data is kept; restart the server")


def _store(config: Config) -> bool:
    """Write the blocks to ``samen.toml``; where the environment chooses them, print the line to set there instead. Whether written."""
    if line := lifecycle.line_for_environment(config):
        click.echo(line)
        click.echo("samen: the environment chooses the blocks: set this line there, and restart the server", err=True)
        return False
    lifecycle.store_blocks(config, _config_path())
    return True


@contextmanager
def _in_english(platform: Platform) -> Iterator[None]:
    """Refusals of services as the one line of a command, in English."""
    with platform.translations.use("en"):
        try:
            yield
        except Invalid as error:
            raise StartupError("; ".join(str(text) for texts in error.errors.values() for text in texts)) from error
        except SamenError as error:
            raise StartupError(str(error)) from error


@blocks.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, for everybody who opens a page of the block.")
def pause(name: str, reason: str) -> None:
    """Pause block NAME: no pages and no work, its data stays. Takes effect in every running process within five seconds."""
    with open_platform() as platform:
        with _in_english(platform), platform.unit_of_work(system("cli")) as uow:
            services.pause_block(uow, PauseBlock(name, reason))
        along = ", ".join(f"'{block.name}'" for block in services.dependants(platform.blocks, name))
    click.echo(f"'{name}' is paused" + (f", and with it {along}, which cannot do without" if along else ""))


@blocks.command()
@click.argument("name")
@click.option("--reason", default="", help="For the history of the block.")
def activate(name: str, reason: str) -> None:
    """End the pause of block NAME."""
    with open_platform() as platform, _in_english(platform), platform.unit_of_work(system("cli")) as uow:
        services.activate_block(uow, ActivateBlock(name, reason))
    click.echo(f"'{name}' is active again")


blocks.add_command(blocks_check.check)
blocks.add_command(blocks_new.new)
blocks.add_command(blocks_purge.export)
blocks.add_command(blocks_purge.purge)
blocks.add_command(blocks_purge.restore)
blocks.add_command(doctor.doctor)
