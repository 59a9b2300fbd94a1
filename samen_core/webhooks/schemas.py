"""What managers send about webhooks."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from samen_core.forms import FormSchema, WholeNumber
from samen_core.i18n import _
from samen_core.webhooks.models import NAME_LENGTH, URL_LENGTH
from samen_core.webhooks.services import SaveWebhook


class WebhookInputSchema(FormSchema):
    """A webhook as it is entered."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, NAME_LENGTH),
        metadata={"label": _("Naam"), "help": _("Waaraan u hem herkent, bijvoorbeeld: zoekmachine van de raad.")},
    )
    url = fields.String(
        required=True,
        validate=validate.Length(1, URL_LENGTH),
        metadata={"label": _("Adres"), "help": _("Hier sturen wij een bericht naartoe. Het begint met https://."), "spellcheck": "false"},
    )
    event_types = fields.List(
        fields.String(validate=validate.Length(1, 80)),
        load_default=list,
        validate=validate.Length(max=200),
        metadata={"label": _("Over welke gebeurtenissen?"), "help": _("Kiest u niets, dan sturen wij een bericht over alles.")},
    )
    subject_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": _("Over één onderwerp"),
            "help": _("Niet nodig. Het nummer staat aan het eind van de vaste link op de pagina van het onderwerp."),
            "widget": "text",
        },
    )
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1), metadata={"skip": True})

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> SaveWebhook:
        return SaveWebhook(**{**data, "event_types": tuple(dict.fromkeys(data["event_types"]))})
