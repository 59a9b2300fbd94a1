"""Commands about the actions of step 4."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Line, choice_field, prose_field, reference_field, version_field
from samen_core.api import WholeNumber, _
from samen_samenspreker.labels import ACTION_STATE_LABELS

TITLE = 160
TEXT = 5_000
NEWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAction:
    """Add an action, or a part of one (``parent_id``). ``budget`` is in whole euros; ``weight`` is how much it counts beside the others."""

    title: str
    organization_id: uuid.UUID
    due_on: date
    description: str = ""
    starts_on: date | None = None
    budget: int | None = None
    weight: int = 1
    parent_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAction:
    """Change what an action is; how far it is and when it is done goes by an update, which everybody sees."""

    title: str
    organization_id: uuid.UUID
    version: int
    description: str = ""
    starts_on: date | None = None
    budget: int | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAction:
    """News of an action: how far it is, a moved date, and what there is to tell. A later date and stopping need a ``text``."""

    state: str
    due_on: date
    version: int
    progress: int = 0
    text: str = ""


def _organization() -> fields.UUID:
    return reference_field(_("Welke organisatie doet dit?"), required=True)


def _title() -> Line:
    return Line(required=True, validate=validate.Length(max=TITLE), metadata={"label": _("Wat gaat er gebeuren?")})


def _budget() -> WholeNumber:
    metadata = {"label": _("Budget"), "help": _("In hele euro's.")}
    return WholeNumber(load_default=None, allow_none=True, validate=validate.Range(0, 10**12), metadata=metadata)


def _weight() -> WholeNumber:
    help = _("Hoeveel telt dit mee in de voortgang? Geef een 2 aan iets dat twee keer zoveel werk is als de rest.")
    return WholeNumber(load_default=1, validate=validate.Range(1, 100), metadata={"label": _("Gewicht"), "help": help})


def _starts_on() -> fields.Date:
    return fields.Date(load_default=None, allow_none=True, metadata={"label": _("Begint op"), "widget": "date"})


class AddActionSchema(CommandSchema):
    """A new action."""

    command: ClassVar[type[Any]] = AddAction

    title = _title()
    description = prose_field(_("Beschrijving"), "", TEXT, rows=5)
    organization_id = _organization()
    starts_on = _starts_on()
    due_on = fields.Date(required=True, metadata={"label": _("Klaar op"), "widget": "date"})
    budget = _budget()
    weight = _weight()
    parent_id = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden", "label": _("Onderdeel van")})

    @validates_schema(skip_on_field_errors=True)
    def _check_dates(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["starts_on"] and data["starts_on"] > data["due_on"]:
            raise ValidationError({"due_on": [_("Deze datum ligt voor het begin.")]})


class EditActionSchema(CommandSchema):
    """Another description of an action."""

    command: ClassVar[type[Any]] = EditAction

    title = _title()
    description = prose_field(_("Beschrijving"), "", TEXT, rows=5)
    organization_id = _organization()
    starts_on = _starts_on()
    budget = _budget()
    weight = _weight()
    version = version_field()


class UpdateActionSchema(CommandSchema):
    """News of an action."""

    command: ClassVar[type[Any]] = UpdateAction

    state = choice_field(ACTION_STATE_LABELS, _("Hoe staat het ervoor?"))
    progress = WholeNumber(
        load_default=0,
        validate=validate.Range(0, 100),
        metadata={"label": _("Hoe ver is het?"), "help": _("In procenten: 0 is nog niet begonnen, 100 is klaar.")},
    )
    due_on = fields.Date(required=True, metadata={"label": _("Klaar op"), "widget": "date"})
    text = prose_field(
        _("Wat is er te vertellen?"),
        _("Iedereen kan dit lezen. Schuift de datum op of gaat het niet door? Schrijf dan waarom."),
        NEWS,
        rows=5,
    )
    version = version_field()
