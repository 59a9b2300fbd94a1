"""``samen import``: the areas and the address book of the city, from the files that CBS publishes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from samen_core.actor import Actor
from samen_core.cli.common import open_platform
from samen_core.errors import StartupError

if TYPE_CHECKING:
    from samen_core.platform import Platform

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
YEAR = click.IntRange(1990, 2100)


@click.group("import")
def imports() -> None:
    """Read the areas or the address book of the city from a file; all of it, or with a mistake nothing."""


@imports.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--year", type=YEAR, help="The year of the division in the GeoJSON; default: read from it.")
def areas(files: tuple[Path, ...], year: int | None) -> None:
    """Add the areas in GeoJSON FILES with CBS codes; the newest year becomes the division of now."""
    with open_platform() as platform:
        import_files(platform, areas=files, year=year)


@imports.command()
@click.argument("file", type=FILE)
def addresses(file: Path) -> None:
    """Put the CSV FILE of CBS (postcode, house number, buurt) in place of the address book."""
    with open_platform() as platform:
        import_files(platform, addresses=file)


def import_files(platform: Platform, *, areas: tuple[Path, ...] = (), year: int | None = None, addresses: Path | None = None) -> None:
    """Read these files in one transaction. Raises Invalid, or StartupError when no block keeps such things."""
    hook = platform.registry.manager.hook
    with platform.unit_of_work(Actor(kind="system", origin="import")) as uow:
        for file in areas:
            _say(hook.samen_import_areas(uow=uow, path=file, year=year), "areas", file)
        if addresses:
            _say(hook.samen_import_addresses(uow=uow, path=addresses, progress=_progress), "addresses", addresses)


def _say(number: int | None, what: str, file: Path) -> None:
    if number is None:
        raise StartupError(f"no enabled block keeps {what}: {file.name} was not read")
    click.echo(f"  {number} {what} from {file.name}")


def _progress(lines: int) -> None:
    click.echo(f"  {lines} lines read ...", err=True)
