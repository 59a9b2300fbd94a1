"""The command line, ``samen``: a line per problem and a non-zero status for every expected failure."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import DBAPIError

from samen_core import __version__
from samen_core.cli import backup, blocks, config, db, demo, doctor, imports, init, outbox, retention, search, serve, users
from samen_core.cli.of_blocks import CommandsWithBlocks
from samen_core.errors import Invalid, SamenError, StartupError


@click.group(cls=CommandsWithBlocks, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="samen")
def cli() -> None:
    """Run and manage a Samen installation: one city, one database, the building blocks it chose.

    Every command reads samen.toml in the current folder, or the file named by SAMEN_CONFIG, and SAMEN_... variables.
    """


for command in (
    init.init,
    demo.demo,
    serve.run,
    serve.worker,
    db.db,
    demo.seed,
    imports.imports,
    blocks.blocks,
    users.users,
    outbox.outbox,
    search.search,
    retention.retention,
    config.config,
    backup.backup,
    backup.restore,
    doctor.doctor,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the console script."""
    try:
        status = cli.main(prog_name="samen", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        fail("stopped", status=130)
    except click.ClickException as error:
        fail(error.format_message(), status=error.exit_code)
    except Invalid as error:
        fail(*(f"{field}: {text}" if field else str(text) for field, texts in error.errors.items() for text in texts))
    except (SamenError, StartupError) as error:
        fail(str(error))
    except DBAPIError as error:
        fail(f"the database refused: {error.orig}")
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    else:
        # click gives what the command returned, which is nothing, or the status that it asked for.
        sys.exit(status if isinstance(status, int) else 0)


def fail(*messages: str, status: int = 1) -> None:
    """Print one line per message on standard error and end."""
    for message in messages:
        click.echo(f"samen: {' '.join(message.split())}", err=True)
    sys.exit(status)
