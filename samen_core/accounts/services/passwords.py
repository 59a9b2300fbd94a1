"""Choosing another password, with the old one or with a link."""

from __future__ import annotations

import secrets

from samen_core.accounts import links, mails, passwords, queries
from samen_core.accounts.models import User
from samen_core.accounts.schemas import ChangePassword
from samen_core.accounts.services import sessions, tokens
from samen_core.accounts.services.accounts import check_password, own_account
from samen_core.accounts.services.registration import confirmed
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.i18n import _


def change_password(uow: UnitOfWork, command: ChangePassword, *, keep_session: str) -> User:
    """Choose another password; every other session ends, and every API token unless the command keeps them.

    Raises Invalid for a wrong current or a weak new one, both at once.
    """
    account = own_account(uow)
    errors = {}
    if account.password is not None and not passwords.verify(account.password, command.current):
        errors["current"] = [_("Dit is niet uw huidige wachtwoord.")]
    try:
        check_password(command.password, account.email, account.display_name)
    except Invalid as weak:
        errors.update(weak.errors)
    if errors:
        raise Invalid(errors)
    _set(uow, account, command.password, revoke_tokens=command.revoke_tokens)
    sessions.end_all(uow, account.id, keep=keep_session)
    return account


def reset_password(uow: UnitOfWork, token: str, password: str) -> User:
    """Choose a new password with a link from a mail; every session and API token ends.

    Raises LinkExpired, or Invalid for a weak one.
    """
    link = links.read(uow, "reset", token)
    account = queries.get_account(uow, link.account_id)
    check_password(password, account.email, account.display_name)
    confirmed(uow, account)
    _set(uow, account, password, revoke_tokens=True)
    sessions.end_all(uow, account.id)
    return account


def _set(uow: UnitOfWork, account: User, password: str, *, revoke_tokens: bool) -> None:
    account.password = passwords.hash_password(password)
    # Links that were mailed before no longer fit, and neither does anything else that Flask-Security tied to the old one.
    account.fs_uniquifier = secrets.token_hex(32)
    uow.record("core.account.password_changed", account.id)
    revoked = tokens.revoke_all(uow, account.id) if revoke_tokens else 0
    mails.password_changed(uow, account, revoked=revoked, kept=tokens.live_tokens(uow, account.id))
