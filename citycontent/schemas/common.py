"""What the schemas of several things share: ready-made fields, the address group, and the command to take something away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from citycontent.models.base import NAME_LENGTH
from citycontent.models.types import PartialDate
from citycontent.schemas.fields import (
    LINK,
    CommandSchema,
    Line,
    Lines,
    OptionalEmail,
    OptionalUrl,
    PartialDateField,
    Postcode,
    Prose,
    parse_link,
)
from citycontent.schemas.identifiers import IDENTIFIER, parse_identifier
from samen_core.api import FileReference, FileValue, Text, WholeNumber, _

POSTCODE_METADATA = {"label": _("Postcode"), "help": _("Bijvoorbeeld 2712 AB."), "widget": "text"}
SHORT = 500
LONG = 20_000
PARTIAL_DATE_HELP = _("Weet u alleen het jaar of de maand? Vul dan dat in, bijvoorbeeld 2026 of 12-2026.")


def name_field(label: Text, help: Text | str = "") -> Line:
    """A required name."""
    return Line(required=True, validate=validate.Length(max=NAME_LENGTH), metadata={"label": label, "help": help})


def line_field(label: Text, help: Text | str = "", longest: int = NAME_LENGTH, **metadata: Any) -> Line:
    """An optional line of text."""
    return Line(load_default="", validate=validate.Length(max=longest), metadata={"label": label, "help": help, **metadata})


def choice_field(
    labels: Mapping[str, Text], label: Text, help: Text | str = "", *, default: str | None = None, widget: str = "radios"
) -> fields.String:
    """One of the codes in ``labels``; required unless there is a default."""
    metadata = {"label": label, "help": help, "widget": widget, "options": tuple(labels.items())}
    check = validate.OneOf(tuple(labels))
    if default is None:
        return fields.String(required=True, validate=check, metadata=metadata)
    return fields.String(load_default=default, validate=check, metadata=metadata)


def prose_field(label: Text, help: Text | str = "", longest: int = LONG, rows: int = 8) -> Prose:
    """Optional text of several lines."""
    metadata = {"label": label, "help": help, "widget": "textarea", "rows": rows}
    return Prose(load_default="", validate=validate.Length(max=longest), metadata=metadata)


def url_field(label: Text, help: Text | str = "") -> OptionalUrl:
    """An optional web address."""
    check = validate.Length(max=SHORT)
    return OptionalUrl(load_default="", schemes={"http", "https"}, validate=check, metadata={"label": label, "help": help, "widget": "url"})


def email_field(label: Text) -> OptionalEmail:
    """An optional e-mail address."""
    return OptionalEmail(load_default="", validate=validate.Length(max=254), metadata={"label": label, "widget": "email"})


def phone_field() -> Line:
    """An optional telephone number."""
    check = validate.Regexp(r"^$|^\+?[0-9 ()\-]{3,40}$", error=_("Vul een telefoonnummer in, bijvoorbeeld 079 123 45 67.").id)
    return Line(load_default="", validate=check, metadata={"label": _("Telefoon"), "widget": "tel"})


def reference_field(label: Text, help: Text | str = "", *, required: bool = False) -> fields.UUID:
    """The id of another thing; the page gives the options."""
    metadata = {"label": label, "help": help, "widget": "select"}
    return fields.UUID(required=True, metadata=metadata) if required else fields.UUID(load_default=None, allow_none=True, metadata=metadata)


def references_field(label: Text, help: Text | str = "") -> fields.List[uuid.UUID]:
    """The ids of several other things; the page gives the options."""
    metadata = {"label": label, "help": help, "widget": "checkboxes"}
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=50), metadata=metadata)


def date_field(label: Text) -> PartialDateField:
    """An optional partial date."""
    metadata = {"label": label, "help": PARTIAL_DATE_HELP, "widget": "text"}
    return PartialDateField(load_default=None, allow_none=True, validate=validate.Length(max=10), metadata=metadata)


def links_field() -> Lines:
    """Web links, one per line."""
    metadata = {
        "label": _("Links"),
        "help": _("Eén per regel: eerst het webadres, dan een spatie en een omschrijving."),
        "widget": "textarea",
        "rows": 2,
    }
    return Lines(parse_link, LINK, metadata=metadata)


def sources_field() -> Lines:
    """Where the facts come from, one web link per line."""
    metadata = {
        "label": _("Bronnen"),
        "help": _("Waar komen deze gegevens vandaan? Eén webadres per regel, dan een spatie en een omschrijving."),
        "widget": "textarea",
        "rows": 2,
    }
    return Lines(parse_link, LINK, metadata=metadata)


def identifiers_field() -> Lines:
    """Numbers in other registers, one per line."""
    metadata = {
        "label": _("Nummers in registers"),
        "help": _("Eén per regel: het register en het nummer, bijvoorbeeld: kvk 12345678."),
        "widget": "textarea",
        "rows": 2,
    }
    return Lines(parse_identifier, IDENTIFIER, metadata=metadata)


def version_field() -> WholeNumber:
    """The version that was read before editing; the form carries it hidden."""
    return WholeNumber(required=True, validate=validate.Range(1, 2**31 - 1), metadata={"skip": True})


def check_period(start: PartialDate | None, end: PartialDate | None, end_name: str = "end_date") -> None:
    """Raise ValidationError on the end when it lies before the start."""
    if start and end and end.last_day < start.first_day:
        raise ValidationError({end_name: [_("De einddatum ligt voor de begindatum.")]})


class PeriodSchema(CommandSchema):
    """A schema with ``start_date`` and ``end_date`` as partial dates, in that order in time."""

    @validates_schema(skip_on_field_errors=False)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        check_period(data.get("start_date"), data.get("end_date"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressValue:
    """An address as it is filled in. ``lat`` and ``lon`` are degrees in WGS84."""

    street: str = ""
    house_number: int | None = None
    house_letter: str = ""
    house_number_addition: str = ""
    postcode: str | None = None
    locality: str = ""
    bag_num: str | None = None
    lat: float | None = None
    lon: float | None = None


class AddressSchema(CommandSchema):
    """The address of an organisation or an event. Loads to None when nothing is filled in."""

    command: ClassVar[type[Any]] = AddressValue

    street = line_field(_("Straat"), autocomplete="off")
    house_number = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 99_999), metadata={"label": _("Huisnummer")})
    house_letter = Line(
        load_default="", validate=(validate.Regexp(r"^[A-Za-z]?$"), validate.Length(max=1)), metadata={"label": _("Huisletter")}
    )
    house_number_addition = Line(
        load_default="", validate=(validate.Regexp(r"^[0-9A-Za-z]{0,4}$"), validate.Length(max=4)), metadata={"label": _("Toevoeging")}
    )
    postcode = Postcode(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=7),
        metadata={"label": _("Postcode"), "help": _("Zoals 2712 AB."), "widget": "text"},
    )
    locality = line_field(_("Plaatsnaam"))
    bag_num = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{4}20\d{10}$"), metadata={"skip": True})
    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90), metadata={"skip": True})
    lon = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180), metadata={"skip": True})

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> AddressValue | None:
        data["house_letter"] = data["house_letter"].upper()
        if not any(value not in (None, "") for value in data.values()):
            return None
        if (data["lat"] is None) != (data["lon"] is None):
            raise ValidationError({"lat": [_("Geef van de plek de breedte én de lengte, of geen van beide.")]})
        if not data["street"] and not data["postcode"] and data["lat"] is None:
            raise ValidationError({"street": [_("Vul een straat of een postcode in.")]})
        return AddressValue(**data)


def address_field() -> fields.Nested:
    """An optional address."""
    return fields.Nested(AddressSchema, load_default=None, allow_none=True, metadata={"label": _("Adres")})


def picture_field(help: Text | str = "") -> FileReference:
    """An optional picture; what is left out takes it away."""
    return FileReference(pictures=True, load_default=None, allow_none=True, metadata={"label": _("Foto"), "help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPicture:
    """Give a thing another picture, or none."""

    picture: FileValue | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take something away. It stays known by its id; ``reason`` is kept in the log."""

    version: int
    reason: str = ""


class DeleteSchema(CommandSchema):
    """The command to take something away."""

    command: ClassVar[type[Any]] = Delete

    reason = line_field(_("Waarom?"), _("Dit komt in het logboek."), SHORT)
    version = version_field()
