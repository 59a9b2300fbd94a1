"""Proposing a pattern as a question, and leaving it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.api import CommandSchema, Line, Prose, version_field
from samen_core.api import _
from samen_oog_oor.models.base import TITLE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePattern:
    """Propose a pattern, read at ``version``, as a question for the city."""

    question: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissPattern:
    """Leave a pattern, read at ``version``: it is no matter for the table, and ``reason`` says why."""

    reason: str
    version: int | None = None


class ProposePatternSchema(CommandSchema):
    """The question."""

    command: ClassVar[type[Any]] = ProposePattern

    question = Line(
        required=True,
        validate=validate.Length(max=TITLE_LENGTH),
        metadata={
            "label": _("Welke vraag legt u voor?"),
            "help": _("In één zin, bijvoorbeeld: Hoe houden we de Markt ’s avonds licht? Elke melder krijgt er bericht van."),
        },
    )
    version = version_field()


class DismissPatternSchema(CommandSchema):
    """Why it is left."""

    command: ClassVar[type[Any]] = DismissPattern

    reason = Prose(
        required=True,
        validate=validate.Length(max=2_000),
        metadata={"label": _("Waarom is dit geen vraag voor de tafel?"), "widget": "textarea", "rows": 4},
    )
    version = version_field()
