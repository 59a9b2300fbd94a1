"""The question "which buurt is mine?"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from citycontent.schemas.fields import CommandSchema, HouseNumber, Postcode
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class FindNeighbourhood:
    """A postcode (``2712AB``) and a house number."""

    postcode: str
    house_number: int


class FindNeighbourhoodSchema(CommandSchema):
    """The form on the home page. Nothing of it is kept."""

    command: ClassVar[type[Any]] = FindNeighbourhood

    postcode = Postcode(
        required=True,
        metadata={"label": _("Postcode"), "help": _("Zoals 2712 AB."), "widget": "text", "autocomplete": "postal-code"},
    )
    house_number = HouseNumber(required=True, metadata={"label": _("Huisnummer"), "widget": "text", "inputmode": "numeric"})
