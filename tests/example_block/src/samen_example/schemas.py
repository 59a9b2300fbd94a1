"""What people send, and the commands that it becomes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, validate

from samen_core.api import FormSchema, WholeNumber, _


@dataclass(frozen=True, slots=True)
class GiveThanks:
    """Thank an organisation."""

    organization_id: uuid.UUID
    text: str


@dataclass(frozen=True, slots=True)
class HideThanks:
    """Hide the note that was at ``version``, for a reason."""

    reason: str
    version: int


class GiveThanksSchema(FormSchema):
    """A thank-you note."""

    organization_id = fields.UUID(required=True, metadata={"widget": "hidden", "label": _("Organisatie")})
    text = fields.String(
        required=True,
        validate=validate.Length(1, 1000),
        metadata={"widget": "textarea", "rows": 4, "label": _("Waarvoor wilt u bedanken?"), "help": _("Noem geen namen van personen.")},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> GiveThanks:
        return GiveThanks(**data)


class HideThanksSchema(FormSchema):
    """Why a note is hidden."""

    reason = fields.String(
        required=True, validate=validate.Length(1, 500), metadata={"widget": "text", "label": _("Waarom verbergt u dit?")}
    )
    version = WholeNumber(required=True, metadata={"widget": "hidden", "label": _("Versie")})

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> HideThanks:
        return HideThanks(**data)
