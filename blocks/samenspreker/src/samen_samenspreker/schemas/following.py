"""Following a question with the code of its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.api import CommandSchema, Line
from samen_core.api import _


@dataclass(frozen=True, slots=True)
class FollowQuestion:
    """The code that somebody typed."""

    code: str


class FollowQuestionSchema(CommandSchema):
    """The form with the code."""

    command: ClassVar[type[Any]] = FollowQuestion

    code = Line(
        required=True,
        validate=validate.Length(max=40),
        metadata={
            "label": _("Uw code"),
            "help": _("Zoals 7F4K-9Q2M-X3TB. Hij stond op de pagina na het versturen."),
            "autocomplete": "off",
        },
    )
