"""The extra questions of a category: what may be asked, whether answers fit, and how both stand in Open311 (open311.md §2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from samen_core.api import CITY_TIME_ZONE, Form, Invalid, Question, QuestionError, Text, _, form_from_json, form_schema, form_to_json, load
from samen_oog_oor.models import Category
from samen_oog_oor.queries.categories import CategoryView, stored_form

KINDS = ("short_text", "long_text", "one_choice", "several_choices", "scale", "number", "date", "yes_no")
"""What a category may ask. A place and pictures are asked with every signal."""
MOST_QUESTIONS = 12
DATATYPES = {
    "short_text": "string",
    "long_text": "text",
    "one_choice": "singlevaluelist",
    "several_choices": "multivaluelist",
    "scale": "singlevaluelist",
    "number": "number",
    "date": "datetime",
    "yes_no": "singlevaluelist",
}
"""Kinds of questions as Open311 names them."""
YES_NO: tuple[tuple[str, Text], ...] = (("true", _("Ja")), ("false", _("Nee")))
_SCALE = (1, 5)


def form_of(category: Category | CategoryView) -> Form:
    """The extra questions of a category, as they are asked now."""
    return category.questions if isinstance(category, CategoryView) else stored_form(category.form)


def form_for_joining(category: Category | CategoryView) -> Form:
    """The same questions for who joins a case: those were answered by who reported it first, so none has to be answered again."""
    asked = form_of(category)
    return replace(asked, questions=tuple(replace(question, required=False) for question in asked.questions))


def check_answers(category: Category | CategoryView, values: Mapping[str, Any], *, joins: bool = False) -> dict[str, Any]:
    """Answers as they are stored, by question, as JSON types; what was not answered is left out. Who ``joins`` a case has to answer none.

    Raises Invalid with every mistake at once, by ``answers.<question>``; also for an answer to what is not asked.
    """
    form = form_for_joining(category) if joins else form_of(category)
    if not values and not any(question.required for question in form.questions):
        return {}
    known = {question.name for question in form.questions}
    errors: dict[str, Any] = {f"answers.{name}": [_("Deze vraag hoort niet bij deze categorie.")] for name in values if name not in known}
    schema = category.answers_schema if isinstance(category, CategoryView) and not joins else form_schema(form)()
    loaded: dict[str, Any] = {}
    try:
        loaded = load(schema, {name: value for name, value in values.items() if name in known})
    except Invalid as error:
        errors |= {f"answers.{name}" if name else "answers": texts for name, texts in error.errors.items()}
    if errors:
        raise Invalid(errors)
    plain: dict[str, Any] = schema.dump(loaded)
    return {name: value for name, value in plain.items() if value not in (None, "", [])}


def answer_lines(category: Category | CategoryView, answers: Mapping[str, Any]) -> list[tuple[Text | str, list[Text | str]]]:
    """Stored answers for people: each question with the words of its answer, also of questions that are no longer asked."""
    found: list[tuple[Text | str, list[Text | str]]] = []
    known = asked_ever(category)
    for name in [*(name for name in known if name in answers), *(name for name in answers if name not in known)]:
        question, value = known.get(name), answers[name]
        values = value if isinstance(value, list) else [value]
        words = dict(values_of(question)) if question is not None else {}
        shown: list[Text | str] = [words.get(_code(item), _code(item)) for item in values]
        found.append((question.label if question is not None else name, shown))
    return found


def asked_ever(category: Category | CategoryView) -> dict[str, Question]:
    """Every question that the category asks or asked, by name; those of now first."""
    former = category.form.get("former") or []
    questions = (*form_of(category).questions, *(form_from_json({"questions": former}).questions if former else ()))
    return {question.name: question for question in questions}


def values_of(question: Question) -> list[tuple[str, Text | str]]:
    """What can be chosen as an answer, as code and label; nothing for an answer in one's own words."""
    if question.kind == "yes_no":
        return list(YES_NO)
    if question.kind == "scale":
        low = _SCALE[0] if question.minimum is None else question.minimum
        high = _SCALE[1] if question.maximum is None else question.maximum
        named = dict(question.options)
        return [(str(step), named.get(str(step), str(step))) for step in range(low, high + 1)]
    return list(question.options)


def changed_form(before: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """The questions to store, with a higher version when they differ from what was asked before.

    What is no longer asked stays under ``former``, so that old answers keep their meaning. Raises Invalid, by ``form``.
    """
    asked = _checked(form)
    old = stored_form(before)
    stored = form_to_json(Form(asked.questions, old.version))
    if before and stored["questions"] == before.get("questions", []):
        return dict(before)
    now = {question.name for question in asked.questions}
    former = {item["name"]: item for item in [*before.get("former", []), *before.get("questions", [])] if item["name"] not in now}
    made = form_to_json(Form(asked.questions, old.version + 1 if before.get("questions") or former else 1))
    return {**made, "former": list(former.values())} if former else made


def _checked(form: Mapping[str, Any]) -> Form:
    try:
        asked = form_from_json({"questions": form.get("questions", []), "version": form.get("version", 1)})
    except Invalid as error:
        raise Invalid({f"form.{name}" if name else "form": texts for name, texts in error.errors.items()}) from None
    except QuestionError as error:
        raise Invalid({"form": [error.problem]}) from None
    wrong: list[Text] = []
    if len(asked.questions) > MOST_QUESTIONS:
        wrong.append(_("Stel hoogstens {max} extra vragen: wie iets meldt, heeft weinig tijd.", max=MOST_QUESTIONS))
    if any(question.kind not in KINDS for question in asked.questions):
        wrong.append(_("Om een plek en foto’s vraagt het formulier al. Kies een andere soort vraag."))
    if wrong:
        raise Invalid({"form": wrong})
    return asked


def open311_attributes(category: Category | CategoryView) -> list[dict[str, Any]]:
    """The extra questions as the attributes of an Open311 service definition, texts not yet rendered."""
    return [
        {
            "variable": True,
            "code": question.name,
            "datatype": DATATYPES[question.kind],
            "required": question.required,
            "datatype_description": question.help or None,
            "order": number,
            "description": question.label,
            "values": [{"key": key, "name": name} for key, name in values_of(question)],
        }
        for number, question in enumerate(form_of(category).questions, start=1)
    ]


def answers_from_open311(category: Category | CategoryView, sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Answers as somebody sent them in ``attribute[CODE]`` fields, for :func:`check_answers`. Empty ones are as if they were not there."""
    found: dict[str, Any] = {}
    form = form_of(category)
    for name, given in sent.items():
        values = [value.strip() for value in given if value.strip()]
        question = form.question(name)
        if values:
            found[name] = _typed(question, values) if question is not None else values[-1]
    return found


def answers_to_open311(category: Category | CategoryView, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stored answers as another Open311 server takes them, by code."""
    known = asked_ever(category)
    found: dict[str, list[str]] = {}
    for name, value in answers.items():
        values = [_code(item) for item in (value if isinstance(value, list) else [value])]
        question = known.get(name)
        if question is not None and question.kind == "date":
            day = datetime.combine(date.fromisoformat(values[0]), datetime.min.time(), CITY_TIME_ZONE)
            values = [day.isoformat()]
        found[name] = values
    return found


def _typed(question: Question, values: list[str]) -> Any:
    if question.kind == "several_choices":
        return list(dict.fromkeys(values))
    last = values[-1]
    if question.kind == "date" and "T" in last:
        try:
            moment = datetime.fromisoformat(last.replace(" ", "+"))
        except ValueError:
            return last
        return (moment.astimezone(CITY_TIME_ZONE) if moment.tzinfo else moment).date().isoformat()
    return last.replace(",", ".") if question.kind == "number" else last


def _code(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
