"""What is somebody's own: their ideas, what they support, where they took part, meetings they come to, plans they work at.

By the account, or without one by the codes that their browser keeps; nothing of others.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, union_all

from samen_core.api import UnitOfWork
from samen_doe_mee.models import CoInitiator, Colleague, Registration, TookPart, Voice
from samen_doe_mee.queries.overview import ACTIVITY_CARD, IDEA, IDEA_CARD, PUBLISHED, SHOWN_PLAN, A, AnyRow, E, M, P

MOST = 50
"""Of each kind, the newest."""
_V, _T, _R = Voice.__table__.c, TookPart.__table__.c, Registration.__table__.c
_CO, _C = CoInitiator.__table__.c, Colleague.__table__.c


def has_own(uow: UnitOfWork, account_id: uuid.UUID) -> bool:
    """Whether an account has anything on its own page. One statement."""
    parts = (
        select(IDEA.id).where(IDEA.account_id == account_id),
        select(_CO.id).where(_CO.account_id == account_id),
        select(_V.id).where(_V.account_id == account_id),
        select(_T.id).where(_T.account_id == account_id),
        select(_R.id).where(_R.account_id == account_id),
        select(_C.id).where(_C.account_id == account_id),
    )
    return uow.session.connection().execute(select(union_all(*parts).subquery().c.id).limit(1)).first() is not None


def own_ideas(uow: UnitOfWork, account_id: uuid.UUID | None, key_hashes: Iterable[str] = ()) -> Sequence[AnyRow]:
    """The ideas that somebody wrote or carries, newest first, whatever their state. One statement."""
    mine: list[ColumnElement[bool]] = []
    if account_id is not None:
        carried = select(_CO.idea_id).where(_CO.account_id == account_id, _CO.accepted_at.is_not(None))
        mine += [IDEA.account_id == account_id, IDEA.id.in_(carried)]
    if hashes := list(key_hashes):
        mine.append(IDEA.key_hash.in_(hashes))
    if not mine:
        return []
    found = select(*IDEA_CARD, IDEA.state, IDEA.created_at).where(or_(*mine))
    return uow.session.connection().execute(found.order_by(IDEA.created_at.desc(), IDEA.id.desc()).limit(MOST)).all()


def own_supports(uow: UnitOfWork, who: Iterable[str]) -> Sequence[AnyRow]:
    """The ideas that somebody supports, the last one first. One statement; none for who is not known."""
    hashes = list(who)
    if not hashes:
        return []
    found = select(*IDEA_CARD, _V.confirmed_at).join(_V.id.table, _V.idea_id == IDEA.id)
    found = found.where(_V.who.in_(hashes), PUBLISHED)
    return uow.session.connection().execute(found.order_by(_V.at.desc(), _V.id.desc()).limit(MOST)).all()


def own_activities(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[AnyRow]:
    """The activities in which an account took part, the last one first, with when that was. One statement.

    Without an account nobody can be found: the hash of a device is another one at each activity.
    """
    found = select(*ACTIVITY_CARD, P.state.label("plan_state"), _T.at.label("taken_at"), A.result_at)
    found = found.join(P.id.table, P.id == A.plan_id).join(_T.id.table, _T.activity_id == A.id)
    found = found.where(_T.account_id == account_id, A.removed_at.is_(None), SHOWN_PLAN)
    return uow.session.connection().execute(found.order_by(_T.at.desc(), _T.id.desc()).limit(MOST)).all()


def own_registrations(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[AnyRow]:
    """The meetings that somebody registered for, the latest first. One statement."""
    columns: tuple[Any, ...] = (E.id, E.name, E.start_date, E.end_date, E.all_day, E.location, E.area_id, E.status)
    found = select(*columns, _R.state.label("registration_state"), _R.people, P.title.label("plan_title"))
    found = found.join(M.id.table, M.id == E.id).join(_R.id.table, _R.meeting_id == M.id).join(P.id.table, P.id == M.plan_id)
    found = found.where(_R.account_id == account_id, E.state == "active")
    return uow.session.connection().execute(found.order_by(E.start_date.desc(), E.id.desc()).limit(MOST)).all()


def own_plans(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[AnyRow]:
    """The plans that somebody works at as a colleague, newest first, with the role. One statement."""
    columns = (P.id, P.slug, P.title, P.summary, P.state, P.area_id, P.opens_at, P.closes_at, _C.role)
    found = select(*columns).join(_C.id.table, _C.plan_id == P.id).where(_C.account_id == account_id)
    return uow.session.connection().execute(found.order_by(P.created_at.desc(), P.id.desc()).limit(MOST)).all()
