"""``samen config``."""

from __future__ import annotations

import click

from samen_core.config import describe, load_config


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
def show() -> None:
    """Show every key, its value and where it comes from; secrets only as set or not set."""
    for key, value, origin in describe(load_config()):
        click.echo(f"{key:28} {value:40} {origin}")
