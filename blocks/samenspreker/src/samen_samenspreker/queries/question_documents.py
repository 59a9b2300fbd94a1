"""The text of questions for the search index. Only what every visitor may read: the index knows no readers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from citycontent.api import Area, Theme
from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_samenspreker.models import Question

_QUESTIONS = (
    select(
        Question.id,
        Question.title,
        Question.description,
        Question.why_now,
        Question.reason,
        Area.name.label("area"),
        Theme.name.label("theme"),
    )
    .outerjoin(Area, Area.id == Question.area_id)
    .outerjoin(Theme, Theme.id == Question.theme_id)
    .where(Question.id.in_(bindparam("ids", expanding=True)), Question.state.in_(("accepted", "refused")))
)


def question_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Questions that were accepted or refused, with area and theme. One statement."""
    return [
        SearchDocument(
            row.id,
            row.title,
            keywords=" ".join(name for name in (row.area, row.theme) if name),
            body="\n".join(markdown_text(text) for text in (row.description, row.why_now, row.reason) if text),
        )
        for row in uow.session.execute(_QUESTIONS, {"ids": list(ids)})
    ]
