"""The text of ideas, plans and activities for the search index: only of what everybody may read.

What was hidden, taken back or became part of something else is not found, nor are drafts: staff has them on the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from citycontent.api import Area, Theme
from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_doe_mee.queries.overview import IDEA, PUBLISHED, SHOWN_PLAN, A, P

_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)


def idea_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Ideas that are there for everybody, also found by number, place, neighbourhood and theme. One statement."""
    rows = uow.session.execute(_ideas(), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(str(row.number), row.place, row.area, row.theme), row.text) for row in rows]


def plan_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Plans that were published, also found by neighbourhood and theme. One statement."""
    rows = uow.session.execute(_plans(), {"ids": list(ids)})
    return [
        SearchDocument(row.id, row.title, _words(row.area, row.theme), _texts(row.summary, row.about, row.fixed, row.open)) for row in rows
    ]


def activity_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Activities of published plans, also found by the name of their plan. One statement."""
    rows = uow.session.execute(_activities(), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.plan_title, row.area), _texts(row.intro, row.result)) for row in rows]


@cache
def _ideas() -> Any:
    found = select(IDEA.id, IDEA.number, IDEA.title, IDEA.text, IDEA.place, Area.name.label("area"), Theme.name.label("theme"))
    found = found.outerjoin(Area, Area.id == IDEA.area_id).outerjoin(Theme, Theme.id == IDEA.theme_id)
    return found.where(IDEA.id.in_(_IDS), PUBLISHED)


@cache
def _plans() -> Any:
    found = select(P.id, P.title, P.summary, P.about, P.fixed, P.open, Area.name.label("area"), Theme.name.label("theme"))
    found = found.outerjoin(Area, Area.id == P.area_id).outerjoin(Theme, Theme.id == P.theme_id)
    return found.where(P.id.in_(_IDS), SHOWN_PLAN)


@cache
def _activities() -> Any:
    found = select(A.id, A.title, A.intro, A.result, P.title.label("plan_title"), Area.name.label("area"))
    found = found.join(P.id.table, P.id == A.plan_id).outerjoin(Area, Area.id == P.area_id)
    return found.where(A.id.in_(_IDS), A.removed_at.is_(None), SHOWN_PLAN)


def _words(*names: str | None) -> str:
    return " ".join(name for name in names if name)


def _texts(*sources: str) -> str:
    return "\n".join(markdown_text(source) for source in sources if source)
