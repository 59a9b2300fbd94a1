"""``samen backup`` and ``samen restore``: a whole city in one file."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import click

from samen_core.config import CONFIG_NAME, Config, load_config
from samen_core.errors import StartupError


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="In a folder: remove all back-ups but this many newest ones afterwards.")
def backup(target: Path, keep: int | None) -> None:
    """Write a back-up of database, files, samen.toml and theme to TARGET, a new file or a folder; the city may be running."""
    from samen_core.backup.making import keep_newest, make_backup
    from samen_core.backup.manifest import NOT_INCLUDED

    if keep and not target.is_dir():
        raise StartupError("--keep is for a folder with back-ups")
    made = make_backup(load_config(), Path(os.environ.get("SAMEN_CONFIG", CONFIG_NAME)), target)
    manifest = made.manifest
    rows = sum(manifest.tables.values())
    click.echo(f"{made.path}: {made.size:,} bytes, {len(manifest.tables)} tables with {rows:,} rows, {manifest.files['number']:,} files")
    if manifest.missing:
        click.echo(
            f"samen: WARNING: {len(manifest.missing)} files have no content in the folder, the first is {manifest.missing[0]}", err=True
        )
    click.echo(f"not in it: {'; '.join(NOT_INCLUDED)}")
    for path in keep_newest(target, keep) if keep else ():
        click.echo(f"removed {path}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="An instance folder; one without samen.toml gets that of the back-up."
)
@click.option("--replace", is_flag=True, help="Put it in place of a database that is not empty; asks for the name of the city.")
def restore(file: Path, into: Path | None, replace: bool) -> None:
    """Put the back-up FILE back, in the city of this folder or --into another; stop the server and the workers first."""
    from samen_core.backup import restoring
    from samen_core.backup.databases import is_empty

    manifest = restoring.checked_manifest(file)
    if into:
        restoring.place_settings(file, into)
    config = restoring.config_of(into) if into else load_config()
    restoring.require_fitting(manifest, config)
    erased: list[uuid.UUID] | None = []
    if not is_empty(config.database_url):
        if not replace:
            raise StartupError("the database is not empty: give --replace to lose what is in it, or --into another folder")
        click.echo(f"This replaces all data of {config.city.name} by the back-up of {manifest.city['name']} of {manifest.made_at}.")
        if click.prompt("Type the name of the city to go on", default="", show_default=False) != config.city.name:
            raise StartupError("that is not the name of the city; nothing was changed")
        erased = restoring.erased_since(manifest, config)
    done = restoring.restore(file, manifest, config)
    click.echo(f"the back-up of {manifest.made_at} is back: {sum(manifest.tables.values()):,} rows, {done.files:,} files")
    click.echo(f"the change log holds: {done.log_rows} rows")
    if done.waiting:
        click.echo(f"{done.waiting} deliveries wait; mail that was sent after the back-up is sent again, with the same Message-ID")
    if erased is None:
        why = "the log of what stood here does not go on from the one in the back-up"
        click.echo(f"samen: WARNING: who was erased after the back-up is not known: {why}; see docs/removal.md", err=True)
    _go_on(config, erased or [])


def _go_on(config: Config, erased: list[uuid.UUID]) -> None:
    """Erase again who was erased since, and tell whether migrations wait; what keeps that from being done is told with its command."""
    from samen_core.cli.common import open_platform
    from samen_core.cli.users import erase_accounts
    from samen_core.db import migrate

    try:
        with open_platform(config, current=False) as platform:
            waiting = [revision for item in migrate.status(platform) for revision in item.pending]
            if not waiting:
                click.echo("the database is up to date")
                if erased:
                    number = erase_accounts(platform, erased, "erased before, and back with a back-up")
                    click.echo(f"{number} accounts that were erased after the back-up are erased again")
                return
            click.echo(f"{len(waiting)} migrations wait: run 'samen db upgrade'")
    except StartupError as error:
        click.echo(f"samen: WARNING: {error}", err=True)
    if erased:
        again = " ".join(map(str, erased))
        click.echo(f"then erase again who was erased after the back-up: samen users erase --reason 'erased before' {again}")
