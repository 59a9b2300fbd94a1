"""Logging in: with a password, slowed down after failures, or with a link from a mail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.accounts import links, mails, passwords, queries
from samen_core.accounts.keys import keyed_hash
from samen_core.accounts.models import LoginFailure, User
from samen_core.accounts.schemas import LogIn
from samen_core.accounts.services.accounts import normalised_email
from samen_core.accounts.services.registration import confirmed
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid

if TYPE_CHECKING:
    from samen_core.platform import Platform

FREE_FOR_ACCOUNT = 3
"""Failures on one e-mail address before waiting starts; people mistype."""
FREE_FOR_ADDRESS = 20
"""Failures from one network address before waiting starts; a library or town hall shares one address."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)

Result = Literal["ok", "wrong", "unconfirmed", "wait"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a try to log in came to. ``wait`` is in seconds; ``account_id`` is for the log, never for the page."""

    result: Result
    keys: tuple[str, ...]
    account_id: uuid.UUID | None = None
    wait: int = 0


def try_password(uow: UnitOfWork, command: LogIn, address: str) -> Attempt:
    """Judge a password, reading only, so that no lock is held while argon2 works. ``address`` is the visitor's network address.

    Give what comes back to :func:`record_attempt` in a unit of work that writes.
    """
    try:
        email = normalised_email(command.email)
    except Invalid:
        email = command.email.strip().lower()
    keys = _keys(uow.platform, email, address)
    wait = _wait(uow, keys)
    if wait:
        return Attempt("wait", keys, wait=wait)
    found = queries.candidate(uow, email)
    uow.rollback()
    right = passwords.verify(found.password if found else None, command.password)
    if found is None or not right:
        return Attempt("wrong", keys, found.id if found else None)
    return Attempt("ok" if found.confirmed_at else "unconfirmed", keys, found.id)


def record_attempt(uow: UnitOfWork, attempt: Attempt) -> User | None:
    """Count and log a failure, or let the account in: its row when it may log in now, else None. Commit this also after a failure."""
    if attempt.result == "wait":
        return None
    if attempt.result == "wrong" or attempt.account_id is None:
        _count_failure(uow, attempt.keys)
        uow.record("core.account.login_failed", attempt.account_id, result="refused", after={"with": "password"})
        return None
    if attempt.result == "unconfirmed":
        mails.confirm(uow, queries.get_account(uow, attempt.account_id))
        return None
    account = queries.get_account(uow, attempt.account_id)
    uow.session.execute(delete(LoginFailure).where(LoginFailure.key == attempt.keys[0]))
    logged_in(uow, account, "password")
    return account


def ask_link(uow: UnitOfWork, email: str, go_to: str = "") -> None:
    """Mail a link to log in with. Who asks sees the same for a known and an unknown address."""
    _mail_if_known(uow, email, "log_in", go_to)


def ask_reset(uow: UnitOfWork, email: str) -> None:
    """Mail a link to choose a new password with. Who asks sees the same for a known and an unknown address."""
    _mail_if_known(uow, email, "reset")


def use_link(uow: UnitOfWork, token: str) -> User:
    """Log in with a link; that also proves the address. Raises LinkExpired."""
    link = links.read(uow, "log_in", token)
    account = queries.get_account(uow, link.account_id)
    confirmed(uow, account)
    logged_in(uow, account, "link")
    return account


def logged_in(uow: UnitOfWork, account: User, way: str) -> None:
    """Note a log-in on the account and in the log."""
    account.last_login_at = uow.now
    uow.record("core.account.logged_in", account.id, after={"with": way})


def logged_out(uow: UnitOfWork) -> None:
    """Note a log-out in the log."""
    if uow.actor.account_id is not None:
        uow.record("core.account.logged_out", uow.actor.account_id)


def waiting_time(failures: int, free: int) -> timedelta:
    """How long after the last of this many failures nothing is tried: doubling from 5 seconds to 15 minutes."""
    if failures <= free:
        return timedelta(0)
    return min(FIRST_WAIT * int(2 ** min(failures - free - 1, 20)), LONGEST_WAIT)


def _mail_if_known(uow: UnitOfWork, email: str, purpose: Literal["log_in", "reset"], go_to: str = "") -> None:
    account = queries.account_by_email(uow.session, normalised_email(email))
    known = account is not None and account.active and account.state == "active"
    # Logged either way: peaks should show, and the time that the answer takes should not tell which it was.
    uow.record(
        "core.account.link_asked", account.id if account and known else None, after={"for": purpose}, result="ok" if known else "refused"
    )
    if account is not None and known:
        if purpose == "log_in":
            mails.log_in(uow, account, go_to)
        else:
            mails.reset(uow, account)


def _keys(platform: Platform, email: str, address: str) -> tuple[str, str]:
    return keyed_hash(platform, "login.email", email), keyed_hash(platform, "login.address", address)


def _wait(uow: UnitOfWork, keys: Sequence[str]) -> int:
    remembered = queries.failures(uow, keys)
    seconds = 0.0
    for key, free in zip(keys, (FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS), strict=True):
        if (row := remembered.get(key)) is not None:
            until = row.last_at + waiting_time(row.failures, free)
            seconds = max(seconds, (until - uow.now).total_seconds())
    return max(0, -int(-seconds // 1))


def _count_failure(uow: UnitOfWork, keys: Sequence[str]) -> None:
    insert: Any = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(LoginFailure).values([{"key": key, "failures": 1, "last_at": uow.now} for key in sorted(keys)])
    again = case((LoginFailure.last_at < uow.now - FORGET_AFTER, 1), else_=LoginFailure.failures + 1)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"failures": again, "last_at": uow.now}))
