"""Commands about the steps: moving, ticking a gate of the city, a question that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line, Prose, choice_field, line_field, prose_field, version_field
from samen_core.api import FileReference, FileValue, _
from samen_samenspreker.labels import KIND_LABELS
from samen_samenspreker.models import STEPS
from samen_samenspreker.models.question import TITLE

REASON = 2_000
NEEDS_REASON = 10
"""The fewest characters of a reason to go back."""

NO_REASON = _("Schrijf waarom de vraag teruggaat. Iedereen kan dat lezen.")
NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveQuestion:
    """Bring the question that was read at ``version`` to another step; a way back needs a public ``reason``."""

    to_step: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickGate:
    """Say that a check of the city was done, in which cycle, with what came out and the document."""

    cycle: int
    note: str = ""
    document: FileValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UntickGate:
    """Take a tick back, for a public reason."""

    cycle: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Put a question that follows from this one; area, theme, project and sectors come along. ``reason`` places it on the agenda."""

    kind: str
    title: str
    description: str
    why_now: str = ""
    reason: str = ""


class MoveQuestionSchema(CommandSchema):
    """To another step."""

    command: ClassVar[type[Any]] = MoveQuestion

    to_step = fields.String(required=True, validate=validate.OneOf(STEPS), metadata={"widget": "hidden", "label": _("Naar stap")})
    reason = prose_field(_("Waarom gaat de vraag terug?"), _("Iedereen kan dit lezen."), REASON, rows=5)
    version = version_field()


class MoveBackSchema(MoveQuestionSchema):
    """Back to step 2, as a page asks it: with a reason."""

    reason = Prose(
        required=True,
        validate=validate.Length(NEEDS_REASON, REASON, error=NO_REASON.id),
        metadata={"label": _("Waarom gaat de vraag terug?"), "help": _("Iedereen kan dit lezen."), "widget": "textarea", "rows": 5},
    )


class TickGateSchema(CommandSchema):
    """A check that was done."""

    command: ClassVar[type[Any]] = TickGate

    cycle = fields.Integer(required=True, validate=validate.Range(1, 999), metadata={"widget": "hidden", "label": _("Keer")})
    note = line_field(_("Wat kwam eruit?"), _("Iedereen kan dit lezen. Noem geen namen."), NOTE)
    document = FileReference(load_default=None, allow_none=True, metadata={"label": _("Document"), "help": _("Iedereen kan dit lezen.")})


class UntickGateSchema(CommandSchema):
    """A tick that was wrong."""

    command: ClassVar[type[Any]] = UntickGate

    cycle = fields.Integer(required=True, validate=validate.Range(1, 999), metadata={"widget": "hidden", "label": _("Keer")})
    reason = Line(required=True, validate=validate.Length(max=NOTE), metadata={"label": _("Waarom haalt u dit vinkje weg?")})


class FollowUpSchema(CommandSchema):
    """A question that follows."""

    command: ClassVar[type[Any]] = FollowUp

    kind = choice_field(KIND_LABELS, _("Wat is het?"))
    title = Line(required=True, validate=validate.Length(max=TITLE), metadata={"label": _("De vraag in één zin")})
    description = Prose(
        required=True, validate=validate.Length(1, 5_000), metadata={"label": _("Waar gaat het over?"), "widget": "textarea", "rows": 8}
    )
    why_now = prose_field(_("Waarom is dit nu nodig?"), "", 2_000, rows=4)
    reason = prose_field(
        _("Waarom zet u deze vraag meteen op de agenda?"),
        _("Laat leeg als iemand de vraag eerst nog moet beoordelen. Iedereen kan dit lezen."),
        REASON,
        rows=3,
    )
