"""Questions as data."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from samen_core.errors import Invalid
from samen_core.forms import BoundForm, Form, PlaceValue, Question, QuestionError, form_from_json, form_schema, form_to_json, load, parse
from samen_core.forms.questions import KINDS
from samen_core.i18n import _

YES_NO_MAYBE = (("yes", _("Ja")), ("no", _("Nee")), ("maybe", "Misschien"))

EVERY_KIND = Form(
    (
        Question("title", "short_text", _("Titel"), required=True, maximum=20),
        Question("story", "long_text", "Verhaal"),
        Question("choice", "one_choice", "Keuze", options=YES_NO_MAYBE),
        Question("choices", "several_choices", "Keuzes", options=YES_NO_MAYBE, maximum=2),
        Question("grade", "scale", "Cijfer", options=(("1", "slecht"), ("5", "goed"))),
        Question("where", "place", "Waar"),
        Question("photo", "file", "Foto"),
        Question("photos", "file", "Foto's", maximum=3, pictures=True),
        Question("count", "number", "Aantal", minimum=0, maximum=10),
        Question("day", "date", "Dag"),
        Question("agrees", "yes_no", "Eens?", help="Een woord is genoeg"),
    ),
    version=3,
)


def test_every_kind_is_tried_here():
    assert {question.kind for question in EVERY_KIND.questions} == set(KINDS)


def test_answers_are_loaded_by_kind():
    answers = load(
        form_schema(EVERY_KIND),
        {
            "title": "Bankjes", "story": "Meer", "choice": "yes", "choices": ["no", "maybe"], "grade": 4,
            "where": {"text": "park"}, "count": 0, "day": "2026-12-31", "agrees": False,
        },
    )  # fmt: skip
    assert answers["grade"] == 4
    assert answers["where"] == PlaceValue("park")
    assert answers["day"] == dt.date(2026, 12, 31)
    assert (answers["agrees"], answers["photo"]) == (False, None)


def test_wrong_answers_are_refused_all_at_once():
    wrong = {
        "title": "x" * 21, "choice": "perhaps", "choices": ["yes", "no", "maybe"], "grade": 6, "count": -1, "day": "31-31", "agrees": "hm",
    }  # fmt: skip
    with pytest.raises(Invalid) as caught:
        load(form_schema(EVERY_KIND), wrong)
    assert {name: str(texts[0]) for name, texts in caught.value.errors.items()} == {
        "title": "Dit is te lang: gebruik hoogstens 20 tekens.",
        "choice": "Kies een van de mogelijkheden.",
        "choices": "Kies er hoogstens 2.",
        "grade": "Kies een waarde van 1 tot en met 5.",
        "count": "Kies een waarde van 0 tot en met 10.",
        "day": "Vul een geldige datum of tijd in, bijvoorbeeld 31-12-2026.",
        "agrees": "Kies ja of nee.",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_required_question_wants_an_answer(kind):
    options = YES_NO_MAYBE if "choice" in kind else ()
    schema = form_schema(Form((Question("q", kind, "Vraag", required=True, options=options),)))
    for nothing in ({}, {"q": None}, {"q": ""}, {"q": []}):
        with pytest.raises(Invalid) as caught:
            load(schema, nothing)
        assert set(caught.value.errors) == {"q"}


def test_the_same_answer_twice_does_not_count_double():
    with pytest.raises(Invalid) as caught:
        load(form_schema(EVERY_KIND), {"title": "x", "choices": ["yes", "yes"]})
    assert [str(text) for text in caught.value.errors["choices"]] == ["Kies elk antwoord hoogstens één keer."]


def test_a_form_survives_storage():
    stored = json.loads(json.dumps(form_to_json(EVERY_KIND)))
    again = form_from_json(stored)
    assert again.version == 3
    assert form_to_json(again) == stored
    assert [question.name for question in again.questions] == [question.name for question in EVERY_KIND.questions]
    assert str(again.questions[0].label) == "Titel"
    assert [option.label for option in BoundForm(form_schema(again))["choice"].options] == [
        label for _v, label in again.questions[2].options
    ]


def test_a_scale_shows_every_step_with_its_name():
    field = BoundForm(form_schema(EVERY_KIND))["grade"]
    assert field.widget == "scale"
    assert [(option.value, str(option.label)) for option in field.options] == [
        ("1", "slecht"),
        ("2", "2"),
        ("3", "3"),
        ("4", "4"),
        ("5", "goed"),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Q", "kind": "short_text", "label": "x"},
        {"name": "q" * 41, "kind": "short_text", "label": "x"},
        {"name": "version", "kind": "short_text", "label": "x"},
        {"name": "q", "kind": "essay", "label": "x"},
        {"name": "q", "kind": "short_text", "label": ""},
        {"name": "q", "kind": "one_choice", "label": "x"},
        {"name": "q", "kind": "one_choice", "label": "x", "options": (("a", "A"),)},
        {"name": "q", "kind": "one_choice", "label": "x", "options": (("a", "A"), ("a", "B"))},
        {"name": "q", "kind": "short_text", "label": "x", "options": YES_NO_MAYBE},
        {"name": "q", "kind": "number", "label": "x", "minimum": 3, "maximum": 2},
        {"name": "q", "kind": "short_text", "label": "x", "maximum": 0},
        {"name": "q", "kind": "short_text", "label": "x", "maximum": -5},
        {"name": "q", "kind": "scale", "label": "x", "maximum": 11},
        {"name": "q", "kind": "scale", "label": "x", "minimum": 5, "maximum": 5},
        {"name": "q", "kind": "file", "label": "x", "maximum": 6},
        {"name": "q", "kind": "file", "label": "x", "maximum": 0},
        {"name": "q", "kind": "file", "label": "x", "minimum": 1},
        {"name": "q", "kind": "date", "label": "x", "pictures": True},
        {"name": "q", "kind": "scale", "label": "x", "options": (("6", "te veel"),)},
    ],
)
def test_what_cannot_be_asked_is_refused(values):
    with pytest.raises(QuestionError):
        Question(**values)
    stored = {**values, "options": [{"value": code, "label": str(label)} for code, label in values.get("options", ())]}
    with pytest.raises(Invalid):
        form_from_json({"questions": [stored]})


def test_two_questions_with_one_name_are_refused():
    question = {"name": "q", "kind": "date", "label": "x"}
    with pytest.raises(Invalid) as caught:
        form_from_json({"questions": [question, question]})
    assert [str(text) for text in caught.value.errors["questions"]] == ["Twee vragen hebben dezelfde naam."]


@pytest.mark.parametrize("name", ["load", "fields", "context", "validate", "opts"])
def test_a_question_may_be_called_as_an_attribute_of_a_schema(name):
    schema = form_schema(Form((Question(name, "short_text", "Vraag"), Question("other", "yes_no", "Ja?"))))
    assert load(schema, {name: "antwoord", "other": True}) == {name: "antwoord", "other": True}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_no_stored_form_raises_anything_but_invalid(data: Any):
    with suppress(Invalid):
        form_from_json(data)


@given(st.dictionaries(st.sampled_from([question.name for question in EVERY_KIND.questions]), JSON))
def test_no_answer_raises_anything_but_invalid(data: Any):
    with suppress(Invalid):
        load(form_schema(EVERY_KIND), data)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
SMALL = st.none() | st.integers(-2, 12)


@st.composite
def questions(draw: st.DrawFn, name: str) -> Question | None:
    codes = draw(st.lists(st.sampled_from(["1", "2", "3", "a", "b"]), max_size=4, unique=True))
    kind: Any = draw(st.sampled_from(KINDS))
    values = {"help": draw(st.just("") | WORDS), "required": draw(st.booleans()), "pictures": draw(st.booleans())}
    options = tuple((code, draw(WORDS)) for code in codes)
    with suppress(QuestionError):
        return Question(name, kind, draw(WORDS), options=options, minimum=draw(SMALL), maximum=draw(SMALL), **values)
    return None


FORMS = st.tuples(*(questions(f"q{number}") for number in range(4))).map(
    lambda found: Form(tuple(question for question in found if question), version=2)
)


@given(FORMS, st.dictionaries(st.sampled_from(["q0", "q1", "q2", "q3"]), JSON))
def test_every_definition_survives_storage_and_every_answer_gets_an_answer(form: Form, answers: Any):
    again = form_from_json(json.loads(json.dumps(form_to_json(form))))
    assert form_to_json(again) == form_to_json(form)
    results = []
    for each in (form, again):
        try:
            results.append((load(form_schema(each), answers), None))
        except Invalid as error:
            results.append((None, {name: [str(text) for text in texts] for name, texts in error.errors.items()}))
    assert repr(results[0]) == repr(results[1]), "what is stored checks as what was made"


@given(
    FORMS, st.lists(st.tuples(st.sampled_from(["q0", "q0.alt", "q0.2", "q1", "q1.lat", "q1.postcode", "q2", "q3"]), st.text()), max_size=12)
)
def test_every_form_that_is_sent_comes_back(form: Form, pairs: list[tuple[str, str]]):
    sent = MultiDict(pairs)
    errors: dict[str, Any] = {}
    try:
        parse(form_schema(form), sent)
    except Invalid as error:
        errors = error.errors
    bound = BoundForm(form_schema(form), data=sent, errors=errors)
    assert [field.name for field in bound] == [question.name for question in form.questions]
    assert len(bound.errors) >= len(errors)
