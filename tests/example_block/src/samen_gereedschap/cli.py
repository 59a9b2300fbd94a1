"""What the block does on the command line."""

from __future__ import annotations

import click
from sqlalchemy import select

from samen_core.api import system
from samen_core.cli.api import block_platform
from samen_gereedschap.models import Tool


@click.command("list")
def list_tools() -> None:
    """List every tool with its state, a line each."""
    with block_platform("gereedschap") as platform, platform.read(system("cli")) as uow:
        for name, state in uow.session.execute(select(Tool.name, Tool.state).order_by(Tool.name, Tool.id)):
            click.echo(f"{state:9} {name}")
