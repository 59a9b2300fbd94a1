"""The extra questions of a category, one at a time, as a manager edits them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from samen_core.api import NotFound, UnitOfWork, fold
from samen_oog_oor.models import Category
from samen_oog_oor.queries.categories import CategoryView
from samen_oog_oor.schemas.categories import SaveQuestion
from samen_oog_oor.services.answers import asked_ever
from samen_oog_oor.services.categories import set_questions

_LONGEST_NAME = 40
_NOT_FIRST = re.compile(r"^[^a-z]+")


def save_question(uow: UnitOfWork, category: CategoryView, name: str, command: SaveQuestion) -> Category:
    """Add a question (without ``name``) or change one.

    One that takes other answers from now on becomes a new question, so that what was answered keeps its meaning. Raises NotFound,
    NotAllowed, Invalid and Conflict.
    """
    asked = _asked(category)
    if not name:
        return _store(uow, category, [*asked, command.made(_free_name(category, command.label))], command.version)
    place = _place(asked, name)
    made = command.made(name)
    if made["kind"] != asked[place]["kind"] or _codes(asked[place]) - _codes(made):
        made = command.made(_free_name(category, command.label))
    return _store(uow, category, [*asked[:place], made, *asked[place + 1 :]], command.version)


def remove_question(uow: UnitOfWork, category: CategoryView, name: str, version: int) -> Category:
    """Ask a question no longer; what was answered stays. Raises as :func:`save_question`."""
    asked = _asked(category)
    place = _place(asked, name)
    return _store(uow, category, asked[:place] + asked[place + 1 :], version)


def move_question(uow: UnitOfWork, category: CategoryView, name: str, step: int) -> Category:
    """Ask a question ``step`` places later (-1 is earlier). At the end it stays. Raises as :func:`save_question`."""
    asked = _asked(category)
    place = _place(asked, name)
    asked.insert(min(max(place + step, 0), len(asked) - 1), asked.pop(place))
    return _store(uow, category, asked, category.version)


def question_values(question: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What the form of a question shows."""
    options = "\n".join(f"{option['value']} = {option['label']}" for option in question.get("options", ()))
    shown = {name: question.get(name) for name in ("label", "kind", "help", "required", "minimum", "maximum")}
    return {**shown, "options": options, "version": version}


def stored_question(category: CategoryView, name: str) -> Mapping[str, Any]:
    """A question as it is stored. Raises NotFound."""
    asked = _asked(category)
    return asked[_place(asked, name)]


def _asked(category: CategoryView) -> list[dict[str, Any]]:
    return list(category.form.get("questions", ()))


def _place(asked: list[dict[str, Any]], name: str) -> int:
    for place, question in enumerate(asked):
        if question["name"] == name:
            return place
    raise NotFound


def _codes(question: Mapping[str, Any]) -> set[str]:
    return {option["value"] for option in question.get("options", ())}


def _store(uow: UnitOfWork, category: CategoryView, questions: list[dict[str, Any]], version: int) -> Category:
    return set_questions(uow, category.id, {"questions": questions}, version)


def _free_name(category: CategoryView, label: str) -> str:
    """A name for a question that this category never had, made of its label."""
    taken = set(asked_ever(category))
    base = _NOT_FIRST.sub("", fold(label).replace(" ", "_"))[: _LONGEST_NAME - 4].strip("_") or "vraag"
    if base not in {*taken, "version", "csrf_token"}:
        return base
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"
