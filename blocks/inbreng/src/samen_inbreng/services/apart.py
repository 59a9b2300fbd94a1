"""Keeping answers apart from who gave them, also for who reads the tables as the database stores them.

A response and the mark that somebody responded are written in one transaction, so their rows follow the same order and bear its number:
whoever holds the database and the key of the installation could lay them side by side. Laid anew in an order of their own they say
nothing of each other.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select

from samen_core.api import UnitOfWork
from samen_inbreng.models import Activity, Respondent, Response

LATELY = timedelta(days=7)
"""Of what closed longer ago nothing was added since the last time."""


def lay_apart(uow: UnitOfWork) -> None:
    """A daily job: write the responses of questionnaires anew by their random ids, and who responded by the hashes."""
    over = Activity.__table__.c
    lately = or_(over.closed_at > uow.now - LATELY, over.closes_at > uow.now - LATELY, over.closed_at.is_(None) & over.closes_at.is_(None))
    running = select(over.id).where(over.kind == "questionnaire", over.opens_at <= uow.now, lately).order_by(over.id)
    for id in uow.session.execute(running).scalars().all():
        _again(uow, Response, id)
        _again(uow, Respondent, id)


def _again(uow: UnitOfWork, model: type[Response] | type[Respondent], activity_id: uuid.UUID) -> None:
    table: Any = model.__table__
    order = [column.name for column in table.primary_key]
    connection = uow.session.connection()
    gone = connection.execute(delete(table).where(table.c.activity_id == activity_id).returning(*table.c)).mappings()
    if rows := sorted((dict(row) for row in gone), key=lambda row: [row[name] for name in order]):
        connection.execute(insert(table), rows)
