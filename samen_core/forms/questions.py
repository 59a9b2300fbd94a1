"""Questions as data: what settings and questionnaires ask, how an answer is checked, and how the whole is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from marshmallow import Schema, ValidationError, fields, missing, post_load, validate

from samen_core.forms.fields import FileReference, Place, WholeNumber
from samen_core.forms.parse import load
from samen_core.forms.schema import FormSchema
from samen_core.i18n import Text, _

Kind = Literal["short_text", "long_text", "one_choice", "several_choices", "scale", "place", "file", "number", "date", "yes_no"]
KINDS: tuple[str, ...] = get_args(Kind)
CHOICES = ("one_choice", "several_choices")

SHORT_TEXT = 200
LONG_TEXT = 10_000
SCALE = (1, 5)
MAX_SCALE = 10
MAX_QUESTIONS = 100
MAX_OPTIONS = 100
KEPT = 128
"""So many forms are kept in memory as they were made: every visitor of a page with a form asks the same one."""
LARGEST = 10**12
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class QuestionError(ValueError):
    """A question that cannot be asked; ``problem`` says why."""

    def __init__(self, name: str, problem: Text) -> None:
        super().__init__(f"question {name!r}: {problem.id}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form.

    ``options`` are (code, label) pairs, stored by code; for a scale they name its steps ("1", "helemaal oneens"). ``minimum`` and
    ``maximum`` bound the value of a number or scale, the characters of a text, the number of several choices. A file question with
    ``maximum`` takes several files, at most 5; with ``pictures`` it takes nothing but pictures.
    Raises QuestionError for what cannot be asked.
    """

    name: str
    kind: Kind
    label: Text | str
    help: Text | str = ""
    required: bool = False
    options: tuple[tuple[str, Text | str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pictures: bool = False

    def __post_init__(self) -> None:
        if problem := _problem(self):
            raise QuestionError(self.name, problem)

    def to_field(self) -> fields.Field[Any]:
        """The marshmallow field that checks an answer; its metadata tells how to render it."""
        made = _FIELDS[self.kind](self)
        made.metadata = {**made.metadata, "label": self.label, "help": self.help}
        return made


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in order. ``version`` rises with every change after the first answer, so that an answer keeps its meaning."""

    questions: tuple[Question, ...]
    version: int = 1

    def question(self, name: str) -> Question | None:
        """The question with this name."""
        return next((question for question in self.questions if question.name == name), None)


@lru_cache(maxsize=KEPT)
def form_schema(form: Form) -> type[Schema]:
    """The schema that checks a set of answers: one field per question, by name. Made once for a form."""
    return FormSchema.from_dict({question.name: question.to_field() for question in form.questions}, name=f"Form{form.version}")


def form_to_json(form: Form) -> dict[str, Any]:
    """A form as it is stored. A text of the platform is stored in Dutch, which is also its name in the translations."""
    return {"version": form.version, "questions": [_question_to_json(question) for question in form.questions]}


def form_from_json(data: Any) -> Form:
    """A stored (or sent) form, checked once as long as it says the same. Raises Invalid with everything that is wrong with it."""
    try:
        text = json.dumps(data)
    except (TypeError, ValueError, RecursionError):
        loaded: Form = load(_StoredForm, data)
        return loaded
    return _checked(text)


@lru_cache(maxsize=KEPT)
def _checked(text: str) -> Form:
    loaded: Form = load(_StoredForm, json.loads(text))
    return loaded


def _question_to_json(question: Question) -> dict[str, Any]:
    stored: dict[str, Any] = {"name": question.name, "kind": question.kind, "label": _source(question.label), "required": question.required}
    if question.help:
        stored["help"] = _source(question.help)
    if question.options:
        stored["options"] = [{"value": value, "label": _source(label)} for value, label in question.options]
    for name in ("minimum", "maximum"):
        if getattr(question, name) is not None:
            stored[name] = getattr(question, name)
    if question.pictures:
        stored["pictures"] = True
    return stored


def _source(text: Text | str) -> str:
    return text.id if isinstance(text, Text) else text


def _scale_bounds(question: Question) -> tuple[int, int]:
    low = SCALE[0] if question.minimum is None else question.minimum
    return low, SCALE[1] if question.maximum is None else question.maximum


def _problem(question: Question) -> Text | None:
    codes = [value for value, _label in question.options]
    if not NAME.fullmatch(question.name) or question.name in RESERVED:
        return _("De naam moet met een kleine letter beginnen en mag alleen kleine letters, cijfers en _ hebben.")
    if question.kind not in KINDS:
        return _("Deze soort vraag bestaat niet.")
    if not question.label:
        return _("De vraag heeft geen tekst.")
    if len(set(codes)) != len(codes):
        return _("Twee antwoorden hebben dezelfde code.")
    if question.kind in CHOICES and len(codes) < 2:
        return _("Geef minstens twee antwoorden om uit te kiezen.")
    if question.options and question.kind not in (*CHOICES, "scale"):
        return _("Bij deze soort vraag horen geen antwoorden om uit te kiezen.")
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        return _("Het minimum is groter dan het maximum.")
    if question.kind in ("short_text", "long_text", "several_choices") and (
        question.maximum == 0 or min(question.minimum or 0, question.maximum or 0) < 0
    ):
        return _("Het minimum of maximum is te klein.")
    if question.kind == "scale":
        return _scale_problem(question, codes)
    return _file_problem(question)


def _file_problem(question: Question) -> Text | None:
    if question.kind != "file":
        return _("Alleen een vraag om een bestand kan om een foto vragen.") if question.pictures else None
    if question.minimum is not None:
        return _("Een vraag om een bestand heeft geen minimum.")
    if question.maximum is not None and not 1 <= question.maximum <= FileReference.MOST:
        return _("Vraag om hoogstens {max} bestanden.", max=FileReference.MOST)
    return None


def _scale_problem(question: Question, codes: list[str]) -> Text | None:
    low, high = _scale_bounds(question)
    if not 0 <= low < high <= MAX_SCALE:
        return _("Een schaal loopt van 0 of meer tot hoogstens 10.")
    if not set(codes) <= {str(step) for step in range(low, high + 1)}:
        return _("Een antwoord hoort niet bij een stap van de schaal.")
    return None


def _text_field(question: Question) -> fields.Field[Any]:
    is_long = question.kind == "long_text"
    maximum = question.maximum or (LONG_TEXT if is_long else SHORT_TEXT)
    metadata = {"widget": "textarea", "rows": 6} if is_long else {"widget": "text"}
    checks = [validate.Length(min=max(question.minimum or 0, int(question.required)), max=maximum)]
    return fields.String(required=question.required, load_default=_absent(question, ""), validate=checks, metadata=metadata)


def _choice_field(question: Question) -> fields.Field[Any]:
    codes = [value for value, _label in question.options]
    metadata = {"widget": "radios" if len(codes) <= 7 else "select", "options": question.options}
    return fields.String(
        required=question.required,
        load_default=_absent(question, None),
        allow_none=not question.required,
        validate=validate.OneOf(codes),
        metadata=metadata,
    )


def _choices_field(question: Question) -> fields.Field[Any]:
    codes = [value for value, _label in question.options]
    inner = fields.String(validate=validate.OneOf(codes))
    count = validate.Length(min=max(question.minimum or 0, int(question.required)), max=question.maximum or len(codes))
    metadata = {"widget": "checkboxes", "options": question.options}
    return fields.List(
        inner, required=question.required, load_default=_absent(question, list), validate=(count, _no_repeats), metadata=metadata
    )


def _no_repeats(values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError([_("Kies elk antwoord hoogstens één keer.")])


def _scale_field(question: Question) -> fields.Field[Any]:
    low, high = _scale_bounds(question)
    labels = dict(question.options)
    options = tuple((str(step), labels.get(str(step), str(step))) for step in range(low, high + 1))
    return _number(question, low, high, {"widget": "scale", "options": options})


def _number_field(question: Question) -> fields.Field[Any]:
    low = -LARGEST if question.minimum is None else question.minimum
    return _number(question, low, LARGEST if question.maximum is None else question.maximum, {"widget": "number"})


def _number(question: Question, low: int, high: int, metadata: dict[str, Any]) -> fields.Field[Any]:
    check = validate.Range(low, high)
    return WholeNumber(
        required=question.required,
        load_default=_absent(question, None),
        allow_none=not question.required,
        validate=check,
        metadata=metadata,
    )


def _date_field(question: Question) -> fields.Field[Any]:
    return fields.Date(required=question.required, load_default=_absent(question, None), allow_none=not question.required)


def _yes_no_field(question: Question) -> fields.Field[Any]:
    options = (("true", _("Ja")), ("false", _("Nee")))
    metadata = {"widget": "radios", "options": options}
    return fields.Boolean(
        required=question.required, load_default=_absent(question, None), allow_none=not question.required, metadata=metadata
    )


def _place_field(question: Question) -> fields.Field[Any]:
    return Place(required=question.required, load_default=_absent(question, None), allow_none=not question.required)


def _file_field(question: Question) -> fields.Field[Any]:
    return FileReference(
        maximum=question.maximum,
        pictures=question.pictures,
        required=question.required,
        load_default=_absent(question, None if question.maximum is None else list),
        allow_none=question.maximum is None and not question.required,
    )


def _absent(question: Question, value: Any) -> Any:
    """marshmallow refuses a default on a required field."""
    return missing if question.required else value


_FIELDS: dict[str, Callable[[Question], fields.Field[Any]]] = {
    "short_text": _text_field,
    "long_text": _text_field,
    "one_choice": _choice_field,
    "several_choices": _choices_field,
    "scale": _scale_field,
    "number": _number_field,
    "date": _date_field,
    "yes_no": _yes_no_field,
    "place": _place_field,
    "file": _file_field,
}

RESERVED = frozenset({"version", "csrf_token"})
"""Names that a question cannot have, because every HTML form carries them."""


class _StoredOption(FormSchema):
    value = fields.String(required=True, validate=validate.Length(1, 60))
    label = fields.String(required=True, validate=validate.Length(1, 500))


class _StoredQuestion(FormSchema):
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    label = fields.String(required=True, validate=validate.Length(1, 500))
    help = fields.String(load_default="", validate=validate.Length(max=2000))
    required = fields.Boolean(load_default=False)
    options = fields.List(fields.Nested(_StoredOption), load_default=list, validate=validate.Length(max=MAX_OPTIONS))
    minimum = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(-LARGEST, LARGEST))
    maximum = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(-LARGEST, LARGEST))
    pictures = fields.Boolean(load_default=False)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Question:
        options = tuple((option["value"], Text(option["label"])) for option in data.pop("options"))
        texts: dict[str, Any] = {name: Text(data.pop(name)) for name in ("label", "help")}
        try:
            return Question(**data, **texts, options=options)
        except QuestionError as error:
            raise ValidationError([error.problem]) from None


class _StoredForm(FormSchema):
    questions = fields.List(fields.Nested(_StoredQuestion), required=True, validate=validate.Length(max=MAX_QUESTIONS))
    version = WholeNumber(load_default=1, validate=validate.Range(1, 1_000_000))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Form:
        names = [question.name for question in data["questions"]]
        if len(set(names)) != len(names):
            raise ValidationError({"questions": [_("Twee vragen hebben dezelfde naam.")]})
        return Form(tuple(data["questions"]), data["version"])
