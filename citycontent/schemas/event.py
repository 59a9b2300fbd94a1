"""Commands about the calendar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.schemas.common import (
    SHORT,
    AddressValue,
    address_field,
    choice_field,
    line_field,
    links_field,
    name_field,
    picture_field,
    prose_field,
    reference_field,
    references_field,
    sources_field,
    url_field,
    version_field,
)
from citycontent.schemas.fields import CommandSchema
from samen_core.api import FileValue, Moment, Text, WholeNumber, _

EVENT_STATUS_LABELS: dict[str, Text] = {
    "tentative": _("Onder voorbehoud"),
    "confirmed": _("Gaat door"),
    "rescheduled": _("Verplaatst"),
    "postponed": _("Uitgesteld"),
    "cancelled": _("Gaat niet door"),
}
CLASSIFICATION_LABELS: dict[str, Text] = {
    "meeting": _("Vergadering"),
    "consultation": _("Inloop"),
    "walk": _("Wandeling of schouw"),
    "information": _("Informatieavond"),
    "course": _("Cursus"),
    "celebration": _("Feest"),
    "volunteering": _("Vrijwilligerswerk"),
    "other": _("Anders"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEvent:
    """Put something on the calendar. Moments are aware datetimes."""

    name: str
    start_date: datetime
    end_date: datetime | None = None
    all_day: bool = False
    timezone: str = "Europe/Amsterdam"
    status: str = "confirmed"
    classification: str = "other"
    summary: str = ""
    description: str = ""
    picture: FileValue | None = None
    location: str = ""
    address: AddressValue | None = None
    area_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    theme_ids: tuple[uuid.UUID, ...] = ()
    online_url: str = ""
    registration_url: str = ""
    capacity: int | None = None
    accessibility: str = ""
    links: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEvent(CreateEvent):
    """Replace what is known of an event. A new moment makes it moved, a new status called off or put off."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEvent:
    """Give an event another moment."""

    start_date: datetime
    version: int
    end_date: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEvent:
    """Call an event off, or with ``postpone`` put it off until a new moment is known."""

    version: int
    reason: str = ""
    postpone: bool = False


def _start_field() -> Moment:
    return Moment(required=True, metadata={"label": _("Begint op"), "widget": "datetime"})


def _end_field() -> Moment:
    return Moment(load_default=None, allow_none=True, metadata={"label": _("Eindigt op"), "widget": "datetime"})


def _check_times(data: dict[str, Any]) -> None:
    start, end = data.get("start_date"), data.get("end_date")
    if start and end and end <= start:
        raise ValidationError({"end_date": [_("Het einde ligt niet na het begin.")]})


def _known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValidationError([_("Deze tijdzone bestaat niet.")]) from None


class CreateEventSchema(CommandSchema):
    """A new event, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateEvent

    name = name_field(_("Naam"))
    classification = choice_field(CLASSIFICATION_LABELS, _("Wat voor bijeenkomst is het?"), default="other", widget="select")
    start_date = _start_field()
    end_date = _end_field()
    all_day = fields.Boolean(load_default=False, metadata={"label": _("Duurt de hele dag"), "widget": "checkbox"})
    timezone = fields.String(load_default="Europe/Amsterdam", validate=(validate.Length(max=60), _known_zone), metadata={"skip": True})
    status = choice_field(EVENT_STATUS_LABELS, _("Gaat het door?"), default="confirmed", widget="radios")
    summary = line_field(_("In één zin"), longest=SHORT)
    description = prose_field(_("Beschrijving"))
    picture = picture_field()
    location = line_field(_("Plek"), _("Bijvoorbeeld de naam van de zaal."))
    address = address_field()
    area_id = reference_field(_("Gebied"), _("Leeg laten mag: dan zoeken we het gebied bij het adres."))
    organization_id = reference_field(_("Organisator"))
    project_id = reference_field(_("Hoort bij project"))
    parent_id = reference_field(_("Onderdeel van"))
    theme_ids = references_field(_("Thema's"))
    online_url = url_field(_("Online meedoen"))
    registration_url = url_field(_("Aanmelden"))
    capacity = WholeNumber(
        load_default=None, allow_none=True, validate=validate.Range(1, 1_000_000), metadata={"label": _("Aantal plaatsen")}
    )
    accessibility = prose_field(_("Toegankelijkheid"), _("Bijvoorbeeld: lift, ringleiding, tolk."), SHORT, 2)
    links = links_field()
    sources = sources_field()

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_times(data)


class UpdateEventSchema(CreateEventSchema):
    """Changes to an event."""

    command: ClassVar[type[Any]] = UpdateEvent

    version = version_field()


class MoveEventSchema(CommandSchema):
    """Another moment for an event."""

    command: ClassVar[type[Any]] = MoveEvent

    start_date = _start_field()
    end_date = _end_field()
    reason = line_field(_("Waarom?"), _("Bezoekers zien deze reden."), SHORT)
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_times(data)


class CancelEventSchema(CommandSchema):
    """Calling an event off."""

    command: ClassVar[type[Any]] = CancelEvent

    reason = line_field(_("Waarom?"), _("Bezoekers zien deze reden."), SHORT)
    postpone = fields.Boolean(
        load_default=False,
        metadata={"label": _("Het komt later"), "help": _("De nieuwe datum is nog niet bekend."), "widget": "checkbox"},
    )
    version = version_field()
