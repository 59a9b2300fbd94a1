"""What people send about the evaluation of a cycle, and about the survey of its participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import CommandSchema, choice_field, line_field, prose_field, version_field
from samen_core.api import Form, FormSchema, Question, Text, WholeNumber, _
from samen_inbreng.api import ACCESS_LABELS
from samen_samenspreker.labels import GOAL_LABELS, GOAL_REACHED_LABELS
from samen_samenspreker.schemas.fields import day_field, title_field

LONG = 20_000
GOAL_TEXT = 5_000
LABEL = 200
MOST_OWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveEvaluation:
    """Write a draft, which may be unfinished: ``goals`` as in the model, ``version`` of the draft that was read (None for the first)."""

    goals: Mapping[str, Mapping[str, str]]
    result: str = ""
    process: str = ""
    lessons: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishEvaluation:
    """Publish the draft that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSurvey:
    """Ask the participants how it went, until the end of ``closes_on``."""

    title: str
    intro: str
    closes_on: date
    access: str
    form: Form


class GoalResultSchema(FormSchema):
    """Whether a goal was reached, and how that shows."""

    reached = fields.String(
        load_default="",
        validate=validate.OneOf(("", *GOAL_REACHED_LABELS)),
        metadata={"label": _("Is dit doel gehaald?"), "widget": "radios", "options": tuple(GOAL_REACHED_LABELS.items())},
    )
    text = prose_field(_("Waaruit blijkt dat?"), "", GOAL_TEXT, 3)


class GoalResultsBase(FormSchema):
    """Results by goal; what is empty is left out."""

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {code: found for code, found in data.items() if found["reached"] or found["text"]}


def _goals() -> dict[str, Any]:
    empty = {"reached": "", "text": ""}
    return {
        code: fields.Nested(GoalResultSchema, load_default=lambda: dict(empty), metadata={"label": label})
        for code, label in GOAL_LABELS.items()
    }


GoalResultsSchema = GoalResultsBase.from_dict(_goals(), name="GoalResultsSchema")


class SaveEvaluationSchema(CommandSchema):
    """A draft of the evaluation, as a form or as JSON."""

    command: ClassVar[type[Any]] = SaveEvaluation

    goals = fields.Nested(GoalResultsSchema, load_default=dict, metadata={"label": _("Zijn de doelen gehaald?")})
    result = prose_field(
        _("Wat heeft het opgeleverd?"), _("Wat is er nu anders op straat of in de wijk? Doet het besluit wat het moest doen?"), LONG, 5
    )
    process = prose_field(
        _("Hoe ging de samenspraak?"), _("Deed iedereen mee die u vooraf vroeg? Wat zeggen de deelnemers zelf erover?"), LONG, 5
    )
    lessons = prose_field(
        _("Wat leren wij hiervan?"), _("Wat doet u een volgende keer weer zo, en wat anders? Iedereen kan deze lessen lezen."), LONG, 5
    )
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1), metadata={"skip": True})


class PublishEvaluationSchema(CommandSchema):
    """Which draft is published."""

    command: ClassVar[type[Any]] = PublishEvaluation

    version = version_field()


_AGREE: tuple[tuple[str, Text], ...] = (("1", _("helemaal niet")), ("5", _("helemaal wel")))
SURVEY: tuple[Question, ...] = (
    Question("information", "scale", _("Kreeg u genoeg informatie om mee te kunnen doen?"), options=_AGREE),
    Question("clear", "scale", _("Was vooraf duidelijk hoeveel invloed u had?"), options=_AGREE),
    Question("heard", "scale", _("Is er goed naar u geluisterd?"), options=_AGREE),
    Question(
        "answered",
        "one_choice",
        _("Kreeg u een duidelijk antwoord op uw inbreng?"),
        options=(("yes", _("Ja")), ("partly", _("Deels")), ("no", _("Nee")), ("none", _("Ik gaf geen inbreng"))),
    ),
    Question("satisfied", "scale", _("Hoe tevreden bent u met het resultaat?"), options=_AGREE),
    Question(
        "again",
        "one_choice",
        _("Zou u een volgende keer weer meedoen?"),
        options=(("yes", _("Ja")), ("maybe", _("Misschien")), ("no", _("Nee"))),
    ),
    Question("well", "long_text", _("Wat ging goed?")),
    Question("better", "long_text", _("Wat kan een volgende keer beter?")),
)
"""What participants are asked unless the facilitator says otherwise: about information, influence, being heard, answers and result."""

SURVEY_TITLE = "Hoe vond u het om mee te doen?"
SURVEY_INTRO = "U deed mee aan deze vraag: {title}\n\nWij horen graag hoe dat voor u was."
"""What the facilitator starts from; text of the city, so in Dutch."""

SURVEY_NAMES = tuple(f"question_{question.name}" for question in SURVEY)
OWN_NAMES = tuple(f"own_{number}" for number in range(1, MOST_OWN + 1))
_KINDS: dict[str, Text] = {
    "scale": _("Antwoord op een schaal van 1 tot 5."),
    "one_choice": _("Antwoord door een keuze te maken."),
    "long_text": _("Antwoord in eigen woorden."),
}


def _lines() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, (name, question) in enumerate(zip(SURVEY_NAMES, SURVEY, strict=True), 1):
        found[name] = line_field(_("Vraag {number}", number=number), _KINDS[question.kind], LABEL)
    for number, name in enumerate(OWN_NAMES, 1):
        found[name] = line_field(_("Eigen vraag {number}", number=number), _KINDS["long_text"], LABEL)
    return found


_ACCESS = {code: ACCESS_LABELS[code] for code in ("everyone", "logged_in")}
"""Answers are kept apart from who gives them, so a name cannot be asked."""


class StartSurveyBase(CommandSchema):
    """A survey of the participants, as a form or as JSON. A question whose text is empty is left out."""

    title = title_field(_("Titel van de vragenlijst"))
    intro = prose_field(_("Uitleg"), "", 2_000, 3)
    closes_on = day_field(_("Tot en met welke dag kan men meedoen?"), required=True)
    access = choice_field(_ACCESS, _("Wie kan meedoen?"), default="everyone")

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not any(data.get(name) for name in (*SURVEY_NAMES, *OWN_NAMES)):
            raise ValidationError({SURVEY_NAMES[0]: [_("Stel minstens één vraag.")]})

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> StartSurvey:
        asked = [_asked(question, data.pop(name)) for name, question in zip(SURVEY_NAMES, SURVEY, strict=True)]
        asked += [Question(name, "long_text", text) if (text := data.pop(name)) else None for name in OWN_NAMES]
        return StartSurvey(**data, form=Form(tuple(question for question in asked if question)))


StartSurveySchema = StartSurveyBase.from_dict(_lines(), name="StartSurveySchema")


def _asked(question: Question, text: str) -> Question | None:
    return Question(question.name, question.kind, text, options=question.options) if text else None
