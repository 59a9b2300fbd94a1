"""What an account follows, and which moments that is about: the same ones on its page and in its own calendar."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true

from citycontent.api import Area
from samen_beleidsagenda.models import Body, Dossier, DossierArea, DossierTheme, Entry, FeedKey, Follow
from samen_core.api import Change, UnitOfWork

MOST_FOLLOWED = 500
"""What one account may follow: more is no selection."""
_E, _F = Entry.__table__.c, Follow.__table__.c
_INNER, _OUTER = Area.__table__.alias("inner_area").c, Area.__table__.alias("outer_area").c


def entry_condition(account_id: uuid.UUID) -> ColumnElement[bool]:
    """Moments (rows of Entry) of what an account follows: its dossiers, bodies, themes, and areas with all that lies in them."""
    mine = select(_F.subject_id).where(_F.account_id == account_id)
    theme, area = DossierTheme.__table__.c, DossierArea.__table__.c
    return or_(
        _E.dossier_id.in_(mine),
        _E.body_id.in_(mine),
        _E.dossier_id.in_(select(theme.dossier_id).where(theme.theme_id.in_(mine))),
        _E.dossier_id.in_(select(area.dossier_id).where(area.area_id.in_(_areas(mine)))),
    )


def follows(uow: UnitOfWork) -> Sequence[uuid.UUID]:
    """What the actor follows, newest first; nothing for who is not logged in. One statement."""
    if uow.actor.account_id is None:
        return []
    mine = select(Follow.subject_id).where(Follow.account_id == uow.actor.account_id).order_by(Follow.at.desc(), Follow.id.desc())
    return uow.session.execute(mine).scalars().all()


def is_followed(uow: UnitOfWork, subject_id: uuid.UUID) -> bool:
    """Whether the actor follows a thing. One statement; none for who is not logged in."""
    if uow.actor.account_id is None:
        return False
    mine = select(Follow.id).where(Follow.account_id == uow.actor.account_id, Follow.subject_id == subject_id)
    return uow.session.execute(mine).first() is not None


def is_body(uow: UnitOfWork, organization_id: uuid.UUID) -> bool:
    """Whether an organisation is a body of the agenda. One statement."""
    return uow.session.execute(select(Body.organization_id).where(Body.organization_id == organization_id)).first() is not None


def has_feed_key(uow: UnitOfWork) -> bool:
    """Whether the actor has an address of its own for a calendar. One statement."""
    mine = select(FeedKey.account_id).where(FeedKey.account_id == uow.actor.account_id)
    return uow.session.execute(mine).first() is not None


def follow_stamp(uow: UnitOfWork, account_id: uuid.UUID) -> tuple[Any, ...]:
    """What changes when the account follows more or less. One statement."""
    return tuple(uow.session.execute(select(func.count(), func.max(_F.at), func.min(_F.at)).where(_F.account_id == account_id)).one())


def latest_news(uow: UnitOfWork, account_id: uuid.UUID, limit: int) -> Sequence[Row[Change, str, str]]:
    """The newest public lines of the logbooks of followed dossiers that everybody may see, with the dossier. One statement."""
    statement = (
        select(Change, Dossier.title, Dossier.slug)
        .join(Dossier, Dossier.id == Change.subject_id)
        .join(Follow, and_(Follow.subject_id == Dossier.id, Follow.account_id == account_id))
        .where(Change.public == true(), Dossier.state == "published", Dossier.confidential.is_(False))
        .order_by(Change.at.desc(), Change.seq.desc())
        .limit(limit)
    )
    return uow.session.execute(statement).all()


def _areas(mine: Any) -> Any:
    """The areas in ``mine`` with those within: a city has wijken and those have buurten."""
    inside: Iterable[ColumnElement[bool]] = (_INNER.id.in_(mine), _INNER.parent_id.in_(mine), _OUTER.parent_id.in_(mine))
    joined = _INNER.id.table.outerjoin(_OUTER.id.table, _OUTER.id == _INNER.parent_id)
    return select(_INNER.id).select_from(joined).where(or_(*inside))
