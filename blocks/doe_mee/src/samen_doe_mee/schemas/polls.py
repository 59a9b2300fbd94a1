"""Polls: what staff settle about one, and what somebody chooses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, choice_field, email_field
from samen_core.api import FormSchema, WholeNumber, _
from samen_doe_mee.models import SHOW_RESULTS
from samen_doe_mee.models.base import TITLE_LENGTH

FEWEST, MOST = 2, 20
POLL_KINDS = {"one": _("Eén antwoord"), "several": _("Meer dan één antwoord")}
SHOW_LABELS = dict(
    zip(SHOW_RESULTS, (_("Altijd, ook voor wie nog niet stemde"), _("Na de eigen stem"), _("Pas als de peiling gesloten is")), strict=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Choose options of a poll, in place of what was chosen before. With ``email`` one hears what is done with the outcome."""

    options: tuple[uuid.UUID, ...]
    email: str = ""
    wants_result: bool = False


class Choices(fields.Field[tuple[str, ...]]):
    """The texts of the options in order: a list in JSON, one on each line in a form."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "array",
        "minItems": FEWEST,
        "maxItems": MOST,
        "items": {"type": "string", "minLength": 1, "maxLength": TITLE_LENGTH},
    }

    def __init__(self, fewest: int = FEWEST, **kwargs: Any) -> None:
        """``fewest`` options there must be."""
        self.fewest = fewest
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[str, ...]:  # noqa: ARG002
        lines = value.splitlines() if isinstance(value, str) else value
        if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
            raise ValidationError([_("Dit moet een lijst zijn.")])
        found = [text for line in lines if (text := " ".join(line.split()))]
        if not self.fewest <= len(found) <= MOST:
            raise ValidationError(
                [_("Geef minstens {few} en hoogstens {most} antwoorden, elk op een eigen regel.", few=self.fewest, most=MOST)]
            )
        if any(len(text) > TITLE_LENGTH for text in found):
            raise ValidationError([_("Gebruik per antwoord hoogstens {n} tekens.", n=TITLE_LENGTH)])
        if len({text.casefold() for text in found}) < len(found):
            raise ValidationError([_("Twee antwoorden zijn hetzelfde. Niemand ziet dan het verschil.")])
        return tuple(found)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str]:  # noqa: ARG002
        return list(value or ())


class PollSettingsSchema(FormSchema):
    """What is settled before a poll opens."""

    choices = Choices(
        required=True,
        metadata={
            "label": _("Antwoorden"),
            "help": _("Zet op elke regel één antwoord, van 2 tot 20. Als de peiling eenmaal open is, kunt u ze niet meer veranderen."),
            "widget": "textarea",
            "rows": 5,
        },
    )
    kind = choice_field(POLL_KINDS, _("Hoeveel antwoorden mag iemand kiezen?"), default="one")
    minimum = WholeNumber(
        load_default=1,
        validate=validate.Range(1, MOST),
        metadata={"label": _("Minstens hoeveel?"), "help": _("Alleen als iemand meer dan één antwoord mag kiezen.")},
    )
    maximum = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MOST),
        metadata={"label": _("Hoogstens hoeveel?"), "help": _("Leeg: zo veel als iemand wil.")},
    )
    show_results = choice_field(
        SHOW_LABELS,
        _("Wanneer ziet iedereen de uitslag?"),
        _("Dit ligt vast zodra de peiling opent. “Pas als de peiling gesloten is” geldt ook voor de gemeente."),
        default="after_vote",
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_numbers(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["kind"] == "one":
            data["minimum"] = data["maximum"] = 1
            return
        most = data["maximum"] if data["maximum"] is not None else len(data["choices"])
        if most > len(data["choices"]):
            raise ValidationError({"maximum": [_("Er zijn maar {n} antwoorden.", n=len(data["choices"]))]})
        if data["minimum"] > most:
            raise ValidationError({"minimum": [_("Dit is meer dan iemand mag of kan kiezen.")]})
        if most < 2:
            raise ValidationError({"maximum": [_("Mag iemand er maar één kiezen? Kies dan hierboven “Eén antwoord”.")]})


class CastVoteSchema(CommandSchema):
    """A vote in a poll."""

    command: ClassVar[type[Any]] = CastVote

    options = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST),
        metadata={"label": _("Uw keuze"), "widget": "checkboxes"},
    )
    wants_result = fields.Boolean(load_default=False, metadata={"label": _("Ik wil horen wat ermee wordt gedaan"), "widget": "checkbox"})
    email = email_field(_("E-mailadres"))

    @validates_schema(skip_on_field_errors=True)
    def _address_is_wish(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["email"]:
            data["wants_result"] = True
