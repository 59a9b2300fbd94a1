"""Commands of who carries an idea: news about it, and asking others to carry it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Prose, choice_field, line_field
from samen_core.api import HIDING_LABELS, _
from samen_doe_mee.models.base import EMAIL_LENGTH, NAME_LENGTH

LONGEST_NEWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteIdeaNews:
    """Tell news about an idea; everybody reads it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCoInitiator:
    """Ask the person at an address to carry an idea too."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """Carry an idea that one was asked for, under this name."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideNews:
    """Hide news about an idea, for a reason; ``code`` is one of ``HIDING_LABELS``."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowNews:
    """Show hidden news about an idea again."""

    reason: str


class WriteIdeaNewsSchema(CommandSchema):
    """News about an idea."""

    command: ClassVar[type[Any]] = WriteIdeaNews

    text = Prose(
        required=True,
        validate=validate.Length(1, LONGEST_NEWS),
        metadata={
            "label": _("Uw nieuws"),
            "help": _("Iedereen kan dit lezen. Wie het idee steunt en nieuws wil, krijgt het ook per mail."),
            "widget": "textarea",
            "rows": 4,
        },
    )


class AskCoInitiatorSchema(CommandSchema):
    """An invitation."""

    command: ClassVar[type[Any]] = AskCoInitiator

    email = fields.Email(
        required=True,
        validate=validate.Length(max=EMAIL_LENGTH),
        metadata={"label": _("E-mailadres van wie u vraagt"), "widget": "email", "help": _("Niemand anders ziet dit adres.")},
    )


class HideNewsSchema(CommandSchema):
    """Hiding news."""

    command: ClassVar[type[Any]] = HideNews

    code = choice_field(HIDING_LABELS, _("Waarom mag dit hier niet staan?"))
    reason = Prose(required=True, validate=validate.Length(1, 2_000), metadata={"label": _("Uitleg"), "widget": "textarea", "rows": 4})


class ShowNewsSchema(CommandSchema):
    """Showing it again."""

    command: ClassVar[type[Any]] = ShowNews

    reason = Prose(
        required=True,
        validate=validate.Length(1, 2_000),
        metadata={"label": _("Waarom mag het er weer staan?"), "widget": "textarea", "rows": 4},
    )


class CarrySchema(CommandSchema):
    """Accepting an invitation."""

    command: ClassVar[type[Any]] = Carry

    name = line_field(_("Uw naam"), _("Deze naam staat bij het idee."), NAME_LENGTH, autocomplete="name")
