"""Commands about motions and amendments."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, choice_field, name_field, prose_field, reference_field, version_field
from samen_beleidsagenda.labels import MOTION_KIND_LABELS, MOTION_TYPE_LABELS
from samen_beleidsagenda.schemas.promise_fields import (
    confidential_field,
    day_field,
    groups_field,
    holder_field,
    number_field,
    persons_field,
    publish_field,
    reason_field,
)
from samen_core.api import Text, _

MOVE_LABELS: dict[str, Text] = {
    "adopt": _("Aangenomen"),
    "reject": _("Verworpen"),
    "hold": _("Aangehouden"),
    "resume": _("Weer in behandeling"),
    "withdraw": _("Ingetrokken"),
}
"""What can happen to a motion, as its form says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitMotion:
    """Write down a motion or amendment that was put.

    ``amends_id`` is the document that an amendment changes. Submitters are persons and groups, the first of each in front. A point of an
    agenda brings its dossier along. ``publish``: public at once, else a draft.
    """

    title: str
    text: str
    submitted_on: date
    body_id: uuid.UUID
    kind: str = "motion"
    type: str = "proposal"
    number: str = ""
    dossier_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    amends_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    person_ids: tuple[uuid.UUID, ...] = ()
    group_ids: tuple[uuid.UUID, ...] = ()
    confidential: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMotion:
    """Replace what is known of a motion; kind, type, title, text, amended document and submitters only while it is submitted."""

    title: str
    text: str
    submitted_on: date
    version: int
    kind: str = "motion"
    type: str = "proposal"
    number: str = ""
    dossier_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    amends_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    person_ids: tuple[uuid.UUID, ...] = ()
    group_ids: tuple[uuid.UUID, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMotion:
    """Write down what happened to a motion: a move of ``MOVES``. ``due_date`` and ``holder_id`` are for an adopted motion."""

    move: str
    version: int
    reason: str = ""
    due_date: date | None = None
    holder_id: uuid.UUID | None = None


class UpdateMotionSchema(CommandSchema):
    """Changes to a motion or amendment."""

    command: ClassVar[type[Any]] = UpdateMotion

    kind = choice_field(MOTION_KIND_LABELS, _("Wat is het?"), default="motion")
    type = choice_field(MOTION_TYPE_LABELS, _("Soort"), default="proposal", widget="select")
    number = number_field(_("Bijvoorbeeld M-2026-12."))
    title = name_field(_("Titel"))
    text = prose_field(_("Tekst"), _("De tekst zoals die is ingediend."), rows=12)
    submitted_on = day_field(_("Ingediend op"), required=True)
    group_ids = groups_field()
    person_ids = persons_field()
    agenda_item_id = reference_field(_("Agendapunt"))
    dossier_id = reference_field(_("Dossier"))
    amends_id = reference_field(_("Over welk voorstel?"), _("Bij een amendement moet u dit kiezen."))
    holder_id = holder_field()
    confidential = confidential_field()
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[Text]] = {}
        if data.get("kind") == "amendment" and not data.get("amends_id"):
            errors["amends_id"] = [_("Kies het voorstel dat het amendement verandert.")]
        if not data.get("text") and "text" in self.fields:
            errors["text"] = [_("Vul de tekst in.")]
        if errors:
            raise ValidationError(errors)


class SubmitMotionSchema(UpdateMotionSchema):
    """A new motion or amendment."""

    command: ClassVar[type[Any]] = SubmitMotion

    class Meta:
        """A new motion has no version yet."""

        exclude = ("version",)

    body_id = reference_field(_("Orgaan"), required=True)
    publish = publish_field()


class MoveMotionSchema(CommandSchema):
    """What happened to a motion."""

    command: ClassVar[type[Any]] = MoveMotion

    move = fields.String(
        required=True,
        validate=validate.OneOf(tuple(MOVE_LABELS)),
        metadata={"label": _("Wat is er gebeurd?"), "options": tuple(MOVE_LABELS.items()), "widget": "radios"},
    )
    reason = reason_field(
        _("Toelichting"), _("Nodig bij aanhouden en intrekken, en als de uitkomst anders is dan de stemmen. Iedereen kan die lezen.")
    )
    due_date = day_field(_("Klaar voor"), _("Alleen bij een aangenomen motie."))
    holder_id = holder_field()
    version = version_field()
