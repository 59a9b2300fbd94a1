"""Where an account is logged in, and logging out there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import delete, update

from samen_core.accounts import queries
from samen_core.accounts.models import UserSession
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import NotAllowed, NotFound
from samen_core.i18n import _
from samen_core.permissions import LOGGED_IN


def end_session(uow: UnitOfWork, public_id: uuid.UUID) -> None:
    """Log out on one of one's own devices. Raises NotFound when that session ended already or is another's."""
    account_id = _own(uow)
    ended = uow.session.connection().execute(
        delete(UserSession).where(UserSession.public_id == public_id, UserSession.user_id == account_id)
    )
    if ended.rowcount != 1:
        raise NotFound(_("U bent daar al uitgelogd."))
    uow.record("core.account.session_ended", account_id, after={"sessions": 1})


def end_others(uow: UnitOfWork, keep: str) -> int:
    """Log out everywhere but in the session with the hash ``keep``; the number of sessions ended."""
    account_id = _own(uow)
    ended = end_all(uow, account_id, keep=keep)
    if ended:
        uow.record("core.account.session_ended", account_id, after={"sessions": ended})
    return ended


def end_all(uow: UnitOfWork, account_id: uuid.UUID, *, keep: str = "") -> int:
    """End the sessions of an account, all or but one; the caller checked the right to do so. The number ended."""
    statement = delete(UserSession).where(UserSession.user_id == account_id, UserSession.id != keep)
    return int(uow.session.connection().execute(statement).rowcount)


def act_for(uow: UnitOfWork, subject_id: uuid.UUID | None) -> None:
    """Check and record on whose behalf the actor goes on. Raises NotAllowed for an organisation one is no member of."""
    from samen_core.capacities import require_capacity

    account_id = _own(uow)
    if subject_id is not None:
        require_capacity(uow, subject_id)
    uow.record("core.account.acts_for", account_id, after={"on_behalf_of": subject_id})


def stop_acting_for(uow: UnitOfWork, subject_ids: Iterable[uuid.UUID], account_id: uuid.UUID | None = None) -> None:
    """Let the sessions of an account, or of everybody, go on for oneself where they act for one of these subjects.

    Called in the transaction that takes the right away. The caller checked its own permission.
    """
    ids = list(subject_ids)
    if ids:
        statement = update(UserSession).where(UserSession.on_behalf_of_id.in_(ids)).values(on_behalf_of_id=None)
        uow.session.connection().execute(statement if account_id is None else statement.where(UserSession.user_id == account_id))


def _own(uow: UnitOfWork) -> uuid.UUID:
    LOGGED_IN.require(uow.actor)
    if uow.actor.account_id is None or queries.get_account(uow, uow.actor.account_id) is None:
        raise NotAllowed(log_in=True)
    return uow.actor.account_id
