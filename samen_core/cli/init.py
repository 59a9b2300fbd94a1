"""``samen init``: a new city."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path

import click

from samen_core.blocks.discovery import default_blocks
from samen_core.cli.imports import FILE, YEAR, import_files
from samen_core.config import CONFIG_NAME, Config, build_config
from samen_core.errors import StartupError

NEXT_STEPS = """  export SAMEN_SECRET_KEY_FILE=secret-key
  samen users create you@example.org --name 'Your Name'
  samen users grant you@example.org manager
  samen run"""
DEFAULT_ACTION = "#0B5C63"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _colour(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if value and not COLOUR.fullmatch(value):
        raise click.BadParameter("write a colour as # and six hexadecimal digits, such as #0B5C63")
    return value


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."), show_default=True, help="The instance folder to make."
)
@click.option("--name", prompt="Name of the city (for example Gemeente Leiden)", help="The full name.")
@click.option("--short-name", prompt="Short name, shown beside the mark", help="The short name.")
@click.option("--code", prompt="CBS code of the municipality (GM and four digits)", help="For example GM0546.")
@click.option("--logo", type=FILE, help="A logo (SVG or PNG); default: the mark of Samen.")
@click.option("--action-colour", callback=_colour, default="", help="Colour of links and buttons; checked for contrast.")
@click.option("--warm-colour", callback=_colour, default="", help="Colour of the one highlight on a page; checked for contrast.")
@click.option("--database-url", default="sqlite:///samen.db", show_default=True, help="SQLAlchemy URL of the database.")
@click.option(
    "--areas",
    type=FILE,
    multiple=True,
    help="GeoJSON with CBS codes (municipality, wijken, buurten); repeat.",
)
@click.option("--year", type=YEAR, help="The year of the division in the GeoJSON; default: read from it.")
@click.option("--addresses", type=FILE, help="The CSV of CBS with postcode, house number and buurt, of the year of the areas.")
def init(
    folder: Path,
    name: str,
    short_name: str,
    code: str,
    logo: Path | None,
    action_colour: str,
    warm_colour: str,
    database_url: str,
    areas: tuple[Path, ...],
    year: int | None,
    addresses: Path | None,
) -> None:
    """Make a new city: its configuration, theme, secret and database, with its areas and address book."""
    path = folder / CONFIG_NAME
    if path.exists():
        raise StartupError(f"{path} exists already: edit it, or choose another --folder")
    folder.mkdir(parents=True, exist_ok=True)
    city = {"name": name, "short_name": short_name, "code": code}
    blocks = default_blocks()
    values: dict[str, object] = {"database_url": database_url, "blocks": blocks, "city": city}
    secret = secrets.token_hex(32)
    build_config(values, folder=folder.resolve(), environ={"SAMEN_SECRET_KEY": secret}, origin="samen init")
    _write_theme(folder, city, logo, action_colour, warm_colour)
    _make_database(build_config(values, folder=folder.resolve(), environ={"SAMEN_SECRET_KEY": secret}), areas, year, addresses)
    # Last, so that after a mistake (areas that cannot be read, a database that is away) the same command can be given again.
    _write_secret(folder, secret)
    _write_config(path, values)
    click.echo(f"\n{name} is ready. Next, in {folder.resolve()}:\n{NEXT_STEPS}")


def _write_theme(folder: Path, city: dict[str, str], logo: Path | None, action: str, warm: str) -> None:
    from samen_core.web.theme import city_theme, problems

    theme = folder / "theme"
    theme.mkdir(exist_ok=True)
    if action or warm:
        content = city_theme(action or DEFAULT_ACTION, warm or None)
        if found := problems(content):
            raise StartupError(f"the colours are too close to read well: {found[0]}; choose a darker one")
        (theme / "city.css").write_text(content, encoding="utf-8")
        city["theme"] = "city.css"
    if logo:
        if logo.suffix.lower() not in (".svg", ".png"):
            raise StartupError("the logo must be an SVG or PNG file")
        target = f"logo{logo.suffix.lower()}"
        shutil.copyfile(logo, theme / target)
        city["logo"] = target


def _write_secret(folder: Path, secret: str) -> None:
    path = folder / "secret-key"
    path.touch(mode=0o600)
    path.write_text(secret + "\n", encoding="utf-8")


def _write_config(path: Path, values: dict[str, object]) -> None:
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment("One city. Every key: samen config show. Secrets come from the environment."))
    document.update(values)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _make_database(config: Config, areas: tuple[Path, ...], year: int | None, addresses: Path | None) -> None:
    from samen_core.db import migrate
    from samen_core.platform import Platform

    platform = Platform(config)
    try:
        click.echo("Preparing the database ...")
        migrate.upgrade(platform)
        import_files(platform, areas=areas, year=year, addresses=addresses)
    finally:
        platform.close()
