"""Commands about rounds of plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import LONG, CommandSchema, Line, choice_field, prose_field, version_field
from samen_core.api import Moment, Text, WholeNumber, _
from samen_doe_mee.models.base import TITLE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRound:
    """Plan a round, from ``opens_at`` until ``closes_at``."""

    title: str
    text: str = ""
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRound(CreateRound):
    """Change a round that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRound:
    """Let a round change places with the one before (``earlier``) or after it (``later``)."""

    to: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDays:
    """A round by its first and last day; ``version`` 0 for a new one."""

    title: str
    text: str = ""
    first: date
    last: date
    version: int = 0


def _day(label: Text, help: Text | str = "") -> fields.Date:
    return fields.Date(required=True, metadata={"label": label, "help": help, "widget": "date"})


def _title() -> Line:
    help = _("Een vraag werkt het best, bijvoorbeeld: wat kan beter in de Dorpsstraat?")
    return Line(required=True, validate=validate.Length(max=TITLE_LENGTH), metadata={"label": _("Titel"), "help": help})


class RoundDaysSchema(CommandSchema):
    """A round by its first and last day, as the page asks it."""

    command: ClassVar[type[Any]] = RoundDays

    title = _title()
    text = prose_field(_("Wat vraagt u in deze ronde?"), _("En wat doet u met wat mensen zeggen?"), LONG, 4)
    first = _day(_("Eerste dag"))
    last = _day(_("Laatste dag"), _("Mensen kunnen de hele dag nog meedoen."))
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["last"] < data["first"]:
            raise ValidationError({"last": [_("De laatste dag ligt voor de eerste dag.")]})
        for name in ("first", "last"):
            if not 2000 <= data[name].year <= 2200:
                raise ValidationError({name: [_("Kies een dag tussen 2000 en 2200.")]})


class CreateRoundSchema(CommandSchema):
    """A new round, as JSON."""

    command: ClassVar[type[Any]] = CreateRound

    title = _title()
    text = prose_field(_("Uitleg"), "", LONG, 4)
    opens_at = Moment(required=True, metadata={"label": _("Begin")})
    closes_at = Moment(required=True, metadata={"label": _("Einde")})


class UpdateRoundSchema(CreateRoundSchema):
    """Changes to a round, as JSON."""

    command: ClassVar[type[Any]] = UpdateRound

    version = version_field()


class MoveRoundSchema(CommandSchema):
    """Changing the order."""

    command: ClassVar[type[Any]] = MoveRound

    to = choice_field({"earlier": _("Eerder"), "later": _("Later")}, _("Verplaatsen"))
    version = version_field()
