"""Commands about activities."""

# ruff: noqa: ARG002 the signatures are marshmallow's

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from citycontent.api import CommandSchema, choice_field, name_field, prose_field, reference_field, version_field
from samen_core.api import Form, Invalid, Moment, _, form_from_json, form_to_json
from samen_inbreng.labels import ACCESS_LABELS, KIND_LABELS

NO_QUESTIONS = Form(())


class FormField(fields.Field[Form]):
    """Questions, as core stores them: ``{"questions": [{"name": …, "kind": …, "label": …}]}``."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"version": {"type": "integer"}, "questions": {"type": "array", "items": {"type": "object"}}},
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Form:
        if isinstance(value, Form):
            return value
        try:
            return form_from_json(value)
        except Invalid as error:
            raise ValidationError({name: list(texts) for name, texts in error.errors.items()}) from None

    def _serialize(self, value: Form | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        return None if value is None else form_to_json(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFields:
    """What a new and a changed activity share. ``form`` holds the questions beside the free text."""

    title: str
    intro: str = ""
    opens_at: datetime
    closes_at: datetime | None = None
    access: str = "everyone"
    form: Form = NO_QUESTIONS
    asks_text: bool = True
    allows_replies: bool = True
    allows_support: bool = True
    area_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateActivity(ActivityFields):
    """Let people say something about the thing ``subject_id``.

    ``page`` is for a block that asks it on a page of its own: its path, without language. Then lists lead there; with ``listed`` off it
    stands in none, and who may not see the thing sees nothing of it.
    """

    subject_id: uuid.UUID
    kind: str = "reactions"
    page: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateActivity(ActivityFields):
    """Replace what is known of an activity; ``version`` is the one that was read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseActivity:
    """Close an activity now."""

    version: int


class ActivityFieldsSchema(CommandSchema):
    """What can be said of an activity."""

    title = name_field(_("Waar vraagt u inbreng over?"), _("Een korte vraag werkt het best, bijvoorbeeld: Wat moet er in het park komen?"))
    intro = prose_field(
        _("Uitleg"), _("Vertel in een paar zinnen wat vaststaat, wat nog kan veranderen en wat u met de inbreng doet."), rows=5
    )
    opens_at = Moment(required=True, metadata={"label": _("Open vanaf")})
    closes_at = Moment(
        load_default=None,
        allow_none=True,
        metadata={
            "label": _("Open tot"),
            "help": _(
                "Laat dit leeg als er geen einddatum is. Sluit de vraag dan zelf als u klaar bent: dan begint de bewaartermijn van namen."
            ),
        },
    )
    access = choice_field(ACCESS_LABELS, _("Wie kan meedoen?"), default="everyone")
    form = FormField(load_default=lambda: NO_QUESTIONS, metadata={"label": _("Vragen"), "skip": True})
    asks_text = fields.Boolean(load_default=True, metadata={"label": _("Vraag om een reactie in eigen woorden")})
    allows_replies = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen op elkaar reageren")})
    allows_support = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen een bijdrage van een ander steunen")})
    area_id = reference_field(_("Over welk gebied gaat het?"))

    @validates_schema(skip_on_field_errors=True)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["closes_at"] is not None and data["closes_at"] <= data["opens_at"]:
            raise ValidationError({"closes_at": [_("De einddatum ligt voor de begindatum.")]})


class CreateActivitySchema(ActivityFieldsSchema):
    """A new activity, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateActivity

    kind = choice_field(
        KIND_LABELS,
        _("Reacties of een vragenlijst?"),
        _("Reacties zijn openbaar en krijgen elk een antwoord. Van een vragenlijst zijn alleen de getelde antwoorden openbaar."),
        default="reactions",
    )
    subject_id = fields.UUID(required=True, metadata={"label": _("Onderwerp"), "widget": "hidden"})


class UpdateActivitySchema(ActivityFieldsSchema):
    """Changes to an activity."""

    command: ClassVar[type[Any]] = UpdateActivity

    version = version_field()


class CloseActivitySchema(CommandSchema):
    """Closing early."""

    command: ClassVar[type[Any]] = CloseActivity

    version = version_field()
