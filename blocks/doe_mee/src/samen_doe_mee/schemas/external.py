"""What staff enter of a poll on another channel or an evening in a hall."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import SHORT, CommandSchema, Line, choice_field, prose_field, url_field, version_field
from samen_core.api import FormSchema, Text, WholeNumber, _
from samen_doe_mee.models.base import TITLE_LENGTH
from samen_doe_mee.schemas.polls import MOST, Choices

CHANNELS: dict[str, Text] = {
    "meeting": _("Bijeenkomst"),
    "social": _("Sociale media"),
    "street": _("Op straat of aan de deur"),
    "panel": _("Panel of enquête"),
    "letter": _("Brief of formulier op papier"),
    "phone": _("Telefoon"),
    "other": _("Anders"),
}
MOST_PEOPLE = 1_000_000
_COUNT = re.compile(r"(.+?)\s*[:=]\s*(\d{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddExternalResult:
    """Enter what came out elsewhere. ``counts`` are options with their numbers, in order."""

    channel: str
    held_on: date
    people: int
    source: str
    url: str = ""
    text: str = ""
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeExternalResult(AddExternalResult):
    """Correct what was entered, as it was read at ``version``."""

    version: int


class Counts(fields.Field[tuple[tuple[str, int], ...]]):
    """Options with their numbers: a list of objects in JSON, ``antwoord: aantal`` on each line in a form."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "array",
        "maxItems": MOST,
        "items": {
            "type": "object",
            "properties": {"text": {"type": "string"}, "number": {"type": "integer", "minimum": 0}},
            "required": ["text", "number"],
        },
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[tuple[str, int], ...]:  # noqa: ARG002
        items = [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise ValidationError([_("Dit moet een lijst zijn.")])
        if len(items) > MOST:
            raise ValidationError([_("Geef hoogstens {max} regels.", max=MOST)])
        found = [_count(item) for item in items]
        if len({text.casefold() for text, _number in found}) < len(found):
            raise ValidationError([_("Een antwoord staat er twee keer in.")])
        return tuple(found)


def _count(item: Any) -> tuple[str, int]:
    if isinstance(item, str):
        match = _COUNT.fullmatch(item.strip())
        if match is None:
            raise ValidationError(
                [_("Schrijf “{line}” als antwoord, dubbele punt, aantal. Bijvoorbeeld: Meer bomen: 34.", line=item.strip()[:60])]
            )
        text, number = match[1], int(match[2])
    elif isinstance(item, Mapping) and isinstance(item.get("text"), str) and type(item.get("number")) is int:
        text, number = item["text"], item["number"]
    else:
        raise ValidationError([_("Dit heeft niet de vorm die nodig is.")])
    text = " ".join(text.split())
    if not 0 < len(text) <= TITLE_LENGTH or not 0 <= number <= MOST_PEOPLE:
        raise ValidationError([_("Een antwoord heeft hoogstens {n} tekens, en een aantal van 0 of meer.", n=TITLE_LENGTH)])
    return text, number


class ExternalSettingsSchema(FormSchema):
    """What is settled about an activity on another channel."""

    choices = Choices(
        0,
        load_default=tuple,
        metadata={
            "label": _("Antwoorden"),
            "help": _("Alleen als er iets te kiezen is: zet op elke regel één antwoord. Bij elke uitslag vult u dan de aantallen in."),
            "widget": "textarea",
            "rows": 4,
        },
    )


class AddExternalResultSchema(CommandSchema):
    """A result from elsewhere."""

    command: ClassVar[type[Any]] = AddExternalResult

    channel = choice_field(CHANNELS, _("Waar was het?"), widget="select")
    held_on = fields.Date(
        required=True, metadata={"label": _("Wanneer?"), "help": _("De laatste dag, als het langer duurde."), "widget": "date"}
    )
    people = WholeNumber(required=True, validate=validate.Range(0, MOST_PEOPLE), metadata={"label": _("Hoeveel mensen deden mee?")})
    source = Line(
        required=True,
        validate=validate.Length(max=SHORT),
        metadata={
            "label": _("Bron"),
            "help": _("Zodat iedereen kan nagaan waar dit vandaan komt. Bijvoorbeeld: peiling op de Facebookpagina van de wijk."),
        },
    )
    url = url_field(_("Link naar de bron"))
    counts = Counts(
        load_default=tuple,
        metadata={
            "label": _("Uitslag"),
            "help": _("Zet op elke regel één antwoord met het aantal, bijvoorbeeld: Meer bomen: 34."),
            "widget": "textarea",
            "rows": 5,
        },
    )
    text = prose_field(_("Wat kwam eruit?"), _("In gewone woorden. Noem geen namen van bezoekers."), 10_000, rows=6)

    @validates_schema(skip_on_field_errors=True)
    def _check_counts(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[Text]] = {}
        if wrong := next((text for text, number in data["counts"] if number > data["people"]), None):
            errors["counts"] = [_("Bij “{text}” staat een hoger aantal dan er mensen meededen.", text=wrong)]
        if not data["counts"] and not data["text"]:
            errors["text"] = [_("Vul een uitslag in, of schrijf wat eruit kwam.")]
        if errors:
            raise ValidationError(errors)


class ChangeExternalResultSchema(AddExternalResultSchema):
    """A correction of it."""

    command: ClassVar[type[Any]] = ChangeExternalResult

    version = version_field()
