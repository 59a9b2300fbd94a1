"""Who holds which role where, and which API tokens there are: the statements of the overview for the yearly review (BIO2 5.18.02)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from samen_core.accounts.models import ApiToken, RoleGrant, User
from samen_core.db.changes import Change
from samen_core.pagination import Order, Page, PageRequest, SortKey, count_up_to, fetch_page
from samen_core.permissions import MANAGE
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

UNUSED_AFTER = timedelta(days=180)
"""A right whose holder did not log in for so long, and a token that was not used, is worth asking about."""

_Giver = aliased(User)
_GRANTS: Any = (
    select(
        RoleGrant.id,
        RoleGrant.user_id,
        RoleGrant.role,
        RoleGrant.scope_id,
        RoleGrant.granted_at,
        RoleGrant.granted_by_id,
        User.display_name,
        User.email,
        User.active,
        User.last_login_at,
        _Giver.display_name.label("giver"),
        Subject.title.label("scope_title"),
        Subject.url.label("scope_url"),
        Subject.owner.label("scope_owner"),
    )
    .join(User, User.id == RoleGrant.user_id)
    .outerjoin(_Giver, _Giver.id == RoleGrant.granted_by_id)
    .outerjoin(Subject, Subject.id == RoleGrant.scope_id)
)
_GRANT_ORDER = Order("role", SortKey(RoleGrant.role), SortKey(User.display_name, personal=True), SortKey(RoleGrant.id))
_TOKENS: Any = select(
    ApiToken.id,
    ApiToken.user_id,
    ApiToken.name,
    ApiToken.prefix,
    ApiToken.scopes,
    ApiToken.created_at,
    ApiToken.expires_at,
    ApiToken.last_used_at,
    ApiToken.revoked_at,
    User.display_name,
    User.email,
).join(User, User.id == ApiToken.user_id)
_TOKEN_ORDER = Order("newest", SortKey(ApiToken.created_at, descending=True), SortKey(ApiToken.id, descending=True))
_REASONS: Any = select(Change.subject_id, Change.at, Change.after, Change.reason).where(Change.action == "core.grant.given")


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """Which grants to show: a role, a place ("city": the whole city, "part": one thing), the block of that thing, words, only unused."""

    role: str = ""
    place: str = ""
    block: str = ""
    words: str = ""
    unused: bool = False


def grant_page(uow: UnitOfWork, request: PageRequest, asked: GrantFilter) -> Page[Row[Any]]:
    """Grants by role and name, counted up to a thousand. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    statement = _narrowed(_GRANTS, asked, uow.now)
    page = fetch_page(uow.session, statement, _GRANT_ORDER, request)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement))


def all_grants(uow: UnitOfWork, asked: GrantFilter) -> Sequence[Row[Any]]:
    """The same, all of them. One statement. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    rows: Sequence[Row[Any]] = uow.session.execute(_narrowed(_GRANTS, asked, uow.now).order_by(*_GRANT_ORDER.forward)).all()
    return rows


def grant_reasons(uow: UnitOfWork, rows: Iterable[Row[Any]] | None = None) -> Mapping[tuple[uuid.UUID, datetime, str, str], str]:
    """Why grants were given, from the log, by :func:`grant_key`: of these rows, or of every account that has a role now. One statement."""
    MANAGE.require(uow.actor)
    holders: Any = select(RoleGrant.user_id) if rows is None else {row.user_id for row in rows}
    found = uow.session.execute(_REASONS.where(Change.subject_id.in_(holders)))
    return {
        (row.subject_id, row.at, (row.after or {}).get("role", ""), str((row.after or {}).get("scope") or "")): row.reason for row in found
    }


def grant_key(row: Row[Any]) -> tuple[uuid.UUID, datetime, str, str]:
    """What tells which log row is about this grant: whose, when, which role, on what."""
    return row.user_id, row.granted_at, row.role, str(row.scope_id or "")


def holders(uow: UnitOfWork) -> Mapping[str, int]:
    """How many accounts have each role somewhere. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    statement = select(RoleGrant.role, func.count(RoleGrant.user_id.distinct()).label("number")).group_by(RoleGrant.role)
    return {row.role: row.number for row in uow.session.execute(statement)}


def token_page(uow: UnitOfWork, request: PageRequest, *, live: bool) -> Page[Row[Any]]:
    """The API tokens of all accounts, newest first; with ``live`` only those that work now. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    statement = _live(_TOKENS, uow.now) if live else _TOKENS
    page = fetch_page(uow.session, statement, _TOKEN_ORDER, request)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement))


def all_tokens(uow: UnitOfWork, *, live: bool) -> Sequence[Row[Any]]:
    """The same, all of them. One statement. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    statement = _live(_TOKENS, uow.now) if live else _TOKENS
    rows: Sequence[Row[Any]] = uow.session.execute(statement.order_by(*_TOKEN_ORDER.forward)).all()
    return rows


def _narrowed(statement: Select[Any], asked: GrantFilter, now: datetime) -> Select[Any]:
    if asked.role:
        statement = statement.where(RoleGrant.role == asked.role)
    if asked.place:
        statement = statement.where(RoleGrant.scope_id.is_(None) if asked.place == "city" else RoleGrant.scope_id.is_not(None))
    if asked.block:
        statement = statement.where(Subject.owner == asked.block)
    if asked.words:
        pattern = "%" + asked.words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        told = (func.lower(User.display_name), User.email, func.lower(Subject.title))
        statement = statement.where(or_(*(column.like(pattern, escape="\\") for column in told)))
    if asked.unused:
        statement = statement.where(
            or_(User.last_login_at.is_(None), User.last_login_at < now - UNUSED_AFTER), RoleGrant.granted_at < now - UNUSED_AFTER
        )
    return statement


def _live(statement: Select[Any], now: datetime) -> Select[Any]:
    return statement.where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
