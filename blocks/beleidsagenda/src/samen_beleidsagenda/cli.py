"""The command line: a file taken over for a list that is here, for whoever does that every night."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from samen_beleidsagenda import paths
from samen_beleidsagenda.exchange.import_words import KIND_LABELS, OUTCOME_LABELS, change_lines, names_in, new_lines
from samen_beleidsagenda.exchange.receiving import receive
from samen_beleidsagenda.models import OUTCOMES, ImportList, ImportRun
from samen_beleidsagenda.queries.imports import every_row, message_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, carry_on
from samen_core.api import Actor, Invalid, Platform, UnitOfWork, _, fold
from samen_core.cli.api import block_platform

ACTOR = Actor(kind="system", origin="cli")
GOES = ("cancelled", "removed")
TO_LOOK_AT = ("problem", "conflict")
LOOK = 3
"""The status when the file was read, but some of its rows could not be taken over or wait for a choice."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--list", "name", required=True, help="The name of the list, as it is called on the page 'Inlezen'; it knows the columns.")
@click.option("--sheet", default="", help="The sheet of a spreadsheet; default: the one that was read last time, else the first.")
@click.option("--dry-run", is_flag=True, help="Only tell what the file would change.")
@click.option("--most-gone", type=click.IntRange(0), help="Take nothing over when more things than this would be called off or removed.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON, with the rows that stay the same.")
def import_(file: Path, name: str, *, sheet: str, dry_run: bool, most_gone: int | None, as_json: bool) -> int:
    """Take FILE over for a list: what is new is added, what changed there changes here, and the same file again changes nothing.

    What changed there and here stays as it is here, until somebody chooses otherwise on the page of the report. Status 0: all is done;
    3: some rows could not be taken over or wait for a choice; 1: nothing was taken over, and one line says why.
    """
    with block_platform("beleidsagenda") as platform:
        with platform.unit_of_work(ACTOR) as uow:
            run = receive(uow, _list_named(uow, name), file.read_bytes(), file.name, sheet)
        address = f"{platform.config.web.base_url}{paths.IMPORTS}/bestand/{run.id}"
        if run.state == "mapping":
            raise Invalid(_("Van dit bestand is nog niet bekend welke kolom wat is. Kies dat op {page}.", page=f"{address}/kolommen"))
        if not dry_run:
            run = _take_over(platform, run, most_gone, address)
        with platform.read(ACTOR) as uow:
            told = _told(uow, run)
        _write(run, name, file, address, told, as_json=as_json)
    return LOOK if any(run.counts.get(code) for code in TO_LOOK_AT) else 0


def _list_named(uow: UnitOfWork, name: str) -> ImportList:
    lists = uow.session.execute(select(ImportList).order_by(ImportList.name)).scalars().all()
    found = next((item for item in lists if item.name == name), None) or next(
        (item for item in lists if fold(item.name) == fold(name)), None
    )
    if found is None:
        known = ", ".join(f"“{item.name}”" for item in lists)
        raise Invalid(
            _("Er is geen lijst “{name}”. Wel: {known}.", name=name, known=known)
            if known
            else _("Er zijn nog geen lijsten. Maak er een op de pagina Inlezen.")
        )
    return found


def _take_over(platform: Platform, run: ImportRun, most_gone: int | None, address: str) -> ImportRun:
    going = sum(run.counts.get(code, 0) for code in GOES)
    if most_gone is not None and going > most_gone:
        raise Invalid(_("Er is niets overgenomen: {n} dingen gaan weg of gaan niet door. Bekijk {page}.", n=going, page=address))
    with platform.unit_of_work(ACTOR) as uow:
        apply_run(uow, run.id, Apply(version=run.version, choices={}))
    with platform.unit_of_work(ACTOR) as uow:
        carry_on(uow, run.id)
        done = uow.session.get_one(ImportRun, run.id, populate_existing=True)
    if done.state == "failed":
        raise Invalid(_("Het overnemen is gestopt: {reason}", reason=done.message))
    return done


def _told(uow: UnitOfWork, run: ImportRun) -> list[dict[str, Any]]:
    """The rows, each with a sentence per difference in the language of now. Two statements."""
    rows = every_row(uow, run.id)
    names = names_in(uow, rows)
    found = []
    for row in rows:
        lines = new_lines(row.kind, row.values, names) if row.outcome == "new" else change_lines(row.changes, names)
        facts = {key: getattr(row, key) for key in ("number", "line", "kind", "key", "title", "outcome", "changes")}
        found.append({**facts, "message": str(message_of(row) or ""), "told": [str(text) for text in lines]})
    return found


def _write(run: ImportRun, name: str, file: Path, address: str, rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    counts = {code: run.counts[code] for code in OUTCOMES if run.counts.get(code)}
    if as_json:
        facts = {"list": name, "file": file.name, "report": address, "run": str(run.id), "state": run.state, "counts": counts}
        click.echo(json.dumps({**facts, "rows": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        if row["outcome"] != "same":
            place = f"{row['line']}:" if row["line"] else "-"
            words = (str(OUTCOME_LABELS[row["outcome"]]), str(KIND_LABELS.get(row["kind"], "")), row["title"])
            more = "; ".join([*row["told"], *([row["message"]] if row["message"] else [])])
            click.echo(" ".join(f"{place:>6} {words[0]:14} {words[1]:15} {words[2]} {f'({more})' if more else ''}".rstrip().split("\n")))
    told = ", ".join(f"{number} {str(OUTCOME_LABELS[code]).lower()}" for code, number in counts.items()) or "0"
    click.echo(f"{'taken over' if run.state == 'applied' else 'nothing is taken over yet'}: {told}; {address}")
