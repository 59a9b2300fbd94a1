"""Commands about organisations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validates_schema

from citycontent.models.types import PartialDate
from citycontent.schemas.common import (
    SHORT,
    AddressValue,
    address_field,
    check_period,
    choice_field,
    date_field,
    email_field,
    identifiers_field,
    line_field,
    links_field,
    name_field,
    phone_field,
    picture_field,
    prose_field,
    reference_field,
    references_field,
    sources_field,
    url_field,
    version_field,
)
from citycontent.schemas.fields import OTHER_NAME, CommandSchema, Lines, parse_name
from samen_core.api import FileValue, Text, _

SECTOR_LABELS: dict[str, Text] = {
    "government": _("Overheid"),
    "business": _("Bedrijfsleven"),
    "civil_society": _("Maatschappelijk veld"),
    "citizens": _("Inwoners en burgerorganisaties"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrganization:
    """Add an organisation. Links and sources are ``{url, note}``, identifiers (scheme, identifier)."""

    name: str
    sector: str
    classification: str = ""
    abstract: str = ""
    description: str = ""
    picture: FileValue | None = None
    parent_id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None
    address: AddressValue | None = None
    theme_ids: tuple[uuid.UUID, ...] = ()
    email: str = ""
    phone: str = ""
    homepage: str = ""
    legal_form: str = ""
    founding_date: PartialDate | None = None
    dissolution_date: PartialDate | None = None
    other_names: tuple[dict[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    links: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOrganization(CreateOrganization):
    """Replace what is known of an organisation; ``version`` is the one that was read."""

    version: int


class CreateOrganizationSchema(CommandSchema):
    """A new organisation, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateOrganization

    name = name_field(_("Naam"))
    sector = choice_field(SECTOR_LABELS, _("Sector"), _("Aan welke kant van de tafel zit deze organisatie?"), widget="radios")
    classification = line_field(_("Soort organisatie"), _("Bijvoorbeeld wijkraad, woningcorporatie of winkeliersvereniging."))
    abstract = line_field(_("In één zin"), _("Wat doet deze organisatie?"), SHORT)
    description = prose_field(_("Beschrijving"))
    picture = picture_field(_("Een logo of een foto van uw organisatie."))
    parent_id = reference_field(_("Onderdeel van"))
    area_id = reference_field(_("Gebied"), _("De buurt of wijk waar deze organisatie voor werkt of gevestigd is."))
    address = address_field()
    theme_ids = references_field(_("Thema's"))
    email = email_field(_("E-mailadres van de organisatie"))
    phone = phone_field()
    homepage = url_field(_("Website"))
    legal_form = line_field(_("Rechtsvorm"), _("Bijvoorbeeld stichting, vereniging of bv."))
    founding_date = date_field(_("Opgericht"))
    dissolution_date = date_field(_("Opgeheven"))
    other_names = Lines(
        parse_name,
        OTHER_NAME,
        metadata={
            "label": _("Andere namen"),
            "help": _("Eén per regel, bijvoorbeeld een afkorting of een vroegere naam."),
            "widget": "textarea",
            "rows": 2,
        },
    )
    identifiers = identifiers_field()
    links = links_field()
    sources = sources_field()

    @validates_schema(skip_on_field_errors=False)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        check_period(data.get("founding_date"), data.get("dissolution_date"), "dissolution_date")


class UpdateOrganizationSchema(CreateOrganizationSchema):
    """Changes to an organisation."""

    command: ClassVar[type[Any]] = UpdateOrganization

    version = version_field()
