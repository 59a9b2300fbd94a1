"""Following a question with the code of its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line
from samen_core.api import _


@dataclass(frozen=True, slots=True)
class FollowQuestion:
    """The code that somebody typed."""

    code: str


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """Where the code of a receipt is mailed to."""

    code: str
    email: str


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


class MailReceiptSchema(FollowQuestionSchema):
    """The form that mails the code."""

    command: ClassVar[type[Any]] = MailReceipt

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={"label": _("Mail de code naar"), "widget": "email", "autocomplete": "email"},
    )
