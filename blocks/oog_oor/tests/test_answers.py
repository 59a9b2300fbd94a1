"""Answers to the extra questions of a category, and how Open311 names them."""

from __future__ import annotations

from typing import Any

import pytest

from samen_core.api import Invalid, form_schema, load
from samen_oog_oor.models import Category
from samen_oog_oor.services.answers import (
    answer_lines,
    answers_from_open311,
    answers_to_open311,
    changed_form,
    check_answers,
    form_of,
    open311_attributes,
)

COLOURS = [{"value": "red", "label": "Rood"}, {"value": "green", "label": "Groen"}]
QUESTIONS: list[dict[str, Any]] = [
    {"name": "number", "kind": "number", "label": "Hoeveel?", "required": True, "minimum": 1, "maximum": 9},
    {"name": "colour", "kind": "one_choice", "label": "Welke kleur?", "options": COLOURS},
    {"name": "colours", "kind": "several_choices", "label": "Welke kleuren?", "options": COLOURS, "help": "Kies er een of meer."},
    {"name": "since", "kind": "date", "label": "Sinds wanneer?"},
    {"name": "danger", "kind": "yes_no", "label": "Gevaarlijk?"},
    {"name": "safe", "kind": "scale", "label": "Hoe veilig?", "options": [{"value": "1", "label": "niet"}]},
    {"name": "line", "kind": "short_text", "label": "Welke?"},
    {"name": "more", "kind": "long_text", "label": "Nog iets?"},
]


@pytest.fixture
def category() -> Category:
    return Category(name="Lamp", code="lamp", form=changed_form({}, {"questions": QUESTIONS}))


def test_answers_are_kept_as_plain_values(category: Category) -> None:
    sent = {
        "number": "3",
        "colour": "red",
        "colours": [],
        "since": "2026-03-01",
        "danger": "true",
        "safe": "2",
        "line": " Paal 12 ",
        "more": "",
    }
    assert check_answers(category, sent) == {
        "number": 3,
        "colour": "red",
        "since": "2026-03-01",
        "danger": True,
        "safe": 2,
        "line": "Paal 12",
    }


def test_every_wrong_answer_is_told(category: Category) -> None:
    with pytest.raises(Invalid) as error:
        check_answers(category, {"number": 12, "colour": "blue", "colours": ["red", "red"], "strange": "x"})
    assert set(error.value.errors) == {"answers.number", "answers.colour", "answers.colours", "answers.strange"}
    with pytest.raises(Invalid) as error:
        check_answers(category, {})
    assert set(error.value.errors) == {"answers.number"}


def test_a_category_without_questions_takes_no_answers() -> None:
    plain = Category(name="Lamp", code="lamp", form={})
    assert check_answers(plain, {}) == {}
    assert form_of(plain).questions == ()
    with pytest.raises(Invalid):
        check_answers(plain, {"number": 1})


@pytest.mark.parametrize("question", [question | {"required": False} for question in QUESTIONS], ids=lambda question: str(question["kind"]))
def test_what_need_not_be_answered_leaves_nothing(question: dict[str, Any]) -> None:
    """Also when it goes past what checks the answers, since none were given: of no kind would there be an answer."""
    asked = Category(name="Lamp", code="lamp", form=changed_form({}, {"questions": [question]}))
    schema = form_schema(form_of(asked))()
    stored = {name: value for name, value in schema.dump(load(schema, {})).items() if value not in (None, "", [])}
    assert check_answers(asked, {}) == stored == {}


def test_open311_names_every_kind(category: Category) -> None:
    attributes = open311_attributes(category)
    assert [one["datatype"] for one in attributes] == [
        "number",
        "singlevaluelist",
        "multivaluelist",
        "datetime",
        "singlevaluelist",
        "singlevaluelist",
        "string",
        "text",
    ]
    assert [one["order"] for one in attributes] == list(range(1, 9))
    assert [one["required"] for one in attributes] == [True, *[False] * 7]
    assert [value["key"] for value in attributes[4]["values"]] == ["true", "false"]
    assert [str(value["name"]) for value in attributes[5]["values"]] == ["niet", "2", "3", "4", "5"]
    assert str(attributes[2]["datatype_description"]) == "Kies er een of meer."


def test_open311_answers_there_and_back(category: Category) -> None:
    sent = {
        "number": ["4"],
        "colours": ["red", "green", "red"],
        "since": ["2026-02-28T23:30:00Z"],
        "danger": ["false"],
        "safe": ["5"],
        "line": [""],
    }
    answers = check_answers(category, answers_from_open311(category, sent))
    assert answers == {"number": 4, "colours": ["red", "green"], "since": "2026-03-01", "danger": False, "safe": 5}
    back = answers_to_open311(category, answers)
    assert back == {
        "number": ["4"],
        "colours": ["red", "green"],
        "since": ["2026-03-01T00:00:00+01:00"],
        "danger": ["false"],
        "safe": ["5"],
    }
    assert check_answers(category, answers_from_open311(category, back)) == answers
    with pytest.raises(Invalid) as error:
        check_answers(category, answers_from_open311(category, {"number": ["x"], "since": ["gisterenT"], "colour": ["blue"]}))
    assert set(error.value.errors) == {"answers.number", "answers.since", "answers.colour"}


def test_answers_in_words_also_of_what_is_no_longer_asked(category: Category) -> None:
    answers = {"number": 3, "colours": ["red", "green"], "danger": True}
    category.form = changed_form(category.form, {"questions": [QUESTIONS[0]]})
    lines = [(str(label), [str(value) for value in values]) for label, values in answer_lines(category, {**answers, "lost": "?"})]
    assert lines == [("Hoeveel?", ["3"]), ("Welke kleuren?", ["Rood", "Groen"]), ("Gevaarlijk?", ["Ja"]), ("lost", ["?"])]
