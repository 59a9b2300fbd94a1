"""The public logbook of a thing: its log rows that are marked public, newest first, in the reader's language."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from samen_core.db.changes import Change
from samen_core.moderation import log_sentence
from samen_core.pagination import Order, Page, PageRequest, SortKey, fetch_page

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

LOG_ORDER = Order("logbook", SortKey(Change.seq, descending=True))
_LATEST = (
    select(Change).where(Change.subject_id == bindparam("subject_id"), Change.public).order_by(Change.seq.desc()).limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """What happened, when, and the reason that was given."""

    at: datetime
    sentence: str
    reason: str


def latest_lines(uow: UnitOfWork, subject_id: uuid.UUID, limit: int = 5) -> tuple[list[LogLine], bool]:
    """The newest lines, and whether there are older ones. One statement."""
    rows = uow.session.execute(_LATEST, {"subject_id": subject_id, "limit": limit + 1}).scalars().all()
    return [_line(uow, row) for row in rows[:limit]], len(rows) > limit


def log_page(uow: UnitOfWork, subject_id: uuid.UUID, request: PageRequest) -> Page[LogLine]:
    """A page of the whole logbook. Raises Invalid for a wrong cursor."""
    columns = select(*Change.__table__.columns).where(Change.subject_id == subject_id, Change.public)
    return fetch_page(uow.session, columns, LOG_ORDER, request).map(lambda row: _line(uow, Change(**row._mapping)))


def _line(uow: UnitOfWork, change: Change) -> LogLine:
    of_core = log_sentence(change.action, change.after or {})
    said: str | None = str(of_core) if of_core else uow.platform.registry.first("samen_render_log", str, change=change)
    return LogLine(change.at, said or change.sentence, change.reason)
