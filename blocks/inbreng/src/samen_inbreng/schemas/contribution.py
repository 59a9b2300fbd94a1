"""Commands about contributions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import (
    SECTOR_LABELS,
    CommandSchema,
    Line,
    Prose,
    choice_field,
    email_field,
    line_field,
    prose_field,
    reference_field,
    version_field,
)
from samen_core.api import HIDING_LABELS, Form, Place, PlaceValue, Text, _, clean_code, form_schema
from samen_inbreng.labels import CHANNEL_LABELS

LONGEST = 10_000
NAME = 120
SOURCE = 500
MOST_IMPORTED = 500
PREFIX = "q_"
"""Stands before the name of a question in an HTML form, so that it cannot clash with the fixed fields."""

KEPT_FORMS = 128
NO_ADDRESS = _("Vul uw e-mailadres in als u mail wilt ontvangen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribute:
    """Say something in an activity. An empty ``name`` is an anonymous contribution; ``answers`` are JSON values by question."""

    text: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    wants_mail: bool = False
    place: PlaceValue | None = None
    area_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterContribution(Contribute):
    """Enter what somebody else said: how it came in, when, and for whom. ``parent_ref`` is the number of the parent in another system."""

    channel: str
    received_on: date
    source: str = ""
    sector: str = "citizens"
    organization_id: uuid.UUID | None = None
    external_ref: str | None = None
    parent_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditContribution:
    """Change one's own words; ``code`` is the receipt code of who has no account."""

    text: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    version: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawContribution:
    """Take one's own contribution back."""

    version: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideContribution:
    """Hide a contribution, for a reason that its author is told; ``code`` is one of ``HIDING_LABELS``."""

    code: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowContribution:
    """Show a hidden contribution again, for a reason that its author is told."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReceipt:
    """Find one's contribution with the code of its receipt."""

    code: str


def text_field() -> Prose:
    """The words of a contribution."""
    return prose_field(_("Uw reactie"), longest=LONGEST, rows=5)


class _Answers(fields.Dict):
    """The answers to the questions of an activity, by their names."""


class ContributeSchema(CommandSchema):
    """A contribution as JSON; the HTML form of an activity is :func:`contribution_form`."""

    command: ClassVar[type[Any]] = Contribute

    text = text_field()
    answers = _Answers(keys=fields.String(), load_default=dict, metadata={"label": _("Antwoorden"), "skip": True})
    name = line_field(_("Uw naam"), _("Zonder naam staat er “Anoniem” bij uw reactie."), NAME, autocomplete="name")
    email = email_field(_("Uw e-mailadres"))
    wants_mail = fields.Boolean(load_default=False, metadata={"label": _("Mail mij wat er met mijn reactie gebeurt")})
    place = Place(load_default=None, allow_none=True, metadata={"label": _("Over welke plek gaat het?")})
    area_id = reference_field(_("Over welke wijk of buurt gaat het?"))
    parent_id = fields.UUID(load_default=None, allow_none=True, metadata={"label": _("Reactie op"), "widget": "hidden", "skip": True})


class EnterContributionSchema(ContributeSchema):
    """What staff enters for somebody else."""

    command: ClassVar[type[Any]] = EnterContribution

    text = prose_field(_("Wat is er gezegd?"), longest=LONGEST, rows=5)
    name = line_field(_("Naam van de afzender"), _("Alleen als de afzender dat goedvindt: de naam is openbaar."), NAME)
    email = email_field(_("E-mailadres van de afzender"))
    wants_mail = fields.Boolean(load_default=False, metadata={"label": _("De afzender wil mail over wat ermee gebeurt")})
    place = Place(load_default=None, allow_none=True, metadata={"label": _("Over welke plek gaat het?")})
    channel = choice_field(CHANNEL_LABELS, _("Hoe kwam dit binnen?"))
    received_on = fields.Date(required=True, metadata={"label": _("Wanneer kwam dit binnen?")})
    source = line_field(_("Bron"), _("Alleen voor medewerkers: waar staat het stuk, of van welke avond is het?"), SOURCE)
    sector = choice_field(SECTOR_LABELS, _("Namens wie spreekt deze persoon?"), default="citizens")
    organization_id = reference_field(_("Namens welke organisatie?"))
    external_ref = Line(load_default=None, allow_none=True, validate=validate.Length(1, NAME), metadata={"skip": True})
    parent_ref = Line(load_default=None, allow_none=True, validate=validate.Length(1, NAME), metadata={"skip": True})


class EditContributionSchema(CommandSchema):
    """Changes to one's own contribution."""

    command: ClassVar[type[Any]] = EditContribution

    text = text_field()
    answers = _Answers(keys=fields.String(), load_default=dict, metadata={"label": _("Antwoorden"), "skip": True})
    version = version_field()
    code = line_field(_("Ontvangstcode"), widget="hidden")


class WithdrawContributionSchema(CommandSchema):
    """Taking one's own contribution back."""

    command: ClassVar[type[Any]] = WithdrawContribution

    version = version_field()
    code = line_field(_("Ontvangstcode"), widget="hidden")


def _reason_field(label: Text) -> Prose:
    return Prose(
        required=True,
        validate=validate.Length(1, 2000),
        metadata={"label": label, "help": _("Wie de bijdrage schreef, krijgt deze uitleg per mail."), "widget": "textarea", "rows": 4},
    )


class HideContributionSchema(CommandSchema):
    """Why a contribution is hidden."""

    command: ClassVar[type[Any]] = HideContribution

    code = choice_field(HIDING_LABELS, _("Wat is er mee aan de hand?"), widget="radios")
    reason = _reason_field(_("Leg uit waarom u dit verbergt"))
    version = version_field()


class ShowContributionSchema(CommandSchema):
    """Why a hidden contribution is shown again."""

    command: ClassVar[type[Any]] = ShowContribution

    reason = _reason_field(_("Leg uit waarom u dit weer laat zien"))
    version = version_field()


class UseReceiptSchema(CommandSchema):
    """The code of a receipt, however it is typed."""

    command: ClassVar[type[Any]] = UseReceipt

    code = Line(
        required=True,
        validate=validate.Length(max=40),
        metadata={
            "label": _("Uw ontvangstcode"),
            "help": _("Twaalf letters en cijfers, bijvoorbeeld 7F4K-9Q2M-X3TB."),
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "characters",
        },
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> UseReceipt:
        code = clean_code(data["code"])
        if code is None:
            raise ValidationError({"code": [_("Dit is geen ontvangstcode. Controleer of u alle twaalf tekens hebt overgenomen.")]})
        return UseReceipt(code=code)


@lru_cache(maxsize=KEPT_FORMS)
def with_questions(
    schema: type[CommandSchema], form: Form, *, asks_text: bool = True, named: bool = False, anonymous: bool = False
) -> type[Schema]:
    """The schema of an HTML form with the questions of an activity in it: what a service would refuse is told with all other errors.

    ``named`` requires name and e-mail address; ``anonymous`` is for a sender without account, who must type the address that mail goes to.
    What it loads to holds the answers as the JSON values that a service takes. Made once for the same form and the same kind of sender.
    """
    questions = form_schema(form)()
    extra: dict[str, Any] = {PREFIX + name: item for name, item in questions.load_fields.items()}
    if asks_text:
        asked = schema().load_fields["text"].metadata
        extra["text"] = Prose(required=True, validate=validate.Length(1, LONGEST), metadata=asked)
    if named:
        extra["name"] = Line(required=True, validate=validate.Length(1, NAME), metadata={"label": _("Uw naam"), "autocomplete": "name"})
        extra["email"] = fields.Email(
            required=True,
            validate=validate.Length(max=254),
            metadata={
                "label": _("Uw e-mailadres"),
                "widget": "email",
                "autocomplete": "email",
                "help": _("Uw e-mailadres is niet openbaar."),
            },
        )

    def make(self: Any, data: dict[str, Any], **_kwargs: Any) -> Any:
        typed = {name.removeprefix(PREFIX): data.pop(name) for name in list(data) if name.startswith(PREFIX)}
        data.pop("answers", None)
        return self.command(**data, answers={name: value for name, value in questions.dump(typed).items() if value not in (None, "", [])})

    def check(_self: Any, data: dict[str, Any], **_kwargs: Any) -> None:
        if anonymous and data.get("wants_mail") and not data.get("email"):
            raise ValidationError({"email": [NO_ADDRESS]})

    made = {**extra, "_make": post_load(make), "_check": validates_schema(skip_on_field_errors=False)(check)}
    return type(f"{schema.__name__}Form", (schema,), made)
