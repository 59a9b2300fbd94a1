"""Asking for an account, and proving that an e-mail address is one's own."""

from __future__ import annotations

from samen_core.accounts import links, mails, passwords, queries
from samen_core.accounts.models import User
from samen_core.accounts.schemas import Register
from samen_core.accounts.services.accounts import check_password, new_account, normalised_email, own_account
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.events.signals import ACCOUNT_CONFIRMED
from samen_core.i18n import _


def register(uow: UnitOfWork, command: Register) -> None:
    """Ask for an account. What the caller sees is the same for a new and a known address; the mail tells which it was."""
    email = normalised_email(command.email)
    account = queries.account_by_email(uow.session, email)
    if account is None:
        account = new_account(uow, email, command.display_name, command.language)
        uow.session.flush()
        uow.record("core.account.created", account.id, after={"confirmed": False})
    elif account.state != "active" or not account.active:
        return
    else:
        uow.record("core.account.created", account.id, result="refused")
        if account.confirmed_at is None:
            account.display_name, account.language = command.display_name.strip(), command.language
    (mails.exists if account.confirmed_at else mails.confirm)(uow, account, command.go_to)


def confirm(uow: UnitOfWork, token: str, password: str = "") -> User:
    """Confirm the address of the account that a link is for, with a first password if one is chosen.

    Raises LinkExpired, or Invalid for a weak password.
    """
    link = links.read(uow, "confirm", token)
    account = queries.get_account(uow, link.account_id)
    if password:
        check_password(password, account.email, account.display_name)
        account.password = passwords.hash_password(password)
    confirmed(uow, account)
    return account


def confirmed(uow: UnitOfWork, account: User) -> None:
    """Note that the owner of this account reads its mail; does nothing the second time."""
    if account.confirmed_at is None:
        account.confirmed_at = uow.now
        uow.record("core.account.confirmed", account.id)
        uow.send(ACCOUNT_CONFIRMED, account_id=account.id)


def ask_email_change(uow: UnitOfWork, email: str) -> None:
    """Ask for another e-mail address: a link goes to the new one, a notice to the old one.

    A taken address gets no mail and gives no other answer.
    """
    account = own_account(uow)
    new = normalised_email(email)
    if new == account.email:
        raise Invalid({"email": [_("Dit is al uw e-mailadres.")]})
    account.pending_email, account.pending_email_at = new, uow.now
    uow.record("core.account.email_change_asked", account.id)
    if queries.account_by_email(uow.session, new) is None:
        mails.new_email(uow, account)
    mails.email_change_asked(uow, account)


def change_email(uow: UnitOfWork, token: str) -> User:
    """Take the new address into use. Raises LinkExpired, or Invalid when somebody else took it in the meantime."""
    link = links.read(uow, "email", token)
    account = queries.get_account(uow, link.account_id)
    if not account.pending_email:
        raise links.LinkExpired(links.USED)
    if queries.account_by_email(uow.session, account.pending_email) is not None:
        raise Invalid(_("Dit e-mailadres is intussen van een ander account."))
    account.email, account.pending_email, account.pending_email_at = account.pending_email, None, None
    uow.record("core.account.email_changed", account.id)
    confirmed(uow, account)
    return account
