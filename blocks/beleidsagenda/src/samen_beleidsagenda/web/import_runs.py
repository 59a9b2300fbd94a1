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
from samen_beleidsagenda.exchange.import_words import KIND_LABELS, OUTCOME_BADGES, OUTCOME_LABELS, change_lines, names_in, new_lines
from samen_beleidsagenda.models import CHOICES, OUTCOMES, UNDO, ImportRun
from samen_beleidsagenda.permissions import IMPORT
from samen_beleidsagenda.queries.imports import every_row, list_rows, message_of
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, choose, get_run
from samen_beleidsagenda.services.imports.lists import get_list
from samen_beleidsagenda.services.imports.undo import can_undo, look_back, undo_run, undone_counts
from samen_beleidsagenda.web.common import pages
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
UNDO_STATES = ("applied", "failed", "undoing", "undone")
UNDO_BADGES = {"undone": (_("Teruggedraaid"), "neutral"), "kept": (_("Gebleven"), "warning")}
MOST_NAMED = 200
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
    outcome = one_of(where.values.get("uitkomst", ""), (*OUTCOMES, *UNDO))
    page = list_rows(uow, id, outcome, where.request(PAGE))
    counts: Mapping[str, int] = run.counts or {}
    undone = undone_counts(uow, id) if run.state in UNDO_STATES else {}
    heads = [(_("Alles ({n})", n=run.rows), where.url(uitkomst=None), outcome is None)]
    for code in OUTCOMES:
        if counts.get(code):
            label = _("{label} ({n})", label=OUTCOME_LABELS[code], n=counts[code])
            heads.append((label, where.url(uitkomst=code), outcome == code))
    if undone.get("kept"):
        heads.append((_("{label} ({n})", label=UNDO_BADGES["kept"][0], n=undone["kept"]), where.url(uitkomst="kept"), outcome == "kept"))
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
        undone=undone,
        undone_at=format_moment(run.undone_at) if run.undone_at else "",
        undo_url=page_url(run_path(id, "terugdraaien")) if can_undo(run) and undone.get("open") else None,
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
            "badges": [
                (OUTCOME_LABELS[row.outcome], OUTCOME_BADGES[row.outcome]),
                *([UNDO_BADGES[row.undo]] if row.undo in UNDO_BADGES else []),
            ],
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


@pages.route(f"{ONE}/terugdraaien", permission=IMPORT, methods=["GET", "POST"])
def import_undo(id: uuid.UUID) -> ResponseReturnValue:
    """What taking a file back does and what stays; sending it does so."""
    uow = current_uow()
    run = get_run(uow, id)
    if request.method == "POST":
        version = request.form.get("version", 0, type=int)

        def act() -> None:
            state = undo_run(uow, id, version).state
            say(_("Het inlezen is teruggedraaid.") if state == "undone" else _("Het terugdraaien is begonnen. Dit duurt even."))

        return attempt(uow, act, run_path(id))
    if not can_undo(run):
        return go(run_path(id))
    of = get_list(uow, run.list_id)
    number, kept = look_back(uow, run)
    return render(
        "beleidsagenda/import_undo.html",
        run=run,
        number=number,
        kept=[(KIND_LABELS[kind], title, reason) for kind, title, reason in kept[:MOST_NAMED]],
        kept_number=len(kept),
        undo_url=page_url(run_path(id, "terugdraaien")),
        run_url=page_url(run_path(id)),
        breadcrumbs=trail((of.name, list_path(of.id)), (_("Verslag"), run_path(id)), (_("Terugdraaien"), None)),
    )


@pages.route(f"{ONE}/verslag.csv", permission=IMPORT)
def import_csv(id: uuid.UUID) -> ResponseReturnValue:
    """The whole report for a spreadsheet."""
    uow = current_uow()
    run: ImportRun = get_run(uow, id)
    rows = every_row(uow, id)
    names = names_in(uow, rows)
    head = (_("Rij"), _("Wat"), _("Titel"), _("Uitkomst"), _("Verschil"), _("Uitleg"), _("Teruggedraaid"))
    body = (
        (
            row.line or "",
            KIND_LABELS.get(row.kind, ""),
            row.title,
            OUTCOME_LABELS[row.outcome],
            "; ".join(str(text) for text in _told(row, names)),
            message_of(row) or "",
            UNDO_BADGES[row.undo][0] if row.undo in UNDO_BADGES else "",
        )
        for row in rows
    )
    return csv_file(f"inlezen-{run.at.date().isoformat()}.csv", head, body)
