"""Sending the mails of accounts, in the language of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core import mail
from samen_core.accounts import links, mail_texts
from samen_core.accounts.models import User
from samen_core.i18n import _
from samen_core.texts.filling import managed_mail

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.texts.declared import Value


def confirm(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """To a new account: confirm the address."""
    _queue(uow, account, mail_texts.CONFIRM, link=_link(uow, "confirm", account, go_to))


def exists(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """To an account whose address was used to register once more: log in with this link."""
    _queue(uow, account, mail_texts.EXISTS, link=_link(uow, "log_in", account, go_to))


def log_in(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """The link to log in with."""
    _queue(uow, account, mail_texts.LOG_IN, link=_link(uow, "log_in", account, go_to))


def reset(uow: UnitOfWork, account: User) -> None:
    """The link to choose a new password with."""
    _queue(uow, account, mail_texts.RESET, link=_link(uow, "reset", account))


def new_email(uow: UnitOfWork, account: User) -> None:
    """To the new address: confirm that it is right."""
    _queue(uow, account, mail_texts.NEW_EMAIL, to=account.pending_email, link=_link(uow, "email", account))


def email_change_asked(uow: UnitOfWork, account: User) -> None:
    """To the address that will be replaced: a warning while it can still be stopped."""
    _queue(uow, account, mail_texts.EMAIL_CHANGE, link=_page(uow, account))


def password_changed(uow: UnitOfWork, account: User, *, revoked: int, kept: int) -> None:
    """After a password was chosen: a warning, that also says how many API tokens were revoked or still work."""
    tokens = mail_texts.TOKENS_REVOKED if revoked else mail_texts.TOKENS_KEPT if kept else ""
    _queue(uow, account, mail_texts.PASSWORD_CHANGED, tokens=tokens, link=_page(uow, account))


def _link(uow: UnitOfWork, purpose: links.Purpose, account: User, go_to: str = "") -> str:
    return links.url(uow.platform, purpose, links.make(uow.platform, purpose, account, go_to), account.language)


def _page(uow: UnitOfWork, account: User) -> str:
    return links.page(uow.platform, "/wachtwoord-vergeten", account.language)


def _queue(uow: UnitOfWork, account: User, key: str, *, to: str | None = None, **values: Value) -> None:
    address = to or account.email
    if address:
        # Anybody may type anything as a name: it is not mailed to an address that is not proved.
        is_proved = account.confirmed_at is not None and address == account.email
        greeting = _("Beste {name},", name=account.display_name) if is_proved else _("Hallo,")
        mail.queue(uow, managed_mail(uow, key, address, account.language, {"greeting": greeting, **values}))
