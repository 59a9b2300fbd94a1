"""Commands about supporting an idea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from citycontent.api import CommandSchema, email_field
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVoice:
    """Support an idea. Who is logged in needs no ``email``; without account one confirms by mail, or gets a receipt code without."""

    email: str = ""
    wants_news: bool = False


class GiveVoiceSchema(CommandSchema):
    """Support by somebody without account."""

    command: ClassVar[type[Any]] = GiveVoice

    email = email_field(_("Uw e-mailadres"))
    wants_news = fields.Boolean(load_default=False, metadata={"label": _("Mail mij als er nieuws is over dit idee"), "widget": "checkbox"})

    @validates_schema(skip_on_field_errors=True)
    def _check_news(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("wants_news") and not data.get("email"):
            raise ValidationError({"email": [_("Vul uw e-mailadres in als u mail wilt ontvangen.")]})


class GiveOwnVoiceSchema(CommandSchema):
    """Support by somebody who is logged in: mail goes to the address of the account."""

    command: ClassVar[type[Any]] = GiveVoice

    wants_news = fields.Boolean(load_default=False, metadata={"label": _("Mail mij als er nieuws is over dit idee"), "widget": "checkbox"})
