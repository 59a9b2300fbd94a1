"""What was answered to questionnaires: the kept counts, and the filled-in ones themselves for staff."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, bindparam, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_inbreng.models import AnswerCount, Response

TOTAL = ""
"""The question under which all responses are counted; no real one has this name."""

BATCH = 500
RESPONSES = Order("responses", SortKey(Response.id))
_COUNTS = select(AnswerCount.question, AnswerCount.value, AnswerCount.number).where(AnswerCount.activity_id == bindparam("activity_id"))
_RESPONSES = select(Response.id, Response.answers, Response.sector, Response.channel, Response.on).where(
    Response.activity_id == bindparam("activity_id")
)


def answer_counts(uow: UnitOfWork, activity_id: uuid.UUID) -> dict[str, dict[str, int]]:
    """How often each answer was given: ``{question: {value: number}}``; the responses themselves under :data:`TOTAL`. One statement."""
    found: dict[str, dict[str, int]] = {}
    for row in uow.session.execute(_COUNTS, {"activity_id": activity_id}):
        found.setdefault(row.question, {})[row.value] = row.number
    return found


def responses(uow: UnitOfWork, activity_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """A page of filled-in questionnaires, in no order that tells when: id, answers, sector, channel, on. One statement."""
    return fetch_page(uow.session, _RESPONSES, RESPONSES, request, {"activity_id": activity_id}, keep=True)


def all_responses(uow: UnitOfWork, activity_id: uuid.UUID) -> Iterator[Row[Any]]:
    """Every filled-in questionnaire, read in batches, so that memory does not grow."""
    last: uuid.UUID | None = None
    while True:
        statement = _RESPONSES.order_by(Response.id).limit(BATCH)
        if last is not None:
            statement = statement.where(Response.id > last)
        rows = uow.session.connection().execute(statement, {"activity_id": activity_id}).all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id
