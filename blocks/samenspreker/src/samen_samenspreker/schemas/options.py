"""What people send about options: their text, the criteria, the judgements, and what somebody thinks of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import CommandSchema, Line, prose_field, version_field
from samen_core.api import FormSchema, Text, WholeNumber, _
from samen_samenspreker.labels import POSITION_LABELS
from samen_samenspreker.schemas.fields import title_field, told_field

OPTION_TEXT = 20_000
COSTS = 2_000
REASON = 2_000
CRITERION = 120
MOST_CRITERIA = 15
NEW_CRITERIA = 3
SCORES: dict[str, Text] = {
    "1": _("1 - slecht"),
    "2": _("2 - matig"),
    "3": _("3 - voldoende"),
    "4": _("4 - goed"),
    "5": _("5 - heel goed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOption:
    """Put a possible solution on the table."""

    title: str
    text: str
    costs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseOption(AddOption):
    """Give an option that was read at ``version`` a new version of its text; ``note`` says what changed."""

    note: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOption:
    """Take an option that was read at ``version`` off the table, for a public reason."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionItem:
    """A criterion: a new one without ``id``, otherwise the one that was read at ``version``; an empty title takes it away."""

    title: str
    id: uuid.UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCriteria:
    """Add, rename and take away criteria; one that is not named stays as it is."""

    criteria: tuple[CriterionItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementItem:
    """How an option does on a criterion: from 1 (poor) to 5 (good), None while nobody said; with words."""

    criterion_id: uuid.UUID
    score: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOption:
    """Judge the option that was read at ``version`` on these criteria."""

    judgements: tuple[JudgementItem, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportOption:
    """Say what one thinks of an option as it was in its version ``option_version``.

    Who sits at the table speaks for ``seat_id`` (the only one when None), anybody else for oneself.
    """

    position: str
    reason: str = ""
    option_version: int
    seat_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackSupport:
    """Take back what one said of an option, for a seat or for oneself."""

    seat_id: uuid.UUID | None = None


class AddOptionSchema(CommandSchema):
    """A new option."""

    command: ClassVar[type[Any]] = AddOption

    title = title_field(_("Hoe heet deze oplossing?"), _("Bijvoorbeeld: fietsstraat met auto te gast."))
    text = told_field(
        _("Wat houdt de oplossing in?"),
        _("Beschrijf wat er gebeurt, voor wie het iets oplost en wat de nadelen zijn."),
        longest=OPTION_TEXT,
        rows=10,
    )
    costs = prose_field(_("Wat kost het ongeveer?"), _("Geld en tijd. Een schatting mag."), longest=COSTS, rows=3)


class ReviseOptionSchema(AddOptionSchema):
    """A new version of an option."""

    command: ClassVar[type[Any]] = ReviseOption

    note = told_field(_("Wat is er veranderd, en waarom?"), _("Wie al een mening gaf, leest dit. Wij vragen dan of die mening nog klopt."))
    version = version_field()


class WithdrawOptionSchema(CommandSchema):
    """Why an option goes off the table."""

    command: ClassVar[type[Any]] = WithdrawOption

    reason = told_field(_("Waarom gaat deze oplossing van tafel?"), _("Iedereen kan dit lezen."))
    version = version_field()


class CriterionItemSchema(FormSchema):
    """A criterion as JSON."""

    id = fields.UUID(load_default=None, allow_none=True)
    version = WholeNumber(load_default=None, allow_none=True)
    title = Line(load_default="", validate=validate.Length(max=CRITERION))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> CriterionItem:
        if data["id"] is None and not data["title"]:
            raise ValidationError({"title": [_("Vul in waarop u de oplossingen beoordeelt.")]})
        if data["id"] is not None and data["version"] is None:
            raise ValidationError({"version": [_("Noem de versie die u las.")]})
        return CriterionItem(**data)


class SetCriteriaSchema(CommandSchema):
    """Criteria as JSON; the HTML form is :func:`criteria_form`."""

    command: ClassVar[type[Any]] = SetCriteria

    criteria = fields.List(fields.Nested(CriterionItemSchema), required=True, validate=validate.Length(max=2 * MOST_CRITERIA))


class JudgementItemSchema(FormSchema):
    """A judgement as JSON."""

    criterion_id = fields.UUID(required=True)
    score = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 5))
    text = prose_field(_("Uitleg"), longest=REASON)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> JudgementItem:
        return JudgementItem(**data)


class JudgeOptionSchema(CommandSchema):
    """Judgements as JSON; the HTML form is :func:`judgements_form`."""

    command: ClassVar[type[Any]] = JudgeOption

    judgements = fields.List(fields.Nested(JudgementItemSchema), required=True, validate=validate.Length(max=MOST_CRITERIA))
    version = version_field()


class SupportOptionSchema(CommandSchema):
    """What somebody thinks of an option."""

    command: ClassVar[type[Any]] = SupportOption

    position = fields.String(
        required=True,
        validate=validate.OneOf(tuple(POSITION_LABELS)),
        metadata={"label": _("Wat vindt u ervan?"), "widget": "radios", "options": tuple(POSITION_LABELS.items())},
    )
    reason = prose_field(_("Waarom?"), _("Bent u tegen? Schrijf dan wat er anders moet, zodat de tafel daarmee verder kan."), REASON, 4)
    option_version = WholeNumber(required=True, validate=validate.Range(1, 2**31 - 1), metadata={"widget": "hidden"})
    seat_id = fields.UUID(load_default=None, allow_none=True, metadata={"label": _("Voor welke stoel spreekt u?"), "widget": "radios"})

    @validates_schema(skip_on_field_errors=False)
    def _argued(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("position") == "against" and not data.get("reason"):
            raise ValidationError({"reason": [_("Schrijf waarom u tegen bent. Dan kan de tafel er iets mee.")]})


class TakeBackSupportSchema(CommandSchema):
    """Which seat takes its words back; empty for oneself."""

    command: ClassVar[type[Any]] = TakeBackSupport

    seat_id = fields.UUID(load_default=None, allow_none=True)


def criteria_form(known: Mapping[uuid.UUID, tuple[str, int]]) -> type[Schema]:
    """The schema of an HTML form with a line for each known criterion (id to title and version), and a few for new ones."""
    extra: dict[str, Any] = {}
    for number, id in enumerate(known, 1):
        label = _("Punt {n}", n=number)
        metadata = {"label": label, "help": _("Leeg: dit punt vervalt, met de oordelen erover.") if number == 1 else ""}
        extra[f"title_{id.hex}"] = Line(load_default="", validate=validate.Length(max=CRITERION), metadata=metadata)
        extra[f"version_{id.hex}"] = WholeNumber(required=True, metadata={"widget": "hidden"})
    for number in range(1, NEW_CRITERIA + 1):
        metadata = {"label": _("Nieuw punt"), "help": _("Bijvoorbeeld: veiligheid, kosten, snel te doen.") if number == 1 else ""}
        extra[f"new_{number}"] = Line(load_default="", validate=validate.Length(max=CRITERION), metadata=metadata)

    def make(_self: Any, data: dict[str, Any], **_kwargs: Any) -> SetCriteria:
        items = [CriterionItem(id=id, version=data[f"version_{id.hex}"], title=data[f"title_{id.hex}"]) for id in known]
        items += [CriterionItem(title=data[name]) for name in data if name.startswith("new_") and data[name]]
        return SetCriteria(criteria=tuple(items))

    return type("CriteriaForm", (FormSchema,), {**extra, "_make": post_load(make)})


def judgements_form(criteria: Mapping[uuid.UUID, str]) -> type[Schema]:
    """The schema of an HTML form with a score and words for each criterion (id to title)."""
    extra: dict[str, Any] = {"version": version_field()}
    for id, title in criteria.items():
        extra[f"score_{id.hex}"] = fields.String(
            load_default="",
            validate=validate.OneOf(("", *SCORES)),
            metadata={"label": title, "widget": "select", "options": tuple(SCORES.items())},
        )
        extra[f"text_{id.hex}"] = prose_field(_("Uitleg bij {criterion}", criterion=title), longest=REASON, rows=3)

    def make(_self: Any, data: dict[str, Any], **_kwargs: Any) -> JudgeOption:
        items = [
            JudgementItem(criterion_id=id, score=int(data[f"score_{id.hex}"] or 0) or None, text=data[f"text_{id.hex}"]) for id in criteria
        ]
        return JudgeOption(judgements=tuple(items), version=data["version"])

    return type("JudgementsForm", (FormSchema,), {**extra, "_make": post_load(make)})
