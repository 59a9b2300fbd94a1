"""What people send about rounds and their activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Prose, choice_field, line_field, prose_field, version_field
from samen_core.api import Question, QuestionError, Text, WholeNumber, _
from samen_inbreng.api import ACCESS_LABELS
from samen_samenspreker.labels import ROUND_KIND_LABELS
from samen_samenspreker.schemas.fields import CLOSING_TEXT, TITLE, day_field, title_field, told_field

FORM_LABELS: dict[str, Text] = {
    "reactions": _("Open reacties: mensen schrijven in eigen woorden en reageren op elkaar"),
    "questions": _("Reacties met vragen erbij: eigen woorden, en antwoord op een paar vragen"),
    "questionnaire": _("Vragenlijst: alleen de getelde antwoorden zijn openbaar"),
}
MOST_QUESTIONS = 12
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRound:
    """Plan a round of step 2."""

    kind: str
    title: str
    purpose: str = ""
    opens_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRound(PlanRound):
    """Change a round that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRound:
    """Close a round: what the table agrees on, what not, and what a minority thinks."""

    agreed: str
    disagreed: str
    minority: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRound:
    """Call off a planned round that was read at ``version``, for a public reason."""

    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOnlineActivity:
    """Let people contribute on the website in a round. Without dates it lasts as long as the round is planned to."""

    title: str
    intro: str = ""
    form: str
    questions: tuple[Question, ...] = ()
    access: str = "everyone"
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOfflineActivity:
    """Tell of an activity elsewhere: a meeting, a walk, a stand on the market."""

    title: str
    held_on: date | None = None
    place: str = ""
    people: int | None = None
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOfflineActivity(AddOfflineActivity):
    """Replace what is told of an offline activity that was read at ``version``."""

    version: int


class PlanRoundSchema(CommandSchema):
    """A new round."""

    command: ClassVar[type[Any]] = PlanRound

    kind = choice_field(ROUND_KIND_LABELS, _("Wat voor ronde is het?"))
    title = title_field(_("Titel"), _("Bijvoorbeeld: wat gaat er mis in de Dorpsstraat?"))
    purpose = prose_field(_("Wat moet deze ronde opleveren?"), rows=4)
    opens_on = day_field(_("Eerste dag"), required=True)
    ends_on = day_field(_("Laatste dag"), _("De ronde blijft open tot u die afrondt."), required=True)

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_days(data, "opens_on", "ends_on")


class UpdateRoundSchema(PlanRoundSchema):
    """Changes to a round."""

    command: ClassVar[type[Any]] = UpdateRound

    version = version_field()


class CancelRoundSchema(CommandSchema):
    """Why a planned round is called off."""

    command: ClassVar[type[Any]] = CancelRound

    reason = told_field(_("Waarom gaat deze ronde niet door?"), _("Iedereen kan dit lezen."))
    version = version_field()


def _conclusion(label: Text) -> Prose:
    metadata = {"label": label, "help": _("Is er niets? Schrijf dan: geen."), "widget": "textarea", "rows": 5}
    return Prose(required=True, validate=validate.Length(1, CLOSING_TEXT), metadata=metadata)


class CloseRoundSchema(CommandSchema):
    """The conclusions of a round."""

    command: ClassVar[type[Any]] = CloseRound

    agreed = _conclusion(_("Waarover is de tafel het eens?"))
    disagreed = _conclusion(_("Waarover is de tafel het niet eens?"))
    minority = _conclusion(_("Wat vindt een minderheid?"))
    version = version_field()


class AddOnlineActivitySchema(CommandSchema):
    """An online activity of a round."""

    command: ClassVar[type[Any]] = AddOnlineActivity

    title = title_field(_("Titel"), _("Een vraag werkt het best, bijvoorbeeld: waar voelt u zich onveilig?"))
    intro = prose_field(_("Uitleg voor wie meedoet"), rows=4)
    form = choice_field(FORM_LABELS, _("Hoe doen mensen mee?"))
    questions = fields.Raw(
        load_default="",
        metadata={
            "label": _("Vragen"),
            "help": _(
                "Eén vraag per regel. Kunnen mensen kiezen? Zet de antwoorden erachter, met streepjes ertussen: "
                "Hoe vaak komt u hier? | elke dag | elke week | minder vaak"
            ),
            "widget": "textarea",
            "rows": 5,
        },
    )
    access = choice_field(ACCESS_LABELS, _("Wie mag meedoen?"), default="everyone")
    opens_on = day_field(_("Open vanaf"), _("Leeg: de eerste dag van de ronde."))
    closes_on = day_field(_("Open tot en met"), _("Leeg: de laatste dag van de ronde."))

    @validates_schema(skip_on_field_errors=False)
    def _whole(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_days(data, "opens_on", "closes_on")
        data["questions"] = questions_of(data.get("questions"))
        if data.get("form") in ("questions", "questionnaire") and not data["questions"]:
            raise ValidationError({"questions": [_("Schrijf minstens één vraag.")]})
        if data.get("form") == "reactions" and data["questions"]:
            raise ValidationError({"questions": [_("Bij open reacties horen geen vragen. Kies een andere manier, of haal de vragen weg.")]})


class AddOfflineActivitySchema(CommandSchema):
    """An offline activity of a round."""

    command: ClassVar[type[Any]] = AddOfflineActivity

    title = title_field(_("Wat was of wordt het?"), _("Bijvoorbeeld: wandeling door de Dorpsstraat."))
    held_on = day_field(_("Datum"))
    place = line_field(_("Plek"))
    people = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, MOST_PEOPLE),
        metadata={"label": _("Aantal mensen"), "help": _("Hoeveel mensen deden mee? Een schatting mag.")},
    )
    report = prose_field(_("Verslag"), _("Wat gebeurde er? Noem geen namen van bezoekers."))


class UpdateOfflineActivitySchema(AddOfflineActivitySchema):
    """Changes to an offline activity."""

    command: ClassVar[type[Any]] = UpdateOfflineActivity

    version = version_field()


def questions_of(value: Any) -> tuple[Question, ...]:
    """The questions of a text: one a line, possible answers behind it after ``|``. Raises ValidationError for what cannot be asked."""
    if not isinstance(value, str | None):
        raise ValidationError({"questions": [_("Schrijf één vraag per regel.")]})
    lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
    if len(lines) > MOST_QUESTIONS:
        raise ValidationError({"questions": [_("Stel hoogstens {max} vragen.", max=MOST_QUESTIONS)]})
    errors: list[Text] = []
    found = []
    for number, line in enumerate(lines, 1):
        label, *answers = (part.strip() for part in line.split("|"))
        if len(label) > TITLE or any(not 0 < len(answer) <= TITLE for answer in answers):
            errors.append(_("Vraag {n}: gebruik hoogstens {max} tekens per vraag en per antwoord.", n=number, max=TITLE))
            continue
        options = tuple((f"a{place}", answer) for place, answer in enumerate(answers, 1))
        try:
            found.append(Question(f"vraag_{number}", "one_choice" if options else "long_text", label, options=options))
        except QuestionError as error:
            errors.append(_("Vraag {n}: {problem}", n=number, problem=error.problem))
    if errors:
        raise ValidationError({"questions": errors})
    return tuple(found)


def _check_days(data: dict[str, Any], first: str, last: str) -> None:
    if data.get(first) and data.get(last) and data[last] < data[first]:
        raise ValidationError({last: [_("De laatste dag ligt voor de eerste dag.")]})
