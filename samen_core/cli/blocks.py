"""``samen blocks``: which building blocks are here, and switching them on and off."""

from __future__ import annotations

import os
from pathlib import Path

import click

from samen_core.blocks import lifecycle
from samen_core.blocks.discovery import installed_blocks
from samen_core.cli.common import open_platform
from samen_core.config import CONFIG_NAME, load_config
from samen_core.db import migrate
from samen_core.errors import StartupError


def _config_path() -> Path:
    return Path(os.environ.get("SAMEN_CONFIG", CONFIG_NAME))


@click.group()
def blocks() -> None:
    """See, enable and disable building blocks."""


@blocks.command("list")
def list_() -> None:
    """List every installed block, and every enabled one that is not installed."""
    enabled = load_config().blocks
    installed = installed_blocks()
    for name in sorted({*installed, *enabled}):
        found = installed.get(name)
        state = "enabled" if name in enabled else "installed"
        note = "not installed" if found is None else found.problem or f"{found.version} {found.block.label if found.block else ''}"
        click.echo(f"{name:22} {state:10} {note}")


@blocks.command()
@click.argument("name")
def show(name: str) -> None:
    """Show what is known of block NAME."""
    found = installed_blocks().get(name)
    if found is None:
        raise StartupError(f"block '{name}' is not installed")
    rows = {
        "distribution": f"{found.distribution} {found.version}",
        "licence": found.licence,
        "authors": found.authors,
        "package": found.package,
    }
    if found.block:
        block = found.block
        rows |= {
            "label": str(block.label),
            "summary": str(block.summary),
            "maturity": block.maturity,
            "block API": f"{block.api[0]} to {block.api[1]}",
            "requires": ", ".join(block.requires) or "-",
            "after": ", ".join(block.after) or "-",
            "personal data": "yes" if block.personal_data else "no",
        }
    rows["state"] = "enabled" if name in load_config().blocks else "installed"
    if found.problem:
        rows["problem"] = found.problem
    for key, value in rows.items():
        click.echo(f"{key + ':':15} {value}")


@blocks.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable block NAME and what it requires, and run its migrations; takes effect at the next start."""
    config = lifecycle.enable(load_config(), name)
    with open_platform(config, current=False) as platform:
        ran = migrate.upgrade(platform)
    lifecycle.store_blocks(config, _config_path())
    click.echo(f"'{name}' is enabled ({len(ran)} migrations ran); restart the server")


@blocks.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable block NAME; its data stays. Takes effect at the next start."""
    lifecycle.store_blocks(lifecycle.disable(load_config(), name), _config_path())
    click.echo(f"'{name}' is disabled, its data is kept; restart the server")
