"""Final reports to read: which there are, one as it was frozen, and its rows with the words of the contributions as they are now."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, func, select

from samen_core.api import Order, Page, PageRequest, SearchDocument, SortKey, UnitOfWork, fetch_page, markdown_text
from samen_inbreng.api import Activity, Contribution, said
from samen_samenspreker.models import FinalReport, Question, ReportDraft, ReportRow

AnyRow = Row[*tuple[Any, ...]]
BATCH = 500
_REPORT = FinalReport.__table__.c
_ROW = ReportRow.__table__.c
_SAID = Contribution.__table__.c
_WITHOUT_PARTS = (
    _REPORT.id,
    _REPORT.question_id,
    _REPORT.cycle,
    _REPORT.number,
    _REPORT.deviations,
    _REPORT.file_id,
    _REPORT.published_at,
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_OF_TABLE = select(*_WITHOUT_PARTS).where(_REPORT.question_id == bindparam("question_id")).order_by(_REPORT.number.desc())
_ONE = select(*_WITHOUT_PARTS, _REPORT.parts)
_BY_ID = _ONE.where(_REPORT.id == bindparam("id"))
_BY_NUMBER = _ONE.where(_REPORT.question_id == bindparam("question_id"), _REPORT.number == bindparam("number"))

ROWS = Order("samenspreker.report_rows", SortKey(ReportRow.position))
_ROWS = (
    select(
        _ROW.position,
        _ROW.contribution_id,
        _ROW.number,
        _ROW.reply_to,
        _ROW.theme,
        _ROW.also,
        _ROW.sector,
        _ROW.channel,
        _ROW.outcome,
        _ROW.response,
        _SAID.activity_id,
        _SAID.state,
        _SAID.text,
        _SAID.answers,
        _SAID.language,
    )
    .join(Contribution, _SAID.id == _ROW.contribution_id)
    .where(_ROW.report_id == bindparam("report_id"))
)
_ROWS_BETWEEN = _ROWS.where(_ROW.position.between(bindparam("first"), bindparam("last")))
_BATCH = _ROWS.where(_ROW.position > bindparam("after")).order_by(_ROW.position).limit(BATCH)
_ACTIVITIES = select(Activity.id, Activity.slug, Activity.title, Activity.form).where(Activity.subject_id == bindparam("question_id"))
_CHANGED = (
    select(func.count(), func.sum(_SAID.version))
    .select_from(ReportRow)
    .join(Contribution, _SAID.id == _ROW.contribution_id)
    .where(_ROW.report_id == bindparam("report_id"))
)
_HOLDING = select(_ROW.report_id).where(_ROW.contribution_id == bindparam("contribution_id")).distinct()
_DOCUMENTS = (
    select(_REPORT.id, _REPORT.number, _REPORT.deviations, Question.title)
    .join(Question, Question.id == _REPORT.question_id)
    .where(_REPORT.id.in_(_IDS))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of part B ready to read. ``text`` is None for what was taken back or hidden since (``state``)."""

    position: int
    contribution_id: uuid.UUID
    activity_id: uuid.UUID
    number: int
    reply_to: int | None
    theme: str
    also: str
    sector: str
    channel: str
    outcome: str
    response: str
    state: str
    text: str | None
    language: str


Activities = Mapping[uuid.UUID, AnyRow]


def reports_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The final reports of a table without their parts, the newest first. One statement."""
    return uow.session.execute(_OF_TABLE, {"question_id": question_id}).all()


def report_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """A report with its parts. One statement."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def report_by_number(uow: UnitOfWork, question_id: uuid.UUID, number: int) -> AnyRow | None:
    """A report with its parts. One statement."""
    return uow.session.execute(_BY_NUMBER, {"question_id": question_id, "number": number}).one_or_none()


def report_draft(uow: UnitOfWork, question_id: uuid.UUID) -> ReportDraft | None:
    """The texts of a report that is being written. One statement."""
    return uow.session.get(ReportDraft, question_id)


def activities_of_report(uow: UnitOfWork, question_id: uuid.UUID) -> Activities:
    """The activities of a table (slug, title, form) by id. One statement."""
    return {row.id: row for row in uow.session.execute(_ACTIVITIES, {"question_id": question_id})}


def entries_page(
    uow: UnitOfWork, report_id: uuid.UUID, request: PageRequest, activities: Activities, between: tuple[int, int] | None = None
) -> Page[Entry]:
    """A page of part B; of the rows ``between`` two positions, both included, when given. One statement."""
    values: dict[str, Any] = {"report_id": report_id}
    statement = _ROWS
    if between is not None:
        statement = _ROWS_BETWEEN
        values |= {"first": between[0], "last": between[1]}
    return fetch_page(uow.session, statement, ROWS, request, values, keep=True).map(lambda row: _entry(row, activities))


def all_entries(uow: UnitOfWork, report_id: uuid.UUID, activities: Activities) -> Iterator[list[Entry]]:
    """All of part B in order, in lists of at most :data:`BATCH`, so that memory does not grow. A statement each."""
    after = 0
    while True:
        rows = uow.session.connection().execute(_BATCH, {"report_id": report_id, "after": after}).all()
        if rows:
            yield [_entry(row, activities) for row in rows]
        if len(rows) < BATCH:
            return
        after = rows[-1].position


def state_of_rows(uow: UnitOfWork, report_id: uuid.UUID) -> str:
    """A code that changes when any contribution in the report does. One statement."""
    row = uow.session.execute(_CHANGED, {"report_id": report_id}).one()
    return f"{row[0]}-{row[1] or 0}"


def reports_holding(uow: UnitOfWork, contribution_id: uuid.UUID) -> list[uuid.UUID]:
    """The reports that a contribution stands in. One statement."""
    return list(uow.session.execute(_HOLDING, {"contribution_id": contribution_id}).scalars())


def report_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """The text of part A of final reports for the search index. One statement."""
    found = []
    for row in uow.session.execute(_DOCUMENTS, {"ids": list(ids)}):
        texts = [text for part in row.deviations.values() for text in part.values() if text]
        found.append(SearchDocument(row.id, f"Eindverslag: {row.title}", body="\n".join(map(markdown_text, texts))))
    return found


def _entry(row: AnyRow, activities: Activities) -> Entry:
    shown = row.state == "published"
    form = activities[row.activity_id].form
    return Entry(
        row.position,
        row.contribution_id,
        row.activity_id,
        row.number,
        row.reply_to,
        row.theme,
        row.also,
        row.sector,
        row.channel,
        row.outcome,
        row.response,
        row.state,
        said(form, row.text, row.answers) if shown else None,
        row.language,
    )
