"""Meetings of a plan: what staff plan, keep and report."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    SHORT,
    AddressValue,
    CommandSchema,
    address_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    references_field,
    url_field,
    version_field,
)
from samen_core.api import Moment, Text, WholeNumber, _

MOST_PLACES = 10_000
MOST_WALK_INS = 10_000
REPORT = 20_000
ORGANIZATIONS = 2_000
REMIND_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationTerms:
    """How one registers for a meeting. ``places`` None: for everybody; ``register_until`` None: until it begins."""

    round_id: uuid.UUID | None = None
    registration: bool = True
    places: int | None = None
    register_until: datetime | None = None
    remind_hours: int = REMIND_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting(RegistrationTerms):
    """Put a meeting of a plan on the city's calendar."""

    name: str
    start_date: datetime
    end_date: datetime | None = None
    location: str = ""
    address: AddressValue | None = None
    online_url: str = ""
    accessibility: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TieMeeting(RegistrationTerms):
    """Let an event that is on the calendar already be a meeting of a plan."""

    event_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMeeting(PlanMeeting):
    """Replace what is known of a meeting, as read at ``version`` (:func:`samen_doe_mee.services.meetings.version_of`)."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Call a meeting off, or with ``postpone`` put it off until a new moment is known."""

    version: int
    reason: str = ""
    postpone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance:
    """Whose registrations came, and how many came without registering; in place of what was kept before."""

    version: int
    came: tuple[uuid.UUID, ...] = ()
    walk_ins: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMeeting:
    """Publish what was said, how many people came, and which organisations."""

    report: str
    came: int
    organizations: str
    version: int


class _TermsSchema(CommandSchema):
    round_id = reference_field(_("Hoort bij ronde"))
    registration = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Mensen melden zich aan"),
            "help": _("Zo weet u hoeveel mensen komen en krijgen zij een herinnering."),
            "widget": "checkbox",
        },
    )
    places = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MOST_PLACES),
        metadata={"label": _("Aantal plaatsen"), "help": _("Leeg: voor iedereen is plek. Is het vol, dan komt er een wachtlijst.")},
    )
    register_until = Moment(
        load_default=None,
        allow_none=True,
        metadata={"label": _("Aanmelden kan tot"), "help": _("Leeg: tot de bijeenkomst begint."), "widget": "datetime"},
    )
    remind_hours = WholeNumber(
        load_default=REMIND_HOURS,
        validate=validate.Range(1, 336),
        metadata={"label": _("Hoeveel uur van tevoren gaat de herinnering uit?")},
    )


class PlanMeetingSchema(_TermsSchema):
    """A new meeting."""

    command: ClassVar[type[Any]] = PlanMeeting

    name = name_field(_("Naam"), _("Bijvoorbeeld: Ontwerpavond voor het park."))
    start_date = Moment(required=True, metadata={"label": _("Begint op"), "widget": "datetime"})
    end_date = Moment(load_default=None, allow_none=True, metadata={"label": _("Eindigt op"), "widget": "datetime"})
    location = line_field(_("Plek"), _("Bijvoorbeeld de naam van de zaal."))
    address = address_field()
    online_url = url_field(_("Online meedoen"))
    accessibility = prose_field(_("Toegankelijkheid"), _("Bijvoorbeeld: lift, ringleiding, tolk."), SHORT, 2)
    description = prose_field(_("Waar gaat het over?"), _("Wat gaat u doen, en wat hebben mensen eraan om te komen?"), 5_000, 5)

    @validates_schema(skip_on_field_errors=True)
    def _check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[Text]] = {}
        if data["end_date"] and data["end_date"] <= data["start_date"]:
            errors["end_date"] = [_("Het einde ligt niet na het begin.")]
        if data["register_until"] and data["register_until"] > data["start_date"]:
            errors["register_until"] = [_("Dit is na het begin van de bijeenkomst.")]
        if errors:
            raise ValidationError(errors)


class TieMeetingSchema(_TermsSchema):
    """An event of the calendar that becomes a meeting."""

    command: ClassVar[type[Any]] = TieMeeting

    event_id = reference_field(_("Bijeenkomst in de agenda"), required=True)


class UpdateMeetingSchema(PlanMeetingSchema):
    """Changes to a meeting."""

    command: ClassVar[type[Any]] = UpdateMeeting

    version = version_field()


class CancelMeetingSchema(CommandSchema):
    """Calling a meeting off."""

    command: ClassVar[type[Any]] = CancelMeeting

    reason = line_field(_("Waarom?"), _("Iedereen ziet deze reden, ook in de mail aan wie zich aanmeldde."), SHORT)
    postpone = fields.Boolean(
        load_default=False,
        metadata={"label": _("Het komt later"), "help": _("De nieuwe datum is nog niet bekend."), "widget": "checkbox"},
    )
    version = version_field()


class RecordAttendanceSchema(CommandSchema):
    """Who came."""

    command: ClassVar[type[Any]] = RecordAttendance

    came = references_field(_("Wie kwam er?"))
    walk_ins = WholeNumber(
        load_default=0,
        validate=validate.Range(0, MOST_WALK_INS),
        metadata={"label": _("Hoeveel mensen kwamen er zonder aanmelding?")},
    )
    version = version_field()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """As many as a hall holds may be ticked."""
        if field_name == "came":
            field_obj.validators = [validate.Length(max=MOST_PLACES)]
        super().on_bind_field(field_name, field_obj)


class ReportMeetingSchema(CommandSchema):
    """The report of a meeting."""

    command: ClassVar[type[Any]] = ReportMeeting

    report = fields.String(
        required=True,
        validate=validate.Length(1, REPORT),
        metadata={
            "label": _("Verslag"),
            "help": _("Wat is er besproken en wat gebeurt ermee? Noem geen namen van bezoekers."),
            "widget": "textarea",
            "rows": 14,
        },
    )
    came = WholeNumber(required=True, validate=validate.Range(0, MOST_PLACES), metadata={"label": _("Hoeveel mensen kwamen er?")})
    organizations = fields.String(
        required=True,
        validate=validate.Length(1, ORGANIZATIONS),
        metadata={
            "label": _("Welke organisaties waren er?"),
            "help": _("Zet er komma's tussen. Was er geen organisatie? Schrijf dan: geen."),
            "widget": "textarea",
            "rows": 2,
        },
    )
    version = version_field()
