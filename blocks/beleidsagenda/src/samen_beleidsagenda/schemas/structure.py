"""Commands about bodies, themes and goals."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    LONG,
    CommandSchema,
    PartialDate,
    choice_field,
    date_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_beleidsagenda.labels import BODY_KIND_LABELS, PROGRESS_LABELS
from samen_core.api import WholeNumber, _

LAST_POSITION = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineBody:
    """Say that an organisation is a body that decides or advises."""

    organization_id: uuid.UUID
    kind: str
    position: int = 0
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBody:
    """Replace what is known of a body."""

    kind: str
    version: int
    position: int = 0
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetThemeProfile:
    """Say what the agenda knows of a theme of the city; version 0 when it knows nothing yet."""

    version: int
    position: int = 0
    task_field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHolder:
    """Give a theme to a post, from when to when; an empty date is open."""

    post_id: uuid.UUID
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHolder:
    """Say until when a post holds a theme."""

    end_date: PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGoal:
    """Add a goal to a theme, as a draft. ``indicator_id`` is a thing in the register that measures it."""

    theme_id: uuid.UUID
    title: str
    text: str = ""
    document_id: uuid.UUID | None = None
    indicator_id: uuid.UUID | None = None
    target: str = ""
    target_date: date | None = None
    progress: str = "not_started"
    position: int = 0
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateGoal(CreateGoal):
    """Replace what is known of a goal; ``version`` is the one that was read."""

    version: int


def position_field() -> WholeNumber:
    """Where it comes in lists."""
    return WholeNumber(
        load_default=0,
        validate=validate.Range(0, LAST_POSITION),
        metadata={"label": _("Plaats in de lijst"), "help": _("Een lager getal staat hoger. Bij gelijke getallen telt de naam.")},
    )


class UpdateBodySchema(CommandSchema):
    """Changes to a body."""

    command: ClassVar[type[Any]] = UpdateBody

    kind = choice_field(BODY_KIND_LABELS, _("Wat voor orgaan is het?"))
    position = position_field()
    source_url = url_field(_("Webadres van de vergaderingen"), _("Als de vergaderingen ook op een andere website staan."))
    version = version_field()


class DefineBodySchema(UpdateBodySchema):
    """A new body."""

    command: ClassVar[type[Any]] = DefineBody

    class Meta:
        """A new body has no version yet."""

        exclude = ("version",)

    organization_id = reference_field(_("Welke organisatie is het?"), required=True)


class SetThemeProfileSchema(CommandSchema):
    """What the agenda knows of a theme."""

    command: ClassVar[type[Any]] = SetThemeProfile

    position = position_field()
    task_field = line_field(_("Taakveld"), _("De code van Iv3, bijvoorbeeld 8.3. Zo is het verband met de begroting te leggen."), 10)
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})


class NameHolderSchema(CommandSchema):
    """A post that holds a theme."""

    command: ClassVar[type[Any]] = NameHolder

    post_id = reference_field(_("Portefeuillehouder"), required=True)
    start_date = date_field(_("Vanaf"))
    end_date = date_field(_("Tot en met"))

    @validates_schema(skip_on_field_errors=False)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end.last_day < start.first_day:
            raise ValidationError({"end_date": [_("De einddatum ligt voor de begindatum.")]})


class EndHolderSchema(CommandSchema):
    """Until when a post holds a theme."""

    command: ClassVar[type[Any]] = EndHolder

    end_date = date_field(_("Tot en met"))

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("end_date"):
            raise ValidationError({"end_date": [_("Vul de laatste dag in, of alleen de maand of het jaar.")]})


class CreateGoalSchema(CommandSchema):
    """A new goal, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateGoal

    theme_id = reference_field(_("Thema"), required=True)
    title = name_field(_("Wat wil de gemeente bereiken?"), _("In één zin. Bijvoorbeeld: de helft minder ongelukken met fietsers."))
    text = prose_field(_("Toelichting"), longest=LONG, rows=5)
    target = line_field(_("Wanneer is het bereikt?"), _("Een getal of een toestand. Bijvoorbeeld: hoogstens 20 ongelukken per jaar."))
    target_date = fields.Date(load_default=None, allow_none=True, metadata={"label": _("Op welke dag moet het bereikt zijn?")})
    progress = choice_field(PROGRESS_LABELS, _("Hoe staat het ervoor?"), default="not_started")
    document_id = reference_field(_("In welk stuk staat dit doel?"))
    indicator_id = fields.UUID(load_default=None, allow_none=True, metadata={"label": _("Wat het meet"), "widget": "hidden"})
    position = position_field()
    confidential = fields.Boolean(load_default=False, metadata={"label": _("Dit doel is vertrouwelijk")})


class UpdateGoalSchema(CreateGoalSchema):
    """Changes to a goal."""

    command: ClassVar[type[Any]] = UpdateGoal

    version = version_field()
