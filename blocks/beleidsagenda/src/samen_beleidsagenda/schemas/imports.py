"""Commands about lists that are imported."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, choice_field, name_field, reference_field, version_field
from samen_core.api import Text, WholeNumber, _

FORMAT_LABELS: dict[str, Text] = {
    "table": _("Termijnagenda in een spreadsheet (xlsx of csv)"),
    "notubiz": _("Vergaderingen uit Notubiz (JSON)"),
    "ori": _("Vergaderingen volgens Open Raadsinformatie (JSON)"),
    "popolo": _("Organen, fracties en raadsleden volgens Popolo (JSON)"),
}
GONE_LABELS: dict[str, Text] = {
    "keep": _("Dat moment blijft hier staan"),
    "drop": _("Dat moment gaat niet door"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateList:
    """Add a list to import. ``body_id`` is the body of what names none; ``year`` that of periods that leave it out."""

    name: str
    format: str = "table"
    body_id: uuid.UUID | None = None
    year: int | None = None
    gone: str = "keep"
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateList(CreateList):
    """Replace what is known of a list."""

    version: int


class CreateListSchema(CommandSchema):
    """A new list."""

    command: ClassVar[type[Any]] = CreateList

    name = name_field(_("Hoe heet de lijst?"), _("Bijvoorbeeld: termijnagenda van de raad. Bij wat verandert staat deze naam als reden."))
    format = choice_field(FORMAT_LABELS, _("Wat voor bestand is het?"), default="table", widget="radios")
    body_id = reference_field(_("Van welk orgaan is het?"), _("Voor rijen en vergaderingen waar zelf geen orgaan bij staat."))
    year = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1990, 2199),
        metadata={"label": _("Welk jaar is het?"), "help": _("Alleen als er in de lijst geen jaar staat, bijvoorbeeld “week 14”.")},
    )
    gone = choice_field(
        GONE_LABELS,
        _("Staat een moment dat nog moet komen niet meer in de lijst?"),
        default="keep",
        widget="radios",
    )
    publish = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Meteen openbaar maken"),
            "help": _("Zonder vinkje komt alles binnen als concept. Dossiers zijn altijd eerst een concept."),
            "widget": "checkbox",
        },
    )


class UpdateListSchema(CreateListSchema):
    """Changes to a list."""

    command: ClassVar[type[Any]] = UpdateList

    version = version_field()
