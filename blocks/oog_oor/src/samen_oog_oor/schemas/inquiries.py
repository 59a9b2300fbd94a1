"""Questions about a case: what staff ask, and of whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from citycontent.api import CommandSchema, Prose, reference_field, references_field, version_field
from samen_core.api import WholeNumber, _

MOST_QUESTIONS = 5
LONGEST_QUESTION = 300
MOST_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReporter:
    """Ask reporters something. ``signal_ids`` are those of whom it is asked; empty is everyone who can be reached.

    ``questions`` are answered one by one; without any the text itself is the question. ``photos`` asks for pictures too.
    """

    text: str
    questions: tuple[str, ...] = ()
    photos: bool = False
    signal_ids: tuple[uuid.UUID, ...] = ()
    days: int = 7
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskThirdParty:
    """Ask somebody without an account something. ``organization_id`` is the one for which they answer, when it is known."""

    text: str
    email: str
    questions: tuple[str, ...] = ()
    photos: bool = True
    organization_id: uuid.UUID | None = None
    days: int = 14
    version: int | None = None


class Questions(fields.Field[tuple[str, ...]]):
    """Questions: a list in JSON, one on each line in a form."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "array",
        "maxItems": MOST_QUESTIONS,
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[str, ...]:  # noqa: ARG002
        lines = value.splitlines() if isinstance(value, str) else value
        if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
            raise ValidationError([_("Dit moet een lijst zijn.")])
        found = [text for line in lines if (text := " ".join(line.split()))]
        if len(found) > MOST_QUESTIONS:
            raise ValidationError([_("Stel hoogstens {n} vragen tegelijk.", n=MOST_QUESTIONS)])
        if any(len(text) > LONGEST_QUESTION for text in found):
            raise ValidationError([_("Gebruik per vraag hoogstens {n} tekens.", n=LONGEST_QUESTION)])
        return tuple(found)


class _AskSchema(CommandSchema):
    text = Prose(
        required=True,
        validate=validate.Length(1, 2_000),
        metadata={"label": _("Bericht"), "help": _("Vertel kort waarom u iets vraagt."), "widget": "textarea", "rows": 4},
    )
    questions = Questions(
        load_default=tuple,
        metadata={
            "label": _("Vragen"),
            "help": _("Zet op elke regel één vraag, hoogstens vijf. Laat u dit leeg? Dan antwoordt men op uw bericht."),
            "widget": "textarea",
            "rows": 4,
        },
    )
    photos = fields.Boolean(load_default=False, metadata={"label": _("Vraag ook om foto's")})
    version = version_field()


def _days(usual: int) -> WholeNumber:
    return WholeNumber(
        load_default=usual,
        validate=validate.Range(1, MOST_DAYS),
        metadata={
            "label": _("Hoeveel dagen kan men antwoorden?"),
            "help": _("Halverwege gaat er een herinnering uit. Daarna gaat de zaak vanzelf verder."),
            "widget": "number",
        },
    )


class AskReporterSchema(_AskSchema):
    """The command to ask reporters something."""

    command: ClassVar[type[Any]] = AskReporter

    signal_ids = references_field(_("Aan wie?"), _("Kiest u niemand? Dan krijgt elke melder die te bereiken is de vraag."))
    days = _days(7)


class AskThirdPartySchema(_AskSchema):
    """The command to ask somebody without an account something."""

    command: ClassVar[type[Any]] = AskThirdParty

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={"label": _("E-mailadres"), "help": _("Wie antwoordt, heeft geen account nodig."), "widget": "email"},
    )
    organization_id = reference_field(_("Namens welke organisatie?"))
    days = _days(14)
