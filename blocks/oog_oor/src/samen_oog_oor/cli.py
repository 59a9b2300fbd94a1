"""The command line: requests of another Open311 server taken over, for a city that leaves its old system."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import select

from samen_core.api import Actor, Invalid, _
from samen_core.cli.api import block_platform
from samen_oog_oor.models import Category
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.services.open311_import import import_requests

ACTOR = Actor(kind="system", origin="cli")


@click.command("import-open311")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--category", "code", required=True, help="The code of the main category under which services that are new here come.")
@click.option(
    "--publication", type=click.Choice(PUBLICATION), default="point", show_default=True, help="What everybody sees of these cases."
)
def import_(file: Path, code: str, publication: str) -> None:
    """Take the requests in FILE over: the answer of requests.json of another server, with extensions if it has them.

    The same file again adds nothing. Nobody gets mail. With a mistake anywhere in the file, nothing is taken over.
    """
    try:
        requests = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise Invalid(_("Dit bestand is geen JSON.")) from None
    if not isinstance(requests, list) or not all(isinstance(request, dict) for request in requests):
        raise Invalid(_("In dit bestand staat geen lijst van meldingen."))
    with block_platform("oog_oor") as platform, platform.unit_of_work(ACTOR) as uow:
        main = uow.session.execute(select(Category.id).where(Category.code == code, Category.parent_id.is_(None))).scalar_one_or_none()
        if main is None:
            raise Invalid(_("Er is geen hoofdgroep {code}.", code=code))
        done = import_requests(uow, requests, main, publication)
    click.echo(f"{done.new} new, {done.known} already there")
