"""Commands about the points of an agenda."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, choice_field, line_field, name_field, prose_field, reference_field, version_field
from samen_beleidsagenda.labels import RESULT_LABELS
from samen_beleidsagenda.models import NUMBER_LENGTH
from samen_core.api import Moment, Text, _

DIRECTIONS = ("up", "down")
MOST_POINTS = 200
"""How many points an agenda has at most."""
NO_RESULT: dict[str, Text] = {"": _("Geen uitkomst"), **RESULT_LABELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    """Put a point on an agenda, at its end. ``parent_id`` is the point that it stands under; an empty number is given by its place.

    ``publish``: on an agenda that is public already the point is public at once, for who may make things public.
    """

    title: str
    text: str = ""
    number: str = ""
    parent_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    heading: bool = False
    hammer_item: bool = False
    confidential: bool = False
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """Replace what is known of a point before it is treated."""

    title: str
    version: int
    text: str = ""
    number: str = ""
    parent_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    heading: bool = False
    hammer_item: bool = False
    confidential: bool = False
    planned_start: datetime | None = None
    planned_end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItems:
    """The points of a meeting in their new order; ``version`` is that of the meeting. Who stands under whom stays as it is."""

    order: tuple[uuid.UUID, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveItem:
    """One place up or down among the points beside it; ``version`` is that of the meeting."""

    direction: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResult:
    """What came of a point: a code of RESULTS or nothing, what was resolved in words, and when it was treated."""

    version: int
    result: str = ""
    resolution: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


def _checkbox(label: Text, help: Text | str = "") -> fields.Boolean:
    return fields.Boolean(load_default=False, metadata={"label": label, "help": help, "widget": "checkbox"})


def _moment(label: Text) -> Moment:
    return Moment(load_default=None, allow_none=True, metadata={"label": label, "widget": "datetime"})


def _check_order(data: dict[str, Any], first: str, last: str) -> None:
    if data.get(first) and data.get(last) and data[last] < data[first]:
        raise ValidationError({last: [_("Het einde ligt voor het begin.")]})


class AddItemSchema(CommandSchema):
    """A new point of an agenda."""

    command: ClassVar[type[Any]] = AddItem

    title = name_field(_("Onderwerp"))
    text = prose_field(_("Toelichting"), rows=4)
    number = line_field(_("Nummer"), _("Leeg laten mag: dan volgt het nummer uit de plaats op de agenda."), NUMBER_LENGTH)
    parent_id = reference_field(_("Staat onder"), _("Alleen als dit een onderdeel van een ander punt is."))
    dossier_id = reference_field(_("Dossier"))
    heading = _checkbox(_("Dit is alleen een kopje"), _("Bijvoorbeeld: hamerstukken."))
    hammer_item = _checkbox(_("Hamerstuk"), _("Er wordt zonder bespreking over besloten."))
    confidential = _checkbox(_("Besloten punt"), _("Alleen wie vertrouwelijke punten mag zien, ziet dit punt."))
    planned_start = _moment(_("Begint naar verwachting op"))
    planned_end = _moment(_("Eindigt naar verwachting op"))
    publish = fields.Boolean(load_default=False, metadata={"skip": True})

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("heading") and data.get("hammer_item"):
            raise ValidationError({"hammer_item": [_("Een kopje kan geen hamerstuk zijn.")]})
        _check_order(data, "planned_start", "planned_end")


class ChangeItemSchema(AddItemSchema):
    """Changes to a point of an agenda."""

    class Meta:
        """Whether it is public does not change here."""

        exclude = ("publish",)

    command: ClassVar[type[Any]] = ChangeItem

    version = version_field()


class OrderItemsSchema(CommandSchema):
    """Another order of the points."""

    command: ClassVar[type[Any]] = OrderItems

    order = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_POINTS))
    version = version_field()


class MoveItemSchema(CommandSchema):
    """One place up or down."""

    command: ClassVar[type[Any]] = MoveItem

    direction = fields.String(required=True, validate=validate.OneOf(DIRECTIONS))
    version = version_field()


class RecordResultSchema(CommandSchema):
    """What came of a point."""

    command: ClassVar[type[Any]] = RecordResult

    result = choice_field(NO_RESULT, _("Wat is de uitkomst?"), default="")
    resolution = prose_field(_("Wat is er besloten of afgesproken?"), rows=5)
    started_at = _moment(_("Begonnen op"))
    ended_at = _moment(_("Klaar op"))
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_order(data, "started_at", "ended_at")
