"""Fields that motions, commitments and questions share."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from citycontent.api import Prose, line_field, reference_field, references_field
from samen_beleidsagenda.models import NUMBER_LENGTH
from samen_core.api import Text, _

REASON_LENGTH = 1000
MOST_DOCUMENT = 20_000


def number_field(help: Text) -> Any:
    """The number by which a council knows it."""
    return line_field(_("Nummer"), help, NUMBER_LENGTH)


def day_field(label: Text, help: Text | str = "", *, required: bool = False) -> fields.Date:
    """A day."""
    metadata = {"label": label, "help": help, "widget": "date"}
    return fields.Date(required=True, metadata=metadata) if required else fields.Date(load_default=None, allow_none=True, metadata=metadata)


def tick_field(label: Text, help: Text | str = "") -> fields.Boolean:
    """A box to tick."""
    return fields.Boolean(load_default=False, metadata={"label": label, "help": help, "widget": "checkbox"})


def confidential_field() -> fields.Boolean:
    """Whether only those who may see confidential things see it."""
    return tick_field(_("Vertrouwelijk"), _("Alleen wie vertrouwelijke stukken mag zien, ziet dit."))


def publish_field() -> fields.Boolean:
    """Whether it is public at once."""
    return tick_field(_("Maak dit meteen openbaar"), _("Anders is het een concept, dat iemand met die rechten openbaar maakt."))


def reason_field(label: Text, help: Text | str = "", *, required: bool = False) -> Prose:
    """The reason of a step, which everybody may read."""
    metadata = {"label": label, "help": help, "widget": "textarea", "rows": 3}
    check = validate.Length(max=REASON_LENGTH)
    if required:
        return Prose(required=True, validate=validate.Length(min=1, max=REASON_LENGTH), metadata=metadata)
    return Prose(load_default="", validate=check, metadata=metadata)


def persons_field() -> Any:
    """The persons who put it, in their order."""
    return references_field(_("Ingediend door (personen)"), _("Zet op elke regel één naam. De eerste is de eerste indiener."))


def groups_field() -> Any:
    """The groups that put it, in their order."""
    return references_field(_("Ingediend door (fracties)"), _("Zet op elke regel één fractie. De eerste is de eerste indiener."))


def holder_field() -> Any:
    """The post that owes it."""
    return reference_field(_("Portefeuillehouder"), _("Wie moet dit uitvoeren of beantwoorden?"))
