"""``samen demo`` and ``samen seed``: the demonstration city."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from samen_core import logs
from samen_core.blocks.discovery import default_blocks
from samen_core.cli.common import open_platform
from samen_core.cli.serve import require_free_port, serve
from samen_core.config import CONFIG_NAME, load_config
from samen_core.db import migrate
from samen_core.errors import StartupError
from samen_core.platform import Platform
from samen_core.seed import LOGINS_FILE, is_empty, seed_demo

KEY_FILE = "secret-key"
DEMO_CITY = {"name": "Gemeente Zoetermeer", "short_name": "SamenZoetermeer", "code": "GM0637", "contact_email": "samen@zoetermeer.example"}


@click.group()
def seed() -> None:
    """Fill a database."""


@seed.command("demo")
def seed_demo_command() -> None:
    """Fill an empty database with the demonstration city and make its accounts."""
    with open_platform() as platform:
        logins = seed_demo(platform, lambda line: click.echo(f"  {line}"))
    click.echo(f"seeded; the log-ins are in {logins}")


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    help="Where the demonstration lives.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True, help="Port to listen on (also: PORT)."
)
@click.option("--prepare-only", is_flag=True, help="Make everything ready but do not serve.")
def demo(folder: Path, port: int, prepare_only: bool) -> None:
    """Make (once) and serve the demonstration city on this machine."""
    if not prepare_only:
        require_free_port("127.0.0.1", port)
    _prepare(folder, port)
    config = load_config(folder / CONFIG_NAME)
    logs.configure(config)
    platform = Platform(config)
    try:
        behind = any(item.pending for item in migrate.status(platform))
        if behind:
            click.echo("Preparing the database ...")
            migrate.upgrade(platform)
        migrate.require_current(platform)
        if is_empty(platform):
            click.echo("Filling the demonstration city ...")
            seed_demo(platform, lambda line: click.echo(f"  {line}"))
            _index(platform)
    finally:
        platform.close()
    logins = folder / LOGINS_FILE
    ready = f"\n{config.city.name} is ready: http://127.0.0.1:{port}\nLog-ins (role, e-mail, password), also in {logins}:\n"
    ready += (
        logins.read_text(encoding="utf-8") if logins.is_file() else f"(the file {logins} is gone; run 'make demo-reset' for new ones)\n"
    )
    if prepare_only:
        click.echo(ready.rstrip())
        return
    serve(config, "127.0.0.1", port, f"{ready}Stop with Ctrl+C.")


def _index(platform: Platform) -> None:
    """Make everything findable at once; what else follows from what was filled in is for the worker, while people look around."""
    from samen_core.search import reindex

    click.echo("  search index")
    reindex(platform)


def _prepare(folder: Path, port: int) -> None:
    """The folder with its configuration and secret; both are made once and then kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / KEY_FILE
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
        path = folder / CONFIG_NAME
        if not path.exists():
            path.write_text(_demo_config(), encoding="utf-8")
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise StartupError(f"the folder {folder.resolve()} cannot be written: {error.strerror}") from None
    os.environ.setdefault("SAMEN_SECRET_KEY_FILE", str(secret))
    os.environ.setdefault("SAMEN_WEB_PORT", str(port))
    os.environ.setdefault("SAMEN_WEB_BASE_URL", f"http://127.0.0.1:{port}")


def _demo_config() -> str:
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment("The demonstration city; made by 'samen demo'."))
    document["environment"] = "demo"
    document["database_url"] = "sqlite:///samen.db"
    document["blocks"] = default_blocks()
    document["log_format"] = "console"
    document["city"] = DEMO_CITY
    document["mail"] = {"transport": "file", "sender": "samen@zoetermeer.example"}
    return tomlkit.dumps(document)
