"""What people send about seats: adding, offering, answering, handing over, ending."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import (
    SECTOR_LABELS,
    SHORT,
    CommandSchema,
    Line,
    choice_field,
    line_field,
    prose_field,
    reference_field,
    version_field,
)
from samen_core.api import FormSchema, Text, _
from samen_samenspreker.labels import ROLE_LABELS
from samen_samenspreker.schemas.fields import told_field

NAME = 120
RESPONSIBILITY = 1_000
LANGUAGE_LABELS: dict[str, Text] = {"nl": _("Nederlands"), "en": _("Engels")}
NO_ADDRESS = validate.Regexp(r"(?is)^(?!.*(?:[@/<>\\]|www\.|https?:))", error=_("Gebruik hier geen webadres of e-mailadres.").id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSeat:
    """Add a seat, of an organisation, of a person, or of whoever ``title`` says. The sector of an organisation goes before ``sector``."""

    role: str
    organization_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    title: str = ""
    sector: str = ""
    responsibility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSeat(AddSeat):
    """Replace what is known of the seat that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSeat:
    """Offer the seat by mail to this address; ``name`` is only for the salutation."""

    email: str
    version: int
    name: str = ""
    language: str = "nl"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatVersion:
    """Something about the seat that was read at ``version`` that needs no other words."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSeat:
    """End the seat that was read at ``version``, for a public reason."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSeat:
    """Accept a seat, or become the alternate of it. ``name`` is what everybody may see; "" shows no name."""

    name: str = ""
    wants_mail: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineSeat:
    """Decline a seat; only who facilitates the table reads the ``reason``."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSeat:
    """Say yes (with ``name`` and ``wants_mail`` of :class:`TakeSeat`) or no (with the ``reason`` of :class:`DeclineSeat`)."""

    accept: bool
    name: str = ""
    wants_mail: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOwnSeat:
    """How the holder is shown at the table, and whether mail comes."""

    version: int
    name: str = ""
    wants_mail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Ask somebody at this address to sit in when the holder cannot come."""

    email: str
    version: int


def _address_field(label: Text, help: Text) -> fields.Email:
    shown = {"label": label, "help": help, "spellcheck": "false", "autocapitalize": "none"}
    return fields.Email(required=True, validate=validate.Length(max=254), metadata=shown)


def _name_field(label: Text, help: Text, **metadata: Any) -> Line:
    metadata = {"label": label, "help": help, **metadata}
    return Line(load_default="", validate=(validate.Length(max=NAME), NO_ADDRESS), metadata=metadata)


def _shown_name_field() -> Line:
    return _name_field(
        _("Uw naam bij de stoel"), _("Iedereen kan deze naam zien. Leeg laten mag: dan staat er geen naam bij."), autocomplete="name"
    )


class AddSeatSchema(CommandSchema):
    """A new seat, as a form or as JSON."""

    command: ClassVar[type[Any]] = AddSeat

    organization_id = reference_field(
        _("Organisatie"), _("De stoel hoort dan bij de sector van deze organisatie. Typ de naam, of plak het webadres.")
    )
    person_id = reference_field(_("Persoon"), _("Alleen iemand met een openbare rol in de stad. Typ de naam, of plak het webadres."))
    title = line_field(
        _("Of: voor wie is de stoel?"), _("Bijvoorbeeld: bewoner van de Dorpsstraat. Noem hier geen naam van een persoon."), longest=NAME
    )
    sector = choice_field(SECTOR_LABELS, _("Sector"), _("Kies dit alleen als u geen organisatie invult."), default="", widget="select")
    role = choice_field(ROLE_LABELS, _("Rol"), widget="select")
    responsibility = prose_field(
        _("Wat wordt van deze stoel verwacht?"),
        _("In gewone woorden. Dit staat ook in de uitnodiging, en iedereen kan het lezen."),
        longest=RESPONSIBILITY,
        rows=4,
    )


class UpdateSeatSchema(AddSeatSchema):
    """Changes to a seat."""

    command: ClassVar[type[Any]] = UpdateSeat

    version = version_field()


class OfferSeatSchema(CommandSchema):
    """Offering a seat."""

    command: ClassVar[type[Any]] = OfferSeat

    email = _address_field(_("E-mailadres"), _("Wij sturen de uitnodiging hierheen. Het adres wordt gewist zodra er een antwoord is."))
    name = _name_field(_("Naam van wie u vraagt"), _("Alleen voor de aanhef van de mail."))
    language = choice_field(LANGUAGE_LABELS, _("Taal van de mail"), default="nl")
    version = version_field()


class SeatVersionSchema(CommandSchema):
    """A button about a seat."""

    command: ClassVar[type[Any]] = SeatVersion

    version = version_field()


class EndSeatSchema(CommandSchema):
    """Why a seat ends."""

    command: ClassVar[type[Any]] = EndSeat

    reason = told_field(_("Waarom?"), _("Iedereen kan dit lezen. Schrijf niets op dat privé is."), longest=SHORT, rows=3)
    version = version_field()


class TakeSeatSchema(CommandSchema):
    """Accepting a seat."""

    command: ClassVar[type[Any]] = TakeSeat

    name = _shown_name_field()
    wants_mail = fields.Boolean(
        load_default=False, metadata={"label": _("Stuur mij mail over bijeenkomsten en stappen van deze tafel"), "widget": "checkbox"}
    )


class MakeAccountSchema(FormSchema):
    """The name of the account that somebody makes to accept; it loads to a dict."""

    display_name = Line(
        required=True,
        validate=(validate.Length(2, 100), NO_ADDRESS),
        metadata={
            "label": _("Uw naam"),
            "help": _("Hiermee maakt u een account. U kiest straks zelf of deze naam bij de stoel staat."),
            "autocomplete": "name",
        },
    )


class DeclineSeatSchema(CommandSchema):
    """Declining a seat."""

    command: ClassVar[type[Any]] = DeclineSeat

    reason = prose_field(_("Wilt u zeggen waarom niet?"), _("Alleen de procesbegeleider leest dit."), longest=SHORT, rows=3)


class AnswerSeatSchema(TakeSeatSchema, DeclineSeatSchema):
    """An answer as JSON."""

    command: ClassVar[type[Any]] = AnswerSeat

    accept = fields.Boolean(required=True)


class UpdateOwnSeatSchema(CommandSchema):
    """One's own name at the table, and mail."""

    command: ClassVar[type[Any]] = UpdateOwnSeat

    name = _shown_name_field()
    wants_mail = fields.Boolean(
        load_default=False, metadata={"label": _("Stuur mij mail over bijeenkomsten en stappen van deze tafel"), "widget": "checkbox"}
    )
    version = version_field()


class HandOverSchema(CommandSchema):
    """Asking somebody to sit in."""

    command: ClassVar[type[Any]] = HandOver

    email = _address_field(
        _("E-mailadres van uw vervanger"),
        _("Wij vragen in een mail of dat goed is. Het adres wordt gewist zodra er een antwoord is."),
    )
    version = version_field()
