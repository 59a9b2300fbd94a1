"""The report in two columns: what people said, and what became of it; per theme, then what has none.

Every contribution stands in it once: under the first of its themes, with the others named, so that the numbers add up.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, literal, select

from samen_core.api import Count, Order, Page, PageRequest, SortKey, Subject, UnitOfWork, count_up_to, fetch_page
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution, Theme, ThemedContribution
from samen_inbreng.queries.answers import NEEDS_ANSWER, Outcome, answered_by, is_current, outcomes_of, sent
from samen_inbreng.queries.themes import themes_of_contributions
from samen_inbreng.said import said

BATCH = 500
LAST = 1_000_000
"""The place of what has no theme: after every theme."""


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which contributions. ``outcome`` "" is what waits for an answer; ``theme`` is an id, or "none" for what has no theme."""

    theme: uuid.UUID | str | None = None
    outcome: str | None = None
    sector: str | None = None
    channel: str | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    activity_ids: tuple[uuid.UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One contribution with what became of it. ``author`` is what is shown, "" for an anonymous one; ``themes`` are (id, title) pairs.

    ``text`` is what was said with the answers to the questions of the activity, a paragraph each.
    """

    id: uuid.UUID
    number: int
    activity_id: uuid.UUID
    activity_slug: str
    activity_title: str
    text: str
    author: str
    organization: str
    sector: str
    channel: str
    area_id: uuid.UUID | None
    received_on: date
    at: datetime
    supports: int
    themes: tuple[tuple[uuid.UUID, str], ...]
    outcome: Outcome | None


def _first_themes(subject_id: uuid.UUID) -> Any:
    return (
        select(ThemedContribution.contribution_id, func.min(Theme.position).label("position"))
        .join(Theme, Theme.id == ThemedContribution.theme_id)
        .where(Theme.subject_id == subject_id)
        .group_by(ThemedContribution.contribution_id)
        .subquery("first_theme")
    )


def _entries(subject_id: uuid.UUID, filter: ReportFilter) -> tuple[Select[Any], Order]:
    first = _first_themes(subject_id)
    statement = (
        select(
            Contribution.id,
            Contribution.number,
            Contribution.activity_id,
            Activity.slug,
            Activity.title,
            Activity.form,
            Contribution.text,
            Contribution.answers,
            Contribution.author_name,
            Subject.title.label("organization"),
            Contribution.sector,
            Contribution.channel,
            Contribution.area_id,
            Contribution.received_on,
            Contribution.at,
            Contribution.supports,
            func.coalesce(first.c.position, literal(LAST)).label("place"),
        )
        .join(Activity, Activity.id == Contribution.activity_id)
        .outerjoin(first, first.c.contribution_id == Contribution.id)
        .outerjoin(Subject, Subject.id == Contribution.on_behalf_of_id)
        .where(Contribution.subject_id == subject_id, NEEDS_ANSWER)
    )
    entries = _narrowed(statement, filter).subquery("entry")
    order = Order("report", SortKey(entries.c.place), SortKey(entries.c.at), SortKey(entries.c.id))
    return select(*entries.c), order


def _narrowed(statement: Select[Any], filter: ReportFilter) -> Select[Any]:
    if filter.sector is not None:
        statement = statement.where(Contribution.sector == filter.sector)
    if filter.channel is not None:
        statement = statement.where(Contribution.channel == filter.channel)
    if filter.area_ids is not None:
        statement = statement.where(Contribution.area_id.in_(filter.area_ids))
    if filter.activity_ids is not None:
        statement = statement.where(Contribution.activity_id.in_(filter.activity_ids))
    if filter.theme is not None:
        themed = exists().where(ThemedContribution.contribution_id == Contribution.id)
        statement = statement.where(~themed if filter.theme == "none" else themed.where(ThemedContribution.theme_id == filter.theme))
    if filter.outcome is not None:
        statement = statement.where(_has_outcome(filter.outcome) if filter.outcome else ~answered_by(sent()))
    return statement


def _has_outcome(outcome: str) -> Any:
    return exists().where(
        AnswerTarget.contribution_id == Contribution.id,
        Answer.id == AnswerTarget.answer_id,
        Answer.outcome == outcome,
        sent(),
        is_current(Answer, AnswerTarget),
    )


def report_page(
    uow: UnitOfWork, subject_id: uuid.UUID, filter: ReportFilter, request: PageRequest, *, with_count: bool = True
) -> Page[ReportRow]:
    """A page of the report. Four statements at most."""
    statement, order = _entries(subject_id, filter)
    values = {"now": uow.now}
    page = fetch_page(uow.session, statement, order, request, values)
    count = None
    if with_count:
        complete = not request.cursor and page.next is None
        count = Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values)
    return Page(_with_outcomes(uow, page.items), page.next, page.previous, count)


def report_rows(uow: UnitOfWork, subject_id: uuid.UUID, filter: ReportFilter | None = None) -> Iterator[ReportRow]:
    """Every row of the report in order, read in batches, so that memory does not grow. Three statements per 500 contributions."""
    statement, order = _entries(subject_id, filter or ReportFilter())
    cursor = None
    while True:
        asked, values = statement, {"now": uow.now}
        if cursor is not None:
            asked = statement.where(order.beyond("next"))
            values |= {f"page_key_{index}": value for index, value in enumerate(order.values(cursor))}
        rows = uow.session.connection().execute(asked.order_by(*order.forward).limit(BATCH), values).all()
        yield from _with_outcomes(uow, rows)
        if len(rows) < BATCH:
            return
        cursor = rows[-1]


def _with_outcomes(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> list[ReportRow]:
    ids = [row.id for row in rows]
    outcomes, themes = outcomes_of(uow, ids), themes_of_contributions(uow, ids)
    return [
        ReportRow(
            row.id,
            row.number,
            row.activity_id,
            row.slug,
            row.title,
            said(row.form, row.text, row.answers),
            row.author_name,
            row.organization or "",
            row.sector,
            row.channel,
            row.area_id,
            row.received_on,
            row.at,
            row.supports,
            tuple(themes[row.id]),
            outcomes.get(row.id),
        )
        for row in rows
    ]
