"""Answers as a spreadsheet: getting it, sending it back, looking at what it would do, doing it, and undoing what was not sent."""

from __future__ import annotations

import csv
import io
import tempfile
import uuid
from collections.abc import Iterator
from typing import IO, Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.api import LOGGED_IN, MAX_SPREADSHEET_ROWS, Conflict, Invalid, Text, UnitOfWork, _, format_moment, format_number, n_
from samen_core.web.api import crumbs, current_actor, current_platform, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import AnswerImport
from samen_doe_mee.queries.answering import WorkFilter
from samen_doe_mee.services.answer_sheets import (
    COLUMNS,
    MOST_BYTES,
    apply_answers,
    find_import,
    import_rows,
    problem_text,
    read_answers,
    sheet_rows,
    undo_answers,
)
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_doe_mee.web.desk_answers import TITLE as LIST_TITLE
from samen_doe_mee.web.desk_answers import require_answerer, work_filter, work_list_page
from samen_inbreng.api import OUTCOME_LABELS

IMPORT = f"{paths.DESK_ANSWERS}/inlezen"
TITLE = _("Antwoorden inlezen")
SHOWN = 200
_CHUNK = 65_536
_WIDE = {"bijdrage": 60, "antwoord": 60, "onderwerp": 30, "plan": 30}
_RUN = ("=", "+", "-", "@", "\t", "\r")


@pages.route(f"{paths.DESK_ANSWERS}.csv", permission=LOGGED_IN, cache=False)
def answers_csv() -> ResponseReturnValue:
    """What the filters find, line by line: semicolons and a byte order mark, so that a Dutch spreadsheet opens it right."""
    uow = current_uow()
    require_answerer(uow)
    filter = work_filter(uow, work_list_page())
    platform, actor = current_platform(), current_actor()

    def write() -> Iterator[bytes]:
        # A reading of its own: that of the request ends before the file is sent.
        yield b"\xef\xbb\xbf" + _csv_line(COLUMNS)
        with platform.read(actor) as reading:
            for row in sheet_rows(reading, filter):
                yield _csv_line(row)

    return _saved(Response(write(), content_type="text/csv; charset=utf-8"), "antwoorden.csv")


@pages.route(f"{paths.DESK_ANSWERS}.xlsx", permission=LOGGED_IN, cache=False)
def answers_xlsx() -> ResponseReturnValue:
    """The same as a spreadsheet, written to a file beside memory."""
    uow = current_uow()
    require_answerer(uow)
    file = write_xlsx(uow, work_filter(uow, work_list_page()))

    def read() -> Iterator[bytes]:
        with file:
            while part := file.read(_CHUNK):
                yield part

    return _saved(Response(read(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "antwoorden.xlsx")


def write_xlsx(uow: UnitOfWork, filter: WorkFilter) -> IO[bytes]:
    """A spreadsheet of the work list. Every text stays text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Antwoorden")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(name, 14)
    sheet.append(list(COLUMNS))
    for row in sheet_rows(uow, filter):
        cells: list[Any] = []
        for value in row:
            if not isinstance(value, str):
                cells.append(value)
                continue
            cell = WriteOnlyCell(sheet, "")
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
            # A formula would run on the machine of a colleague.
            cell.data_type = "s"
            if value.startswith(_RUN):
                cell.quotePrefix = True
            cells.append(cell)
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    book.save(file)
    file.seek(0)
    return file


@pages.route(IMPORT, permission=LOGGED_IN, methods=["GET", "POST"])
def answers_import() -> ResponseReturnValue:
    """Send a file; the next page shows what it would do."""
    uow = current_uow()
    require_answerer(uow)
    if request.method == "GET":
        return _form(uow)
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid({"file": [_("Kies een bestand.")]})
        found = read_answers(uow, upload.filename, upload.stream.read(MOST_BYTES + 1))
    except Invalid as error:
        uow.rollback()
        return _form(uow, [text for texts in error.errors.values() for text in texts], 400)
    return go(f"{IMPORT}/{found.id}")


@pages.route(f"{IMPORT}/<uuid:id>", permission=LOGGED_IN)
def answers_preview(id: uuid.UUID) -> ResponseReturnValue:
    """What a file would do, or did, a line each, and every line that is wrong."""
    uow = current_uow()
    return _preview(uow, find_import(uow, id))


@pages.route(f"{IMPORT}/<uuid:id>/doen", permission=LOGGED_IN, methods=["POST"])
def answers_apply(id: uuid.UUID) -> ResponseReturnValue:
    """Write the answers of the file, all of them or none."""
    uow = current_uow()
    try:
        found = apply_answers(uow, id, request.form.get("version", 0, type=int))
    except (Invalid, Conflict) as error:
        return _refused(uow, id, error)
    number = len(found.rows)
    say(n_("{n} antwoord staat klaar om te versturen.", "{n} antwoorden staan klaar om te versturen.", number))
    return go(f"{IMPORT}/{id}")


@pages.route(f"{IMPORT}/<uuid:id>/terug", permission=LOGGED_IN, methods=["POST"])
def answers_undo(id: uuid.UUID) -> ResponseReturnValue:
    """Take back what was not sent yet."""
    uow = current_uow()
    try:
        back, kept = undo_answers(uow, id, request.form.get("version", 0, type=int))
    except (Invalid, Conflict) as error:
        return _refused(uow, id, error)
    say(n_("{n} antwoord is teruggenomen.", "{n} antwoorden zijn teruggenomen.", back))
    if kept:
        say(n_("{n} antwoord was al verstuurd en blijft staan.", "{n} antwoorden waren al verstuurd en blijven staan.", kept), "warning")
    return go(f"{IMPORT}/{id}")


def _refused(uow: UnitOfWork, id: uuid.UUID, error: Invalid | Conflict) -> ResponseReturnValue:
    uow.rollback()
    texts = [text for found in error.errors.values() for text in found] if isinstance(error, Invalid) else [error.message]
    return _preview(uow, find_import(uow, id), texts, 400 if isinstance(error, Invalid) else 409)


def _form(uow: UnitOfWork, problems: list[Text] | None = None, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "doe_mee/desk_import.html",
        tabs=tabs(uow.actor, paths.DESK_ANSWERS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_ANSWERS),
        problems=problems or [],
        action=page_url(IMPORT),
        most_rows=format_number(MAX_SPREADSHEET_ROWS),
        exports=[(name.upper(), page_url(f"{paths.DESK_ANSWERS}.{name}")) for name in ("xlsx", "csv")],
        back_url=page_url(paths.DESK_ANSWERS),
        breadcrumbs=_trail((TITLE, None)),
    )


def _preview(uow: UnitOfWork, found: AnswerImport, problems: list[Text] | None = None, status: int = 200) -> ResponseReturnValue:
    rows = import_rows(found)
    return render_status(
        status,
        "doe_mee/desk_import_preview.html",
        tabs=tabs(uow.actor, paths.DESK_ANSWERS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_ANSWERS),
        run=found,
        moment=format_moment(found.at),
        problems=problems or [],
        wrong=[(item["line"], problem_text(item)) for item in found.problems[:SHOWN]],
        wrong_number=len(found.problems),
        rows=rows[:SHOWN],
        number=len(rows),
        labels=OUTCOME_LABELS,
        apply_url=page_url(f"{IMPORT}/{found.id}/doen"),
        undo_url=page_url(f"{IMPORT}/{found.id}/terug"),
        again_url=page_url(IMPORT),
        list_url=page_url(paths.DESK_ANSWERS) + "?stand=geschreven",
        breadcrumbs=_trail((TITLE, IMPORT), (found.name, None)),
        dense=True,
    )


def _trail(*more: Any) -> Any:
    return crumbs((LABEL, paths.HOME), (DESK, paths.DESK_ANSWERS), (LIST_TITLE, paths.DESK_ANSWERS), *more)


def _csv_line(cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    """A spreadsheet would run a cell that starts like a formula; reading it in takes the mark off again."""
    return f"'{cell}" if cell.startswith(_RUN) else cell


def _saved(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
