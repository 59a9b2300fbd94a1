"""What a manager sends to pause or activate a block."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields, validate

from samen_core.forms import FormSchema
from samen_core.i18n import _

MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class PauseBlock:
    """Pause a block, or give another reason for its pause. ``version`` is of the state that the manager saw; None where none was."""

    name: str
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ActivateBlock:
    """End the pause of a block. ``reason`` may be empty."""

    name: str
    reason: str = ""
    version: int | None = None


class PauseSchema(FormSchema):
    """The form for a pause; it loads to a dict, the view adds the block."""

    reason = fields.String(
        required=True,
        validate=validate.Length(3, MAX_REASON),
        metadata={
            "label": _("Waarom staat deze bouwsteen op pauze?"),
            "help": _("Iedereen die een pagina van de bouwsteen opent, leest dit. Noem geen namen van personen."),
            "widget": "textarea",
        },
    )
    version = fields.Integer(load_default=None, allow_none=True)


class ActivateSchema(FormSchema):
    """The form for ending a pause; it loads to a dict, the view adds the block."""

    reason = fields.String(
        load_default="",
        validate=validate.Length(max=MAX_REASON),
        metadata={"label": _("Toelichting"), "help": _("Alleen voor de geschiedenis van deze bouwsteen."), "widget": "textarea"},
    )
    version = fields.Integer(load_default=None, allow_none=True)
