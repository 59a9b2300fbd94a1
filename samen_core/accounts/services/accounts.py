"""Accounts themselves: made by the manager or the command line, changed by their owner, blocked."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from samen_core.accounts import passwords, queries
from samen_core.accounts.models import User, UserSession
from samen_core.accounts.schemas import ChangeProfile
from samen_core.accounts.services import sessions
from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid, NotAllowed
from samen_core.events.signals import ACCOUNT_CONFIRMED
from samen_core.i18n import SOURCE_LANGUAGE, _
from samen_core.pagination import Page, PageRequest
from samen_core.permissions import LOGGED_IN, MANAGE

_TAKEN = _("Er is al een account met dit e-mailadres.")


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """Make an account whose e-mail address is known to be right; without a password its owner logs in by link."""

    email: str
    display_name: str = ""
    password: str | None = None
    language: str = SOURCE_LANGUAGE


def normalised_email(value: str) -> str:
    """The address as it is stored: normalised and in lower case. Raises Invalid (field ``email``)."""
    from email_validator import EmailNotValidError, validate_email

    try:
        # test_environment only lets reserved names such as "test" pass: nobody can have a mailbox there.
        found = validate_email(value, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid({"email": [_("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")]}) from None
    return found.normalized.lower()


def create_account(uow: UnitOfWork, command: CreateAccount) -> User:
    """Make a confirmed account. Raises Invalid for a wrong or taken address or a weak password."""
    MANAGE.require(uow.actor)
    email = normalised_email(command.email)
    if queries.account_by_email(uow.session, email) is not None:
        raise Invalid({"email": [_TAKEN]})
    if command.password is not None:
        check_password(command.password, email, command.display_name)
    account = new_account(uow, email, command.display_name or email.partition("@")[0], command.language)
    account.confirmed_at = uow.now
    if command.password is not None:
        account.password = passwords.hash_password(command.password)
    uow.session.flush()
    uow.record("core.account.created", account.id, after={"confirmed": True})
    uow.send(ACCOUNT_CONFIRMED, account_id=account.id)
    return account


def new_account(uow: UnitOfWork, email: str, display_name: str, language: str) -> User:
    """An unconfirmed account in this transaction; the caller records it."""
    account = User(
        id=uuid7(),
        email=email,
        display_name=display_name.strip(),
        language=language,
        fs_uniquifier=secrets.token_hex(32),
        created_at=uow.now,
        active=True,
        state="active",
    )
    uow.session.add(account)
    return account


def check_password(password: str, *personal: str | None, field: str = "password") -> None:
    """Raise Invalid when this may not become somebody's password."""
    if wrong := passwords.problems(password, tuple(word for word in personal if word)):
        raise Invalid({field: wrong})


def own_account(uow: UnitOfWork) -> User:
    """The account of the actor. Raises NotAllowed for who is not logged in, NotFound for one that is gone."""
    LOGGED_IN.require(uow.actor)
    if uow.actor.account_id is None:
        raise NotAllowed(log_in=True)
    return queries.get_account(uow, uow.actor.account_id)


def get_account(uow: UnitOfWork, account_id: uuid.UUID) -> User:
    """Any account, for the manager. Raises NotFound."""
    MANAGE.require(uow.actor)
    return queries.get_account(uow, account_id)


def list_accounts(uow: UnitOfWork, request: PageRequest, *, words: str = "", role: str = "") -> Page[Any]:
    """Accounts, newest first, whose name or e-mail address holds ``words`` and that hold ``role`` somewhere; with their number."""
    MANAGE.require(uow.actor)
    return queries.account_page(uow, request, words=words, role=role)


def change_profile(uow: UnitOfWork, command: ChangeProfile) -> User:
    """Change one's own name and language."""
    account = own_account(uow)
    account.display_name = command.display_name.strip()
    account.language = command.language
    uow.record_change("core.account.changed", account, account.id)
    return account


def set_active(uow: UnitOfWork, account_id: uuid.UUID, active: bool, reason: str) -> User:
    """Block an account, or let it in again; blocking ends every session. Raises Invalid for the only manager."""
    MANAGE.require(uow.actor)
    account = queries.get_account(uow, account_id)
    if account.active == active:
        return account
    if not active:
        require_other_manager(uow, account_id)
        sessions.end_all(uow, account_id)
    account.active = active
    uow.record("core.account.unblocked" if active else "core.account.blocked", account.id, reason=reason)
    return account


def require_other_manager(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Raise Invalid when no other account could manage the platform without this one."""
    managers = queries.city_managers(uow)
    if managers and managers <= {account_id}:
        raise Invalid(_("Dit is de enige functioneel beheerder. Geef eerst iemand anders die rol."))


def renew_sessions(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let every session of an account get a new token at its next request, because its rights changed (NCSC)."""
    uow.session.execute(update(UserSession).where(UserSession.user_id == account_id).values(renew=True))
