"""The command line: requests of another Open311 server taken over, for a city that leaves its old system."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from samen_core.api import Actor, Invalid, UnitOfWork, _
from samen_core.cli.api import block_platform
from samen_oog_oor.models import Category
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.services.open311_import import import_requests

ACTOR = Actor(kind="system", origin="cli")
MOST_TOLD = 20
"""So many mistakes of a file are told."""


@click.command("import-open311")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--category", "code", required=True, help="The code of the main category under which services that are new here come.")
@click.option(
    "--publication", type=click.Choice(PUBLICATION), default="point", show_default=True, help="What everybody sees of these cases."
)
@click.option("--dry-run", is_flag=True, help="Only tell what the file would add.")
def import_(file: Path, code: str, publication: str, *, dry_run: bool) -> int:
    """Take the requests in FILE over: the answer of requests.json of another server, with extensions if it has them.

    The same file again adds nothing. Nobody gets mail. With a mistake anywhere in the file, nothing is taken over.
    """
    problems: list[str] = []
    with block_platform("oog_oor") as platform, platform.unit_of_work(ACTOR) as uow:
        requests, main = _read(file), _main_category(uow, code)
        try:
            done = import_requests(uow, requests, main.id, publication)
        except Invalid as error:
            uow.rollback()
            problems = _told(error, requests)
        else:
            told = f"{done.new} new, {done.known} already there"
            if dry_run:
                uow.rollback()
    if problems:
        more = len(problems) - MOST_TOLD
        for line in [*problems[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]:
            click.echo(f"samen: {line}", err=True)
        return 1
    click.echo(f"nothing is taken over yet: {told}" if dry_run else told)
    return 0


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        requests = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid(_("Dit bestand is geen JSON.")) from None
    if not isinstance(requests, list) or not all(isinstance(request, dict) for request in requests):
        raise Invalid(_("In dit bestand staat geen lijst van meldingen."))
    return requests


def _main_category(uow: UnitOfWork, code: str) -> Category:
    main = uow.session.execute(select(Category).where(Category.code == code, Category.parent_id.is_(None))).scalar_one_or_none()
    if main is None:
        raise Invalid(_("Er is geen hoofdcategorie {code}.", code=code))
    return main


def _told(error: Invalid, requests: Sequence[dict[str, Any]]) -> list[str]:
    """The mistakes as lines, each with the place of its request in the file, from 1, and its id."""
    lines = []
    for name, texts in error.errors.items():
        place, _dot, field = name.partition(".")
        if not place.isdigit():
            lines += [str(text) for text in texts]
            continue
        id = str(requests[int(place)].get("service_request_id") or "")[:40]
        lines += [f"request {int(place) + 1}{f' ({id})' if id else ''}, {field}: {text}" for text in texts]
    return lines
