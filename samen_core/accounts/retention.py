"""What accounts do not keep: run every hour by the worker."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from samen_core.accounts.models import ApiToken, LoginFailure, User, UserSession
from samen_core.accounts.services.log_in import FORGET_AFTER
from samen_core.db.unit_of_work import UnitOfWork

UNCONFIRMED = timedelta(days=30)
ENDED_TOKENS = timedelta(days=365)
PENDING_EMAIL = timedelta(days=1)
BATCH = 500
"""How many unconfirmed accounts go in one run, so that the transaction stays short."""


def clean(uow: UnitOfWork) -> None:
    """Remove unconfirmed accounts of 30 days old, ended sessions, old failures, and tokens that ended a year ago."""
    now = uow.now
    session = uow.session
    session.execute(delete(UserSession).where(or_(UserSession.expires_at < now, UserSession.idle_until < now)))
    session.execute(delete(LoginFailure).where(LoginFailure.last_at < now - FORGET_AFTER))
    session.execute(update(User).where(User.pending_email_at < now - PENDING_EMAIL).values(pending_email=None, pending_email_at=None))
    session.execute(delete(ApiToken).where(or_(ApiToken.expires_at < now - ENDED_TOKENS, ApiToken.revoked_at < now - ENDED_TOKENS)))
    old = (
        select(User.id)
        .where(User.confirmed_at.is_(None), User.state == "active", User.created_at < now - UNCONFIRMED)
        .order_by(User.id)
        .limit(BATCH)
    )
    for account_id in session.scalars(old).all():
        session.execute(delete(User).where(User.id == account_id))
        uow.record("core.account.expired", account_id)
