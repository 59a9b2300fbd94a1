"""The steps of the form with which people report, as what is asked in each."""

from __future__ import annotations

from typing import Any, TypeVar

from marshmallow import fields, validate

from citycontent.api import Line, Prose, email_field, phone_field
from samen_core.api import FormSchema, _
from samen_oog_oor.labels import CHANNEL_LABELS, TYPE_LABELS
from samen_oog_oor.models.base import TITLE_LENGTH, TYPES
from samen_oog_oor.models.signal import TEXT_LENGTH


class WhatSchema(FormSchema):
    """What somebody sees, hears or wants."""

    text = Prose(
        required=True,
        validate=[validate.Length(1), validate.Length(max=TEXT_LENGTH)],
        metadata={
            "label": _("Wat wilt u vertellen?"),
            "help": _("Schrijf op wat u ziet of hoort. Namen, telefoonnummers en kentekens zijn niet nodig."),
            "widget": "textarea",
            "rows": 4,
        },
    )
    type = fields.String(
        required=True,
        validate=validate.OneOf(TYPES),
        metadata={"label": _("Wat voor melding is het?"), "widget": "select", "options": [(code, TYPE_LABELS[code]) for code in TYPES]},
    )
    # The files themselves are stored one by one before the rest is looked at; here is their place on the page, for what is wrong with them.
    fotos = fields.Raw(load_default=None, metadata={"label": _("Foto’s"), "widget": "text"})


class StaffWhatSchema(WhatSchema):
    """What somebody told a member of the staff, or what a professional saw."""

    channel = fields.String(
        load_default="staff",
        validate=validate.OneOf(["staff", "meeting"]),
        metadata={
            "label": _("Hoe kwam dit binnen?"),
            "widget": "radios",
            "options": [("staff", _("Telefoon, balie of brief")), ("meeting", CHANNEL_LABELS["meeting"])],
        },
    )
    confidential = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Vertrouwelijk: alleen professionals met dat recht zien deze melding"),
            "help": _("Niets hiervan komt op de website, ook geen aantal."),
        },
    )


class KindSchema(FormSchema):
    """What it is about: one of what the text seems to be, or another."""

    category_id = fields.UUID(load_default=None, allow_none=True, metadata={"label": _("Waar gaat het over?"), "widget": "radios"})
    other = fields.UUID(load_default=None, allow_none=True, metadata={"label": _("Of kies zelf een onderwerp"), "widget": "select"})


class WhereSchema(FormSchema):
    """Where it is, in whatever way somebody knows it."""

    postcode = Line(
        load_default="",
        validate=validate.Length(max=10),
        metadata={"label": _("Postcode"), "help": _("Zoals 2712 AB."), "widget": "text", "autocomplete": "postal-code"},
    )
    house_number = Line(
        load_default="",
        validate=validate.Length(max=12),
        metadata={"label": _("Huisnummer"), "help": _("Het dichtstbijzijnde huisnummer is genoeg."), "widget": "text"},
    )
    address = Line(
        load_default="",
        validate=validate.Length(max=TITLE_LENGTH),
        metadata={
            "label": _("Beschrijf de plek"),
            "help": _("Bijvoorbeeld: naast de brug bij het winkelcentrum."),
            "widget": "text",
        },
    )
    area_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": _("Buurt"), "help": _("Weet u het niet precies? Kies dan alleen de buurt."), "widget": "select"},
    )
    lat = fields.Float(load_default=None, allow_none=True, metadata={"widget": "hidden"})
    lon = fields.Float(load_default=None, allow_none=True, metadata={"widget": "hidden"})


Field = TypeVar("Field", bound=fields.Field[Any])
_MAIL_HELP = _("Hier sturen wij bericht over uw melding naartoe. Niemand anders ziet dit adres.")


def _with(item: Field, **metadata: Any) -> Field:
    item.metadata = {**item.metadata, **metadata}
    return item


class ContactSchema(FormSchema):
    """How to reach who reports, all of it optional."""

    name = Line(
        load_default="", validate=validate.Length(max=TITLE_LENGTH), metadata={"label": _("Naam"), "widget": "text", "autocomplete": "name"}
    )
    email = _with(email_field(_("E-mailadres")), autocomplete="email", help=_MAIL_HELP)
    phone = _with(phone_field(), autocomplete="tel")
    share = fields.Boolean(
        load_default=False, metadata={"label": _("Wie het werk doet, mag mij bellen of mailen als dat nodig is"), "widget": "checkbox"}
    )
