"""The command that says what a case is really about, and where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import SHORT, CommandSchema, Line, line_field, reference_field, version_field
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocate:
    """Change the category of a case, or its place: a point (degrees, WGS 84), an address, or only an area.

    Without any place the case stays where it was. With ``reroute`` the rules decide again who gets it. ``reason`` is for staff.
    """

    category_id: uuid.UUID
    version: int
    lat: float | None = None
    lon: float | None = None
    postcode: str = ""
    house_number: str = ""
    area_id: uuid.UUID | None = None
    reroute: bool = True
    reason: str = ""

    @property
    def has_place(self) -> bool:
        """Whether another place is given."""
        return bool(self.lat is not None or self.postcode or self.house_number or self.area_id is not None)


class RelocateSchema(CommandSchema):
    """What it is about and where."""

    command: ClassVar[type[Any]] = Relocate

    category_id = reference_field(_("Waar gaat het over?"), required=True)
    postcode = Line(load_default="", validate=validate.Length(max=7), metadata={"label": _("Postcode"), "help": _("Bijvoorbeeld 2712 AB.")})
    house_number = Line(load_default="", validate=validate.Length(max=12), metadata={"label": _("Huisnummer")})
    area_id = reference_field(_("Of alleen de buurt"))
    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90), metadata={"label": _("Breedtegraad")})
    lon = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180), metadata={"label": _("Lengtegraad")})
    reroute = fields.Boolean(load_default=False, metadata={"label": _("Laat de regels opnieuw bepalen wie dit krijgt")})
    reason = line_field(_("Waarom?"), _("Alleen medewerkers lezen dit."), SHORT)
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("lat") is None) != (data.get("lon") is None):
            raise ValidationError({"lat": [_("Geef van de plek de breedte én de lengte, of geen van beide.")]})
