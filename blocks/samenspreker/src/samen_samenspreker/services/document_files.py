"""The memo to the council and the final report as PDF, made by the worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from samen_core.api import Delivered, UnitOfWork, erase_file, make_document, render_document, system
from samen_samenspreker.models import FinalReport, Proposal, Question
from samen_samenspreker.queries.proposal_text import proposal_text, stored_values
from samen_samenspreker.queries.report_text import Line, lines, report_text
from samen_samenspreker.queries.reports import activities_of_report, all_entries, report_by_id, reports_holding, state_of_rows

LANGUAGE = "nl"
ROWS = 200
"""Rows of part B in one part of the document: its memory is that of the largest part."""

TABLE = 10


def make_memo(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: make the memo of a proposal that was published, once."""
    proposal = uow.session.get(Proposal, uuid.UUID(event.payload["thing_id"]))
    if proposal is None or proposal.published_at is None or proposal.memo_file_id is not None:
        return
    id, owner, number = proposal.id, proposal.question_id, proposal.number
    html = render_document(
        uow.platform,
        LANGUAGE,
        "samenspreker/memo_document.html",
        question=uow.session.get_one(Question, owner),
        proposal=proposal,
        parts=proposal_text(uow, stored_values(proposal)),
        informed=None,
    )
    file = make_document(uow, owner, f"raadsmemo-versie-{number}.pdf", [html])
    if file is not None:
        with uow.platform.unit_of_work(system()) as writing:
            writing.session.get_one(Proposal, id).memo_file_id = file.id


def make_report(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: make the PDF of a report that was frozen."""
    _make(uow, uuid.UUID(event.payload["thing_id"]))


def make_reports_again(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: make the PDFs again that hold a contribution which was taken back, hidden or shown again since."""
    for id in reports_holding(uow, uuid.UUID(event.payload["contribution_id"])):
        _make(uow, id)


def _make(uow: UnitOfWork, id: uuid.UUID) -> None:
    report = uow.session.get(FinalReport, id)
    state = state_of_rows(uow, id)
    if report is None or (report.file_id is not None and report.file_of == state):
        return
    question, number = uow.session.get_one(Question, report.question_id), report.number
    if report.file_id is not None:
        _take_away(uow, id, report.file_id)
    file = make_document(uow, id, f"eindverslag-{question.slug[:60]}-{number}.pdf", report_parts(uow, id, question))
    if file is not None:
        with uow.platform.unit_of_work(system()) as writing:
            stored = writing.session.get_one(FinalReport, id)
            stored.file_id, stored.file_of = file.id, state


def _take_away(uow: UnitOfWork, id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Nobody can get the old PDF while the new one is being made; it says what it may not say any more, so it goes for good."""
    with uow.platform.unit_of_work(system()) as writing:
        writing.session.get_one(FinalReport, id).file_id = None
        erase_file(writing, file_id)


def report_parts(uow: UnitOfWork, id: uuid.UUID, question: Question) -> Iterator[str]:
    """The HTML of a report in parts: A with the figures, B by some hundreds of rows, then C. Raises LookupError for an unknown report."""
    row = report_by_id(uow, id)
    if row is None:
        raise LookupError(id)
    report, activities = report_text(uow, row), activities_of_report(uow, question.id)
    names = {activity_id: activity.title for activity_id, activity in activities.items()} if len(activities) > 1 else {}
    shared = {"question": question, "report": report, "names": names}

    def part(name: str, **context: object) -> str:
        template = f"samenspreker/report_document_{name}.html"
        return render_document(uow.platform, LANGUAGE, template, **shared, **context)

    yield part("a")
    before: str | None = None
    for portion in _portions(lines(chain.from_iterable(all_entries(uow, id, activities))), ROWS):
        yield part("b", continued=True, themes=_themes(portion), before=before)
        before = portion[-1].entry.theme
    yield part("c", continued=True)


def _themes(rows: Iterable[Line]) -> list[tuple[str, list[list[Line]]]]:
    """The rows by theme, each in tables of at most :data:`TABLE`: a longer table takes much longer to lay out."""
    found: list[tuple[str, list[list[Line]]]] = []
    for row in rows:
        if not found or found[-1][0] != row.entry.theme:
            found.append((row.entry.theme, [[]]))
        tables = found[-1][1]
        if len(tables[-1]) == TABLE:
            tables.append([])
        tables[-1].append(row)
    return found


def _portions(rows: Iterator[Line], size: int) -> Iterator[list[Line]]:
    while portion := list(islice(rows, size)):
        yield portion
