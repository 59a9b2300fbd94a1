"""The mails of accounts as texts that a city may change: short, without personal data in the subject."""

from __future__ import annotations

from samen_core.i18n import Text, _
from samen_core.texts.declared import ManagedText, Placeholder

CONFIRM = "core.mail_confirm"
EXISTS = "core.mail_exists"
LOG_IN = "core.mail_log_in"
RESET = "core.mail_reset"
NEW_EMAIL = "core.mail_new_email"
EMAIL_CHANGE = "core.mail_email_change"
PASSWORD_CHANGED = "core.mail_password_changed"  # noqa: S105 - the name of a text

_IGNORE = _("Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Zonder uw klik verandert er niets.")
_ONCE = _("De link werkt één keer.")
_NOT_ME = _(
    "Was u dit niet? Kies dan meteen een nieuw wachtwoord. Daarmee logt u ook overal uit waar u was ingelogd, en werken uw API-tokens "
    "niet meer."
)
TOKENS_REVOKED = _("Uw API-tokens zijn ingetrokken: programma's die namens u werken, hebben een nieuw token nodig.")
TOKENS_KEPT = _("Uw API-tokens werken nog. Intrekken kan op de pagina van uw account.")

GREETING = Placeholder(
    "greeting",
    _("de begroeting, met de naam als wij zeker weten dat het adres van die persoon is"),
    _("Beste {name},", name="Fatima Aydın"),
)
_LINK = Placeholder("link", _("de link waarop de ontvanger klikt"), "https://www.voorbeeld.nl/inloggen/voorbeeld", required=True)
_PAGE = Placeholder(
    "link", _("de link naar de pagina voor een nieuw wachtwoord"), "https://www.voorbeeld.nl/wachtwoord-vergeten", required=True
)
_TOKENS = Placeholder("tokens", _("wat er met de API-tokens van dit account gebeurt; meestal leeg"), TOKENS_KEPT)


def _with_link(key: str, label: Text, explanation: Text, subject: Text, ask: Text) -> ManagedText:
    body = ("{greeting}", ask, "{link}", _ONCE, _IGNORE, "{city}")
    return ManagedText(key, label, explanation, body, subject, (GREETING, _LINK))


MAIL_TEXTS = (
    _with_link(
        CONFIRM,
        _("Mail: e-mailadres bevestigen"),
        _("Gaat naar wie een account maakt."),
        _("Bevestig uw e-mailadres"),
        _("Klik op de link om uw e-mailadres te bevestigen en uw account in gebruik te nemen. De link blijft 7 dagen geldig."),
    ),
    _with_link(
        EXISTS,
        _("Mail: u hebt al een account"),
        _("Gaat naar wie een account vraagt met een adres dat al een account heeft."),
        _("U hebt al een account"),
        _("Er is een account gevraagd voor dit e-mailadres, maar u hebt er al een. Met deze link logt u in; hij blijft 30 minuten geldig."),
    ),
    _with_link(
        LOG_IN,
        _("Mail: link om in te loggen"),
        _("Gaat naar wie wil inloggen zonder wachtwoord."),
        _("Uw link om in te loggen"),
        _("Klik op de link om in te loggen. De link blijft 30 minuten geldig."),
    ),
    _with_link(
        RESET,
        _("Mail: nieuw wachtwoord kiezen"),
        _("Gaat naar wie het wachtwoord vergat."),
        _("Kies een nieuw wachtwoord"),
        _("Klik op de link om een nieuw wachtwoord te kiezen. De link blijft 2 uur geldig."),
    ),
    _with_link(
        NEW_EMAIL,
        _("Mail: nieuw e-mailadres bevestigen"),
        _("Gaat naar het nieuwe adres van wie een ander e-mailadres wil gebruiken."),
        _("Bevestig uw nieuwe e-mailadres"),
        _("Klik op de link om dit e-mailadres voortaan voor uw account te gebruiken. De link blijft 1 dag geldig."),
    ),
    ManagedText(
        EMAIL_CHANGE,
        _("Mail: er is een ander e-mailadres gevraagd"),
        _("Gaat als waarschuwing naar het oude adres van wie een ander e-mailadres wil gebruiken."),
        (
            "{greeting}",
            _("Iemand die in uw account is ingelogd, wil een ander e-mailadres gaan gebruiken. Was u dit? Dan hoeft u niets te doen."),
            _NOT_ME,
            "{link}",
            "{city}",
        ),
        _("Er is een ander e-mailadres gevraagd voor uw account"),
        (GREETING, _PAGE),
    ),
    ManagedText(
        PASSWORD_CHANGED,
        _("Mail: uw wachtwoord is gewijzigd"),
        _("Gaat als waarschuwing naar wie een nieuw wachtwoord koos."),
        (
            "{greeting}",
            _("Uw wachtwoord is gewijzigd. Was u dit? Dan hoeft u niets te doen."),
            "{tokens}",
            _NOT_ME,
            "{link}",
            "{city}",
        ),
        _("Uw wachtwoord is gewijzigd"),
        (GREETING, _TOKENS, _PAGE),
    ),
)
