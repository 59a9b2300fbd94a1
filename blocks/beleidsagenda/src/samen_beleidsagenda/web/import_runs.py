"""What a file would change here: the report of the dry run, choices, taking it over, and how far that is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from citycontent.web.api import list_page, one_of
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import CHOICES, OUTCOMES, ImportRun
from samen_beleidsagenda.permissions import IMPORT
from samen_beleidsagenda.queries.imports import every_row, list_rows, message_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, choose, get_run
from samen_beleidsagenda.services.imports.lists import get_list
from samen_beleidsagenda.web.common import pages
from samen_beleidsagenda.exchange.import_words import KIND_LABELS, OUTCOME_BADGES, OUTCOME_LABELS, change_lines, names_in, new_lines
from samen_beleidsagenda.web.imports import RUN_STATES, list_path, run_path, trail
from samen_beleidsagenda.web.papers import attempt
from samen_core.api import Invalid, Text, UnitOfWork, _, cards, format_moment
from samen_core.web.api import csv_file, current_uow, go, page_url, render, say

ONE = f"{paths.IMPORTS}/bestand/<uuid:id>"
PAGE = 50
CHOOSABLE = ("new", "moved", "changed", "cancelled", "removed", "conflict")
CHOICE_LABELS = {"take": _("Overnemen"), "keep": _("Overslaan")}
CLASH_LABELS = {"take": _("Neem het bestand"), "keep": _("Houd wat hier staat")}
GOES = ("cancelled", "removed")
_NUMBER = re.compile(r"rij-([1-9]\d{0,6})", re.ASCII)


@pages.route(ONE, permission=IMPORT)
def import_run(id: uuid.UUID) -> ResponseReturnValue:
    """The report of a file."""
    uow = current_uow()
    run = get_run(uow, id)
    if run.state == "mapping":
        return go(run_path(id, "kolommen"))
    of = get_list(uow, run.list_id)
    where = list_page(run_path(id), "uitkomst")
    outcome = one_of(where.values.get("uitkomst", ""), OUTCOMES)
    page = list_rows(uow, id, outcome, where.request(PAGE))
    counts: Mapping[str, int] = run.counts or {}
    heads = [(_("Alles ({n})", n=run.rows), where.url(uitkomst=None), outcome is None)]
    for code in OUTCOMES:
        if counts.get(code):
            label = _("{label} ({n})", label=OUTCOME_LABELS[code], n=counts[code])
            heads.append((label, where.url(uitkomst=code), outcome == code))
    busy = sum(counts.get(code, 0) for code in CHOOSABLE)
    return render(
        "beleidsagenda/import_run.html",
        dense=True,
        run=run,
        list=of,
        state=RUN_STATES[run.state],
        sent=format_moment(run.at),
        heads=heads,
        lines=_lines(uow, page.items, open=run.state == "checked"),
        busy=busy,
        going=sum(counts.get(code, 0) for code in GOES),
        clashes=counts.get("conflict", 0),
        apply_url=page_url(run_path(id, "overnemen")),
        choose_url=page_url(run_path(id, "keuzes")),
        here_url=where.url(),
        csv_url=page_url(run_path(id, "verslag.csv")),
        columns_url=page_url(run_path(id, "kolommen")) if of.format == "table" and run.content else None,
        words_url=page_url(list_path(of.id, "woorden")) if of.format in ("notubiz", "ori") and counts.get("problem") else None,
        list_url=page_url(list_path(of.id)),
        breadcrumbs=trail((of.name, list_path(of.id)), (_("Verslag"), None)),
        **where.pager(page),
    )


def _lines(uow: UnitOfWork, rows: Any, *, open: bool) -> list[dict[str, Any]]:
    """The rows for the table. Two statements."""
    names = names_in(uow, rows)
    known = cards(uow, [row.subject_id for row in rows if row.subject_id])
    return [
        {
            "number": row.number,
            "what": KIND_LABELS.get(row.kind, ""),
            "line": row.line,
            "title": row.title,
            "url": known[row.subject_id].url if row.subject_id in known else None,
            "badge": (OUTCOME_LABELS[row.outcome], OUTCOME_BADGES[row.outcome]),
            "changes": _told(row, names),
            "message": message_of(row),
            "choices": _choices(row) if open and row.outcome in CHOOSABLE else [],
        }
        for row in rows
    ]


def _told(row: Row[Any], names: Mapping[str, str]) -> list[Text]:
    return new_lines(row.kind, row.values, names) if row.outcome == "new" else change_lines(row.changes, names)


def _choices(row: Row[Any]) -> list[tuple[str, Text, bool]]:
    usual = "keep" if row.outcome == "conflict" else "take"
    labels = CLASH_LABELS if row.outcome == "conflict" else CHOICE_LABELS
    return [(code, labels[code], (row.choice or usual) == code) for code in CHOICES]


@pages.route(f"{ONE}/keuzes", permission=IMPORT, methods=["POST"])
def import_choose(id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was chosen for the rows of a page."""
    uow = current_uow()
    run = get_run(uow, id)
    if run.state != "checked":
        raise Invalid(_("Dit bestand is al overgenomen of wordt nu overgenomen."))
    chosen = {int(found[1]): value for name, value in request.form.items() if (found := _NUMBER.fullmatch(name)) and value in CHOICES}
    choose(uow, run, chosen)
    say(_("Uw keuzes zijn bewaard."))
    return go(run_path(id))


@pages.route(f"{ONE}/overnemen", permission=IMPORT, methods=["POST"])
def import_apply(id: uuid.UUID) -> ResponseReturnValue:
    """Take the file over."""
    uow = current_uow()
    version = request.form.get("version", 0, type=int)

    def act() -> None:
        run = apply_run(uow, id, Apply(version=version, choices={}))
        say(_("Het bestand is overgenomen.") if run.state == "applied" else _("Het overnemen is begonnen. Dit duurt even."))

    return attempt(uow, act, run_path(id))


@pages.route(f"{ONE}/verslag.csv", permission=IMPORT)
def import_csv(id: uuid.UUID) -> ResponseReturnValue:
    """The whole report for a spreadsheet."""
    uow = current_uow()
    run: ImportRun = get_run(uow, id)
    rows = every_row(uow, id)
    names = names_in(uow, rows)
    head = (_("Rij"), _("Wat"), _("Titel"), _("Uitkomst"), _("Verschil"), _("Uitleg"))
    body = (
        (
            row.line or "",
            KIND_LABELS.get(row.kind, ""),
            row.title,
            OUTCOME_LABELS[row.outcome],
            "; ".join(str(text) for text in _told(row, names)),
            message_of(row) or "",
        )
        for row in rows
    )
    return csv_file(f"inlezen-{run.at.date().isoformat()}.csv", head, body)
