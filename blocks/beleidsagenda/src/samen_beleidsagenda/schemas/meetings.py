"""Commands about meetings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from citycontent.api import (
    SHORT,
    AddressValue,
    CommandSchema,
    address_field,
    choice_field,
    line_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_beleidsagenda.labels import MEETING_TYPE_LABELS
from samen_core.api import Moment, _


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting:
    """Plan a meeting of a body (``body_id`` is its organisation). Without a name it is called after its type and body."""

    body_id: uuid.UUID
    type: str
    start_date: datetime
    end_date: datetime | None = None
    name: str = ""
    location: str = ""
    address: AddressValue | None = None
    online_url: str = ""
    accessibility: str = ""
    closed: bool = False
    livestream_url: str = ""
    recording_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMeeting:
    """Replace what is known of a meeting. Another moment moves the event, and everybody who follows the calendar learns it."""

    type: str
    start_date: datetime
    version: int
    end_date: datetime | None = None
    name: str = ""
    location: str = ""
    address: AddressValue | None = None
    online_url: str = ""
    accessibility: str = ""
    closed: bool = False
    livestream_url: str = ""
    recording_url: str = ""
    minutes_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Call a meeting off, or with ``postpone`` put it off until a new moment is known."""

    version: int
    reason: str
    postpone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishAgenda:
    """Make the agenda public, with every point of it; again for points that were added since."""

    version: int


class _MeetingSchema(CommandSchema):
    type = choice_field(MEETING_TYPE_LABELS, _("Wat voor vergadering is het?"), widget="select")
    name = line_field(_("Naam"), _("Leeg laten mag. Dan heet de vergadering naar het orgaan."))
    start_date = Moment(required=True, metadata={"label": _("Begint op"), "widget": "datetime"})
    end_date = Moment(load_default=None, allow_none=True, metadata={"label": _("Eindigt op"), "widget": "datetime"})
    location = line_field(_("Plek"), _("Bijvoorbeeld de naam van de zaal."))
    address = address_field()
    online_url = url_field(_("Online meedoen"))
    accessibility = prose_field(_("Toegankelijkheid"), _("Bijvoorbeeld: lift, ringleiding, tolk."), SHORT, 2)
    closed = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("De vergadering is besloten"),
            "help": _("Publiek mag er niet bij zijn. Iedereen kan wel zien dat de vergadering er is."),
            "widget": "checkbox",
        },
    )
    livestream_url = url_field(_("Webadres van de uitzending"))
    recording_url = url_field(_("Webadres van de opname"))

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end <= start:
            raise ValidationError({"end_date": [_("Het einde ligt niet na het begin.")]})


class PlanMeetingSchema(_MeetingSchema):
    """A new meeting."""

    command: ClassVar[type[Any]] = PlanMeeting

    body_id = reference_field(_("Welk orgaan vergadert?"), required=True)


class ChangeMeetingSchema(_MeetingSchema):
    """Changes to a meeting."""

    command: ClassVar[type[Any]] = ChangeMeeting

    minutes_id = reference_field(_("Vergaderverslag"), _("Voer het verslag eerst in als stuk van het type Vergaderverslag."))
    version = version_field()


class CancelMeetingSchema(CommandSchema):
    """Calling a meeting off."""

    command: ClassVar[type[Any]] = CancelMeeting

    reason = line_field(_("Waarom?"), _("Iedereen kan deze reden lezen."), SHORT)
    postpone = fields.Boolean(
        load_default=False,
        metadata={"label": _("De vergadering komt later"), "help": _("De nieuwe datum is nog niet bekend."), "widget": "checkbox"},
    )
    version = version_field()


class PublishAgendaSchema(CommandSchema):
    """Making an agenda public."""

    command: ClassVar[type[Any]] = PublishAgenda

    version = version_field()
