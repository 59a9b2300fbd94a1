"""Decisions, what they weigh, and what the level of a table asks of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, exists, func, select

from citycontent.api import Organization
from samen_core.api import Order, SearchDocument, SortKey, UnitOfWork, markdown_text
from samen_inbreng.api import Theme
from samen_samenspreker.models import Decision, Option, OptionVersion, Proposal, Question, Weighing

AnyRow = Row[*tuple[Any, ...]]
_D = Decision.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_QUESTION: BindParameter[Any] = bindparam("question_id", type_=_D.question_id.type)

TITLE_THEN: ColumnElement[str] = func.coalesce(
    select(OptionVersion.title)
    .where(OptionVersion.option_id == Option.id, OptionVersion.at <= _D.published_at)
    .order_by(OptionVersion.number.desc())
    .limit(1)
    .correlate(Option, Decision)
    .scalar_subquery(),
    Option.title,
)
"""How an option was called when the decision was published, of a select with both; for a draft its name now."""

OPTION_TITLE = TITLE_THEN.label("option_title")

ORDER = Order("samenspreker.decisions", SortKey(Decision.id, descending=True))
COLUMNS = (
    *Decision.__table__.columns,
    Organization.name.label("organization_name"),
    Organization.slug.label("organization_slug"),
    OPTION_TITLE,
    Option.position.label("option_position"),
)
_FULL = select(*COLUMNS).outerjoin(Organization, Organization.id == _D.organization_id).outerjoin(Option, Option.id == _D.option_id)
OF_TABLE = _FULL.where(_D.question_id == _QUESTION)
_ALL = OF_TABLE.order_by(_D.id.desc())
_BY_ID = _FULL.where(_D.id == bindparam("id", type_=_D.id.type))
_WEIGHINGS = (
    select(
        Weighing.decision_id,
        Weighing.option_id,
        Weighing.theme_id,
        Weighing.text,
        OPTION_TITLE,
        Option.position.label("option_position"),
        Theme.title.label("theme_title"),
        Theme.contributions,
    )
    .select_from(Weighing)
    .join(Decision, Decision.id == Weighing.decision_id)
    .outerjoin(Option, Option.id == Weighing.option_id)
    .outerjoin(Theme, Theme.id == Weighing.theme_id)
    .where(Weighing.decision_id.in_(_IDS))
    .order_by(Weighing.option_id.is_(None), Option.position, Theme.position, Weighing.id)
)
_THEMES = (
    select(Theme.id, Theme.title, Theme.summary, Theme.contributions)
    .where(Theme.subject_id == _QUESTION, Theme.contributions > 0)
    .order_by(Theme.position, Theme.id)
)
_LEVEL = (
    select(Proposal.level)
    .where(Proposal.question_id == _QUESTION, Proposal.published_at.is_not(None))
    .order_by(Proposal.number.desc())
    .limit(1)
)
_IS_DECIDED = select(
    exists().where(_D.question_id == _QUESTION, _D.cycle == bindparam("cycle", type_=_D.cycle.type), _D.state == "published")
)
_WEIGHS_THEME = select(exists().where(Weighing.theme_id == bindparam("id"), _D.id == Weighing.decision_id, _D.state != "draft"))
_DOCUMENTS = (
    select(_D.id, Question.title, _D.text, _D.reasons, _D.decided_by)
    .join(Question, Question.id == _D.question_id)
    .where(_D.id.in_(_IDS), _D.state == "published")
)


@dataclass(slots=True)
class Decisions:
    """The decisions of a table: the one that holds now, earlier ones (newest first), and the draft."""

    published: AnyRow | None = None
    superseded: list[AnyRow] = field(default_factory=list)
    draft: AnyRow | None = None


def decisions_of(uow: UnitOfWork, question_id: uuid.UUID) -> Decisions:
    """The decisions of a table; rows with ``organization_name``, ``option_title`` and ``option_position``. One statement."""
    found = Decisions()
    for row in uow.session.execute(_ALL, {"question_id": question_id}):
        if row.state == "draft":
            found.draft = row
        elif row.state == "published":
            found.published = row
        else:
            found.superseded.append(row)
    return found


def is_decided(uow: UnitOfWork, question: Question) -> bool:
    """Whether the decision of this cycle is published. One statement."""
    return bool(uow.session.execute(_IS_DECIDED, {"question_id": question.id, "cycle": question.cycle}).scalar_one())


def is_theme_decided_on(uow: UnitOfWork, theme_id: uuid.UUID) -> bool:
    """Whether a decision that was published, superseded or not, weighs this theme of reactions. One statement."""
    return bool(uow.session.execute(_WEIGHS_THEME, {"id": theme_id}).scalar_one())


def decision_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """A decision in any state, like the rows of :func:`decisions_of`."""
    return uow.session.execute(_BY_ID, {"id": id}).one_or_none()


def weighings_of(uow: UnitOfWork, decision_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """What each of these decisions weighs, options first; rows with the titles. One statement."""
    found: dict[uuid.UUID, list[AnyRow]] = {id: [] for id in decision_ids}
    if found:
        for row in uow.session.execute(_WEIGHINGS, {"ids": list(found)}):
            found[row.decision_id].append(row)
    return found


def themes_to_weigh(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The themes of reactions of a table that have reactions, in order. One statement."""
    return uow.session.execute(_THEMES, {"question_id": question_id}).all()


def level_of(uow: UnitOfWork, question_id: uuid.UUID) -> str:
    """The level of influence in the published process proposal; empty without one. One statement."""
    return uow.session.execute(_LEVEL, {"question_id": question_id}).scalar_one_or_none() or ""


def decision_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """The text of published decisions for the search index. One statement."""
    return [
        SearchDocument(
            row.id, f"Besluit: {row.title}", keywords=row.decided_by, body="\n".join(map(markdown_text, (row.text, row.reasons)))
        )
        for row in uow.session.execute(_DOCUMENTS, {"ids": list(ids)})
    ]
