"""Commands of the desk about where an idea goes: a question for the table, or a project of the city."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, validate, validates_schema

from citycontent.api import CommandSchema, Prose, line_field, name_field, reference_field, version_field
from samen_core.api import _
from samen_doe_mee.models.base import TITLE_LENGTH
from samen_doe_mee.schemas.idea_handling import LEAST, LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    """Propose an idea that was read at ``version`` as a question for the table, with the text that tells everybody why."""

    question: str
    text: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeProject:
    """Make a project of the city of an idea, or tie it to ``project_id``, with the text that tells everybody why."""

    project_id: uuid.UUID | None = None
    name: str = ""
    text: str
    version: int


def _text_field() -> Prose:
    return Prose(
        required=True,
        validate=validate.Length(min=LEAST, max=LONGEST),
        metadata={
            "label": _("Uw antwoord"),
            "help": _("Iedereen kan dit lezen, en de indiener krijgt het per mail. Schrijf wat er gebeurt, wanneer en waarom."),
            "widget": "textarea",
            "rows": 6,
        },
    )


class PassOnSchema(CommandSchema):
    """An idea that becomes a question."""

    command: ClassVar[type[Any]] = PassOn

    question = name_field(
        _("Welke vraag legt u voor?"), _("Begin met hoe of wat, bijvoorbeeld: Hoe maken we de vijver een plek voor iedereen?")
    )
    text = _text_field()
    version = version_field()


class MakeProjectSchema(CommandSchema):
    """An idea that becomes a project."""

    command: ClassVar[type[Any]] = MakeProject

    project_id = reference_field(_("Hoort het bij een project dat er al is?"), _("Laat dit leeg om een nieuw project te maken."))
    name = line_field(_("Naam van een nieuw project"), longest=TITLE_LENGTH)
    text = _text_field()
    version = version_field()

    @validates_schema(skip_on_field_errors=True)
    def _check_one(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("project_id") is None and not data.get("name"):
            raise ValidationError({"name": [_("Kies een project, of geef een naam voor een nieuw project.")]})
