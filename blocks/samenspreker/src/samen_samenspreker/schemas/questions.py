"""What people send about questions: asking, changing, judging, merging."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    SECTOR_LABELS,
    SHORT,
    CommandSchema,
    Line,
    Prose,
    choice_field,
    email_field,
    line_field,
    reference_field,
    version_field,
)
from samen_core.api import Text, _
from samen_samenspreker.labels import KIND_LABELS

LONG = 5_000
TITLE = 160
NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion:
    """Put a question to the city.

    Who is logged in asks under ``name`` (their own when empty) unless ``anonymous``; who is not may give a name and an address for mail.
    ``sector`` is only read for staff who enter a question of somebody else; ``reason`` places it on the agenda at once (staff only).
    ``follows_id`` is the question whose evaluation led to this one.
    """

    kind: str
    title: str
    description: str = ""
    why_now: str = ""
    area_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    sectors: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    wants_mail: bool = False
    anonymous: bool = False
    sector: str = ""
    reason: str = ""
    follows_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateQuestion:
    """Replace the text of a question that was read at ``version``."""

    kind: str
    title: str
    description: str = ""
    why_now: str = ""
    area_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    sectors: tuple[str, ...] = ()
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeQuestion:
    """Accept or refuse the question that was read at ``version``, for a public reason."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment(JudgeQuestion):
    """What the page of staff sends: whether the question is accepted, and why."""

    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawQuestion:
    """Take back the question that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeQuestion:
    """Merge the question that was read at ``version`` into another, for a public reason."""

    into_id: uuid.UUID
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMerge:
    """Take back the merge of the question that was read at ``version``."""

    reason: str
    version: int


def required_prose(label: Text, help: Text | str = "", rows: int = 5, longest: int = LONG) -> Prose:
    """Text of several lines that may not be empty."""
    metadata = {"label": label, "help": help, "widget": "textarea", "rows": rows}
    return Prose(required=True, validate=validate.Length(1, longest), metadata=metadata)


def _title_field() -> Line:
    metadata = {
        "label": _("Wat is uw vraag?"),
        "help": _("Stel hem in één zin, bijvoorbeeld: Hoe maken we de Dorpsstraat veilig voor fietsers?"),
    }
    return Line(required=True, validate=validate.Length(max=TITLE), metadata=metadata)


class QuestionTextSchema(CommandSchema):
    """The text of a question."""

    kind = choice_field(
        KIND_LABELS, _("Wat is het?"), _("Een probleem is iets dat niet goed gaat. Een kans is iets dat beter of mooier kan worden.")
    )
    title = _title_field()
    description = required_prose(
        _("Vertel er meer over"), _("Wat gebeurt er, waar, en wie merkt het? Noem geen namen van personen."), rows=8
    )
    why_now = Prose(
        load_default="",
        validate=validate.Length(max=LONG),
        metadata={"label": _("Waarom moet dit nu?"), "widget": "textarea", "rows": 3},
    )
    area_id = reference_field(_("Over welke wijk of buurt gaat het?"))
    theme_id = reference_field(_("Thema"))
    project_id = fields.UUID(load_default=None, allow_none=True, metadata={"skip": True})
    sectors = fields.List(
        fields.String(validate=validate.OneOf(tuple(SECTOR_LABELS))),
        load_default=list,
        validate=validate.Length(max=len(SECTOR_LABELS)),
        metadata={
            "label": _("Wie gaat dit aan?"),
            "help": _("Kies iedereen die moet meepraten."),
            "widget": "checkboxes",
            "options": tuple(SECTOR_LABELS.items()),
        },
    )


class AskQuestionSchema(QuestionTextSchema):
    """A new question, as a form or as JSON."""

    command: ClassVar[type[Any]] = AskQuestion

    name = line_field(
        _("Uw naam"), _("Uw naam staat bij de vraag. Leeg laten mag: dan staat er geen naam bij."), longest=NAME, autocomplete="name"
    )
    email = email_field(_("Uw e-mailadres"))
    wants_mail = fields.Boolean(
        load_default=False, metadata={"label": _("Stuur mij een mail over wat er met mijn vraag gebeurt"), "widget": "checkbox"}
    )
    anonymous = fields.Boolean(load_default=False, metadata={"label": _("Zet mijn naam er niet bij"), "widget": "checkbox"})
    sector = choice_field(SECTOR_LABELS, _("Van wie komt de vraag?"), default="", widget="select")
    reason = Prose(
        load_default="",
        validate=validate.Length(max=LONG),
        metadata={
            "label": _("Direct op de agenda, omdat"),
            "help": _(
                "Vul hier een reden in, dan is de vraag meteen aangenomen. Iedereen leest die reden. Laat leeg om later te beslissen."
            ),
            "widget": "textarea",
            "rows": 3,
        },
    )
    follows_id = fields.UUID(load_default=None, allow_none=True, metadata={"skip": True})

    @validates_schema(skip_on_field_errors=False)
    def _check_mail(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("email") and not data.get("wants_mail"):
            raise ValidationError(
                {"wants_mail": [_("Wilt u mail krijgen? Zet dan een vinkje. Wilt u dat niet? Haal dan uw e-mailadres weg.")]}
            )


class UpdateQuestionSchema(QuestionTextSchema):
    """Changes to a question."""

    command: ClassVar[type[Any]] = UpdateQuestion

    version = version_field()


class JudgeQuestionSchema(CommandSchema):
    """Why a question is accepted or refused."""

    command: ClassVar[type[Any]] = JudgeQuestion

    reason = required_prose(
        _("Waarom?"), _("Iedereen leest dit. Schrijf in gewone woorden waarom u dit besluit, en wat er nu gebeurt."), rows=5
    )
    version = version_field()


class JudgmentSchema(JudgeQuestionSchema):
    """Accepting or refusing, as one form."""

    command: ClassVar[type[Any]] = Judgment

    decision = choice_field(
        {"accept": _("Ja, wij nemen de vraag aan"), "refuse": _("Nee, wij wijzen de vraag af")}, _("Komt deze vraag op de agenda?")
    )


class WithdrawQuestionSchema(CommandSchema):
    """Taking back a question."""

    command: ClassVar[type[Any]] = WithdrawQuestion

    version = version_field()


class MergeQuestionSchema(CommandSchema):
    """Which question this one goes into, and why."""

    command: ClassVar[type[Any]] = MergeQuestion

    into_id = reference_field(_("Met welke vraag hoort deze samen?"), required=True)
    reason = required_prose(_("Waarom?"), _("Iedereen leest dit bij beide vragen."), rows=3, longest=SHORT)
    version = version_field()


class UndoMergeSchema(CommandSchema):
    """Why a merge is taken back."""

    command: ClassVar[type[Any]] = UndoMerge

    reason = required_prose(
        _("Waarom haalt u de vragen weer uit elkaar?"), _("Iedereen leest dit bij beide vragen."), rows=3, longest=SHORT
    )
    version = version_field()
