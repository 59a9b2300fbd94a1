"""What people send about meetings of a table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import (
    SHORT,
    AddressValue,
    CommandSchema,
    address_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_core.api import FormSchema, Moment, WholeNumber, _
from samen_samenspreker.labels import PRESENCE_LABELS
from samen_samenspreker.schemas.fields import told_field

AGENDA = 5_000
REPORT = 20_000
MOST_SEATS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting:
    """Put a meeting of the table on the city's calendar. Moments are aware datetimes; ``agenda`` is markdown."""

    name: str
    start_date: datetime
    end_date: datetime | None = None
    location: str = ""
    address: AddressValue | None = None
    online_url: str = ""
    accessibility: str = ""
    round_id: uuid.UUID | None = None
    agenda: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMeeting(PlanMeeting):
    """Replace what is known of the meeting that was read at ``version`` (:func:`samen_samenspreker.services.meetings.version_of`)."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Call the meeting off, or with ``postpone`` put it off until a new moment is known."""

    version: int
    reason: str = ""
    postpone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance:
    """Who was there, by seat; a seat that is left out is not recorded (any more)."""

    version: int
    presences: Mapping[uuid.UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMeeting:
    """Publish what was said (markdown), and how many people came besides the table."""

    report: str
    version: int
    visitors: int | None = None


class PlanMeetingSchema(CommandSchema):
    """A new meeting, as a form or as JSON."""

    command: ClassVar[type[Any]] = PlanMeeting

    name = name_field(_("Naam"), _("Bijvoorbeeld: Tweede tafelgesprek Dorpsstraat."))
    start_date = Moment(required=True, metadata={"label": _("Begint op"), "widget": "datetime"})
    end_date = Moment(load_default=None, allow_none=True, metadata={"label": _("Eindigt op"), "widget": "datetime"})
    location = line_field(_("Plek"), _("Bijvoorbeeld de naam van de zaal."))
    address = address_field()
    online_url = url_field(_("Online meedoen"))
    accessibility = prose_field(_("Toegankelijkheid"), _("Bijvoorbeeld: lift, ringleiding, tolk."), SHORT, 2)
    round_id = reference_field(_("Hoort bij ronde"))
    agenda = prose_field(_("Waar gaat het over?"), _("De punten die u bespreekt."), AGENDA, 6)

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end <= start:
            raise ValidationError({"end_date": [_("Het einde ligt niet na het begin.")]})


class UpdateMeetingSchema(PlanMeetingSchema):
    """Changes to a meeting."""

    command: ClassVar[type[Any]] = UpdateMeeting

    version = version_field()


class CancelMeetingSchema(CommandSchema):
    """Calling a meeting off."""

    command: ClassVar[type[Any]] = CancelMeeting

    reason = line_field(_("Waarom?"), _("Iedereen ziet deze reden."), SHORT)
    postpone = fields.Boolean(
        load_default=False,
        metadata={"label": _("Het komt later"), "help": _("De nieuwe datum is nog niet bekend."), "widget": "checkbox"},
    )
    version = version_field()


class SeatPresenceSchema(FormSchema):
    """Whether one seat was taken."""

    seat_id = fields.UUID(required=True)
    presence = fields.String(required=True, validate=validate.OneOf(tuple(PRESENCE_LABELS)))


class RecordAttendanceSchema(FormSchema):
    """Who was there, as JSON."""

    attendance = fields.List(fields.Nested(SeatPresenceSchema), required=True, validate=validate.Length(max=MOST_SEATS))
    version = version_field()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> RecordAttendance:
        presences = {item["seat_id"]: item["presence"] for item in data["attendance"]}
        return RecordAttendance(presences=presences, version=data["version"])


class ReportMeetingSchema(CommandSchema):
    """The report of a meeting."""

    command: ClassVar[type[Any]] = ReportMeeting

    report = told_field(_("Verslag"), _("Wat is er besproken en afgesproken? Noem geen namen van bezoekers."), longest=REPORT, rows=14)
    visitors = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 100_000),
        metadata={"label": _("Hoeveel bezoekers waren er?"), "help": _("Mensen die kwamen luisteren of meepraten, zonder stoel.")},
    )
    version = version_field()
