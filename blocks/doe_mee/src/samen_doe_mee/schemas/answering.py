"""Commands about answers to many contributions: who writes them and by when, one answer for several, texts that are ready."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line, Prose, choice_field, reference_field
from samen_core.api import WholeNumber, _
from samen_doe_mee.models.base import NAME_LENGTH
from samen_inbreng.api import OUTCOME_LABELS

MOST_AT_ONCE = 2_000
"""How many contributions one act on several takes."""
LONGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAnswers:
    """Answer contributions, of one or several activities. The places in ``reason`` are filled in for each.

    ``replace`` also answers what was answered before.
    """

    contribution_ids: tuple[uuid.UUID, ...]
    outcome: str
    reason: str
    replace: bool = False


class GiveAnswersSchema(CommandSchema):
    """Answers to several contributions, as a form or as JSON."""

    command: ClassVar[type[Any]] = GiveAnswers

    contribution_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
        metadata={"label": _("Bijdragen"), "skip": True},
    )
    outcome = choice_field(OUTCOME_LABELS, _("Wat is ermee gedaan?"), widget="radios")
    reason = Prose(
        required=True,
        validate=validate.Length(min=1, max=LONGEST),
        metadata={
            "label": _("Waarom?"),
            "help": _("Schrijf het zoals u het aan de inwoner zou vertellen. Iedereen kan dit lezen."),
            "widget": "textarea",
            "rows": 8,
        },
    )
    replace = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Ook bijdragen die al een antwoord hebben"),
            "help": _("Het nieuwe antwoord komt in de plaats van het oude."),
            "widget": "checkbox",
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignDuties:
    """Say who answers contributions and by when. What is None stays, unless ``clear_owner`` takes the owner away."""

    contribution_ids: tuple[uuid.UUID, ...]
    owner_id: uuid.UUID | None = None
    due_on: date | None = None
    clear_owner: bool = False


class AssignDutiesSchema(CommandSchema):
    """Who answers and by when, as JSON."""

    command: ClassVar[type[Any]] = AssignDuties

    contribution_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
        metadata={"label": _("Bijdragen"), "skip": True},
    )
    owner_id = reference_field(_("Wie antwoordt?"))
    due_on = fields.Date(load_default=None, allow_none=True, metadata={"label": _("Uiterlijk op"), "widget": "date"})
    clear_owner = fields.Boolean(load_default=False, metadata={"label": _("Niemand meer laten antwoorden"), "widget": "checkbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReadyText:
    """A text that is ready for answers: of one plan, or of the whole city. ``version`` is the one that was read; None for a new text."""

    name: str
    text: str
    outcome: str = ""
    plan_id: uuid.UUID | None = None
    version: int | None = None


class SaveReadyTextSchema(CommandSchema):
    """A text that is ready, as a form or as JSON."""

    command: ClassVar[type[Any]] = SaveReadyText

    name = Line(required=True, validate=validate.Length(max=NAME_LENGTH), metadata={"label": _("Hoe heet de tekst?")})
    plan_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": _("Voor welk plan?"), "help": _("Leeg: voor alle plannen en ideeën."), "widget": "select"},
    )
    outcome = fields.String(
        load_default="",
        validate=validate.OneOf(["", *OUTCOME_LABELS]),
        metadata={
            "label": _("Welke uitkomst hoort erbij?"),
            "widget": "select",
            "options": [("", _("Geen vaste uitkomst")), *OUTCOME_LABELS.items()],
        },
    )
    text = Prose(
        required=True, validate=validate.Length(min=1, max=LONGEST), metadata={"label": _("Tekst"), "widget": "textarea", "rows": 8}
    )
    version = WholeNumber(load_default=None, allow_none=True, metadata={"skip": True})
