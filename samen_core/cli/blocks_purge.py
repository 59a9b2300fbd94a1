"""``samen blocks export|purge|restore``: a block's data into a folder, out of the city, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from samen_core.cli.common import open_platform
from samen_core.errors import StartupError

FOLDER = click.Path(path_type=Path, file_okay=False)


def _say(line: str) -> None:
    click.echo(f"  {line}", err=True)


@click.command()
@click.argument("name")
@click.argument("folder", type=FOLDER)
def export(name: str, folder: Path) -> None:
    """Write all data of block NAME into a new FOLDER, and take nothing away."""
    from samen_core.blocks.purge import export_block

    with open_platform() as platform:
        dump = export_block(platform, name, folder, _say)
    click.echo(f"'{name}' is written to {folder}: {len(dump.tables)} tables, {dump.rows} rows, {len(dump.files)} files")


@click.command()
@click.argument("name")
@click.option("--export", "folder", type=FOLDER, required=True, help="A new folder for the dump that is made first.")
@click.option("--yes", metavar="NAME", help="The name once more, instead of typing it when asked.")
def purge(name: str, folder: Path, yes: str | None) -> None:
    """Write all data of block NAME into a new folder, check it, and drop its tables. Also for a block that is not installed."""
    from samen_core.blocks.purge import purge_block, require_purgeable

    with open_platform() as platform:
        require_purgeable(platform, name)
        _confirm(name, yes)
        dump = purge_block(platform, name, folder, _say)
    click.echo(f"'{name}' is gone from the city ({dump.rows} rows, {len(dump.files)} files); the only copy is {folder}")
    if dump.missing_files:
        click.echo(f"  {len(dump.missing_files)} files had no content any more; manifest.json names them", err=True)
    click.echo("it holds personal data: keep it safe, and remove it when it is no longer needed")


def _confirm(name: str, yes: str | None) -> None:
    if yes is None:
        if not sys.stdin.isatty():
            raise StartupError(f"purging needs the name once more: add '--yes {name}'")
        yes = click.prompt(f"All data of '{name}' goes out of this city. Type its name to go on", default="", show_default=False)
    if yes != name:
        raise StartupError(f"'{yes}' is not '{name}': nothing was done")


@click.command()
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """Bring back the block whose dump is in FOLDER, as it was when it was purged."""
    from samen_core.blocks.dumps.manifest import read_manifest
    from samen_core.blocks.restore import config_with, restore_block
    from samen_core.config import load_config

    config = load_config()
    dump = read_manifest(folder)
    with open_platform(config_with(config, dump), current=False) as platform:
        restore_block(platform, folder, _say)
    click.echo(f"'{dump.block}' is back: {dump.rows} rows, {len(dump.files)} files")
    if dump.block in config.blocks:
        click.echo("restart the server")
    else:
        click.echo(f"it is not enabled yet: run 'samen blocks enable {dump.block}' and restart the server")
