"""What accounts do not keep, besides the terms that their columns declare."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from samen_core.accounts.models import ApiToken, User, UserSession
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.i18n import _
from samen_core.privacy.retention import Due, RetentionRule, count_due, let_go

SESSIONS = timedelta(days=30)
"""The longest that a session lasts (``accounts.sessions.KEPT``)."""

UNCONFIRMED = timedelta(days=30)
ENDED_TOKENS = timedelta(days=365)

_SESSION: Any = UserSession.__table__
_TOKEN: Any = ApiToken.__table__
_USER: Any = User.__table__


def _ended_sessions(uow: UnitOfWork) -> ColumnElement[bool]:
    return or_(_SESSION.c.expires_at < uow.now, _SESSION.c.idle_until < uow.now)


def _ended_tokens(uow: UnitOfWork) -> ColumnElement[bool]:
    before = uow.now - ENDED_TOKENS
    return or_(_TOKEN.c.expires_at < before, _TOKEN.c.revoked_at < before)


def _unconfirmed(uow: UnitOfWork) -> ColumnElement[bool]:
    old = _USER.c.created_at < uow.now - UNCONFIRMED
    return and_(_USER.c.confirmed_at.is_(None), _USER.c.state == "active", old)


def _due_tokens(uow: UnitOfWork) -> Due:
    return count_due(uow, func.coalesce(_TOKEN.c.revoked_at, _TOKEN.c.expires_at), _ended_tokens(uow))


def _remove_unconfirmed(uow: UnitOfWork, limit: int) -> int:
    accounts = uow.session.scalars(select(_USER.c.id).where(_unconfirmed(uow)).order_by(_USER.c.id).limit(limit)).all()
    # Once more what holds: somebody may have confirmed the address since it was looked up.
    gone = delete(_USER).where(_USER.c.id.in_(accounts), _unconfirmed(uow)).returning(_USER.c.id)
    removed = uow.session.scalars(gone).all() if accounts else []
    for account_id in removed:
        uow.record("core.account.expired", account_id)
    return len(removed)


RULES = (
    RetentionRule(
        "core.sessions",
        _("Inloggen: apparaten en sessies"),
        _("tot uitloggen, hooguit 30 dagen"),
        due=lambda uow: count_due(uow, _SESSION.c.created_at, _ended_sessions(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_SESSION), _ended_sessions(uow), limit),
        terms=(SESSIONS,),
    ),
    RetentionRule(
        "core.tokens",
        _("API-tokens"),
        _("tot een jaar na verlopen of intrekken"),
        due=_due_tokens,
        apply=lambda uow, limit: let_go(uow, delete(_TOKEN), _ended_tokens(uow), limit),
        terms=(ENDED_TOKENS,),
    ),
    RetentionRule(
        "core.unconfirmed",
        _("Accounts zonder bevestigd e-mailadres"),
        _("30 dagen na het aanmelden"),
        due=lambda uow: count_due(uow, _USER.c.created_at, _unconfirmed(uow)),
        apply=_remove_unconfirmed,
        terms=(UNCONFIRMED,),
    ),
)
"""The rules of accounts."""
