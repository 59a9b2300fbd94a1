"""The final report: reading it, writing part A, freezing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, send, show
from samen_core.api import Conflict, Invalid, NotFound, PageRequest, UnitOfWork, _, parse
from samen_core.web.api import current_uow, go, page_url, render_status, say
from samen_inbreng.api import contribution_path, subject_path
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.proposal_parts import PARTS
from samen_samenspreker.queries.proposal_text import proposal_text, stored_values
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.queries.report_text import Line, ReportText, lines, report_text
from samen_samenspreker.queries.reports import (
    Activities,
    AnyRow,
    activities_of_report,
    all_entries,
    entries_page,
    report_by_number,
    report_draft,
    reports_of,
)
from samen_samenspreker.schemas.reports import PublishReportSchema, SaveReport, SaveReportSchema
from samen_samenspreker.services.common import find_question
from samen_samenspreker.services.reports import REPORT, STEPS, draft_values, missing_for_report, publish_report, save_report
from samen_samenspreker.web.frame import pages, table_page, trail

LABEL = _("Eindverslag")
PATH = f"{HOME}/<slug>/{REPORT}"
ROWS = 50


@pages.route(PATH, public=True)
def report_page(slug: str) -> ResponseReturnValue:
    """The newest report; without one, what it will be, and for the facilitator where to begin."""
    uow = current_uow()
    question = find_question(uow, slug)
    known = reports_of(uow, question.id)
    return _read(uow, question, known, known[0].number if known else None)


@pages.route(f"{PATH}/<int:number>", public=True)
def report_version(slug: str, number: int) -> ResponseReturnValue:
    """One report as it was frozen. Part B goes theme by theme, or all at once to print."""
    uow = current_uow()
    question = find_question(uow, slug)
    known = reports_of(uow, question.id)
    if number not in {row.number for row in known}:
        raise NotFound
    return _read(uow, question, known, number)


def _read(uow: UnitOfWork, question: Question, known: Any, number: int | None) -> ResponseReturnValue:
    found = report_by_number(uow, question.id, number) if number is not None else None
    facilitates = FACILITATE.allows(uow.actor, question.id)
    return table_page(
        uow,
        question,
        REPORT,
        "samenspreker/report.html",
        title=LABEL,
        versions=known,
        may_write=facilitates and question.state == "accepted" and question.step in STEPS,
        facilitates=facilitates,
        report_url=page_url(table(question.slug, REPORT)),
        so_far_url=page_url(subject_path(question.id, "verslag")),
        **(_shown(uow, question, found) if found else {"report": None}),
    )


def _shown(uow: UnitOfWork, question: Question, row: AnyRow) -> dict[str, Any]:
    report = report_text(uow, row)
    activities = activities_of_report(uow, question.id)
    path = page_url(table(question.slug, f"{REPORT}/{row.number}"))
    return {
        "report": report,
        "own_url": path,
        "pdf_url": f"/files/{row.file_id}" if row.file_id else None,
        "links": {id: page_url(contribution_path(activity.slug, 0)).removesuffix("0") for id, activity in activities.items()},
        "names": {id: activity.title for id, activity in activities.items()} if len(activities) > 1 else {},
        **_part_b(uow, row, report, activities, path),
    }


def _part_b(uow: UnitOfWork, row: AnyRow, report: ReportText, activities: Activities, path: str) -> dict[str, Any]:
    """The rows of part B that this page shows: of one theme, a page at a time, or all of them."""
    if request.args.get("alles"):
        rows: Iterator[Line] = lines(chain.from_iterable(all_entries(uow, row.id, activities)))
        return {"rows": rows, "everything": True, "theme": None, "previous_url": None, "next_url": None}
    number = request.args.get("thema", 1, type=int)
    theme = next((found for found in report.themes if found.index == number), None)
    if theme is None and (report.themes or number != 1):
        raise NotFound
    between = (theme.first, theme.last) if theme else (0, 0)
    page = entries_page(uow, row.id, PageRequest(ROWS, request.args.get("cursor", "")), activities, between)
    return {
        "rows": lines(page.items),
        "everything": False,
        "theme": theme,
        "previous_url": f"{path}?thema={number}&cursor={page.previous}#deel-b" if page.previous else None,
        "next_url": f"{path}?thema={number}&cursor={page.next}#deel-b" if page.next else None,
    }


def _writable(uow: UnitOfWork, slug: str) -> Question:
    question = find_question(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    return question


@pages.route(f"{PATH}/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def report_form(slug: str) -> ResponseReturnValue:
    """Write part A: how it went, part by part, beside what was agreed before."""
    uow = current_uow()
    question = _writable(uow, slug)
    id = question.id
    draft = report_draft(uow, id)
    values = draft_values(draft) if draft else {}
    proposal = published_proposal(uow, id)
    plan = {text.part.letter: text for text in proposal_text(uow, stored_values(proposal))} if proposal else {}

    def write(command: SaveReport) -> str:
        save_report(uow, id, command)
        return table(slug, REPORT) if request.form.get("later") else table(slug, f"{REPORT}/controleren")

    spec = FormSpec(SaveReportSchema)
    answer = show(uow, spec, values) if request.method == "GET" else send(uow, spec, write, stored=values)
    if isinstance(answer, str):
        say(_("Uw tekst is bewaard."))
        return go(answer)
    form = answer.form
    names = [(part, f"deviations.{part.letter}") for part in PARTS]
    return render_status(
        answer.status,
        "samenspreker/report_form.html",
        question=question,
        form=form,
        parts=[
            (part, plan.get(part.letter), replace(form[f"{name}.went"], required=True), form[f"{name}.deviation"]) for part, name in names
        ],
        action=page_url(table(slug, f"{REPORT}/bewerken")),
        cancel_url=page_url(table(slug, REPORT)),
        breadcrumbs=trail(question, (LABEL, table(slug, REPORT)), (_("Deel A schrijven"), None)),
    )


@pages.route(f"{PATH}/controleren", permission=FACILITATE, methods=["GET", "POST"])
def report_check(slug: str) -> ResponseReturnValue:
    """What the report still lacks, each with the page where, and the button to freeze it."""
    uow = current_uow()
    question = _writable(uow, slug)
    id, status = question.id, 200
    if request.method == "POST":
        try:
            made = publish_report(uow, id, parse(PublishReportSchema, request.form))
        except Invalid:
            uow.rollback()
            status = 400
        except Conflict:
            uow.rollback()
            status = 409
        else:
            say(_("Het eindverslag is gepubliceerd. Deelnemers die mail willen, krijgen bericht."))
            return go(table(slug, f"{REPORT}/{made.number}"))
    draft = report_draft(uow, id)
    known = reports_of(uow, id)
    return render_status(
        status,
        "samenspreker/report_check.html",
        question=question,
        number=known[0].number + 1 if known else 1,
        version=draft.version if draft else 1,
        changed=status == 409,
        lacks=[(item.text, page_url(item.path)) for item in missing_for_report(uow, question, draft)],
        texts=[(part, draft_values(draft)["deviations"][part.letter]) for part in PARTS] if draft else [],
        action=page_url(table(slug, f"{REPORT}/controleren")),
        edit_url=page_url(table(slug, f"{REPORT}/bewerken")),
        so_far_url=page_url(subject_path(id, "verslag")),
        later_url=page_url(table(slug, REPORT)),
        breadcrumbs=trail(question, (LABEL, table(slug, REPORT)), (_("Controleren"), None)),
    )
