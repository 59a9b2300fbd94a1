"""Commands of the desk about ideas: an answer in a status with its text, who handles it, merging doubles, hiding."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Prose, choice_field, reference_field, version_field
from samen_core.api import HIDING_LABELS, WholeNumber, _
from samen_doe_mee.labels import IDEA_STATUS_LABELS

LONGEST = 5_000
LEAST = 10
"""So many letters at least make an answer of a text."""
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveStatus:
    """Answer an idea that was read at ``version``: what is done with it, and why, in words for everybody."""

    status: str
    text: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignIdea:
    """Who handles an idea, by when there is an answer. None is nobody, no organisation and no day."""

    owner_id: uuid.UUID | None = None
    owner_organization_id: uuid.UUID | None = None
    answer_by: date | None = None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignMany:
    """Give several ideas to one colleague."""

    idea_ids: tuple[uuid.UUID, ...]
    owner_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeIdea:
    """Make an idea that was read at ``version`` part of the one with number ``into``, for a public reason."""

    into: int
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeIdea:
    """Make an idea that is part of another its own again, for a public reason."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HideIdea:
    """Hide an idea, for a reason that its author is told; ``code`` is one of ``HIDING_LABELS``."""

    code: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowIdea:
    """Show a hidden idea again."""

    reason: str
    version: int


def _reason(label: Any, help: Any) -> Prose:
    return Prose(
        required=True,
        validate=validate.Length(min=1, max=LONGEST),
        metadata={"label": label, "help": help, "widget": "textarea", "rows": 4},
    )


class GiveStatusSchema(CommandSchema):
    """An answer."""

    command: ClassVar[type[Any]] = GiveStatus

    status = choice_field(IDEA_STATUS_LABELS, _("Wat gebeurt er met dit idee?"), widget="radios")
    text = Prose(
        required=True,
        validate=validate.Length(min=LEAST, max=LONGEST),
        metadata={
            "label": _("Uw antwoord"),
            "help": _("Iedereen kan dit lezen, en de indiener krijgt het per mail. Schrijf wat er gebeurt, wanneer en waarom."),
            "widget": "textarea",
            "rows": 8,
        },
    )
    version = version_field()


class AssignIdeaSchema(CommandSchema):
    """Who handles it."""

    command: ClassVar[type[Any]] = AssignIdea

    owner_id = reference_field(_("Wie behandelt dit idee?"))
    owner_organization_id = reference_field(_("Welke organisatie pakt het op?"), _("Deze naam staat op de pagina van het idee."))
    answer_by = fields.Date(load_default=None, allow_none=True, metadata={"label": _("Antwoord uiterlijk op"), "widget": "date"})
    version = version_field()


class AssignManySchema(CommandSchema):
    """Several ideas for one colleague."""

    command: ClassVar[type[Any]] = AssignMany

    idea_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST_AT_ONCE), metadata={"label": _("Ideeën"), "skip": True}
    )
    owner_id = reference_field(_("Wie behandelt deze ideeën?"))


class MergeIdeaSchema(CommandSchema):
    """A double."""

    command: ClassVar[type[Any]] = MergeIdea

    into = WholeNumber(
        required=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"label": _("Nummer van het idee waar dit bij hoort"), "help": _("Het nummer staat op de pagina van dat idee.")},
    )
    reason = _reason(_("Waarom?"), _("Iedereen leest dit bij beide ideeën, en de indiener krijgt het per mail."))
    version = version_field()


class UnmergeIdeaSchema(CommandSchema):
    """No double after all."""

    command: ClassVar[type[Any]] = UnmergeIdea

    reason = _reason(_("Waarom haalt u de ideeën weer uit elkaar?"), _("Iedereen leest dit bij beide ideeën."))
    version = version_field()


class HideIdeaSchema(CommandSchema):
    """Hiding."""

    command: ClassVar[type[Any]] = HideIdea

    code = choice_field(HIDING_LABELS, _("Waarom mag dit hier niet staan?"))
    reason = _reason(_("Uitleg"), _("De indiener krijgt deze uitleg per mail. Bezoekers zien hem niet."))
    version = version_field()


class ShowIdeaSchema(CommandSchema):
    """Showing again."""

    command: ClassVar[type[Any]] = ShowIdea

    reason = _reason(_("Waarom mag het er weer staan?"), "")
    version = version_field()
