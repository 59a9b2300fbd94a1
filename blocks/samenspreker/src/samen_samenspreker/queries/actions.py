"""Actions of step 4 and the news of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from citycontent.api import Organization
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_samenspreker.models import Action, ActionUpdate

AnyRow = Row[*tuple[Any, ...]]
MOST = 300
_A = Action.__table__.c
_U = ActionUpdate.__table__.c
COLUMNS = (
    _A.id,
    _A.version,
    _A.cycle,
    _A.decision_id,
    _A.parent_id,
    _A.title,
    _A.description,
    _A.organization_id,
    _A.starts_on,
    _A.first_due_on,
    _A.due_on,
    _A.budget,
    _A.state,
    _A.progress,
    _A.weight,
    _A.position,
    _A.finished_on,
)
_NAMED = (Organization.name.label("organization"), Organization.slug.label("organization_slug"), Organization.sector.label("sector"))
_OF_QUESTION = (
    select(*COLUMNS, *_NAMED)
    .select_from(Action)
    .join(Organization, Organization.id == _A.organization_id)
    .where(_A.question_id == bindparam("question_id"))
)
_ALL = _OF_QUESTION.order_by(_A.position, _A.id).limit(MOST)
_UPDATE = (_U.id, _U.action_id, _U.text, _U.state, _U.progress, _U.due_before, _U.due_after, _U.at)
_UPDATES = select(*_UPDATE).where(_U.action_id == bindparam("action_id"))
_LATEST_ID = (
    select(func.max(_U.at).label("at"), _U.action_id)
    .where(_U.action_id.in_(bindparam("ids", expanding=True)), _U.text != "")
    .group_by(_U.action_id)
    .subquery()
)
_LATEST = select(*_UPDATE).join(_LATEST_ID, (_LATEST_ID.c.action_id == _U.action_id) & (_LATEST_ID.c.at == _U.at)).order_by(_U.id)
_POSITION = select(func.coalesce(func.max(_A.position), 0)).where(_A.question_id == bindparam("question_id"))
_UNFINISHED_PARTS = select(_A.title).where(_A.parent_id == bindparam("id"), _A.state.not_in(("done", "dropped"))).order_by(_A.position)
ORDER = Order("actions", SortKey(_A.position), SortKey(_A.id))
NEWEST = Order("newest", SortKey(_U.id, descending=True))


def actions_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """Every action of a table with its ``organization``, by position. One statement."""
    return uow.session.execute(_ALL, {"question_id": question_id}).all()


def action_page(uow: UnitOfWork, question_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """A page of the actions of a table, by position; rows with :data:`COLUMNS`."""
    return fetch_page(uow.session, _OF_QUESTION, ORDER, request, {"question_id": question_id})


def latest_updates(uow: UnitOfWork, action_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, AnyRow]:
    """The newest update with a text of each of these actions that has one. One statement."""
    if not action_ids:
        return {}
    return {row.action_id: row for row in uow.session.execute(_LATEST, {"ids": list(action_ids)})}


def update_page(uow: UnitOfWork, action_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """A page of the updates of an action, newest first."""
    return fetch_page(uow.session, _UPDATES, NEWEST, request, {"action_id": action_id})


def next_position(uow: UnitOfWork, question_id: uuid.UUID) -> int:
    """The place after the last action of a table."""
    return int(uow.session.execute(_POSITION, {"question_id": question_id}).scalar_one()) + 1


def unfinished_parts(uow: UnitOfWork, action_id: uuid.UUID) -> list[str]:
    """The titles of the parts of an action that still have to be done."""
    return list(uow.session.execute(_UNFINISHED_PARTS, {"id": action_id}).scalars())
