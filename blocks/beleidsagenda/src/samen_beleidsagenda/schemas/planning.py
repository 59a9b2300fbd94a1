"""What people send about planned moments, and the commands that it becomes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import (
    SHORT,
    CommandSchema,
    choice_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_beleidsagenda.labels import CONFIDENCE_LABELS, ITEM_KIND_LABELS, ITEM_STATUS_LABELS
from samen_beleidsagenda.periods import Period, PeriodField
from samen_core.api import _

PERIOD_HELP = _("Bijvoorbeeld 12-3-2027, week 14 2027, maart 2027, 3e kwartaal 2027 of 2027. Hoe zekerder, hoe preciezer.")
OPEN_LABELS = {code: ITEM_STATUS_LABELS[code] for code in ("intended", "planned")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoment:
    """Plan a moment about a dossier. ``publish`` makes it public at once, for who may approve."""

    dossier_id: uuid.UUID
    kind: str
    title: str
    period: Period
    body_id: uuid.UUID | None = None
    text: str = ""
    confidence: str = "likely"
    status: str = "planned"
    has_say: bool = False
    say_how: str = ""
    say_url: str = ""
    confidential: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMoment:
    """Replace what is known of the moment that was at ``version``; the period of a public one can only become more precise."""

    version: int
    kind: str
    title: str
    period: Period
    body_id: uuid.UUID | None = None
    text: str = ""
    confidence: str = "likely"
    status: str = "planned"
    has_say: bool = False
    say_how: str = ""
    say_url: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone:
    """Give the moment that was at ``version`` another period, with the reason that everybody reads."""

    version: int
    period: Period
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Put the moment that was at ``version`` on an agenda; ``reason`` where the meeting is outside the period that was told."""

    version: int
    agenda_item_id: uuid.UUID
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treat:
    """The moment that was at ``version`` was there: the body did it."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The moment that was at ``version`` does not go on at all."""

    version: int
    reason: str


def _flag(label: Any, help: Any = "") -> fields.Boolean:
    return fields.Boolean(load_default=False, metadata={"label": label, "help": help, "widget": "checkbox"})


def _period_field(label: Any) -> PeriodField:
    return PeriodField(required=True, metadata={"label": label, "help": PERIOD_HELP, "widget": "text", "autocomplete": "off"})


def _reason_field(label: Any) -> fields.String:
    metadata = {"label": label, "help": _("Iedereen kan dit lezen. Schrijf kort en duidelijk."), "widget": "textarea", "rows": 3}
    return fields.String(required=True, validate=validate.Length(max=SHORT), metadata=metadata)


class _MomentSchema(CommandSchema):
    """What planning and changing have in common."""

    title = name_field(_("Wat gebeurt er?"), _("Bijvoorbeeld: De raad besluit over de herinrichting van de Dorpsstraat."))
    kind = choice_field(ITEM_KIND_LABELS, _("Wat voor moment is het?"), widget="select")
    body_id = reference_field(_("Wie doet het?"), _("Het college, een commissie, de raad of een ander overleg."))
    period = _period_field(_("Wanneer?"))
    confidence = choice_field(CONFIDENCE_LABELS, _("Hoe zeker is de planning?"), default="likely")
    status = choice_field(OPEN_LABELS, _("Hoe staat het ervoor?"), default="planned")
    text = prose_field(_("Uitleg"), _("In gewone taal: wat betekent dit moment voor inwoners?"), 4000, 5)
    has_say = _flag(_("Inwoners kunnen hier meepraten"))
    say_how = line_field(_("Hoe praten zij mee?"), _("Bijvoorbeeld: u kunt inspreken in de commissie."), SHORT)
    say_url = url_field(_("Webadres om mee te praten"))
    confidential = _flag(_("Vertrouwelijk"), _("Alleen wie vertrouwelijke punten mag zien, ziet dit moment."))


class PlanMomentSchema(_MomentSchema):
    """A new moment, as a form or as JSON."""

    command: ClassVar[type[Any]] = PlanMoment

    dossier_id = reference_field(_("Bij welk dossier hoort het?"), required=True)
    publish = _flag(_("Meteen openbaar maken"), _("Zonder vinkje blijft het een concept, tot iemand akkoord geeft."))


class ChangeMomentSchema(_MomentSchema):
    """Changes to a moment."""

    command: ClassVar[type[Any]] = ChangeMoment

    version = version_field()


class PostponeSchema(CommandSchema):
    """Another period for a moment."""

    command: ClassVar[type[Any]] = Postpone

    period = _period_field(_("Wanneer wordt het?"))
    reason = _reason_field(_("Waarom verandert het?"))
    version = version_field()


class ScheduleSchema(CommandSchema):
    """A place on an agenda for a moment."""

    command: ClassVar[type[Any]] = Schedule

    agenda_item_id = reference_field(_("Op welk agendapunt?"), required=True)
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=SHORT),
        metadata={
            "label": _("Waarom op dit moment?"),
            "help": _("Alleen nodig als de vergadering buiten de periode valt die nu bekend is. Iedereen kan dit lezen."),
            "widget": "textarea",
            "rows": 3,
        },
    )
    version = version_field()


class TreatSchema(CommandSchema):
    """A moment that was there."""

    command: ClassVar[type[Any]] = Treat

    version = version_field()


class DropSchema(CommandSchema):
    """A moment that does not go on."""

    command: ClassVar[type[Any]] = Drop

    reason = _reason_field(_("Waarom gaat het niet door?"))
    version = version_field()
