"""What people send to account pages, and the commands that it becomes."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from samen_core.forms import FormSchema
from samen_core.i18n import LANGUAGES, _
from samen_core.permissions import ROLES

TOKEN_DAYS = {30: _("30 dagen"), 90: _("90 dagen"), 365: _("1 jaar")}
MAX_EMAIL = 254
MAX_NAME = 100
_ADDRESS = re.compile(r"[@/<>\\]|www\.|https?:", re.IGNORECASE)


def _email(**metadata: Any) -> fields.Email:
    shown = {"label": _("E-mailadres"), "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none", **metadata}
    return fields.Email(required=True, validate=validate.Length(max=MAX_EMAIL), metadata=shown)


def _no_address(value: str) -> None:
    if _ADDRESS.search(value):
        raise ValidationError([_("Gebruik hier geen webadres of e-mailadres.")])


def _password(autocomplete: str, *, required: bool = True, **metadata: Any) -> fields.String:
    shown = {"widget": "password", "autocomplete": autocomplete, **metadata}
    if required:
        return fields.String(required=True, validate=validate.Length(max=1000), metadata=shown)
    return fields.String(load_default="", validate=validate.Length(max=1000), metadata=shown)


_NEW_PASSWORD_HELP = _("Minstens 12 tekens, bijvoorbeeld drie of vier woorden achter elkaar. Plakken mag.")


@dataclass(frozen=True, slots=True)
class LogIn:
    """Log in with a password; ``keep`` means: stay logged in on this device."""

    email: str
    password: str
    keep: bool = False


class LogInSchema(FormSchema):
    """The log-in form."""

    email = _email(autocomplete="username")
    password = _password("current-password", label=_("Wachtwoord"))
    keep = fields.Boolean(
        load_default=False,
        metadata={"label": _("Ingelogd blijven op dit apparaat"), "help": _("Doe dit alleen op een apparaat dat u niet deelt.")},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> LogIn:
        return LogIn(**data)


class EmailSchema(FormSchema):
    """A form that asks only an e-mail address; it loads to a dict."""

    email = _email()


class NewEmailSchema(FormSchema):
    """The form for another e-mail address; it loads to a dict."""

    email = _email(label=_("Nieuw e-mailadres"))


@dataclass(frozen=True, slots=True)
class Register:
    """Ask for an account. The password comes later, when the e-mail address is proved: otherwise a stranger could choose it."""

    email: str
    display_name: str
    language: str = "nl"
    go_to: str = ""
    """The page that the visitor wanted to see, opened after confirming."""


class RegisterSchema(FormSchema):
    """The registration form; it loads to a dict, the view adds the language of the page."""

    email = _email(help=_("Wij sturen u een mail met een link om uw adres te bevestigen."))
    display_name = fields.String(
        required=True,
        validate=[validate.Length(2, MAX_NAME), _no_address],
        metadata={
            "label": _("Naam"),
            "help": _("Deze naam staat bij wat u schrijft. U mag zelf kiezen welke naam u gebruikt."),
            "autocomplete": "name",
        },
    )


class ConfirmSchema(FormSchema):
    """The page behind a confirmation link: a password may be chosen, or left for later."""

    password = _password(
        "new-password",
        required=False,
        label=_("Kies een wachtwoord"),
        help=_("Liever geen wachtwoord? Laat dit leeg. Dan logt u in met een link die wij u mailen."),
    )


class NewPasswordSchema(FormSchema):
    """The page behind a reset link."""

    password = _password("new-password", label=_("Nieuw wachtwoord"), help=_NEW_PASSWORD_HELP)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Choose another password; ``current`` is empty for an account that has none yet."""

    current: str
    password: str
    revoke_tokens: bool = True


class ChangePasswordSchema(FormSchema):
    """The form for who has a password."""

    current = _password("current-password", label=_("Huidig wachtwoord"))
    password = _password("new-password", label=_("Nieuw wachtwoord"), help=_NEW_PASSWORD_HELP)
    revoke_tokens = fields.Boolean(
        load_default=True,
        metadata={
            "label": _("Trek ook mijn API-tokens in"),
            "help": _(
                "Doe dit als iemand anders uw wachtwoord misschien kent. Programma's die namens u werken, hebben dan een nieuw token nodig."
            ),
        },
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> ChangePassword:
        return ChangePassword(data.get("current", ""), data["password"], data.get("revoke_tokens", True))


class FirstPasswordSchema(ChangePasswordSchema):
    """The form for who logs in by link and has no password yet."""

    class Meta:
        """There is no current password to ask."""

        exclude = ("current",)


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """What is shown of an account, and the language of its mails."""

    display_name: str
    language: str


class ProfileSchema(FormSchema):
    """The form of one's own name and language."""

    display_name = fields.String(
        required=True,
        validate=[validate.Length(2, MAX_NAME), _no_address],
        metadata={"label": _("Naam"), "help": _("Deze naam staat bij wat u schrijft."), "autocomplete": "name"},
    )
    language = fields.String(
        required=True,
        validate=validate.OneOf(list(LANGUAGES), labels=list(LANGUAGES.values())),
        metadata={"label": _("Taal van uw mails"), "widget": "radios"},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> ChangeProfile:
        return ChangeProfile(**data)


@dataclass(frozen=True, slots=True)
class CreateToken:
    """Make an API token that may do what ``scopes`` (names of permissions) say, for ``days`` days."""

    name: str
    scopes: tuple[str, ...]
    days: int


class TokenSchema(FormSchema):
    """The form of a new API token."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={
            "label": _("Waarvoor is het token?"),
            "help": _("Een naam waaraan u het later herkent, bijvoorbeeld: agenda op de buurtwebsite."),
        },
    )
    scopes = fields.List(
        fields.String(),
        load_default=list,
        metadata={
            "label": _("Wat mag het token?"),
            "help": _("Openbare informatie lezen mag altijd. Het token kan nooit meer dan u zelf."),
        },
    )
    days = fields.Integer(
        required=True,
        validate=validate.OneOf(TOKEN_DAYS),
        metadata={"label": _("Hoe lang blijft het geldig?"), "widget": "radios", "options": tuple(TOKEN_DAYS.items())},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> CreateToken:
        return CreateToken(data["name"], tuple(data["scopes"]), data["days"])


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Give an account a role on one subject, or on the whole city when ``scope`` is None."""

    account_id: uuid.UUID
    role: str
    scope: uuid.UUID | None = None
    reason: str = ""


class GrantSchema(FormSchema):
    """The form of a new grant; it loads to a dict, the view adds the account."""

    role = fields.String(
        required=True,
        validate=validate.OneOf(list(ROLES)),
        metadata={"label": _("Rol"), "widget": "select", "options": tuple(ROLES.items())},
    )
    scope = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={
            "label": _("Alleen voor één onderdeel"),
            "help": _(
                "Leeg betekent: voor de hele stad. Anders: plak hier het adres van de pagina, bijvoorbeeld van een organisatie of project."
            ),
            "spellcheck": "false",
        },
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(3, 500),
        metadata={
            "label": _("Reden"),
            "help": _("Komt in het logboek, bijvoorbeeld: nieuwe procesbegeleider sinds 1 december."),
            "widget": "text",
        },
    )


class ReasonSchema(FormSchema):
    """The form of something that needs only a reason; it loads to a dict."""

    reason = fields.String(
        required=True, validate=validate.Length(3, 500), metadata={"label": _("Reden"), "help": _("Komt in het logboek."), "widget": "text"}
    )


class EraseSchema(FormSchema):
    """The form to delete one's own account."""

    sure = fields.Boolean(
        load_default=False, metadata={"label": _("Ja, ik wil mijn account verwijderen. Ik weet dat dit niet terug te draaien is.")}
    )

    @post_load
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data["sure"]:
            raise ValidationError({"sure": [_("Vink dit aan als u het zeker weet.")]})
