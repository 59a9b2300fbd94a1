"""Commands about activities of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Line, choice_field, prose_field, version_field
from samen_core.api import Moment, WholeNumber, _
from samen_doe_mee.models.base import TITLE_LENGTH

LONGEST_MINUTES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFields:
    """What a new and a changed activity share. ``options`` is read with the schema of its type; no dates means those of its round."""

    title: str
    intro: str = ""
    minutes: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    anonymous: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateActivity(ActivityFields):
    """Something new to take part in, of a registered type."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateActivity(ActivityFields):
    """Replace what is known of an activity; ``version`` is the one that was read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnActivity:
    """Remove an activity, open it now or close it now."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveActivity:
    """Move an activity one place up or down in its round."""

    to: str


class ActivityFieldsSchema(CommandSchema):
    """What can be said of any activity."""

    title = Line(
        required=True,
        validate=validate.Length(max=TITLE_LENGTH),
        metadata={"label": _("Wat vraagt u?"), "help": _("Een korte vraag werkt het best, bijvoorbeeld: Wat moet er in het park komen?")},
    )
    intro = prose_field(_("Uitleg"), _("Een paar zinnen: waar gaat het over en wat doet u met wat mensen zeggen?"), 5_000, rows=4)
    minutes = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, LONGEST_MINUTES),
        metadata={
            "label": _("Hoeveel minuten kost het?"),
            "help": _("Dit staat bij de activiteit, zodat mensen weten waar ze aan beginnen."),
        },
    )
    opens_at = Moment(
        load_default=None, allow_none=True, metadata={"label": _("Open vanaf"), "help": _("Leeg: vanaf het begin van de ronde.")}
    )
    closes_at = Moment(
        load_default=None, allow_none=True, metadata={"label": _("Open tot"), "help": _("Leeg: tot het einde van de ronde.")}
    )
    anonymous = fields.Boolean(
        load_default=True,
        metadata={
            "label": _("Mensen kunnen meedoen zonder account"),
            "help": _("Dat kost minder dan een minuut. Zo doen meer mensen mee."),
        },
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("opens_at") and data.get("closes_at") and data["closes_at"] <= data["opens_at"]:
            raise ValidationError({"closes_at": [_("De einddatum ligt voor de begindatum.")]})


class _WithOptions(ActivityFieldsSchema):
    options = fields.Dict(
        load_default=dict,
        metadata={"label": _("Instellingen"), "help": _("Wat bij deze soort activiteit hoort."), "skip": True},
    )


class CreateActivitySchema(_WithOptions):
    """A new activity, as JSON."""

    command: ClassVar[type[Any]] = CreateActivity

    type = Line(required=True, validate=validate.Length(max=40), metadata={"label": _("Soort activiteit")})


class UpdateActivitySchema(_WithOptions):
    """Changes to an activity, as JSON."""

    command: ClassVar[type[Any]] = UpdateActivity

    version = version_field()


class ActOnActivitySchema(CommandSchema):
    """Removing, opening or closing."""

    command: ClassVar[type[Any]] = ActOnActivity

    version = version_field()


class MoveActivitySchema(CommandSchema):
    """Changing the order."""

    command: ClassVar[type[Any]] = MoveActivity

    to = choice_field({"up": _("Omhoog"), "down": _("Omlaag")}, _("Verplaatsen"))
