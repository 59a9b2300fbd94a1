"""Views that staff keep of the list, ready texts, and the organisations that have cases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, or_, select

from citycontent.api import Organization
from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, Category, ReadyText, Rule, SavedView
from samen_oog_oor.queries.work import AnyRow

_V, _R, _C = SavedView.__table__.c, ReadyText.__table__.c, Category.__table__.c
_OWN = _V.account_id == bindparam("account_id", type_=_V.account_id.type)
_VIEWS = (
    select(_V.id, _V.name, _V.query, _V.shared, _OWN.label("own"))
    .where(or_(_OWN, _V.shared.is_(True)))
    .order_by(_OWN.desc(), _V.name, _V.id)
    .limit(200)
)
MOST_ORGANIZATIONS = 300
MAX_AGE = 2.0
"""Seconds that a process goes on with the organisations that it read."""
_lately: WeakKeyDictionary[Any, tuple[float, Sequence[AnyRow]]] = WeakKeyDictionary()
_O = Organization.__table__.c


def saved_views(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The views that the actor may use: own ones first, then those that colleagues share. One statement."""
    return uow.session.connection().execute(_VIEWS, {"account_id": uow.actor.account_id}).all()


def organizations_with_cases(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The organisations that have cases, or get them by a rule or category: ``id``, ``name`` and ``slug``, by name. One statement.

    Those with cases are found by walking the index of organisations, so that it costs no more with a hundred thousand cases.
    """
    return uow.session.connection().execute(_with_cases()).all()


def organizations_lately(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The same as it was at most two seconds ago, for the answers of a filter: each process reads them again after that."""
    now = uow.platform.monotonic()
    known = _lately.get(uow.platform)
    if known is None or now - known[0] > MAX_AGE:
        _lately[uow.platform] = known = (now, organizations_with_cases(uow))
    return known[1]


@cache
def _with_cases() -> Any:
    has_case = select(1).where(Case.__table__.c.organization_id == _O.id).exists()
    by_rule = select(Rule.__table__.c.organization_id)
    by_category = select(_C.organization_id).where(_C.organization_id.is_not(None))
    return (
        select(_O.id, _O.name, _O.slug)
        .where(_O.state == "active", or_(_O.id.in_(by_rule), _O.id.in_(by_category), has_case))
        .order_by(_O.sort_name, _O.id)
        .limit(MOST_ORGANIZATIONS)
    )


def ready_texts(
    uow: UnitOfWork, *, state: str = "", category_ids: Sequence[uuid.UUID] | None = None, all: bool = False
) -> Sequence[AnyRow]:
    """Texts to start from, in their order, those of a category before those for every one; ``category_ids`` are it and what it is in."""
    statement = select(*_R, _C.name.label("category_name")).outerjoin(Category.__table__, _C.id == _R.category_id)
    if not all:
        statement = statement.where(_R.active.is_(True))
    if state:
        statement = statement.where(_R.state == state)
    if category_ids is not None:
        statement = statement.where(or_(_R.category_id.is_(None), _R.category_id.in_(list(category_ids))))
    return uow.session.execute(statement.order_by(_R.state, _R.category_id.is_(None), _R.position, _R.name, _R.id).limit(500)).all()
