"""``samen db``: migrations and the change log."""

from __future__ import annotations

import click

from samen_core.actor import system
from samen_core.cli.common import open_platform
from samen_core.db import changes, migrate
from samen_core.errors import StartupError


@click.group()
def db() -> None:
    """Migrate the database and verify its change log."""


@db.command()
def upgrade() -> None:
    """Run every pending migration of core and the blocks."""
    with open_platform(current=False) as platform:
        ran = migrate.upgrade(platform)
    for revision in ran:
        click.echo(revision)
    click.echo("the database is up to date" if not ran else f"{len(ran)} migrations ran")


@db.command()
def status() -> None:
    """Show per owner what ran and what waits; status 1 when something waits or is unknown."""
    behind = False
    with open_platform(current=False) as platform:
        for item in migrate.status(platform):
            newest = item.applied[-1] if item.applied else "nothing"
            click.echo(
                f"{item.owner}: {newest}"
                + (f", waiting: {', '.join(item.pending)}" if item.pending else "")
                + (f", unknown: {', '.join(item.unknown)}" if item.unknown else "")
            )
            behind = behind or bool(item.pending or item.unknown)
    if behind:
        raise click.exceptions.Exit(1)


@db.command("verify-log")
def verify_log() -> None:
    """Recompute the chain of the change log; status 1 at the first row that was changed or is missing."""
    with open_platform() as platform, platform.read(system("cli")) as uow:
        checked, problem = changes.verify(uow.session)
    if problem:
        raise StartupError(f"the change log does not hold at row {problem.seq}: {problem.what} ({checked} rows before it are right)")
    click.echo(f"the change log holds: {checked} rows")


@db.command()
@click.argument("owner")
@click.option("-m", "--message", required=True, help="What the migration does, in a few words.")
def revision(owner: str, message: str) -> None:
    """Write the next migration of OWNER (core or a block) from its models; for developers of blocks."""
    with open_platform() as platform:
        for found in migrate.all_owners(platform):
            if found.name == owner:
                click.echo(migrate.new_revision(platform, found, message))
                return
        if owner in platform.installed:
            raise StartupError(f"block '{owner}' is not enabled in this city: run 'samen blocks enable {owner}'")
    raise StartupError(f"there is no block '{owner}'")
