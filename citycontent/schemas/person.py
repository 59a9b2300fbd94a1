"""Commands about persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.schemas.common import (
    SHORT,
    Delete,
    DeleteSchema,
    choice_field,
    email_field,
    identifiers_field,
    line_field,
    links_field,
    phone_field,
    prose_field,
    sources_field,
    url_field,
    version_field,
)
from citycontent.schemas.fields import CommandSchema
from samen_core.api import Text, _

VISIBILITY_LABELS: dict[str, Text] = {
    "public_officer": _("Openbaar ambt: iedereen ziet alles"),
    "known": _("Bekend persoon: iedereen ziet de naam en de rol"),
    "private": _("Niet openbaar: alleen de beheerder ziet deze persoon"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePerson:
    """Add a person. An empty ``name`` is made from the parts."""

    name: str = ""
    given_name: str = ""
    family_name_prefix: str = ""
    family_name: str = ""
    honorific_prefix: str = ""
    honorific_suffix: str = ""
    visibility: str = "known"
    summary: str = ""
    biography: str = ""
    email: str = ""
    phone: str = ""
    homepage: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    links: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePerson(CreatePerson):
    """Replace what is known of a person; ``version`` is the one that was read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePerson(Delete):
    """Take a person away; ``erase`` empties everything that is known of the person too."""

    erase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccount:
    """Say that the account with this e-mail address is a person."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkPerson:
    """Let the person go from the account; the reason is kept in the log."""

    reason: str = ""


class CreatePersonSchema(CommandSchema):
    """A new person, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreatePerson

    given_name = line_field(_("Voornaam"))
    family_name_prefix = line_field(_("Tussenvoegsel"), longest=40)
    family_name = line_field(_("Achternaam"))
    name = line_field(_("Naam zoals die getoond wordt"), _("Leeg laten mag: dan staat er voornaam, tussenvoegsel en achternaam."))
    honorific_prefix = line_field(_("Titel voor de naam"), longest=40)
    honorific_suffix = line_field(_("Titel na de naam"), longest=40)
    visibility = choice_field(VISIBILITY_LABELS, _("Wie mag deze persoon zien?"), default="known", widget="radios")
    summary = line_field(_("In één zin"), _("Welke rol heeft deze persoon in de stad?"), SHORT)
    biography = prose_field(_("Over deze persoon"))
    email = email_field(_("E-mailadres voor het werk"))
    phone = phone_field()
    homepage = url_field(_("Website"))
    identifiers = identifiers_field()
    links = links_field()
    sources = sources_field()

    @validates_schema(skip_on_field_errors=False)
    def _check_name(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not (data.get("name") or data.get("given_name") or data.get("family_name")):
            raise ValidationError({"family_name": [_("Vul een naam in.")]})


class UpdatePersonSchema(CreatePersonSchema):
    """Changes to a person."""

    command: ClassVar[type[Any]] = UpdatePerson

    version = version_field()


class DeletePersonSchema(DeleteSchema):
    """The form that takes a person away."""

    command: ClassVar[type[Any]] = DeletePerson

    erase = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Alles wissen, op verzoek van deze persoon"),
            "help": _("Dan blijft er ook voor de beheerder niets van deze persoon over."),
            "widget": "checkbox",
        },
    )


class LinkAccountSchema(CommandSchema):
    """The form with which a manager ties an account to a person."""

    command: ClassVar[type[Any]] = LinkAccount

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={
            "label": _("E-mailadres van het account"),
            "help": _("Alleen op verzoek van wie het account heeft. Daarna mag die namens de organisaties van deze persoon meepraten."),
            "widget": "email",
        },
    )


class UnlinkPersonSchema(CommandSchema):
    """The form with which a manager ends the tie between an account and a person."""

    command: ClassVar[type[Any]] = UnlinkPerson

    reason = line_field(_("Waarom?"), _("Dit komt in het logboek."), SHORT)
