"""The statements of accounts, built once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Row, bindparam, func, or_, select

from samen_core.accounts.models import ApiToken, LoginFailure, RoleGrant, User, UserSession
from samen_core.actor import Grant
from samen_core.errors import NotFound
from samen_core.i18n import _
from samen_core.pagination import Order, Page, PageRequest, SortKey, count_up_to, fetch_page
from samen_core.permissions import MANAGE
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from samen_core.db.unit_of_work import UnitOfWork

# The statements of every request name columns of tables, not of mapped classes: they give rows without the work of the ORM.
_USER, _SESSION, _TOKEN, _GRANT = (model.__table__.c for model in (User, UserSession, ApiToken, RoleGrant))

SESSION_AND_ACCOUNT: Any = (
    select(
        _SESSION.id,
        _SESSION.public_id,
        _SESSION.user_id,
        _SESSION.on_behalf_of_id,
        _SESSION.data,
        _SESSION.keep,
        _SESSION.renew,
        _SESSION.created_at,
        _SESSION.last_seen_at,
        _SESSION.expires_at,
        _USER.display_name,
        _USER.language,
        _USER.active,
    )
    .select_from(UserSession.__table__.outerjoin(User.__table__, _USER.id == _SESSION.user_id))
    .where(_SESSION.id == bindparam("id"), _SESSION.idle_until > bindparam("now"), _SESSION.expires_at > bindparam("now"))
)
"""The session with this hash, while it lasts, and the account that is logged in with it: one row."""

TOKEN_AND_ACCOUNT: Any = (
    select(
        _TOKEN.id,
        _TOKEN.hash,
        _TOKEN.user_id,
        _TOKEN.scopes,
        _TOKEN.last_used_at,
        _USER.display_name,
        _USER.language,
        _GRANT.role,
        _GRANT.scope_id,
    )
    .select_from(
        ApiToken.__table__.join(User.__table__, _USER.id == _TOKEN.user_id).outerjoin(RoleGrant.__table__, _GRANT.user_id == _USER.id)
    )
    .where(
        _TOKEN.hash == bindparam("hash"),
        _TOKEN.revoked_at.is_(None),
        _TOKEN.expires_at > bindparam("now"),
        _USER.active,
        _USER.state == "active",
    )
)
"""The token with this hash, while it is valid, and its account: a row per grant, or one row with an empty role."""

_GRANTS: Any = select(_GRANT.role, _GRANT.scope_id).where(_GRANT.user_id == bindparam("user_id"))

_LINK_STATE: Any = select(
    User.id,
    User.email,
    User.pending_email,
    User.password,
    User.display_name,
    User.language,
    User.fs_uniquifier,
    User.confirmed_at,
    User.last_login_at,
).where(User.id == bindparam("id"), User.active, User.state == "active")

_LINK_STATE_LOCKED: Any = _LINK_STATE.with_for_update()

_LOG_IN: Any = select(User.id, User.password, User.confirmed_at).where(
    User.email == bindparam("email"), User.active, User.state == "active"
)

_OWN_SESSIONS: Any = (
    select(UserSession.public_id, UserSession.id, UserSession.device, UserSession.created_at, UserSession.last_seen_at)
    .where(
        UserSession.user_id == bindparam("user_id"), UserSession.idle_until > bindparam("now"), UserSession.expires_at > bindparam("now")
    )
    .order_by(UserSession.last_seen_at.desc(), UserSession.public_id)
)
_OWN_TOKENS: Any = (
    select(
        ApiToken.id,
        ApiToken.name,
        ApiToken.prefix,
        ApiToken.scopes,
        ApiToken.created_at,
        ApiToken.expires_at,
        ApiToken.last_used_at,
        ApiToken.revoked_at,
    )
    .where(ApiToken.user_id == bindparam("user_id"))
    .order_by(ApiToken.created_at.desc(), ApiToken.id)
)
_GRANT_ROWS: Any = (
    select(
        RoleGrant.id,
        RoleGrant.user_id,
        RoleGrant.role,
        RoleGrant.scope_id,
        RoleGrant.granted_at,
        Subject.title.label("scope_title"),
        Subject.url.label("scope_url"),
    )
    .outerjoin(Subject, Subject.id == RoleGrant.scope_id)
    .order_by(RoleGrant.role, Subject.title, RoleGrant.id)
)
_FAILURES: Any = select(LoginFailure.key, LoginFailure.failures, LoginFailure.last_at)
_ACCOUNTS: Any = select(User.id, User.display_name, User.email, User.active, User.confirmed_at, User.created_at, User.last_login_at).where(
    User.state == "active"
)
ACCOUNT_ORDER = Order("newest", SortKey(User.created_at, descending=True), SortKey(User.id, descending=True))


def account_by_email(session: Session, email: str) -> User | None:
    """The account with this (normalised) e-mail address."""
    return session.scalar(select(User).where(User.email == email))


def get_account(uow: UnitOfWork, account_id: uuid.UUID) -> User:
    """An account that was not erased. Raises NotFound."""
    account = uow.session.get(User, account_id)
    if account is None or account.state != "active":
        raise NotFound(_("Dit account bestaat niet."))
    return account


def link_state(uow: UnitOfWork, account_id: uuid.UUID) -> Row[Any] | None:
    """What links and mails need to know of an account, or None when it is gone or blocked.

    Who writes holds the account until the end of the transaction, so that of two requests with one link only the first finds it unused.
    """
    return uow.session.execute(_LINK_STATE_LOCKED if uow.write else _LINK_STATE, {"id": account_id}).one_or_none()


def candidate(uow: UnitOfWork, email: str) -> Row[Any] | None:
    """Id, password hash and confirmation of the account with this e-mail address."""
    return uow.session.execute(_LOG_IN, {"email": email}).one_or_none()


def failures(uow: UnitOfWork, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """The failed attempts that are remembered under these keys."""
    rows: Any = uow.session.execute(_FAILURES.where(LoginFailure.key.in_(keys)))
    return {row.key: row for row in rows}


def grants_of(session: Session, account_id: uuid.UUID) -> tuple[Grant, ...]:
    """The grants of an account, as an actor carries them."""
    return tuple([Grant(role, scope) for role, scope in session.connection().execute(_GRANTS, {"user_id": account_id})])


def grant_rows(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The grants of an account with the titles of what they are on."""
    return uow.session.execute(_GRANT_ROWS.where(RoleGrant.user_id == account_id)).all()


def city_managers(uow: UnitOfWork) -> set[uuid.UUID]:
    """The accounts that may manage the whole platform, held until the end of the transaction: two managers cannot end each other."""
    statement = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id).order_by(RoleGrant.id).with_for_update()
    return set(
        uow.session.scalars(
            statement.where(RoleGrant.role.in_(MANAGE.roles), RoleGrant.scope_id.is_(None), User.active, User.state == "active")
        )
    )


def subject_named(uow: UnitOfWork, text: str) -> uuid.UUID | None:
    """The subject with this id, or whose page or permanent address this is."""
    path = urlsplit(text).path
    with suppress(ValueError):
        return uow.session.scalar(select(Subject.id).where(Subject.id == uuid.UUID(path.rstrip("/").rpartition("/")[2])))
    return uow.session.scalar(
        select(Subject.id).where(Subject.url == (path.removeprefix("/en") or "/"), Subject.state == "active").limit(1)
    )


def own_sessions(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[Row[Any]]:
    """Where an account is logged in now, last used first."""
    return uow.session.execute(_OWN_SESSIONS, {"user_id": account_id, "now": uow.now}).all()


def own_tokens(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The API tokens of an account, newest first, also those that ended."""
    return uow.session.execute(_OWN_TOKENS, {"user_id": account_id}).all()


def account_page(uow: UnitOfWork, request: PageRequest, *, words: str = "", role: str = "") -> Page[Any]:
    """Accounts, newest first, whose name or e-mail address holds ``words`` and that hold ``role`` somewhere."""
    statement = _ACCOUNTS
    if words:
        pattern = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(or_(func.lower(User.display_name).like(pattern, escape="\\"), User.email.like(pattern, escape="\\")))
    if role:
        statement = statement.where(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == role)))
    page = fetch_page(uow.session, statement, ACCOUNT_ORDER, request)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement))
