"""What people send about decisions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate

from citycontent.api import CommandSchema, line_field, prose_field, reference_field, version_field
from samen_core.api import FormSchema, _
from samen_samenspreker.schemas.fields import TITLE, day_field

LONG = 20_000
WEIGHING = 5_000
MOST_WEIGHINGS = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighingItem:
    """How a decision weighs an option or a theme of reactions; an empty text takes it away."""

    text: str
    option_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDecision:
    """Write a draft of a decision: it may be unfinished. ``version`` is that of the draft that was read, None for the first one."""

    organization_id: uuid.UUID | None = None
    decided_by: str = ""
    decided_on: date | None = None
    option_id: uuid.UUID | None = None
    text: str = ""
    reasons: str = ""
    deviates: bool = False
    deviation: str = ""
    reaction: str = ""
    weighings: tuple[WeighingItem, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDecision:
    """Publish the draft that was read at ``version``."""

    version: int


class WeighingItemSchema(FormSchema):
    """A weighing as JSON."""

    option_id = fields.UUID(load_default=None, allow_none=True)
    theme_id = fields.UUID(load_default=None, allow_none=True)
    text = prose_field(_("Afweging"), longest=WEIGHING)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> WeighingItem:
        if (data["option_id"] is None) == (data["theme_id"] is None):
            raise ValidationError([_("Noem van elke afweging een oplossing of een thema.")])
        return WeighingItem(**data)


class WriteDecisionSchema(CommandSchema):
    """A draft of a decision; the HTML form is :func:`decision_form`."""

    command: ClassVar[type[Any]] = WriteDecision

    organization_id = reference_field(_("Welke organisatie besluit?"))
    decided_by = line_field(
        _("Wie besluit er namens die organisatie?"), _("Bijvoorbeeld: college van burgemeester en wethouders."), TITLE, autocomplete="off"
    )
    decided_on = day_field(_("Op welke dag is besloten?"))
    option_id = reference_field(
        _("Welke oplossing is gekozen?"), _("Kies niets als er iets anders is besloten. Schrijf dat dan hieronder.")
    )
    text = prose_field(_("Wat is er besloten?"), _("In gewone taal: wat gebeurt er nu, en wat niet?"), LONG, 6)
    reasons = prose_field(_("Waarom?"), _("De redenen die de doorslag gaven."), LONG, 6)
    deviates = fields.Boolean(load_default=False, metadata={"label": _("Het besluit wijkt af van wat de tafel adviseert")})
    deviation = prose_field(_("Waarom wijkt het besluit af?"), _("Nodig als u hierboven aankruist dat het besluit afwijkt."), LONG, 4)
    reaction = prose_field(
        _("Reactie op het hele traject"),
        _("Wat neemt u over, wat niet, en waarom? Dit wordt deel C van het eindverslag. Leeg? Dan komen daar de redenen van het besluit."),
        LONG,
        5,
    )
    weighings = fields.List(
        fields.Nested(WeighingItemSchema), load_default=list, validate=validate.Length(max=MOST_WEIGHINGS), metadata={"skip": True}
    )
    version = version_field()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The first draft has none; the service refuses a later one without.
        for holder in (self.fields, self.load_fields):
            holder["version"].required = False
            holder["version"].load_default = None


class PublishDecisionSchema(CommandSchema):
    """Publishing a draft."""

    command: ClassVar[type[Any]] = PublishDecision

    version = version_field()


def decision_form(options: Mapping[uuid.UUID, str], themes: Mapping[uuid.UUID, str]) -> type[Schema]:
    """The schema of the HTML form: a field for each active option and each theme (id to title) beside the fixed ones."""
    extra: dict[str, Any] = {}
    for id, title in options.items():
        extra[f"option_{id.hex}"] = prose_field(_("Oplossing: {title}", title=title), longest=WEIGHING, rows=4)
    for id, title in themes.items():
        extra[f"theme_{id.hex}"] = prose_field(_("Thema: {title}", title=title), longest=WEIGHING, rows=4)

    def make(_self: Any, data: dict[str, Any], **_kwargs: Any) -> WriteDecision:
        data.pop("weighings", None)
        items = [WeighingItem(option_id=id, text=data.pop(f"option_{id.hex}")) for id in options]
        items += [WeighingItem(theme_id=id, text=data.pop(f"theme_{id.hex}")) for id in themes]
        return WriteDecision(**data, weighings=tuple(items))

    return type("DecisionForm", (WriteDecisionSchema,), {**extra, "_make": post_load(make)})
