"""The mails of accounts: short, in the language of the account, without personal data in the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core import mail
from samen_core.accounts import links
from samen_core.accounts.models import User
from samen_core.i18n import Text, _

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

_IGNORE = _("Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Zonder uw klik verandert er niets.")
_ONCE = _("De link werkt één keer.")


def confirm(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """To a new account: confirm the address."""
    ask = _("Klik op de link om uw e-mailadres te bevestigen en uw account in gebruik te nemen. De link blijft 7 dagen geldig.")
    _queue(uow, account, _("Bevestig uw e-mailadres"), ask, _link(uow, "confirm", account, go_to), _ONCE, _IGNORE)


def exists(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """To an account whose address was used to register once more: log in with this link."""
    tell = _(
        "Er is een account gevraagd voor dit e-mailadres, maar u hebt er al een. Met deze link logt u in; hij blijft 30 minuten geldig."
    )
    _queue(uow, account, _("U hebt al een account"), tell, _link(uow, "log_in", account, go_to), _ONCE, _IGNORE)


def log_in(uow: UnitOfWork, account: User, go_to: str = "") -> None:
    """The link to log in with."""
    ask = _("Klik op de link om in te loggen. De link blijft 30 minuten geldig.")
    _queue(uow, account, _("Uw link om in te loggen"), ask, _link(uow, "log_in", account, go_to), _ONCE, _IGNORE)


def reset(uow: UnitOfWork, account: User) -> None:
    """The link to choose a new password with."""
    ask = _("Klik op de link om een nieuw wachtwoord te kiezen. De link blijft 2 uur geldig.")
    _queue(uow, account, _("Kies een nieuw wachtwoord"), ask, _link(uow, "reset", account), _ONCE, _IGNORE)


def new_email(uow: UnitOfWork, account: User) -> None:
    """To the new address: confirm that it is right."""
    ask = _("Klik op de link om dit e-mailadres voortaan voor uw account te gebruiken. De link blijft 1 dag geldig.")
    _queue(uow, account, _("Bevestig uw nieuwe e-mailadres"), ask, _link(uow, "email", account), _ONCE, _IGNORE, to=account.pending_email)


def email_change_asked(uow: UnitOfWork, account: User) -> None:
    """To the address that will be replaced: a warning while it can still be stopped."""
    tell = _("Iemand die in uw account is ingelogd, wil een ander e-mailadres gaan gebruiken. Was u dit? Dan hoeft u niets te doen.")
    _queue(uow, account, _("Er is een ander e-mailadres gevraagd voor uw account"), tell, _NOT_ME, _page(uow, account))


def password_changed(uow: UnitOfWork, account: User, *, revoked: int, kept: int) -> None:
    """After a password was chosen: a warning, that also says how many API tokens were revoked or still work."""
    tell = _("Uw wachtwoord is gewijzigd. Was u dit? Dan hoeft u niets te doen.")
    about_tokens = [_TOKENS_REVOKED] if revoked else [_TOKENS_KEPT] if kept else []
    _queue(uow, account, _("Uw wachtwoord is gewijzigd"), tell, *about_tokens, _NOT_ME, _page(uow, account))


_NOT_ME = _(
    "Was u dit niet? Kies dan meteen een nieuw wachtwoord. Daarmee logt u ook overal uit waar u was ingelogd, en werken uw API-tokens "
    "niet meer."
)
_TOKENS_REVOKED = _("Uw API-tokens zijn ingetrokken: programma's die namens u werken, hebben een nieuw token nodig.")
_TOKENS_KEPT = _("Uw API-tokens werken nog. Intrekken kan op de pagina van uw account.")


def _link(uow: UnitOfWork, purpose: links.Purpose, account: User, go_to: str = "") -> str:
    return links.url(uow.platform, purpose, links.make(uow.platform, purpose, account, go_to), account.language)


def _page(uow: UnitOfWork, account: User) -> str:
    return links.page(uow.platform, "/wachtwoord-vergeten", account.language)


def _queue(uow: UnitOfWork, account: User, subject: Text, *body: Text | str, to: str | None = None) -> None:
    address = to or account.email
    if address:
        # Anybody may type anything as a name: it is not mailed to an address that is not proved.
        is_proved = account.confirmed_at is not None and address == account.email
        greeting = _("Beste {name},", name=account.display_name) if is_proved else _("Hallo,")
        city = uow.platform.config.city
        mail.queue(uow, mail.Message(to=address, subject=subject, body=(greeting, *body, city.name), language=account.language))
