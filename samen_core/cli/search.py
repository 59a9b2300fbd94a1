"""``samen search``."""

from __future__ import annotations

import click

from samen_core.cli.common import open_platform


@click.group()
def search() -> None:
    """Keep the search index."""


@search.command()
def reindex() -> None:
    """Build the search index again from what the blocks hold."""
    from samen_core.search import reindex as rebuild

    with open_platform() as platform:
        click.echo(f"{rebuild(platform)} things indexed")
