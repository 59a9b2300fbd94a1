"""Commands about what becomes of commitments and adopted motions, and about reminders."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, email_field, prose_field, reference_field, version_field
from samen_beleidsagenda.schemas.promise_fields import day_field, reason_field
from samen_core.api import Text, WholeNumber, _

STEP_LABELS: dict[str, Text] = {
    "start": _("Begin met de uitvoering"),
    "propose": _("Stel voor om af te doen"),
    "agree": _("De raad stemt in met de afdoening"),
    "send_back": _("De raad stemt niet in: terug naar uitvoering"),
    "not_carried_out": _("Dit wordt niet uitgevoerd"),
    "lapse": _("Dit vervalt"),
}
"""The steps of a follow-up, as their forms say them."""
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFollowUp:
    """Bring the follow-up of a thing that was at ``version`` a step of ``STEPS`` further.

    ``note`` says how far it is, or how it was settled, for everybody. ``agenda_item_id`` is the point at which the council agreed,
    ``document_id`` the document that settles it.
    """

    step: str
    version: int
    reason: str = ""
    note: str = ""
    agenda_item_id: uuid.UUID | None = None
    document_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDueDate:
    """Give a promise another day; the old one stays known with the reason."""

    due_date: date
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeMany:
    """The council agrees with these proposals to settle at one point of an agenda: ``type:id:version`` each."""

    agenda_item_id: uuid.UUID
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepContact:
    """The mailbox of the staff of a post; empty takes it away. Version 0 makes it."""

    email: str
    version: int


class MoveFollowUpSchema(CommandSchema):
    """A step of a follow-up, with everything that one may need."""

    command: ClassVar[type[Any]] = MoveFollowUp

    step = fields.String(required=True, validate=validate.OneOf(tuple(STEP_LABELS)), metadata={"widget": "hidden"})
    note = prose_field(_("Hoe staat het ervoor?"), _("Iedereen kan dit lezen."), 4000, 4)
    reason = reason_field(_("Reden"), _("Iedereen kan dit lezen."))
    agenda_item_id = reference_field(_("Agendapunt waarbij de raad dit besloot"))
    document_id = reference_field(_("Stuk waarmee het is afgedaan"))
    version = version_field()


class MoveDueDateSchema(CommandSchema):
    """Another day for a promise."""

    command: ClassVar[type[Any]] = MoveDueDate

    due_date = day_field(_("Nieuwe dag"), required=True)
    reason = reason_field(_("Waarom?"), _("Iedereen kan dit lezen. De oude dag blijft erbij staan."), required=True)
    version = version_field()


class AgreeManySchema(CommandSchema):
    """Proposals to settle that the council agrees with."""

    command: ClassVar[type[Any]] = AgreeMany

    items = fields.List(
        fields.String(validate=validate.Regexp(r"^(commitment|motion):[0-9a-f-]{36}:[0-9]{1,9}\Z")),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE, error=_("Kies wat de raad heeft afgedaan.").id),
        metadata={"label": _("Wat heeft de raad afgedaan?"), "widget": "checkboxes"},
    )
    agenda_item_id = reference_field(_("Bij welk agendapunt?"), required=True)


class KeepContactSchema(CommandSchema):
    """The mailbox of the staff of a post."""

    command: ClassVar[type[Any]] = KeepContact

    email = email_field(_("E-mailadres van de medewerkers"))
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})
