"""Commands about answers to contributions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Prose, choice_field
from samen_core.api import Text, _
from samen_inbreng.labels import OUTCOME_LABELS
from samen_inbreng.schemas.themes import contributions_field

REASON = 10_000

OUTCOME_HELP: dict[str, Text] = {
    "adopted": _("Wij doen wat hier staat."),
    "partly": _("Wij doen een deel. Leg uit welk deel niet, en waarom."),
    "not_adopted": _("Wij doen dit niet. Leg uit waarom."),
    "passed_on": _("Iemand anders gaat hierover. Zeg wie, en wat er nu gebeurt."),
    "answered": _("Het was een vraag of een opmerking. Dit is ons antwoord."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAnswer:
    """Give an outcome with its reason to some contributions, or to all of a theme that need one.

    ``replace`` also answers what was answered before; the new answer takes the place of the old one.
    """

    outcome: str
    reason: str
    contribution_ids: tuple[uuid.UUID, ...] = ()
    theme_id: uuid.UUID | None = None
    replace: bool = False


class WriteAnswerSchema(CommandSchema):
    """An answer, as a form or as JSON."""

    command: ClassVar[type[Any]] = WriteAnswer

    outcome = choice_field(OUTCOME_LABELS, _("Wat is ermee gedaan?"), widget="radios")
    reason = Prose(
        required=True,
        validate=validate.Length(min=1, max=REASON),
        metadata={
            "label": _("Waarom?"),
            "help": _("Schrijf het zoals u het aan de inwoner zou vertellen. Iedereen kan dit lezen."),
            "widget": "textarea",
            "rows": 8,
        },
    )
    contribution_ids = contributions_field(required=False)
    theme_id = fields.UUID(load_default=None, allow_none=True, metadata={"skip": True})
    replace = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Ook bijdragen die al een antwoord hebben"),
            "help": _("Het nieuwe antwoord komt in de plaats van het oude."),
            "widget": "checkbox",
        },
    )

    @validates_schema(skip_on_field_errors=False)
    def _check_targets(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if bool(data.get("contribution_ids")) == (data.get("theme_id") is not None):
            raise ValidationError([_("Kies een of meer bijdragen, of een thema.")])
