"""Commands about the process of the city: its own gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import SHORT, CommandSchema, Line, Prose, choice_field, version_field
from samen_core.api import Text, _
from samen_samenspreker.labels import ROLE_LABELS
from samen_samenspreker.models import STEPS

TITLE = 160
GATE_ROLES: dict[str, Text] = {
    "facilitator": ROLE_LABELS["facilitator"],
    "decision_maker": ROLE_LABELS["decision_maker"],
    "moderator": _("Moderator"),
    "manager": _("Functioneel beheerder"),
}
"""The roles that may tick a gate: a grant of it, on the table or in the whole city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGate:
    """Add a check before a step may be left. It comes after the others of its step."""

    step: str
    title: str
    role: str
    help: str = ""
    needs_document: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateGate(CreateGate):
    """Change the check that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGate:
    """Put a check one place earlier or later in its step."""

    earlier: bool
    version: int


class CreateGateSchema(CommandSchema):
    """A check of the city's own."""

    command: ClassVar[type[Any]] = CreateGate

    step = fields.String(
        required=True,
        validate=validate.OneOf(STEPS[:5]),
        metadata={"label": _("Voor het einde van welke stap?"), "widget": "select"},
    )
    title = Line(
        required=True,
        validate=validate.Length(max=TITLE),
        metadata={"label": _("Wat moet er gecontroleerd zijn?"), "help": _("Bijvoorbeeld: De wijkmanager heeft het voorstel gelezen.")},
    )
    help = Prose(
        load_default="",
        validate=validate.Length(max=SHORT),
        metadata={"label": _("Uitleg"), "help": _("Hoe doet iemand deze controle?"), "widget": "textarea", "rows": 3},
    )
    role = choice_field(GATE_ROLES, _("Wie doet de controle?"))
    needs_document = fields.Boolean(load_default=False, metadata={"label": _("Er hoort een document bij"), "widget": "checkbox"})
    active = fields.Boolean(load_default=True, metadata={"label": _("Deze controle geldt"), "widget": "checkbox"})


class UpdateGateSchema(CreateGateSchema):
    """Changes to a check."""

    command: ClassVar[type[Any]] = UpdateGate

    version = version_field()


class PlaceGateSchema(CommandSchema):
    """Another place for a check."""

    command: ClassVar[type[Any]] = PlaceGate

    earlier = fields.Boolean(required=True, metadata={"widget": "hidden", "label": _("Eerder")})
    version = version_field()
